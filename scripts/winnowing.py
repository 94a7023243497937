"""Winnowing (Schleimer, Wilkerson, Aiken 2003): words -> fingerprints, an index of them, and what shares how many.

A small implementation of its own, to compare syndet with; syndet does not use it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray


def runs(words: Sequence[str], size: int) -> list[int]:
    """Return the 64-bit hash of every run of `size` words, in order.

    >>> len(runs("a b c d".split(), 3)), runs("a b".split(), 3)
    (2, [])
    """
    joined = ("\x1f".join(words[at : at + size]) for at in range(len(words) - size + 1))
    return [
        int.from_bytes(blake2b(run.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") for run in joined
    ]


def winnowed(hashes: Sequence[int], window: int) -> set[int]:
    """Return the smallest of every `window` neighbours in `hashes`; which of equal ones, makes no difference to a set.

    With fewer than `window` of them, the smallest of all. Two sequences with a run of `window` hashes in common, which
    is `window` + k - 1 words where a hash stands for k, have a fingerprint in common.

    >>> sorted(winnowed([77, 74, 42, 17, 98, 50, 17, 98, 8, 88, 67, 39, 77, 74, 42, 17, 98], 4))
    [8, 17, 39]
    """
    if not hashes:
        return set()
    return {min(hashes[at : at + window]) for at in range(max(1, len(hashes) - window + 1))}


class Winnowed:
    """Postings of fingerprints, sorted, in two arrays: 8 bytes a fingerprint, 4 for the article."""

    def __init__(self, size: int, window: int) -> None:
        self._size, self._window = size, window
        self._keys: NDArray[np.uint64] = np.empty(0, np.uint64)
        self._articles: NDArray[np.uint32] = np.empty(0, np.uint32)

    def build(self, articles: Iterable[Sequence[str]]) -> None:
        """Index `articles`, each as its words."""
        keys, numbers = list[int](), list[int]()
        for number, words in enumerate(articles):
            own = winnowed(runs(words, self._size), self._window)
            keys += own
            numbers += [number] * len(own)
        every = np.array(keys, np.uint64)
        order = np.argsort(every, kind="stable")
        self._keys, self._articles = every[order], np.array(numbers, np.uint32)[order]

    def shared(self, words: Sequence[str]) -> Counter[int]:
        """Return how many fingerprints each article has in common with `words`."""
        own = np.array(sorted(winnowed(runs(words, self._size), self._window)), np.uint64)
        begins = np.searchsorted(self._keys, own, "left").tolist()
        ends = np.searchsorted(self._keys, own, "right").tolist()
        found = Counter[int]()
        for begin, end in zip(begins, ends, strict=True):
            found.update(self._articles[begin:end].tolist())
        return found

    def bytes(self) -> int:
        """Return the size of the postings."""
        return self._keys.nbytes + self._articles.nbytes
