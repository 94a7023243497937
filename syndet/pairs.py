"""Words -> content pairs: what neighbouring words that tell something leave as keys.

Frozen in `fingerprint.SPEC`, like all that the index keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from types import ModuleType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from syndet import compiled, text
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


_WORTHS: Final = np.array([SPACED, CLUSTER, IDEOGRAM, 0], np.int8)  # by kind of word
# What a word is worth by its bytes, as many of them as matter, and the first of them; or where to look closer. One
# letter is what an apostrophe leaves ("l", "d", "s"), one digit a rank or a score.
_LONG, _DIGIT, _FAR = 3, 64, 65
_AT_SIGHT: Final = np.full((_LONG + 1) * 256, SPACED, np.int8)
_by_bytes = _AT_SIGHT.reshape(-1, 256)
_by_bytes[0] = BREAK
_by_bytes[1] = _by_bytes[2, 0xC0 : text.FAR] = 0
_by_bytes[2:, ord("0") : ord("9") + 1] = _DIGIT
_by_bytes[1:, text.FAR :] = _FAR


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


_BUCKETS, _SLOTS = 12, 14  # bits


@cache
def _common_table() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return one odd factor a bucket, and a table with each common word's hash at its slot.

    Shapes (1 << _BUCKETS,) and (1 << _SLOTS,).

    The highest bits of a hash tell its bucket, those of its product with the bucket's factor its slot; the factors are
    such that no two words share one.
    """
    buckets: dict[int, list[int]] = {}
    for value in text.tokens(" ".join(sorted(COMMON))).hashes.tolist():
        buckets.setdefault(value >> (64 - _BUCKETS), []).append(value)
    factors = np.ones(1 << _BUCKETS, np.uint64)
    # Not 0, the hash of a break, which is no common word.
    table = np.full(1 << _SLOTS, np.iinfo(np.uint64).max)
    taken: set[int] = set()
    for bucket, values in sorted(buckets.items(), key=lambda item: -len(item[1])):
        factor, slots = 1, {value >> (64 - _SLOTS) for value in values}
        while len(slots) < len(values) or slots & taken:
            factor += 2
            slots = {(value * factor & ((1 << 64) - 1)) >> (64 - _SLOTS) for value in values}
        taken |= slots
        factors[bucket] = factor
        for value in values:
            table[(value * factor & ((1 << 64) - 1)) >> (64 - _SLOTS)] = value
    return factors, table


def common(hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which words, given by their hashes, are common ones."""
    factors, table = _common_table()
    slots = factors[hashes >> np.uint64(64 - _BUCKETS)]
    slots *= hashes
    slots >>= np.uint64(64 - _SLOTS)
    found: NDArray[np.bool_] = table[slots] == hashes
    return found


def worths(tokens: text.Tokens) -> NDArray[np.int8]:
    """Return what each word is worth in a content pair, shape (words,): 0 for one that pairs drop, `BREAK` for a break.

    Above `WORTH` stand flags.
    """
    kernels = compiled.loaded()
    found = _at_sight(tokens) if kernels is None else _at_sight_by(kernels, tokens)
    far = np.flatnonzero(found == _FAR)
    if len(far):
        kinds = tokens.kinds(far)
        single = tokens.bytes[far] == np.where(tokens.leads[far] < 0xF0, 3, 4)
        found[far] = np.where((kinds == text.SPACED) & single, 0, _WORTHS[kinds])
        # Hiragana with a mark; rarely one that is none.
        for at in far[(kinds == text.HIRAGANA) & ~single].tolist():
            found[at] = 0 if hiragana(tokens.word(at)) else IDEOGRAM
    return found


def _at_sight(tokens: text.Tokens) -> NDArray[np.int8]:
    """Return what each word is worth by its bytes, _FAR where one has to look closer, shape (words,)."""
    found = _AT_SIGHT[np.minimum(tokens.bytes, _LONG) * 256 + tokens.leads]
    numbers = np.flatnonzero(found == _DIGIT)
    found[numbers] = np.where(tokens.numbers(numbers), SPACED | _NUMBER, SPACED)
    found *= ~common(tokens.hashes)
    return found


def _at_sight_by(kernels: ModuleType, tokens: text.Tokens) -> NDArray[np.int8]:
    """Return the same, by the compiled loop."""
    digits = (_DIGIT, SPACED | _NUMBER, SPACED)
    found: NDArray[np.int8] = kernels.worths(*tokens.spelled, tokens.hashes, _AT_SIGHT, *_common_table(), digits)
    return found


def hiragana(word: str) -> bool:
    """Return whether a word is of hiragana alone."""
    return all("\u3040" <= letter <= "\u309f" for letter in word)


def pairs_of(
    worths: NDArray[np.int8], hashes: NDArray[np.uint64], bounds: NDArray[np.int64], *, sampled: bool = True
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the content pairs of all bodies, `sampled` or all, and which word each begins with (increasing).

    Given for each word what it is worth and its hash; body i is words `bounds[i]:bounds[i + 1]`.
    """
    if (kernels := compiled.loaded()) is not None:
        keys, begins = kernels.pairs_of(worths, hashes, bounds, sampled, (WORTH, _NUMBER, BREAK), PAIR)
        return keys.view(np.int64), begins
    kept = np.flatnonzero(worths & (BREAK - 1))
    worths_kept = worths[kept]
    # Before which of the words that are kept no pair goes on: where a body begins, or what stands after a break.
    cuts = np.searchsorted(kept, np.concatenate((bounds[1:-1], np.flatnonzero(worths == BREAK))))
    cuts = cuts[(cuts > 0) & (cuts < len(kept))]
    mixed = mix(hashes[kept] + _STEP)
    # Neighbours, for all words but those that stand beside words of which it takes more.
    sums = mixed[:-1] + mixed[1:]
    numbers = worths_kept & _NUMBER != 0
    sound = ~(numbers[:-1] & numbers[1:])
    sound[cuts - 1] = False
    alone = worths_kept & WORTH == SPACED
    longer = np.flatnonzero(~(alone[:-1] & alone[1:]))
    if len(longer):
        ends, whole = _windows(worths_kept, longer, cuts)
        running = np.concatenate((np.zeros(1, np.uint64), np.cumsum(mixed)))
        sound[longer] = whole
        sums[longer] = running[ends] - running[longer]
    # A sum, so that the order of the words does not matter.
    keys = mix(sums)
    if sampled:
        kept_keys = (keys & np.uint64(1)) == 0
        if len(longer):
            kept_keys[longer] = keys[longer] % (ends - longer).astype(np.uint64) == 0
        sound &= kept_keys
    return keys[sound].view(np.int64), kept[:-1][sound]


def every(bodies: Sequence[str]) -> list[Placed]:
    """Return all content pairs of each of `bodies`, unique and sorted, and at which of its words each stands first.

    Together they take less time than by ones.
    """
    tokens, bounds = text.row(bodies)
    keys, begins = pairs_of(worths(tokens), tokens.hashes, bounds, sampled=False)
    cuts = np.searchsorted(begins, bounds).tolist()
    found: list[Placed] = []
    for first, (begin, end) in zip(bounds.tolist(), pairwise(cuts), strict=False):
        unique, at = np.unique(keys[begin:end], return_index=True)
        found.append((unique, begins[begin:end][at] - first))
    return found


def _windows(
    worths: NDArray[np.int8], begins: NDArray[np.int64], cuts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return where the shortest windows of words end whose worth reaches PAIR, and which of them are whole.

    Those are that reach it before the words end, and cross no cut.
    """
    reached = np.concatenate((np.zeros(1, np.int64), np.cumsum(worths & WORTH, dtype=np.int64)))
    ends = np.searchsorted(reached, reached[begins] + PAIR)
    whole = ends < len(reached)
    ends = np.minimum(ends, len(worths))
    parted = np.zeros(len(worths), np.int64)
    parted[cuts] = 1
    stretches = np.cumsum(parted)
    return ends, whole & (stretches[begins] == stretches[ends - 1])


def couples(one: Placed, other: Placed) -> int:
    """Return how many couples of the content pairs that two texts have in common lie within NEAR words in both.

    Given for each text: the hashes of its pairs, unique and sorted, and at which word each stands.
    """
    _, mine, theirs = np.intersect1d(one[0], other[0], assume_unique=True, return_indices=True)
    here, there = one[1][mine], other[1][theirs]
    near = (np.abs(here[:, None] - here) <= NEAR) & (np.abs(there[:, None] - there) <= NEAR)
    return (int(np.count_nonzero(near)) - len(near)) // 2
