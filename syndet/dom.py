"""HTML bytes -> one parsed document, shared by the cue reader and the extractor."""

from __future__ import annotations

import codecs
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import lxml.html
from charset_normalizer import from_bytes
from lxml import etree

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
# Characters that XML cannot hold; libxml2 stops or complains at them.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# References to such characters; libxml2 resolves them all the same, and the first stage that writes text then fails.
_NOT_XML_REFERENCE = re.compile(
    r"&#(?:0*(?:[1-8]|1[124-9]|2\d|3[01]|6553[45])|x0*(?:[1-8bcef]|1[0-9a-f]|fff[ef]))(?:;|(?![0-9a-f]))", re.IGNORECASE
)
_JSON_BEGIN = re.compile(r"\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)")
# What is no JSON though many write it: comments, and a comma after the last item. Strings are matched to be left alone.
_NOT_JSON = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|//[^\n]*|/\*.*?(?:\*/|\Z)|,(?=\s*[}\]])', re.DOTALL)
_MARKUP_IN_TEXT = re.compile(r"</?(?:a|b|br|em|font|i|p|small|span|strong|sub|sup|u)\b[^<>]*>", re.IGNORECASE)
_PAGE_END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_scopes = etree.XPath("//*[@itemscope]")
_properties = etree.XPath("//*[@itemprop]")
# Items and properties of a page that are looked at, and characters of a value: a list of teasers is no article.
MOST_ITEMS, MOST_PROPERTIES, LONGEST_VALUE = 200, 2_000, 1_000
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
# libxml2 compares every attribute of a tag with all before it: 40,000 take 24 s, 200,000 over nine minutes. No real tag
# has a hundred; one with more than this is dropped, and what it holds is kept.
MOST_ATTRIBUTES = 3_000
_TAG = re.compile(r"""<[a-z](?:=\s*+"[^"]*+"|=\s*+'[^']*+'|[^>])*+>?""", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""[\s/][^\s/>=]|["'][^\s/>=]""")
# Web pages that call themselves Latin-1 are Windows-1252 (WHATWG Encoding Standard, section 4.2).
_WEB_NAMES = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
# Tags left open on old pages nest ever deeper, so depth must be read; but every stage's time grows with size times
# depth (0.6 MB nested 2,000 deep take 14 s), so only on pages of this size. A larger one ends at depth 256.
DEEP_CHARACTERS = 300_000
# Python codecs that no page is in: a page that names one is mistaken or means harm (punycode takes quadratic time).
_NO_PAGE = frozenset("punycode idna unicode_escape raw_unicode_escape unicode-escape raw-unicode-escape utf-7".split())


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed page. Nobody may change `tree`: a stage that must, copies it first."""

    tree: Any  # lxml.html.HtmlElement, the root
    meta: tuple[tuple[str, str], ...]  # (lower-case name or property, content), in page order, both non-empty
    jsonld: tuple[tuple[str, dict[str, Any]], ...]  # (path such as "0.@graph.1", node), every typed object
    microdata: tuple[
        tuple[str, dict[str, Any]], ...
    ]  # (XPath, node as JSON-LD has it), every item that is nobody's value
    # Every element, in the order of the page. Held here, since lxml makes an object of an element anew for each stage
    # that comes by after nobody held the last one, which takes longer than looking at it.
    elements: tuple[Any, ...]


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
            return _decoded(data, name) or _marked(data, name)
    # UTF-8 first: text that happens to be valid UTF-8 is UTF-8, whatever an old template claims.
    text = _decoded(data, "utf-8")
    if text is not None and text.count("\x00", 0, 1000) <= 10:
        # An old Japanese encoding is ASCII with escapes.
        return (_decoded(data, "iso2022_jp") if "\x1b$" in text else None) or text
    if text is not None:
        # Every second byte is nothing: UTF-16 whose mark is missing, if anybody says so.
        return _decoded(data, charset) if charset and charset.lower().startswith("utf-16") else None
    found = _CHARSET.search(data[:4096])
    for declared in (charset, found.group(1).decode("ascii") if found else None):
        if declared and (text := _decoded(data, declared)) is not None:
            return text
    if (damaged := _damaged(data)) is not None:
        return damaged
    if b"\x00" in data[:1000]:
        return None
    sample = data if len(data) < 20_000 else data[:10_000] + data[-10_000:]
    best = from_bytes(sample).best()
    return data.decode(best.encoding, "replace") if best is not None else None


def _marked(data: bytes, name: str) -> str | None:
    """Return damaged or truncated `data` that begins with a byte-order mark, None where little of it can be read."""
    loose = data.decode(name, "replace")
    return loose if loose.count("\ufffd") * 20 < len(loose) else None


def _damaged(data: bytes) -> str | None:
    """Return `data` as UTF-8 with a few stray bytes or cut off in mid-character, None where it is something else."""
    loose = data.decode("utf-8", "replace")
    bad = loose.count("\ufffd")
    if bad * 200 >= len(loose):
        return None
    # English in Windows-1252 has few bad bytes too, but then no good ones: its quotation marks are all bad.
    good = sum(map(len, re.findall("[^\x00-\x7f\ufffd]+", loose)))
    return loose if good > bad or loose.find("\ufffd") >= len(loose) - 3 else None


def _decoded(data: bytes, name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name
        if codec in _NO_PAGE or (codec == "utf-8" and name != "utf-8"):
            return None  # UTF-8 was tried already
        return data.decode(_WEB_NAMES.get(codec, codec))
    except (LookupError, UnicodeError, ValueError):
        return None


def clean(text: str) -> str:
    """Return `text` without control characters (line ends and tabs stay) and lone surrogates."""
    return _NOT_XML.sub("", text)


def plain(value: Any) -> str | None:
    """Return the first text in a JSON-LD value without markup and control characters, None for anything else."""
    if isinstance(value, list):
        return next((text for item in value if (text := plain(item))), None)
    if isinstance(value, dict):
        return plain(value.get("@value"))
    if not isinstance(value, str):
        return None
    return clean(_MARKUP_IN_TEXT.sub(" ", html.unescape(value))).strip() or None


def line(value: str | None) -> str:
    """Return `value` on one line, entities resolved (templates like to escape twice)."""
    return " ".join((plain(value) or "").split())


def parse(text: str) -> Document | None:
    """Return the parsed document of HTML `text`, or None where no element is left of it."""
    # The parser is handed UTF-8, so a declaration of another encoding would be wrong by now.
    # What stands behind an early end of the page is part of it in every browser; libxml2 drops it.
    source = _PAGE_END.sub("", text)
    source = clean(_NOT_XML_REFERENCE.sub("", _XML_DECLARATION.sub("", source, count=1)))
    if max(map(len, _TAG.findall(source)), default=0) > 2 * MOST_ATTRIBUTES:
        source = _TAG.sub(_unstuffed, source)
    try:
        tree, cut = _tree(source, deep=False)
        if cut and len(source) <= DEEP_CHARACTERS:
            tree, _ = _tree(source, deep=True)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    elements = tuple(tree.iter("*"))
    return Document(tree, tuple(_meta(tree)), tuple(_jsonld(tree)), tuple(_microdata(tree)), elements)


def _unstuffed(tag: re.Match[str]) -> str:
    """Return a tag as it stands, or nothing where it is stuffed with attributes."""
    return "" if len(_ATTRIBUTE.findall(tag[0])) > MOST_ATTRIBUTES else tag[0]


def _tree(source: str, *, deep: bool) -> tuple[Any, bool]:
    """Return the root element of `source`, and whether the parser stopped at its limit of depth (256, `deep` 2,048)."""
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=deep
    )
    tree = lxml.html.document_fromstring(source.encode("utf-8"), parser=parser)
    return tree, any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log)


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
            data = _read(_unwrap(script.text or ""))
        except (ValueError, RecursionError):
            data = None
        if data is not None:
            yield from _typed(data, str(index), 0)
        index += 1


def _read(text: str) -> Any:
    """Return the JSON value of `text`, or the list of its values; raises ValueError where there is none.

    Of 735 scripts on real pages 6 are broken: 2 by a comma after the last item, 2 by comments, 2 by quotation marks,
    which can't be mended. Two objects in one script are known from elsewhere.
    """
    try:
        # strict=False: raw newlines inside strings are common in the wild.
        return _clean_strings(json.loads(text, strict=False)) if "\\u" in text else json.loads(text, strict=False)
    except ValueError:
        text = _NOT_JSON.sub(lambda found: found[0] if found[0][0] == '"' else "", text).strip()
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    place = 0
    while place < len(text):
        try:
            value, place = decoder.raw_decode(text, place)
        except ValueError:
            if values:
                break
            raise
        values.append(_clean_strings(value))
        while place < len(text) and text[place] in " \t\r\n;,":
            place += 1
    return values[0] if len(values) == 1 else values


def _clean_strings(data: Any) -> Any:
    """Return `data` with `clean` strings: escapes can name halves of characters, and no store takes them."""
    if isinstance(data, str):
        return clean(data)
    if isinstance(data, list):
        return [_clean_strings(value) for value in data]
    if isinstance(data, dict):
        return {clean(key): _clean_strings(value) for key, value in data.items()}
    return data


def _unwrap(text: str) -> str:
    """Return JSON without the comment or CDATA marks that templates put around it."""
    begin = _JSON_BEGIN.match(text)
    text = (text[begin.end() :] if begin else text).lstrip("\ufeff \t\r\n")
    # No pattern for the end: one that is searched for takes cubic time on a long run of spaces.
    for mark in (";", "]]>", "-->", "*/", "]]>", "/*", "//"):
        text = text.rstrip().removesuffix(mark)
    return text.rstrip().removesuffix(";")


def _microdata(tree: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the items with a type that are no value of another one (HTML Living Standard, section 5)."""
    items = {scope: dict[str, Any]() for scope in _scopes(tree)[:MOST_ITEMS]}
    for element in _properties(tree)[:MOST_PROPERTIES] if items else ():
        holder = next((one for one in element.iterancestors() if one.get("itemscope") is not None), None)
        if holder in items:
            for name in element.get("itemprop").split():
                items[holder].setdefault(name, []).append(items[element] if element in items else _said(element))
    for scope, item in items.items():
        # As JSON-LD has it: one value is no list, and the type goes by its last name.
        item.update({name: values[0] for name, values in item.items() if len(values) == 1})
        item["@type"] = (scope.get("itemtype") or "").strip().rpartition("/")[2]
    for scope, item in items.items():
        if item["@type"] and scope.get("itemprop") is None:
            yield scope.getroottree().getpath(scope), item


def _said(element: Any) -> str:
    """Return the value of a property that is no item, the beginning of a long one."""
    given = next((value for name in ("content", "href", "src") if (value := element.get(name))), None)
    if given is None:
        # Some dozens of pieces: the property may hold the whole page, and so may each one in it.
        given = " ".join("".join(islice(element.itertext(), 50))[:LONGEST_VALUE].split())
    return clean(given)


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
