"""The answers over HTTP: an application made of routers, each a module here, and what all of them share.

`lookups`, `reading` and `writing` answer, `health` is for watchers. `access` is the store as requests use it, `answers`
makes responses, `problems` what becomes of errors; `guard` is what every request passes: tokens, limits, logs. What the
OpenAPI document says is in `document`, `shapes` and `examples`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request

from syndet import __version__, web
from syndet.api import document, guard, health, lookups, problems, reading, server, tokens, writing
from syndet.api.access import Access
from syndet.api.metrics import Metrics
from syndet.api.tokens import Tokens
from syndet.corpus import Corpus
from syndet.errors import SyndetError
from syndet.groups import Policy

_ABOUT = "Which page is a repost, of what, and how we know. docs/api.md explains what is answered."

_WORDS = "A short note on nothing in particular, long enough to be looked up by the first who asks for something."


def app(
    path: Path, representative: Policy = "origin", *, asked: Tokens | None = None,
    hosts: Collection[str] | None = guard.LOOPBACK,
) -> FastAPI:  # fmt: skip
    """Return the application that answers from the store at `path`; `representative` as of `Corpus`.

    `asked` are the tokens that it asks for (None: reading is free, and nobody writes), `hosts` the names by which it is
    called (None: any).
    """
    asked = asked or Tokens()
    opened = Access(path, representative)
    metrics = Metrics(opened)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        opened.close()

    api = FastAPI(
        title="syndet", version=__version__, description=_ABOUT, docs_url=None, redoc_url=None,
        redirect_slashes=False, lifespan=lifespan,
    )  # fmt: skip
    told, people = problems.telling(web.problem), guard.Pages(web.token_of)
    api.add_middleware(guard.Guard, told=told, metrics=metrics, asked=asked, hosts=hosts, pages=people)
    problems.handle(api, told)
    api.include_router(lookups.router(opened))
    api.include_router(reading.router(opened))
    api.include_router(writing.router(opened, metrics))
    api.include_router(health.router(opened, metrics))
    api.include_router(_pages(opened, asked))
    document.complete(api, asks_to_read=not asked.may_read(None))
    return api


def _pages(opened: Access, asked: Tokens) -> APIRouter:
    """Return the pages for people. Where a token is asked for, they sign in with it; it is theirs to write, too."""

    def allowed(request: Request) -> bool:
        return asked.free or asked.may_write(web.token_of(request))

    return web.router(opened, opened.writing, allowed, None if asked.free else asked.known)


def run(path: Path, host: str, port: int, *, representative: Policy = "origin") -> None:
    """Serve until stopped, with the tokens of the environment. Raises UsageError where these won't do for `host`."""
    asked = tokens.read(host=host)
    # What is loaded and made ready once in a process would make the first who asks wait for seconds.
    with suppress(SyndetError), Corpus(path, readonly=True) as corpus:
        corpus.lookup_text(_WORDS)
    server.serve(app(path, representative, asked=asked, hosts=None if asked.closed else guard.LOOPBACK), host, port)
