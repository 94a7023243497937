"""What changed since clusters were last worked out -> clusters as they are now, with the ids that they had.

Whatever makes or cuts a link writes down whose ties it changed, in the same transaction (`unsettled`); here these
articles, and nobody else, find their place anew. All of it is stored in one transaction, so readers see the clusters of
before or those of now, and a night that was killed in between leaves the next one the same work. Whose origin and which
clusters changed is written down in the same transaction, for the feed of changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from syndet import claims, decide, groups
from syndet.clusters import member
from syndet.groups import Thing, Unions
from syndet.known import Event, Known, Member
from syndet.models import Link
from syndet.store import Store
from syndet.stored import Stored

# Articles that name one that is new, and so may go back to it now.
_MOST_NAMING = 10_000
# Ties of an article from which a copy more is heard by nobody (`witnesses` asks 40 at most).
_FEW = 100


def settle(store: Store, now: str, run: int | None = None) -> None:
    """Work out the clusters of all articles whose ties changed, once these are linked.

    The caller holds a transaction.
    """
    cut = store.clusters.unsettled()
    # A page that changed, and is not linked yet, would leave its cluster, part it, and come back with the night.
    if cut and not store.clusters.waiting():
        _settle(store, cut, set(), now, run)
        store.clusters.touched.clear()


def settle_own(store: Store, now: str) -> None:
    """Work out the clusters of the articles whose ties changed by way of this open store, and leave others' be.

    So that what one page changes is seen at once while a night is at work on many: it sees to its own in the end, and
    to clusters that wait for pages that it has not linked yet. The caller holds a transaction.
    """
    cut = {one: gone for one, gone in store.clusters.unsettled(store.clusters.touched).items() if store.index.has(one)}
    if cut:
        _settle(store, cut, store.clusters.unfinished(), now, None)
    store.clusters.touched.clear()


def _settle(store: Store, cut: Mapping[int, bool], unfinished: set[int], now: str, run: int | None) -> None:
    """Settle the articles in `cut`, each with whether a tie went away, but for the members of `unfinished` clusters."""
    concerned = {number: store.clusters.member(number) for number in _concerned(store, cut)}
    before = {number: old for number, old in concerned.items() if old is None or old.cluster not in unfinished}
    stored = Stored(store)
    gone = {number for number, lost in cut.items() if lost and number in before}
    first = store.clusters.next()
    settled = _Settling(before, gone, Known(stored, stored, before))
    places, moves, moved, events = settled.decided(first)
    store.links.save(settled.retold(stored))
    store.clusters.move(moved, moves)
    store.clusters.save(places)
    events += _ended(store, before, events)
    store.clusters.record(replace(one, run=run, happened=now) for one in events)
    store.clusters.settled(number for number in cut if number in before)
    store.clusters.unsettle((number for number in concerned if number not in before), cut=True)
    other = [one.id for one in places if _origin(one) != _origin(before[one.id])]
    other += [rival for number in other for rival in store.links.rivals(number)]
    # Where ways run in a circle, how probable each step is decides where they begin.
    store.changes.mark_origins({*other, *(number for number in gone if _in_a_circle(number, store))})
    met = {one.cluster for one in (*places, *(before[number] for number in gone | {p.id for p in places})) if one}
    met |= {*moves, *moves.values(), *moved.values()}
    store.changes.mark("cluster", sorted(_told(store, met, events, first)))


def _origin(place: Member | None) -> tuple[object, ...]:
    """Return what decides where an article comes from; an article that is new came from nowhere."""
    return (place.digest, place.source, place.external) if place is not None else (False, None, None)


def _in_a_circle(number: int, store: Store) -> bool:
    """Return whether the way from an article leads back to it."""
    met, here = set[int](), store.clusters.member(number)
    while here is not None and here.source is not None and here.id not in met:
        met.add(here.id)
        if here.source == number:
            return True
        here = store.clusters.member(here.source)
    return False


def _told(store: Store, met: Iterable[int | None], events: Iterable[Event], first: int) -> set[int]:
    """Return the clusters of which others are told, of those `met`: not of an article that is new and alone.

    `first` is the first id that was free before.
    """
    named = {number for one in events for number in (one.cluster, one.other) if number is not None}
    return named | {one for one in met if one is not None and (one < first or store.clusters.size(one) > 1)}


def _concerned(store: Store, cut: Mapping[int, bool]) -> list[int]:
    """Return the articles whose place may have changed, ascending: those with other ties, and who looks at theirs."""
    found, new = set(cut), list[int]()
    for number, gone in cut.items():
        if gone or store.clusters.member(number) is None:
            new.append(number)
            found.update(store.articles.naming(store.articles.require(number), _MOST_NAMING))
            found.update(store.clusters.followers(number))
    found |= _told_of(store, cut)
    # Two stories that a new page ties together make no digest any longer.
    found |= store.clusters.digests_of({*new, *(other for number in new for other in store.links.others(number))})
    return sorted(number for number in found if store.index.has(number))


def _told_of(store: Store, cut: Iterable[int]) -> set[int]:
    """Return the articles of which those in `cut` may tell something new (`witnesses`): who is tied to their like.

    Of a story on very many sites only where one of them names somebody: a copy more that does not is one of many.
    """
    here = [number for number in cut if store.index.has(number)]
    speaks = any(claims.reference(store.articles.require(number).cues) is not None for number in here)
    found = set[int]()
    for number in {other for one in here for other in store.links.others(one)}:
        others = store.links.others(number)
        if speaks or len(others) <= _FEW:
            found.update(others)
    return found


def _ended(store: Store, before: Mapping[int, Member | None], events: Iterable[Event]) -> list[Event]:
    """Return the end of clusters of which nobody is left and which went up in no other."""
    merged = {one.cluster for one in events if one.kind == "merged"}
    had = {old.cluster for old in before.values() if old is not None and old.cluster is not None} - merged
    return [Event(number, "ended", None) for number in sorted(had) if not store.clusters.size(number)]


class _Settling:
    """Groups of the articles `before` (id -> stored place) as they are now; those in `cut` lost a tie."""

    def __init__(self, before: Mapping[int, Member | None], cut: set[int], graph: Known):
        self._before, self._cut, self._graph = before, cut, graph
        self._unions = Unions()
        self._broken = dict[int, list[int]]()  # cluster that may be in parts now -> its members

    def decided(self, first: int) -> tuple[list[Member], dict[int, int], dict[int, int], list[Event]]:
        """Return the places that changed, clusters and articles that move as they are, and what became of ids.

        `first` is the first id that is free.
        """
        self._join()
        found = [group for group in self._unions.sets() if len(group) > 1 or group[0][0] == "article"]
        ids, events = groups.kept_ids([self._votes(group) for group in found], first)
        cluster = {thing: number for group, number in zip(found, ids, strict=True) for thing in group}
        places = []
        for number, old in self._before.items():
            now = member(number, self._graph)
            thing = self._thing(number)
            now = replace(now, cluster=None if now.digest else cluster.get(thing, thing[1]))
            if now != old:
                places.append(now)
        moves = {number: new for (kind, number), new in cluster.items() if kind == "cluster" and number != new}
        moved = {
            number: new
            for (kind, number), new in cluster.items()
            if kind == "article" and number not in self._before and self._stored(number) != new
        }
        return places, moves, moved, events

    def retold(self, stored: Stored) -> Iterator[Link]:
        """Yield the links to be written anew: third pages say who made the text of both ends, or do so no longer.

        They keep the evidence of their two articles: what third pages say is heard anew whenever they are read.
        """
        for number in self._before:
            kept = {link.other(number): link for link in stored.links(number)}
            for told in self._graph.links(number):
                link = kept.get(told.other(number))
                if link is None or told.review is not None or (told.state == "sibling") == (link.state == "sibling"):
                    continue
                if told.state == "sibling":
                    yield replace(link, state="sibling", relation=told.relation, direction=0.5, external=told.external)
                else:
                    yield decide.alone(link, self._graph.article(link.repost), self._graph.article(link.origin))

    def _join(self) -> None:
        """Find out what belongs together now."""
        for number, witnesses in self._witnesses().items():
            if len(witnesses) > 1 and not witnesses <= groups.walk(min(witnesses), self._graph, witnesses):
                kept = self._graph.kept.members(number) if self._graph.kept is not None else []
                self._broken[number] = [one.id for one in kept if not member(one.id, self._graph).digest]
        for members in self._broken.values():
            left = set(members)
            while left:
                part = groups.walk(min(left), self._graph)
                self._unions.join(self._thing(one) for one in sorted(part))
                left -= part
        for number, old in self._before.items():
            now = member(number, self._graph)
            if now.digest:
                continue
            # What had the same source before is in its cluster already, with all that it was tied to.
            same = old is not None and replace(old, cluster=None) == replace(now, cluster=None)
            others = [] if same and number not in self._cut else groups.near(number, self._graph)
            self._unions.join([self._thing(number), *map(self._thing, others)])

    def _witnesses(self) -> dict[int, set[int]]:
        """Return by cluster the members that hang together no more, unless by way of others."""
        found: dict[int, set[int]] = {}
        for number, old in self._before.items():
            if old is None or old.cluster is None:
                continue
            now = member(number, self._graph)
            if number in self._cut or now.digest or (old.source, old.external) != (now.source, now.external):
                ends = {number, *([old.source] if old.source is not None else [])}
                ends |= self._graph.ties(number).keys() if now.digest else set()
                mine = (end for end in ends if self._stored(end) == old.cluster)
                found.setdefault(old.cluster, set()).update(end for end in mine if not member(end, self._graph).digest)
        return found

    def _stored(self, number: int) -> int | None:
        """Return the cluster that an article was in."""
        old = self._before[number] if number in self._before else self._graph.stored(number)
        return old.cluster if old is not None else None

    def _thing(self, number: int) -> Thing:
        """Return what is joined for an article: its cluster, or itself where that is new or may be in parts."""
        old = self._stored(number)
        return ("article", number) if old is None or old in self._broken else ("cluster", old)

    def _votes(self, group: list[Thing]) -> Counter[int]:
        """Return by id how many members of a group had it."""
        votes = Counter[int]()
        for kind, number in group:
            if kind == "cluster":
                votes[number] += self._size(number)
            elif (old := self._stored(number)) is not None:
                votes[old] += 1
        return votes

    def _size(self, number: int) -> int:
        return len(self._graph.kept.members(number)) if self._graph.kept is not None else 0
