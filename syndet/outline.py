"""What a body tells, whatever its wording: the content words of its sentences, its names and numbers, in order.

A rewriter changes words, but tells the same facts sentence after sentence; somebody else who was there begins with
something else. So two bodies are laid beside each other sentence by sentence, and what counts is not how much they have
in common, which is the event, but whether it comes in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syndet import text

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Flags = NDArray[np.bool_]

# Letters by which two content words are one: "announce" and "announced".
STEM = 6
# A sentence with fewer content words can stand anywhere.
LEAST_CONTENT = 3
# A sentence is told by another one that has this share of its content words, weighted by rarity. Of 50 full rewrites
# and as many independent reports (tests/rewrites) 0.15 to 0.25 tell equally many apart.
TOLD = 0.2
# Where more than this share of the words inside sentences has a capital, nouns have (German): then it names nothing.
CAPITALS = 0.3
# Phrases of a body of 150 words. A share of fewer says little: a page that is mostly quotation has a dozen.
FEW = 50
# Sentences looked at: more make the table of all against all too large (400 by 400 take 5 ms).
MOST_SENTENCES = 400


@dataclass(frozen=True, slots=True)
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
    hashes = text.hashes([word[:STEM] for word in tokens.words])
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
        keys[longer] = text.mix(keys[longer] ^ hashes[begins[longer] + step])
    named = hashes[np.flatnonzero(facts & (hashes != 0))]
    _, first = np.unique(named, return_index=True)
    telling = np.flatnonzero(~facts[begins])
    neighbours = keys[telling[1:]] + keys[telling[:-1]]
    together = sentence[begins][telling[1:]] == sentence[begins][telling[:-1]]
    return Outline(keys, sentence[begins], np.unique(keys), named[np.sort(first)], np.unique(neighbours[together]))


def facts(body: str, tokens: text.Tokens, sentence: Ints, worth: Ints) -> Flags:
    """Return which words are numbers or names, shape (n,): digits, or a capital elsewhere than where sentences begin.

    `worth`: what each word is worth in a content pair; a capital on a common word is no name.
    """
    letters = np.frombuffer(body.encode("utf-32-le", "surrogatepass"), np.uint32)[tokens.begins]
    number, capital = (letters >= ord("0")) & (letters <= ord("9")), (letters >= ord("A")) & (letters <= ord("Z"))
    for place in np.flatnonzero(letters > 127).tolist():
        letter = chr(letters[place])
        number[place], capital[place] = letter.isdecimal(), letter.isupper()
    inside = np.zeros(len(letters), np.bool_)
    inside[1:] = sentence[1:] == sentence[:-1]
    capital &= inside
    if np.count_nonzero(capital) > CAPITALS * np.count_nonzero(inside):
        return np.asarray(number)
    return np.asarray(number | (capital & (worth > 0)))


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
    mine, theirs = _table(one, two.types), _table(two, one.types)
    rarity = np.log((mine.counts + theirs.counts + 1) / np.maximum(1, mine.held.sum(0) + theirs.held.sum(0)))
    here, there = _told(mine, theirs, rarity), _told(theirs, mine, rarity)
    both = len(np.intersect1d(one.anchors, two.anchors))
    every = len(one.anchors) + len(two.anchors)
    pairs = tuple(
        (int(mine.rows[i]), int(theirs.rows[j]), int(np.count_nonzero(mine.held[i] * theirs.held[j])))
        for i, j in here[1]
    )
    return Retold(min(here[0], there[0]), 2 * both / every if every else 0.0, min(len(here[1]), len(there[1])), pairs)


@dataclass(frozen=True, slots=True)
class _Table:
    """Which common content words stand in which sentence: `held`, float64, shape (sentences, common types).

    `sizes`: content words of each sentence, the others too. `rows`: which sentence it is in the body.
    """

    held: NDArray[np.float64]
    sizes: NDArray[np.float64]
    rows: Ints

    @property
    def counts(self) -> int:
        return len(self.rows)


def _table(one: Outline, others: Hashes) -> _Table:
    """Return the sentences of `one` that are long enough, with those of their words that are among `others`."""
    common = np.intersect1d(one.types, others, assume_unique=True)
    rows = np.unique(one.sentence)[:MOST_SENTENCES]
    row = np.searchsorted(rows, one.sentence)
    inside = row < len(rows)
    row, keys = row[inside], np.searchsorted(one.types, one.keys[inside])
    # Each type once a sentence.
    sizes = np.bincount(np.unique(row * len(one.types) + keys) // max(1, len(one.types)), minlength=len(rows))
    places = np.full(len(one.types), -1)
    places[np.searchsorted(one.types, common)] = np.arange(len(common))
    hit = places[keys] >= 0
    held = np.zeros((len(rows), len(common)))
    held[row[hit], places[keys[hit]]] = 1.0
    long = sizes >= LEAST_CONTENT
    return _Table(held[long], sizes[long].astype(np.float64), rows[long])


def _told(mine: _Table, theirs: _Table, rarity: NDArray[np.float64]) -> tuple[float, list[tuple[int, int]]]:
    """Return of what the sentences of `mine` have in `theirs` the share in one order, and which tell which.

    Each sentence may be told by one of the other side, later ones by the same or later ones: the heaviest such chain,
    over what each has at best anywhere.
    """
    if not mine.counts or not theirs.counts or not len(rarity):
        return 0.0, []
    common = (mine.held * rarity) @ theirs.held.T
    # Words that only one side has are rarer than any that both have.
    whole = mine.held @ rarity + (mine.sizes - mine.held.sum(1)) * np.log(mine.counts + theirs.counts + 1)
    common[common < TOLD * whole[:, None]] = 0.0
    anywhere = float(common.max(1).sum())
    if not anywhere:
        return 0.0, []
    best = np.zeros((mine.counts + 1, common.shape[1]))
    for number, row in enumerate(common):
        best[number + 1] = np.maximum.accumulate(best[number]) + row
    here = int(best[-1].argmax())
    share, pairs = float(best[-1, here]) / anywhere, []
    for number in range(mine.counts - 1, -1, -1):
        if common[number, here]:
            pairs.append((number, here))
        here = int(best[number, : here + 1].argmax())
    return share, pairs[::-1]
