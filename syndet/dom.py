"""HTML bytes -> one parsed document, shared by the cue reader and the extractor."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import lxml.html
from charset_normalizer import from_bytes
from lxml import etree

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
# Characters that XML cannot hold; libxml2 stops or complains at them.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
# Web pages that call themselves Latin-1 are Windows-1252 (WHATWG Encoding Standard, section 4.2).
_WEB_NAMES = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed page. Nobody may change `tree`: a stage that must, copies it first."""

    tree: Any  # lxml.html.HtmlElement, the root
    meta: tuple[tuple[str, str], ...]  # (lower-case name or property, content), in page order, both non-empty
    jsonld: tuple[tuple[str, dict[str, Any]], ...]  # (path such as "0.@graph.1", node), every typed object


def decode(data: bytes, charset: str | None = None) -> str | None:
    """Return the text of `data`, or None where no encoding fits.

    Tried in order: byte-order mark, UTF-8, `charset` (from HTTP), the page's own <meta charset>, statistics.

    >>> decode("Zażółć".encode("iso8859-2"), "iso-8859-2")
    'Zażółć'
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _decoded(data, name)
    # UTF-8 first: text that happens to be valid UTF-8 is UTF-8, whatever an old template claims.
    text = _decoded(data, "utf-8")
    if text is not None:
        return None if "\x00" in text[:1000] else text
    found = _CHARSET.search(data[:4096])
    for name in (charset, found.group(1).decode("ascii") if found else None):
        if name and (text := _decoded(data, name)) is not None:
            return text
    # A page cut off in mid-character, or with a few stray bytes, is still UTF-8.
    loose = data.decode("utf-8", "replace")
    if loose.count("\ufffd") * 200 < len(loose):
        return loose
    if b"\x00" in data[:1000]:
        return None
    sample = data if len(data) < 20_000 else data[:10_000] + data[-10_000:]
    best = from_bytes(sample).best()
    return data.decode(best.encoding, "replace") if best is not None else None


def _decoded(data: bytes, name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name
        if codec == "utf-8" and name != "utf-8":
            return None  # it was tried already
        return data.decode(_WEB_NAMES.get(codec, codec))
    except (LookupError, UnicodeError, ValueError):
        return None


def parse(text: str) -> Document | None:
    """Return the parsed document of HTML `text`, or None where no element is left of it."""
    # The parser is handed UTF-8, so a declaration of another encoding would be wrong by now.
    clean = _NOT_XML.sub("", _XML_DECLARATION.sub("", text, count=1))
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_pis=True, huge_tree=True)
    try:
        tree = lxml.html.document_fromstring(clean.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return Document(tree, tuple(_meta(tree)), tuple(_jsonld(tree)))


def _meta(tree: Any) -> Iterator[tuple[str, str]]:
    for node in tree.iter("meta"):
        content = (node.get("content") or "").strip()
        for attribute in ("name", "property", "itemprop", "http-equiv"):
            name = (node.get(attribute) or "").strip().lower()
            if name and content:
                yield name, content


def _jsonld(tree: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    index = 0
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            # strict=False: raw newlines inside strings are common in the wild.
            data = json.loads(_unwrap(script.text or ""), strict=False)
        except (ValueError, RecursionError):
            data = None
        if data is not None:
            yield from _typed(data, str(index), 0)
        index += 1


def _unwrap(text: str) -> str:
    """Return JSON without the comment or CDATA marks that templates put around it."""
    text = re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)", "", text)
    return re.sub(r"(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)?\s*;?\s*$", "", text)


def _typed(data: Any, path: str, depth: int) -> Iterator[tuple[str, dict[str, Any]]]:
    if depth > 12:
        return
    if isinstance(data, dict):
        if "@type" in data:
            yield path, data
        for key, value in data.items():
            if isinstance(value, (dict, list)):
                yield from _typed(value, f"{path}.{key}", depth + 1)
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _typed(value, f"{path}.{number}", depth + 1)
