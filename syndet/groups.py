"""Ways and links -> clusters: who belongs together, what a cluster comes to, which id it keeps.

A cluster is a star around an origin. An article joins what it goes back to, and whoever tells the same story as a
whole; a part in common with somebody else joins nobody, nor does a digest. Who was stored first makes no difference,
except to the number that a cluster has as its id.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from syndet import origin, urls
from syndet.clusters import age, member, source
from syndet.errors import UsageError
from syndet.known import Event, Known, Member, Source
from syndet.models import Article, Cluster, Reference

# How many articles are visited for one answer where no cluster is stored.
MAX_MEMBERS = 1_000
# Who speaks for a cluster: its "origin", its "earliest" article, or the first of these sites that has one in it.
Policy = str | Sequence[str]


def policy(given: Policy) -> Policy:
    """Return who is to speak for a cluster, sites in the form in which articles have theirs. Raises UsageError.

    >>> policy("earliest"), policy(["www.harbour-courier.example", "https://a.example/"])
    ('earliest', ('harbour-courier.example', 'a.example'))
    """
    if isinstance(given, str):
        if given not in ("origin", "earliest"):
            raise UsageError(f'The representative is "origin", "earliest" or a list of sites, not {given!r}.')
        return given
    return tuple(urls.site(one if "://" in one else f"https://{one}/") or one for one in given)


@dataclass(frozen=True, slots=True)
class Place:
    """A member: its article, the number of hops to its root (0: it is one), and where it comes from."""

    article: Article
    hops: int
    source: Source | None


@dataclass(frozen=True, slots=True)
class Roster:
    """A cluster, its members from the oldest to the latest, and what became of its id and of those beside it."""

    cluster: Cluster
    places: Sequence[Place]
    history: Sequence[Event]


# -- who belongs together ----------------------------------------------------------------------------------------------


def near(number: int, graph: Known) -> Iterator[int]:
    """Yield the articles that are in the cluster of `number` by what ties the two directly."""
    mine = member(number, graph)
    if mine.digest:
        return
    ties = graph.ties(number)
    if mine.source is not None:
        ties.setdefault(mine.source, False)
    for other, whole in sorted(ties.items()):
        theirs = member(other, graph)
        if not theirs.digest and (whole or mine.source == other or theirs.source == number):
            yield other
    if graph.kept is not None and (address := page_named(mine.external)) is not None:
        for other in graph.kept.namers(address):
            if other != number and page_named(member(other, graph).external) == address:
                yield other


def page_named(named: Reference | None) -> str | None:
    """Return the canonical address of the page that a reference names; None for a bare name or a whole site.

    >>> page_named(Reference("https://www.a.example/2024/story")), page_named(Reference("https://a.example/", "A News"))
    ('a.example/2024/story', None)
    """
    address = urls.address(named.url) if named is not None and named.url else ""
    return address if "/" in address.strip("/") else None


def walk(number: int, graph: Known, until: Collection[int] = (), most: int | None = None) -> set[int]:
    """Return the cluster of `number`, article by article.

    Not further than until all of `until` were met, where there are any, nor much further than `most` articles.
    """
    met, missing, waiting = {number}, set(until) - {number}, deque([number])
    while waiting and (missing or not until) and (most is None or len(met) < most):
        fresh = [other for other in near(waiting.popleft(), graph) if other not in met]
        met.update(fresh)
        missing.difference_update(fresh)
        waiting.extend(fresh)
    return met


# -- what a cluster comes to -------------------------------------------------------------------------------------------


def cluster(number: int, graph: Known, policy: Policy = "origin") -> Cluster | None:
    """Return the cluster of `number`, None for a digest and where nothing is tied to it.

    Of a page that is not stored (id 0), the stored cluster that it would belong to. The id is 0 where none is stored.
    """
    mine = member(number, graph)
    if mine.digest:
        return None
    found = mine.cluster if mine.cluster is not None else _beside(mine, graph)
    if found is None or graph.kept is None:
        members = [member(one, graph) for one in walk(number, graph, most=MAX_MEMBERS) if one]
    else:
        members = graph.kept.members(found)
    if len(members) < 2 and (number or not found):
        return None
    return summed(found or 0, members, graph, policy)


def _beside(mine: Member, graph: Known) -> int | None:
    """Return the stored cluster of what an article without one is nearest to: its source, else most of its like."""
    stored = {other: member(other, graph).cluster for other in near(mine.id, graph)}
    if mine.source is not None and stored.get(mine.source) is not None:
        return stored[mine.source]
    votes = Counter(one for one in stored.values() if one is not None)
    return min(votes, key=lambda one: (-votes[one], one), default=None)


def summed(number: int, members: Sequence[Member], graph: Known, policy: Policy = "origin") -> Cluster:
    """Return what cluster `number` with these members comes to."""
    articles = {one.id: graph.article(one.id) for one in members}
    outlets = {article.outlet or article.site or article.url for article in articles.values()}
    first = representative(members, articles, policy)
    return Cluster(number, len(members), len(outlets), independent(members, graph), first)


def representative(members: Sequence[Member], articles: Mapping[int, Article], policy: Policy = "origin") -> int:
    """Return the member that speaks for a cluster: the first of those that `policy` prefers, else of its origins."""
    places = {one.id for one in members}
    choices: list[list[int]] = []
    if not isinstance(policy, str):
        choices += [[one for one in sorted(places) if articles[one].site == site] for site in policy]
    if policy != "earliest":
        choices.append([one.id for one in members if one.external is None and one.source not in places])
    preferred = next((some for some in choices if some), None) or places
    return min(preferred, key=lambda one: (age(articles[one]), articles[one].url))


def independent(members: Sequence[Member], graph: Known) -> int:
    """Return how many texts the members of a cluster go back to.

    That is the origins that are claimed, and the roots that share no more than a part with one another: of a story
    with very many copies not every two were compared, so several of them may seem to be roots.
    """
    ends = ways({one.id: one for one in members})
    claimed = {one.id: _name(one.external) for one in members if one.external is not None}
    met, groups = set[int](), 0
    for root in sorted(set(ends.values()) - claimed.keys()) if len(set(ends.values())) > 1 else []:
        if root not in met:
            same = _same_text(root, ends.keys(), graph)
            met |= same
            groups += all(ends[one] not in claimed for one in same)
    return max(1, len(set(claimed.values())) + groups)


def ways(members: Mapping[int, Member]) -> dict[int, int]:
    """Return by member the one that it goes back to in the end. Of a circle the lowest id stands for all."""
    ends: dict[int, int] = {}
    for number in members:
        way = dict[int, None]()
        here = number
        while here not in ends and here not in way:
            way[here] = None
            above = members[here].source
            if above is None or above not in members:
                break
            here = above
        circle = list(way)[list(way).index(here) :] if here in way else []
        end = ends[here] if here in ends else min(circle)
        ends |= dict.fromkeys(way, end)
    return ends


def hops(number: int, members: Mapping[int, Member]) -> int:
    """Return the number of steps from a member to where its way ends, 0 where it begins there."""
    met = {number}
    while (above := members[number].source) is not None and above in members and above not in met:
        met.add(above)
        number = above
    return len(met) - 1 + (members[number].external is not None)


def _name(named: Reference) -> str:
    return origin.squeezed(named.outlet or named.title or named.url or "")


def _same_text(root: int, members: Collection[int], graph: Known) -> set[int]:
    """Return the members that carry the text of `root` as a whole, in any wording, and itself."""
    met, waiting = {root}, [root]
    while waiting:
        ties = graph.ties(waiting.pop())
        fresh = {other for other, whole in ties.items() if whole and other in members} - met
        met |= fresh
        waiting.extend(fresh)
    return met


def roster(number: int, graph: Known, history: Sequence[Event], policy: Policy) -> Roster | None:
    """Return cluster `number` for reading; None where nobody is in it and nothing ever was."""
    members = graph.kept.members(number) if graph.kept is not None else []
    if not members:
        return Roster(Cluster(number, 0, 0, 0, 0), (), history) if history else None
    known = {one.id: one for one in members}
    places = [Place(graph.article(one.id), hops(one.id, known), source(one.id, graph)) for one in members]
    places.sort(key=lambda place: (age(place.article), place.article.url))
    return Roster(summed(number, members, graph, policy), places, history)


# -- which id it keeps -------------------------------------------------------------------------------------------------


def kept_ids(votes: Sequence[Mapping[int, int]], first: int) -> tuple[list[int], list[Event]]:
    """Return the id of each group, and what became of ids. `votes`: by id, how many of a group's members had it.

    A group keeps the id that most of its members had, the lowest of several; an id that two groups want goes to the
    one where more had it, the first of several. Others get new ones, from `first` on.

    >>> kept_ids([{7: 3, 4: 1}, {7: 1}, {}], 9)
    ([7, 9, 10], [Event(cluster=4, kind='merged', other=7, run=None, happened=''), \
Event(cluster=9, kind='split', other=7, run=None, happened='')])
    """
    wanted = sorted((-count, old, place) for place, some in enumerate(votes) for old, count in some.items())
    given: dict[int, int] = {}
    stay = set[int]()
    for _, old, place in wanted:
        if place not in given and old not in stay:
            given[place] = old
            stay.add(old)
    ids = []
    for place in range(len(votes)):
        ids.append(given.get(place, first))
        first += place not in given
    events = [
        Event(old, "merged", new) if old not in stay else Event(new, "split", old)
        for new, some in zip(ids, votes, strict=True)
        for old in sorted(some)
        if old != new
    ]
    return ids, events


Thing = tuple[str, int]


class Unions:
    """Things that were found to belong together: an article, or all members of a cluster.

    >>> unions = Unions()
    >>> unions.join([("cluster", 7), ("article", 1)])
    >>> unions.join([("article", 2)])
    >>> unions.join([("article", 3), ("article", 1)])
    >>> unions.sets()
    [[('cluster', 7), ('article', 1), ('article', 3)], [('article', 2)]]
    """

    def __init__(self) -> None:
        self._above: dict[Thing, Thing] = {}

    def join(self, things: Iterable[Thing]) -> None:
        """Say that all of `things` belong together."""
        first = None
        for thing in things:
            self._above.setdefault(thing, thing)
            first = first or self._top(thing)
            self._above[self._top(thing)] = first

    def sets(self) -> list[list[Thing]]:
        """Return what belongs together, in the order in which it was met first."""
        found: dict[Thing, list[Thing]] = {}
        for thing in self._above:
            found.setdefault(self._top(thing), []).append(thing)
        return list(found.values())

    def _top(self, thing: Thing) -> Thing:
        while self._above[thing] != thing:
            self._above[thing] = thing = self._above[self._above[thing]]
        return thing
