"""Cues, dates and text -> which of two articles is the origin, as a sum of weights in log-odds.

Every weight is a named constant; positive speaks for "the second one given is the origin of the first".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from syndet import claims, dated, letters, names, urls
from syndet.dates import when
from syndet.models import Alignment, Article, Cue, Evidence, Reference

# What a cue of one page that fits the other is worth. A page that gives the very address of the other is wrong about
# its origin in fewer than 1 of 100 cases (exp(5) = 148); an outlet's name alone also fits its other articles.
WEIGHT_ADDRESS = 5.0
WEIGHT_OUTLET_AND_TITLE = 4.5
WEIGHT_OUTLET = 3.0
WEIGHT_TITLE = 3.0
# Same site, another address: an old slug or a moved page, or the wrong page.
WEIGHT_SITE = 2.0
# Dates of publication that don't overlap: 13 to 1. Pages are re-dated, and backdated. Of planted pairs whose dates
# have an order, 0.93 to 0.95 have the true one (scripts/evaluate_origin --seed 2), which is what was planted.
WEIGHT_DATES = 2.6
# The same, but a difference in time zone could undo it (two days, or two clocks without a zone): 4.5 to 1.
WEIGHT_DATES_CLOSE = 1.5
# So soon after the other, and nobody credited: two customers of an agency print its text within the same hours more
# often than one of them copies the other. Two to one, which decides nothing.
WEIGHT_DATES_SOON = 0.7
SOON = 2.0  # hours
# The date of a page that its own dates, or its text, contradict so far that it may have come out on either side of the
# other one: two to one, which decides nothing. What it says is kept, as most contradictions are slips of a template.
WEIGHT_DATES_DOUBTED = 0.7
# "First seen" is the weakest date there is: it tells about the crawler. Never decides alone.
WEIGHT_FIRST_SEEN = 0.3
# One body is a verbatim part of the other: the excerpt comes from the whole, unless the whole was padded (two to one;
# less than any date).
WEIGHT_EXCERPT = 0.7
# The other outlet's name is left over in the text ("told The Harbour Courier").
WEIGHT_SELF_REFERENCE = 2.0
SHORTEST_LEFT = 5  # characters; shorter names are words, too
# The page says that it is a copy of something else, the other page says nothing of the kind.
WEIGHT_COPY = 1.5
# A cue of grade "weak" (a kicker that looks like an outlet's name) that fits the other page: supports, never decides.
# So does a link, without any label, to the other page's site; to the very page it does decide, less than dates do:
# who has its text and links to it knew it.
WEIGHT_WEAK = 1.0
WEIGHT_POINTED = 2.0
# Dates, where neither page holds most of the other and no long run is shared: two reporters with one statement in hand
# look the same, and then the earlier one is not the source of the later one (the longest passages of nine such pairs
# of story_chains and news_pages were read: seven are a release's or a statement's, two the earlier page's own).
WEIGHT_DATES_IN_PART = 1.0
PART_SHARE = 0.5
PART_RUN = 40  # words
# What a page says of its origin, as a probability that it is right: with an address, or by name. Not fitted:
# 23 of 24 labelled pages are read right (scripts/evaluate_cues), and of the claims on pages that nobody had chosen
# (news_pages, extraction: 48) none names somebody whom the page doesn't credit, though a few ("Le Figaro et AFP") mix
# agency copy with their own; the rest is room for pages that lie.
WEIGHT_LINKED, WEIGHT_NAMED = 3.5, 2.5
TRUST = {"linked": 1 / (1 + math.exp(-WEIGHT_LINKED)), "named": 1 / (1 + math.exp(-WEIGHT_NAMED))}
# Kinds of evidence that are about which page is older, by its dates alone.
DATED = ("date_order", "date_doubt", "first_seen")
# Characters in the first line of a plain text that may be its headline.
HEADLINE = 200
# A direction is decided from here: four to one.
DECIDED = 0.8
# No sum of weights makes us surer than this; pages lie in more ways than we know.
MOST = 6.0

Time = tuple[float, float, bool]
"""As `dates.when` returns it."""

# Hours by which a time without a zone may be off, for outlets of unknown place.
_ZONE_HOURS = 6.0


@dataclass(frozen=True, slots=True)
class Direction:
    """Which side is the origin. `probability` that the second article is, and the evidence with weights."""

    probability: float
    evidence: tuple[Evidence, ...]

    @property
    def decided(self) -> bool:
        """Whether either side is sure enough to be called the origin."""
        return decides(self.probability)


def decides(probability: float) -> bool:
    """Return whether a probability of direction is sure enough to call either side the origin."""
    return max(probability, 1 - probability) >= DECIDED


def settled(article: Article, source: Article, probability: float) -> bool:
    """Return whether `article` goes back to `source` for all we know, that with this probability.

    What a page says of its own origin, and its text confirms, stands against a date that says otherwise.
    """
    return decides(probability) or (probability > 0.5 and fit(declared(article), source) > 0)


def direction(article: Article, source: Article, shared: Alignment | None) -> Direction:
    """Return the probability that `source` is the origin of `article`, with the evidence for and against."""
    evidence = [*naming(article, source, 1.0), *naming(source, article, -1.0)]
    evidence += [*_copy(article, source, 1.0), *_copy(source, article, -1.0)]
    evidence += _dates(article, source, shared)
    if shared is not None:
        evidence += [*_excerpt(shared, 1.0), *_excerpt(shared.flipped(), -1.0)]
        evidence += [*_left_over(article, source, shared, 1.0), *_left_over(source, article, shared.flipped(), -1.0)]
    total = max(-MOST, min(MOST, sum(item.weight for item in evidence)))
    return Direction(1 / (1 + math.exp(-total)), tuple(evidence))


def naming(article: Article, source: Article, sign: float) -> list[Evidence]:
    """Return the cues of `article` that fit `source`, the best one with its full weight, the others with none.

    Cues of one page are copies of one editor's claim, so they don't add up.
    """
    fits = [(_worth(cue, source), cue) for cue in _completed(article) if cue.grade != "self"]
    fits = [(weight, cue) for weight, cue in fits if weight > 0]
    fits.sort(key=lambda item: -item[0])
    # Outlet and title are often named in different places: the heading and the closing line.
    clear = [cue.points_to for _, cue in fits if cue.points_to and cue.grade != "weak"]
    outlet = any(same_outlet(named.outlet, source) for named in clear)
    title = any(same_title(named.title, headline(source)) for named in clear)
    best = max((weight for weight, _ in fits), default=0.0)
    if outlet and title:
        best = max(best, WEIGHT_OUTLET_AND_TITLE)
    kept = [_evidence(cue, best * sign if number == 0 else 0.0) for number, (_, cue) in enumerate(fits)]
    # What the other page says of this one is told from this one's side.
    return kept if sign > 0 else [_named_by(item, article) for item in kept]


def credits(article: Article, source: Article) -> bool:
    """Return whether `article` names `source` clearly, by address, outlet or title."""
    return any(cue.grade in TRUST and fit(cue.points_to, source) > 0 for cue in _completed(article))


def _completed(article: Article) -> list[Cue]:
    """Return the cues of a page that name somebody; a headline alone is one of the outlet that the page names beside.

    So another outlet's article under that headline is not taken for what is meant.
    """
    named = declared(article)
    found = []
    for cue in article.cues:
        given = cue.points_to
        if given and named and given.title and not (given.outlet or given.url):
            cue = replace(cue, points_to=Reference(named.url, named.outlet, given.title))
        found += [cue] if cue.points_to else []
    return found


def _worth(cue: Cue, source: Article) -> float:
    weight = fit(cue.points_to, source)
    if cue.grade != "weak":
        return weight
    return WEIGHT_POINTED if cue.kind == "unlabelled_link" and weight == WEIGHT_ADDRESS else min(weight, WEIGHT_WEAK)


def _copy(article: Article, source: Article, sign: float) -> list[Evidence]:
    """Return evidence where only `article` says that it comes from elsewhere, and may mean `source`.

    Where the other page's outlet is known and is not the one named, both may come from there, or the other page from
    this one: that tells nothing about the two.
    """
    cue = claims.declared(article.cues)
    if cue is None or claims.declared(source.cues) is not None or fit(declared(article), source) > 0:
        return []
    if source.outlet or source.site:
        return []
    item = _evidence(cue, sign * WEIGHT_COPY)
    return [item if sign > 0 else _named_by(item, article)]


def fit(named: Reference | None, source: Article) -> float:
    """Return how well a reference fits a stored article, as a weight in log-odds; 0 where it does not."""
    if named is None:
        return 0.0
    weights = [0.0]
    if named.url:
        if urls.address(named.url) == urls.address(source.url):
            return WEIGHT_ADDRESS
        if source.site and urls.site(named.url) == source.site:
            bare = "/" not in urls.address(named.url).strip("/")
            weights.append(WEIGHT_OUTLET if bare else WEIGHT_SITE)
    outlet, title = same_outlet(named.outlet, source), same_title(named.title, headline(source))
    if outlet and title:
        return WEIGHT_OUTLET_AND_TITLE
    weights.append(WEIGHT_OUTLET if outlet else 0.0)
    # Another outlet's article under the same headline is not the one that is meant where an outlet or site is named.
    another = bool(named.outlet and (source.outlet or source.site))
    another = another or bool(named.url and source.site and urls.site(named.url) != source.site)
    weights.append(WEIGHT_TITLE if title and not another else 0.0)
    return max(weights)


def same_outlet(name: str | None, article: Article) -> bool:
    """Return whether `name` is the outlet of `article`: its name, one that is listed for it, or the label of its site.

    >>> same_outlet("The Harbour Courier", Article("u", "b", site="harbourcourier.example"))
    True
    >>> same_outlet("NYT", Article("u", "b", site="nytimes.com"))
    True
    """
    if not name:
        return False
    plain = squeezed(name)
    known = [article.outlet, article.site, article.site.split(".")[0] if article.site else None]
    if plain and plain in {squeezed(item) for item in known if item}:
        return True
    who = names.lookup(name)
    if who is not None and (names.of_site(article.site) is who or names.same(name, article.outlet)):
        return True
    return bool(article.outlet) and (_initials(article.outlet or "") == name or _initials(name) == article.outlet)


def _initials(name: str) -> str | None:
    """Return what a name of three words or more is called for short ("NYT"), a leading "the" left out."""
    words = name.split()
    words = words[1:] if words and words[0].lower() == "the" else words
    return "".join(word[0] for word in words).upper() if len(words) >= 3 else None


def squeezed(name: str) -> str:
    """Return a name without case, spaces, marks and a leading "the", to be compared."""
    words = [word for word in letters.words(name) if word]
    return "".join(words[1:] if len(words) > 1 and words[0] == "the" else words).removeprefix("the")


def headline(article: Article) -> str | None:
    """Return the title, or the first line of a plain text where that is short enough to be one."""
    if article.title or article.html:
        return article.title
    first, _, rest = article.body.partition("\n")
    return first if rest.strip() and len(first) <= HEADLINE else None


def same_title(one: str | None, other: str | None) -> bool:
    """Return whether two headlines have the same words, three at least."""
    if not one or not other:
        return False
    words = letters.words(one)
    return len(words) >= 3 and words == letters.words(other)


def _evidence(cue: Cue, weight: float) -> Evidence:
    return Evidence(cue.kind, cue.value, cue.where, cue.grade, cue.points_to, weight)


def _named_by(item: Evidence, article: Article) -> Evidence:
    return Evidence(
        "named_by", item.value, f"article:{article.url} {item.where}", item.grade, item.points_to, item.weight
    )


def _dates(article: Article, source: Article, shared: Alignment | None) -> list[Evidence]:
    """Return which of the two was published, or else first seen, earlier, and what speaks against those dates."""
    ours, theirs = when(article.published), when(source.published)
    if ours and theirs:
        weight = _date_weight(ours, theirs, article, source, shared)
        if not weight:
            return []
        places = dated.source(article), dated.source(source)
        value = f"this one {article.published}, the other {source.published}"
        if places != ("published", "published"):
            value = f"this one {article.published} ({places[0]}), the other {source.published} ({places[1]})"
        ordered = Evidence("date_order", value, f"date:{places[0]}", "weak", None, weight)
        return [ordered, *_doubts(article, source, shared, weight)]
    ours, theirs = when(article.fetched), when(source.fetched)
    weight = WEIGHT_FIRST_SEEN * _order(ours, theirs, _ZONE_HOURS) if ours and theirs else 0.0
    if not weight:
        return []
    value = f"this one {article.fetched}, the other {source.fetched}"
    return [Evidence("first_seen", value, "date:fetched", "weak", None, weight)]


def _date_weight(ours: Time, theirs: Time, article: Article, source: Article, shared: Alignment | None) -> float:
    """Return what the order of two times of publication is worth; positive where theirs is earlier."""
    # Two clocks of one site are off by the same amount.
    one_site = article.site is not None and article.site == source.site
    known = (ours[2] and theirs[2]) or one_site
    weight = WEIGHT_DATES * _order(ours, theirs, 0.0 if known else _ZONE_HOURS)
    weight = weight or WEIGHT_DATES_CLOSE * _order(ours, theirs, 0.0)
    if not one_site and abs(ours[0] + ours[1] - theirs[0] - theirs[1]) / 2 < SOON:
        weight = max(-WEIGHT_DATES_SOON, min(WEIGHT_DATES_SOON, weight))
    if shared is not None and not one_site and _in_part(shared):
        weight = max(-WEIGHT_DATES_IN_PART, min(WEIGHT_DATES_IN_PART, weight))
    return weight


def _doubts(article: Article, source: Article, shared: Alignment | None, weight: float) -> list[Evidence]:
    """Return what speaks against the dates of two articles; the first takes from `weight` what is too much.

    Where all that the pages say of their dates leaves one order, nothing is taken.
    """
    found = [item for page in (article, source) for item in contradictions(page, other=page is source)]
    ours, theirs = dated.span(article), dated.span(source)
    if not found or ours is None or theirs is None:
        return []
    sure = _date_weight(ours, theirs, article, source, shared)
    kept = max(min(abs(weight), WEIGHT_DATES_DOUBTED), abs(sure)) if sure * weight >= 0 else WEIGHT_DATES_DOUBTED
    taken = math.copysign(max(0.0, abs(weight) - kept), -weight)
    return [replace(found[0], weight=taken), *found[1:]]


def contradictions(article: Article, *, other: bool = False) -> list[Evidence]:
    """Return what speaks against the date of an article, without weight; of the `other` page, with its address."""
    own = f"dated {article.published} ({dated.source(article)})"
    found = []
    for date in dated.doubts(article):
        where = date.source if date.source.startswith("text:") else f"date:{date.source}"
        value = date.value if date.source.startswith("text:") else f"{date.says} {date.iso}, {own}"
        found.append(Evidence("date_doubt", value, f"article:{article.url} {where}" if other else where, "weak"))
    return found


def disputed(article: Article) -> list[Evidence]:
    """Return that an article names two origins which can't both be right, without weight; nothing where all agree."""
    found = claims.rivals(article.cues)
    if found is None:
        return []
    value = " / ".join(f"{cue.value[:80]} ({cue.where})" for cue in found)
    return [Evidence("claim_doubt", value, found[1].where, "weak", found[1].points_to)]


def _in_part(shared: Alignment) -> bool:
    """Return whether neither body is mostly shared, and only in short runs."""
    share = max(shared.containment_in_source, shared.containment_of_source)
    return share < PART_SHARE and shared.longest_run < PART_RUN


def _order(ours: Time, theirs: Time, slack: float) -> int:
    """Return 1 where theirs is surely earlier, -1 where ours is, 0 where they overlap."""
    if ours[:2] == theirs[:2]:
        return 0
    if theirs[1] + slack <= ours[0]:
        return 1
    return -1 if ours[1] + slack <= theirs[0] else 0


def _excerpt(shared: Alignment, sign: float) -> list[Evidence]:
    """Return evidence where the article is a verbatim part of a much longer source."""
    verbatim = sum(passage.words for passage in shared.passages if passage.kind == "verbatim")
    if shared.containment_in_source < 0.85 or shared.containment_of_source > 0.7 or verbatim < 0.8 * shared.words:
        return []
    side = "this one" if sign > 0 else "the other"
    value = f"{shared.containment_in_source:.0%} of {side} is a part of the longer text"
    return [Evidence("text_asymmetry", value, "text-asymmetry", "weak", None, sign * WEIGHT_EXCERPT)]


def _left_over(article: Article, source: Article, shared: Alignment, sign: float) -> list[Evidence]:
    """Return evidence where `article` names the outlet of `source` inside a passage that both have."""
    for name in _called(source):
        if same_outlet(name, article):
            continue
        for passage in shared.passages:
            at = article.body.find(name, *passage.article)
            if at >= 0 and name in source.body[slice(*passage.source)]:
                where, named = f"text:{at}-{at + len(name)}", Reference(outlet=source.outlet or name)
                return [Evidence("self_reference", name, where, "weak", named, sign * WEIGHT_SELF_REFERENCE)]
    return []


def _called(article: Article) -> list[str]:
    """Return what a text may call the outlet of an article: its name, with and without "The", as listed, its site."""
    who = names.of_site(article.site)
    known = [article.outlet, who.name if who else None, article.site]
    forms = (form for name in known if name for form in (name, name.removeprefix("The ")))
    return [form for form in dict.fromkeys(forms) if len(form) >= SHORTEST_LEFT]


def external_fits(one: Reference | None, other: Reference | None) -> bool:
    """Return whether two references may mean the same origin: same address, or same outlet."""
    if one is None or other is None:
        return False
    if one.url and other.url and urls.address(one.url) == urls.address(other.url):
        return True
    if not (one.outlet and other.outlet):
        return False
    return squeezed(one.outlet) == squeezed(other.outlet) or names.same(one.outlet, other.outlet)


def declared(article: Article) -> Reference | None:
    """Return what `article` names as its origin, None where it names nobody but itself."""
    return claims.reference(article.cues)


def strongest(found: Sequence[Cue], kinds: frozenset[str]) -> Cue | None:
    """Return the first cue of these kinds that names somebody, or None."""
    return next(
        (cue for cue in found if cue.kind in kinds and cue.grade in ("linked", "named") and cue.points_to), None
    )
