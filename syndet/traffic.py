"""Who copies whom, over all outlets: how often, how late, with what credit, how much is kept.

A copy is counted for the nearest page of another site on its way to the origin, as `exchange` does for one outlet. It
rests on the stored ways (table `clusters`), so a few that a lookup calls *possible* are among them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from syndet import answer, clusters, dates, names, urls
from syndet.corpus import Corpus
from syndet.known import Known
from syndet.models import Article
from syndet.store.listings import Tie
from syndet.stored import Stored

# The latest reposts that are read: a second or two of work.
READ = 10_000
# Addresses of one story on one site, one after the other, before the way leads to another site.
_MOST_HOPS = 10


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet; `site` is None where no page of it is stored."""

    site: str | None
    name: str

    @property
    def key(self) -> str:
        """What tells it from others."""
        return self.site or f"({self.name})"


@dataclass(frozen=True, slots=True)
class Flow:
    """The copies that one outlet made of another's pages. Figures are None where nothing is known of any copy."""

    source: Outlet
    copier: Outlet
    copies: int
    lag: float | None  # median, hours
    kept: float | None  # median share of the source's words
    html: int  # copies read from HTML, so that a missing credit means something
    credited: int  # of these, with a link or by name

    @property
    def credit(self) -> float | None:
        """The share of copies that give credit."""
        return self.credited / self.html if self.html else None


@dataclass(frozen=True, slots=True)
class Traffic:
    """Flows, the thickest first; `read` reposts were looked at, and `all` says whether these are all there are."""

    flows: Sequence[Flow]
    read: int
    all: bool

    def among(self, wanted: str = "", most: int | None = None) -> Sequence[Flow]:
        """Return the thickest `most` flows, of outlets in whose name or site `wanted` stands."""
        low = wanted.strip().lower()
        found = [flow for flow in self.flows if _named(flow.source, low) or _named(flow.copier, low)]
        return found[:most]


def _named(outlet: Outlet, low: str) -> bool:
    return low in outlet.name.lower() or low in (outlet.site or "")


@dataclass(frozen=True, slots=True)
class _Copy:
    source: Outlet
    copier: Outlet
    lag: float | None
    kept: float | None
    credit: str


# What was worked out last, by the state of the store: pages ask for it again and again, and it takes a second or two.
_last: dict[tuple[str, int, int], Traffic] = {}


def traffic(corpus: Corpus, read: int = READ) -> Traffic:
    """Return who copies whom, of the latest `read` reposts."""
    with corpus.reading():
        state = (*corpus.store.changes.state(), read)
        known = _last.get(state)
        if known is None:
            known = _traffic(corpus, read)
            _last.clear()
            _last[state] = known
        return known


def _traffic(corpus: Corpus, read: int) -> Traffic:
    stored = Stored(corpus.store)
    graph = Known(stored, stored)
    ties = list(corpus.store.listings.ties(read + 1))
    copies = [copy for tie in ties[:read] for copy in _copies(tie, graph)]
    called = _names(copies)
    flows = defaultdict[tuple[Outlet, Outlet], list[_Copy]](list)
    for copy in copies:
        flows[called[copy.source.key], called[copy.copier.key]].append(copy)
    made = (_flow(source, copier, some) for (source, copier), some in flows.items())
    ordered = sorted(made, key=lambda flow: (-flow.copies, flow.source.key, flow.copier.key))
    return Traffic(ordered, min(len(ties), read), len(ties) <= read)


def _flow(source: Outlet, copier: Outlet, copies: Sequence[_Copy]) -> Flow:
    html = [copy for copy in copies if copy.credit != "unknown"]
    return Flow(
        source,
        copier,
        len(copies),
        _median(copy.lag for copy in copies),
        _median(copy.kept for copy in copies),
        len(html),
        sum(copy.credit in ("linked", "named") for copy in html),
    )


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _copies(tie: Tie, graph: Known) -> list[_Copy]:
    """Return the copy that a tie tells of; none within one site, one for each source of a digest."""
    if tie.source is None and tie.external is None:
        parts = [
            (graph.article(part.origin), part.shared.containment_of_source if part.shared else None)
            for part in clusters.digest_parts(tie.article, graph)
        ]
        return [_copy(tie, source, kept) for source, kept in parts if source.site != tie.site]
    if tie.source is None:
        named = tie.external
        name = (named.outlet or (urls.site(named.url) if named.url else None) or named.title) if named else None
        site = urls.site(named.url) if named and named.url else None
        if not name or site == tie.site:
            return []
        given = answer.credit(_page(tie), [])
        return [_Copy(Outlet(None, name), _outlet(tie.site, tie.outlet), None, None, _known(given, tie))]
    source = Article(
        tie.source_url or "", "", tie.source_site, tie.source_outlet, tie.source_title, published=tie.source_published
    )
    if tie.source_site != tie.site:
        return [_copy(tie, source, tie.kept)]
    return _beyond(tie, tie.source, graph)


def _beyond(tie: Tie, here: int, graph: Known) -> list[_Copy]:
    """Return the copy of a page that goes back to another address of its own site, and from there to another site."""
    for _ in range(_MOST_HOPS):
        member = clusters.member(here, graph)
        if member.source is None:
            if member.external is None:
                return []
            return _copies(replace(tie, source=None, external=member.external), graph)
        here = member.source
        if (article := graph.article(here)).site != tie.site:
            return [_copy(tie, article, None)]
    return []


def _copy(tie: Tie, source: Article, kept: float | None) -> _Copy:
    page = _page(tie)
    given = _known(answer.credit(page, [source]), tie)
    ours, theirs = dates.when(tie.published), dates.when(source.published)
    lag = ours[0] - theirs[0] if ours and theirs and ours[2] and theirs[2] else None
    return _Copy(_outlet(source.site, source.outlet), _outlet(tie.site, tie.outlet), lag, kept, given)


def _known(credit: str, tie: Tie) -> str:
    return credit if tie.html else "unknown"


def _page(tie: Tie) -> Article:
    return Article("", "", tie.site, tie.outlet, html=tie.html, cues=tie.cues)


def _outlet(site: str | None, name: str | None) -> Outlet:
    return Outlet(site, name or site or "no name")


def _names(copies: Sequence[_Copy]) -> dict[str, Outlet]:
    """Return each outlet under one name: as listed, else the most frequent of those that its pages give."""
    given: dict[str, list[Outlet]] = defaultdict(list)
    for copy in copies:
        for outlet in (copy.source, copy.copier):
            given[outlet.key].append(outlet)
    found = {}
    for key, some in given.items():
        site = some[0].site
        who = names.of_site(site) if site else None
        counted = [outlet.name for outlet in some]
        found[key] = Outlet(site, who.name if who is not None else max(sorted(set(counted)), key=counted.count))
    # Two sites of one name are told apart by their sites.
    shared = Counter(outlet.name for outlet in found.values())
    return {key: Outlet(one.site, one.site) if one.site and shared[one.name] > 1 else one for key, one in found.items()}
