"""Words to 64-bit hashes, many at once, where they lie."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from syndet import compiled

# Odd 64-bit multipliers (from the fractional digits of the golden ratio and of the square root of 2).
_BASE = 0x9E3779B97F4A7C15
_BASE_INVERSE = pow(_BASE, -1, 1 << 64)


def _powers(base: int, size: int) -> NDArray[np.uint64]:
    """Return base**0 .. base**(size-1) modulo 2**64, shape (size,)."""
    table = np.ones(size, np.uint64)
    done = 1
    while done < size:
        step = min(done, size - done)
        table[done : done + step] = table[:step] * np.uint64(pow(base, done, 1 << 64))
        done += step
    return table


# The bytes hashed at once: enough to keep numpy busy, few enough for the tables of powers and the sums to stay in the
# second-level cache.
_SLICE = 1 << 15
_powers_known: tuple[NDArray[np.uint64], NDArray[np.uint64]] = (
    _powers(_BASE, 1 << 15),
    _powers(_BASE_INVERSE, 1 << 15),
)


def _tables(size: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the powers of the multiplier and of its inverse, at least `size` of each."""
    global _powers_known
    known = _powers_known
    if size > len(known[0]):
        size = 1 << (size - 1).bit_length()
        known = _powers(_BASE, size), _powers(_BASE_INVERSE, size)
        # One word of megabytes is no reason to keep tables of megabytes.
        _powers_known = known if size <= 16 * _SLICE else _powers_known
    return known


def mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return `values` through the MurmurHash3 64-bit finalizer: a bijection in which every bit moves every other."""
    mixed = values >> np.uint64(33)
    mixed ^= values
    mixed *= np.uint64(0xFF51AFD7ED558CCD)
    shifted = mixed >> np.uint64(33)
    mixed ^= shifted
    mixed *= np.uint64(0xC4CEB9FE1A85EC53)
    np.right_shift(mixed, np.uint64(33), out=shifted)
    mixed ^= shifted
    return mixed


def hashed(data: NDArray[np.uint8], firsts: NDArray[np.int64], lasts: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return one 64-bit hash for each word `data[firsts[i]:lasts[i]]`; 0 for an empty one. Words stand in order.

    A polynomial over the UTF-8 bytes modulo 2**64, from one running sum over many words at once, then mixed.
    """
    if (kernels := compiled.loaded()) is not None:
        made: NDArray[np.uint64] = kernels.hashed(data, firsts, lasts)
        return made
    values = np.empty(len(firsts), np.uint64)
    terms, sums = np.empty(_SLICE, np.uint64), np.zeros(_SLICE + 1, np.uint64)
    done = 0
    while done < len(firsts):
        begin = int(firsts[done])
        stop = max(done + 1, int(np.searchsorted(lasts, begin + _SLICE, "right")))
        size = int(lasts[stop - 1]) - begin
        if size > len(terms):
            terms, sums = np.empty(size, np.uint64), np.zeros(size + 1, np.uint64)
        powers, inverses = _tables(size + 1)
        np.multiply(data[begin : begin + size], powers[:size], out=terms[:size])
        np.cumsum(terms[:size], out=sums[1 : size + 1])
        low, high = firsts[done:stop] - begin, lasts[done:stop] - begin
        here = values[done:stop]
        np.subtract(sums[high], sums[low], out=here)
        here *= inverses[low]
        done = stop
    values = mix(values)
    values[values == 0] = 1
    values[firsts == lasts] = 0
    return values
