"""Real bodies of one language -> what new articles in it are made of: skeletons of sentences, words by topic, names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from syndet import letters, text
from syndet.models import Span
from syndet.outline import LONE_CAPITALS
from syndet.simulate.pieces import units, worth

# A word in more than this part of the bodies is one of the language, not of a topic; at most so many of them.
_COMMON = 0.3
_MOST_COMMON = 150
_ENOUGH = 8  # bodies that show which words are in all of them
# A capitalised word in fewer bodies than this is a name.
_NAME_BODIES = 3
# No skeleton keeps more words in a row than this as they were: five words in a row are looked for as a copy.
_LONGEST_KEPT = 3
_NEAREST = 10  # bodies whose words are one topic
_POOL = 3000  # words of a topic, by frequency
_TOPIC_PHRASES = 300
_PHRASE_BODIES = 2  # bodies in which two words stand side by side, to be a set phrase
# Bodies in which a sentence stands, to be a standing text of sites. Two may tell one story, unknown to whoever gathered
# them: an invented site that printed its sentence would print a piece of that story.
_STANDING_BODIES = 3
_QUOTES = str.maketrans("", "", "“”„«»\"‹›「」『』｢｣＂‘’`'")
_CONTENT, _NAME, _NUMBER = range(3)
# What fills a slot is put in by three rounds of %: content, then names, then numbers.
_SLOTS = ("%s", "%%s", "%%%%s")


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A sentence with slots in the place of its content words, names and numbers.

    `capitals`: of each slot for a content word, whether that has a capital: German nouns without theirs are no German.
    """

    form: str
    worth: float
    slots: tuple[int, int, int]
    capitals: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """One real body and its nearest: words by frequency; the names and quotations of that one body."""

    number: int
    pool: list[str]
    phrases: list[tuple[str, str]]  # neighbours in one of the bodies
    names: list[str]
    quotations: list[str]


@dataclass(frozen=True, slots=True)
class Tongue:
    """All that articles of one language, or of a few small ones in one script, are made of."""

    language: str
    share: int  # of the real bodies
    skeletons: list[Skeleton]
    words: list[str]
    phrases: list[tuple[str, str]]
    numbers: list[str]
    topics: list[Topic]
    syllables: tuple[list[str], list[str]]
    standing: list[str]  # sentences that stand in many of the real bodies
    space: str


def learn(language: str, numbered: Sequence[tuple[int, str]], chance: Random) -> Tongue | None:
    """Return what the bodies in `numbered`, each with its number, give for new articles in `language`, or None."""
    read = [one for one in (_Read(number, body) for number, body in numbered) if one.written]
    if not read:
        return None
    # No set: of words that are equally common, those met first are taken, and that must be the same in every run.
    bodies_with = Counter(word for one in read for word in dict.fromkeys(one.normal))
    common = _common(read, bodies_with)
    nouns = sum(one.alone.sum() for one in read) > LONE_CAPITALS * sum(map(len, (one.written for one in read)))
    for one in read:
        one.sort_out(common, bodies_with, one.alone if nouns else np.zeros_like(one.alone))
    spaced = sum(" " in body for _, body in numbered) * 2 > len(numbered) and not _unspaced(numbered[0][1])
    words = [word for one in read for word in one.content]
    together = Counter(pair for one in read for pair in dict.fromkeys(zip(one.content, one.content[1:], strict=False)))
    phrases = [pair for pair, number in together.items() for _ in range(number) if number >= _PHRASE_BODIES]
    names = [part for one in read for name in one.names for part in name.split()] or words or read[0].written
    sentences = Counter(sentence for one in read for sentence in set(one.sentences))
    return Tongue(
        language, len(read),
        list(dict.fromkeys(skeleton for one in read for skeleton in one.skeletons())),
        words or [word for one in read for word in one.written],
        phrases,
        [word for one in read for word in one.numbers] or ["7", "12", "2024"],
        _topics(read, chance),
        ([name[: (len(name) + 1) // 2] for name in names], [name[(len(name) + 1) // 2 :] for name in names]),
        sorted(s for s, number in sentences.items() if number >= _STANDING_BODIES and worth(s) >= 8),
        " " if spaced else "",
    )  # fmt: skip


def _common(read: list[_Read], bodies_with: Counter[str]) -> set[str]:
    """Return the words that belong to the language, whatever is told."""
    if len(read) >= _ENOUGH:
        return {word for word, number in bodies_with.most_common(_MOST_COMMON) if number > _COMMON * len(read)}
    # So few bodies tell what is common only by how often they say it.
    often = Counter(word for one in read for word in one.normal)
    return {word for word, number in often.most_common(_MOST_COMMON) if number > often.total() / 100}


def _unspaced(body: str) -> bool:
    found = text.tokens(body)
    return bool(len(found)) and float(found.weights.mean()) < 0.8


def _topics(read: list[_Read], chance: Random) -> list[Topic]:
    """Return a topic for every body: a third of its words from the body itself, the others from the nearest."""
    stood = [frozenset(one.content) for one in read]
    often = Counter(word for words in stood for word in words)
    rare = [frozenset(word for word in words if often[word] <= max(2, len(read) // 10)) for words in stood]
    topics = []
    for at, one in enumerate(read):
        near = sorted(range(len(read)), key=lambda other: (-len(rare[at] & rare[other]), other))[: _NEAREST + 1]
        around = [word for other in near if other != at for word in read[other].content] or one.content
        pool = [
            *chance.choices(one.content or one.written, k=_POOL // 3),
            *chance.choices(around or one.written, k=_POOL * 2 // 3),
        ]
        beside = [pair for other in near for pair in zip(read[other].content, read[other].content[1:], strict=False)]
        phrases = chance.sample(beside, min(len(beside), _TOPIC_PHRASES))
        topics.append(Topic(one.number, pool, phrases, list(dict.fromkeys(one.names)), one.quotations))
    return topics


class _Read:
    """One real body, its words told apart."""

    def __init__(self, number: int, body: str) -> None:
        self.number = number
        self._body = body
        self._units = units(body)
        quoted = text.quotations(body)
        begins = np.array([begin for begin, _ in self._units], np.int64)
        self._quoted = np.zeros(len(begins), bool)
        for begin, end in quoted:
            self._quoted[np.searchsorted(begins, begin) : np.searchsorted(begins, end)] = True
        self.quotations = [body[begin:end] for begin, end in quoted if 6 <= worth(body[begin:end]) <= 60]
        self._spans = text.sentences(body)
        self.sentences = [body[begin:end] for begin, end in self._spans]
        self.normal = ["".join(letters.words(body[begin:end])) for begin, end in self._units]
        self.written = [body[begin:end] for begin, end in self._units]
        # Words with a capital between words without, inside sentences.
        capital = np.array([False, *(word[0].isupper() for word in self.written), False])
        self.alone = capital[1:-1] & ~capital[:-2] & ~capital[2:] & ~np.isin(begins, [low for low, _ in self._spans])
        self.content: list[str] = []
        self.names: list[str] = []
        self.numbers: list[str] = []
        self._kinds: list[int | None] = []

    def sort_out(self, common: set[str], bodies_with: Counter[str], nouns: NDArray[np.bool_]) -> None:
        """Tell words of the language from content, names and numbers; `nouns`: words whose capital names nothing."""
        firsts = {begin for begin, _ in self._spans}
        run: Span | None = None
        for (begin, end), normal, noun in zip(self._units, self.normal, nouns.tolist(), strict=True):
            word = self._body[begin:end]
            kind: int | None = _CONTENT
            if any(letter.isdecimal() for letter in word):
                kind = _NUMBER
                self.numbers.append(word)
            elif normal in common or not normal:
                kind = None
            elif word[0].isupper() and bodies_with[normal] < _NAME_BODIES and not noun:
                kind = _NAME
                joined = run is not None and self._body[run[1] : begin] == " "
                run = (run[0], end) if run and joined else (begin, end)
                name = self._body[run[0] : run[1]]
                if joined and self.names and name.count(" ") < 2:
                    self.names[-1] = name
                elif begin not in firsts:
                    self.names.append(name)
                else:
                    run = None
            else:
                self.content.append(word)
            if kind != _NAME:
                run = None
            self._kinds.append(kind)

    def skeletons(self) -> list[Skeleton]:
        """Return the sentences that hold no quotation, with slots."""
        found, at = [], 0
        for begin, end in self._spans:
            low = at
            while at < len(self._units) and self._units[at][0] < end:
                at += 1
            if 5 <= at - low <= 60 and not self._quoted[low:at].any():
                found.append(self._skeleton((begin, end), low, at))
        return found

    def _skeleton(self, span: Span, low: int, high: int) -> Skeleton:
        pieces: list[str] = []
        slots = [0, 0, 0]
        capitals: list[bool] = []
        place, kept, before = span[0], 0, None
        for number in range(low, high):
            begin, end = self._units[number]
            gap = self._body[place:begin].translate(_QUOTES).replace("%", "%" * 8)
            kind = self._kinds[number]
            kept = 0 if kind is not None else kept + 1
            if kept > _LONGEST_KEPT:
                kind, kept = _CONTENT, 0
            if kind == _CONTENT and number == low and self._body[begin].isupper():
                kind = _NAME  # a sentence begins with a capital, or its end is not seen
            place = end
            if kind == _NAME and before == _NAME and gap == " ":
                continue  # a name of several words is one slot
            before = kind
            pieces.append(gap)
            if kind is None:
                pieces.append(self._body[begin:end])
            else:
                pieces.append(_SLOTS[kind])
                slots[kind] += 1
                if kind == _CONTENT:
                    capitals.append(self._body[begin].isupper())
        rest = self._body[place : span[1]].translate(_QUOTES).replace("%", "%" * 8)
        weight = worth(self._body[span[0] : span[1]])
        form = "".join(pieces).strip() + rest.rstrip()
        return Skeleton(form, weight, (slots[0], slots[1], slots[2]), tuple(capitals))
