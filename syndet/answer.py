"""An article and its links -> the answer of a lookup: verdict, origin, via, evidence, cluster, others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from syndet import cues, origin
from syndet.decide import CARRIED
from syndet.models import Answer, Article, Cluster, Evidence, Link, Origin, Other, Reference, Relation

# How far a chain of reposts is followed, and how many members of a cluster are visited, for one answer.
MAX_HOPS = 20
MAX_MEMBERS = 1_000
# Two sources of a digest stand in different parts of it: less than this of the smaller one's words overlap.
DIGEST_OVERLAP = 0.2
# What a page says of its origin, in log-odds that it is right: an address, or a name.
WEIGHT_LINKED, WEIGHT_NAMED = 3.5, 2.5
# The same as probabilities, for a page whose origin is known by declaration alone.
DECLARED = {"linked": 0.97, "named": 0.92}


class Graph(Protocol):
    """What is stored, as far as an answer needs it."""

    def article(self, number: int) -> Article:
        """Return the article with this id."""

    def links(self, number: int) -> list[Link]:
        """Return the links of the article with this id, either end."""


@dataclass(frozen=True, slots=True)
class _Source:
    """Where an article comes from: a stored article (`id`), or what a page names (`named`)."""

    id: int | None = None
    named: Reference | None = None
    relation: Relation | None = None
    via: int | None = None
    link: Link | None = None  # to the origin or, failing that, to the hop before it


def answer(target: str, article: Article, graph: Graph) -> Answer:
    """Return the answer for `article` (id None: not stored, then `graph` knows its links under id 0)."""
    number = article.id or 0
    links = graph.links(number)
    if _digest(number, graph):
        return _answer_digest(target, article, links, graph)
    source = _source(number, graph)
    others = tuple(_others(number, links, source, graph))
    if source is not None:
        return _answer_repost(target, article, source, others, graph)
    if any(other.role == "repost" for other in others) or any(link.state == "revision" for link in links):
        verdict: Literal["origin", "possible", "no_match"] = "origin"
    else:
        verdict = "possible" if links else "no_match"
    best = max(links, key=lambda link: (link.state == "repost", link.reuse), default=None)
    return Answer(
        target,
        article,
        verdict,
        relation=best.relation if best and verdict == "possible" else None,
        reuse=best.reuse if best else None,
        direction=_toward(best, number) if best else None,
        shared_with=best.other(number) if best and best.shared else None,
        shared=best.seen_from(number) if best else None,
        source_body=graph.article(best.other(number)).body if best and best.shared else None,
        evidence=(*_claims(article), *(best.evidence if best else ())),
        cluster=_cluster(number, graph) if verdict == "origin" else None,
        others=others,
    )


def _toward(link: Link, number: int) -> float:
    """Return the probability that the other end is the origin."""
    return link.direction if link.repost == number else 1 - link.direction


def _answer_repost(target: str, article: Article, source: _Source, others: tuple[Other, ...], graph: Graph) -> Answer:
    number = article.id or 0
    link = source.link
    shown = link if link is not None and source.relation != "declared" else None
    shared = shown.seen_from(number) if shown else None
    told = _told(article)
    if source.id is not None and link is not None:
        found = stored(graph.article(source.id))
        reuse, direction = link.reuse, _toward(link, number)
    else:
        found = _external(source.named or Reference())
        grade = told.grade if told else "named"
        reuse = max(link.reuse if link else 0.0, DECLARED[grade])
        direction = DECLARED[grade]
    return Answer(
        target,
        article,
        "repost",
        relation=source.relation,
        origin=found,
        via=stored(graph.article(source.via)) if source.via is not None else None,
        reuse=reuse,
        direction=direction,
        credit=credit(article, graph.article(source.id) if source.id is not None else None),
        shared_with=shown.other(number) if shown and shared else None,
        shared=shared,
        source_body=graph.article(shown.other(number)).body if shown and shared else None,
        evidence=_all_evidence(article, link),
        cluster=_cluster(number, graph),
        others=others,
    )


def _answer_digest(target: str, article: Article, links: list[Link], graph: Graph) -> Answer:
    number = article.id or 0
    parents = _parents(number, graph)
    best = max(parents, key=lambda link: link.shared.words if link.shared else 0)
    return Answer(
        target,
        article,
        "repost",
        relation="digest",
        reuse=max(link.reuse for link in parents),
        direction=max(link.direction for link in parents),
        credit=credit(article, None),
        shared_with=best.other(number),
        shared=best.seen_from(number),
        source_body=graph.article(best.other(number)).body,
        evidence=_all_evidence(article, best),
        others=tuple(_others(number, links, None, graph)),
    )


def _told(article: Article) -> Evidence | None:
    """Return the cue that names the article's origin, as evidence; None where it names nobody."""
    cue = cues.declared(article.cues)
    if cue is None or cue.grade not in DECLARED:
        return None
    weight = WEIGHT_LINKED if cue.grade == "linked" else WEIGHT_NAMED
    return Evidence(cue.kind, cue.value, cue.where, cue.grade, cue.points_to, weight)


def _claims(article: Article) -> list[Evidence]:
    """Return every cue of the article as evidence; the one that names the origin carries the weight."""
    told = _told(article)
    rest = [
        Evidence(cue.kind, cue.value, cue.where, cue.grade, cue.points_to, 0.0)
        for cue in article.cues
        if told is None or (cue.kind, cue.where) != (told.kind, told.where)
    ]
    return [told, *rest] if told else rest


def _all_evidence(article: Article, link: Link | None) -> tuple[Evidence, ...]:
    """Return the link's evidence and the page's own cues, each once, the heaviest first."""
    found: dict[tuple[str, str], Evidence] = {}
    for item in (*(link.evidence if link else ()), *_claims(article)):
        key = (item.kind, item.where)
        if key not in found or abs(found[key].weight) < abs(item.weight):
            found[key] = item
    return tuple(sorted(found.values(), key=lambda item: -abs(item.weight)))


def credit(article: Article, source: Article | None) -> Literal["linked", "named", "generic", "none", "unknown"]:
    """Return how a repost credits its origin; with no stored origin (None), naming anybody counts."""
    grades = {
        cue.grade
        for cue in article.cues
        if cue.points_to is not None and (source is None or origin.fit(cue.points_to, source) > 0)
    }
    if "linked" in grades:
        return "linked"
    if "named" in grades:
        return "named"
    if any(cue.kind == "generic_credit" for cue in article.cues):
        return "generic"
    return "none" if article.html else "unknown"


def stored(article: Article) -> Origin:
    """Return a stored article as an origin."""
    title = origin.headline(article)
    return Origin(True, article.id, article.url, article.site, article.outlet, title, article.published)


def _external(named: Reference) -> Origin:
    return Origin(False, url=named.url, site=_site(named.url), outlet=named.outlet, title=named.title)


def _site(url: str | None) -> str | None:
    from syndet import urls

    return urls.site(url) if url else None


# -- the graph of links ----------------------------------------------------------------------------------------------


def _parents(number: int, graph: Graph) -> list[Link]:
    """Return the links by which `number` goes back to a stored article, the surest first."""
    found = [link for link in graph.links(number) if link.repost == number and link.state in ("repost", "revision")]
    return sorted(found, key=_surest)


def _surest(link: Link) -> tuple[bool, float, float, int]:
    share = link.shared.containment_in_source if link.shared else 0.0
    return (link.state == "revision", -round(link.reuse * link.direction, 2), -share, link.origin)


def _digest(number: int, graph: Graph) -> bool:
    """Return whether an article was made of two or more unrelated stories: then it joins no cluster."""
    parents = [link for link in _parents(number, graph) if link.state == "repost" and link.shared is not None]
    if len(parents) < 2:
        return False
    for position, one in enumerate(parents):
        for two in parents[position + 1 :]:
            if _apart(one, two) and not _related(one.origin, two.origin, graph):
                return True
    return False


def _apart(one: Link, two: Link) -> bool:
    """Return whether the passages of two links stand in different parts of the repost."""
    first, second = _spans(one), _spans(two)
    common = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in first for b in second)
    smaller = min(sum(end - begin for begin, end in first), sum(end - begin for begin, end in second))
    return smaller > 0 and common < DIGEST_OVERLAP * smaller


def _spans(link: Link) -> list[tuple[int, int]]:
    return [passage.article for passage in link.shared.passages] if link.shared else []


def _related(one: int, two: int, graph: Graph) -> bool:
    """Return whether two articles are linked, directly or over one more."""
    near_one = {link.other(one) for link in graph.links(one)}
    near_two = {link.other(two) for link in graph.links(two)}
    return two in near_one or bool({n for n in near_one & near_two if not _spoils(n, one, two, graph)})


def _spoils(between: int, one: int, two: int, graph: Graph) -> bool:
    """Return whether `between` takes different parts from `one` and `two`, so that it does not relate them."""
    links = {link.other(between): link for link in graph.links(between)}
    spans = []
    for end in (one, two):
        shared = links[end].seen_from(between)
        spans.append([passage.article for passage in shared.passages] if shared else [])
    common = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in spans[0] for b in spans[1])
    smaller = min(sum(end - begin for begin, end in side) for side in spans)
    return common < DIGEST_OVERLAP * smaller


def _source(number: int, graph: Graph, seen: frozenset[int] = frozenset()) -> _Source | None:
    """Return where `number` comes from at the root, None where it goes back to nobody."""
    if number in seen or len(seen) >= MAX_HOPS:
        return None
    article = graph.article(number)
    parents = [] if _digest(number, graph) else _parents(number, graph)
    named = cues.reference(article.cues)
    if named is not None:
        fitting = [link for link in parents if origin.fit(named, graph.article(link.origin)) > 0]
        if not fitting:
            return _Source(named=named, relation=_declared_relation(article), link=_best_sibling(number, graph))
        parents = fitting
    if not parents:
        return _carried(number, graph)
    best = parents[0]
    root = _source(best.origin, graph, seen | {number})
    if root is None:
        return _Source(best.origin, relation=best.relation, link=best)
    if root.id is None:
        if root.relation in ("wire", "press_release"):
            return _Source(named=root.named, relation=root.relation, link=best)
        return _Source(named=root.named, relation=best.relation, via=best.origin, link=best)
    direct = next((link for link in parents if link.origin == root.id), None)
    if direct is None:
        return _Source(root.id, relation=best.relation, via=best.origin, link=best)
    # A copy of a copy looks like a copy of the root, too: the hop counts where the page names it or is closer to it.
    hop = named is not None or _closer(best, direct)
    return _Source(
        root.id, relation=direct.relation, via=best.origin if hop and best is not direct else None, link=direct
    )


def _closer(one: Link, other: Link) -> bool:
    return bool(one.shared and other.shared and one.shared.jaccard > other.shared.jaccard + 0.05)


def _declared_relation(article: Article) -> Relation:
    """Return wire or press_release where a mark of the trade names the origin, else declared."""
    named = cues.reference(article.cues)
    for kinds, relation in CARRIED:
        cue = origin.strongest(article.cues, kinds)
        if cue is not None and origin.external_fits(cue.points_to, named):
            return relation
    return "declared"


def _best_sibling(number: int, graph: Graph) -> Link | None:
    links = [link for link in graph.links(number) if link.shared is not None and link.state != "possible"]
    return max(links, key=lambda link: link.reuse, default=None)


def _carried(number: int, graph: Graph) -> _Source | None:
    """Return the agency or issuer that another carrier of the same text names."""
    for link in graph.links(number):
        if link.state == "sibling" and link.external is not None and link.relation in ("wire", "press_release"):
            return _Source(named=link.external, relation=link.relation, link=link)
    return None


def _others(number: int, links: list[Link], source: _Source | None, graph: Graph) -> Iterator[Other]:
    """Yield every article linked to `number` with the part it plays."""
    for link in links:
        other = link.other(number)
        article = graph.article(other)
        relation: Relation = "digest" if link.repost == other and _digest(other, graph) else link.relation
        yield Other(other, article.url, _role(number, link, source, graph), relation, link.reuse)


def _role(
    number: int, link: Link, source: _Source | None, graph: Graph
) -> Literal["repost", "source", "sibling", "revision"]:
    other = link.other(number)
    if link.state == "revision":
        return "revision"
    if link.state != "repost":
        return "sibling"
    if link.repost == number:
        if source is None:  # a digest: each of its sources counts
            return "source"
        return "source" if other in (source.id, source.via) else "sibling"
    theirs = _source(other, graph)
    # An article that goes back to the same root by itself is a sibling, not a copy of this one.
    goes_back = theirs is None or theirs.id == number or theirs.via == number
    return "repost" if goes_back else "sibling"


def _cluster(number: int, graph: Graph) -> Cluster | None:
    """Return the cluster of `number`: all stored articles that decided links tie to it, digests left out."""
    members, waiting = {number}, [number]
    while waiting and len(members) < MAX_MEMBERS:
        here = waiting.pop()
        if _digest(here, graph):
            members.discard(here)
            continue
        for link in graph.links(here):
            other = link.other(here)
            if link.state != "possible" and other not in members:
                members.add(other)
                waiting.append(other)
    members.discard(0)
    if len(members) < 2:
        return None
    articles = {member: graph.article(member) for member in sorted(members)}
    sources = {member: _source(member, graph) for member in articles}
    roots = {_root(member, source) for member, source in sources.items()}
    stored_roots = [member for member, source in sources.items() if source is None]
    representative = min(stored_roots or articles, key=lambda member: (articles[member].published or "9", member))
    outlets = {article.outlet or article.site or article.url for article in articles.values()}
    return Cluster(representative, len(articles), len(outlets), len(roots), representative)


def _root(member: int, source: _Source | None) -> object:
    if source is None:
        return member
    if source.id is not None:
        return source.id
    named = source.named or Reference()
    return (named.outlet or named.url or named.title or "").casefold()
