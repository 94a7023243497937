"""Two articles and what they share -> a Link, or None where nothing ties them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

from syndet import letters, names, origin, relate
from syndet.models import Alignment, Article, Comparison, Evidence, Link, Reference, Relation

# A page that names the other by address, or by outlet and title, is linked even where nothing is left of the wording;
# one that names only the outlet or the title needs text in common.
NAMED_SURELY = 4.0
# Declared and found in the text: two independent signs agree.
CONFIRMED = 0.97
# A page that names a stored page surely, but has no wording in common with it, may be a translation or a wholly new
# wording, or carry a wrong mark. The contract calls it a repost; no more than the least sure one.
DECLARED_REUSE = relate.REUSE_DECIDED
# A page that is named is known to have another text where at least so much of it was read, in words of the page's own.
LEAST_READ = 0.5
# What both carry is the agency's text only where it is most of either body.
CARRIER_SHARE = 0.5

# Cues that name the maker of a text that many carry, and what its copies are called.
CARRIED: tuple[tuple[frozenset[str], Relation], ...] = (
    (frozenset({"dateline", "agency_byline"}), "wire"),
    (frozenset({"release_mark"}), "press_release"),
)
CARRIERS = frozenset(relation for _, relation in CARRIED)


def decide(article: Article, other: Article, shared: Alignment | None) -> Link | None:
    """Return what ties `article` to `other`, or None.

    `shared` has `article` on its article side; None where the texts were not aligned. Which of the two is given first
    makes no difference to the result.
    """
    if shared is not None:
        # What is no sign of reuse can only lower what the whole of it gives.
        shared = relate.telling(shared, article, other) if relate.reuse(shared) >= relate.REUSE_POSSIBLE else None
    way = origin.direction(article, other, shared)
    if way.probability < 0.5 or (way.probability == 0.5 and _order(article) < _order(other)):
        article, other = other, article
        shared = shared.flipped() if shared is not None else None
        way = origin.direction(article, other, shared)
    if relate.one_site(article, other):
        return _revision(article, other, shared, way)
    credited = origin.credits(article, other)
    named = max((item.weight for item in origin.naming(article, other, 1.0)), default=0.0) if credited else 0.0
    reuse = relate.judged(shared, article, other) if shared is not None else 0.0
    if shared is None or reuse < relate.REUSE_POSSIBLE:
        return _declared(article, other, way) if named >= NAMED_SURELY else None
    shared = relate.shown(shared)
    if credited:
        reuse = max(reuse, CONFIRMED)
    evidence = (_shown(shared), *way.evidence)
    if reuse >= relate.REUSE_DECIDED and not credited and (common := _common(article, other, shared)) is not None:
        external, kind = common
        evidence = (*evidence, *claims(article, external, own=True), *claims(other, external))
        return Link(_id(article), _id(other), "sibling", kind, reuse, 0.5, shared, evidence, external)
    relation = _relation(article, other, shared, credited)
    state: Literal["repost", "possible"]
    sure = origin.settled(article, other, way.probability) and reuse >= relate.REUSE_DECIDED
    state = "repost" if sure else "possible"
    return Link(_id(article), _id(other), state, relation, reuse, way.probability, shared, evidence)


def reasons(article: Article, other: Article, link: Link) -> tuple[Evidence, ...]:
    """Return the evidence of `link` as seen from `article`, either end: positive weights speak for the other end.

    Places are on `article`; what stands on the other page is `named_by`.
    """
    if _id(article) == link.repost:
        return (*link.evidence, *link.heard)
    shared = link.seen_from(_id(article))
    found = [] if link.state == "sibling" else list(origin.direction(article, other, shared).evidence)
    if link.state == "sibling" and link.external is not None:
        found = [*claims(article, link.external, own=True), *claims(other, link.external)]
    heard = (replace(item, weight=-item.weight) for item in link.heard)
    return (*([_shown(shared)] if shared is not None else []), *found, *heard)


def _id(article: Article) -> int:
    return article.id or 0


def _order(article: Article) -> tuple[int, str]:
    """Order two articles of equal standing: the one looked up counts as the latest, then the one stored later."""
    return (article.id if article.id is not None else 1 << 62, article.url)


def _shown(shared: Alignment) -> Evidence:
    value = f"{shared.words} words in {len(shared.passages)} passages, {shared.words_unquoted} of them unquoted"
    first = shared.passages[0].article if shared.passages else (0, 0)
    return Evidence("shared_text", value, f"text:{first[0]}-{first[1]}", "weak")


def _declared(article: Article, other: Article, way: origin.Direction) -> Link | None:
    """Return a link that rests on what the page says alone, with what speaks against that."""
    if not way.decided:
        return None
    evidence = (*way.evidence, *_doubted(article, other, way))
    return Link(_id(article), _id(other), "repost", "declared", DECLARED_REUSE, way.probability, None, evidence)


def _doubted(article: Article, other: Article, way: origin.Direction) -> tuple[Evidence, ...]:
    """Return that a page names another whose text is stored and a different one: a false attribution, perhaps.

    Nothing is said of a translation, nor of a page of which only the beginning was there to be read.
    """
    tongues = {article.language, other.language} - {None}
    if len(tongues) > 1 or other.words < LEAST_READ * article.words:
        return ()
    claim = max(way.evidence, key=lambda item: item.weight)
    value = f"it names {other.url}, which is stored and has no text in common with it"
    return (Evidence("claim_doubt", value, claim.where, "weak", Reference(other.url, other.outlet, other.title)),)


def _revision(article: Article, other: Article, shared: Alignment | None, way: origin.Direction) -> Link | None:
    """Return a link between two addresses of one story on one site; a site's template is not a story."""
    reuse = relate.judged(shared, article, other) if shared is not None else 0.0
    if shared is None or reuse < relate.REUSE_DECIDED:
        return None
    share = max(shared.containment_in_source, shared.containment_of_source)
    least = relate.REVISION_SHARE_TITLED if origin.same_title(article.title, other.title) else relate.REVISION_SHARE
    if share < least:
        return None
    shared = relate.shown(shared)
    evidence = (_shown(shared), *way.evidence)
    return Link(_id(article), _id(other), "revision", "revision", reuse, way.probability, shared, evidence)


def _common(article: Article, other: Article, shared: Alignment) -> tuple[Reference, Relation] | None:
    """Return the origin that both go back to where neither is it: an agency, an issuer, or an outlet both name."""
    if mostly(shared):
        # In an order that does not depend on which of the two came first.
        for page in sorted((article, other), key=lambda page: page.url):
            carried = _carried(page)
            # The agency's own page is an origin like any other.
            if carried is not None and not origin.fit(carried[0], other) and not origin.fit(carried[0], article):
                return carried
    ours, theirs = origin.declared(article), origin.declared(other)
    if ours is not None and theirs is not None and origin.external_fits(ours, theirs):
        return ours, _relation(article, other, shared, False)
    return None


def mostly(shared: Alignment | None) -> bool:
    """Return whether what two articles share is most of either."""
    return shared is not None and max(shared.containment_in_source, shared.containment_of_source) >= CARRIER_SHARE


def _carried(article: Article) -> tuple[Reference, Relation] | None:
    """Return the agency or issuer whose text `article` says it carries, and what such a copy is called."""
    marks = (origin.strongest(article.cues, kinds) for kinds, _ in CARRIED)
    for named in (*(cue.points_to for cue in marks if cue is not None), origin.declared(article)):
        kind = carried_as(article, named) if named is not None else None
        if named is not None and kind is not None:
            return named, kind
    return None


def carried_as(article: Article, named: Reference) -> Relation | None:
    """Return wire or press_release where `named` makes texts for others, by its name or else by the page's marks."""
    who = names.lookup(named.outlet) if named.outlet else None
    if who is not None:
        return _MADE_BY.get(who.kind)  # an outlet in the byline is no agency
    for kinds, relation in CARRIED:
        cue = origin.strongest(article.cues, kinds)
        if cue is not None and origin.external_fits(cue.points_to, named):
            return relation
    return None


_MADE_BY: dict[str, Relation] = {"agency": "wire", "release": "press_release"}


def claims(page: Article, external: Reference, *, own: bool = False) -> tuple[Evidence, ...]:
    """Return the cues of `page` that name an origin outside the store, as evidence about itself (`own`) or others."""
    found = (
        cue for cue in page.cues if cue.grade in ("linked", "named") and origin.external_fits(cue.points_to, external)
    )
    if own:
        return tuple(Evidence(cue.kind, cue.value, cue.where, cue.grade, cue.points_to, 0.0) for cue in found)
    return tuple(
        Evidence("named_by", cue.value, f"article:{page.url} {cue.where}", cue.grade, cue.points_to, 0.0)
        for cue in found
    )


def hearsay(link: Link, article: Article, other: Article) -> bool:
    """Return whether two articles are carriers of one text by the word of a third page, not by their own alone."""
    if link.state != "sibling" or link.external is None or link.relation not in CARRIERS:
        return False
    if not mostly(link.shared):
        return True
    return not claims(article, link.external) and not claims(other, link.external)


def alone(link: Link, article: Article, other: Article) -> Link:
    """Return a link that is `hearsay` as its two articles alone say it, the repost first: it keeps their evidence."""
    total = max(-origin.MOST, min(origin.MOST, sum(item.weight for item in link.evidence)))
    sure = 1 / (1 + math.exp(-total))
    decided = origin.settled(article, other, sure) and link.reuse >= relate.REUSE_DECIDED
    relation = _relation(article, other, link.shared, origin.credits(article, other)) if link.shared else link.relation
    return replace(
        link, state="repost" if decided else "possible", relation=relation, direction=sure, external=None
    )  # fmt: skip


def _relation(article: Article, source: Article, shared: Alignment, credited: bool) -> Relation:
    if relate.sisters(article, source):
        return "sister"
    if credited:
        for kinds, relation in CARRIED:
            cue = origin.strongest(article.cues, kinds)
            if cue is not None and origin.fit(cue.points_to, source):
                return relation
    return relate.relation(shared)


def relation_of(link: Link, number: int) -> Relation:
    """Return the relation of article `number` to the other end of `link`.

    What is an excerpt from one side is extended from the other; all other relations are the same from both.
    """
    shared = link.seen_from(number)
    if shared is None or link.relation not in ("excerpt", "extended"):
        return link.relation
    return relate.relation(shared)


def compare(article: Article | str, source: Article | str) -> Comparison:
    """Return what `article`, the suspected repost, shares with `source`, and which goes back to which.

    Both are articles, or texts. Nothing is stored.

    >>> found = compare("The mayor of Eastport said on Monday that the old harbour bridge will close for repairs.",
    ...                 "The mayor of Eastport said on Monday that the old harbour bridge will close for repairs.")
    >>> found.shared.containment_in_source
    1.0
    """
    # Here, not above: answers about stored pages are made of links, and align nothing.
    from syndet.align import align, prepare

    sides = []
    for number, side in enumerate((article, source)):
        made = Article("", side, words=letters.count(side), html=False) if isinstance(side, str) else side
        sides.append(replace(made, id=number + 1))
    one, two = sides
    shared = align(prepare(one.body), prepare(two.body))
    link = decide(one, two, shared)
    if link is None:
        return Comparison(one, two, shared, None, relate.judged(shared, one, two), None)
    # As the link shows it: retold sentences among the passages, without what is no sign of reuse.
    return Comparison(one, two, link.seen_from(1) or shared, relation_of(link, 1), link.reuse, link)
