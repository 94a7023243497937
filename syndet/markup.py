"""Where on a page an attribution can stand: the blocks of the untouched tree that may credit somebody."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
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
# A block longer than this is running text, not a credit line.
LONGEST = 3000
# A single run of text longer than this is a paragraph; its words are read in the body, at a tenth of the cost.
WORDY = 400
# How many nodes before the first and after the last paragraph of the body still belong to the article: title block,
# picture and byline above; notes, tags and share bar below.
ABOVE, BELOW = 90, 70


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of page text: the element, its text with white space collapsed, and its links (text, address)."""

    node: Any
    text: str
    links: tuple[tuple[str, str], ...]
    byline: bool = False  # its class or id says it names the author or source
    lead: bool = False  # a paragraph that stands where the article begins
    after: bool = True  # stands after the last paragraph of the body
    keys: frozenset[str] = frozenset()  # the keys of patterns that its text holds

    @property
    def where(self) -> str:
        """Return the place as evidence writes it."""
        return f"dom:{self.node.getroottree().getpath(self.node)}"


def blocks(document: Document, body: str, url: str) -> Iterator[Block]:
    """Yield the blocks of the article that hold a key of a pattern, or that are marked as byline or source."""
    nodes = [n for n in document.tree.iter() if isinstance(n.tag, str) and n.tag not in _SKIPPED]
    first, last, title = _extent(nodes, body)
    spine = {id(n) for anchor in (title, first) if anchor is not None for n in nodes[anchor].iterancestors()}
    begin = min(n for n in (title, first, len(nodes)) if n is not None) if first is not None else 0
    end = len(nodes) if last is None else last + BELOW
    begin = max(0, begin - (ABOVE if first is not None and begin == first else 30))
    held = _holders(nodes[begin:end])
    order = {id(node): begin + index for index, node in enumerate(nodes[begin:end])}
    leads = 0
    for node in nodes[begin:end]:
        keys = held.get(id(node), frozenset())
        byline = _marked(node)
        paragraph = node.tag == "p" and leads < 4 and len(node.text or "") > 20
        if not (keys or byline or paragraph) or _outside(node, spine):
            continue
        block = _block(node, url)
        lead = paragraph and len(block.text) > 60
        leads += lead
        if not block.text or block.text.startswith("{") or len(block.text) > LONGEST:
            continue
        after = last is None or order[id(node)] > last
        yield Block(node, block.text, block.links, byline, lead and block.text[:60] not in body, after, keys)


def _extent(nodes: list[Any], body: str) -> tuple[int | None, int | None, int | None]:
    """Return the indices of the first and last node of the body, and of the headline above it."""
    first = last = title = None
    for index, node in enumerate(nodes):
        text = (node.text or "").strip()
        if node.tag == "h1":
            title = index if first is None or title is None else title
        elif len(text) > 40 and node.tag not in ("title", "a") and text[:80].split("\n")[0].strip() in body:
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
    for key, offset in wording.keys_in(wording.lower("\x00".join(pieces))):
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
    label = _label(node) + f" {node.get('itemprop') or ''} {node.get('rel') or ''}"
    return label != "   " and _BYLINE.search(label) is not None


def _outside(node: Any, spine: set[int]) -> bool:
    """Tell whether `node` stands in a picture's caption or in a part of the page that is not the article."""
    inner = True
    for level in (node, *node.iterancestors()):
        if id(level) in spine or level.tag in ("body", "html", "article", "main"):
            return False
        label = _label(level)
        if level.tag in _OUTSIDE_TAGS and not (level.tag == "footer" and _inside_article(level)):
            return True
        outside = _OUTSIDE.search(label) if label != " " else None
        # An article has a footer of its own, for tags and sources.
        if outside and not ("footer" in outside[0].lower() and _inside_article(level)):
            return True
        if inner and label != " " and _PICTURE.search(label):
            return True
        inner = inner and len(level) < 6
    return False


def _inside_article(node: Any) -> bool:
    return any(level.tag in ("article", "main") for level in node.iterancestors())


def _block(node: Any, url: str) -> Block:
    text = "".join(_texts(node, [LONGEST + 1]))
    lines = (re.sub(r"[ \t\r\xa0\u3000]+", " ", line).strip() for line in text.split("\n"))
    links = []
    if len(text) <= LONGEST:
        for anchor in node.iter("a"):
            href = absolute(anchor.get("href"), url)
            if href is not None:
                links.append((" ".join("".join(anchor.itertext()).split()), href))
    return Block(node, "\n".join(line for line in lines if line), tuple(links))


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
