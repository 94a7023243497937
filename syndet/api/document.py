"""What the OpenAPI document says beyond the signatures of the routes: answers, problems, bodies, tokens, examples."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from syndet.api.examples import EXAMPLES, PAGE_EXAMPLES, PAGES_EXAMPLE, REVIEW_EXAMPLE
from syndet.api.shapes import SHAPES

_REF = "#/components/schemas/"
# What may go wrong whatever is asked: a foreign Host, a wrong token, a page of another site, too much at once.
_ALWAYS = (400, 401, 403, 500, 503)
_SAYS = {
    400: "The Host header names another server.",
    401: "No token, or a wrong one.",
    403: "That may not be done with this token, on this server, or from a page of another site.",
    404: "That is not stored.",
    408: "The body was too slow to arrive.",
    410: "That place is lost; begin again.",
    413: "The body is too large.",
    415: "The body is neither JSON nor JSON Lines.",
    422: "The request can't be understood, or the page is no article.",
    500: "A fault of the server; the log has it.",
    503: "The store can't be read, others are writing to it, or too much is asked at once.",
}  # fmt: skip
_TEXT = {"type": "string"}
_PAGE: dict[str, Any] = {
    "type": "object",
    "description": "A page: its HTML or, without that, its text. `url` is the address that it was fetched from.",
    "properties": {
        name: {"type": ["string", "null"]}
        for name in ("url", "html", "text", "title", "byline", "published", "fetched", "language")
    },
}
PAGE: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": {"$ref": f"{_REF}Page_sent"}, "examples": PAGE_EXAMPLES},
        "text/html": {"schema": _TEXT, "example": "<html><body><article><p>...</p></article></body></html>"},
        "text/plain": {"schema": _TEXT, "example": "The harbour board approved a plan on Tuesday ..."},
    },
}
PAGES: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": {"$ref": f"{_REF}Pages_sent"}, "example": PAGES_EXAMPLE},
        "application/x-ndjson": {
            "schema": {**_TEXT, "description": "A page a line, each as in the list of application/json."},
            "example": "\n".join(map(json.dumps, PAGES_EXAMPLE["pages"])),
        },
    },
}
_KINDS = {"Atom": "application/atom+xml", "Metrics": "text/plain"}
_ETAG = {"ETag": {"schema": _TEXT, "description": "Of the answer to the byte; send it as If-None-Match."}}
_NEXT = {"Link": {"schema": _TEXT, "description": 'The next page, rel="next"; absent on the last one.'}}


def answers(
    shape: str, *problems: int, tagged: bool = False, paged: bool = False, writes: bool = False, status: int = 200,
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return the arguments of a route that answers with `shape`, or with one of `problems` or those of any request."""
    schema = _TEXT if shape in _KINDS else {"$ref": _REF + shape}
    found: dict[int | str, dict[str, Any]] = {
        status: {
            "description": "The answer.",
            "content": {_KINDS.get(shape, "application/json"): {"schema": schema}},
            "headers": (_ETAG if tagged else {}) | (_NEXT if paged else {}),
        }
    }
    if tagged:
        found[304] = {"description": "The asker has the answer of this very state.", "headers": _ETAG}
    problem = {"application/problem+json": {"schema": {"$ref": f"{_REF}Problem"}}}
    for code in sorted({*_ALWAYS, *problems}):
        found[code] = {"description": _SAYS[code], "content": problem}
    extra: dict[str, Any] = {"security": [{"write" if writes else "read": []}]}
    if body is not None:
        extra["requestBody"] = body
    return {"response_model": None, "responses": found, "openapi_extra": extra}


def complete(api: FastAPI, *, asks_to_read: bool) -> None:
    """Let `api` describe itself in full. `asks_to_read`: reading needs a token, too."""
    plain = api.openapi

    def whole() -> dict[str, Any]:
        if api.openapi_schema is None:
            _finish(plain(), asks_to_read)
        return api.openapi_schema or {}

    api.openapi = whole  # type: ignore[method-assign]


def _finish(found: dict[str, Any], asks_to_read: bool) -> None:
    parts = found.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    _, made = models_json_schema([(one, "serialization") for one in SHAPES], ref_template=f"{_REF}{{model}}")
    schemas |= made["$defs"]
    schemas |= _lookup()
    schemas["Page_sent"] = _PAGE
    schemas["Pages_sent"] = {
        "type": "object",
        "required": ["pages"],
        "properties": {
            "pages": {"type": "array", "items": {"$ref": f"{_REF}Page_sent"}, "minItems": 1, "maxItems": 1_000}
        },
    }
    schemas["Said"]["example"] = REVIEW_EXAMPLE
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    token = {"type": "http", "scheme": "bearer"}
    parts["securitySchemes"] = {
        "read": token | {"description": "SYNDET_READ_TOKEN, or that for writing."},
        "write": token | {"description": "SYNDET_WRITE_TOKEN."},
    }
    for path, item in found["paths"].items():
        for operation in item.values():
            for response in operation["responses"].values():
                _exemplify(response.get("content", {}))
            needs = operation.get("security", [])
            if path in ("/healthz", "/readyz") or (needs == [{"read": []}] and not asks_to_read):
                operation["security"] = []


def _exemplify(content: dict[str, Any]) -> None:
    """Add the example of its shape: here, since FastAPI leaves out what is null in those that routes have."""
    for kind in content.values():
        name = kind.get("schema", {}).get("$ref", "").removeprefix(_REF)
        if name in EXAMPLES:
            kind["example"] = EXAMPLES[name]


def _lookup() -> dict[str, Any]:
    """Return the schema of an answer, and the parts that it refers to, as components."""
    text = (files("syndet") / "lookup.schema.json").read_text(encoding="utf-8")
    whole: dict[str, Any] = json.loads(text.replace("#/$defs/", f"{_REF}Lookup_"))
    parts = {f"Lookup_{name}": part for name, part in whole.pop("$defs").items()}
    return parts | {"Lookup": {name: part for name, part in whole.items() if name not in ("$schema", "$id")}}
