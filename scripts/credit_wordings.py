"""Every wording of data/syndication.tsv on a page of its own -> whether it is read, and as whose.

For scripts/evaluate_origin. Beside the scripts: it uses the generator and the extractor, and reads no file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from directions import called

from syndet import claims, urls
from syndet.extract import extract
from syndet.models import Article, Origin, Page, Reference
from syndet.simulate import clock, credits
from syndet.simulate.outlets import Outlet, agency, issuer, languages, outlets, wordings
from syndet.simulate.syndication import headline
from syndet.simulate.webpage import Credit, Sheet, linked, render

KINDS = ("credit", "feed", "dateline", "agency_end", "agency_byline", "release_head", "release_end")


@dataclass(frozen=True, slots=True)
class Reading:
    """One wording and what was read of it: the right name or address, another one, or nothing."""

    language: str
    kind: str
    wording: str
    result: str  # right, another, nothing
    found: Reference | None


def readings(bodies: dict[str, str]) -> Iterator[Reading]:
    """Yield what is read of each wording; `bodies`: an article for each language that should be asked for."""
    for language in languages():
        if language not in bodies:
            continue
        for kind in KINDS:
            for wording in wordings(language, kind, fall_back=False):
                yield _reading(language, kind, wording, bodies[language])


def _reading(language: str, kind: str, wording: str, body: str) -> Reading:
    chance = Random(f"wording {language} {kind} {wording}")
    own, source = outlets(language)[:2]
    title, byline, credit = headline(body), None, Credit()
    if kind in ("credit", "feed"):
        values = {"site": source.name, "domain": source.domain, "title": title}
        line = linked(wording, source.address("news/12345"), source.address(""), values)
        credit, wanted = Credit(lines=(line,)), [source.name, source.domain]
    else:
        source = (issuer if kind.startswith("release") else agency)(language, chance)
        values = credits.values_of(source, clock.start(chance), language, chance)
        line, wanted = wording.format(**values), [source.name, *credits.RELEASE_WIRES * kind.startswith("release")]
        if kind == "agency_byline":
            byline = line
        elif kind in ("dateline", "release_head"):
            body = f"{line} {body}"
        else:
            body = f"{body}\n\n{line}"
    sheet = Sheet(own, "news/54321", language, title, body, byline, credit=credit)
    return _judged(language, kind, wording, sheet, wanted, chance, source)


def _judged(
    language: str, kind: str, wording: str, sheet: Sheet, wanted: list[str], chance: Random, source: Outlet
) -> Reading:
    address = sheet.outlet.address(sheet.path)
    article = extract(Page(address, render(sheet, chance), "html", "wording"))
    found = claims.reference(article.cues) if isinstance(article, Article) else None
    if found is None:
        return Reading(language, kind, wording, "nothing", None)
    right = names_it(found, wanted) or (found.url is not None and urls.site(found.url) == source.domain)
    return Reading(language, kind, wording, "right" if right else "another", found)


def names_it(found: Reference, wanted: list[str]) -> bool:
    """Return whether a reference is to one of those that are `wanted`, by name or by site."""
    return called(Origin(False, url=found.url, outlet=found.outlet), wanted)
