"""How a copy says where it is from: a line under it, its head, or the marks of an agency or a release."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Literal

from syndet.simulate.outlets import Outlet, place, wordings
from syndet.simulate.webpage import Credit, linked, paragraphs

# Of the credits, the forms that they take. In "line" and "feed" the reader sees them, in the others only a machine.
FORMS = {"line": 0.5, "feed": 0.1, "canonical": 0.14, "meta": 0.1, "based_on": 0.1, "provider": 0.06}
ABOVE = 0.25  # of the lines, those that stand before the article
TRACKED = 0.2  # of the addresses, those that carry the mark of a campaign
CLAIMS_ITSELF = 0.1  # of the pages that credit nobody, those whose head names themselves as the source
RELEASE_WIRES = ("PR Newswire", "PRNewswire", "GlobeNewswire", "Business Wire", "news aktuell", "ots")
_MONTHS = "January February March April May June July August September October November December".split()

Mark = Literal["head", "end"]


def nobody(outlet: Outlet, chance: Random) -> Credit:
    """Return the head of a page that credits nobody; some name themselves where others name their source."""
    meta = (("syndication-source", f"https://www.{outlet.domain}/"),) if chance.random() < CLAIMS_ITSELF else ()
    return Credit(meta=meta)


def credit(url: str, outlet: Outlet, title: str, language: str, chance: Random) -> tuple[str, Credit]:
    """Return the form of a credit, and the credit, to the page at `url` on `outlet`."""
    form = chance.choices(list(FORMS), list(FORMS.values()))[0]
    home = outlet.address("")
    if form in ("line", "feed"):
        kind = "credit" if form == "line" else "feed"
        target = f"{url}?utm_source=feed&utm_medium=rss" if chance.random() < TRACKED else url
        values = {"site": outlet.name, "domain": outlet.domain, "title": title}
        line = linked(chance.choice(wordings(language, kind)), target, home, values)
        if form == "line" and chance.random() < ABOVE:
            return form, Credit(above=(line,))
        return form, Credit(lines=(line,))
    if form == "canonical":
        return form, Credit(canonical=url)
    if form == "meta":
        return form, Credit(meta=((chance.choice(("syndication-source", "original-source")), url),))
    if form == "based_on":
        based = url if chance.random() < 0.5 else {"@type": "NewsArticle", "url": url, "headline": title}
        return form, Credit(data={"isBasedOn": based})
    return form, Credit(data={"provider": {"@type": "Organization", "name": outlet.name, "url": home}})


def places(kind: str, chance: Random) -> tuple[tuple[Mark, ...], bool]:
    """Return where a carrier keeps the marks of an agency or issuer, one place at least: (in the text, in the byline).

    A release has no byline.
    """
    while True:
        marks: tuple[Mark, ...] = tuple(mark for mark in ("head", "end") if chance.random() < 0.5)
        byline = kind == "wire" and chance.random() < 0.4
        if marks or byline:
            return marks, byline


def marked(
    body: str, maker: Outlet, kind: str, time: datetime, language: str, chance: Random,
    marks: tuple[Mark, ...], byline: bool = False,
) -> tuple[str, str | None]:  # fmt: skip
    """Return `body` with the marks of its maker at its head and its end, and the byline."""
    values = values_of(maker, time, language, chance)
    head, end = ("dateline", "agency_end") if kind == "wire" else ("release_head", "release_end")
    lines = paragraphs(body)
    if "head" in marks:
        gap = "" if language == "ja" else " "
        # A release goes out by one wire, whoever carries it; how an agency is set is the carrier's habit.
        habit = chance if kind == "wire" else Random(f"{maker.name} {time}")
        lines[0] = habit.choice(wordings(language, head)).format(**values) + gap + lines[0]
    if "end" in marks:
        lines.append(chance.choice(wordings(language, end)).format(**values))
    signed = chance.choice(wordings(language, "agency_byline")).format(**values) if byline else None
    return "\n\n".join(lines), signed


def values_of(maker: Outlet, time: datetime, language: str, chance: Random) -> dict[str, str]:
    """Return what is filled into the marks of an agency or issuer."""
    where = place(language, chance)
    return {
        "city": where, "CITY": where.upper(), "agency": maker.name, "issuer": maker.name, "domain": maker.domain,
        "name": chance.choice(wordings(language, "name")), "day": _day(time, language), "year": str(time.year),
    }  # fmt: skip


def _day(time: datetime, language: str) -> str:
    """Return the day as datelines write it; in numbers where the names of months are not known here."""
    if language == "en":
        return f"{_MONTHS[time.month - 1]} {time.day}"
    return f"{time.day}.{time.month}." if language not in ("ja", "ko") else f"{time.month}/{time.day}"
