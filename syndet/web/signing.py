"""Who looks at the pages: a token, from a cookie that the sign-in page sets, or from a header as programs send it."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from syndet.web import pages
from syndet.web.serving import FORM, at, html, remember, sent, token

_TOKEN = "syndet_token"
_BEARER = "bearer "


def token_of(request: Request) -> str | None:
    """Return the token that a request for a page carries, None where it has none.

    For pages alone: what programs ask for should take no cookie, since a browser sends it whoever wrote the request.
    """
    header = request.headers.get("authorization", "")
    if header.lower().startswith(_BEARER):
        return header[len(_BEARER) :].strip() or None
    return request.cookies.get(_TOKEN) or None


def add(made: APIRouter, accepts: Callable[[str], bool]) -> None:
    """Add the page on which a visitor gives a token that `accepts` knows, and the way out."""

    @made.get("/sign-in")
    def sign_in(request: Request) -> Response:
        return _page(request)

    @made.post("/sign-in")
    async def signed_in(request: Request) -> Response:
        fields = await sent(request, "to sign in")
        if isinstance(fields, Response):
            return fields
        secret = fields.get("secret", "").strip()
        if not accepts(secret):
            return _page(request, refused=True)
        response = RedirectResponse(at(request).to("review") or "/", 303)
        remember(request, response, _TOKEN, secret)
        return response

    @made.post("/sign-out")
    async def signed_out(request: Request) -> Response:
        fields = await sent(request, "to sign in")
        if isinstance(fields, Response):
            return fields
        response = RedirectResponse(at(request).to("sign-in") or "/", 303)
        response.delete_cookie(_TOKEN, path=at(request).root)
        return response


def _page(request: Request, *, refused: bool = False) -> Response:
    known = token(request)
    signed = bool(request.cookies.get(_TOKEN))
    response = html(pages.sign_in(at(request), known, refused=refused, signed=signed), 403 if refused else 200)
    remember(request, response, FORM, known)
    return response
