"""A story on a site of its own look -> a whole HTML page: head, furniture, article, credit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from random import Random
from typing import Any

from syndet import letters, text
from syndet.simulate.outlets import Outlet, wordings
from syndet.simulate.phrases import FURNITURE, Furniture

# Words; a longer paragraph is set as several. Bodies from collections of plain text often are one line.
_PARAGRAPH = 120
_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Credit:
    """What a page says of where its text is from.

    `lines` stand under the article, `above` before it; both are HTML. `canonical`: the address that the page calls its
    own. `meta`: (name, content). `data`: keys of its JSON-LD.
    """

    lines: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    canonical: str | None = None
    meta: tuple[tuple[str, str], ...] = ()
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on one page. `stated`: its date in ISO 8601; `modified`: that of its last change."""

    outlet: Outlet
    path: str
    language: str
    title: str
    body: str
    byline: str | None = None
    stated: str | None = None
    modified: str | None = None
    caption: str | None = None
    credit: Credit = Credit()
    related: tuple[str, ...] = ()


def paragraphs(body: str) -> list[str]:
    """Return the paragraphs of `body`, long ones in groups of sentences.

    >>> paragraphs("One.\\n\\nTwo.")
    ['One.', 'Two.']
    """
    found = []
    for line in filter(None, map(str.strip, body.split("\n"))):
        spans = text.sentences(line) if letters.count(line) > _PARAGRAPH else []
        groups = [spans[at : at + _SENTENCES] for at in range(0, len(spans), _SENTENCES)]
        found += [line[group[0][0] : group[-1][1]].strip() for group in groups] or [line]
    return found


def linked(wording: str, to: str, home: str, values: dict[str, str]) -> str:
    """Return a wording of data/syndication.tsv as HTML; `to` and `home`: where <a> and <home> lead."""
    # Values are escaped before the marks become tags, so no title can open one.
    written = wording.format(**{name: escape(value) for name, value in values.items()})
    written = written.replace("<a>", f'<a href="{escape(to)}">').replace("<home>", f'<a href="{escape(home)}">')
    return written.replace("</home>", "</a>")


def render(sheet: Sheet, chance: Random) -> bytes:
    """Return the page in UTF-8; `chance` decides where the date stands."""
    own = FURNITURE.get(sheet.language, FURNITURE["en"])
    head, dated = _head(sheet, chance)
    main = _article(sheet, dated)
    before, after = _around(sheet, own)
    return (
        f'<!DOCTYPE html>\n<html lang="{sheet.language}">\n<head>\n<meta charset="utf-8">\n{head}</head>\n'
        f"<body>\n{before}{main}{after}</body>\n</html>\n"
    ).encode()


def _head(sheet: Sheet, chance: Random) -> tuple[str, str]:
    """Return what stands in the head, and the line with the date above the article."""
    outlet, credit, address = sheet.outlet, sheet.credit, sheet.outlet.address(sheet.path)
    lines = [f"<title>{escape(sheet.title)} | {escape(outlet.name)}</title>"]
    lines.append(f'<meta property="og:site_name" content="{escape(outlet.name)}">')
    lines.append(f'<meta property="og:title" content="{escape(sheet.title)}">')
    canonical = credit.canonical or (address if outlet.skin != 3 else None)
    if canonical:
        lines.append(f'<link rel="canonical" href="{escape(canonical)}">')
    lines += [f'<meta name="{name}" content="{escape(content)}">' for name, content in credit.meta]
    data: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": sheet.title, "url": address,
        "publisher": {"@type": "Organization", "name": outlet.name},
    }  # fmt: skip
    if sheet.byline and outlet.skin == 0:
        data["author"] = {"@type": "Person", "name": sheet.byline}
    # A date stands in one place, two or three.
    places = chance.choice([("data",), ("meta",), ("time",), ("data", "meta"), ("data", "time"), ("meta", "time")])
    dated = ""
    if sheet.stated:
        if "data" in places:
            data["datePublished"] = sheet.stated
        if "meta" in places:
            lines.append(f'<meta property="article:published_time" content="{sheet.stated}">')
        shown = sheet.stated[:16].replace("T", " ") if "T" in sheet.stated else sheet.stated
        line = escape(wordings(sheet.language, "date")[0].format(written=shown))
        mark = f' datetime="{sheet.stated}"' if "time" in places else ""
        dated = f'<p class="date"><time{mark}>{line}</time></p>\n' if mark else ""
    if sheet.modified:
        data["dateModified"] = sheet.modified
    data |= credit.data
    if outlet.skin != 2 or credit.data or "datePublished" in data:
        written = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
        lines.append(f'<script type="application/ld+json">{written}</script>')
    return "\n".join(lines) + "\n", dated


def _article(sheet: Sheet, dated: str) -> str:
    """Return the article with its headline, byline, picture and credit."""
    lines = [f"<h1>{escape(sheet.title)}</h1>"]
    if sheet.byline:
        lines.append(f'<p class="byline"><span class="author">{escape(sheet.byline)}</span></p>')
    if dated:
        lines.append(dated.strip())
    if sheet.caption:
        caption = f"<figcaption>{escape(sheet.caption)}</figcaption>"
        lines.append(f'<figure><img src="/picture.jpg" alt="">{caption}</figure>')
    lines += [f"<p>{line}</p>" for line in sheet.credit.above]
    lines += [f"<p>{escape(line)}</p>" for line in paragraphs(sheet.body)]
    lines += [f"<p>{line}</p>" for line in sheet.credit.lines]
    content = "\n".join(lines)
    outside = ("<article>", "</article>"), ('<main><article class="post">', "</article></main>")
    inside = ('<div class="content"><div class="article-body">', "</div></div>"), ("<main>", "</main>")
    begin, end = (*outside, *inside)[sheet.outlet.skin]
    return f"{begin}\n{content}\n{end}\n"


def _around(sheet: Sheet, own: Furniture) -> tuple[str, str]:
    """Return menu and header, and what follows the article: related stories, newsletter, notices."""
    site, skin = sheet.outlet.name, sheet.outlet.skin

    def written(texts: Sequence[str]) -> str:
        return escape(texts[skin % len(texts)].format(site=site))

    menu = "".join(f'<li><a href="/{number}">{escape(line)}</a></li>' for number, line in enumerate(own.lines[:4]))
    before = f'<header><a href="/">{escape(site)}</a></header>\n<nav><ul>{menu}</ul></nav>\n'
    stories = "".join(
        f'<li><a href="/story/{number}">{escape(title)}</a></li>' for number, title in enumerate(sheet.related)
    )
    aside = f'<aside class="related"><ul>{stories}</ul></aside>\n' if stories else ""
    letter = f'<section class="newsletter"><p>{written(own.newsletter)}</p></section>\n' if skin % 2 else ""
    cookies = f'<div class="cookie-banner"><p>{written(own.cookies)}</p></div>\n' if skin == 1 else ""
    return before, f"{aside}{letter}<footer><p>{written(own.notice)}</p></footer>\n{cookies}"
