"""What every page that is served has in common: headers, forms, and who sent them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import cache
from http import HTTPStatus
from urllib.parse import parse_qs, quote

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from syndet.web import pages
from syndet.web.render import POLICY, Addresses, file

# What a form may hold: a long article, each of its letters written as %XX%XX.
MOST = 2_000_000
# The cookie that forms carry in a field as well.
FORM = "syndet_form"
_MONTH = 30 * 86_400


def problem(request: Request, status: int, detail: str) -> Response:
    """Return the page for what went wrong."""
    return html(pages.problem(at(request), status, HTTPStatus(status).phrase, detail), status)


def at(request: Request) -> Addresses:
    """Return where the pages are, as the proxy before us has it."""
    return Addresses(f"{quote(request.scope.get('root_path', ''))}/")


def html(body: str, status: int = 200) -> HTMLResponse:
    """Return a page, with all that a browser is told not to do with it."""
    headers = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
    }
    return HTMLResponse(body.encode("utf-8", "replace"), status, headers=headers)


@cache
def beside(name: str) -> tuple[bytes, str]:
    """Return a file beside the pages, and its tag."""
    data = file(name)
    return data, f'"{hashlib.sha256(data).hexdigest()[:16]}"'


async def form(request: Request) -> dict[str, str] | None:
    """Return the fields of a form that was sent, None where it is too large; no more than that is ever held."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MOST:
            return None
    try:
        fields = parse_qs(data.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return {}  # more fields than any form of ours has
    return {name: values[-1].replace("\r\n", "\n") for name, values in fields.items()}


async def sent(request: Request, page: str) -> dict[str, str] | Response:
    """Return the fields of a form that was sent from `page` of ours, or the response that says it was not."""
    fields = await form(request)
    if fields is None or not _own(request, fields):
        return problem(request, 403, f"This form was not sent from the page {page}, or is too old; go back there.")
    return fields


def _own(request: Request, fields: dict[str, str]) -> bool:
    """Return whether a form was sent from a page of ours: only that one knows what stands in the cookie.

    The cookie does not go with requests that other sites start, and browsers say where one comes from.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    known = request.cookies.get(FORM, "")
    return bool(known) and hmac.compare_digest(known.encode(), fields.get("token", "").encode())


def token(request: Request) -> str:
    """Return what forms carry: what the visitor's cookie says, else something new, which `remember` puts there."""
    return request.cookies.get(FORM) or secrets.token_urlsafe(32)


def remember(request: Request, response: Response, name: str, value: str) -> None:
    """Let the visitor's browser keep a value, for our pages only and out of reach of script."""
    secure = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
    response.set_cookie(
        name,
        value,
        max_age=_MONTH,
        path=at(request).root,
        httponly=True,
        samesite="strict",
        secure=secure,
    )
