"""Postings of an article's keys -> the candidates worth aligning, ranked by the rarity of what they share."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Postings read for one key. A key that more articles have is hot (a story on hundreds of sites, a notice on every
# page): its oldest articles are read, so a story's origin and first copies stay findable, and the rest is counted.
POSTINGS = 50
# Articles aligned for one new article; the rest is counted and reported. 8 links the same labelled pairs
# (scripts/evaluate_links), but of a story with a dozen copies too few pairs to answer alike in any order of arrival.
MOST_ALIGNED = 12
# Of these, from the article's own site, whose pages share templates.
MOST_OWN_SITE = 4
# And of the relatives of those that text was found from; they come first, as the same part of them was seen before.
MOST_KIN = 12
# Pages that name the article or that it names, looked at in any case.
MOST_DECLARED = 8
# Two content pairs in common, or one band: a single pair is as likely chance ("prime minister ...").
LEAST_PAIRS = 2
# Of all content pairs, not only those that are sampled: with fewer in common, or less than half of those that the
# shorter text has, a candidate is one by chance and is not aligned. A full rewrite (tests/rewrites) has 6 and more, an
# excerpt of 25 words about 12; of 1,545 candidates among 5,813 invented articles 46% had fewer, one of them a link.
LEAST_ALL_PAIRS = 5
# Of fewer pairs in common than this, some have to lie close together in both texts: LEAST_COUPLES couples of them
# within `pairs.NEAR` words. Names and set phrases that two long texts have by chance lie anywhere. Of 300 candidates of
# invented articles among 5,813 stored ones 43% have fewer, none of them linked; of what was made of real bodies by
# every edit none, where it is linked at all; of 99 full rewrites (tests/rewrites) the one with fewest has three.
# Counted once.
MANY_PAIRS = 40
LEAST_COUPLES = 3
# A band is three equal minima, so wording is shared for sure: worth as much as a few pairs.
BAND_WORTH = 3.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored article worth aligning with. `score` is the summed rarity of shared keys, in nats."""

    id: int
    score: float
    bands: int  # shared band keys
    pairs: int  # shared content pairs
    declared: bool = False  # one of the two names the other


@dataclass(frozen=True, slots=True)
class Candidates:
    """What retrieval found: the articles to align, best first, and what was left out."""

    chosen: list[Candidate]
    left_out: int  # articles over the floor that are not aligned
    hot_keys: int  # keys of which only the oldest POSTINGS articles were read


def rank(
    bands: Mapping[int, Sequence[int]], pairs: Mapping[int, Sequence[int]], total: int, named: Iterable[int]
) -> tuple[list[Candidate], int]:
    """Return all candidates over the floor, best first, and the number of hot keys.

    `bands`, `pairs`: key -> ids of articles that have it, ascending, at most POSTINGS + 1. `total`: indexed articles.
    `named`: articles that name the query or that it names; they come first and need no floor.
    """
    scores: dict[int, float] = defaultdict(float)
    shared_bands: dict[int, int] = defaultdict(int)
    shared_pairs: dict[int, int] = defaultdict(int)
    hot = 0
    for postings, counts, worth in ((bands, shared_bands, BAND_WORTH), (pairs, shared_pairs, 1.0)):
        # By key, as the last digits of a sum depend on its order.
        for _, ids in sorted(postings.items()):
            hot += len(ids) > POSTINGS
            rarity = worth * math.log((total + 1) / min(len(ids), total))
            for number in ids[:POSTINGS]:
                scores[number] += rarity
                counts[number] += 1
    declared = set(named)
    found = [
        Candidate(number, scores[number], shared_bands[number], shared_pairs[number], number in declared)
        for number in {*scores, *declared}
        if number in declared or shared_bands[number] or shared_pairs[number] >= LEAST_PAIRS
    ]
    found.sort(key=lambda candidate: (not candidate.declared, -candidate.score, candidate.id))
    return found, hot


def choose(ranked: Sequence[Candidate], own_site: Mapping[int, bool], hot_keys: int) -> Candidates:
    """Return which candidates to align: the best MOST_ALIGNED, at most MOST_OWN_SITE of them from the own site.

    `own_site` tells for each candidate whether it lies on the query's site.
    """
    chosen: list[Candidate] = []
    own = 0
    for candidate in ranked:
        if len(chosen) >= MOST_ALIGNED:
            break
        if own_site[candidate.id] and not candidate.declared:
            if own >= MOST_OWN_SITE:
                continue
            own += 1
        chosen.append(candidate)
    return Candidates(chosen, len(ranked) - len(chosen), hot_keys)
