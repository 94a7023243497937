"""Whatever goes wrong -> one answer for programs (RFC 9457) or, where a browser asked for a page, for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from syndet.errors import LostPlace, NotStored, StoreBusy, StoreError, SyndetError

# What makes a page of an error: the request, the status, one sentence.
Page = Callable[[Request, int, str], Response]
Told = Callable[..., Response]
KIND = "application/problem+json"
# Seconds after which who met a store that others write to may try again.
_AGAIN = 2


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None, request: str = "") -> JSONResponse:
    """Return an RFC 9457 problem; `request` is the id under which the log has it."""
    record: dict[str, Any] = {"type": "about:blank", "title": title(status), "status": status, "detail": detail}
    if request:
        record["request"] = request
    return JSONResponse(record, status, headers=headers, media_type=KIND)


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


def telling(page: Page | None) -> Told:
    """Return what answers a request by a problem, or by what `page` makes of it where a browser asks for a page."""

    def told(request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
        if page is None or not wants_page(request.url.path, request.headers.get("accept", "")):
            return problem(status, detail, headers, getattr(request.state, "request_id", ""))
        made = page(request, status, detail)
        made.headers.update(headers or {})
        return made

    return told


def handle(api: FastAPI, told: Told) -> None:
    """Let `api` answer every error by what `told` makes of it."""

    @api.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        headers = {"Allow": _allowed(api, request)} if error.status_code == 405 else error.headers
        return told(request, error.status_code, _sentence(error), headers)

    @api.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        # A pattern is for programs; it stands in the OpenAPI document.
        said = "That is not of the form it has to have" if "pattern" in first.get("ctx", ()) else first["msg"]
        return told(request, 422, f"{'.'.join(map(str, first['loc']))}: {said}.")

    @api.exception_handler(SyndetError)
    async def failed(request: Request, error: SyndetError) -> Response:
        headers = {"Retry-After": str(_AGAIN)} if isinstance(error, StoreBusy) else None
        return told(request, status_of(error), str(error), headers)


def _allowed(api: FastAPI, request: Request) -> str:
    """Return all methods of an address. The framework knows those of the first route there, one for each method."""
    asked = [{**request.scope, "method": method} for method in ("GET", "POST")]
    taken = [scope["method"] for scope in asked if any(one.matches(scope)[0] is Match.FULL for one in api.routes)]
    return ", ".join(["HEAD", *taken] if "GET" in taken else taken)


def _sentence(error: HTTPException) -> str:
    if error.detail != title(error.status_code):
        return str(error.detail)
    known = {404: "Nothing is here; /openapi.json lists what there is.", 405: "That method is not for this address."}
    return known.get(error.status_code, f"{error.detail}.")


def status_of(error: SyndetError) -> int:
    """Return the status that tells an error of the library."""
    if isinstance(error, StoreError):
        return 503
    if isinstance(error, LostPlace):
        return 410
    return 404 if isinstance(error, NotStored) else 422


async def known_parameters(request: Request) -> None:
    """Raise HTTPException for a parameter that is not known, or given twice: a slip of the pen is not passed over."""
    known = {one.alias for one in request.scope["route"].dependant.query_params}
    given = [name for name, _ in request.query_params.multi_items()]
    if unknown := sorted(set(given) - known):
        offered = f"known here: {', '.join(sorted(known))}" if known else "none is known here"
        raise HTTPException(422, f"No parameter is called {unknown[0][:50]!r}; {offered}.")
    if twice := [name for name in known if given.count(name) > 1]:
        raise HTTPException(422, f"The parameter {twice[0]} is given more than once.")
