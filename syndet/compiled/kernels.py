"""Loops over words, compiled by numba: what `hashing`, `fingerprint` and `pairs` do by numpy, the same to the bit.

Unsigned numbers stay unsigned only among their like, so every constant has its type.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., object])
Bytes = NDArray[np.uint8]
Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

_ZERO, _ONE, _33, _32 = np.uint64(0), np.uint64(1), np.uint64(33), np.uint64(32)
_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)
_FIRST_32, _SECOND_32 = np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)
_13, _16 = np.uint32(13), np.uint32(16)


def _compiled(function: Function) -> Function:
    """Return `function` compiled at its first call, and kept on disk where there is a place to keep it."""
    made: Any  # numba has types in some versions, and they are not those of the function
    try:
        made = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # neither the package nor the home can be written to
        made = numba.njit(nogil=True)(function)
    return cast(Function, made)


@_compiled
def mix(value: np.uint64) -> np.uint64:
    """Return `hashing.mix` of one value."""
    value = (value ^ (value >> _33)) * _FIRST
    value = (value ^ (value >> _33)) * _SECOND
    return value ^ (value >> _33)


@_compiled
def hashed(data: Bytes, firsts: Places, lasts: Places) -> Hashes:
    """Return `hashing.hashed`; words may stand in any order."""
    made = np.zeros(len(firsts), np.uint64)
    for word in range(len(firsts)):
        value = _ZERO
        for place in range(lasts[word] - 1, firsts[word] - 1, -1):
            value = value * _STEP + np.uint64(data[place])
        if lasts[word] > firsts[word]:
            value = mix(value)
            made[word] = value if value != _ZERO else _ONE
    return made


@_compiled
def text_hash(hashes: Hashes) -> np.uint64:
    """Return the hash of a body with these word hashes."""
    total = _ZERO
    for place in range(len(hashes)):
        total += mix(hashes[place] + np.uint64(place + 1) * _STEP)
    return mix(total)


@_compiled
def text_hashes(hashes: Hashes, bounds: Places) -> Hashes:
    """Return `text_hash` of each body, shape (bodies,)."""
    made = np.empty(len(bounds) - 1, np.uint64)
    for body in range(len(made)):
        made[body] = text_hash(hashes[bounds[body] : bounds[body + 1]])
    return made


@_compiled
def shingles(hashes: Hashes, size: int, found: NDArray[np.uint32]) -> int:
    """Write into `found` the upper halves of the hashes of a body's shingles of `size` words; return how many."""
    count = known = 0
    for last in range(len(hashes)):
        known = known + 1 if hashes[last] != _ZERO else 0
        if known >= size:
            value = _ZERO
            for place in range(last - size + 1, last + 1):
                value = value * _STEP + hashes[place]
            found[count] = np.uint32(mix(value) >> _32)
            count += 1
    if count == 0:
        found[0] = np.uint32(mix(text_hash(hashes)) >> _32)
        count = 1
    return count


@_compiled
def signatures(
    hashes: Hashes, bounds: Places, size: int, factors: NDArray[np.uint32], summands: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Return the signatures of bodies, given their word hashes, shape (bodies, permutations)."""
    made = np.empty((len(bounds) - 1, len(factors)), np.uint32)
    found = np.empty(np.max(np.diff(bounds)) + 1, np.uint32)
    for body in range(len(made)):
        count = shingles(hashes[bounds[body] : bounds[body + 1]], size, found)
        for place in range(count):
            value = found[place]
            value = np.uint32((value ^ (value >> _16)) * _FIRST_32)
            value = np.uint32((value ^ (value >> _13)) * _SECOND_32)
            found[place] = np.uint32(value ^ (value >> _16))
        for row in range(len(factors)):
            factor, summand = factors[row], summands[row]
            least = np.uint32(0xFFFFFFFF)
            for place in range(count):
                least = min(least, np.uint32(factor * found[place] + summand))
            made[body, row] = least
    return made


@_compiled
def bands(signatures: NDArray[np.uint32], bands: int, rows: int) -> Hashes:
    """Return one key a band, shape (bodies, bands)."""
    made = np.empty((len(signatures), bands), np.uint64)
    for body in range(len(signatures)):
        for band in range(bands):
            key = mix(np.uint64(band + 1))
            for row in range(rows):
                key = mix(key ^ np.uint64(signatures[body, band * rows + row]))
            made[body, band] = key
    return made


@_compiled
def character(written: Bytes, at: int) -> tuple[int, int]:
    """Return which character of a text in UTF-8 begins at `at`, and how many bytes it has; a space where it ends."""
    if at == len(written):
        return 32, 1
    code, length = int(written[at]), 1
    if code >= 0x80:
        length = 2 if code < 0xE0 else 3 if code < 0xF0 else 4
        code &= 0x7F >> length
        for place in range(at + 1, at + length):
            code = code << 6 | int(written[place] & 0x3F)
    return code, length


@_compiled
def scanned(
    written: Bytes, folds: NDArray[np.uint32], data: Bytes, edges: Places, hashes: Hashes, hard: Places
) -> tuple[int, int, int, int]:
    """Write the words of a text into `data`, where they stand into `edges`, and what goes word by word into `hard`.

    `folds`: as in `folds`, of ASCII too. `edges`: shape (4, n), firsts and lasts in `data`, begins and ends in
    `written`. `hashes`: shape (n,), `hashed` of each. `hard`: shape (2, n), where stretches begin and end. Return how
    many bytes, words and stretches that are, and which character `folds` does not know, -1 where it knows all.
    """
    at = size = words = stretches = 0
    stretch = words_before = size_before = 0  # where the stretch begins, and what was there before it
    inside = joined = owned = neighbourly = False  # in a stretch; a word; of an ideogram; what goes word by word
    value, power = _ZERO, _ONE
    while at <= len(written):
        while joined and not owned and at < len(written) and written[at] < 0x80:  # most of most words
            entry = folds[written[at]]
            if entry <= np.uint32(32):
                break
            data[size] = entry
            value += np.uint64(entry) * power
            power *= _STEP
            size += 1
            at += 1
        code, length = character(written, at)
        entry = folds[code]
        if entry == 0:
            return size, words, stretches, code
        if code == 64 and ((at > 0 and written[at - 1] == 64) or (at + 1 < len(written) and written[at + 1] == 64)):
            entry = np.uint32(1)
        gap = entry & np.uint32(0xFF) == np.uint32(32)
        alone = length == 3 and entry >= np.uint32(1 << 31)
        if joined and (gap or alone or owned):
            edges[1, words - 1], edges[3, words - 1] = size, at
            hashes[words - 1] = max(_ONE, mix(value))
            joined = False
        if gap:
            if neighbourly:
                words, size = words_before, size_before
                hard[0, stretches], hard[1, stretches] = stretch, at
                stretches += 1
            data[size] = 32
            size += inside
            inside = neighbourly = False
        else:
            if not inside:
                inside, stretch, words_before, size_before = True, at, words, size
            if not joined:
                edges[0, words], edges[2, words] = size, at
                words += 1
                joined, owned, value, power = True, alone, _ZERO, _ONE
            neighbourly |= entry == np.uint32(1)
            for place in range(length):
                byte = (np.uint64(entry) >> np.uint64(8 * place)) & np.uint64(0xFF)
                if byte != np.uint64(0xFE):
                    data[size] = byte
                    value += byte * power
                    power *= _STEP
                    size += 1
        at += length
    return size, words, stretches, -1


@_compiled
def _bits(size: int) -> int:
    """Return of which power of two `size` is."""
    bits = 0
    while 1 << bits < size:
        bits += 1
    return bits


@_compiled
def worths(
    data: Bytes,
    firsts: Places,
    lasts: Places,
    hashes: Hashes,
    at_sight: NDArray[np.int8],
    factors: Hashes,
    table: Hashes,
    digit: tuple[int, int, int],
) -> NDArray[np.int8]:
    """Return what each word is worth in a content pair, with what has to be looked at closer.

    `digit`: what `at_sight` says of a word that begins with a digit, and what a number and another such word is worth.
    """
    made = np.empty(len(firsts), np.int8)
    buckets, slots = np.uint64(64 - _bits(len(factors))), np.uint64(64 - _bits(len(table)))
    longest = len(at_sight) // 256 - 1
    for word in range(len(firsts)):
        first, last = firsts[word], lasts[word]
        worth = at_sight[256 * min(last - first, longest) + data[first]] if last > first else at_sight[0]
        if worth == digit[0]:
            worth = digit[1]
            for place in range(first, last):
                if data[place] < 48 or data[place] > 57:
                    worth = digit[2]
        if table[(factors[hashes[word] >> buckets] * hashes[word]) >> slots] == hashes[word]:
            worth = 0
        made[word] = worth
    return made


@_compiled
def pairs_of(
    worths: NDArray[np.int8], hashes: Hashes, bounds: Places, sampled: bool, flags: tuple[int, int, int], pair: int
) -> tuple[Hashes, Places]:
    """Return `pairs.pairs_of`. `flags`: the bits of a worth, of a number, and a break; `pair`: what a pair is worth."""
    keys, begins = np.empty(len(worths), np.uint64), np.empty(len(worths), np.int64)
    kept, mixed = np.empty(len(worths), np.int64), np.empty(len(worths), np.uint64)
    worth_bits, number, stop = flags
    count = 0
    for body in range(len(bounds) - 1):
        size = low = reached = numbers = 0  # the window: words kept[low:size], their worth, how many are numbers
        total = _ZERO
        for word in range(bounds[body], bounds[body + 1]):
            if worths[word] == stop:
                size = low = reached = numbers = 0
                total = _ZERO
                continue
            if worths[word] == 0:
                continue
            kept[size], mixed[size] = word, mix(hashes[word] + _STEP)
            total += mixed[size]
            reached += worths[word] & worth_bits
            numbers += worths[word] & number != 0
            size += 1
            while reached >= pair:
                key, words = mix(total), size - low
                if numbers < words and (not sampled or key % np.uint64(words) == _ZERO):
                    keys[count], begins[count] = key, kept[low]
                    count += 1
                total -= mixed[low]
                reached -= worths[kept[low]] & worth_bits
                numbers -= worths[kept[low]] & number != 0
                low += 1
    return keys[:count], begins[:count]
