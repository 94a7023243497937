"""One record of a source -> its fields, checked; and what every kind of source has in common.

A wrong field raises ValueError with one sentence for people; who reads the source makes it a Skipped.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from syndet.models import Page, Reason, Skipped

# A news page has 0.1 to 2 MB; ten is beyond all of them, and what a machine can hold many times over.
MAX_BYTES = 10_000_000

METADATA = ("title", "byline", "published", "fetched", "language")

_ISO = re.compile(
    r"(\d{4})(-\d\d)?(-\d\d)?"
    r"(?:(?<=-\d\d-\d\d)[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_OPENS_AS_MARKUP = re.compile(rb"\s*<[!?a-z]", re.IGNORECASE)
_HOLDS_MARKUP = re.compile(rb"<(?:!doctype|html|head|body)\b|</(?:p|div|span|a|h[1-6]|li)\s*>", re.IGNORECASE)
_OPENS_AS_JSON = re.compile(rb"\s*[\[{]\s*[\[{\"]")
_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"RIFF")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def skipped(where: str, reason: Reason, detail: str, url: str | None = None, data: bytes = b"") -> Skipped:
    """Return the Skipped of a record; `data` is what was read of it, however little."""
    return Skipped(where, reason, detail, url, hashlib.sha256(data).digest() if data else None)


def too_large(where: str, url: str | None = None, data: bytes = b"") -> Skipped:
    """Return the Skipped of a page over MAX_BYTES; its digest is that of the part that was read."""
    return skipped(where, "too_large", f"The page is larger than {MAX_BYTES // 1_000_000} MB.", url, data)


def page_digest(page: Page) -> bytes:
    """Return the SHA-256 over all of `page` that decides the article: neither when nor where it was found.

    Every field is framed by its length, so no two pages share a digest by where one field ends.

    >>> page_digest(Page("https://a.example/", b"x", "text", "a:1")).hex()[:8]
    '8e7e8b0f'
    """
    fields = [page.kind, page.charset, page.title, page.byline, page.published, page.language]
    # What few pages have does not change the digest of the others.
    fields += [page.links] if page.links is not None else []
    frame = hashlib.sha256(b"syndet.page/1\n")
    for value in (page.data, *(v if v is None else v.encode("utf-8", "surrogatepass") for v in fields)):
        # An absent field differs from an empty one.
        frame.update(b"-" if value is None else b"%d:" % len(value))
        frame.update(value or b"")
    return frame.digest()


def kind_of(data: bytes) -> Literal["html", "text"]:
    """Return what `data` is when no name tells; what is neither is "html", for the extractor to refuse.

    >>> kind_of(b"<!doctype html><p>a"), kind_of("Kraków (PAP)".encode()), kind_of(b"%PDF-1.7")
    ('html', 'text', 'html')
    """
    head = data[:4096]
    if head.startswith(_UTF16):
        head = head[: len(head) & ~1].decode("utf-16", "ignore").encode("utf-8", "ignore")
    head = head.removeprefix(b"\xef\xbb\xbf")
    if head.startswith(_BINARY) or b"\x00" in head or _OPENS_AS_JSON.match(head):
        return "html"
    return "html" if _OPENS_AS_MARKUP.match(head) or _HOLDS_MARKUP.search(head) else "text"


def parse(line: bytes) -> dict[str, Any]:
    """Return the JSON object on `line`; ValueError says in one sentence why there is none."""
    try:
        # Decoded here: json would guess UTF-16 and let lone surrogates pass.
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"Byte {error.start + 1} of the line is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"The line is not JSON: {error.msg} (column {error.colno}).") from None
    except RecursionError:
        raise ValueError("The JSON is nested too deeply.") from None
    except ValueError:
        raise ValueError("The JSON holds a number that is too long.") from None
    if not isinstance(record, dict):
        raise ValueError("The line is not a JSON object.")
    return record


def text_field(record: dict[str, Any], name: str) -> str | None:
    """Return the text of a field, None where it is absent or null; ValueError where it is no Unicode text."""
    value = record.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f"Its {name} is not text.")
    if _SURROGATE.search(value):
        raise ValueError(f"Its {name} holds half a character (a lone surrogate).")
    return value


def address(value: str | None) -> str:
    """Return an absolute http(s) or file address without the white space around it, else raise ValueError.

    >>> address(" https://a.example/b ")
    'https://a.example/b'
    """
    url = (value or "").strip()
    if not url:
        raise ValueError("It has no url.")
    if _CONTROL.search(url) or any(c.isspace() for c in url):
        raise ValueError("Its url holds white space or control characters.")
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        raise ValueError("Its url is malformed.") from None
    if parts.scheme == "file" and parts.path.startswith("/"):
        return url
    if parts.scheme not in ("http", "https") or not usable:
        raise ValueError("Its url is not an absolute http, https or file address.")
    return url


def moment(value: str, name: str) -> str:
    """Return a date or time in ISO 8601 as it stands, else raise ValueError.

    >>> moment("2024-03", "published"), moment("2024-03-05T09:30:00+01:00", "published")
    ('2024-03', '2024-03-05T09:30:00+01:00')
    """
    found = _ISO.fullmatch(value)
    if found:
        # A year or a month alone is a date of less precision; the calendar is asked about a full one.
        full = value if found[3] else f"{found[1]}{found[2] or '-01'}-01"
        try:
            datetime.fromisoformat(full.upper())
            return value
        except ValueError:
            pass
    raise ValueError(f"Its {name} is not a date in ISO 8601, such as 2024-03-05 or 2024-03-05T09:30:00+01:00.")


def metadata(record: dict[str, Any]) -> dict[str, str | None]:
    """Return what a record says of its page, by field of Page; blank fields are None."""
    found = {name: _CONTROL.sub(" ", text_field(record, name) or "").strip() or None for name in METADATA}
    # A sloppy date is no reason to lose the page: the extractor reads more kinds of `published` than ISO 8601.
    found["fetched"] = _moment(found["fetched"])
    return found


def _moment(value: str | None) -> str | None:
    try:
        return moment(value, "fetched") if value else None
    except ValueError:
        return None


def page(record: dict[str, Any], where: str) -> Page | Skipped:
    """Return the page of a JSON Lines record; HTML goes before text, because only it shows credit."""
    url = address(text_field(record, "url"))
    fields = metadata(record)
    html, text = text_field(record, "html"), text_field(record, "text")
    if html is None and text is None:
        remedy = " To read the files that a manifest names, give its folder." if "file" in record else ""
        raise ValueError(f"It has neither html nor text.{remedy}")
    kind: Literal["html", "text"] = "html" if (html or "").strip() or text is None else "text"
    data = ((html if kind == "html" else text) or "").encode("utf-8")
    if len(data) > MAX_BYTES:
        return too_large(where, url, data)
    # JSON is Unicode by now, whatever the page says of its encoding.
    return Page(url=url, data=data, kind=kind, where=where, charset="utf-8", **fields)
