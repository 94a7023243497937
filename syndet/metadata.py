"""Parsed document -> title, byline, publication time, outlet and language, as the page declares them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml.etree import XPath

from syndet import dating, dom, languages
from syndet.dom import Document
from syndet.models import Date

MAX_TITLE = 500  # characters; longer is a summary in the wrong field
MAX_BYLINE = 100  # characters a name; longer is a biography
MAX_OUTLET = 80

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|SocialMediaPosting)$")
# Below these keys stand other works than the page's own.
_OTHERS = re.compile(
    r"\.(?:itemListElement|relatedLink|mentions|isPartOf|isBasedOn|citation|liveBlogUpdate|comment|hasPart|about"
    r"|associatedMedia|video|image|publisher|author|subjectOf|translationOfWork|workTranslation)(?:\.|$)"
)
_TITLE_NAMES = ("og:title", "twitter:title", "headline", "dc.title", "parsely-title", "sailthru.title", "title")
_BYLINE_NAMES = (
    "author", "article:author", "article:author_name", "og:article:author", "og:author", "parsely-author",
    "sailthru.author", "cxenseparse:author", "articleauthor", "byl", "article:byline", "dc.creator", "dcterms.creator",
)  # fmt: skip
_BREAKS = re.compile(r"\s+[|–—·•»:-]\s+|\s+::\s+|\s*\|\s*")
_BY = re.compile(
    r"^(?:written by|posted by|by|von|par|por|door|autore?|author|texte?o?)\b\s*:?\s+(?=\S)", re.IGNORECASE
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|(?:https?:)?//[^\s()]+|^www\.\S+$")
_ASIDE_NOTE = re.compile(r"\s*\((?:[^()]*[:.][^()]*|\s*)\)")  # "(Image: Getty)", "(www.example.org)", "()"
_NOBODY = frozenset(
    "admin administrator anonymous author none null n/a redacted undefined unknown user webmaster".split()
)
MAX_MARKED = 6  # elements
_OUTSIDE = "[not(ancestor::nav or ancestor::aside or ancestor::footer or ancestor::figure or ancestor::figcaption)]"
_AUTHOR_MARKS = tuple(
    XPath(f".//*[{condition}]{_OUTSIDE}")
    for condition in (
        "@itemprop='author'",
        "self::a and @rel='author'",
        "(self::a or self::span or self::div or self::p) and ("
        + " or ".join(
            f"contains(concat(' ', @class, ' '), ' {name} ')"
            for name in ("byline-name", "author-name", "authorname", "author__name", "byline", "author")
        )
        + ")",
        "self::a and (contains(@href, '/author/') or contains(@href, '/autor/') or contains(@href, '/auteur/'))",
    )
)
_inner_name = XPath(".//*[@itemprop='name']")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page declares of itself. `published` is ISO 8601, `language` ISO 639-1; None is unknown.

    `dates` are all that it states, that of `published` before others of the same day.
    """

    title: str | None = None
    byline: str | None = None
    published: str | None = None
    language: str | None = None
    outlet: str | None = None
    dates: tuple[Date, ...] = ()


def read(document: Document, *, url: str, fetched: str | None) -> Metadata:
    """Return what `document`, fetched from `url` at `fetched` (ISO 8601), declares of itself.

    Dates before 1995 or more than a day after `fetched` are taken for mistakes.
    """
    node = main_node(document)
    meta = _first_values(document.meta)
    outlet = _outlet(document, node, meta)
    stated = dating.read(document, node, url=url, fetched=fetched)
    return Metadata(
        title=_title(document, node, meta, outlet),
        byline=_byline(document, node, meta, outlet),
        published=dating.published(stated, fetched),
        language=_language(document, node, meta),
        outlet=outlet,
        dates=stated,
    )


def main_node(document: Document) -> dict[str, Any]:
    """Return the JSON-LD node that describes the page's own article, {} where there is none.

    Teasers and quoted works are articles too: the one whose headline the page also shows is taken, then the one
    that says most of itself, then the first.
    """
    best: dict[str, Any] = {}
    best_rank = (-1, -1)
    shown: set[str] | None = None
    for path, node in document.jsonld:
        if _OTHERS.search(path) or not _is_article(node.get("@type")):
            continue
        if shown is None:
            shown = {_key(title) for title in _shown_titles(document)}
        filled = sum(bool(node.get(key)) for key in ("headline", "datePublished", "author", "publisher", "articleBody"))
        rank = (int(_key(dom.plain(node.get("headline")) or dom.plain(node.get("name")) or "") in shown), filled)
        if rank > best_rank:
            best, best_rank = node, rank
    return best


def _is_article(kind: Any) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(name, str) and _ARTICLE.search(name) is not None for name in kinds)


def _first_values(meta: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return the first content of every meta name."""
    values: dict[str, str] = {}
    for name, content in meta:
        values.setdefault(name, content)
    return values


def _key(title: str) -> str:
    """Return `title` reduced to its letters and digits, for comparison."""
    return "".join(filter(str.isalnum, title.lower()))


# --- title and outlet ---


def _shown_titles(document: Document) -> Iterator[str]:
    for name, content in document.meta:
        if name in ("og:title", "twitter:title"):
            yield dom.line(content)
    for heading in document.tree.iter("h1"):
        yield dom.line("".join(heading.itertext()))


def _title(document: Document, node: dict[str, Any], meta: dict[str, str], outlet: str | None) -> str | None:
    headings = [dom.line(" ".join(heading.itertext())) for heading in document.tree.iter("h1")]
    head = document.tree.find(".//title")
    window = dom.line(head.text) if head is not None else ""
    candidates = [dom.line(dom.plain(node.get("headline"))), *(dom.line(meta.get(name)) for name in _TITLE_NAMES)]
    # One h1 is the headline; of several, the one that the window's title repeats.
    candidates += [line for line in headings if len(headings) == 1 or (_key(line) and _key(line) in _key(window))]
    candidates.append(window)
    for line in candidates:
        title = _without_site(line, headings, outlet) if len(line) <= 2 * MAX_TITLE else ""
        if title and _key(title) and len(title) <= MAX_TITLE and _key(title) != _key(outlet or ""):
            return title
    return None


def _without_site(title: str, headings: list[str], outlet: str | None) -> str:
    """Return `title` without the name of the site at its end (or, rarely, start).

    >>> _without_site("Rain again | The Bugle", [], "The Bugle"), _without_site("Rain - again", [], "The Bugle")
    ('Rain again', 'Rain - again')
    """
    parts = list(_BREAKS.finditer(title))
    for part in parts:
        if len(title[: part.start()]) > 10 and title[: part.start()] in headings:
            return title[: part.start()]
    name = _key(outlet or "")
    if parts and name:
        if _key(title[parts[-1].end() :]) == name:
            return title[: parts[-1].start()]
        if _key(title[: parts[0].start()]) == name:
            return title[parts[0].end() :]
    return title


def _outlet(document: Document, node: dict[str, Any], meta: dict[str, str]) -> str | None:
    names = (
        meta.get("og:site_name"),
        *_names(node.get("publisher"), _by_id(document)),
        meta.get("application-name"),
    )
    for name in names:
        line = dom.line(name)
        if 0 < len(line) <= MAX_OUTLET and _key(line) and "://" not in line:
            return line
    return None


# --- byline ---


def _by_id(document: Document) -> dict[str, dict[str, Any]]:
    return {node["@id"]: node for _, node in document.jsonld if isinstance(node.get("@id"), str) and node.get("name")}


def _names(value: Any, by_id: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield the names of the people or organisations in a JSON-LD value, references resolved."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            name = item.get("name") or by_id.get(str(item.get("@id")), {}).get("name")
            yield from _names(name, {}) if isinstance(name, (str, list)) else ()


def _byline(document: Document, node: dict[str, Any], meta: dict[str, str], outlet: str | None) -> str | None:
    """Return the first source's authors that are more than the outlet's own name; else the outlet, if it signs."""
    own: str | None = None
    for names in _authors(document, node, meta):
        joined = _joined(names)
        if joined and outlet and _key(joined) == _key(outlet):
            own = own or joined
        elif joined:
            return joined
    return own


def _authors(document: Document, node: dict[str, Any], meta: dict[str, str]) -> Iterator[Iterable[str]]:
    """Yield the authors' names, one source of names after the other."""
    yield _names(node.get("author") or node.get("creator"), _by_id(document))
    for name in _BYLINE_NAMES:
        if name in meta:
            # Several authors are several tags of one name.
            yield [content for key, content in document.meta if key == name]
    for path in _AUTHOR_MARKS:
        marked = path(document.tree)
        # More are a list of the outlet's people, not of one article's authors.
        if len(marked) <= MAX_MARKED:
            lines = [" ".join((_inner_name(element) or [element])[0].itertext()).strip() for element in marked]
            # Two capitals are the initials in an avatar, and would pass for an agency.
            yield [line for line in lines if not (line.isascii() and len(line) <= 2)]


def _joined(names: Iterable[str]) -> str | None:
    """Return the usable ones of `names`, each once, as one byline.

    >>> _joined(["By Jo Field", "https://example.org/jo", "jo field", "Ann Lee (ann@example.org)"])
    'Jo Field, Ann Lee'
    """
    found: dict[str, str] = {}
    for name in names:
        if len(name) > 4 * MAX_BYLINE:
            continue
        line = _BY.sub("", _ASIDE_NOTE.sub("", _ADDRESS.sub("", dom.line(name)))).strip(" ,;|/-–·:")
        if _key(line) and not _key(line).isdigit() and len(line) <= MAX_BYLINE and line.lower() not in _NOBODY:
            found.setdefault(_key(line), line)
    return ", ".join(found.values()) or None


# --- language ---


def _language(document: Document, node: dict[str, Any], meta: dict[str, str]) -> str | None:
    tree = document.tree
    declared = (
        tree.get("lang"),
        tree.get("xml:lang"),
        tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
        meta.get("og:locale"),
        meta.get("content-language"),
        dom.plain(node.get("inLanguage")),
        meta.get("language"),
        meta.get("dc.language"),
    )
    return next((code for value in declared if (code := languages.code(value))), None)
