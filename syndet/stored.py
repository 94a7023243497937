"""A store as the graph that answers are made of."""

from __future__ import annotations

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
        self._store, self._reviewed = store, reviewed
        self._page, self._ties = article, links
        self._articles: dict[int, Article] = {}
        self._links: dict[int, list[Link]] = {}
        self._reviews: dict[int, list[Review]] = {}
        self._linker: Linker | None = None

    def article(self, number: int) -> Article:
        """Return the article with this id. Raises NotStored."""
        if number == 0 and self._page is not None:
            return self._page
        if number not in self._articles:
            if len(self._articles) >= self.REMEMBERED:
                self._articles.clear()
            self._articles[number] = self._store.articles.require(number)
        return self._articles[number]

    def links(self, number: int) -> list[Link]:
        """Return the links of the article with this id, either end."""
        if number == 0 and self._ties is not None:
            return self._ties
        if number not in self._links:
            if len(self._links) >= self.REMEMBERED:
                self._links.clear()
            self._links[number] = self._store.links.of(number)
        return self._links[number]

    def reviews(self, number: int) -> list[Review]:
        """Return what people said of pairs that the article with this id is in."""
        if number not in self._reviews:
            self._reviews[number] = self._store.reviews.of(number) if self._reviewed else []
        return self._reviews[number]

    def compared(self, number: int, other: int) -> Link | None:
        """Return what ties two articles that were not compared when they were stored."""
        if self._linker is None:
            from syndet.linker import Linker

            self._linker = Linker(self._store, Summary())
        return self._linker.compared(self.article(number), self.article(other))
