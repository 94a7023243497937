"""What a body tells, whatever its wording: the content words of its sentences, its names and numbers, in order.

A rewriter changes words, but tells the same facts sentence after sentence; somebody else who was there begins with
something else. So two bodies are laid beside each other sentence by sentence, and what counts is not how much they have
in common, which is the event, but whether it comes in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from syndet import text
from syndet.folds import codes
from syndet.hashing import mix

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

# Letters by which two content words are one: "announce" and "announced".
STEM = 6
# A sentence with fewer content words can stand anywhere.
LEAST_CONTENT = 3
# A sentence is told by another one that has this share of its content words, weighted by rarity. Of 50 full rewrites
# and as many independent reports (tests/rewrites) 0.15 to 0.25 tell equally many apart.
TOLD = 0.2
# Where more than this share of the words inside sentences has a capital and neither neighbour has, nouns have (German),
# and a capital names nothing: names come in runs, nouns stand alone. In 114 German bodies 0.14 to 0.27, in 625 English
# and Russian ones 0.05, with 0.11 and 0.12 at the 97th percentile. (All capitals tell them less well apart.)
LONE_CAPITALS = 0.14
# Phrases of a body of 150 words. A share of fewer says little: a page that is mostly quotation has a dozen.
FEW = 50
# Sentences looked at: more make the table of all against all too large (400 by 400 take 5 ms).
MOST_SENTENCES = 400


@dataclass(frozen=True, slots=True)
class Sentences:
    """The content words of the sentences of a body that have enough of them, each once a sentence; e of them.

    `types`, `rows`: int64, shape (e,), which of the body's types and in which row, ascending. `sizes`, `numbers`:
    int64, a row each: how many content words the sentence has, and which one of the body it is.
    """

    types: Ints
    rows: Ints
    sizes: Ints
    numbers: Ints


@dataclass(frozen=True)
class Outline:
    """The content words of a body outside quotation marks; c of them.

    `keys`: uint64, shape (c,), stems hashed, in the order of the text. `sentence`: int64, shape (c,), whose they are.
    `types`: uint64, unique, sorted. `anchors`: uint64, names and numbers in the order of their first mention, unique.
    `phrases`: uint64, unique, sorted: two neighbours of a sentence, in either order, neither name nor number.
    """

    keys: Hashes
    sentence: Ints
    types: Hashes
    anchors: Hashes
    phrases: Hashes

    @cached_property
    def sentences(self) -> Sentences:
        """Its sentences, the first MOST_SENTENCES, as a table."""
        numbers = np.unique(self.sentence)[:MOST_SENTENCES]
        row = np.searchsorted(numbers, self.sentence)
        inside = row < len(numbers)
        row, types = row[inside], np.searchsorted(self.types, self.keys[inside])
        once = np.unique(types * max(1, len(numbers)) + row)
        types, row = once // max(1, len(numbers)), once % max(1, len(numbers))
        sizes = np.bincount(row, minlength=len(numbers))
        long = sizes >= LEAST_CONTENT
        kept = long[row]
        return Sentences(types[kept], (np.cumsum(long) - 1)[row[kept]], sizes[long], numbers[long])


@dataclass(frozen=True, slots=True)
class Retold:
    """How far two bodies tell the same in the same order.

    `order`: 0..1, of what their sentences have in common the share that stands in one common order, on the side where
    that is less. `facts`: 0..1, names and numbers that both have (Dice). `sentences`: how many are told in that order,
    on the side that has fewer. `pairs`: (sentence, sentence of the other body, content words in common), ascending.
    """

    order: float = 0.0
    facts: float = 0.0
    sentences: int = 0
    pairs: tuple[tuple[int, int, int], ...] = ()


def outline(tokens: text.Tokens, sentence: Ints, facts: Flags, quoted: Flags, worth: Ints) -> Outline:
    """Return the outline of a body of these words.

    Given for each: its sentence; whether it is a name or number, or quoted; what it is worth in a content pair.
    """
    hashes = tokens.stems(STEM)
    # One word of a spaced script, two characters of Chinese, three clusters of Thai.
    weights = np.concatenate((np.zeros(1), np.cumsum(tokens.weights)))
    ends = np.searchsorted(weights, weights[:-1] + 1 - 1e-9)
    breaks = np.concatenate((np.zeros(1, np.int64), np.cumsum(hashes == 0)))
    # Quotations are left out: whoever was there has them, and in the order in which they were spoken.
    fits = (worth > 0) & ~quoted & (ends <= len(hashes))
    fits &= breaks[np.minimum(ends, len(hashes))] == breaks[:-1]
    begins = np.flatnonzero(fits)
    keys, sizes = hashes[begins], ends[begins] - begins
    for step in range(1, int(sizes.max(initial=1))):
        longer = np.flatnonzero(sizes > step)
        keys[longer] = mix(keys[longer] ^ hashes[begins[longer] + step])
    named = hashes[np.flatnonzero(facts & (hashes != 0))]
    _, first = np.unique(named, return_index=True)
    telling = np.flatnonzero(~facts[begins])
    neighbours = keys[telling[1:]] + keys[telling[:-1]]
    together = sentence[begins][telling[1:]] == sentence[begins][telling[:-1]]
    return Outline(keys, sentence[begins], np.unique(keys), named[np.sort(first)], np.unique(neighbours[together]))


def facts(numbers: Flags, capitals: Flags, sentence: Ints) -> Flags:
    """Return which words are numbers or names, shape (n,), given those with a digit or capital, and their sentences."""
    inside = np.zeros(len(sentence), np.bool_)
    inside[1:] = sentence[1:] == sentence[:-1]
    lone = capitals.copy()
    lone[1:] &= ~capitals[:-1]
    lone[:-1] &= ~capitals[1:]
    if np.count_nonzero(lone) > LONE_CAPITALS * np.count_nonzero(inside):
        return numbers
    return numbers | capitals


def initials(body: str, tokens: text.Tokens, sentence: Ints, worth: Ints) -> tuple[Flags, Flags]:
    """Return which words begin with a digit, and which with a capital elsewhere than where sentences do; shape (n,).

    `worth`: what each word is worth in a content pair; a capital on a common word is none.
    """
    letters = codes(body)[tokens.begins]
    number, capital = (letters >= ord("0")) & (letters <= ord("9")), (letters >= ord("A")) & (letters <= ord("Z"))
    others = np.flatnonzero(letters > 127)
    if len(others):
        kinds, which = np.unique(letters[others], return_inverse=True)
        written = list(map(chr, kinds.tolist()))
        number[others] = np.array([letter.isdecimal() for letter in written])[which]
        capital[others] = np.array([letter.isupper() for letter in written])[which]
    capital[1:] &= sentence[1:] == sentence[:-1]
    capital[:1] = False
    return number, capital & (worth > 0)


def likeness(one: Outline, two: Outline) -> float:
    """Return the share, 0..1, of the content words of the shorter body that the other one has, too."""
    least = min(len(one.types), len(two.types))
    return len(np.intersect1d(one.types, two.types, assume_unique=True)) / least if least else 0.0


def phrases(one: Outline, two: Outline) -> float:
    """Return the share, 0..1, of the phrases of the body with fewer of them, but FEW, that the other one has, too."""
    least = max(FEW, min(len(one.phrases), len(two.phrases)))
    return len(np.intersect1d(one.phrases, two.phrases, assume_unique=True)) / least


def retold(one: Outline, two: Outline) -> Retold:
    """Return how far two bodies tell the same in the same order."""
    common = np.intersect1d(one.types, two.types, assume_unique=True)
    mine, theirs = _table(one, common), _table(two, common)
    held = np.bincount(mine.types, minlength=len(common)) + np.bincount(theirs.types, minlength=len(common))
    rarity = np.log((mine.counts + theirs.counts + 1) / np.maximum(1, held))
    both, weight = _common(mine, theirs, rarity)
    new = float(np.log(mine.counts + theirs.counts + 1))
    here, there = _told(weight, _whole(mine, rarity, new)), _told(weight.T, _whole(theirs, rarity, new))
    anchors = len(np.intersect1d(one.anchors, two.anchors, assume_unique=True))
    every = len(one.anchors) + len(two.anchors)
    pairs = tuple((int(mine.numbers[i]), int(theirs.numbers[j]), int(both[i, j])) for i, j in here[1])
    return Retold(
        min(here[0], there[0]), 2 * anchors / every if every else 0.0, min(len(here[1]), len(there[1])), pairs
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """Which content words that both bodies have stand in which sentence, each once a sentence.

    `rows`, `types`: int64, shape (e,), sentence and word, ascending by word. `sizes`: content words of each sentence,
    the others too. `numbers`: which sentence it is in the body.
    """

    rows: Ints
    types: Ints
    sizes: Ints
    numbers: Ints

    @property
    def counts(self) -> int:
        return len(self.numbers)


def _table(one: Outline, common: Hashes) -> _Table:
    """Return the sentences of `one` that are long enough, with those of their words that are among `common`."""
    told = one.sentences
    places = np.full(len(one.types), -1)
    places[np.searchsorted(one.types, common)] = np.arange(len(common))
    types = places[told.types]
    hit = types >= 0
    return _Table(told.rows[hit], types[hit], told.sizes, told.numbers)


def _common(mine: _Table, theirs: _Table, rarity: Floats) -> tuple[Ints, Floats]:
    """Return how many words each sentence of `mine` has in common with each of `theirs`, and what they weigh.

    Counted word by word, as hardly any two sentences share one: a product of the whole tables took ten times as long,
    and on busy machines, where its threads wait for each other, a hundred times.
    """
    firsts, lasts = np.searchsorted(theirs.types, mine.types), np.searchsorted(theirs.types, mine.types, "right")
    sizes = lasts - firsts
    owner = np.repeat(np.arange(len(sizes)), sizes)
    partner = np.arange(len(owner)) - (np.cumsum(sizes) - sizes)[owner] + firsts[owner]
    cells, shape = mine.rows[owner] * theirs.counts + theirs.rows[partner], (mine.counts, theirs.counts)
    both = np.bincount(cells, minlength=shape[0] * shape[1]).astype(np.int64)
    weight: Floats = np.bincount(cells, rarity[mine.types[owner]], minlength=shape[0] * shape[1]).astype(np.float64)
    return both.reshape(shape), weight.reshape(shape)


def _whole(one: _Table, rarity: Floats, new: float) -> Floats:
    """Return what the sentences of `one` weigh; `new` is for words that only one side has, the rarest."""
    known = np.bincount(one.rows, minlength=one.counts)
    return np.bincount(one.rows, rarity[one.types], minlength=one.counts) + (one.sizes - known) * new


def _told(common: Floats, whole: Floats) -> tuple[float, list[tuple[int, int]]]:
    """Return of what the sentences of one side have in the other the share in one order, and which tell which.

    Each sentence may be told by one of the other side, later ones by the same or later ones: the heaviest such chain,
    over what each has at best anywhere.
    """
    if not common.size:
        return 0.0, []
    common = np.where(common < TOLD * whole[:, None], 0.0, common)
    anywhere = float(common.max(1).sum())
    if not anywhere:
        return 0.0, []
    # A sentence that tells nothing of any, or that none tells, is in no chain.
    rows, columns = np.flatnonzero(common.any(1)), np.flatnonzero(common.any(0))
    common = common[np.ix_(rows, columns)]
    best = np.zeros((len(rows) + 1, len(columns)))
    for number, row in enumerate(common):
        best[number + 1] = np.maximum.accumulate(best[number]) + row
    here = int(best[-1].argmax())
    share, pairs = float(best[-1, here]) / anywhere, []
    for number in range(len(rows) - 1, -1, -1):
        if common[number, here]:
            pairs.append((int(rows[number]), int(columns[here])))
        here = int(best[number, : here + 1].argmax())
    return share, pairs[::-1]
