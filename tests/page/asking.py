"""Requests as an attacker would write them: any method, address, header and body."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.page.conftest import Served


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str


@dataclass
class Client:
    """A browser that has come in by the token, as far as headers go."""

    served: Served
    cookie: str = ""
    csrf: str = ""
    host: str = field(init=False)

    def __post_init__(self) -> None:
        self.host = f"127.0.0.1:{self.served.port}"

    def ask(
        self,
        method: str,
        path: str,
        body: str | bytes | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Answer:
        """Ask as the browser does but for the headers given; None leaves one out."""
        own: dict[str, str | None] = {"Host": self.host, "Cookie": self.cookie or None}
        if method == "POST":
            own |= {
                "Origin": f"http://{self.host}",
                "Content-Type": "application/x-www-form-urlencoded",
            }
        own |= headers or {}
        connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=120)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        data = body.encode() if isinstance(body, str) else body
        if data is not None and "Content-Length" not in own:
            own["Content-Length"] = str(len(data))
        for name, value in own.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders()
        if data:
            connection.send(data)
        got = connection.getresponse()
        answer = Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, "")
        answer.text = got.read().decode(errors="replace")
        connection.close()
        return answer


def added(client: Client, name: str, files: Mapping[str, bytes], kind: str = "") -> Answer:
    """Send files as the form does."""
    boundary = "----9f2b7c"
    parts = [("csrf", None, client.csrf.encode()), ("kind", None, kind.encode())]
    parts += [("files", file, content) for file, content in files.items()]
    body = b""
    for field_, file, content in parts:
        named = f'; filename="{file}"' if file is not None else ""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field_}"{named}\r\n\r\n'
        body += head.encode() + content + b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    kind_of = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return client.ask("POST", f"/survey/{quote(name)}/files", body, kind_of)


def begun(client: Client, name: str) -> None:
    """Begin a survey."""
    answer = client.ask("POST", "/new", f"csrf={client.csrf}&called={quote(name)}")
    assert answer.status == 303, answer.text


def waited(client: Client, name: str, seconds: float = 120) -> None:
    """Wait until nothing is being done."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        told = json.loads(client.ask("GET", f"/survey/{quote(name)}/status").text)
        if not told["running"]:
            return
        time.sleep(0.2)
    raise AssertionError("it goes on")


def entered(served: Served) -> Client:
    """Come in by the address that the command tells."""
    client = Client(served)
    answer = client.ask("GET", "/start/" + served.address.rpartition("/")[2])
    assert answer.status == 200
    client.cookie = answer.headers["set-cookie"].partition(";")[0]
    found = re.search(r'name="csrf" value="([\w-]+)"', client.ask("GET", "/").text)
    assert found
    client.csrf = found[1]
    return client
