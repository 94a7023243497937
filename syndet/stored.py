"""A store as what answers and clusters are made of."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from syndet import retrieve
from syndet.known import Member
from syndet.models import Article, Link, Review
from syndet.store import Store
from syndet.summary import Summary

if TYPE_CHECKING:
    from syndet.linker import Linker


class Stored:
    """What an answer needs of the store, the last things read remembered; id 0 is the page that was looked up.

    It is `known.Graph` and `known.Kept` in one.
    """

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

    # -- clusters ----------------------------------------------------------------------------------------------------

    def member(self, number: int) -> Member | None:
        """Return the stored place of an article, None where there is none yet."""
        return self._store.clusters.member(number)

    def members(self, cluster: int) -> list[Member]:
        """Return the members of a cluster."""
        return self._store.clusters.members(cluster)

    def ties(self, number: int) -> dict[int, bool]:
        """Return whom decided links, or the way to a source, tie to an article, as `known.whole`."""
        return self._store.clusters.ties(number)

    def namers(self, address: str) -> list[int]:
        """Return the articles that name the page at a canonical address as their origin."""
        return self._store.clusters.namers(address)

    def named(self, article: Article) -> list[int]:
        """Return the linked articles that an article may name, by address or title."""
        return [*filter(self._store.index.has, self._store.articles.named_by(article, retrieve.MOST_DECLARED))]


def _nothing(_: int) -> list[Review]:
    return []
