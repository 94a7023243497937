"""Tables `recipe` and `fingerprints`: what was derived from bodies, and by which keys an article is found."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from syndet.models import Fingerprint
from syndet.store.changes import Changes
from syndet.store.faults import Damaged
from syndet.store.postings import KEY_BITS, Postings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Keys = NDArray[np.int64]


class Index:
    """Keys -> articles. An article with a row in `fingerprints` is linked; its keys are here for the next one."""

    def __init__(self, connection: sqlite3.Connection):
        self._db = connection
        self._postings = Postings(connection)

    def recipe(self) -> tuple[str, str] | None:
        """Return (name, golden digest) of the recipe the index was made with, None while it is empty."""
        row = self._db.execute("SELECT name, golden FROM recipe").fetchone()
        return (row[0], row[1]) if row else None

    def set_recipe(self, name: str, golden: str) -> None:
        """Write down the recipe, before the first fingerprint."""
        self._db.execute("INSERT OR REPLACE INTO recipe (id, name, golden) VALUES (1, ?, ?)", [name, golden])

    def add(self, article: int, fingerprint: Fingerprint, posted: Collection[int] = (), boilerplate: int = 0) -> None:
        """Index `article`: from now on later articles find it.

        Keys in `posted` are left out: they lead to an article that this one is linked with. `boilerplate`: words.
        """
        signature = fingerprint.signature.astype("<u4").tobytes()
        self._db.execute(
            "INSERT INTO fingerprints (article, text, signature, boilerplate) VALUES (?, ?, ?, ?)",
            [article, fingerprint.text, signature, boilerplate],
        )
        self.post(article, fingerprint.bands, fingerprint.pairs, posted)

    def post(self, article: int, bands: Keys, pairs: Keys, but: Collection[int] = ()) -> None:
        """Let keys lead to `article`, all those that are not in `but`."""
        if but:
            bands, pairs = (keys[[key not in but for key in keys.tolist()]] for keys in (bands, pairs))
        self._postings.add(_short(bands, pairs).tolist(), article)

    def pack(self) -> None:
        """Pack the keys of the latest articles, where these are many; the caller holds a transaction."""
        self._postings.pack()

    def remove(self, article: int, fingerprint: Fingerprint) -> None:
        """Take `article` out of the index; `fingerprint` is that of the body it was indexed with."""
        self._db.execute("DELETE FROM fingerprints WHERE article = ?", [article])
        self._postings.remove(_short(fingerprint.bands, fingerprint.pairs).tolist(), article)

    def clear(self) -> None:
        """Drop all that was derived, links included, and the recipe."""
        Changes(self._db).mark_all_links()
        self._postings.clear()
        for table in ("links", "boilerplate", "fingerprints", "recipe"):
            self._db.execute(f"DELETE FROM {table}")

    def has(self, article: int) -> bool:
        """Return whether `article` is indexed."""
        return self._db.execute("SELECT 1 FROM fingerprints WHERE article = ?", [article]).fetchone() is not None

    def size(self) -> int:
        """Return how many articles are indexed, those that were taken out since included: the highest id.

        It tells how rare a key is, for which that is near enough; to count rows takes the longer the more there are.
        """
        return int(self._db.execute("SELECT ifnull(max(article), 0) FROM fingerprints").fetchone()[0])

    def postings(
        self, fingerprint: Fingerprint, cap: int, packed: Mapping[int, list[int]] | None = None
    ) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        """Return key -> ids of the articles that have it, ascending, at most `cap` + 1 of them; empty ones left out.

        First for the bands, then for the content pairs. One id more than the cap tells the caller that the key is hot.
        `packed`: what `packed` returned for the same, where that is known already.
        """
        bands, pairs = fingerprint.bands.tolist(), fingerprint.pairs.tolist()
        stored = _short(fingerprint.bands, fingerprint.pairs).tolist()
        found = self._postings.find(stored, cap + 1, packed)
        kept = [(key, found.get(short)) for key, short in zip(bands + pairs, stored, strict=True)]
        return (
            {key: ids for key, ids in kept[: len(bands)] if ids},
            {key: ids for key, ids in kept[len(bands) :] if ids},
        )

    def packed(self, fingerprint: Fingerprint, cap: int) -> dict[int, list[int]]:
        """Return what packed keys alone say for `postings`; it stays so while `newest` does and no article changes."""
        return self._postings.packed(_short(fingerprint.bands, fingerprint.pairs).tolist(), cap + 1)

    def newest(self) -> int:
        """Return a number that is another when more keys were packed."""
        return self._postings.newest()

    def same_text(self, text: int, limit: int) -> list[int]:
        """Return ids of the articles whose words are the same in the same order, oldest first, at most `limit`."""
        sql = "SELECT article FROM fingerprints WHERE text = ? ORDER BY article LIMIT ?"
        return [row[0] for row in self._db.execute(sql, [text, limit])]

    def signature(self, article: int) -> NDArray[np.uint32] | None:
        """Return the stored signature of `article`, shape (128,), or None."""
        import numpy as np

        row = self._db.execute("SELECT signature FROM fingerprints WHERE article = ?", [article]).fetchone()
        if row is None:
            return None
        if len(row[0]) != 4 * 128:
            raise Damaged(f"the signature of article {article} is cut short")
        return np.frombuffer(row[0], "<u4").astype(np.uint32)

    def missing(self, keys: Fingerprint) -> int:
        """Return how many of the keys of a fingerprint lead nowhere."""
        wanted = set(_short(keys.bands, keys.pairs).tolist())
        return len(wanted - self._postings.find(wanted, 1).keys())

    def orphans(self) -> int:
        """Return the number of postings whose article is not indexed."""
        import numpy as np

        indexed = np.array(self._db.execute("SELECT article FROM fingerprints").fetchall(), np.int64)
        return sum(int(np.isin(articles, indexed, invert=True).sum()) for _, articles in self._postings.every())

    def every(self) -> Iterator[tuple[int, int]]:
        """Yield all postings, (key, article), in order; the keys of content pairs are odd, those of bands even."""
        for keys, articles in self._postings.every():
            yield from zip(keys.tolist(), articles.tolist(), strict=True)


def _short(bands: Keys, pairs: Keys) -> Keys:
    """Return the keys as they are stored: 39 bits of the hash, and one that tells pairs from bands."""
    import numpy as np

    mask = (1 << (KEY_BITS - 1)) - 1
    drop = 64 - (KEY_BITS - 1)
    return np.concatenate([(bands >> drop & mask) << 1, (pairs >> drop & mask) << 1 | 1])
