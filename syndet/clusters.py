"""Links -> ways: where an article comes from by way of others, and what is a digest. Who belongs together: `groups`.

Every answer about one article and its neighbours rests on `source`, so that what one of them says of the other is what
the other says of it. Ids decide nothing but perfect ties: a store filled in another order gives the same answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

from syndet import claims, dates, origin, relate
from syndet.decide import CARRIER_SHARE, CARRIERS, NAMED_SURELY, carried_as, mostly, relation_of
from syndet.known import Known, Member, Source
from syndet.models import Article, Evidence, Link, Reference, Relation

# How far a chain of reposts is followed.
MAX_HOPS = 100
# Two sources of a digest stand in different parts of it: less than this of the smaller one's words overlap.
DIGEST_OVERLAP = 0.2
# Articles that stand for all those which have the same part of a page, where it is asked whether it is a digest; pages
# of one maker that an article is compared with.
ENOUGH = 5
# Carriers of a text that are asked whose page they are tied to.
ASKED = 40
# A hop counts, rather than the root directly, where its text is closer to the copy by this much Jaccard.
CLOSER = 0.05


@dataclass(frozen=True, slots=True)
class Claim:
    """An origin outside the store, who says so, and how probable it is that this is right."""

    named: Reference
    relation: Relation  # wire, press_release or declared
    sure: float
    link: Link | None = None  # to another carrier of the same text


def member(number: int, graph: Known) -> Member:
    """Return the place of an article: as it is stored, else by its links."""
    if number not in graph.members:
        graph.members[number] = graph.stored(number) or _member(number, graph)
    return graph.members[number]


def _member(number: int, graph: Known) -> Member:
    if digest(number, graph):
        return Member(number, True)
    step = _step(number, graph)
    if isinstance(step, Link):
        return Member(number, False, source=step.origin)
    return Member(number, False, external=step.named if step is not None else None)


def source(number: int, graph: Known) -> Source | None:
    """Return where `number` comes from at the root, None where it goes back to nobody."""
    if number not in graph.sources:
        graph.sources[number] = _source(number, graph)
    return graph.sources[number]


def _source(number: int, graph: Known) -> Source | None:
    hops, claim = _way(number, graph)
    if not hops:
        return Source(claim.relation, claim.sure, named=claim.named, link=claim.link) if claim else None
    first, sure = hops[0], 1.0
    for hop in hops:
        sure *= hop.direction
    # Another address of one story is no hop between outlets: the relation is that of the link that leaves the site.
    relation = next((hop.relation for hop in hops if hop.state == "repost"), first.relation)
    credited = first.review is not None or _fits(first, graph)
    if claim is not None:
        carried = claim.relation in ("wire", "press_release")
        # One of two carriers of agency copy may have it from the other; only the page itself can tell.
        via = first.origin if credited or not carried else None
        relation = claim.relation if carried else relation
        return Source(relation, sure * claim.sure, named=claim.named, via=via, link=first)
    root = hops[-1].origin
    first_of_all = 1.0 if _known(number, hops, graph) else foremost(root, graph)[0]
    if not credited and sure * first_of_all < origin.DECIDED <= sure:
        return None
    if len(hops) == 1:
        return Source(relation, sure * first_of_all, root, link=first)
    direct = _direct(number, root, graph)
    if direct is None:
        return Source(relation, sure * first_of_all, root, via=first.origin, link=first)
    # A copy of a copy looks like a copy of the root, too: the hop counts where the page names it or is closer to it.
    via = first.origin if credited or _closer(first, direct) else None
    # What is said against the hops stands against the root, too, however well the two ends agree.
    return Source(direct.relation, min(sure, direct.direction) * first_of_all, root, via=via, link=direct)


def _known(number: int, hops: Sequence[Link], graph: Known) -> bool:
    """Return whether somebody says of the root that it is one: the page, the last hop before it, a third page."""
    last = hops[-1]
    if last.review is not None or any(item.kind == "named_by" and item.weight > 0 for item in last.heard):
        return True
    return _fits(last, graph) or origin.credits(graph.article(number), graph.article(last.origin))


def foremost(root: int, graph: Known) -> tuple[float, tuple[str, ...]]:
    """Return how probable it is that a root is the first of all that carry its text, and who else may be (addresses).

    Others may stand beside it that go back to nobody, and of which nothing tells whether they were before it: then
    dates only tell who was before the rest. Of pages that have no date one is the first as likely as any other.
    """
    if root not in graph.foremost:
        links = [link for link in graph.links(root) if link.reuse >= relate.REUSE_DECIDED and link.shared is not None]
        later = sum(link.state == "repost" and link.origin == root for link in links)
        odds, found = 0.0, []
        for link in links:
            other = graph.article(link.other(root))
            if link.state == "possible" and mostly(link.shared) and _step(link.other(root), graph) is None:
                before = link.direction if link.repost == root else 1 - link.direction
                dated = graph.article(root).published and other.published
                odds += before / (1 - before) / (1 if dated else 1 + later)
                found.append(other.url)
        graph.foremost[root] = 1 / (1 + odds), tuple(sorted(found))
    return graph.foremost[root]


def _direct(number: int, origin_id: int, graph: Known) -> Link | None:
    """Return what ties an article to its root by text, None where that is nothing.

    Of a story with many copies not every two were compared when they were stored; these two are, now.
    """
    link = next((link for link in graph.links(number) if link.other(number) == origin_id), None)
    if link is None:
        link = graph.compared(number, origin_id)
    return link if link and link.state == "repost" and link.repost == number and link.shared else None


def _way(number: int, graph: Known) -> tuple[list[Link], Claim | None]:
    """Return the links from `number` to its root, and the origin that the root claims outside the store.

    Where links run in a circle, the weakest one is not followed, whoever asks. Nor does the way lead by others to what
    a person said `number` has nothing to do with: then it has what is the last one's own.
    """
    hops: list[Link] = []
    met, rejected = {number: 0}, graph.rejected(number)
    here = number
    while len(hops) < MAX_HOPS:
        step = _step(here, graph)
        if not isinstance(step, Link):
            return hops, step
        if step.origin in rejected:
            return hops, None
        if step.origin in met:
            circle = [*hops, step][met[step.origin] :]
            weakest = max(circle, key=lambda link: _surest(link, graph))
            return hops[: met[weakest.repost]], None
        hops.append(step)
        here = step.origin
        met[here] = len(hops)
    return hops, None


def _step(number: int, graph: Known) -> Link | Claim | None:
    """Return what `number` comes from directly: a link to a stored article, an origin outside the store, or nothing."""
    if digest(number, graph):
        return None
    article = graph.article(number)
    parents = _parents(number, graph)
    if parents and parents[0].review is not None:
        return parents[0]
    if any(link.origin == number for link in _pins(number, graph)):
        return None
    named = claims.reference(article.cues)
    if named is not None and not _denied(named, number, graph):
        # What the page names and the text confirms goes before an address that nobody can check.
        fitting = [link for link in parents if origin.fit(named, graph.article(link.origin)) > 0]
        fitting = fitting or [link for link in parents if link.shared is not None and _fits(link, graph)]
        # A false attribution: the text of what it names is there, and is another one; its own has come from elsewhere.
        textual = [link for link in parents if link.shared is not None]
        if fitting and textual and all(doubts(link) for link in fitting):
            return textual[0]
        if fitting:
            return fitting[0]
        if _stored(named, number, graph):
            return parents[0] if parents else None
        cue = claims.declared(article.cues)
        sure = origin.TRUST[cue.grade] if cue else origin.TRUST["named"]
        carriers = _carriers(number, graph)
        if (own := _makers_page(number, named, carriers, graph)) is not None:
            return own
        return Claim(named, carried_as(article, named) or "declared", sure, carriers[0] if carriers else None)
    for link in _carriers(number, graph):
        if link.external is not None:
            # The agency or issuer that another carrier of the same text names.
            fitting = [one for one in parents if origin.fit(link.external, graph.article(one.origin)) > 0]
            own = fitting[0] if fitting else _makers_page(number, link.external, _carriers(number, graph), graph)
            return own or Claim(link.external, link.relation, origin.TRUST["named"] * link.reuse, link)
    return parents[0] if parents else _passed_on(number, graph)


def _passed_on(number: int, graph: Known) -> Claim | None:
    """Return the origin outside the store that others name which carry the text of `number`, itself not named.

    Whichever of them had it from which: it goes back to there. Of several that are named, the one with most pages.
    """
    article = graph.article(number)
    naming: dict[str, list[tuple[str, Claim]]] = {}
    for link in graph.links(number):
        page = graph.article(link.other(number))
        if link.reuse < relate.REUSE_DECIDED or link.review is not None or page.site == article.site:
            continue
        if not _wholly(link) or (named := claims.reference(page.cues)) is None or origin.fit(named, article) > 0:
            continue
        if _denied(named, page.id or 0, graph):
            continue  # its word does not count, so it would ask its neighbours in turn, and these it
        claim = _step(page.id or 0, graph)
        if isinstance(claim, Claim) and claim.relation == "declared":
            sure = claim.sure * link.reuse * origin.TRUST["named"]
            passed = Claim(claim.named, relation_of(link, number), sure, link)
            naming.setdefault(_name(claim.named), []).append((page.url, passed))
    found = [sorted(group, key=lambda one: one[0]) for group in naming.values()]
    return min(found, key=lambda group: (-len(group), group[0][0]))[0][1] if found else None


def _name(named: Reference) -> str:
    return origin.squeezed(named.outlet or named.title or named.url or "")


def _wholly(link: Link) -> bool:
    """Return whether both articles are mostly what they share."""
    shared = link.shared
    return shared is not None and min(shared.containment_in_source, shared.containment_of_source) >= CARRIER_SHARE


def _pins(number: int, graph: Known) -> list[Link]:
    """Return the links by which a person gave `number` its origin, or made it one."""
    return [link for link in graph.links(number) if link.review is not None and link.review.verdict == "origin"]


def _denied(named: Reference, number: int, graph: Known) -> bool:
    """Return whether a page names an origin of which a person said that it is none."""
    return any(origin.fit(named, graph.article(other)) >= NAMED_SURELY for other in graph.rejected(number))


def _stored(named: Reference, number: int, graph: Known) -> bool:
    """Return whether what a page names is stored and surely has its text, whichever had it first: no outside origin."""
    ties = (link for link in graph.links(number) if link.shared is not None)
    return any(
        (link.origin == number or link.reuse >= relate.REUSE_DECIDED)
        and origin.fit(named, graph.article(link.other(number))) > 0
        for link in ties
    )


def doubts(link: Link) -> tuple[Evidence, ...]:
    """Return what speaks against a page's own word, on which alone a link rests."""
    return tuple(item for item in link.evidence if item.kind == "claim_doubt")


def belied(number: int, graph: Known) -> list[Link]:
    """Return the links to stored articles that `number` names as its origin, though it has no text of theirs."""
    return [link for link in graph.links(number) if link.repost == number and doubts(link)]


def _carriers(number: int, graph: Known) -> list[Link]:
    """Return the links to other carriers of the same agency copy or release, the surest first."""
    found = [link for link in graph.links(number) if link.state == "sibling" and link.relation in CARRIERS]
    return sorted(found, key=lambda link: (-link.reuse, graph.article(link.other(number)).url))


def _makers_page(number: int, maker: Reference, carriers: Sequence[Link], graph: Known) -> Link | None:
    """Return the link to a page of who made the text, to which other carriers are tied and this one was not compared.

    Of a text on many sites not every two pages are compared when they are stored; which ones depends on their order.
    """
    known = {number, *(link.other(number) for link in graph.links(number))}
    asked = [link.other(number) for link in carriers[:ASKED]]
    near = {link.other(carrier) for carrier in asked for link in graph.links(carrier)} - known
    pages = [page for page in map(graph.article, near) if origin.fit(maker, page) > 0]
    for page in sorted(pages, key=lambda page: page.url)[:ENOUGH]:
        link = graph.compared(number, page.id or 0)
        if link is not None and link.state == "repost" and link.repost == number:
            return link
    return None


def _parents(number: int, graph: Known) -> list[Link]:
    """Return the links by which `number` goes back to a stored article, the surest first.

    A story at two addresses of a site goes back to the other one only where something tells which is older.
    """
    found = [
        link
        for link in graph.links(number)
        if link.repost == number
        and (link.state == "repost" or (link.state == "revision" and origin.decides(link.direction)))
    ]
    return sorted(found, key=lambda link: _surest(link, graph))


def _surest(link: Link, graph: Known) -> tuple[int, bool, float, float, float, str]:
    """Order links to origins: the surest first, then the one that explains more, then the oldest origin.

    Surer than any other are those that a person gave, the latest origin before all.
    """
    said = 1 if link.review is None else 0 if link.review.verdict == "confirmed" else -link.review.id
    share = link.shared.containment_in_source if link.shared else 0.0
    parent = graph.article(link.origin)
    return (said, link.state == "revision", -round(link.reuse * link.direction, 2), -share, age(parent), parent.url)


def age(article: Article) -> float:
    """Return when an article was published, in hours since 1970; later than everything where that is unknown."""
    span = dates.when(article.published)
    return span[0] if span else float("inf")


def _fits(link: Link, graph: Known) -> bool:
    """Return whether the repost itself names the other page."""
    return origin.credits(graph.article(link.repost), graph.article(link.origin))


def _closer(one: Link, other: Link) -> bool:
    return bool(one.shared and other.shared and one.shared.jaccard > other.shared.jaccard + CLOSER)


# -- digests ---------------------------------------------------------------------------------------------------------


def digest_parts(number: int, graph: Known) -> list[Link]:
    """Return the links to the stories that a digest was made of, the longest first; not to copies of these."""
    parts = _parts(number, graph)
    ids = {link.origin for link in parts}
    roots = {link.origin: source(link.origin, graph) for link in parts}
    first = [link for link in parts if (root := roots[link.origin]) is None or root.id not in ids]
    return sorted(first, key=lambda link: -(link.shared.words if link.shared else 0))


def _parts(number: int, graph: Known) -> list[Link]:
    return [link for link in _parents(number, graph) if link.state == "repost" and link.shared is not None]


def digest(number: int, graph: Known) -> bool:
    """Return whether an article was made of two or more unrelated stories: then it joins no cluster.

    One to which a person gave its origin, or made one, is none.
    """
    if number not in graph.digests:
        # Copies of one story have the same part of the page: of a thousand, a few stand for all.
        parts: dict[tuple[tuple[int, int], ...], list[int]] = {}
        for link in _parts(number, graph):
            parts.setdefault(tuple(_spans(link, number)), []).append(link.origin)
        graph.digests[number] = not _pins(number, graph) and any(
            not _related(one, two, graph)
            for here, there in combinations(parts, 2)
            if _apart(here, there)
            for one, two in product(parts[here][:ENOUGH], parts[there][:ENOUGH])
        )
    return graph.digests[number]


def _spans(link: Link, number: int) -> list[tuple[int, int]]:
    shared = link.seen_from(number)
    return [passage.article for passage in shared.passages] if shared else []


def _apart(first: Sequence[tuple[int, int]], second: Sequence[tuple[int, int]]) -> bool:
    """Return whether two lists of passages stand in different parts of one body."""
    common = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in first for b in second)
    smaller = min(sum(end - begin for begin, end in first), sum(end - begin for begin, end in second))
    return smaller > 0 and common < DIGEST_OVERLAP * smaller


def _related(one: int, two: int, graph: Known) -> bool:
    """Return whether two articles are linked, directly or over one more that has the same part from both."""
    of_one = {link.other(one): link for link in graph.links(one)}
    of_two = {link.other(two): link for link in graph.links(two)}
    if two in of_one:
        return True
    return any(
        not _apart(_spans(of_one[between], between), _spans(of_two[between], between))
        for between in of_one.keys() & of_two.keys()
    )
