"""What follows from stored bodies, remembered, so that nothing is worked out twice: words, sentences, content pairs.

And *facts*: what was found out about one article, each under a key that says all that it depends on. So facts hold
whoever found them, in whatever state the store was; another process may find them before the article's turn comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from syndet import boilerplate, pairs, portions
from syndet.align import prepare
from syndet.fingerprint import fingerprint
from syndet.models import Article, Fingerprint, Span
from syndet.pairs import Placed
from syndet.store import Store

Keys = NDArray[np.int64]
Fact = tuple[object, ...]
Facts = dict[Fact, Any]
# Fingerprints, sentences and content pairs of stored articles that are kept while others are linked; 5 KB each.
REMEMBERED = 4_000

_T = TypeVar("_T")


class Findings:
    """What is known of the bodies in a store."""

    def __init__(self, store: Store):
        self._store = store
        self._facts: Facts | None = None
        self._pairs: dict[int, Placed] = {}
        self.prepared = portions.remembered(prepare)
        self.sentences = portions.remembered(lambda body: boilerplate.sentence_keys(self.prepared(body)), REMEMBERED)
        self.fingerprint = lru_cache(REMEMBERED)(self._fingerprint)

    def refresh(self) -> None:
        """Forget what was remembered of articles by their ids: others wrote to the store."""
        self._pairs.clear()
        self.fingerprint.cache_clear()

    # -- one article at a time ---------------------------------------------------------------------------------------

    @contextmanager
    def about(self, facts: Facts) -> Iterator[None]:
        """Use `facts` in this block, and add to them what they lack."""
        self._facts = facts
        try:
            yield
        finally:
            self._facts = None

    def once(self, key: Fact, make: Callable[[], _T]) -> _T:
        """Return the fact `key`, which tells all that `make` depends on: stored articles by id, as these stay the same.

        An article that is not stored has None for an id, and no facts.
        """
        if self._facts is None or None in key:
            return make()
        if key not in self._facts:
            self._facts[key] = make()
        found: _T = self._facts[key]
        return found

    def has(self, key: Fact) -> bool:
        """Return whether the fact `key` is known already."""
        return self._facts is not None and key in self._facts

    def carried(self, article: Article, own: set[int], everywhere: set[int]) -> tuple[set[int], tuple[Span, ...]]:
        """Return the sentences of an article that are known as boilerplate, and where they stand."""
        if not own and not everywhere:
            return set(), ()
        keys = self.keys(article)
        known = {key for key in keys.tolist() if key in own or key in everywhere}
        if not known:
            return known, ()
        spans = self.once(
            ("spans", article.id, frozenset(known)),
            lambda: boilerplate.spans(self.prepared(article.body), keys, known),
        )
        return known, spans

    def keys(self, article: Article) -> Keys:
        """Return the key of each sentence of an article (`boilerplate.sentence_keys`)."""
        return self.once(("sentences", article.id), lambda: self.sentences(article.body))

    # -- stored articles ---------------------------------------------------------------------------------------------

    def body(self, number: int) -> str:
        """Return the body of a stored article."""
        return self._store.articles.bodies([number])[number]

    def _fingerprint(self, number: int) -> Fingerprint:
        return fingerprint(self.body(number))

    def read_pairs(self, numbers: Iterable[int]) -> None:
        """Read the content pairs of stored articles that will be asked for: together they cost less than by ones."""
        bodies = self._store.articles.bodies(number for number in numbers if number not in self._pairs)
        if bodies:
            self._pairs.update(zip(bodies, pairs.every(list(bodies.values())), strict=True))

    def pairs(self, number: int) -> Placed:
        """Return all content pairs of a stored article and where each stands first, as `pairs.every`."""
        if number not in self._pairs:
            self.read_pairs([number])
        found = self._pairs[number] = self._pairs.pop(number)  # at the end: the first was not asked for the longest
        while len(self._pairs) > REMEMBERED:
            del self._pairs[next(iter(self._pairs))]
        return found
