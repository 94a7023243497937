"""Tables `postings`, `segments`, `blocks` and `removed`: which articles have a key.

A new posting is a row. Many of them are packed into a segment: blocks of postings, by the first bits of the key, so
that a key tells which block to read. A new segment takes in those before it that are not much larger, so there are few
of them, and a posting is written anew a few times in its life instead of every night.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from syndet.store.faults import Damaged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

KEY_BITS = 40
# Rows before they are packed: the keys of 3,000 articles, 5 MB, which memory holds whatever the size of the store.
FRESH = 250_000
# Postings in a block, about: 800 bytes. Smaller ones would weigh more in all, larger ones cost more to look through.
BLOCK = 128
# A new segment takes in the ones before it that are up to so many times as large as what it has so far. There are
# log(postings / FRESH) to this base of them then, five for a million articles.
GROWTH = 3
# Postings that are in memory at once while segments become one.
_PORTION_BITS = 19
_ROWS = "SELECT key, article FROM postings"
_LISTED = "(SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class _Segment:
    id: int
    bits: int  # its blocks are 2^bits, by the first bits of the key
    first: int  # id of its first block
    postings: int
    width: int  # bytes of the id of an article

    @property
    def rest(self) -> int:
        """Bits of a key that its block does not tell."""
        return KEY_BITS - self.bits

    @property
    def size(self) -> int:
        """Bytes of these."""
        return -(-self.rest // 8)

    def having(self, keys: Iterable[int], blocks: Mapping[int, bytes], most: int) -> Iterator[tuple[int, list[int]]]:
        """Yield key -> articles, ascending, the first `most`, for those of `keys` that stand in `blocks` (id -> data).

        Raises Damaged.
        """
        import numpy as np

        rest, size, length = self.rest, self.size, self.size + self.width
        if any(len(block) % length for block in blocks.values()):
            raise _cut_short()
        found, runs = list[tuple[int, int]](), list[bytes]()
        for key in keys:
            block = blocks.get(self.first + (key >> rest), b"")
            sought = (key & ((1 << rest) - 1)).to_bytes(size, "little")
            begin = block.find(sought)
            while begin >= 0 and begin % length:  # it may stand across two postings, too
                begin = block.find(sought, begin + 1)
            if begin < 0:
                continue
            # The postings of a key stand in a row.
            end = block.rfind(sought, begin, begin + most * length)
            while (end - begin) % length:
                end = block.rfind(sought, begin, end + size - 1)
            found.append((key, (end - begin) // length + 1))
            runs.append(block[begin : end + length])
        records = np.frombuffer(b"".join(runs), np.uint8).reshape(-1, length)
        articles = iter(_unpacked(records[:, size:]).tolist())
        for key, count in found:
            yield key, list(islice(articles, count))

    def read(self, blocks: Iterable[tuple[int, bytes]]) -> tuple[Ints, Ints]:
        """Return keys and articles of `blocks` (id, data). Raises Damaged."""
        import numpy as np

        ids, data = zip(*blocks, strict=True) if (blocks := list(blocks)) else ((), ())
        counts, over = np.divmod([len(one) for one in data], self.size + self.width)
        if np.any(over):
            raise _cut_short()
        records = np.frombuffer(b"".join(data), np.uint8).reshape(-1, self.size + self.width)
        begins = np.repeat((np.array(ids, np.int64) - self.first) << self.rest, counts)
        return begins | _unpacked(records[:, : self.size]), _unpacked(records[:, self.size :])

    def write(self, keys: Ints, articles: Ints) -> Iterator[tuple[int, bytes]]:
        """Yield the blocks (id, data) of postings, which are sorted by key."""
        import numpy as np

        records = np.hstack([_packed(keys & ((1 << self.rest) - 1), self.size), _packed(articles, self.width)])
        data, length = records.tobytes(), self.size + self.width
        blocks, begins = np.unique(keys >> self.rest, return_index=True)
        ends = [*begins[1:].tolist(), len(keys)]
        for block, begin, end in zip(blocks.tolist(), begins.tolist(), ends, strict=True):
            yield self.first + block, data[begin * length : end * length]


class Postings:
    """Keys of KEY_BITS bits -> ids of articles."""

    def __init__(self, connection: sqlite3.Connection):
        self._db = connection

    def add(self, keys: Iterable[int], article: int) -> None:
        """Let `keys` lead to `article`."""
        # Two keys of one article may be equal; one posting is enough.
        self._db.executemany("INSERT OR IGNORE INTO postings VALUES (?, ?)", ((key, article) for key in keys))

    def remove(self, keys: Iterable[int], article: int) -> None:
        """Let no key lead to `article`; `keys` are all that it was ever added with."""
        self._db.executemany("DELETE FROM postings WHERE key = ? AND article = ?", ((key, article) for key in keys))
        sql = "INSERT OR REPLACE INTO removed SELECT ?, max(id) FROM segments HAVING max(id) IS NOT NULL"
        self._db.execute(sql, [article])

    def clear(self) -> None:
        """Drop all postings."""
        for table in ("postings", "segments", "blocks", "removed"):
            self._db.execute(f"DELETE FROM {table}")

    def find(
        self, keys: Iterable[int], cap: int, packed: Mapping[int, list[int]] | None = None
    ) -> dict[int, list[int]]:  # fmt: skip
        """Return key -> ids of the articles that have it, ascending, the first `cap` of them; empty ones left out.

        `packed`: what `packed` returned for them, where that is known already.
        """
        wanted = set(keys)
        found = defaultdict[int, list[int]](list)
        for key, article in self._db.execute(f"{_ROWS} WHERE key IN {_LISTED}", [_listed(wanted)]):
            found[key].append(article)
        for key, ids in (self.packed(wanted, cap) if packed is None else packed).items():
            found[key] += ids
        # One that was posted again after it was packed is there twice.
        return {key: sorted(set(ids))[:cap] for key, ids in found.items()}

    def packed(self, keys: Iterable[int], cap: int) -> dict[int, list[int]]:
        """Return key -> ids of the articles of which segments say that they have it, of each segment the first `cap`.

        It stays so until articles are taken out or `newest` is another.
        """
        wanted = set(keys)
        found = defaultdict[int, list[int]](list)
        for segment in self._segments():
            sql = f"SELECT id, data FROM blocks WHERE id IN {_LISTED}"
            places = _listed({segment.first + (key >> segment.rest) for key in wanted})
            blocks = dict(self._db.execute(sql, [places]))
            # What was taken out since does not count, so then it can't be told how many of them to read.
            lacking = self._lacks(segment)
            theirs = list(segment.having(wanted, blocks, segment.postings if lacking else cap))
            gone = self._gone(segment, {one for _, ids in theirs for one in ids}) if lacking else ()
            for key, ids in theirs:
                if kept := [one for one in ids if one not in gone]:
                    found[key] += kept[:cap]
        return dict(found)

    def newest(self) -> int:
        """Return the id of the newest segment, 0 where nothing is packed."""
        return int(self._db.execute("SELECT ifnull(max(id), 0) FROM segments").fetchone()[0])

    def every(self) -> Iterator[tuple[Ints, Ints]]:
        """Yield all postings, portions of keys and articles, sorted by both."""
        segments = self._segments()
        yield from self._portions(segments, sum(segment.postings for segment in segments))

    # -- packing -----------------------------------------------------------------------------------------------------

    def pack(self, fresh: int = FRESH) -> None:
        """Make a segment of the rows where there are more than `fresh`, and of the segments that are small beside it.

        The caller holds a transaction.
        """
        import numpy as np

        total, highest = self._db.execute("SELECT count(*), max(article) FROM postings").fetchone()
        if total <= fresh:
            return
        taken = list[_Segment]()
        segments = self._segments()
        while segments and segments[-1].postings <= GROWTH * total:
            taken.append(segments.pop())
            total += taken[-1].postings
        width = max([-(-int(highest).bit_length() // 8), *(segment.width for segment in taken)])
        after = max((one.first + (1 << one.bits) for one in (*segments, *taken)), default=1)
        made = _Segment(0, max(0, round(np.log2(total / BLOCK))), after, total, width)
        for keys, articles in self._portions(taken, total):
            self._db.executemany("INSERT INTO blocks VALUES (?, ?)", made.write(keys, articles))
        self._replace(taken, made)

    def _replace(self, taken: Iterable[_Segment], made: _Segment) -> None:
        """Write down the segment `made`, and drop what became part of it."""
        # Before the others go, so that its id is the highest: what was said of them does not hold for it.
        sql = "INSERT INTO segments (bits, first, postings, width) VALUES (?, ?, ?, ?)"
        self._db.execute(sql, [made.bits, made.first, made.postings, made.width])
        self._db.execute("DELETE FROM postings")
        for one in taken:
            self._db.execute(
                "DELETE FROM blocks WHERE id BETWEEN ? AND ?", [one.first, one.first + (1 << one.bits) - 1]
            )
            self._db.execute("DELETE FROM segments WHERE id = ?", [one.id])
        self._db.execute("DELETE FROM removed WHERE segment < (SELECT min(id) FROM segments)")

    def _segments(self) -> list[_Segment]:
        """Return the segments, the oldest first."""
        sql = "SELECT id, bits, first, postings, width FROM segments ORDER BY id"
        return [_Segment(*row) for row in self._db.execute(sql)]

    def _portions(self, segments: Sequence[_Segment], total: int) -> Iterator[tuple[Ints, Ints]]:
        """Yield the `total` postings of `segments` and of the rows, portions of keys and articles, sorted by both."""
        bits = min([max(0, total.bit_length() - _PORTION_BITS), *(segment.bits for segment in segments)])
        size = 1 << (KEY_BITS - bits)
        for portion in range(1 << bits):
            rows = self._db.execute(f"{_ROWS} WHERE key BETWEEN ? AND ?", [portion * size, (portion + 1) * size - 1])
            parts = [_columns(rows)]
            for one in segments:
                blocks = 1 << (one.bits - bits)
                begin = one.first + portion * blocks
                sql = "SELECT id, data FROM blocks WHERE id BETWEEN ? AND ?"
                parts.append(self._standing(one, *one.read(self._db.execute(sql, [begin, begin + blocks - 1]))))
            yield _sorted(parts)

    def _standing(self, segment: _Segment, keys: Ints, articles: Ints) -> tuple[Ints, Ints]:
        """Return those postings of a segment whose article was not taken out since."""
        import numpy as np

        gone = self._gone(segment, set(articles.tolist()))
        kept = np.isin(articles, list(gone), invert=True)
        return keys[kept], articles[kept]

    def _lacks(self, segment: _Segment) -> bool:
        """Return whether any article was taken out since a segment was packed."""
        return self._db.execute("SELECT 1 FROM removed WHERE segment >= ? LIMIT 1", [segment.id]).fetchone() is not None

    def _gone(self, segment: _Segment, articles: Iterable[int]) -> set[int]:
        """Return those of `articles` that were taken out since a segment was packed."""
        sql = f"SELECT article FROM removed WHERE segment >= ? AND article IN {_LISTED}"
        return {row[0] for row in self._db.execute(sql, [segment.id, _listed(articles)])}


def _sorted(parts: Iterable[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """Return the postings of all parts, each once: added again after it was packed, one is there twice."""
    import numpy as np

    keys, articles = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((articles, keys))
    keys, articles = keys[order], articles[order]
    new = np.ones(len(keys), np.bool_)
    new[1:] = (keys[1:] != keys[:-1]) | (articles[1:] != articles[:-1])
    return keys[new], articles[new]


def _columns(rows: Iterable[tuple[int, int]]) -> tuple[Ints, Ints]:
    import numpy as np

    both = np.array(list(rows), np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _listed(numbers: Iterable[int]) -> str:
    return json.dumps(list(numbers))


def _cut_short() -> Damaged:
    return Damaged("a block of the index is cut short")


def _packed(numbers: Ints, width: int) -> NDArray[np.uint8]:
    """Return `numbers` in `width` bytes each, little-endian, shape (numbers, width)."""
    import numpy as np

    return np.ascontiguousarray(numbers, "<i8").view(np.uint8).reshape(-1, 8)[:, :width]


def _unpacked(octets: NDArray[np.uint8]) -> Ints:
    """Return the numbers that `_packed` was given."""
    import numpy as np

    whole = np.zeros((len(octets), 8), np.uint8)
    whole[:, : octets.shape[1]] = octets
    return whole.view("<i8").ravel().astype(np.int64, copy=False)
