"""What every request passes: its id, its host, its token, its limits; and what of it is logged and counted."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syndet.api import tokens
from syndet.api.metrics import Metrics
from syndet.api.tokens import Tokens
from syndet.records import MAX_BYTES

# A page that is slower to arrive is held back on purpose; the largest takes a second on the loopback.
BODY_SECONDS = 30.0
# For many pages at once.
ADDING_BODY_SECONDS = 120.0
# An answer that takes longer is given up; what was begun of it goes on to its end.
ANSWER_SECONDS = 60.0
# Of a call that adds up to 1,000 pages.
ADDING_SECONDS = 600.0
# Requests at once: each may hold a page of MAX_BYTES and what is made of it. More are answered 503.
REQUESTS = 64
# Bytes of a body. A thousand pages as text have 5 MB; as HTML they may have 200, and go in several calls.
MOST, MOST_ADDED = MAX_BYTES, 64_000_000
ADDING = "/v1/articles"
# Answered without a token: they tell what this is and whether it works, nothing of what is stored.
OPEN = frozenset({"/healthz", "/readyz", "/openapi.json"})
# What is sent there is not stored.
READING = frozenset({"/v1/lookup"})
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_ID = re.compile(r"[\w.-]{8,64}", re.ASCII)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_log = logging.getLogger("syndet.api")

Told = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Pages:
    """What the guard has to know of the pages for people: everything that is not the API.

    `token_of` finds the token of a visitor who has signed in; `sign_in` is where he does. `free`, and what begins with
    `files`, are shown to everybody; what is sent to `reading` stores nothing. On a server that asks for no token at
    all, what is sent from a page may be stored: the pages see to it that it was sent from there.
    """

    token_of: Callable[[Request], str | None]
    sign_in: str = "/sign-in"
    free: frozenset[str] = frozenset({"/sign-in", "/sign-out"})
    files: str = "/static/"
    reading: frozenset[str] = frozenset({"/search", "/sign-in", "/sign-out"})


class Guard:
    """An application around another: what it refuses never reaches that one."""

    def __init__(
        self, app: ASGIApp, *, told: Told, metrics: Metrics, asked: Tokens, hosts: Collection[str] | None = LOOPBACK,
        pages: Pages | None = None,
    ):  # fmt: skip
        """`told` makes a response of an error; `hosts` (None: any) are the names by which this server is called."""
        self._app, self._told, self._metrics = app, told, metrics
        self._tokens, self._hosts, self._pages = asked, hosts, pages
        self._under_way = 0
        self._left = set[asyncio.Task[None]]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await _Passage(self, scope, receive, send).run()

    # -- what is refused -----------------------------------------------------------------------------------------------

    def refusal(self, request: Request) -> Response | None:
        """Return what a request is refused with, None where it may pass."""
        headers, path, method = request.headers, request.url.path, request.method
        if self._hosts is not None and _host(headers.get("host", "")) not in self._hosts:
            # A page open in somebody's browser must not reach a local server through a name of its own (DNS rebinding).
            return self._told(request, 400, "The Host header names another server than this one.")
        if path in OPEN:
            return None
        if method not in _SAFE and _from_elsewhere(headers):
            return self._told(request, 403, "A page of another site may not send anything here.")
        refused = (
            self._page_refusal(request) if self._pages is not None and not _api(path) else self._api_refusal(request)
        )
        length = headers.get("content-length", "0")
        if refused is None and length.isdecimal() and int(length) > most(path):
            return self._told(request, 413, _too_large(path), {"Connection": "close"})
        return refused

    def _api_refusal(self, request: Request) -> Response | None:
        writing = request.method not in _SAFE and request.url.path not in READING
        given = tokens.given(request.headers.get("authorization"))
        if self._tokens.may_write(given) if writing else self._tokens.may_read(given):
            return None
        if writing and self._tokens.write is None:
            return self._told(request, 403, "This server stores nothing: it was started without SYNDET_WRITE_TOKEN.")
        if writing and self._tokens.known(given):
            return self._told(request, 403, "That token is for reading; writing needs the other one.")
        detail = f"Give a token for {'writing' if writing else 'reading'}: Authorization: Bearer TOKEN."
        return self._told(request, 401, detail, {"WWW-Authenticate": 'Bearer realm="syndet"'})

    def _page_refusal(self, request: Request) -> Response | None:
        pages, path = self._pages, request.url.path
        if pages is None or path in pages.free or path.startswith(pages.files):
            return None
        writing = request.method not in _SAFE and path not in pages.reading
        given = pages.token_of(request)
        if self._tokens.free or (self._tokens.may_write(given) if writing else self._tokens.may_read(given)):
            return None
        if writing and (self._tokens.write is None or self._tokens.known(given)):
            return self._told(request, 403, "What is sent here is stored; that needs the token for writing.")
        return RedirectResponse(f"{request.scope.get('root_path', '')}{pages.sign_in}", 303)

    def enter(self) -> bool:
        """Return whether there is room for one more request, and take it."""
        if self._under_way >= REQUESTS:
            return False
        self._under_way += 1
        self._metrics.under_way.set(self._under_way)
        return True

    def leave(self) -> None:
        """Give the room up."""
        self._under_way -= 1
        self._metrics.under_way.set(self._under_way)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Let the application answer; return whether it did in time. One that did not goes on, and is heard no more."""
        adding = scope["path"] == ADDING
        limit = ADDING_SECONDS + ADDING_BODY_SECONDS if adding else ANSWER_SECONDS + BODY_SECONDS
        task = asyncio.ensure_future(_called(self._app, scope, receive, send))
        self._left.add(task)
        task.add_done_callback(self._left.discard)
        try:
            done, _ = await asyncio.wait({task}, timeout=limit)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if done:
            task.result()
        return bool(done)

    def told(self, *arguments: Any) -> Response:
        """Return the response that tells an error."""
        return self._told(*arguments)

    def count(self, *arguments: Any) -> None:
        """Count an answer."""
        self._metrics.answered(*arguments)


class _Passage:
    """One request on its way through the guard."""

    def __init__(self, guard: Guard, scope: Scope, receive: Receive, send: Send):
        asked = Headers(scope=scope).get("x-request-id", "")
        self.id = asked if _ID.fullmatch(asked) else uuid4().hex
        self._guard, self._receive, self._send = guard, receive, send
        self._method = scope["method"]
        # Who asks for the head alone gets that of the answer.
        self._scope = dict(scope, method="GET" if self._method == "HEAD" else self._method)
        self._scope["state"] = dict(scope.get("state", {}), request_id=self.id)
        self._begun, self._status, self._over = time.perf_counter(), 0, False
        self._held, self._whole = 0, False

    async def run(self) -> None:
        request = Request(self._scope, self.receive)
        if not self._guard.enter():
            busy = self._guard.told(
                request, 503, "Too many requests at once; try again in a moment.", {"Retry-After": "1"}
            )
            await busy(self._scope, self.receive, self.send)
            self._finish()
            return
        try:
            if (refused := self._guard.refusal(request)) is not None:
                await refused(self._scope, self.receive, self.send)
            elif not await self._guard.answer(self._scope, self.receive, self.send):
                await self._give_up(request)
        except ClientDisconnect:
            self._status = self._status or _GONE
        except Exception:
            _log.exception("request=%s failed", self.id)
            if not self._status:
                failed = self._guard.told(request, 500, f"Something went wrong here; the log has it under {self.id}.")
                await failed(self._scope, self.receive, self.send)
        finally:
            self._guard.leave()
            self._finish()

    async def _give_up(self, request: Request) -> None:
        started, self._over = bool(self._status), True
        if not started:
            late = self._guard.told(request, 503, "The answer takes too long; ask for less.", {"Retry-After": "10"})
            self._over = False
            await late(self._scope, self.receive, self.send)
            self._over = True

    async def receive(self) -> Message:
        """Return the next part of the body. Raises HTTPException where that is too large or too slow."""
        if self._whole:
            return await self._receive()
        most_seconds = ADDING_BODY_SECONDS if self._scope["path"] == ADDING else BODY_SECONDS
        left = self._begun + most_seconds - time.perf_counter()
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, left))
        except TimeoutError:
            late = f"The body did not arrive within {most_seconds:g} seconds."
            raise HTTPException(408, late, {"Connection": "close"}) from None
        self._held += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._held > most(self._scope["path"]):
            raise HTTPException(413, _too_large(self._scope["path"]), {"Connection": "close"})
        return message

    async def send(self, message: Message) -> None:
        """Pass the answer on."""
        if self._over:
            return
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self.id
            headers.setdefault("X-Content-Type-Options", "nosniff")
            headers.setdefault("Cache-Control", "no-store")
        elif self._method == "HEAD" and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)

    def _finish(self) -> None:
        seconds = time.perf_counter() - self._begun
        route = getattr(self._scope.get("route"), "path", "other")
        self._guard.count(self._method if self._method in _METHODS else "other", route, self._status, seconds)
        # The path alone: what is asked for may be private, and somebody may have put a token into it.
        path = quote(self._scope["path"].encode("utf-8", "surrogateescape"), safe="/:@!$&'()*+,;=~")
        _log.info("request=%s %s %s %d %.1f ms", self.id, self._method, path[:500], self._status, 1000 * seconds)


# As nginx counts who went before there was an answer.
_GONE = 499
_METHODS = frozenset({"GET", "HEAD", "POST"})


async def _called(app: Callable[[Scope, Receive, Send], Awaitable[None]], *arguments: Any) -> None:
    await app(*arguments)


def _api(path: str) -> bool:
    """Return whether a path is for programs."""
    return path.startswith("/v1/") or path in ("/v1", "/metrics")


def most(path: str) -> int:
    """Return the number of bytes that the body of a request to `path` may have."""
    return MOST_ADDED if path == ADDING else MOST


def _too_large(path: str) -> str:
    remedy = "send fewer pages at once" if path == ADDING else "send the text of the page alone"
    return f"The body is over {most(path):,} bytes; {remedy}."


def _host(header: str) -> str:
    """Return the name in a Host header, without its port."""
    return re.sub(r":\d+$", "", header.strip().lower())


def _from_elsewhere(headers: Headers) -> bool:
    """Return whether a browser sends this on behalf of a page of another site.

    Browsers say so; older ones name the page's origin, which is then the host that the user sees.
    """
    if (fetched := headers.get("sec-fetch-site")) is not None:
        return fetched not in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return False
    return urlsplit(origin).netloc not in (headers.get("host"), headers.get("x-forwarded-host"))
