"""What changed in a store, for reading, in words and as JSON."""

from __future__ import annotations

from typing import Any

from syndet import report
from syndet.feed import Change, Feed
from syndet.printable import clean, plural

SCHEMA = "syndet.changes/1"


def bulletin_dict(found: Feed) -> dict[str, Any]:
    """Return changes as JSON."""
    return {
        "schema": SCHEMA,
        "changes": [_change(one) for one in found.changes],
        "next": found.next,
        "more": found.more,
    }


def _change(one: Change) -> dict[str, Any]:
    end = report.end_dict(one.article) if one.article is not None else None
    if one.what == "cluster":
        return {"what": one.what, "cluster": {"id": one.id, "articles": one.articles, "representative": end}}
    return {"what": one.what, "article": end} | (
        {"origin": report.origin_dict(one.origin)} if one.what == "origin" else {}
    )


def bulletin_text(record: dict[str, Any]) -> str:
    """Return changes, as `bulletin_dict` gives them, in words."""
    lines = [_line(one) for one in record["changes"]]
    return "\n".join([*lines, f"{'More' if record['more'] else 'All that is new'} follows after {record['next']}"])


def _line(one: dict[str, Any]) -> str:
    if one["what"] == "cluster":
        cluster, first = one["cluster"], one["cluster"]["representative"]
        spoken = f", {clean(first['url'])} speaks for it" if first is not None else ""
        return f"cluster  {cluster['id']:>8}  {plural(cluster['articles'], 'page')}{spoken}"
    article = one["article"]
    line = f"{one['what']:7}  {article['id']:>8}  {clean(article['url'])}"
    if one["what"] == "links":
        return line
    origin = one["origin"]
    named = (origin["url"] or origin["outlet"] or origin["title"]) if origin is not None else None
    return f"{line}  goes back to {clean(named)}" if named else f"{line}  goes back to nobody"
