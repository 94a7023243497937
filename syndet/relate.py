"""Alignment + metadata -> how probable it is that text was reused, and how the two texts relate."""

from __future__ import annotations

import math
from dataclasses import replace

from syndet import text
from syndet.models import Alignment, Article, Passage, Relation

# Names for "how much": shares of a body, by aligned words.
WHOLE = 0.8  # most of a body: what a template adds or an editor trims is rarely a fifth
SAME = 0.98  # all of it but for a byline or a typo

# A passage that closes both bodies, with hardly anything else shared, is a template (disclaimer, newsletter box).
TAIL_WORDS = 12  # words that may follow it on either side
TAIL_MOST = 80  # words; between two sites a longer one is taken for text
TEXT_WORDS = 20  # before it there must be a text of its own
REST_SHARE = 0.3  # of which less than this is shared
# Two pages of one site share templates in unknown places: they tell one story only where half of the shorter one is
# shared, or less under the same headline.
REVISION_SHARE = 0.5
REVISION_SHARE_TITLED = 0.3

# Reuse is decided from here (four to one), shown as possible from there.
REUSE_DECIDED = 0.8
REUSE_POSSIBLE = 0.35


# Fitted by scripts/fit_reuse.
FEATURES = ("intercept", "log words", "log run", "spread")
COEFFICIENTS = (-12.1, 2.3, 1.6, 1.0)
# Words; a longer run tells nothing more.
LONGEST_RUN = 60


def features(shared: Alignment) -> tuple[float, ...]:
    """Return the model's inputs, as named in FEATURES; quoted words don't count: independent reports quote alike."""
    run = min(shared.longest_run, shared.words_unquoted, LONGEST_RUN)
    return (1.0, math.log1p(shared.words_unquoted), math.log1p(run), shared.spread)


def reuse(shared: Alignment) -> float:
    """Return the probability, 0..1, that two texts share wording because one was made from the other or both from one.

    A logistic model over what alignment measured.
    """
    total = sum(a * b for a, b in zip(COEFFICIENTS, features(shared), strict=True))
    return 1 / (1 + math.exp(-max(-20.0, min(20.0, total)))) if shared.words_unquoted else 0.0


def relation(shared: Alignment) -> Relation:
    """Return how the article relates to the source by text alone: exact, near, excerpt, extended or rewrite."""
    ours, theirs = shared.containment_in_source, shared.containment_of_source
    if ours >= SAME and theirs >= SAME and shared.jaccard >= 0.95:
        return "exact"
    if ours >= WHOLE and theirs >= WHOLE:
        return "near" if _verbatim(shared) >= 0.5 else "rewrite"
    if _verbatim(shared) < 0.5:
        return "rewrite"
    if theirs >= WHOLE:
        return "extended"
    if ours >= WHOLE:
        return "excerpt"
    # Parts of both: what is shared stands in longer verbatim pieces in an excerpt, in scattered ones in a rewrite.
    return "excerpt" if shared.longest_run >= 25 or _verbatim(shared) >= 0.8 else "rewrite"


def _verbatim(shared: Alignment) -> float:
    """Return the share of aligned words that stand in verbatim passages."""
    verbatim = sum(passage.words for passage in shared.passages if passage.kind == "verbatim")
    return verbatim / shared.words if shared.words else 0.0


def without_template(shared: Alignment, article: Article, source: Article) -> Alignment:
    """Return `shared` without the passages that open or close both bodies, where hardly anything else is shared.

    A disclaimer, newsletter box or author note closes every page of a site, and two sites of one publisher share it.
    """
    tail = _closing(shared, article.body, source.body)
    if not tail:
        return shared
    begin, begin_source = min(p.article[0] for p in tail), min(p.source[0] for p in tail)
    ours, theirs = text.count(article.body[:begin]), text.count(source.body[:begin_source])
    rest = min(ours, theirs)
    outside = [p for p in shared.passages if p not in tail]
    matched = sum(p.words for p in outside)
    closing = sum(p.words for p in tail)
    one_site = article.site is not None and article.site == source.site
    if rest < TEXT_WORDS or matched >= REST_SHARE * rest or (not one_site and closing > TAIL_MOST):
        return shared
    return _kept(shared, outside, matched)


def _closing(shared: Alignment, ours: str, theirs: str) -> list[Passage]:
    """Return the passages that together close both bodies, with at most TAIL_WORDS other words in between."""
    found: list[Passage] = []
    end, end_source = len(ours), len(theirs)
    for passage in sorted(shared.passages, key=lambda p: p.article[1], reverse=True):
        gap = text.count(ours[passage.article[1] : end]) if passage.article[1] <= end else 0
        gap_source = text.count(theirs[passage.source[1] : end_source]) if passage.source[1] <= end_source else 1 << 30
        if gap > TAIL_WORDS or gap_source > TAIL_WORDS:
            break
        found.append(passage)
        end, end_source = passage.article[0], passage.source[0]
    return found


def _kept(shared: Alignment, passages: list[Passage], words: int) -> Alignment:
    """Return `shared` reduced to `passages`, which hold `words` aligned words."""
    if not words:
        return replace(
            shared, containment_in_source=0.0, containment_of_source=0.0, words=0, words_unquoted=0, longest_run=0,
            ordered=0.0, spread=0.0, passages=(),
        )  # fmt: skip
    part = words / shared.words
    return replace(
        shared,
        containment_in_source=shared.containment_in_source * part,
        containment_of_source=shared.containment_of_source * part,
        words=words,
        words_unquoted=max(0, shared.words_unquoted - (shared.words - words)),
        longest_run=min(shared.longest_run, max(p.words for p in passages)),
        spread=shared.spread * part,
        passages=tuple(passages),
    )


def sisters(article: Article, source: Article) -> bool:
    """Return whether two sites are editions of one outlet: the same name, or the same label under another suffix."""
    if not article.site or not source.site or article.site == source.site:
        return False
    if article.outlet and source.outlet and text.words(article.outlet) == text.words(source.outlet):
        return True
    label = article.site.split(".")[0]
    return len(label) >= 3 and label == source.site.split(".")[0]
