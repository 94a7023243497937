"""A store as the graph that answers are made of."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from syndet.models import Article, Link, Review
from syndet.store import Store
from syndet.summary import Summary

if TYPE_CHECKING:
    from syndet.linker import Linker


class Stored:
    """What an answer needs of the store, the last things read remembered; id 0 is the page that was looked up."""

    REMEMBERED = 5_000

    def __init__(
        self, store: Store, article: Article | None = None, links: list[Link] | None = None, *, reviewed: bool = True
    ):
        """Read from `store`; unless `reviewed`, as if no person had said anything."""
        self._store = store
        self._page, self._ties = article, links
        self._article = lru_cache(self.REMEMBERED)(store.articles.require)
        self._links = lru_cache(self.REMEMBERED)(store.links.of)
        self._reviews = lru_cache(self.REMEMBERED)(store.reviews.of if reviewed else _nothing)
        self._linker: Linker | None = None

    def article(self, number: int) -> Article:
        """Return the article with this id. Raises NotStored."""
        return self._page if number == 0 and self._page is not None else self._article(number)

    def links(self, number: int) -> list[Link]:
        """Return the links of the article with this id, either end."""
        return self._ties if number == 0 and self._ties is not None else self._links(number)

    def reviews(self, number: int) -> list[Review]:
        """Return what people said of pairs that the article with this id is in."""
        return self._reviews(number)

    def compared(self, number: int, other: int) -> Link | None:
        """Return what ties two articles that were not compared when they were stored."""
        if self._linker is None:
            from syndet.linker import Linker

            self._linker = Linker(self._store, Summary())
        return self._linker.compared(self.article(number), self.article(other))


def _nothing(_: int) -> list[Review]:
    return []
