"""A store -> the reposts of an outlet's articles, the latest found first, for reading and as an Atom feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from syndet.corpus import Corpus
from syndet.errors import NotStored
from syndet.models import Answer
from syndet.printable import clean, short

_ATOM = "http://www.w3.org/2005/Atom"
# So many are looked at for each that is asked for: some turn out to come from elsewhere in the end.
_LOOKED_AT = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A repost and when it was stored, UTC."""

    answer: Answer
    stored: str


@dataclass(frozen=True, slots=True)
class Copies:
    """The reposts of the articles of a site, the latest stored first; `updated` is when the list changed last, UTC."""

    site: str
    found: Sequence[Found]
    updated: str


def copies(corpus: Corpus, site: str, limit: int = 50) -> Copies:
    """Return the latest reposts on other sites of the articles of `site` (a registrable domain). Raises NotStored."""
    with corpus.reading():
        articles, found = corpus.store.articles, list[Found]()
        if not (newest := articles.of_site(site, 1)):
            raise NotStored(f"No article of {site} is stored; name a site, like example.com.")
        for number in corpus.store.clusters.copies_of(site, _LOOKED_AT * limit):
            answer = corpus.lookup(number)
            if answer.verdict == "repost" and answer.origin is not None and answer.origin.site == site:
                found.append(Found(answer, articles.added(number)))
            if len(found) == limit:
                break
        updated = max((one.stored for one in found), default=articles.added(newest[0]))
    return Copies(site, found, updated)


def atom(found: Copies, here: str) -> bytes:
    """Return copies as an Atom feed (RFC 4287) that is found at `here`."""
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    _text(feed, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, f'syndet:reposts:{found.site}')}")
    _text(feed, "title", f"Reposts of {found.site}")
    _text(feed, "updated", found.updated)
    ElementTree.SubElement(feed, f"{{{_ATOM}}}link", rel="self", type="application/atom+xml", href=here)
    _text(ElementTree.SubElement(feed, f"{{{_ATOM}}}author"), "name", "syndet")
    for one in found.found:
        _entry(feed, one)
    made: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return made


def _entry(feed: ElementTree.Element, one: Found) -> None:
    article, origin = one.answer.article, one.answer.origin
    if origin is None:
        return
    entry = ElementTree.SubElement(feed, f"{{{_ATOM}}}entry")
    # Of the two addresses, not of ids: a store that is filled anew tells the same reposts.
    _text(entry, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, f'syndet:repost:{article.url!r} of {origin.url!r}')}")
    who = article.outlet or article.site or "An outlet"
    _text(entry, "title", f"{short(who, 60)}: {short(article.title or article.url)}")
    _text(entry, "updated", one.stored)
    _text(ElementTree.SubElement(entry, f"{{{_ATOM}}}author"), "name", short(who, 60))
    ElementTree.SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", href=clean(article.url))
    if origin.url:
        ElementTree.SubElement(
            entry, f"{{{_ATOM}}}link", rel="related", href=clean(origin.url), title=short(origin.title or origin.url)
        )
    _text(entry, "summary", _summary(one.answer))


def _summary(answer: Answer) -> str:
    origin, shared = answer.origin, answer.shared
    kept = f" {shared.containment_of_source:.0%} of its text is kept." if shared is not None else ""
    named = short((origin.title or origin.url or "") if origin is not None else "")
    relation = (answer.relation or "repost").replace("_", " ")
    return f"Goes back to “{named}” ({relation}).{kept} Credit: {answer.credit}."


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}").text = clean(text)
