"""A page that is served, and requests as an attacker would write them: any header and body."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote


@dataclass
class Served:
    """A page that is served."""

    home: Path
    address: str
    process: subprocess.Popen[str]

    @property
    def root(self) -> str:
        return self.address.partition("/start/")[0]

    @property
    def port(self) -> int:
        return int(self.root.rpartition(":")[2])

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(15)


def serve(home: Path, *words: str) -> Served:
    """Start the command, and wait for the address that it tells."""
    process = subprocess.Popen(
        [sys.executable, "-m", "survey.cli", "page", "--folder", str(home), "--no-browser", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://\S+", line)
    if found is None:
        process.kill()
        raise AssertionError(line + process.communicate()[1])
    return Served(home, found[0], process)


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
