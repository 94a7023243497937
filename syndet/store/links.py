"""Table `links`: what was decided about pairs of articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from syndet.models import Link, Passage
from syndet.store import rows
from syndet.store.changes import Changes

_COLUMNS = "repost, origin, state, relation, reuse, direction, shared, evidence, external"


class Links:
    """Links by either end."""

    def __init__(self, connection: sqlite3.Connection):
        self._db = connection
        self._changes = Changes(connection)

    def save(self, links: Iterable[Link]) -> None:
        """Store links; a pair that was linked before, in either direction, is replaced."""
        for link in links:
            self._db.execute("DELETE FROM links WHERE repost = ? AND origin = ?", [link.origin, link.repost])
            self._db.execute(
                f"INSERT OR REPLACE INTO links ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    link.repost,
                    link.origin,
                    link.state,
                    link.relation,
                    link.reuse,
                    link.direction,
                    rows.shared_to_json(link.shared) if link.shared else None,
                    rows.to_json(link.evidence),
                    rows.to_json(link.external) if link.external else None,
                ],
            )
            self.told([link.repost, link.origin], doubtful=link.state == "possible")

    def of(self, article: int, limit: int = 1_000) -> list[Link]:
        """Return the links of `article`, either end, the surest first, at most `limit`."""
        found = self._db.execute(
            f"SELECT {_COLUMNS} FROM links WHERE repost = ?1"
            f" UNION ALL SELECT {_COLUMNS} FROM links WHERE origin = ?1"
            " ORDER BY reuse DESC, repost, origin LIMIT ?2",
            [article, limit],
        )
        return [_link(row) for row in found]

    def between(self, one: int, two: int) -> Link | None:
        """Return the link between two articles."""
        sql = f"SELECT {_COLUMNS} FROM links WHERE (repost = ?1 AND origin = ?2) OR (repost = ?2 AND origin = ?1)"
        row = self._db.execute(sql, [one, two]).fetchone()
        return _link(row) if row else None

    def borderline(self, reuse: float, direction: float) -> Iterator[tuple[int, int]]:
        """Yield the pairs (repost, origin) whose link is nearest to one of these thresholds, the nearest first.

        Carriers of one agency copy have no direction that could be near. Only ids are read: a store has many links.
        """
        sql = (
            "SELECT repost, origin FROM links ORDER BY min(abs(reuse - ?), CASE state WHEN 'sibling' THEN 1"
            " ELSE abs(max(direction, 1 - direction) - ?) END), repost, origin"
        )
        yield from self._db.execute(sql, [reuse, direction])

    def kin(self, article: int, reuse: float) -> Iterator[tuple[int, tuple[Passage, ...]]]:
        """Yield the articles that share text with `article` with at least the probability `reuse`, and what.

        Id, and passages with `article` on the article side. Ascending by id among those that go back to `article`, then
        among those that it goes back to; read as they are asked for, since a story may have thousands of copies.
        """
        for end, other in (("origin", "repost"), ("repost", "origin")):
            sql = f"SELECT {other}, shared FROM links WHERE {end} = ? AND reuse >= ? AND shared IS NOT NULL ORDER BY 1"
            for number, text in self._db.execute(sql, [article, reuse]):
                shared = rows.shared(text)
                yield int(number), (shared.flipped() if end == "origin" else shared).passages

    def top(self, article: int, hops: int = 100) -> int:
        """Return where following links up from `article` ends: itself, where it goes back to nothing stored.

        Of several origins one that goes back to nothing is taken first. Only ids are read: this is asked for every
        copy of a story with hundreds of them.
        """
        met = {article}
        for _ in range(hops):
            row = self._db.execute(
                "SELECT origin FROM links AS up WHERE repost = ? AND state = 'repost' ORDER BY EXISTS"
                " (SELECT 1 FROM links WHERE repost = up.origin AND state = 'repost'), reuse * direction DESC, origin"
                " LIMIT 1",
                [article],
            ).fetchone()
            if row is None or row[0] in met:
                break
            article = int(row[0])
            met.add(article)
        return article

    def others(self, article: int) -> list[int]:
        """Return the articles that `article` is linked with."""
        sql = "SELECT origin FROM links WHERE repost = ?1 UNION SELECT repost FROM links WHERE origin = ?1"
        return [row[0] for row in self._db.execute(sql, [article])]

    def remove(self, article: int) -> None:
        """Drop every link of `article`."""
        if others := self.others(article):
            self.told([article, *others])
        self._db.execute("DELETE FROM links WHERE repost = ?1 OR origin = ?1", [article])

    def cut(self, one: int, two: int) -> None:
        """Drop the link between two articles."""
        self.told([one, two])
        sql = "DELETE FROM links WHERE (repost = ?1 AND origin = ?2) OR (repost = ?2 AND origin = ?1)"
        self._db.execute(sql, [one, two])

    def rivals(self, article: int) -> list[int]:
        """Return the articles of which nothing tells whether they or `article` were first."""
        sql = (
            "SELECT origin FROM links WHERE repost = ?1 AND state = 'possible'"
            " UNION SELECT repost FROM links WHERE origin = ?1 AND state = 'possible'"
        )
        return [row[0] for row in self._db.execute(sql, [article])]

    def told(self, ends: Iterable[int], *, doubtful: bool = False) -> None:
        """Write down for the feed whose links change, just after they were made or before they are dropped.

        Whether the first of a story is so for sure depends on its rivals, and on how many go back to it beside these.
        """
        ends = list(ends)
        self._changes.mark("links", ends)
        self._changes.mark_origins(end for end in ends if doubtful or self._contested(end))

    def _contested(self, article: int) -> bool:
        """Return whether an article has `rivals`, without reading them: a story on many sites may have thousands."""
        sql = (
            "SELECT EXISTS (SELECT 1 FROM links WHERE repost = ?1 AND state = 'possible')"
            " OR EXISTS (SELECT 1 FROM links WHERE origin = ?1 AND state = 'possible')"
        )
        return bool(self._db.execute(sql, [article]).fetchone()[0])

    def count(self) -> int:
        """Return the number of links."""
        return int(self._db.execute("SELECT count(*) FROM links").fetchone()[0])


def _link(row: tuple[Any, ...]) -> Link:
    repost, origin, state, relation, reuse, direction, shared, evidence, external = row
    return Link(
        repost,
        origin,
        state,
        relation,
        reuse,
        direction,
        rows.shared(shared) if shared else None,
        rows.evidence(evidence),
        rows.external(external) if external else None,
    )
