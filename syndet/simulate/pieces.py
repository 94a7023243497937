"""What every edit works with: a source and its words, other articles, and pieces that know where they come from."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from random import Random

import numpy as np

from syndet import languages, letters, text
from syndet.errors import TooShort
from syndet.models import Span
from syndet.simulate.phrases import FURNITURE, OUTLETS, Furniture

# Words of a spaced script; a run this long outside quotations is no chance.
RUN = 8
# Of an excerpt of prose, inside quotation marks: what somebody said is anybody's to quote, and no repost by itself.
QUOTED = 0.5
_HIRAGANA_AND_SO_ON = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "IDEOGRAPHIC": "CJK"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a page. `source`: the span of the source that it was made from; None: it is not from there."""

    text: str
    source: Span | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An edit before it is put together; `source` is the text that the spans of `pieces` mean."""

    pieces: Sequence[Piece]
    source: str


@dataclass(frozen=True)
class Task:
    """One source, the bodies of other articles, and the chance of this one edit."""

    source: str
    others: Sequence[str]
    chance: Random

    @cached_property
    def words(self) -> text.Tokens:
        """The words of the source."""
        return text.tokens(self.source)

    @cached_property
    def size(self) -> float:
        """Words of the source, as a spaced script counts them."""
        return float(self.words.weights.sum())

    @property
    def whole(self) -> Piece:
        """The source as it is."""
        return Piece(self.source, (0, len(self.source)))

    def part(self, span: Span) -> Piece:
        """Return a stretch of the source as it is."""
        return Piece(self.source[span[0] : span[1]], span)

    @cached_property
    def language(self) -> str:
        """The language of the source, or the name of its script where no language is known."""
        return language(self.source)

    @property
    def furniture(self) -> Furniture:
        """The standing texts of sites in the source's language; English for languages that have none here."""
        return FURNITURE.get(self.language, FURNITURE["en"])

    @cached_property
    def site(self) -> str:
        """The name of an invented site."""
        return self.chance.choice(OUTLETS)

    @cached_property
    def kin(self) -> list[str]:
        """The other articles that share no run with the source: own language first, then own script, shuffled."""
        ranked: list[list[str]] = [[], [], []]
        for other in self.others:
            same = language(other) == self.language
            ranked[0 if same else 1 if script(other) == script(self.source) else 2].append(other)
        for rank in ranked:
            self.chance.shuffle(rank)
        return [other for rank in ranked for other in rank if not shares_run(self.source, other)]

    def filler(self, words: float) -> list[str]:
        """Return sentences of other articles worth `words` at least, in their order, article after article.

        Raises TooShort when the others have not so many.
        """
        return list(self._sentences(words))

    def _sentences(self, words: float) -> Iterator[str]:
        for other in self.kin:
            for begin, end in text.sentences(other):
                if words <= 0:
                    return
                yield other[begin:end]
                words -= worth(other[begin:end])
        if words > 0:
            raise TooShort(f"The other articles have {words:.0f} words too few; give more or longer ones")

    def blocks(self, least: int) -> list[Span]:
        """Return the paragraphs of the source, or groups of sentences where it has not `least` paragraphs.

        Raises TooShort when it has not `least` sentences.
        """
        paragraphs, place = [], 0
        for line in self.source.split("\n"):
            if line.strip():
                paragraphs.append((place, place + len(line)))
            place += len(line) + 1
        if len(paragraphs) >= least:
            return paragraphs
        every = text.sentences(self.source)
        if len(every) < least:
            raise TooShort(f"The source has {len(every)} sentences; this edit needs {least}")
        size = max(1, min(3, len(every) // least))
        groups = [every[at : at + size] for at in range(0, len(every), size)]
        return [(group[0][0], group[-1][1]) for group in groups]

    def cut(self, words: float, first: bool = False, prose: bool = False) -> Span:
        """Return a span of the source worth `words`, from one word's begin to another's end; `first`: its beginning.

        `prose`: from a place where at most QUOTED of it stands inside quotation marks.
        Raises TooShort when the source has not so many words, or no such place.
        """
        sums = np.concatenate(([0.0], np.cumsum(self.words.weights)))
        if sums[-1] < words:
            raise TooShort(f"The source has {sums[-1]:.0f} words; this edit needs {words:g}")
        last = int(np.searchsorted(sums, sums[-1] - words + 1e-6, "right")) - 1
        begins = np.arange(1 if first else max(0, last) + 1)
        ends = np.searchsorted(sums, sums[begins] + words - 1e-6)
        if prose:
            inside = np.zeros(len(self.words), bool)
            for low, high in text.quotations(self.source):
                inside[np.searchsorted(self.words.begins, low) : np.searchsorted(self.words.begins, high)] = True
            quoted = np.concatenate(([0.0], np.cumsum(self.words.weights * inside)))
            told = np.flatnonzero(quoted[ends] - quoted[begins] <= QUOTED * words)
            if not len(told):
                raise TooShort(f"The source has no {words:g} words of which half stand outside quotation marks")
            begins, ends = begins[told], ends[told]
        at = self.chance.randrange(len(begins))
        return int(self.words.begins[begins[at]]), int(self.words.ends[ends[at] - 1])


def assemble(draft: Draft) -> tuple[str, tuple[tuple[Span, Span], ...]]:
    """Return the body of `draft` and its passages, each (span in the body, span in the source), in the body's order.

    Pieces that go on in both texts, but for white space, are one passage.

    >>> assemble(Draft([Piece("New. "), Piece("One.", (0, 4)), Piece("\\n"), Piece("Two.", (5, 9))], "One. Two."))
    ('New. One.\\nTwo.', (((5, 14), (0, 9)),))
    """
    body = "".join(piece.text for piece in draft.pieces)
    passages: list[tuple[Span, Span]] = []
    place = 0
    for piece in draft.pieces:
        span = trimmed(body, (place, place + len(piece.text)))
        place += len(piece.text)
        source = trimmed(draft.source, piece.source) if piece.source else (0, 0)
        if span[0] >= span[1] or source[0] >= source[1]:
            continue
        if passages:
            (begin, end), (first, last) = passages[-1]
            if last <= source[0] and not body[end : span[0]].strip() and not draft.source[last : source[0]].strip():
                passages[-1] = (begin, span[1]), (first, source[1])
                continue
        passages.append((span, source))
    return body, tuple(passages)


def trimmed(body: str, span: Span) -> Span:
    """Return `span` without the white space at its ends."""
    piece = body[span[0] : span[1]]
    begin = span[0] + len(piece) - len(piece.lstrip())
    return begin, max(begin, span[0] + len(piece.rstrip()))


def worth(body: str) -> float:
    """Return the words of `body` as a spaced script counts them."""
    return sum(map(letters.weight, letters.words(body)))


def units(body: str) -> list[Span]:
    """Return the spans of what is worth about a word: a word, two characters of Chinese, three clusters of Thai.

    >>> [("北京下雨了 today"[begin:end]) for begin, end in units("北京下雨了 today")]
    ['北京', '下雨', '了', 'today']
    """
    found = text.tokens(body)
    spans: list[Span] = []
    held = 2.0
    for begin, end, weight in zip(found.begins.tolist(), found.ends.tolist(), found.weights.tolist(), strict=True):
        if spans and spans[-1][1] == begin and weight < 1 and held + weight < 1.25:
            spans[-1] = spans[-1][0], end
            held += weight
        else:
            spans.append((begin, end))
            held = weight if 0 < weight < 1 else 2.0
    return spans


@lru_cache(maxsize=8192)
def language(body: str) -> str:
    """Return the language code of `body`, or its script where the language is not known."""
    return languages.of(None, body) or script(body)


@lru_cache(maxsize=8192)
def script(body: str) -> str:
    """Return the script of most letters at the beginning of `body`; Han and kana are one.

    >>> script("東京へ行く"), script("Привет, мир")
    ('CJK', 'CYRILLIC')
    """
    letters = [letter for letter in body[:600] if letter.isalpha()][:200]
    names = Counter(unicodedata.name(letter, "LATIN").split()[0].split("-")[0] for letter in letters)
    found: Counter[str] = Counter()
    for name, number in names.items():
        found[_HIRAGANA_AND_SO_ON.get(name, name)] += number
    return max(sorted(found), key=found.__getitem__, default="LATIN")


@lru_cache(maxsize=8192)
def _runs(body: str) -> frozenset[tuple[str, ...]]:
    """Return the runs of `RUN` words outside quotations; no run crosses a quotation."""
    found = text.tokens(body)
    if not len(found):
        return frozenset()
    size = max(RUN, round(RUN * len(found) / max(1.0, float(found.weights.sum()))))
    outside = np.ones(len(found), bool)
    for begin, end in text.quotations(body):
        outside[np.searchsorted(found.begins, begin) : np.searchsorted(found.begins, end)] = False
    bad = np.concatenate(([0], np.cumsum(~outside)))
    return frozenset(
        tuple(found.words[at : at + size]) for at in range(len(found) - size + 1) if bad[at] == bad[at + size]
    )


def shares_run(one: str, two: str) -> bool:
    """Say whether `RUN` words in a row stand in both bodies, outside quotations."""
    return not _runs(one).isdisjoint(_runs(two))


def paragraphs(sentences: Sequence[str], chance: Random) -> str:
    """Return `sentences` as paragraphs of one to four."""
    found, at = [], 0
    while at < len(sentences):
        size = chance.randint(1, 4)
        found.append(" ".join(sentences[at : at + size]))
        at += size
    return "\n\n".join(found)


def between(pieces: Iterable[Piece], gap: str = "\n\n") -> list[Piece]:
    """Return `pieces` with `gap` between them."""
    found: list[Piece] = []
    for piece in pieces:
        found += [Piece(gap), piece] if found else [piece]
    return found
