"""Attacks, one for each promise: who may ask, from where, with what, and for which file."""

from __future__ import annotations

import re
import signal
import socket
import stat
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest

from survey.cli import main
from survey.errors import ReportError
from survey.page import opening
from survey.page.app import ROUTES
from survey.page.guard import HEADERS
from tests.page.asking import Client, Served, begun, serve

NAME = "春季 调查"


def paths(method: str) -> list[str]:
    """List the addresses that take a method, with something in the place of every name."""
    filled = {route.path: route for route in ROUTES if method in (route.methods or ())}
    values = {"name": quote(NAME), "task": "report", "file": "x", "file:path": "x"}
    return sorted({re.sub(r"{([^}]+)}", lambda m: values.get(m[1], "x"), path) for path in filled})


POSTS, GETS = paths("POST"), paths("GET")


@pytest.fixture(scope="module", autouse=True)
def survey(client: Client) -> None:
    begun(client, NAME)


def test_it_listens_on_loopback_alone(served: Served) -> None:
    for address in ("127.0.0.2", "::1"):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family) as probe:
            assert probe.connect_ex((address, served.port)) != 0


@pytest.mark.parametrize("path", GETS + POSTS)
def test_without_the_cookie_there_is_nothing(served: Served, client: Client, path: str) -> None:
    stranger = Client(served)
    for method in ("GET", "HEAD", "POST"):
        answer = stranger.ask(method, path, "" if method == "POST" else None)
        assert answer.status == 403
        assert client.csrf not in answer.text
        assert "set-cookie" not in answer.headers


def test_the_cookie_is_strict_and_out_of_scripts_reach(served: Served) -> None:
    token = served.address.rpartition("/")[2]
    assert len(token) >= 43  # 256 bits
    cookie = Client(served).ask("GET", f"/start/{token}").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert token not in cookie
    for wrong in ("", "x", token[:-1], token + "x", token.swapcase(), "../" + token):
        answer = Client(served).ask("GET", f"/start/{wrong}")
        assert answer.status == 403
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "host", [None, "localhost:{port}", "127.0.0.1", "evil.example:{port}", "[::1]:{port}", "a b"]
)
def test_another_name_of_the_host_is_refused(client: Client, host: str | None) -> None:
    given = host and host.format(port=client.served.port)
    assert client.ask("GET", "/", headers={"Host": given}).status in (400, 421)


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "http://127.0.0.1", "http://localhost:{port}"]
)
def test_a_post_from_elsewhere_is_refused(client: Client, origin: str | None) -> None:
    given = origin and origin.format(port=client.served.port)
    body = f"csrf={client.csrf}&called=x"
    assert client.ask("POST", "/new", body, {"Origin": given}).status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_can_neither_post_nor_frame_nor_link(client: Client, site: str) -> None:
    assert client.ask("GET", "/", headers={"Sec-Fetch-Site": site}).status == 403


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("token", ["", "x", None])
def test_every_post_needs_the_token_of_our_forms(
    client: Client, path: str, token: str | None
) -> None:
    body = "called=x" if token is None else f"csrf={token}&called=x"
    assert client.ask("POST", path, body).status == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert client.ask(method, "/").status in (400, 405)


@pytest.mark.parametrize("path", GETS)
def test_every_answer_forbids_what_is_not_ours(client: Client, path: str) -> None:
    answer = client.ask("GET", path)
    for name in HEADERS:
        assert name in answer.headers
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert not re.search(r"<script(?![^>]* src=\"/static/)", answer.text)
        assert not re.search(r"<[^>]+ (on\w+|style)=", answer.text)
        assert not re.search(r"(?:src|href|action)=\"(?!/|#|data:,)", answer.text)


PATHS = ("../", "..%2f", "%2e%2e/", "..%5c", "....//", "/", "%00", "/etc/passwd")


@pytest.mark.parametrize("way", PATHS)
def test_no_address_leads_out_of_the_folder(client: Client, way: str) -> None:
    secret = client.served.home.parent / "secret.txt"
    secret.write_text("nobody's business", encoding="utf-8")
    name = quote(NAME)
    for base in (f"/survey/{name}/file/", f"/survey/{name}/view/", "/static/", "/survey/"):
        for end in ("secret.txt", "survey-report.toml", ""):
            for times in (1, 2, 3, 6):
                answer = client.ask("GET", base + way * times + end)
                assert answer.status in (400, 403, 404, 405), (base, way, end)
                assert "business" not in answer.text
                assert "root:" not in answer.text


def test_a_folder_is_not_listed(client: Client) -> None:
    for path in ("/static", "/static/", f"/survey/{quote(NAME)}/file/", "/survey/"):
        assert client.ask("GET", path).status in (404, 405)


def test_too_much_is_refused_before_it_is_taken(client: Client) -> None:
    path = f"/survey/{quote(NAME)}/files"
    answer = client.ask("POST", path, b"x", {"Content-Length": str(2**31)})
    assert answer.status == 413
    answer = client.ask("POST", path, headers={"Transfer-Encoding": "chunked"})
    assert answer.status == 411


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_nobody_else_on_the_machine_can_look_in(served: Served, client: Client) -> None:
    home = served.home
    for path in (home, home / ".survey-report-page", home / ".survey-report-page" / "work"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "打开页面.html").stat().st_mode) == 0o600
    listing = subprocess.run(["ps", "ax", "-o", "args"], capture_output=True, text=True).stdout
    assert served.address.rpartition("/")[2] not in listing


def test_the_door_is_gone_at_the_end_and_the_shelter_after_a_crash(tmp_path: Path) -> None:
    home = tmp_path / "home"
    served = serve(home)
    left = home / ".survey-report-page" / "work" / "half an upload"
    left.write_text("answers", encoding="utf-8")
    served.process.send_signal(signal.SIGKILL)
    served.process.wait()
    assert left.exists()
    again = serve(home)
    assert not left.exists()
    assert again.address != served.address
    assert Client(again).ask("GET", "/start/" + served.address.rpartition("/")[2]).status == 403
    again.stop()
    assert [path.name for path in home.iterdir()] == []
    assert again.process.returncode == 0


def test_a_second_start_leads_to_the_page_that_is_open(served: Served) -> None:
    second = serve(served.home)
    assert second.process.wait(20) == 0
    assert second.address == served.address


def test_a_second_start_waits_until_the_first_has_laid_its_door(tmp_path: Path) -> None:
    address = "http://127.0.0.1:1/start/abc"
    with opening.shelter(tmp_path), ExitStack() as stack:
        late = threading.Timer(0.3, lambda: stack.enter_context(opening.door(tmp_path, address)))
        late.start()
        found = opening.running(tmp_path)
        late.join()
    assert found is not None
    assert found.address == address


def test_a_folder_that_is_held_without_a_door_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(opening, "_WAIT", 0.2)
    with opening.shelter(tmp_path):
        with pytest.raises(ReportError, match="刚刚打开"), opening.shelter(tmp_path):
            pass
        assert main(["page", "--folder", str(tmp_path), "--no-browser"]) == 4
    assert "刚刚打开" in capsys.readouterr().err
