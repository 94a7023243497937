"""Whatever goes wrong -> one answer for programs (RFC 9457) or, where a browser asked for a page, for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from syndet.errors import NotStored, StoreError, SyndetError

# What makes a page of an error: the request, the status, one sentence.
Page = Callable[[Request, int, str], Response]


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return an RFC 9457 problem."""
    record: dict[str, Any] = {"type": "about:blank", "title": title(status), "status": status, "detail": detail}
    return JSONResponse(record, status, headers=headers, media_type="application/problem+json")


def title(status: int) -> str:
    """Return the phrase of a status.

    >>> title(404)
    'Not Found'
    """
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def wants_page(path: str, accept: str) -> bool:
    """Return whether an error at `path` is told by a page: to who asks for one, anywhere but in the API.

    >>> wants_page("/search", "text/html,*/*;q=0.8"), wants_page("/v1/lookup", "text/html"), wants_page("/x", "*/*")
    (True, False, False)
    """
    return not (path == "/v1" or path.startswith("/v1/")) and "text/html" in accept.lower()


def handle(api: FastAPI, page: Page | None = None) -> None:
    """Let `api` answer every error by a problem, or by what `page` makes of it where a browser asks for a page."""

    def told(request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
        if page is None or not wants_page(request.url.path, request.headers.get("accept", "")):
            return problem(status, detail, headers)
        made = page(request, status, detail)
        made.headers.update(headers or {})
        return made

    @api.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        return told(request, error.status_code, str(error.detail), error.headers)

    @api.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        return told(request, 422, f"{'.'.join(map(str, first['loc']))}: {first['msg']}.")

    @api.exception_handler(SyndetError)
    async def failed(request: Request, error: SyndetError) -> Response:
        return told(request, status_of(error), str(error))


def status_of(error: SyndetError) -> int:
    """Return the status that tells an error of the library."""
    if isinstance(error, StoreError):
        return 503
    return 404 if isinstance(error, NotStored) else 422
