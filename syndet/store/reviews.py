"""Table `reviews`: what people said of pairs of articles. Rows are only added."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from syndet.models import Review
from syndet.store import rows

_COLUMNS = "repost, origin, verdict, who, why, said, id"  # as Review
# Rows deleted by hand leave their reviews behind; an answer can do without them, and `syndet check` tells.
_THERE = "repost IN (SELECT id FROM articles) AND origin IN (SELECT id FROM articles)"


class Reviews:
    """Reviews by either article, in the order in which they were said."""

    def __init__(self, connection: sqlite3.Connection):
        self._db = connection

    def add(self, review: Review) -> Review:
        """Store a review; return it with its id."""
        values = (review.repost, review.origin, review.verdict, review.who, review.why, review.said)
        cursor = self._db.execute(
            "INSERT INTO reviews (repost, origin, verdict, who, why, said) VALUES (?, ?, ?, ?, ?, ?)",
            [*map(rows.storable, values)],
        )
        return replace(review, id=int(cursor.lastrowid or 0))

    def of(self, article: int) -> list[Review]:
        """Return the reviews of the pairs that `article` is in."""
        found = self._db.execute(
            f"SELECT {_COLUMNS} FROM reviews WHERE repost = ?1 AND {_THERE}"
            f" UNION ALL SELECT {_COLUMNS} FROM reviews WHERE origin = ?1 AND {_THERE} ORDER BY id",
            [article],
        )
        return [Review(*row) for row in found]

    def all(self) -> list[Review]:
        """Return every review."""
        return [Review(*row) for row in self._db.execute(f"SELECT {_COLUMNS} FROM reviews WHERE {_THERE} ORDER BY id")]
