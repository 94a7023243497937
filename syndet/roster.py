"""One stored cluster for reading: its members by time, what each goes back to, what became of its id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from syndet import clusters, groups, report, tell
from syndet.clusters import age
from syndet.known import Event, Known, Source
from syndet.models import Article, Cluster
from syndet.printable import clean, short


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


def roster(number: int, graph: Known, history: Sequence[Event], policy: groups.Policy) -> Roster | None:
    """Return cluster `number` for reading; None where nobody is in it and nothing ever was."""
    members = graph.kept.members(number) if graph.kept is not None else []
    if not members:
        return Roster(Cluster(number, 0, 0, 0, 0), (), history) if history else None
    known = {one.id: one for one in members}
    places = [
        Place(graph.article(one.id), groups.hops(one.id, known), clusters.source(one.id, graph)) for one in members
    ]
    places.sort(key=lambda place: (age(place.article), place.article.url))
    return Roster(groups.summed(number, members, graph, policy), places, history)


def roster_dict(found: Roster) -> dict[str, Any]:
    """Return a cluster with its members as JSON."""
    urls = {place.article.id: place.article.url for place in found.places}
    names = ("id", "articles", "outlets", "independent_sources", "representative")
    return {
        "cluster": {name: getattr(found.cluster, name) for name in names},
        "members": [_place(place, urls) for place in found.places],
        "history": [
            {"id": one.cluster, "event": one.kind, "other": one.other, "run": one.run, "when": one.happened}
            for one in found.history
        ],
    }


def _place(place: Place, urls: dict[int | None, str]) -> dict[str, Any]:
    article, source = place.article, place.source
    names = ("id", "url", "site", "outlet", "title", "published")
    return {name: getattr(article, name) for name in names} | {
        "relation": source.relation if source is not None else None,
        "hops": place.hops,
        "origin": source.id if source is not None else None,
        "origin_url": urls.get(source.id) if source is not None and source.id is not None else None,
        "external": report.reference_dict(source.named if source is not None else None),
    }


_HAPPENED = {
    "merged": "cluster {id} went up in cluster {other}",
    "split": "cluster {id} came out of cluster {other}",
    "ended": "cluster {id} ended",
}


def roster_text(record: dict[str, Any]) -> str:
    """Return a cluster, as `roster_dict` gives it, in words."""
    cluster = Cluster(**record["cluster"])
    lines = [tell.cluster_text(cluster), ""] if record["members"] else [f"Cluster {cluster.id} has no members any more."]
    for place in record["members"]:
        sign = "*" if place["id"] == cluster.representative else " "
        manner = (place["relation"] or "origin").replace("_", " ")
        named = place["external"]
        shown = (named["outlet"] or named["title"] or named["url"]) if named else None
        after = f", {place['hops']} hops" if place["hops"] > 1 else ""
        after += f", of {short(shown)} (not in the store)" if shown else ""
        when = (place["published"] or "undated")[:16]
        lines.append(f"{sign} {when:16}  {place['id']:>6}  {clean(place['url'])}  {manner}{after}")
    if record["history"]:
        lines += ["", "What became of its id:"]
        lines += [f"  {one['when']}  {_HAPPENED[one['event']].format(**one)}" for one in record["history"]]
    return "\n".join(lines)
