"""What the register of licences says of a repost: permitted, not permitted or unknown.

"Permitted" and "not permitted" are said only where they hold by every reading of what is known: of the page's date,
which may be a day or a month wide or in no known zone, and of who the two sides are. All else is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from syndet import clusters, dated, dates, urls
from syndet.answer import external, stored
from syndet.known import Known
from syndet.licences import ANYBODY, NOBODY, Licence, Party, Who, party_of
from syndet.models import Answer, Article, Origin, Permission, Reference

# The states, that which needs a look most first: the order of reports.
STATES = ("not_permitted", "unknown", "permitted")
CALLED = {"not_permitted": "not permitted", "unknown": "unknown", "permitted": "permitted"}
# Clocks on the globe, hours ahead of UTC: what a day without a zone may be.
_ZONES = range(-12, 15)

# Of many lines about one source, those that are named where none of them is for a page.
MOST_LINES = 20
REMEMBERED = 10_000  # sides of reposts

Hours = tuple[float, float]  # [begin, end) in hours since 1970 UTC
Time = tuple[float, float, float | None]  # as `dates.clock`


def told(licence: Permission | None) -> list[str]:
    """Return in a line what the register says of a repost, none where it says nothing."""
    return [f"Licence: {CALLED[licence.state]}. {licence.why}"] if licence is not None else []


def counts_text(counts: Mapping[str, int]) -> str:
    """Return how many reposts are in each state.

    >>> counts_text({"permitted": 3, "not_permitted": 1})
    '1 not permitted, 0 unknown, 3 permitted'
    """
    return ", ".join(f"{counts.get(state, 0):,} {CALLED[state]}" for state in STATES)


# -- when ------------------------------------------------------------------------------------------------------------


def _published(repost: Article) -> tuple[list[Time], bool]:
    """Return the times, as `dates.clock`, that the page came out at or between, and whether any is of publication.

    Where its own dates contradict each other, all of them count. What has no date came out before it was fetched.
    """
    own = dates.clock(repost.published)
    if own is not None:
        doubts = (dates.clock(date.iso) for date in dated.doubts(repost))
        return [own, *(time for time in doubts if time is not None)], True
    fetched = dates.clock(repost.fetched)
    return ([(-math.inf, fetched[1], fetched[2] or 0.0)] if fetched is not None else []), False


def _readings(times: Sequence[Time], lines: Iterable[Licence]) -> Iterator[float]:
    """Yield the clocks, hours ahead of UTC, by which it is judged on which day a page came out.

    Days of the register are those of the page's own calendar and, where it gives a zone, those of UTC as well. A page
    without a zone may be on any clock of the globe; that matters only where a line gives times.
    """
    zones = {offset for _, _, offset in times if offset is not None}
    if zones:
        yield from {*zones, 0.0}
    else:
        yield from map(float, _ZONES if any(":" in end for one in lines for end in (one.begins, one.ends)) else (0,))


def _covered(span: Hours, windows: Iterable[Hours]) -> bool:
    """Return whether windows together, however they overlap, leave nothing of a span out."""
    at = span[0]
    for begin, end in sorted(windows):
        if begin > at:
            break
        at = max(at, end)
    return at >= span[1]


def _met(span: Hours, windows: Iterable[Hours]) -> bool:
    return any(begin < span[1] and span[0] < end for begin, end in windows)


def _in_time(repost: Article, lines: Sequence[Licence]) -> bool | None:
    """Return whether a page came out while one of these licences held, None where that cannot be told."""
    times, _ = _published(repost)
    if not times:
        return _covered((-math.inf, math.inf), (one.window(0.0) for one in lines)) or None
    inside, met = [], []
    for clock in _readings(times, lines):
        begins, ends = zip(*((t[0] - _ahead(t, clock), t[1] - _ahead(t, clock)) for t in times), strict=True)
        span, windows = (min(begins), max(ends)), [one.window(clock) for one in lines]
        inside.append(_covered(span, windows))
        met.append(_met(span, windows))
    return True if all(inside) else None if any(met) else False


def _ahead(time: Time, clock: float) -> float:
    return clock if time[2] is None else time[2]


# -- the answer --------------------------------------------------------------------------------------------------------


class Register:
    """A register, indexed by source and by licensee, with names as in the list in use when it was made."""

    def __init__(self, licences: Iterable[Licence]):
        self._lines: dict[str, list[tuple[Licence, Party]]] = {}
        self._parties: dict[str, Party | None] = {}
        self._licensees: dict[str, set[str]] = {}
        source = lru_cache(REMEMBERED)(party_of)
        for one in licences:
            if (party := source(one.source)) is not None:
                for key in party.found_by():
                    self._lines.setdefault(key, []).append((one, party))
            if one.licensee not in self._parties and one.licensee not in (ANYBODY, NOBODY):
                self._parties[one.licensee] = licensee = party_of(one.licensee)
                # Whoever is on no list any more may be anybody.
                for key in licensee.found_by() if licensee is not None else (ANYBODY,):
                    self._licensees.setdefault(key, set()).add(one.licensee)
        # A few outlets are copied again and again, by a few others.
        self._about = lru_cache(REMEMBERED)(self._about_source)
        self._for = lru_cache(REMEMBERED)(self._for_page)

    def judge(self, repost: Article, source: Origin) -> Permission:
        """Return whether `repost` may carry text of `source`."""
        (about, lines), told = self._about(Who.of(source)), _called(source)
        if not lines:
            more = " for certain" if about else ""
            return Permission("unknown", f"The register has no line about {told}{more}.")
        page = Who.of(repost)
        if page.site is not None:
            fits = self._for(page)
        else:  # it may be anybody's, whatever it calls its outlet
            fits = {one: one == ANYBODY or None for one in about.keys() - {NOBODY}}
        # Of each line whether it is about this source and for this page, or may be.
        found = [(one, certain and bool(fits[who])) for who in fits for one, certain in about.get(who, ())]
        found.sort(key=lambda item: (item[0].line, item[0].licensee, item[0].source))
        sure, perhaps = [one for one, certain in found if certain], [one for one, _ in found]
        if not perhaps:
            why = f"The register has no licence of {_called(repost)} for {told}."
            return Permission("not_permitted", why, lines)
        if sure and _in_time(repost, sure):
            held = sure if len(sure) == 1 else [one for one in sure if _in_time(repost, [one])] or sure
            return _permission("permitted", f"{_licensed(held)}.", held)
        if _in_time(repost, perhaps) is False:
            return _permission("not_permitted", f"It came out {_when(repost)}, and {_licensed(perhaps)}.", perhaps)
        if not sure or _in_time(repost, sure) is False:
            why = f"Whether {_listed(perhaps)} means this page and its source is open."
            return _permission("unknown", why, perhaps)
        return _permission("unknown", f"It came out {_when(repost)}, and {_licensed(sure)}: {_open(repost)}.", sure)

    def _about_source(self, who: Who) -> tuple[dict[str, list[tuple[Licence, bool]]], tuple[int, ...]]:
        """Return by licensee the lines that are, or may be, about a source, and whether they are for certain.

        With the numbers, at most MOST_LINES, of those that are for certain.
        """
        found: dict[str, dict[Licence, bool]] = {}
        for key in who.found_by():
            for one, party in self._lines.get(key, ()):
                if (fit := party.covers(who)) is not False:
                    found.setdefault(one.licensee, {})[one] = bool(fit)
        numbers = sorted({one.line for lines in found.values() for one, certain in lines.items() if certain})
        return {licensee: list(lines.items()) for licensee, lines in found.items()}, tuple(numbers[:MOST_LINES])

    def _for_page(self, page: Who) -> dict[str, bool | None]:
        """Return the licensees that a page, whose site is known, is or (None) may be."""
        found: dict[str, bool | None] = {ANYBODY: True}
        for key in (*page.found_by(), ANYBODY):
            for licensee in self._licensees.get(key, ()):
                party = self._parties[licensee]
                fit = party.covers(page) if party is not None else None
                if fit is not False:
                    found[licensee] = fit
        return found


def _permission(state: str, why: str, lines: Sequence[Licence]) -> Permission:
    numbers = tuple(dict.fromkeys(one.line for one in lines))
    why = why[:1].upper() + why[1:]
    return Permission(state, why, numbers, tuple(dict.fromkeys(one.terms for one in lines if one.terms)))  # type: ignore[arg-type]


def _called(one: Article | Origin) -> str:
    site = urls.host(one.url) if one.url else None
    outlet = " ".join((one.outlet or "").split())
    return f"{outlet} ({site})" if outlet and site else outlet or site or "a source that is not named"


def _licensed(lines: Sequence[Licence]) -> str:
    """Return what some lines say, the first of them in full."""
    one = lines[0]
    more = f" (and {_listed(lines[1:])})" if lines[1:] else ""
    return f"line {one.line} licenses {_anybody(one)} for {one.source}, {_term(one)}{more}"


def _anybody(one: Licence) -> str:
    return "anybody" if one.licensee == ANYBODY else one.licensee


def _listed(lines: Sequence[Licence]) -> str:
    numbers = list(dict.fromkeys(one.line for one in lines))
    shown = ", ".join(map(str, numbers[:5])) + (" ..." if len(numbers) > 5 else "")
    return f"line{'s' if len(numbers) > 1 else ''} {shown}"


def _term(one: Licence) -> str:
    begin, end = (f"from {one.begins}" if one.begins else ""), (f"to {one.ends}" if one.ends else "")
    return " ".join(filter(None, (begin, end))) or "at any time"


def _when(repost: Article) -> str:
    times, published = _published(repost)
    if published:
        return f"{repost.published}" + (", while other dates of the page say otherwise" if len(times) > 1 else "")
    return f"at an unknown time before it was fetched ({repost.fetched})" if times else "at an unknown time"


def _open(repost: Article) -> str:
    times, published = _published(repost)
    if not published or len(times) > 1:
        return "whether that was within the licence is open"
    begin, end, offset = times[0]
    if end - begin >= 24:
        return "it is dated no more precisely than that"
    return "that depends on the time zone" if offset is not None else "its time zone is not known"


def marked(answer: Answer, register: Register | None) -> Answer:
    """Return an answer with what the register says of it: None for what is no repost, or has its own site's text.

    It is judged by the root, from whom the rights are, whatever the way. A digest is as good as its worst part.
    """
    if answer.verdict != "repost" or register is None:
        return answer
    parts = (Origin(True, one.id, one.url, urls.site(one.url)) for one in answer.others if one.role == "source")
    roots = [answer.origin] if answer.origin is not None else parts
    return replace(answer, licence=worst(judged(register, answer.article, roots)))


def sources(number: int, graph: Known) -> list[Origin]:
    """Return whose text an article has: its root, stored or not; of a digest, that of each part."""
    if clusters.digest(number, graph):
        return [stored(graph.article(part.origin)) for part in clusters.digest_parts(number, graph)]
    found = clusters.source(number, graph)
    if found is None:
        return []
    return [stored(graph.article(found.id)) if found.id is not None else external(found.named or Reference())]


def judged(register: Register, repost: Article, roots: Iterable[Origin]) -> list[tuple[Origin, Permission]]:
    """Return what the register says of a page's text from each source; its own site needs no licence."""
    return [(one, register.judge(repost, one)) for one in roots if repost.site is None or one.site != repost.site]


def worst(parts: Iterable[tuple[Origin, Permission]]) -> Permission | None:
    """Return the permission that needs a look most."""
    return min((one for _, one in parts), key=lambda one: STATES.index(one.state), default=None)
