"""Page -> Article | Skipped: decode, parse once, take the body out, read metadata and cues."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections import Counter
from copy import copy
from typing import Any

import trafilatura
from lxml.etree import XPath
from trafilatura.settings import Document as Extracted

from syndet import cues, dates, dating, dom, languages, letters, metadata, urls
from syndet.dom import Document
from syndet.metadata import Metadata
from syndet.models import Article, Cue, Page, Reason, Skipped

# Without a handler of its own, a library's warning on a bad page ends up on standard error.
for _name in ("trafilatura", "charset_normalizer", "courlan", "justext"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

MAX_BYTES = 10_000_000  # a larger page is no article, and parsing it takes seconds and a gigabyte

# The largest of 433 real pages has 4,098 elements. Trafilatura takes quadratic time in paragraphs of one container:
# 6 s for 50,000, 49 s for 150,000, and a night must not end on one page.
MAX_ELEMENTS = 50_000

# Fewer words than this are a headline or a notice, and no two of them can be told apart. Texts from here to 60 words
# are kept, as they deserve an honest answer. Counted in words of a spaced script (letters.weight).
MIN_WORDS = 20

# Paragraphs shorter than this are captions, teasers and labels (characters).
LONG_PARAGRAPH = 100
# Below this share of the page's long-paragraph text an extraction is doubted: 29 of 433 real pages, among them 9 of
# the 13 that lost a fifth of their article or more.
DOUBTFUL_SHARE = 0.55
# The pieces of a split article, put together, are all of one text, so any clear gain counts: benchmark F1 0.962 ->
# 0.965, four pages repaired (recall 0.14 to 0.47 -> 0.95 and more), none spoilt.
REJOINED_GAIN = 1.3
# Of the others, trafilatura's slow cascade is believed only where it finds this many times as much: at 5 it repairs
# two pages (recall 0.04, 0.11 -> 1.0) and spoils none; from 4.4 down it takes in readers' comments. The articleBody of
# the JSON-LD helped nowhere beyond that: where it is long, the page shows the text too, or it holds other texts.
SLOW_GAIN = 5.0

_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF file (WebP, WAV or AVI)"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"OggS", "an Ogg file"),
    (b"ID3", "an MP3 file"),
    (b"\x00\x00\x00\x18ftyp", "an MP4 video"),
    (b"\x00\x00\x00\x20ftyp", "an MP4 video"),
)
_FEED = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(rss|feed|rdf:RDF|urlset|sitemapindex|opml|svg)\b", re.DOTALL
)
_TAG = re.compile(r"<(?:!doctype\b|/?[a-z][a-z0-9]*(?:[\s/][^<>]*)?>)", re.IGNORECASE)

_count = XPath("count(//*)")


def extract(page: Page) -> Article | Skipped:
    """Return the article on `page`, or why there is none. Never raises; the same page always gives the same answer."""
    try:
        return _text_article(page) if page.kind == "text" else _html_article(page)
    # A page is what strangers wrote: whatever it does to the libraries, the batch goes on and the page is reported.
    except (Exception, RecursionError) as error:
        return _skipped(
            page, "extraction_failed", f"The extractor failed with {type(error).__name__}: {str(error)[:200]}"
        )


def _text_article(page: Page) -> Article | Skipped:
    content = _content(page)
    if isinstance(content, Skipped):
        return content
    body = dom.clean(content.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return _article(page, body, None, Metadata())


def _html_article(page: Page) -> Article | Skipped:
    content = _content(page)
    if isinstance(content, Skipped):
        return content
    if (other := _other_format(content)) is not None:
        return _skipped(page, "not_html", f"The page holds {other}, not HTML.")
    document = dom.parse(content)
    if document is None:
        return _skipped(page, "no_text", "No element is left of the page after parsing.")
    elements = int(_count(document.tree))
    if elements > MAX_ELEMENTS:
        return _skipped(page, "too_large", f"The page has {elements:,} elements; the limit is {MAX_ELEMENTS:,}.")
    declared = metadata.read(document, url=page.url, fetched=page.fetched)
    return _article(page, _body(document.tree), document, declared)


def _content(page: Page) -> str | Skipped:
    """Return the decoded text of `page`, not blank."""
    if len(page.data) > MAX_BYTES:
        return _skipped(page, "too_large", f"The page has {len(page.data):,} bytes; the limit is {MAX_BYTES:,}.")
    for magic, name in _MAGIC:
        if page.data.startswith(magic):
            return _skipped(
                page, "not_html", f"The page holds {name}, not {'text' if page.kind == 'text' else 'HTML'}."
            )
    content = dom.decode(page.data, page.charset)
    if content is None:
        return _skipped(page, "undecodable", "The bytes are text in no known encoding.")
    if not content.strip():
        return _skipped(page, "no_text", "The page is empty.")
    return content


def _other_format(content: str) -> str | None:
    """Return what `content` is when it is no HTML."""
    if (feed := _FEED.match(content[:5000])) is not None:
        return f"XML ({feed[1]})"
    if content.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        try:
            json.loads(content)
            return "JSON"
        except (ValueError, RecursionError):
            pass
    # Fragments without <html> are common in JSON Lines; a single tag makes one.
    return None if _TAG.search(content) else "plain text"


def _article(page: Page, body: str, document: Document | None, declared: Metadata) -> Article | Skipped:
    """Return the article with `body`; what the source said of it (`page`) goes before what the page declares."""
    words = letters.words(body)
    if not any(words):
        return _skipped(page, "no_text", "The page has no article text.")
    if len(words) < 4 * MIN_WORDS and sum(map(letters.weight, words)) < MIN_WORDS:
        count = sum(map(bool, words))
        return _skipped(page, "too_short", f"The text has {count} words; at least {MIN_WORDS} are needed.")
    site = urls.site(page.url)
    title = _given(page.title) or declared.title
    byline = _given(page.byline) or declared.byline
    found = cues.read(
        document, body, url=page.url, site=site, outlet=declared.outlet, title=title, byline=byline, links=page.links
    )
    published = dates.iso(page.published or "") or declared.published
    stated = dating.of(page, declared.dates)
    return Article(
        url=page.url,
        body=body,
        site=site,
        outlet=declared.outlet or _own_outlet(found),
        title=title,
        byline=byline,
        published=published,
        language=languages.code(page.language) or languages.of(declared.language, body),
        words=sum(map(bool, words)),
        fetched=_given(page.fetched),
        html=document is not None,
        cues=found,
        dates=(*stated, *dating.told(body, found, stated, published)),
        digest=hashlib.sha256(page.data).digest(),
    )


def _given(value: str | None) -> str | None:
    return " ".join(dom.clean(value or "").split()) or None


def _own_outlet(found: tuple[Cue, ...]) -> str | None:
    """Return the outlet that the page's own words name ("Example Daily does not always share the views ...")."""
    named = (cue.points_to.outlet for cue in found if cue.kind == "own_outlet" and cue.points_to)
    return next(filter(None, named), None)


def _body(tree: Any) -> str:
    """Return the article text of the page, one line a paragraph, "" where there is none."""
    body = _extracted(tree, fast=True)
    expected = sum(map(len, map(_content_of, tree.iter("p"))))
    if body and len(body) >= DOUBTFUL_SHARE * expected:
        return body
    rejoined = _rejoined(tree, body)
    if len(rejoined) > REJOINED_GAIN * len(body):
        return rejoined
    slow = _extracted(tree, fast=False)
    return slow if len(slow) > SLOW_GAIN * len(body) else body


def _extracted(tree: Any, *, fast: bool) -> str:
    """Return what trafilatura takes for the article; it works on its own copy of `tree`."""
    # fast, comments off, tables on: the best body F1 on the 181 benchmark pages (0.962 against 0.953 by default).
    # deduplicate stays False: it forgets text that the same process has seen on another page.
    found = trafilatura.bare_extraction(
        tree, fast=fast, include_comments=False, include_tables=True, deduplicate=False, with_metadata=False
    )
    return _lines(found.text or "") if isinstance(found, Extracted) else ""


def _rejoined(tree: Any, body: str) -> str:
    """Return the article text once its pieces, which advertisements had split into several containers, are one.

    Pieces have the same tag and class and stand in the same <article> (a page of many posts has one for each);
    the first sort is taken that holds most of `body`. "" where nothing is split.
    """
    flat = "".join(body.split())
    pieces: dict[tuple[str, str, Any], dict[Any, None]] = {}
    held: Counter[tuple[str, str, Any]] = Counter()
    tree = copy(tree)
    for paragraph in tree.iter("p"):
        parent, content = paragraph.getparent(), _content_of(paragraph)
        article = next(paragraph.iterancestors("article"), None)
        if not content or not parent.get("class") or article is None or parent is article:
            continue
        kind = (parent.tag, parent.get("class"), article)
        pieces.setdefault(kind, {})[parent] = None
        held[kind] += len(content) * ("".join(content.split()) in flat)
    if not held or len(split := pieces[max(held, key=held.__getitem__)]) < 2:
        return ""
    first, *others = split
    for other in others:
        if first not in other.iterancestors():
            first.extend(list(other))
    return _extracted(tree, fast=True)


def _content_of(paragraph: Any) -> str:
    """Return the text of a long paragraph, "" of a short one."""
    content = "".join(paragraph.itertext())
    return content if len(content) >= LONG_PARAGRAPH else ""


def _lines(content: str) -> str:
    return "\n".join(filter(None, map(str.strip, dom.clean(content).splitlines())))


def _skipped(page: Page, reason: Reason, detail: str) -> Skipped:
    digest = hashlib.sha256(page.data).digest() if page.data else None
    return Skipped(page.where, reason, detail, page.url, digest)
