"""Who may ask the page for anything: only the browser that was given the token, on this address."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from survey.errors import Language

START = "/start/"
MOST_BYTES = 256 * 1024 * 1024
"""That one request may bring: what the readers accept of an export, and its roster beside it."""
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; "
    "img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""Sent with every answer that does not set its own."""


@dataclass(frozen=True)
class Keys:
    """The secrets of one run of the server, drawn anew at every start."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)


class Guard:
    """Let through what comes from our own page alone, and put the safe headers on every answer.

    Parameters
    ----------
    port : int
        Port of 127.0.0.1 that is served: the only name it answers to.
    language : {"zh", "en"}
        Language of refusals.

    Attributes
    ----------
    asked : float
        When our own page asked for something last, on the clock of `time.monotonic`.
    """

    def __init__(self, app: ASGIApp, keys: Keys, port: int, language: Language = "zh") -> None:
        self._app = app
        self._keys = keys
        self._host = f"127.0.0.1:{port}"
        self._language: Language = language
        self._name = f"survey-report-{port}"
        self.asked = time.monotonic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        refused = self._refusal(scope)
        if refused is None:
            self.asked = time.monotonic()
        app = refused or (self._welcome() if scope["path"].startswith(START) else self._app)
        await app(scope, self._limited(receive), _with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        """Give the answer to a request that must not get through."""
        headers, method = Headers(scope=scope), scope["method"]
        if headers.getlist("host") != [self._host]:
            return self._say(421, "地址不对。", "This is another address.")
        if method not in ("GET", "HEAD", "POST"):
            return self._say(405, "不支持的请求。", "No such method.")
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none") and not (
            scope["path"].startswith(START)
        ):
            return self._say(403, "请求来自别的网页。", "The request comes from another page.")
        if method == "POST":
            if headers.get("origin") != f"http://{self._host}":
                return self._say(403, "请求来自别的网页。", "The request comes from another page.")
            length = headers.get("content-length", "")
            if not length.isdecimal():
                return self._say(411, "请求没有长度。", "The request has no length.")
            if int(length) > MOST_BYTES:
                most = MOST_BYTES // 1024**2
                return self._say(
                    413,
                    f"一次最多放入 {most} MB。请返回，分几次放入，或只放入本次调查的文件。",
                    f"At most {most} MB at a time: go back and add fewer files at once.",
                )
        if scope["path"].startswith(START):
            known = _is(scope["path"].removeprefix(START), self._keys.token)
        else:
            known = _is(self._cookie(headers), self._keys.cookie)
        if not known:
            return self._say(
                403,
                "这个地址只给打开它的人用。请从桌面图标或 survey-report page 重新打开。",
                "Open the page anew from its icon, or by survey-report page.",
            )
        return None

    def _cookie(self, headers: Headers) -> str:
        try:
            morsel = SimpleCookie(headers.get("cookie", "")).get(self._name)
        except CookieError:
            return ""
        return morsel.value if morsel else ""

    def _welcome(self) -> Response:
        """Turn the token into the cookie; a redirect would count as another site's and lack it."""
        answer = Response(
            '<!doctype html><meta charset="utf-8"><title>survey-report</title>'
            '<link rel="icon" href="data:,"><meta http-equiv="refresh" content="0; url=/">'
            '<p><a href="/">…</a></p>',
            media_type="text/html",
        )
        answer.set_cookie(self._name, self._keys.cookie, httponly=True, samesite="strict")
        return answer

    def _say(self, status: int, zh: str, en: str) -> Response:
        return PlainTextResponse(zh if self._language == "zh" else en, status)

    @staticmethod
    def _limited(receive: Receive) -> Receive:
        """Stop a request that brings more than it may, whatever length it told."""
        came = 0

        async def limited() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            return {"type": "http.disconnect"} if came > MOST_BYTES else message

        return limited


def _is(given: str, secret: str) -> bool:
    return secrets.compare_digest(given.encode(), secret.encode())


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers: Any = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
