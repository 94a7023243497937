"""A stored cluster for reading, in words and as JSON: its members by time, what became of its id."""

from __future__ import annotations

from typing import Any

from syndet import report, verdicts
from syndet.groups import Place, Roster
from syndet.models import Cluster
from syndet.printable import clean, short


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
    lines = [verdicts.clustered(cluster), ""] if record["members"] else [f"Cluster {cluster.id} has no members now."]
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
