"""Sentences that stand on many articles of one site: which they are, and where in a body.

A newsletter box, a disclaimer, an author's note is learned from what it is: the same sentence in articles that tell
different stories. So nothing has to be listed, in no language, and a new template is learned from its first articles.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

import numpy as np

from syndet.hashing import mix
from syndet.models import Span
from syndet.seeds import Ints, Prepared, running

# Articles of one site, of different stories, that carry a sentence before it counts as boilerplate.
MANY = 4
# Sites that repeat a sentence, and their articles that carry it, before it is boilerplate of every site: the cookie
# notice of a network, an agency's copyright line. In all, since most sites of a small store have few articles: with
# MANY on each of two sites, one notice on 6, 3, 3 and 2 articles made 240 of 262 wrong links of the small simulation.
SITES, MANY_EVERYWHERE = 2, 2 * MANY
# Words, names and numbers not counted; a shorter sentence ("Read more.", "He said on Monday.") is no sign of anything.
LEAST_WORDS = 4
# Where more than this share of the words of a sentence has a capital, it is a headline or full of nouns (German).
CAPITALS = 0.3

# An alarm is raised where so many articles of a site were linked, both in this run and before it (of these, the last
# RECENT count), and half as many of them carry what was its boilerplate, or boilerplate grew to twice its share of the
# words: a new template, or an extractor that lost its way, needs somebody to look.
ALARM_ARTICLES = 10
RECENT = 100
USUAL = 0.5  # share of articles, before, from which a fall is news
GROWN = 0.2  # share of the words, now, from which a rise is news

_PLACE = np.uint64(0x9E3779B97F4A7C15)


def sentence_keys(one: Prepared) -> Ints:
    """Return a 64-bit key for each sentence of a body, shape (sentences,), 0 for a short one.

    Equal for equal words in one order, names and numbers left out: the same notice names each site that prints it, and
    "Reporting by" each reporter.

    >>> from syndet.seeds import prepare
    >>> one = sentence_keys(prepare("Sign up for our Gazette newsletter! Rain."))
    >>> bool(one[0] == sentence_keys(prepare("Sign up for our Valmere newsletter"))[0]), int(one[1])
    (True, 0)
    """
    if not len(one.sentence):
        return np.zeros(0, np.int64)
    begins = np.searchsorted(one.sentence, np.arange(int(one.sentence[-1]) + 2))
    # Sentence by sentence, so that the key does not depend on the text around it.
    numbers, capitals = one.initials
    shares = np.diff(running(capitals)[begins]) / np.maximum(1, np.diff(begins))
    names = capitals & np.repeat(shares <= CAPITALS, np.diff(begins))
    told = (one.hashes != 0) & ~numbers & ~names
    counts = running(told)
    places = counts[1:] - np.repeat(counts[begins[:-1]], np.diff(begins))
    sums = running(np.where(told, mix(one.hashes + places.astype(np.uint64) * _PLACE).view(np.int64), 0))
    keys = mix((sums[begins[1:]] - sums[begins[:-1]]).view(np.uint64)).view(np.int64)
    return np.where(counts[begins[1:]] - counts[begins[:-1]] >= LEAST_WORDS, keys, 0)


def common(one: Ints, other: Ints) -> set[int]:
    """Return the keys of the sentences that stand in both bodies, given those of each (`sentence_keys`)."""
    return set(np.intersect1d(one, other).tolist()) - {0}


def spans(one: Prepared, keys: Ints, carried: Set[int]) -> tuple[Span, ...]:
    """Return where the sentences `carried` stand in a body, whose `sentence_keys` are `keys`: code points.

    Neighbours are joined.
    """
    found: list[Span] = []
    joined = -2
    for index in np.flatnonzero(np.isin(keys, list(carried))).tolist():
        first = int(np.searchsorted(one.sentence, index))
        last = int(np.searchsorted(one.sentence, index, "right")) - 1
        begin, end = int(one.tokens.begins[first]), int(one.tokens.ends[last])
        found[-1:] = [(found[-1][0], end)] if index == joined + 1 else [*found[-1:], (begin, end)]
        joined = index
    return tuple(found)


def alarm(site: str, before: Sequence[float], now: Sequence[float], carried: Sequence[bool]) -> str | None:
    """Return one sentence where the boilerplate of `site` suddenly changed, else None.

    `before`, `now`: for each article, the share (0..1) of its words that is boilerplate. `carried`: for each article
    of now, whether it has any of the boilerplate that was known before.
    """
    if min(len(before), len(carried)) < ALARM_ARTICLES:
        return None
    was, still = sum(share > 0 for share in before) / len(before), sum(carried) / len(carried)
    if was >= USUAL and still <= was / 2:
        return (
            f"{site}: {still:.0%} of {len(carried)} articles carry its old boilerplate, {was:.0%} did before; "
            "its pages may have a new template."
        )
    share, grown = sum(before) / len(before), sum(now) / max(1, len(now))
    if grown >= GROWN and grown >= 2 * share:
        return (
            f"{site}: boilerplate is {grown:.0%} of the words of {len(now)} articles, {share:.0%} before; "
            "look whether their text is still read right (syndet show URL)."
        )
    return None
