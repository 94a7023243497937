"""What the cues of a page come to: whom it names as its origin, and whether it names two that cannot both be it."""

from __future__ import annotations

from collections.abc import Sequence

from syndet import names, outlets, urls
from syndet.models import Cue, EvidenceKind, Reference

# Trust in a cue that names another outlet, best first (design: republication mark, feed-suffix link, another site's
# address, labelled link, attribution line, organisations, agency, release mark). A cue of another kind decides nothing.
TRUST: tuple[EvidenceKind, ...] = (
    "republication_mark",
    "feed_suffix",
    "canonical",
    "syndication_source",
    "based_on",
    "page_address",
    "labelled_link",
    "attribution_line",
    "source_organization",
    "agency_byline",
    "dateline",
    "release_mark",
    "heading_outlet",
)


def declared(cues: Sequence[Cue]) -> Cue | None:
    """Return the one cue that names the origin best, None where none names another outlet, title or address."""
    able = [cue for cue in cues if cue.grade in ("linked", "named") and cue.kind in TRUST and cue.points_to]
    return min(able, key=_rank, default=None)


def _rank(cue: Cue) -> tuple[int, int]:
    kind: EvidenceKind = cue.kind
    # An attribution line with an address is a labelled link; a suffix or mark without one is still an attribution.
    if kind == "attribution_line" and cue.grade == "linked":
        kind = "labelled_link"
    return TRUST.index(kind), 0 if cue.grade == "linked" else 1


def reference(cues: Sequence[Cue]) -> Reference | None:
    """Return the external origin that `cues` name together: the best cue's, completed by cues that do not disagree."""
    best = declared(cues)
    if best is None or best.points_to is None:
        return None
    merged = best.points_to
    able = [cue for cue in cues if cue.grade in ("linked", "named") and cue.kind in TRUST]
    for cue in sorted(able, key=_rank):
        more = cue.points_to
        if more is not None and agree(merged, more):
            merged = Reference(merged.url or more.url, merged.outlet or more.outlet, merged.title or more.title)
    return merged


# What is said in so many words of one origin. A page with two owners' names in its head says nothing odd.
_CLAIMS: tuple[EvidenceKind, ...] = (
    "republication_mark", "feed_suffix", "canonical", "syndication_source", "based_on", "labelled_link",
    "attribution_line",
)  # fmt: skip


def rivals(cues: Sequence[Cue]) -> tuple[Cue, Cue] | None:
    """Return two clear cues that cannot both be right, the better one first; None where all agree.

    Agencies and issuers stand beside any outlet, which printed what they sent out; so do two sites of one owner.
    """
    able = [cue for cue in cues if cue.grade in ("linked", "named") and cue.kind in _CLAIMS and cue.points_to]
    able = [cue for cue in sorted(able, key=_rank) if not _made_for_others(cue.points_to)]
    for cue in able[1:]:
        if not _akin(able[0].points_to, cue.points_to):
            return able[0], cue
    return None


def _made_for_others(named: Reference | None) -> bool:
    who = names.lookup(named.outlet) if named is not None and named.outlet else None
    return who is not None and who.kind in ("agency", "release")


def _akin(one: Reference | None, other: Reference | None) -> bool:
    """Tell whether two references may be of one outlet, as far as is known."""
    if one is None or other is None:
        return True
    sites = [urls.site(named.url) if named.url else None for named in (one, other)]
    if sites[0] and sites[1]:
        return sites[0] == sites[1] or outlets.in_use().sisters(sites[0], sites[1])
    if not ((one.outlet or sites[0]) and (other.outlet or sites[1])):
        return True  # a headline alone
    first, second = (one, other) if one.outlet else (other, one)
    site = urls.site(second.url) if second.url else None
    return names.same_outlet(first.outlet or "", site, (second.outlet,) if second.outlet else ())


def agree(one: Reference, other: Reference) -> bool:
    """Tell whether two references can be of one article: no part that both have differs."""
    if one.url and other.url and one.url != other.url:
        return False
    if one.title and other.title and one.title != other.title:
        return False
    for named, addressed in ((one, other), (other, one)):
        # An address and a name agree only where the name is that of the address's site.
        if addressed.url and named.outlet and not addressed.outlet:
            return names.same_outlet(named.outlet, urls.site(addressed.url))
    return not (one.outlet and other.outlet) or names.same_outlet(one.outlet, None, (other.outlet,))
