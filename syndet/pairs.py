"""Words -> content pairs: what neighbouring words that tell something leave as keys.

Frozen in `fingerprint.SPEC`, like all that the index keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from syndet import letters, text
from syndet.hashing import mix

# A content pair is two words of a spaced script, four characters of Chinese or Japanese (about two words there) or
# six syllable clusters of Thai: the shortest window of neighbours whose worth reaches PAIR. The order inside it is
# ignored: when a rewriter swaps 30% of neighbours and replaces 30% of words, 42 sampled pairs survive instead of 38,
# in heavily revised copies (Clough-Stevenson) 13 instead of 11, and the index is 1% smaller.
#
# One pair in as many as it has words is kept, one in two of a spaced script, by its hash alone, so an excerpt keeps
# what its source keeps; that gives 20 to 40 keys per 100 words in every script. Measured once, on 415 English articles
# (143 keys on average) as the share whose source shares a key, and shares three, at all / 1 in 2 / 3 / 4:
# excerpts of 20 words 1.00 / 0.97 / 0.92 / 0.86 and 0.97 / 0.70 / 0.47 / 0.36; of 40 words 1.00 / 1.00 / 0.99 / 0.99
# and 1.00 / 0.99 / 0.89 / 0.79; 150 words with half replaced 1.00 / 1.00 / 0.99 / 0.98 and 1.00 / 0.99 / 0.88 / 0.78.
# Keeping pairs of long words, as the rarer ones, rather than a blind half gained nothing at equal size.
SPACED, IDEOGRAM, CLUSTER, PAIR = 6, 3, 2, 12
_NUMBER, BREAK = 16, 32  # flags beside the worth
WORTH: Final = _NUMBER - 1


# One list for all languages needs no guess at the language, which an excerpt could guess otherwise than its source.
# It costs English 1.6% of its pairs ("pro", "net", "care", "fall", "war" are common words elsewhere); the English
# list alone would leave every other language with its function words. Words common in one language that are frequent
# content in English ("car", "fire", "sea"), and names of countries, were left out of the list.
def _common_words() -> frozenset[str]:
    lines = files("syndet").joinpath("data/common_words.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


COMMON: Final = _common_words()

# Words between two pairs up to which they lie together.
NEAR: Final = 40
Placed = tuple[NDArray[np.int64], NDArray[np.int64]]

_STEP = np.uint64(0x9E3779B97F4A7C15)


class _Worths(dict[str, int]):
    """Word -> what it is worth in a content pair, 0 when it is dropped, with the flags."""

    LIMIT = 200_000  # distinct words, about 20 MB

    def __missing__(self, word: str) -> int:
        if len(self) >= self.LIMIT:
            self.clear()
        self[word] = worth = _worth(word)
        return worth


_worth_known = _Worths()


def _worth(word: str) -> int:
    if not word:
        return BREAK
    if word in COMMON or all("\u3040" <= letter <= "\u309f" for letter in word):
        return 0
    weight = letters.weight(word)
    if weight == 1.0:
        # One letter is what an apostrophe leaves ("l", "d", "s"), one digit a rank or a score.
        return 0 if len(word) == 1 else SPACED | (_NUMBER if word.isdecimal() else 0)
    return CLUSTER if weight == letters.CLUSTER_WEIGHT else IDEOGRAM


_SLOTS = 1 << 15


@cache
def _common_tables() -> tuple[NDArray[np.uint64], ...]:
    """Return hash tables of the common words: each is in one, at the slot that this takes from its hash."""
    left = text.tokens(" ".join(sorted(COMMON))).hashes
    tables: list[NDArray[np.uint64]] = []
    while len(left):
        table = np.zeros(_SLOTS, np.uint64)
        slots = _slots(left, len(tables))
        table[slots] = left
        tables.append(table)
        left = left[table[slots] != left]
    return tuple(tables)


def _slots(hashes: NDArray[np.uint64], table: int) -> NDArray[np.uint64]:
    return (hashes >> np.uint64(15 * table)) & np.uint64(_SLOTS - 1)


def worths(tokens: text.Tokens) -> NDArray[np.int64]:
    """Return what each word is worth in a content pair, shape (words,): 0 for one that pairs drop, `BREAK` for a break.

    Above `WORTH` stand flags.
    """
    if tokens.names is not None:
        return np.fromiter(map(_worth_known.__getitem__, tokens.names), np.int64, len(tokens))
    # The same for words of spaced scripts, all at once.
    hashes, dropped = tokens.hashes, tokens.singles.copy()
    for number, table in enumerate(_common_tables()):
        dropped |= table[_slots(hashes, number)] == hashes
    found = np.where(tokens.numbers, SPACED | _NUMBER, SPACED)
    found[dropped] = 0
    return found


def pairs_of(
    worths: NDArray[np.int64], hashes: NDArray[np.uint64], bounds: NDArray[np.int64], *, sampled: bool = True
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the content pairs of all bodies, `sampled` or all, and which word each begins with (increasing).

    Given for each word what it is worth and its hash; body i is words `bounds[i]:bounds[i + 1]`.
    """
    kept = np.flatnonzero(worths & (BREAK - 1))
    worths_kept = worths[kept]
    # Stretches that no pair crosses: bodies, and what stands between breaks.
    parted = (worths == BREAK).view(np.int8)
    parted = np.append(parted, 0)
    parted[bounds[1:-1]] = 1
    stretches = np.cumsum(parted, dtype=np.int32)[kept]
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(mix(hashes[kept] + _STEP))))
    begins, ends = _windows(worths_kept & WORTH)
    numbers = np.concatenate(([0], np.cumsum(worths_kept & _NUMBER != 0, dtype=np.int32)))
    sound = (stretches[begins] == stretches[ends - 1]) & (numbers[ends] - numbers[begins] < ends - begins)
    begins, ends = begins[sound], ends[sound]
    # A sum, so that the order of the words does not matter.
    keys = mix(sums[ends] - sums[begins])
    kept_keys = (keys % (ends - begins).astype(np.uint64) == 0) | (not sampled)
    return keys[kept_keys].view(np.int64), kept[begins[kept_keys]]


def every(bodies: Sequence[str]) -> list[Placed]:
    """Return all content pairs of each of `bodies`, unique and sorted, and at which of its words each stands first.

    Together they take less time than by ones.
    """
    found: dict[int, Placed] = {}
    for places, tokens, bounds in text.rows(bodies):
        keys, begins = pairs_of(worths(tokens), tokens.hashes, bounds, sampled=False)
        cuts = np.searchsorted(begins, bounds).tolist()
        for place, first, (begin, end) in zip(places, bounds.tolist(), pairwise(cuts), strict=False):
            unique, at = np.unique(keys[begin:end], return_index=True)
            found[place] = unique, begins[begin:end][at] - first
    return [found[place] for place in range(len(bodies))]


def _windows(worths: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the shortest windows of words begin and end whose worth reaches PAIR."""
    if len(worths) and worths.min() == SPACED == worths.max():
        begins = np.arange(max(0, len(worths) - 1))
        return begins, begins + PAIR // SPACED
    reached = np.concatenate(([0], np.cumsum(worths)))
    ends = np.searchsorted(reached, reached[:-1] + PAIR)
    begins = np.flatnonzero(ends < len(reached))
    return begins, ends[begins]


def couples(one: Placed, other: Placed) -> int:
    """Return how many couples of the content pairs that two texts have in common lie within NEAR words in both.

    Given for each text: the hashes of its pairs, unique and sorted, and at which word each stands.
    """
    _, mine, theirs = np.intersect1d(one[0], other[0], assume_unique=True, return_indices=True)
    here, there = one[1][mine], other[1][theirs]
    near = (np.abs(here[:, None] - here) <= NEAR) & (np.abs(there[:, None] - there) <= NEAR)
    return (int(np.count_nonzero(near)) - len(near)) // 2
