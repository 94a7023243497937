"""What an answer and a settling need of a store, as people want it: links with their word applied, places, ties.

What a person said of a pair goes before all that was found (`Known.links`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, Protocol

from syndet import claims, origin, review, urls
from syndet.decide import NAMED_SURELY
from syndet.models import Article, Link, Reference, Relation, Review
from syndet.witnesses import Witnesses

# Relations of texts that share a part.
PARTIAL = frozenset({"excerpt", "extended", "digest", "declared"})


class Graph(Protocol):
    """What is stored, as far as an answer needs it."""

    def article(self, number: int) -> Article:
        """Return the article with this id."""

    def links(self, number: int) -> list[Link]:
        """Return the links of the article with this id, either end."""

    def compared(self, number: int, other: int) -> Link | None:
        """Return what ties two articles that were not compared when they were stored."""

    def reviews(self, number: int) -> list[Review]:
        """Return what people said of pairs that this article is in, in the order in which they said it."""


@dataclass(frozen=True, slots=True)
class Member:
    """The place of an article among its like: what it goes back to directly, and its cluster where that is stored."""

    id: int
    digest: bool  # made of unrelated stories: joins no cluster
    source: int | None = None  # a stored article
    external: Reference | None = None  # an origin outside the store
    cluster: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article comes from: a stored article (`id`) or one outside the store (`named`), perhaps `via` a third.

    `link` ties the article to its origin or, failing that, to the hop before it, or to another carrier.
    `direction` is the probability that the origin is right.
    """

    relation: Relation
    direction: float
    id: int | None = None
    named: Reference | None = None
    via: int | None = None
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What became of a cluster's id: it went up in `other`, came out of `other`, or ended with its last member."""

    cluster: int
    kind: Literal["merged", "split", "ended"]
    other: int | None
    run: int | None = None
    happened: str = ""


class Kept(Protocol):
    """What is stored of clusters. Without it, clusters are worked out from the links alone."""

    def member(self, number: int) -> Member | None:
        """Return the stored place of an article, None where there is none yet."""

    def members(self, cluster: int) -> list[Member]:
        """Return the members of a cluster."""

    def ties(self, number: int) -> dict[int, bool]:
        """Return whom decided links, as found, or the way to a source tie to an article, as `whole`."""

    def namers(self, address: str) -> list[int]:
        """Return the articles that name the page at a canonical address as their origin."""

    def named(self, article: Article) -> list[int]:
        """Return the linked articles that an article may name, by address or title."""


class Known:
    """A graph as people want it, of which digests, sources and members are worked out once for each article.

    The answer about a story on hundreds of sites asks for them thousands of times. Of the articles in `fresh`, what
    is `kept` is out of date.
    """

    def __init__(self, graph: Graph, kept: Kept | None = None, fresh: Collection[int] = (0,)):
        self.article = graph.article
        self.kept = kept
        self._graph, self._fresh = graph, fresh
        self._said: dict[int, dict[int, Review]] = {}
        self._links: dict[int, list[Link]] = {}
        self._witnesses = Witnesses(graph)
        self.members: dict[int, Member] = {}
        self.digests: dict[int, bool] = {}
        self.sources: dict[int, Source | None] = {}
        self.foremost: dict[int, tuple[float, tuple[str, ...]]] = {}

    def said(self, number: int) -> dict[int, Review]:
        """Return the reviews of an article that count, by the id of the other one."""
        if number not in self._said:
            self._said[number] = review.counting(number, self._graph.reviews)
        return self._said[number]

    def links(self, number: int) -> list[Link]:
        """Return the links of an article, either end, the surest first: those found, as third pages and people say."""
        if number in self._links:
            return self._links[number]
        said = self.said(number)
        links: dict[int, Link | None] = {
            link.other(number): self._witnesses.heard(link) for link in self._graph.links(number)
        }
        links |= {other: self.compared(number, other) for other in self._arrived(number)}
        links = {other: link for other, link in links.items() if link is not None and not self._witnesses.echo(link)}
        links |= {other: review.applied(links.get(other), one, self.article) for other, one in said.items()}
        found = [link for link in links.values() if link is not None]
        self._links[number] = sorted(found, key=lambda link: (-link.reuse, link.repost, link.origin))
        return self._links[number]

    def _arrived(self, number: int) -> list[int]:
        """Return the origins that an article names surely, which it was not compared with when these were stored.

        Of all who name a page that comes later, only some are compared with it (`retrieve.MOST_DECLARED`).
        """
        if self.kept is None or number == 0:
            return []
        article = self.article(number)
        if (named := claims.reference(article.cues)) is None or not (named.url or named.title):
            return []
        known, own = {link.other(number) for link in self._graph.links(number)}, urls.address(article.url)
        found = [other for other in self.kept.named(article) if other != number and other not in known]
        return [
            other
            for other in found
            if origin.fit(named, (page := self.article(other))) >= NAMED_SURELY and urls.address(page.url) != own
        ]

    def ties(self, number: int) -> dict[int, bool]:
        """Return the articles that are tied to one by more than a guess, and whether each tie is `whole`."""
        said = self.said(number)
        if self.kept is None or number == 0:
            found = {one.other(number): whole(one) for one in self._graph.links(number) if one.state != "possible"}
        else:
            found = self.kept.ties(number)
        if said:
            links = {link.other(number): link for link in self.links(number) if link.state != "possible"}
            found = {other: tie for other, tie in found.items() if other not in said}
            found |= {other: whole(links[other]) for other in said if other in links}
        return found

    def stored(self, number: int) -> Member | None:
        """Return the stored place of an article, None where that is out of date or not worked out yet."""
        return self.kept.member(number) if self.kept is not None and number not in self._fresh else None

    def compared(self, number: int, other: int) -> Link | None:
        """Return what ties two articles that `links` does not tie: nothing where a person said so."""
        return None if other in self.said(number) else self._graph.compared(number, other)

    def rejected(self, number: int) -> set[int]:
        """Return the articles of which a person said that this one has nothing to do with them."""
        return {other for other, one in self.said(number).items() if one.verdict == "rejected"}


def whole(link: Link) -> bool:
    """Return whether a decided link ties two pages as one story, rather than by a part that one has of the other."""
    return link.state != "repost" or link.relation not in PARTIAL
