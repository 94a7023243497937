"""What people said of pairs of articles, and what that makes of their links: here a person overrules, nowhere else.

Applied when links are read for an answer (`known.Known`), never when they are made. So links are the same whatever
was said and when, and no night, rebuild or new version of a page can lose or overrule a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Literal

from syndet import decide, relate
from syndet.models import Article, Evidence, Link, Reference, Relation, Review

# A person's word in log-odds: 1 to the four places of an answer. Nothing stands beside it; the rest only informs.
WEIGHT_REVIEW = 12.0


def latest(reviews: Iterable[Review]) -> dict[tuple[int, int], Review]:
    """Return by pair (ids, the lower first) the latest of `reviews`, which come in the order in which they were said.

    Pairs of which all was withdrawn are left out.

    >>> said = [Review(2, 1, "confirmed", "Ann", "", "2024-03-05"), Review(1, 2, "rejected", "Ben", "", "2024-03-06")]
    >>> [review.who for review in latest(said).values()], latest([*said, Review(1, 2, "open", "Ann", "", "2024-03-07")])
    (['Ben'], {})
    """
    found = {(min(one.repost, one.origin), max(one.repost, one.origin)): one for one in reviews}
    return {pair: review for pair, review in found.items() if review.verdict != "open"}


def counting(number: int, reviews: Callable[[int], Sequence[Review]]) -> dict[int, Review]:
    """Return the reviews of article `number` that count, by the id of the other article.

    `reviews` gives those of an article. A story has one origin: of several that people gave to one page the latest is
    it, and the others count as confirmed.
    """
    found = {}
    for review in latest(reviews(number)).values():
        if review.verdict == "origin":
            given = (one for one in latest(reviews(review.repost)).values() if one.repost == review.repost)
            if review.id < max(one.id for one in given if one.verdict == "origin"):
                review = replace(review, verdict="confirmed")
        found[review.other(number)] = review
    return found


def applied(link: Link | None, review: Review, article: Callable[[int], Article]) -> Link | None:
    """Return what `review` makes of the link of its pair (None: nothing was found): the link that counts, or none.

    `article` gives an article by its id. Where nothing was found, the two are compared, so that what they share shows.
    """
    if review.verdict == "rejected":
        return None
    repost, source = article(review.repost), article(review.origin)
    if link is None:
        # Here, not above: hardly any answer comes to this.
        from syndet.align import align, prepare

        common = align(prepare(repost.body), prepare(source.body))
        link = decide.decide(repost, source, common)
        shared = relate.shown(common) if link is None and common.passages else None
    if link is not None:
        shared = link.seen_from(review.repost)
    state: Literal["repost", "revision"] = "repost"
    relation: Relation = relate.relation(shared) if shared is not None else "declared"
    if relate.one_site(repost, source):
        state = relation = "revision"
    elif link is not None and link.state != "sibling":  # what both have from a third is no longer so
        relation = decide.relation_of(link, review.repost)
    known = decide.reasons(repost, source, link) if link is not None else ()
    return Link(review.repost, review.origin, state, relation, 1.0, 1.0, shared, known, review=review)


def reasons(article: Article, other: Article, link: Link) -> tuple[Evidence, ...]:
    """Return the evidence of `link` as seen from `article`, either end: positive weights speak for the other end."""
    known = decide.reasons(article, other, link)
    review = link.review
    if review is None:
        return known
    source, sign = (other, 1) if article.id == review.repost else (article, -1)
    named = Reference(source.url, source.outlet, source.title)
    value = f"{review.who}: {review.why}" if review.why else review.who
    said = Evidence("review", value, f"review:{review.said}", "linked", named, sign * WEIGHT_REVIEW)
    return (said, *(replace(item, weight=0.0) for item in known))
