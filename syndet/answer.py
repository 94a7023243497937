"""An article and its links -> the answer of a lookup: verdict, origin, via, evidence, cluster, others."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from syndet import claims, clusters, groups, origin, review, urls
from syndet.decide import relation_of
from syndet.groups import Policy
from syndet.known import Graph, Kept, Known, Source
from syndet.models import Answer, Article, Evidence, Link, Origin, Other, Reference

_CERTAIN = 1 - 1e-6
Role = Literal["repost", "source", "sibling", "revision"]


def answer(target: str, article: Article, known: Graph, kept: Kept | None = None, policy: Policy = "origin") -> Answer:
    """Return the answer for `article` (id None: not stored, then `known` has its links under id 0).

    `reuse` is the probability that text was reused, `direction` that the answer names the right origin: for `repost`
    the origin, for `origin` this very page, for `possible` the page that `shared` is with. Weights of evidence speak
    for the same. `kept` has the clusters that are stored, and `policy` says who speaks for one.
    """
    return among(target, article, Known(known, kept), policy)


def among(target: str, article: Article, graph: Known, policy: Policy = "origin") -> Answer:
    """Return the same from a graph that other answers are made of as well, and which remembers their ways."""
    number = article.id or 0
    links = graph.links(number)
    plain = Answer(target, article, "no_match", evidence=tuple(_claims(article)))
    parts = clusters.digest_parts(number, graph) if clusters.digest(number, graph) else []
    source = clusters.source(number, graph) if not parts else None
    sources: set[int | None] = {source.id, source.via} if source is not None else {part.origin for part in parts}
    roles = {link.other(number): _role(number, link, sources, graph) for link in links}
    others = tuple(_other(number, link, roles[link.other(number)], graph) for link in links)
    plain = replace(plain, others=others, cluster=groups.cluster(number, graph, policy))
    if parts:
        return _digest(plain, parts, graph)
    if source is not None:
        return _repost(plain, source, graph)
    followers = [link for link in links if _follows(number, link.other(number), graph)]
    if not links:
        return plain
    return _unsourced(plain, followers, links, graph)


def _repost(plain: Answer, source: Source, graph: Known) -> Answer:
    """Return the answer for an article that goes back to another one, or to an origin outside the store."""
    link, number = source.link, plain.article.id or 0
    # Known by the page's word alone: what another page shares with it says nothing of its origin.
    shown = link if source.relation != "declared" else None
    found, credited = led_to(source, graph)
    if source.id is not None:
        reuse = link.reuse if link else 0.0
    else:
        # The page's word, or the text that another carrier of the same origin has in common with it.
        told = origin.TRUST[cue.grade] if (cue := claims.declared(plain.article.cues)) else 0.0
        reuse = max(told, link.reuse if link and source.relation != "declared" else 0.0)
    evidence = _evidence(plain.article, link, source.id is None, graph)
    if source.id is not None and link is not None:
        evidence += _beside(source.id, link.direction, source.direction, graph)
    if link is not None:
        evidence += tuple(
            item for one in clusters.belied(number, graph) if one != link for item in clusters.doubts(one)
        )
    return replace(
        _with(plain, shown, graph, number),
        verdict="repost",
        relation=source.relation,
        origin=found,
        via=stored(graph.article(source.via)) if source.via is not None else None,
        reuse=reuse,
        direction=source.direction,
        credit=credit(plain.article, credited),
        evidence=evidence,
    )


def led_to(source: Source, graph: Known) -> tuple[Origin, list[Article]]:
    """Return the origin that a way leads to, and the stored articles to which a credit is one; none: to anybody."""
    if source.id is None:
        return external(source.named or Reference()), []
    root = graph.article(source.id)
    return stored(root), [root, *([graph.article(source.via)] if source.via is not None else [])]


def _digest(plain: Answer, parts: list[Link], graph: Known) -> Answer:
    """Return the answer for an article that was made of unrelated stories: no origin, no cluster."""
    number = plain.article.id or 0
    return replace(
        _with(plain, parts[0], graph, number),
        verdict="repost",
        relation="digest",
        reuse=max(link.reuse for link in parts),
        direction=max(link.direction for link in parts),
        credit=credit(plain.article, [graph.article(link.origin) for link in parts]),
        evidence=_evidence(plain.article, parts[0], False, graph),
    )


def _unsourced(plain: Answer, followers: list[Link], links: list[Link], graph: Known) -> Answer:
    """Return the answer for an article that others go back to, or that shares text with others nobody knows how."""
    number = plain.article.id or 0
    best = min(followers or links, key=lambda link: _likest(link, number, graph))
    toward = best.direction if best.repost == number else 1 - best.direction
    evidence = _evidence(plain.article, best, False, graph)
    shown = _with(plain, best, graph, number)
    if not followers:
        if best.state == "repost" and best.repost == number:
            # Later than that page, but others may have been before both.
            toward *= clusters.foremost(best.origin, graph)[0]
            evidence += _beside(best.origin, best.direction, toward, graph)
        relation = relation_of(best, number)
        return replace(
            shown, verdict="possible", relation=relation, reuse=best.reuse, direction=toward, evidence=evidence
        )
    # What speaks against the other page speaks for this one.
    evidence = tuple(replace(item, weight=-item.weight) if item.weight else item for item in evidence)
    theirs = clusters.source(best.other(number), graph)
    sure = min(1 - toward, theirs.direction if theirs is not None and theirs.id == number else 1.0)
    evidence += _beside(number, 1 - toward, sure, graph)
    return replace(shown, verdict="origin", reuse=best.reuse, direction=sure, evidence=evidence)


def _beside(root: int, sure: float, total: float, graph: Known) -> tuple[Evidence, ...]:
    """Return who else may be the first, where that makes `sure`, the word of two pages, the lower `total`."""
    others = clusters.foremost(root, graph)[1] if total < sure else ()
    if not others:
        return ()
    more = f" and {len(others) - 1} more" if len(others) > 1 else ""
    value = f"{others[0]}{more} may have been before it: nothing tells"
    # A person's word is a certainty, which has no log-odds.
    weight = math.log(total / (1 - total)) - math.log((sure := min(sure, _CERTAIN)) / (1 - sure))
    return (Evidence("date_order", value, f"article:{others[0]} date:published", "weak", None, weight),)


def _likest(link: Link, number: int, graph: Known) -> tuple[bool, float, float, str]:
    """Order links of one article: decided ones first, then the surest, the longest, and last by address."""
    words = link.shared.words if link.shared else 0
    if link.state == "repost" and link.origin == number and not _follows(number, link.repost, graph):
        # A later page that goes back to another one: nothing that this page could come from.
        return (True, 1.0, -words, graph.article(link.repost).url)
    return (link.state == "possible", -round(link.reuse, 3), -words, graph.article(link.other(number)).url)


def _with(plain: Answer, link: Link | None, graph: Known, number: int) -> Answer:
    """Return the answer with what `link` shows to be shared."""
    shared = link.seen_from(number) if link is not None else None
    if link is None or shared is None:
        return plain
    other = link.other(number)
    return replace(plain, shared_with=other, shared=shared, source_body=graph.article(other).body)


# -- evidence --------------------------------------------------------------------------------------------------------


def _claims(article: Article) -> list[Evidence]:
    """Return every cue of the article, and what speaks against them and against its date, without weight."""
    own = [Evidence(cue.kind, cue.value, cue.where, cue.grade, cue.points_to) for cue in article.cues]
    return [*own, *origin.disputed(article), *origin.contradictions(article)]


def _evidence(article: Article, link: Link | None, external: bool, graph: Known) -> tuple[Evidence, ...]:
    """Return the link's evidence and the page's own cues, each once, the heaviest first.

    `external`: the origin is not stored. Then the cue that names it, on this page or on another carrier's, has the
    weight, and what tells which of two stored pages is older is left out: it is not about the origin.
    """
    found: dict[tuple[str, str], Evidence] = {}
    about = list(review.reasons(article, graph.article(link.other(article.id or 0)), link)) if link else []
    told = claims.declared(article.cues) if external else None
    if told or (external and link is not None and link.state == "sibling"):
        about = [replace(item, weight=0.0) for item in about if item.kind not in origin.DATED]
        carrier = next((item for item in about if item.kind == "named_by"), None)
        if told:
            weight = origin.WEIGHT_LINKED if told.grade == "linked" else origin.WEIGHT_NAMED
            about.insert(0, Evidence(told.kind, told.value, told.where, told.grade, told.points_to, weight))
        elif carrier:
            about[about.index(carrier)] = replace(carrier, weight=origin.WEIGHT_NAMED)
    for item in (*about, *_claims(article)):
        key = (item.kind, item.where)
        if key not in found or abs(found[key].weight) < abs(item.weight):
            found[key] = item
    return tuple(sorted(found.values(), key=lambda item: -abs(item.weight)))


def credit(article: Article, sources: Iterable[Article]) -> Literal["linked", "named", "generic", "none", "unknown"]:
    """Return how a repost credits where it comes from; without stored sources, naming anybody counts."""
    sources = list(sources)
    grades = {
        cue.grade
        for cue in article.cues
        if cue.points_to is not None and (not sources or any(origin.fit(cue.points_to, s) > 0 for s in sources))
    }
    if "linked" in grades:
        return "linked"
    if "named" in grades:
        return "named"
    if any(cue.grade == "generic" for cue in article.cues):
        return "generic"
    return "none" if article.html else "unknown"


def stored(article: Article) -> Origin:
    """Return a stored article as an origin."""
    title = origin.headline(article)
    return Origin(True, article.id, article.url, article.site, article.outlet, title, article.published)


def origin_of(number: int, graph: Known) -> Origin | None:
    """Return the origin of a stored article as its answer gives it, without the rest of the answer."""
    source = clusters.source(number, graph) if not clusters.digest(number, graph) else None
    return led_to(source, graph)[0] if source is not None else None


def external(named: Reference) -> Origin:
    """Return whom a page names as an origin outside the store."""
    site = urls.site(named.url) if named.url else None
    return Origin(False, url=named.url, site=site, outlet=named.outlet, title=named.title)


# -- others ----------------------------------------------------------------------------------------------------------


def _follows(number: int, other: int, graph: Known) -> bool:
    """Return whether `other` goes back to `number`, wholly or (a digest) in part."""
    if clusters.digest(other, graph):
        return any(part.origin == number for part in clusters.digest_parts(other, graph))
    theirs = clusters.source(other, graph)
    return theirs is not None and number in (theirs.id, theirs.via)


def _role(number: int, link: Link, sources: set[int | None], graph: Known) -> Role:
    """Return the part that the other end of `link` plays for `number`: what it is called here, it calls itself."""
    other = link.other(number)
    if link.state == "revision":
        return "revision"
    if other in sources:
        return "source"
    return "repost" if _follows(number, other, graph) else "sibling"


def _other(number: int, link: Link, role: Role, graph: Known) -> Other:
    """Return the other end of `link` as it stands in the answer.

    `relation` is that of the repost to its origin, whichever of the two this is; else of this page to the other.
    """
    other = link.other(number)
    relation = relation_of(link, other if role == "repost" else number)
    if role == "repost" and clusters.digest(other, graph):
        relation = "digest"
    return Other(other, graph.article(other).url, role, relation, link.reuse)
