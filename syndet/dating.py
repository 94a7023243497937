"""Which dates a page states and where, which of them is its own: parsed document -> dates, the most trusted first."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import replace
from typing import Any, Literal

import htmldate
from lxml.etree import XPath

from syndet import dated, dates, dom
from syndet.dom import Document
from syndet.models import Cue, Date, Page

# Without a handler of its own, a library's warning on a bad page ends up on standard error.
logging.getLogger("htmldate").addHandler(logging.NullHandler())

Says = Literal["published", "modified", "fetched", "told", "shown"]

_DATE_NAMES = (
    "article:published_time", "og:article:published_time", "http://ogp.me/ns/article#published_time",
    "article:published", "article_published_time", "article:published:time", "og:published_time", "datepublished",
    "published_time", "published_at", "publisheddate", "publishdate", "publish-date", "publish_date", "pubdate",
    "pub_date", "published", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "date.created",
    "prism.publicationdate", "citation_publication_date", "content:publishdate", "release_date", "firstcreate",
    "originalpublicationdate", "datecreated", "date", "dc.date", "dcterms.date",
)  # fmt: skip
# Those that are about publication alone: "date" may be that of a change, and a page is created before it is out.
_PUBLICATION = re.compile(r"publi|pub[-_]?date|issued|published|release_date|firstcreate", re.IGNORECASE)
_MODIFIED_NAMES = ("article:modified_time", "og:article:modified_time", "datemodified", "dcterms.modified")
# One expression for both: it looks at every attribute of the page, and is what costs most here.
_marked = XPath("//@itemprop[.='datePublished' or .='dateModified']/..")
_ASIDE = frozenset("nav aside footer".split())
# Elements of one sort whose dates are kept: a page of teasers has hundreds, and the first are its own.
MOST_ELEMENTS = 6
# The date in an address: parts of its path that are a year, a month and mostly a day.
_PATH = re.compile(r"/((?:19|20)\d\d)(?:/(\d\d?)(?:/(\d\d?))?|-(\d\d)-(\d\d)|(\d\d)(\d\d))(?=/|$|[?#])")
_SCHEME = re.compile(r"https?://[^/]*", re.IGNORECASE)

# A text may tell of a day so long (days) after the date of its page; what lies further ahead is a plan or a slip.
TOLD_WITHIN = 60
# Around a date in the text: what has happened is told so; plans, terms and notes of a later change are not. Of 464 real
# pages four name a later day within 60 days, none of them as past: an event, an offer, a hearing (twice), a correction
# (twice). So a day that is named twice proves nothing.
_PAST = re.compile(
    r"\b(?:said|told|reported|announced|died|killed|arrested|happened|occurred|took place|wrote|voted|signed|struck"
    r"|sagte|teilte|starb|getötet|verhaftet|festgenommen|geschah|ereignete|fand|schrieb|a déclaré|a annoncé|est mort"
    r"|ont été|a été|dijo|anunció|murió|falleció|ocurrió|informó|disse|anunciou|morreu|aconteceu|ha detto|è morto"
    r"|ha annunciato|zei|overleed|gebeurde|сказал|сообщил|заявил|погиб|умер|произош)"
    r"|(?:AP Photo|REUTERS/|Getty Images|\b[Ff]oto:)"
)
_NOT_YET = re.compile(
    r"\b(?:will|would|shall|until|till|through|by|before|deadline|due|scheduled|planned|plans|expected|upcoming|next"
    r"|expires?|starts?|begins?|updated?|corrections?|corrected|clarifi\w+|editor|wird|werden|bis|soll|sollen|geplant|ab"
    r"|nächste\w*|aktualisiert|korrigiert|jusqu|sera|seront|prévu\w*|avant|prochain\w*|mise? à jour|hasta|será|serán"
    r"|antes|próxim\w+|previst\w+|actualizad\w+|atualizad\w+|até|entro|fino|sarà|saranno|prossim\w+|aggiornat\w+|tot|zal"
    r"|zullen|bijgewerkt|volgende|до|будет|будут|запланир\w+|следующ\w+|обновлен\w*)\b",
    re.IGNORECASE,
)
_AROUND = 120  # characters, and not beyond the line or sentence
_ENDS = re.compile(r"[.!?]\s+(?=[^\W\d_a-zà-ÿа-я])|\n")


# -- what a page states ------------------------------------------------------------------------------------------------


def read(document: Document, node: dict[str, Any], *, url: str, fetched: str | None) -> tuple[Date, ...]:
    """Return every date that a page states, the most trusted first; `node` is the JSON-LD of its article.

    What is written in bylines, and what only a search of the whole page finds, is asked for where nothing else is
    plausible (`dates.plausible`, for a page fetched at `fetched`).
    """
    marked = _marked(document.tree)
    found = list(_explicit(document, node, marked))
    if published(found, fetched) is None:
        found += _dated_bylines(document.tree)
    found += _address(url)
    if published(found, fetched) is None:
        found += _searched(document.tree, url, fetched)
    return tuple(dict.fromkeys((*found, *_modified(document, node, marked))))


def published(found: Iterable[Date], fetched: str | None) -> str | None:
    """Return the first full date of those found that can be that of publication."""
    own = (date.iso for date in found if date.says in ("published", "shown") and len(date.iso) >= len("2024-03-05"))
    return next((date for date in own if dates.plausible(date, fetched)), None)


def _date(source: str, value: str | None, says: Says) -> list[Date]:
    read = dates.iso(value) if value else None
    # Nobody writes a date in more characters; what stands after it is something else.
    return [Date(source, " ".join((value or "").split())[:40], read, says)] if read else []


def _explicit(document: Document, node: dict[str, Any], marked: Iterable[Any]) -> Iterator[Date]:
    """Yield the dates of publication, the cheap and explicit places first."""
    yield from _date("jsonld:datePublished", dom.line(dom.plain(node.get("datePublished"))), "published")
    meta = dict(reversed(document.meta))  # the first of each name
    for name in _DATE_NAMES:
        yield from _date(f"meta:{name}", meta.get(name), "published" if _PUBLICATION.search(name) else "shown")
    # Marked elements may be teasers' and updates': on two of 460 real pages they contradicted the head, both wrongly.
    yield from _in_elements(marked, "datePublished", "shown")
    # A page about a video or a recipe still says when it went up.
    for _, other in document.jsonld:
        kind = other.get("@type")
        if kind in ("WebPage", "VideoObject", "Recipe", "Review", "ClaimReview", "CreativeWork"):
            key = "datePublished" if other.get("datePublished") else "uploadDate"
            yield from _date(f"jsonld:{kind}.{key}", dom.line(dom.plain(other.get(key))), "shown")
    yield from _date("jsonld:dateCreated", dom.line(dom.plain(node.get("dateCreated"))), "shown")
    yield from _times(document.tree)


def _modified(document: Document, node: dict[str, Any], marked: Iterable[Any]) -> Iterator[Date]:
    yield from _date("jsonld:dateModified", dom.line(dom.plain(node.get("dateModified"))), "modified")
    for name, content in document.meta:
        if name in _MODIFIED_NAMES:
            yield from _date(f"meta:{name}", content, "modified")
    yield from _in_elements(marked, "dateModified", "modified")


def _in_elements(marked: Iterable[Any], key: str, says: Says) -> Iterator[Date]:
    """Yield the dates of elements that are marked as `key`; the first is the page's own, the others may be teasers'."""
    for element in [element for element in marked if element.get("itemprop") == key][:MOST_ELEMENTS]:
        value = element.get("content") or element.get("datetime") or "".join(element.itertext()).strip()
        for date in _date(_place(element), value, says):
            yield date
            says = "shown"


def _place(element: Any) -> str:
    return f"dom:{element.getroottree().getpath(element)}"


def _times(tree: Any) -> Iterator[Date]:
    """Yield the <time> elements from the headline on, those marked as publication first; then those before it."""
    marked: list[Any] = []
    after: list[Any] = []
    before: list[Any] = []
    headed = False
    for element in tree.iter("h1", "time"):
        if element.tag == "h1":
            headed = True
        elif not any(parent.tag in _ASIDE for parent in element.iterancestors()):
            signs = f"{element.get('class')} {element.get('itemprop')} {element.get('pubdate', 'None')}".lower()
            (marked if "publi" in signs else after if headed else before).append(element)
    for element in (*marked, *after, *before)[:MOST_ELEMENTS]:
        yield from _date(_place(element), element.get("datetime") or "".join(element.itertext()).strip(), "shown")


# A byline block, by what templates call it in the languages of the evaluation data.
_BYLINE_BLOCK = re.compile(
    r"(?:^|[\s_-])(?:date|datum|fecha|data|datetime|time|byline|firma|author|autor|dateline|posted|published|publi\w*|meta)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)")
_BYLINE_LENGTH = 120  # characters; a longer block is text


def _dated_bylines(tree: Any) -> Iterator[Date]:
    """Yield dates in digits that stand in a byline block: "Redacción / 20/05/2024".

    Day before month, as all but American pages write; on an English page only where no other reading is possible.
    """
    english = (tree.get("lang") or "en").lower().startswith("en")
    for element in tree.iter("div", "p", "span", "td", "li", "small", "em"):
        if not _BYLINE_BLOCK.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            continue
        shown = "".join(element.itertext()).strip()
        found = _NUMERIC_DATE.search(shown) if len(shown) <= _BYLINE_LENGTH else None
        if found is not None:
            day, month = int(found[1]), int(found[3])
            if month > 12:
                day, month = month, day
            elif english and day <= 12 and day != month:
                continue
            for date in _date(_place(element), f"{found[4]}-{month:02}-{day:02}", "shown"):
                yield replace(date, value=found[0])


def _address(url: str) -> Iterator[Date]:
    """Yield the date in the path of an address, as precise as it is: a month where it gives no day.

    >>> [date.iso for path in ("2024/3/05/rain", "2024/03/rain", "20240305/") for date in _address(f"http://a.example/{path}")]
    ['2024-03-05', '2024-03', '2024-03-05']
    """
    scheme = _SCHEME.match(url)
    found = _PATH.search(url, scheme.end()) if scheme else None
    if found is None:
        return
    year, month, day = found[1], found[2] or found[4] or found[6], found[3] or found[5] or found[7]
    iso = "-".join(part.zfill(2) for part in (year, month, day) if part)
    if dates.when(iso) is not None:
        yield Date("address", found[0].strip("/"), iso, "published")


def _searched(tree: Any, url: str, fetched: str | None) -> Iterator[Date]:
    """Yield what htmldate finds in the text and the markup of a page."""
    # It looks at the tags in the head again, and worse: from an impossible date it keeps the month and makes up the
    # day, and the canonical address, which may be the origin's, is a source to it. Its extensive search guesses.
    tree = copy(tree)
    for element in list(tree.iter("meta", "link")):
        element.drop_tree()
    latest = dates.day_after(fetched) if fetched else "2099-12-31"
    found = htmldate.find_date(tree, False, original_date=True, url=url, min_date=dates.EARLIEST, max_date=latest)
    yield from _date("dom:/html", found, "shown")


def of(page: Page, stated: Iterable[Date]) -> tuple[Date, ...]:
    """Return what the source of a page says of its date, what the page states itself, and when it was fetched."""
    given = _date("feed:published", page.published, "published")
    # Last-Modified is the day of the last change on some sites, and the second of the answer on most.
    served = (*_date("http:last-modified", page.last_modified, "shown"), *_date("http:date", page.served, "fetched"))
    return (*given, *stated, *served, *_date("date:fetched", page.fetched, "fetched"))


# -- what its text tells -----------------------------------------------------------------------------------------------


def told(body: str, found: Iterable[Cue], stated: tuple[Date, ...], published: str | None) -> tuple[Date, ...]:
    """Return days after `published` that an article tells of as past, or that an address it has its text from bears.

    Then it did not exist on the day it is dated. Nothing is said of days by which it was changed, or not fetched yet.
    """
    own = dates.when(published)
    if own is None:
        return ()
    late = [span[1] for date in stated if date.says == "modified" and (span := dates.when(date.iso))]
    seen = [span[1] for date in stated if date.says == "fetched" and (span := dates.when(date.iso))]
    after, before = max([own[1], *late]) + dated.APART, min([own[1] + 24.0 * TOLD_WITHIN, *seen])
    days = [
        Date(f"text:{begin}-{end}", body[begin:end], day, "told")
        for (begin, end), day in dates.written(body)
        if _past(body, begin, end)
    ]
    for cue in found:
        if cue.grade == "linked" and cue.points_to is not None and cue.points_to.url:
            days += [replace(date, source=cue.where, says="told") for date in _address(cue.points_to.url)]
    return tuple(date for date in days if (span := dates.when(date.iso)) and after < span[0] and span[0] <= before)


def _past(body: str, begin: int, end: int) -> bool:
    """Return whether the sentence around a date in the body tells of it as past."""
    before, after = body[max(0, begin - _AROUND) : begin], body[end : end + _AROUND]
    sentence = f"{_ENDS.split(before)[-1]} {_ENDS.split(after)[0]}"
    return _PAST.search(sentence) is not None and _NOT_YET.search(sentence) is None
