"""Alignment + metadata -> how probable it is that text was reused, and how the two texts relate."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from syndet import letters, outlets
from syndet.counts import together
from syndet.models import Alignment, Article, Passage, Relation, Span

# Names for "how much": shares of a body, by aligned words. Sites add 5 to 25% of their own (author note, newsletter).
MOST = 0.7
PART = 0.6
SAME = 0.98  # all of it but for a byline or a typo
SAME_WORDING = 0.95  # Jaccard
# Share of aligned words in common shingles from which a text was copied rather than reworded (sample and
# Clough-Stevenson: copies 0.75 to 1, light revisions 0.4 to 0.9, rewrites 0.2 to 0.5).
VERBATIM = 0.6

# A passage in which so many words are numbers is a table (prices, scores, weather): anybody prints the same.
NUMBERS = 0.3
# So is one of which most words stand in rows: short lines with a number and no end of sentence (tour dates).
ROWS = 0.6
ROW_WORDS = 25

# A passage that closes both bodies, with hardly anything else shared, is a template (disclaimer, newsletter box).
TAIL_WORDS = 12  # words that may follow it on either side
TAIL_MOST = 80  # words; between two sites a longer one is taken for text
TEXT_WORDS = 20  # before it there must be a text of its own
REST_SHARE = 0.3  # of which less than this is shared
# Two pages of one site share templates in unknown places: they tell one story only where two fifths of the shorter
# one are shared, or less under the same headline.
REVISION_SHARE = 0.4
REVISION_SHARE_TITLED = 0.3

# Reuse is decided from here (four to one), shown as possible from there.
REUSE_DECIDED = 0.8
REUSE_POSSIBLE = 0.35


# Words; a longer run or passage tells nothing more.
LONGEST_RUN = 60
LONGEST_PASSAGE = 100
# A retelling keeps names and numbers: of 50 full rewrites the least (Dice) is 0.74. Some sentences of two texts stand
# in one order by chance.
LEAST_FACTS = 0.5
# Fewer sentences have no order to speak of: one is always in order, two are every other time. (Two market reports with
# the same table, of whose prose one sentence tells the same, came out at 0.91.)
LEAST_RETOLD = 3
# Less is a coincidence, whatever the model says: seven words in a row that are nobody's, a phrase or two.
LEAST_TELLING, LEAST_PHRASES = 10, 0.1
# Two bodies of WHOLE_WORDS and more that are the same but for a tenth were not written twice, whatever they consist of:
# a speech in quotation marks, a table of results; nor was one that stands in the other in one run of words. Without
# this 5 of 813 real bodies were not found as their own copies, and 5 not in a page around them.
# Of the labelled pairs that are no reuse none of so many words is alike by more than 0.45; of those that are, six are
# alike by 0.9, so how sure this is could not be fitted.
WHOLE, WHOLE_WORDS, WHOLE_REUSE = 0.9, 60, 0.95
# Two numbers of a series (an army's bulletin, a notice of an earthquake, a market report) are one form filled in anew:
# where few words are shared, less than SERIES_SHARE of either body, with SERIES_NUMBERS and more, and fewer than
# SERIES_SAME (Dice) of these are the same, nothing tells. Chosen on the pairs of scripts/fit_reuse: of those decided,
# none of 1,100 reuses is so, but two of the four false ones. Without SERIES_SHARE some 20 of 813 copies of which every
# second word was replaced, numbers included, were taken for it.
SERIES_NUMBERS, SERIES_SAME, SERIES_WORDS, SERIES_SHARE, SERIES_REUSE = 3, 0.5, 45, 0.4, 0.5
# No measure makes us surer than this (0.9975 as a probability): the labelled pairs are some thousands, not millions.
SUREST = 6.0


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model: log-odds = coefficients . features, where `applies`; 0 elsewhere."""

    name: str
    names: tuple[str, ...]
    coefficients: tuple[float, ...]
    features: Callable[[Alignment, float], tuple[float, ...]]
    applies: Callable[[Alignment], bool]

    def probability(self, shared: Alignment, worth: float) -> float:
        """Return the probability, 0..1; never 0 or 1 where the model applies."""
        if not self.applies(shared):
            return 0.0
        total = sum(a * b for a, b in zip(self.coefficients, self.features(shared, worth), strict=True))
        return 1 / (1 + math.exp(-max(-SUREST, min(SUREST, total))))


def _copied(shared: Alignment, worth: float) -> tuple[float, ...]:
    disorder = shared.facts * (1 - shared.retold) if shared.retold_sentences else 0.0
    return (
        1.0,
        math.log1p(min(shared.telling_passage * worth, LONGEST_PASSAGE)),
        math.log1p(min(shared.telling_run * worth, LONGEST_RUN)),
        math.log(shared.phrases + 0.03),
        disorder,
    )


def _retold(shared: Alignment, _: float) -> tuple[float, ...]:
    return (
        1.0,
        -math.log(1.2 - shared.retold),
        math.log1p(shared.retold_sentences),
        -math.log(1.05 - shared.facts),
    )


# Two ways to take a text. Wording that was kept: the densest passage and the longest run, in words that are neither
# quoted nor names nor numbers, since independent reports have those in common; phrases, wherever they stand; and
# against it, the same facts in another order, which is how two people tell one event. Or nothing of the wording, but
# sentence after sentence in the same order, with hardly a name or number missing or new (common to full rewrites and
# their sources 0.92, a median, to independent reports 0.76). The form was chosen on the data that it was fitted to.
#
# Fitted by scripts/fit_reuse on 2026-11-28 to 7,149 labelled pairs; the scores, cross-validated by story, are in
# docs/evaluation.md.
COPIED = Model(
    "copied",
    ("intercept", "log passage", "log run", "log phrases", "disorder"),
    (0.31, 1.1, 1.0, 2.09, -24.75),
    _copied,
    # Phrases without a place to show for them (all that was shared is a table, or boilerplate) are nothing to go by.
    lambda shared: (
        shared.words_telling >= LEAST_TELLING
        or (shared.phrases >= LEAST_PHRASES and bool(shared.passages or shared.retellings))
    ),
)
RETOLD = Model(
    "retold",
    ("intercept", "order", "log sentences", "facts"),
    (-21.62, 9.82, 0.88, 4.87),
    _retold,
    lambda shared: shared.retold_sentences >= LEAST_RETOLD and shared.facts >= LEAST_FACTS,
)
MODELS = (COPIED, RETOLD)


def reuse(shared: Alignment, worth: float = 1.0) -> float:
    """Return the probability, 0..1, that two texts share wording or telling because one was made from the other.

    Or both from a third: that of the surer of MODELS. `worth` is what a word counts in words of a spaced script.
    """
    sure = WHOLE_REUSE if whole(shared) else 0.0
    return max(sure, *(model.probability(shared, worth) for model in MODELS))


def judged(shared: Alignment, article: Article, source: Article) -> float:
    """Return `reuse` of what two articles share, as `telling` leaves it, with the two bodies looked at."""
    sure = reuse(shared, worth(shared, article.body))
    return SERIES_REUSE if sure > SERIES_REUSE and series(shared, article.body, source.body) else sure


def series(shared: Alignment, ours: str, theirs: str) -> bool:
    """Return whether two bodies share a form with other numbers in it: a small part, and most numbers in it differ."""
    share = max(shared.containment_in_source, shared.containment_of_source)
    if shared.words_telling >= SERIES_WORDS or share >= SERIES_SHARE:
        return False
    # Here, not above: answers about stored pages are made of links, and compare nothing.
    from syndet import numbers

    same = mine = others = 0
    for passage in shared.passages:
        sides = ((ours, passage.article), (theirs, passage.source))
        one, two = (Counter(value for _, value in numbers.numbers(body[slice(*span)])) for body, span in sides)
        same, mine, others = same + (one & two).total(), mine + one.total(), others + two.total()
    return min(mine, others) >= SERIES_NUMBERS and 2 * same < SERIES_SAME * (mine + others)


def whole(shared: Alignment) -> bool:
    """Return whether two bodies are the same but for a tenth of either, or one stands in the other in one piece."""
    least = min(shared.containment_in_source, shared.containment_of_source)
    shorter = min(shared.article_words, shared.source_words)
    return (least >= WHOLE and shared.words >= WHOLE_WORDS) or shared.longest_run >= max(WHOLE_WORDS, WHOLE * shorter)


def shown(shared: Alignment) -> Alignment:
    """Return `shared` with the sentences that tell the same among its passages, where these are what tells of reuse.

    They count as many words as they have content words in common. Those that overlap a passage are part of it.
    """
    if COPIED.probability(shared, 1.0) >= REUSE_POSSIBLE or not shared.retellings:
        return replace(shared, retellings=())
    added = [told for told in shared.retellings if not any(_overlap(told, passage) for passage in shared.passages)]
    words = sum(told.words for told in added)
    passages = tuple(sorted((*shared.passages, *added), key=lambda passage: passage.article))
    return replace(
        shared,
        words=shared.words + words,
        words_unquoted=shared.words_unquoted + words,
        containment_in_source=min(1.0, shared.containment_in_source + words / max(1, shared.article_words)),
        containment_of_source=min(1.0, shared.containment_of_source + words / max(1, shared.source_words)),
        passages=passages,
        retellings=(),
    )


def _overlap(one: Passage, two: Passage) -> bool:
    sides = ((one.article, two.article), (one.source, two.source))
    return any(a[0] < b[1] and b[0] < a[1] for a, b in sides)


def worth(shared: Alignment, body: str) -> float:
    """Return what an aligned word counts on average, 0..1: 1.0 in spaced scripts, less where a character is a word.

    The model was fitted on spaced scripts; unweighted, two Japanese reports of one event that share 45 characters
    (names and set phrases) came out at 0.68, as much as 45 English words.
    """
    written = [body[slice(*passage.article)] for passage in shared.passages]
    if all(map(letters.spaced, written)):
        return 1.0
    words = [word for one in written for word in letters.words(one)]
    return sum(map(letters.weight, words)) / len(words) if words else 1.0


def relation(shared: Alignment) -> Relation:
    """Return how the article relates to the source by text alone: exact, near, excerpt, extended or rewrite."""
    ours, theirs = shared.containment_in_source, shared.containment_of_source
    if min(ours, theirs) >= SAME and shared.jaccard >= SAME_WORDING:
        return "exact"
    if wording_kept(shared) < VERBATIM:
        return "rewrite"
    if min(ours, theirs) >= MOST:
        return "near"
    return "extended" if theirs > ours and theirs >= PART else "excerpt"


def wording_kept(shared: Alignment) -> float:
    """Return the share, 0..1, of aligned words that stand in common 5-word shingles.

    1.0 for a copy in few pieces; about 0.4 where a quarter of the words was replaced. From the exact Jaccard: the
    number of common shingles is J (a + b) / (1 + J) for a and b shingles on the two sides.
    """
    if not shared.words:
        return 0.0
    sides = shared.words / shared.containment_in_source + shared.words / shared.containment_of_source
    return min(1.0, shared.jaccard * sides / (1 + shared.jaccard) / shared.words)


def telling(shared: Alignment, article: Article, source: Article) -> Alignment:
    """Return `shared` without the passages that are no sign of reuse: boilerplate, tables, what closes both pages.

    A passage is a table where either page prints it as one, so it makes no difference which is given first. Where the
    bodies are the same as a whole, tables and endings stay.
    """
    every, ours, theirs = shared.passages, _Lines(article.body), _Lines(source.body)
    shared = _without(shared, [p for p in every if _of_a_site(p, article, source)])
    if not whole(shared):
        shared = _without(shared, [p for p in shared.passages if _table(p, ours, theirs)])
        shared = _without_template(shared, article, source)
    left = set(shared.passages)
    dropped = [passage for passage in every if passage not in left]
    told = [
        passage
        for passage in shared.retellings
        if not (_of_a_site(passage, article, source) or _table(passage, ours, theirs))
        and not any(_overlap(passage, other) for other in dropped)
    ]
    return replace(shared, retellings=tuple(told), retold_sentences=min(shared.retold_sentences, len(told)))


def _without(shared: Alignment, dropped: list[Passage]) -> Alignment:
    if not dropped:
        return shared
    gone = set(dropped)
    kept = [passage for passage in shared.passages if passage not in gone]
    return _kept(shared, kept, sum(passage.words for passage in kept))


def _of_a_site(passage: Passage, article: Article, source: Article) -> bool:
    """Return whether a passage is boilerplate of either site."""
    return _repeated(article, passage.article) or _repeated(source, passage.source)


def _table(passage: Passage, ours: _Lines, theirs: _Lines) -> bool:
    """Return whether a passage is a table on either page."""
    return ours.listed(passage.article) or theirs.listed(passage.source)


def _repeated(page: Article, span: Span) -> bool:
    """Return whether most of a passage is boilerplate of its page's site."""
    inside = sum(max(0, min(end, span[1]) - max(begin, span[0])) for begin, end in page.boilerplate)
    return 2 * inside > span[1] - span[0]


class _Lines:
    """The lines of a body, each read once: one may be a whole body, and have hundreds of passages in it."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._words = cache(lambda line: letters.words(body[slice(*line)]))

    def listed(self, span: Span) -> bool:
        """Return whether a passage is a table or a list of dates, prices, scores: everybody prints the same."""
        words = letters.words(self._body[slice(*span)])
        if sum(word.isnumeric() for word in words) >= NUMBERS * len(words):
            return True
        lines = list(self._around(span))
        # Most lines end with a stop: the words of the others tell whether there are rows at all.
        rows = sum(map(self._row, lines))
        # One such line is enough: asking for two let notices of one line through, and wrong links of simulated pages
        # in a small store rose from 131 to 346. The price: 20 words without their last stop may count as a table.
        return rows > 0 and rows >= ROWS * sum(len(self._words(line)) for line in lines)

    def _around(self, span: Span) -> Iterator[Span]:
        """Yield the lines that a passage stands in."""
        end = self._body.rfind("\n", 0, span[0])
        while end < span[1]:
            begin = end + 1
            end = self._body.find("\n", begin)
            end = end if end >= 0 else len(self._body)
            yield begin, end

    def _row(self, line: Span) -> int:
        """Return how many words a line has in a row: with a number and no end of sentence, as prose seldom is."""
        if self._body[slice(*line)].rstrip().endswith(_SENTENCE_ENDS):
            return 0
        words = self._words(line)
        return len(words) if len(words) <= ROW_WORDS and any(word.isnumeric() for word in words) else 0


_SENTENCE_ENDS = tuple(".!?…。！？؟।:;\"”»'’)]」")


def _without_template(shared: Alignment, article: Article, source: Article) -> Alignment:
    """Return `shared` without the passages that close both bodies, where hardly anything else is shared.

    A disclaimer, newsletter box or author note closes every page of a site, and two sites of one publisher share it.
    """
    tail = _closing(shared, article.body, source.body)
    if not tail:
        return shared
    begin, begin_source = min(p.article[0] for p in tail), min(p.source[0] for p in tail)
    ours, theirs = letters.count(article.body[:begin]), letters.count(source.body[:begin_source])
    rest = min(ours, theirs)
    outside = [p for p in shared.passages if p not in tail]
    matched = sum(p.words for p in outside)
    closing = sum(p.words for p in tail)
    own = one_site(article, source)
    if rest < TEXT_WORDS or matched >= REST_SHARE * rest or (not own and closing > TAIL_MOST):
        return shared
    return _kept(shared, outside, matched)


def _closing(shared: Alignment, ours: str, theirs: str) -> list[Passage]:
    """Return the passages that together close both bodies, with at most TAIL_WORDS other words in between."""
    found: list[Passage] = []
    end, end_source = len(ours), len(theirs)
    for passage in sorted(shared.passages, key=lambda p: p.article[1], reverse=True):
        gap = letters.count(ours[passage.article[1] : end]) if passage.article[1] <= end else 0
        gap_source = (
            letters.count(theirs[passage.source[1] : end_source]) if passage.source[1] <= end_source else 1 << 30
        )
        if gap > TAIL_WORDS or gap_source > TAIL_WORDS:
            break
        found.append(passage)
        end, end_source = passage.article[0], passage.source[0]
    return found


def _kept(shared: Alignment, passages: list[Passage], words: int) -> Alignment:
    """Return `shared` reduced to `passages`, which hold `words` aligned words."""
    if not words:
        return replace(
            shared, containment_in_source=0.0, containment_of_source=0.0, words=0, words_unquoted=0, words_telling=0,
            longest_run=0, telling_run=0, telling_passage=0, ordered=0.0, spread=0.0, passages=(),
        )  # fmt: skip
    part, left = words / shared.words, together(passage.counts for passage in passages)
    return replace(
        shared,
        containment_in_source=shared.containment_in_source * part,
        containment_of_source=shared.containment_of_source * part,
        words=words,
        words_unquoted=left.unquoted,
        words_telling=left.telling,
        longest_run=left.longest_run,
        telling_passage=left.telling_passage,
        telling_run=left.telling_run,
        spread=shared.spread * part,
        passages=tuple(passages),
    )


def one_site(article: Article, source: Article) -> bool:
    """Return whether both stand on one site; without addresses, whether both name one outlet."""
    if article.site and source.site:
        return article.site == source.site
    return bool(article.outlet and source.outlet and letters.words(article.outlet) == letters.words(source.outlet))


def sisters(article: Article, source: Article) -> bool:
    """Return whether two sites belong together: as listed, by name, or by the same label under another suffix."""
    if not article.site or not source.site or article.site == source.site:
        return False
    if outlets.in_use().sisters(article.site, source.site):
        return True
    if article.outlet and source.outlet and letters.words(article.outlet) == letters.words(source.outlet):
        return True
    label = article.site.split(".")[0]
    return len(label) >= 3 and label == source.site.split(".")[0]
