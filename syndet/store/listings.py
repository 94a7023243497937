"""What pages list: reposts and headlines, the latest first, who has text of whom, what a night brought. Reading only.

Every list is bounded: it reads so many rows at most, whatever it finds, and says from where it can go on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from syndet.models import Cue, Reference, Relation
from syndet.store import rows

# Articles whose place says that they may go back to something; an answer has the last word.
_REPOSTS = "(source IS NOT NULL OR external IS NOT NULL OR cluster IS NULL)"


@dataclass(frozen=True, slots=True)
class Tie:
    """An article and what it goes back to directly: a stored one, or one outside the store (`external`).

    `source` is None for both an external origin and a digest. The fields of the source are None with it.
    """

    article: int
    site: str | None
    outlet: str | None
    published: str | None
    html: bool
    cues: tuple[Cue, ...]
    source: int | None
    external: Reference | None
    source_url: str | None
    source_site: str | None
    source_outlet: str | None
    source_title: str | None
    source_published: str | None
    kept: float | None  # share of the source's words


class Listings:
    """Lists for reading."""

    def __init__(self, connection: sqlite3.Connection):
        self._db = connection

    def reposts(
        self, before: int, limit: int, *, site: str | None = None, relation: Relation | None = None,
        first: str | None = None, last: str | None = None, scan: int = 10_000,
    ) -> tuple[list[int], int]:  # fmt: skip
        """Return articles that may be reposts, ids below `before`, highest first, at most `limit`; and how far it read.

        Of those, of one `site`, with `relation` to something, dated from day `first` to day `last`. Of `scan` rows at
        most; the second value is the lowest id that was read, 0 where there are no more.
        """
        inner = f"SELECT article, external, cluster FROM clusters WHERE article < :before AND {_REPOSTS}"
        if site is not None:
            inner = (
                "SELECT id AS article, external, cluster FROM articles JOIN clusters ON article = id"
                f" WHERE site = :site AND id < :before AND {_REPOSTS}"
            )
        inner += " ORDER BY article DESC LIMIT :scan"
        wanted = ["1"]
        if relation == "digest":
            wanted.append("cluster IS NULL")
        elif relation is not None:
            wanted.append(
                "(external IS NOT NULL OR EXISTS (SELECT 1 FROM links WHERE repost = article AND relation = :relation)"
                " OR EXISTS (SELECT 1 FROM reviews WHERE repost = article))"
            )
        if first is not None or last is not None:
            wanted.append(
                "(SELECT substr(published, 1, 10) BETWEEN coalesce(:first, '') AND coalesce(:last, '9')"
                " FROM articles WHERE id = article)"
            )
        values = {"before": before, "site": rows.storable(site), "relation": relation, "scan": scan, "limit": limit}
        values |= {"first": first, "last": last}
        sql = f"SELECT article FROM ({inner}) WHERE {' AND '.join(wanted)} LIMIT :limit"
        found = [row[0] for row in self._db.execute(sql, values)]
        if len(found) == limit:
            return found, found[-1]
        low, count = self._db.execute(f"SELECT min(article), count(*) FROM ({inner})", values).fetchone()
        return found, int(low) if count == scan else 0

    def titled(self, words: Sequence[Sequence[str]], before: int, limit: int) -> list[int]:
        """Return articles in whose title each of `words` stands in one of its spellings; below `before`, highest first.

        The index of titles is read from end to end, which takes a second for two or three million of them.
        """
        one = r"title LIKE ? ESCAPE '\'"
        wanted = " AND ".join(f"({' OR '.join([one] * len(spellings))})" for spellings in words)
        values = [f"%{_escaped(word)}%" for spellings in words for word in spellings]
        sql = (
            "SELECT id FROM articles INDEXED BY articles_by_title WHERE title IS NOT NULL"
            f" AND {wanted or '1'} AND id < ? ORDER BY id DESC LIMIT ?"
        )
        return [row[0] for row in self._db.execute(sql, [*map(rows.storable, values), before, limit])]

    def ties(self, limit: int) -> Iterator[Tie]:
        """Yield the latest `limit` articles that go back to something, each with what it goes back to directly."""
        sql = (
            "SELECT c.article, a.site, a.outlet, a.published, a.html, a.cues, c.source, c.external, s.url, s.site,"
            " s.outlet, s.title, s.published, json_extract(l.shared, '$.containment_of_source')"
            f" FROM (SELECT * FROM clusters WHERE {_REPOSTS} ORDER BY article DESC LIMIT ?) AS c"
            " JOIN articles AS a ON a.id = c.article LEFT JOIN articles AS s ON s.id = c.source"
            " LEFT JOIN links AS l ON l.repost = c.article AND l.origin = c.source"
        )
        for row in self._db.execute(sql, [limit]):
            yield _tie(row)

    def arrived(self, begun: str, ended: str) -> list[int]:
        """Return the articles that were stored, or stored anew, between two times (UTC), ascending.

        Ids ascend with the time of first storing: it is read from the top down to the first that is older.
        """
        found: list[int] = []
        for number, added, version in self._db.execute("SELECT id, added, version FROM articles ORDER BY id DESC"):
            if added < begun and version == 1:
                break
            if begun <= added <= ended:
                found.append(number)
        sql = "SELECT DISTINCT article FROM versions JOIN articles ON id = article WHERE articles.added BETWEEN ? AND ?"
        return sorted({*found, *(row[0] for row in self._db.execute(sql, [begun, ended]))})

    def skipped(self, begun: str, ended: str, limit: int) -> list[tuple[str, str, str]]:
        """Return (reason, place, why) of pages that were left out between two times, at most `limit`."""
        sql = "SELECT reason, place, detail FROM skips WHERE seen BETWEEN ? AND ? ORDER BY reason, place LIMIT ?"
        return [(row[0], row[1], row[2]) for row in self._db.execute(sql, [begun, ended, limit])]

    def highest(self) -> int:
        """Return the highest id of an article, 0 where there is none."""
        return int(self._db.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()[0])


def _escaped(word: str) -> str:
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _tie(row: tuple[Any, ...]) -> Tie:
    article, site, outlet, published, html, cues, source, external, *rest = row
    named = rows.external(external) if external else None
    return Tie(article, site, outlet, published, bool(html), rows.cues(cues), source, named, *rest)
