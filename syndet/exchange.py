"""Who copies whom: what an outlet takes from others, and they from it; how late, how much, what is cut and added.

It rests on the same ways to a source as answers do (`clusters.source`), so a copy counts here where a lookup of it says
so. A copy is of the nearest page of another site on that way: of a copy of a copy, the copy.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from syndet import clusters, dates, letters, names, permits, text, urls
from syndet.answer import credit
from syndet.known import Known
from syndet.models import Article, Link, Permission, Reference, Span
from syndet.permits import Register

Credit = Literal["linked", "named", "generic", "none", "unknown"]
# Of each partner the latest copies that are read for habits; a habit shows in fewer.
READ = 50
# From so many copies on, and in at least half of them, something is a habit.
LEAST, SHARE = 3, 0.5
# Of each partner and kind, the most frequent habits that are told.
MOST = 5
# Shorter sentences are not told: two pages have "Read more." in common by chance.
WORDS = 4
# A sentence is missing in the other body where passages hold less of it than this (a name, a set phrase).
MISSING = 0.2
# A body of fewer paragraphs has no places to speak of.
PARAGRAPHS = 5
PLACES = {
    0: "the first paragraph",
    1: "the second paragraph",
    -2: "the last paragraph but one",
    -1: "the last paragraph",
}


@dataclass(frozen=True, slots=True)
class Copy:
    """One page that has its text from another site. `source` is None where that is not stored."""

    article: int
    source: int | None
    site: str | None  # of the other side, as seen from the outlet
    name: str | None
    month: str | None  # in which the copy was published
    published: str
    lag: float | None  # hours after the source, where both tell time and zone
    kept: float | None  # share, 0..1, of the words of the source
    html: bool
    credit: Credit
    link: Link | None
    licence: Permission | None


@dataclass(frozen=True, slots=True)
class Habit:
    """What a copy leaves out of its source, or puts in, again and again: a place, or a sentence in its own words."""

    kind: Literal["cut", "cut_place", "added"]
    what: str
    copies: int  # in so many of those that were read


@dataclass(frozen=True, slots=True)
class Partner:
    """Whom an outlet copies, or who copies it. `site` is None where no page of theirs is stored."""

    site: str | None
    name: str | None
    sister: bool  # of one owner or edition with the outlet, as answers say
    copies: int
    months: tuple[tuple[str | None, int], ...]
    lag: float | None  # median, hours
    timed: int  # copies that `lag` is of
    kept: float | None  # median
    aligned: int  # copies that `kept` is of
    html: int  # copies that were read from HTML, so that a missing credit means something
    credits: tuple[tuple[Credit, int], ...]  # of these
    licences: tuple[tuple[str, int], ...]  # copies by what the register says; empty where none is kept
    read: int  # copies that were read for habits
    habits: tuple[Habit, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """An outlet and its partners, those with most copies first."""

    site: str
    name: str | None
    owner: str | None
    sisters: tuple[str, ...]  # listed sites of the same outlet or owner
    stored: int  # articles
    skipped: int  # newer ones that were passed over
    read: int  # articles that all figures are of
    months: tuple[tuple[str | None, int], ...]  # the output: articles that were read
    copying: int  # of these, articles that have text of others
    copied: int  # of these, articles that others have text of
    takes: tuple[Partner, ...]
    gives: tuple[Partner, ...]


def exchange(
    site: str, ids: Sequence[int], stored: int, skipped: int, graph: Known, register: Register | None = None
) -> Exchange:
    """Return what the articles `ids` of a site, of `stored` ones, take from other sites, and these from them.

    Licences are judged by `register`, where one is kept.
    """
    taken: list[Copy] = []
    given: list[Copy] = []
    months: Counter[str | None] = Counter()
    called: list[str | None] = []
    for number in ids:
        article = graph.article(number)
        months[_month(article)] += 1
        called.append(article.outlet)
        own = [_copy(number, source, named, graph, register, seen=False) for source, named in _sources(number, graph)]
        taken += own
        given += [_copy(other, number, None, graph, register, seen=True) for other in _followers(number, site, graph)]
    who = names.of_site(site)
    return Exchange(
        site=site,
        name=_called(site, called),
        owner=(who.owner or None) if who is not None else None,
        sisters=names.sisters(site),
        stored=stored,
        skipped=skipped,
        read=len(ids),
        months=_by_month(months),
        copying=len({copy.article for copy in taken}),
        copied=len({copy.source for copy in given}),
        takes=_partners(taken, graph),
        gives=_partners(given, graph),
    )


# -- copies ----------------------------------------------------------------------------------------------------------


def _sources(number: int, graph: Known) -> list[tuple[int | None, Reference | None]]:
    """Return whose text an article has: stored articles of other sites, else an origin outside the store."""
    if clusters.digest(number, graph):
        return [(part.origin, None) for part in clusters.digest_parts(number, graph)]
    found = clusters.source(number, graph)
    if found is None:
        return []
    site = graph.article(number).site
    for hop in (found.via, found.id):
        if hop is not None and graph.article(hop).site != site:
            return [(hop, None)]
    return [(None, found.named)] if found.named is not None else []


def _followers(number: int, site: str, graph: Known) -> Iterator[int]:
    """Yield the articles of other sites that have the text of this one; only ties are followed."""
    for other in sorted(graph.ties(number)):
        if graph.article(other).site != site and any(source == number for source, _ in _sources(other, graph)):
            yield other


def _copy(
    number: int, source: int | None, named: Reference | None, graph: Known, register: Register | None, *, seen: bool
) -> Copy:
    """Return the record of a copy; `seen`: from its source, so that the copy is the partner."""
    article, first = graph.article(number), graph.article(source) if source is not None else None
    links = graph.links(number) if source is not None else []
    link = next((one for one in links if one.other(number) == source and one.shared is not None), None)
    shared = link.seen_from(number) if link is not None else None
    root = clusters.source(number, graph)
    partner = article if seen else first
    roots = [graph.article(root.id)] if root is not None and root.id is not None and root.id != source else []
    return Copy(
        article=number,
        source=source,
        site=partner.site if partner is not None else None,
        name=partner.outlet if partner is not None else _name(named),
        month=_month(article),
        published=article.published or "",
        lag=_lag(article, first) if first is not None else None,
        kept=shared.containment_of_source if shared is not None else None,
        html=article.html,
        credit=credit(article, [first, *roots] if first is not None else []),
        link=link,
        licence=_licence(number, source, graph, register) if register is not None else None,
    )


def _licence(number: int, source: int | None, graph: Known, register: Register) -> Permission | None:
    """Return what the register says of a copy; of a digest, of the part that is from this source."""
    roots = permits.sources(number, graph)
    if clusters.digest(number, graph):
        roots = [one for one in roots if one.id == source]
    return permits.worst(permits.judged(register, graph.article(number), roots))


def _name(named: Reference | None) -> str | None:
    if named is None:
        return None
    return named.outlet or (urls.site(named.url) if named.url else None)


def _month(article: Article) -> str | None:
    found = (article.published or "")[:7]
    return found if len(found) == 7 else None


def _lag(article: Article, source: Article) -> float | None:
    """Return by how many hours an article is later, None unless both give time and zone: a day is a day wide."""
    ours, theirs = dates.when(article.published), dates.when(source.published)
    return ours[0] - theirs[0] if ours and theirs and ours[2] and theirs[2] else None


# -- partners --------------------------------------------------------------------------------------------------------


def _partners(copies: Iterable[Copy], graph: Known) -> tuple[Partner, ...]:
    by_partner: dict[tuple[str | None, str | None], list[Copy]] = defaultdict(list)
    for copy in copies:
        # What a site is called may differ from page to page.
        by_partner[copy.site, None if copy.site else copy.name].append(copy)
    made = (_summed(some, graph) for some in by_partner.values())
    return tuple(sorted(made, key=lambda one: (-one.copies, one.site or "", one.name or "")))


def _summed(copies: list[Copy], graph: Known) -> Partner:
    site = copies[0].site
    lags = [copy.lag for copy in copies if copy.lag is not None]
    kept = [copy.kept for copy in copies if copy.kept is not None]
    html = [copy for copy in copies if copy.html]
    latest = sorted((copy for copy in copies if copy.link), key=lambda copy: copy.published, reverse=True)[:READ]
    return Partner(
        site=site,
        name=_called(site, (copy.name for copy in copies)),
        sister=any(copy.link is not None and copy.link.relation == "sister" for copy in copies),
        copies=len(copies),
        months=_by_month(Counter(copy.month for copy in copies)),
        lag=median(lags) if lags else None,
        timed=len(lags),
        kept=median(kept) if kept else None,
        aligned=len(kept),
        html=len(html),
        credits=tuple(sorted(Counter(copy.credit for copy in html).items())),
        licences=_licences(copies),
        read=len(latest),
        habits=_habits(latest, graph),
    )


def _licences(copies: Iterable[Copy]) -> tuple[tuple[str, int], ...]:
    counted = Counter[str](copy.licence.state for copy in copies if copy.licence is not None)
    return tuple((state, counted[state]) for state in permits.STATES) if counted else ()


def _called(site: str | None, given: Iterable[str | None]) -> str | None:
    """Return the name of an outlet: as listed, else the most frequent of those that pages give."""
    who = names.of_site(site)
    counted = Counter(name for name in given if name)
    return who.name if who is not None else max(counted, key=lambda name: (counted[name], name), default=None)


def _by_month(months: Counter[str | None]) -> tuple[tuple[str | None, int], ...]:
    return tuple(sorted(months.items(), key=lambda item: item[0] or "~"))


# -- habits ----------------------------------------------------------------------------------------------------------


def _habits(copies: Sequence[Copy], graph: Known) -> tuple[Habit, ...]:
    """Return what is cut or added in most of these copies, the most frequent first."""
    told: dict[Literal["cut", "cut_place", "added"], Counter[str]] = {
        "cut_place": Counter(), "cut": Counter(), "added": Counter()
    }  # fmt: skip
    for copy in copies:
        shared = copy.link.seen_from(copy.article) if copy.link is not None else None
        if shared is None or copy.source is None:
            continue
        ours, theirs = graph.article(copy.article), graph.article(copy.source)
        cut = _only(theirs, [passage.source for passage in shared.passages], ours)
        added = _only(ours, [passage.article for passage in shared.passages], theirs)
        told["cut_place"].update(_places(theirs, cut))
        told["cut"].update({_told(theirs.body, span) for span in cut})
        told["added"].update({_told(ours.body, span) for span in added})
    least = max(LEAST, SHARE * len(copies))
    return tuple(
        Habit(kind, what, count)
        for kind, counted in told.items()
        for what, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:MOST]
        if what and count >= least
    )


def _sentences(article: Article) -> list[tuple[Span, tuple[str, ...]]]:
    """Return the sentences of an article, place and words, without its headline: each outlet has its own."""
    title = tuple(letters.words(article.title or ""))
    found = ((span, tuple(letters.words(article.body[slice(*span)]))) for span in text.sentences(article.body))
    return [(span, words) for span, words in found if words != title]


def _only(article: Article, shared: Sequence[Span], other: Article) -> list[Span]:
    """Return the sentences of an article that neither stand in the other nor are much of a shared passage."""
    there = {words for _, words in _sentences(other)}
    found = []
    for span, words in _sentences(article):
        inside = sum(max(0, min(end, span[1]) - max(begin, span[0])) for begin, end in shared)
        if inside < MISSING * (span[1] - span[0]) and words not in there:
            found.append(span)
    return found


def _places(article: Article, cut: Sequence[Span]) -> set[str]:
    """Return the places of the paragraphs of an article that consist of cut sentences."""
    paragraphs: list[list[Span]] = []
    end = None
    for span, _ in _sentences(article):
        if end is None or "\n" in article.body[end : span[0]]:
            paragraphs.append([])
        paragraphs[-1].append(span)
        end = span[1]
    if len(paragraphs) < PARAGRAPHS:
        return set()
    gone = set(cut)
    return {name for place, name in PLACES.items() if all(span in gone for span in paragraphs[place])}


def _told(body: str, span: Span) -> str:
    """Return a sentence on one line, empty where it is too short to be told."""
    sentence = body[slice(*span)]
    return " ".join(sentence.split()) if letters.count(sentence) >= WORDS else ""
