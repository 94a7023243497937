"""The answers over HTTP: an application made of routers, each a module here, and what all of them share.

`access` is the store as requests use it, `problems` what becomes of errors; `lookups` answers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from syndet import __version__, web
from syndet.api import lookups, problems
from syndet.api.access import Access
from syndet.corpus import Corpus
from syndet.errors import UsageError
from syndet.groups import Policy

# Requests at once: each may hold a page of MAX_BYTES and what is made of it. More are answered 503.
_REQUESTS = 64
# A server that is asked to end does not wait longer for those who hold it up.
_FAREWELL_SECONDS = 5
_LOOPBACK = ("127.0.0.1", "localhost")


def app(path: Path, representative: Policy = "origin") -> FastAPI:
    """Return the application that answers from the store at `path`; `representative` as of `Corpus`."""
    opened = Access(path, representative)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        opened.close()

    api = FastAPI(
        title="syndet", version=__version__, description="Which page is a repost, of what, and how we know.",
        docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=lifespan,
    )  # fmt: skip
    # A page open in somebody's browser must not reach a local server through a name of its own (DNS rebinding).
    api.add_middleware(TrustedHostMiddleware, allowed_hosts=list(_LOOPBACK))
    problems.handle(api, web.problem)
    api.include_router(lookups.router(opened))
    api.include_router(web.router(opened, partial(Corpus, path, representative=representative)))

    @api.get("/healthz")
    def healthz() -> dict[str, str]:
        """Say that the store can be read."""
        with opened() as corpus:
            return {"status": "ok", "recipe": corpus.recipe(), "version": __version__}

    return api


def run(path: Path, host: str, port: int, *, representative: Policy = "origin") -> None:
    """Serve until stopped. Raises UsageError for a host that others can reach: there is no access control yet."""
    import uvicorn

    if host not in _LOOPBACK:
        raise UsageError(
            f"syndet serve listens on 127.0.0.1 only, not on {host}; put a reverse proxy with a password before it."
        )
    uvicorn.run(
        app(path, representative), host=host, port=port, log_level="info", limit_concurrency=_REQUESTS,
        timeout_graceful_shutdown=_FAREWELL_SECONDS,
    )  # fmt: skip
