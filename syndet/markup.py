"""Where on a page an attribution can stand: the blocks of the untouched tree that may credit somebody."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from syndet import names, urls, wording
from syndet.dom import Document

_SKIPPED = {
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "select",
    "button",
    "textarea",
    "iframe",
    "head",
    "option",
}
_INLINE = {
    "a",
    "em",
    "i",
    "b",
    "strong",
    "span",
    "small",
    "cite",
    "u",
    "font",
    "time",
    "sup",
    "mark",
    "abbr",
    "bdi",
}
_OUTSIDE_TAGS = {"nav", "aside", "form", "footer", "figure", "figcaption", "picture", "dialog"}
# Blocks that are no part of the story. Tokens, so that "has-sidebar" or "commented" do not count.
_OUTSIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|related|recommend\w*|teasers?|sidebar|newsletter|cookies?|promos?|footer|colophon|legal"
    r"|copyright|carousel|most-?(?:read|popular|viewed)|trending|widget|menu|navbar|popup|modal|disqus|taboola|outbrain"
    r"|latest|read-?next|more-?(?:news|stories|from)|up-?next|ticker|cards?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"caption|photo|foto|(?:^|[\s_-])(?:image|img|picture|pic|bild|slide|video|thumb|legend|gallery|galerie)s?(?:$|[\s_-])"
    r"|credits?_container|(?:image|img|photo|media|picture)[\w-]*(?:credit|copyright|source)|bildquelle|figure",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"byline|by-line|(?:^|[\s_-])(?:authors?|autor\w*|writers?|agency|agencia|agentur|source|sources|quelle|fuente|fonte|zdroj"
    r"|signature|firma|provider|syndication|attribution|credit-line|source-org|dateline|contributor)(?:$|[\s_-])"
    r"|author[-_]?name|article[-_]?(?:author|source)|(?:^|\s)[\w-]*__(?:author|source|agency)",
    re.IGNORECASE,
)
_SPACE = re.compile(r"[ \t\r\xa0\u3000]+")
# A block longer than this is running text, not a credit line.
LONGEST = 3000
# A single run of text longer than this is a paragraph; its words are read in the body, at a tenth of the cost.
WORDY = 400
# How many nodes before the first and after the last paragraph of the body still belong to the article: title block,
# picture and byline above; notes, tags and share bar below.
ABOVE, BELOW = 90, 70
# Links without a label: how many are kept, how many are looked at, and how many nodes after the last paragraph they
# may stand.
MOST_LINKS, LOOKED_AT, BELOW_LINKS = 8, 200, 8


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text on the page `url`: the element, and its text with white space collapsed."""

    node: Any
    text: str
    url: str
    byline: bool = False  # its class or id says it names the author or source
    lead: bool = False  # a paragraph that stands where the article begins
    after: bool = True  # stands after the last paragraph of the body
    keys: frozenset[str] = frozenset()  # the keys of patterns that its text holds

    @property
    def where(self) -> str:
        """Return the place as evidence writes it."""
        return f"dom:{self.node.getroottree().getpath(self.node)}"

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """The links in it: text, and absolute address."""
        found = ((anchor, absolute(anchor.get("href"), self.url)) for anchor in self.node.iter("a"))
        return tuple((" ".join("".join(anchor.itertext()).split()), href) for anchor, href in found if href is not None)


@dataclass(frozen=True, slots=True)
class Layout:
    """The visible elements of a page in order, and which of them begin and end the body and head it (indices)."""

    nodes: list[Any]
    first: int | None
    last: int | None
    title: int | None

    def spine(self) -> set[int]:
        """Return the ids of what surrounds the headline and the beginning of the body."""
        anchors = (self.nodes[at] for at in (self.title, self.first) if at is not None)
        return {id(node) for anchor in anchors for node in anchor.iterancestors()}


def layout(document: Document, body: str) -> Layout:
    """Return where on a page its `body` stands."""
    nodes = [node for node in document.elements if node.tag not in _SKIPPED]
    return Layout(nodes, *_extent(nodes, body))


def blocks(laid: Layout, body: str, url: str) -> Iterator[Block]:
    """Yield the blocks of the article that hold a key of a pattern, or that are marked as byline or source."""
    nodes, first, last, title = laid.nodes, laid.first, laid.last, laid.title
    spine = laid.spine()
    begin = min(n for n in (title, first, len(nodes)) if n is not None) if first is not None else 0
    end = len(nodes) if last is None else last + BELOW
    begin = max(0, begin - (ABOVE if first is not None and begin == first else 30))
    held = _holders(nodes[begin:end])
    leads = 0
    for at, node in enumerate(nodes[begin:end], begin):
        keys = held.get(id(node), frozenset())
        byline = _marked(node)
        paragraph = node.tag == "p" and leads < 4 and len(node.text or "") > 20
        if not (keys or byline or paragraph) or _outside(node, spine):
            continue
        text = _text(node)
        lead = paragraph and len(text) > 60
        leads += lead
        if not text or text.startswith("{") or len(text) > LONGEST:
            continue
        after = last is None or at > last
        yield Block(node, text, url, byline, lead and text[:60] not in body, after, keys)


def outward(laid: Layout, url: str, site: str | None) -> dict[str, Any]:
    """Return the addresses on other sites that the text of a page links to, or has pictures from, with the element.

    The first and the last MOST_LINKS / 2; what people follow and share is left out. Of a long list of links only the
    beginning and the end are looked at.
    """
    if laid.first is None or laid.last is None:
        return {}
    spine, found = laid.spine(), dict[str, Any]()
    able = [node for node in laid.nodes[laid.first : laid.last + BELOW_LINKS] if node.tag in ("a", "img")]
    for node in able if len(able) <= LOOKED_AT else able[: LOOKED_AT // 2] + able[-LOOKED_AT // 2 :]:
        address = elsewhere(node.get("href" if node.tag == "a" else "src"), url, site)
        if address is None or address in found or urls.site(address) in _SOCIAL or _outside(node, spine):
            continue
        found[address] = node
    addresses = list(found)
    kept = addresses if len(addresses) <= MOST_LINKS else addresses[: MOST_LINKS // 2] + addresses[-MOST_LINKS // 2 :]
    return {address: found[address] for address in kept}


def _extent(nodes: list[Any], body: str) -> tuple[int | None, int | None, int | None]:
    """Return the indices of the first and last node of the body, and of the headline above it."""
    first = last = title = None
    for index, node in enumerate(nodes):
        text = node.text
        if node.tag == "h1":
            title = index if first is None or title is None else title
        elif text and len(text) > 40 and node.tag not in ("title", "a"):
            text = text.strip()
            if len(text) > 40 and text[:80].split("\n")[0].strip() in body:
                first, last = (index if first is None else first), index
    return first, last, title


def _holders(nodes: list[Any]) -> dict[int, frozenset[str]]:
    """Return, by the id of the node, the keys of patterns that the smallest blocks of `nodes` hold."""
    pieces: list[str] = []
    owners: list[Any] = []
    starts: list[int] = []
    at = 0
    for node in nodes:
        for text, owner in ((node.text, node), (node.tail, node.getparent())):
            if text and owner is not None and len(text) <= WORDY and not text.isspace():
                pieces.append(text)
                owners.append(owner)
                starts.append(at)
                at += len(text) + 1
    found: dict[int, frozenset[str]] = {}
    for key, offsets in wording.keys_in(wording.lower("\x00".join(pieces))).items():
        for offset in offsets[: wording.MOST]:
            for level in _levels(owners[bisect_right(starts, offset) - 1]):
                found[id(level)] = found.get(id(level), frozenset()) | {key}
    return found


def _levels(node: Any) -> Iterator[Any]:
    """Yield `node` and what surrounds it, up to the block it flows in."""
    for _ in range(4):
        yield node
        if node.tag not in _INLINE or node.getparent() is None or node.getparent().tag in ("body", "html", "main"):
            return
        node = node.getparent()


def _label(node: Any) -> str:
    return f"{node.get('class') or ''} {node.get('id') or ''}"


def _marked(node: Any) -> bool:
    labels = [value for name in ("class", "id", "itemprop", "rel") if (value := node.get(name))]
    return bool(labels) and _names_author(" ".join(labels))


# The elements of a page, and the pages of a site, have few labels between them; to search one takes long.
@lru_cache(10_000)
def _names_author(label: str) -> bool:
    return _BYLINE.search(label) is not None


@lru_cache(10_000)
def _aside(label: str) -> str | None:
    """Return the word of a label by which its element is no part of the story, None where there is none."""
    found = _OUTSIDE.search(label)
    return found[0].lower() if found is not None else None


@lru_cache(10_000)
def _of_picture(label: str) -> bool:
    return _PICTURE.search(label) is not None


def _outside(node: Any, spine: set[int]) -> bool:
    """Tell whether `node` stands in a picture's caption or in a part of the page that is not the article."""
    inner = True
    for level in (node, *node.iterancestors()):
        if id(level) in spine or level.tag in ("body", "html", "article", "main"):
            return False
        label = _label(level)
        if level.tag in _OUTSIDE_TAGS and not (level.tag == "footer" and _inside_article(level)):
            return True
        outside = _aside(label) if label != " " else None
        # An article has a footer of its own, for tags and sources.
        if outside and not ("footer" in outside and _inside_article(level)):
            return True
        if inner and label != " " and _of_picture(label):
            return True
        inner = inner and len(level) < 6
    return False


def _inside_article(node: Any) -> bool:
    return any(level.tag in ("article", "main") for level in node.iterancestors())


def _text(node: Any) -> str:
    """Return the text of a block with white space collapsed, more than LONGEST of it where there is more."""
    text = "".join(_texts(node, [LONGEST + 1]))
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _texts(node: Any, left: list[int]) -> Iterator[str]:
    """Yield the pieces of text in `node` in reading order, <br> as a newline, until `left[0]` code points are spent."""
    if isinstance(node.tag, str) and node.tag not in _SKIPPED:
        if node.tag == "br":
            yield "\n"
        for text, child in ((node.text, None), *((child.tail, child) for child in node)):
            if left[0] <= 0:
                return
            if child is not None:
                yield from _texts(child, left)
            if text:
                left[0] -= len(text)
                yield text.replace("\n", " ")


def absolute(href: str | None, url: str) -> str | None:
    """Return the web address that `href` on the page `url` leads to, None for anything else."""
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
        return None
    try:
        full = urljoin(url, href.strip())
        host = urlsplit(full).hostname
    except ValueError:
        return None
    return full if full.startswith(("http://", "https://")) and host and "." in host else None


# Caches, mirrors' back ends and hosts that serve a page for its owner: an address there says nothing.
_CARRIERS = {
    "ampproject.org", "feedburner.com", "feedproxy.google.com", "googleusercontent.com", "translate.goog",
    "cloudfront.net", "amazonaws.com", "wpengine.com", "azurewebsites.net", "herokuapp.com", "netlify.app",
    "vercel.app", "pantheonsite.io", "fastly.net", "akamaized.net", "archive.org", "archive.ph", "archive.is",
    "localhost", "bit.ly", "ow.ly", "doubleclick.net", "feedsportal.com", "cdn-apple.com", "wpenginepowered.com",
    "wp.com",
}  # fmt: skip
# Where people are followed and things are shared: a link there tells of no source.
_SOCIAL = {
    "facebook.com", "twitter.com", "x.com", "t.co", "instagram.com", "youtube.com", "youtu.be", "linkedin.com",
    "reddit.com", "whatsapp.com", "telegram.org", "t.me", "tiktok.com", "pinterest.com", "threads.net", "bsky.app",
    "google.com", "apple.com", "amazon.com", "amzn.to", "wikipedia.org", "wa.me", "flipboard.com", "vk.com", "ok.ru",
}  # fmt: skip
_PLATFORMS = {"wordpress.com", "blogspot.com", "medium.com", "substack.com", "tumblr.com", "github.io"}


def elsewhere(href: str | None, url: str, site: str | None) -> str | None:
    """Return the absolute address `href` when it is an article on another site than the page, None otherwise.

    Left out: home pages, caches and content networks, pictures' and people's platforms, and a platform's copy of
    the page's own path (a content system's back end).
    """
    full = absolute(href, url)
    if full is None or site is None:
        return None
    other = urls.site(full)
    parts = urlsplit(full)
    path = parts.path.rstrip("/")
    if other is None or other == site or (len(path) < 2 and not parts.query):
        return None
    # A customer of a platform or a carrier has a site of his own below it.
    above = {other, *(other.split(".", labels)[-1] for labels in range(1, other.count(".")))}
    if above & _CARRIERS:
        return None
    who = names.of_site(other)
    if who is not None and who.kind in ("photo", "data"):
        return None
    mine = urlsplit(url).path.rstrip("/")
    if above & _PLATFORMS and path and mine and path.rsplit("/", 1)[-1] == mine.rsplit("/", 1)[-1]:
        return None
    mine_known = names.of_site(site)
    return None if mine_known is not None and who is mine_known and mine_known.kind != "outlet" else full
