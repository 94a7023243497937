"""Body -> words, word hashes, sentences, quotations; the one tokeniser, in every script.

A *word* is a run of letters, marks and digits, compared after NFKC, case folding and removal of what nobody sees
(soft hyphens, zero-width and variation-selector characters). Scripts that write no spaces give one word a character
(Chinese, Japanese) or a syllable cluster (Thai, Lao). Runs of `@`, with which research corpora mask words, are a
*break*: the empty word, which no shingle, pair or passage crosses.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
import regex
from numpy.typing import NDArray

from syndet.models import Span

# Format characters that a reader does not see: soft hyphen, combining grapheme joiner, zero-width and
# direction marks, variation selectors, byte-order mark.
_UNSEEN = (
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef"
)
_IDEOGRAM = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\u3005-\u3007\u30fc\uff70"
_CLUSTERED = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
# Thai and Lao write some vowels before and some after their consonant; a cluster keeps them with it, so that
# composed and decomposed spellings (SARA AM) are the same word.
_CLUSTER = (
    r"[\u0e40-\u0e44\u0ec0-\u0ec4]?[\p{L}\p{N}&&[" + _CLUSTERED + r"]][\p{M}\u0e30\u0e32\u0e33\u0e45\u0eb0\u0eb2\u0eb3"
    + _UNSEEN + r"]*"
)  # fmt: skip
_SPACED = r"[\p{L}\p{N}--[" + _IDEOGRAM + _CLUSTERED + r"]]"
_WORD = regex.compile(
    rf"{_SPACED}(?:{_SPACED}|[\p{{M}}{_UNSEEN}])*"
    rf"|[\p{{L}}\p{{N}}&&[{_IDEOGRAM}]][\p{{M}}\uff9e\uff9f{_UNSEEN}]*"
    rf"|{_CLUSTER}"
    r"|@(?:\s*@)+",
    regex.V1,
)
_IDEOGRAM_WORD = regex.compile(rf"[{_IDEOGRAM}]", regex.V1)
_CLUSTER_WORD = regex.compile(rf"[{_CLUSTERED}]", regex.V1)
# Left out of the normalised word: whatever NFKC turned into something else than letters, marks and digits; Arabic
# and Hebrew vowel points and the Arabic stretch mark, which one outlet prints and the next does not.
_DROPPED = regex.compile(r"[^\p{L}\p{M}\p{N}]|[\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_MARKS = "\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u00a0\u2022\u20ac\u00a3"
_ASCII_SPACES = {code: " " for code in range(128) if not chr(code).isalnum()}

# What one word is worth in words of a spaced script, so that "eight words" means as much text in every script
# (measured as characters an English word takes in translation: about 1.7 in Chinese, 3 clusters in Thai).
IDEOGRAM_WEIGHT = 0.6
CLUSTER_WEIGHT = 0.35


class _Normal(dict[str, str]):
    """Token as written -> normalised word. News repeats itself, so nearly every look-up is a hit."""

    LIMIT = 500_000

    def __missing__(self, token: str) -> str:
        if len(self) >= self.LIMIT:
            self.clear()
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", token).casefold())
        # "i" with a dot above is what case folding makes of the Turkish capital.
        word = _DROPPED.sub("", folded).replace("i\u0307", "i")
        self[token] = word if token[0] != "@" else ""
        return self[token]


_normal = _Normal()


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a body and where they stand: `body[begins[i]:ends[i]]` was read as `words[i]`.

    `begins`, `ends`: int64, shape (n,). `weights`: float64, shape (n,), the worth of each word in words of a
    spaced script; 0 for a break.
    """

    words: list[str]
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    weights: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.words)


def words(body: str) -> list[str]:
    """Return the normalised words of `body` in order; a break is the empty word.

    >>> words("Don’t STOP, ﬁne so\u00adnar! @ @ @ 東京へ")
    ['don', 't', 'stop', 'fine', 'sonar', '', '東', '京', 'へ']
    """
    plain = body
    if not body.isascii():
        # English is ASCII but for its typographic marks; with these gone the quick path serves it, too.
        for mark in _MARKS:
            plain = plain.replace(mark, " ")
    if plain.isascii() and "@" not in plain:
        return plain.lower().translate(_ASCII_SPACES).split()
    return [_normal[token] for token in _WORD.findall(body)]


def tokens(body: str) -> Tokens:
    """Return the words of `body` with their places; `tokens(body).words == words(body)`."""
    found = [(match.start(), match.end(), _normal[match.group()]) for match in _WORD.finditer(body)]
    names = [word for _, _, word in found]
    begins = np.fromiter((begin for begin, _, _ in found), np.int64, len(found))
    ends = np.fromiter((end for _, end, _ in found), np.int64, len(found))
    return Tokens(names, begins, ends, np.array([weight(word) for word in names], np.float64))


def weight(word: str) -> float:
    """Return what `word` is worth in words of a spaced script; 0 for a break.

    >>> weight("beijing"), weight("京"), weight("")
    (1.0, 0.6, 0.0)
    """
    if word.isascii():
        return 1.0 if word else 0.0
    if _CLUSTER_WORD.match(word):
        return CLUSTER_WEIGHT
    return IDEOGRAM_WEIGHT if _IDEOGRAM_WORD.match(word) else 1.0


def count(body: str) -> int:
    """Return the number of words in `body`, breaks not counted."""
    return sum(map(bool, words(body)))


# Odd 64-bit multipliers (from the fractional digits of the golden ratio and of the square root of 2).
_BASE = 0x9E3779B97F4A7C15
_BASE_INVERSE = pow(_BASE, -1, 1 << 64)


def _powers(base: int, size: int) -> NDArray[np.uint64]:
    """Return base**0 .. base**(size-1) modulo 2**64, shape (size,)."""
    table = np.ones(size, np.uint64)
    done = 1
    while done < size:
        step = min(done, size - done)
        table[done : done + step] = table[:step] * np.uint64(pow(base, done, 1 << 64))
        done += step
    return table


_POWERS: list[NDArray[np.uint64]] = [_powers(_BASE, 1 << 16), _powers(_BASE_INVERSE, 1 << 16)]


def mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return `values` through the MurmurHash3 64-bit finalizer: a bijection in which every bit moves every other."""
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> np.uint64(33))


def hashes(names: list[str]) -> NDArray[np.uint64]:
    """Return one 64-bit hash a word, shape (len(names),); 0 for a break and only for a break.

    A polynomial over the UTF-8 bytes modulo 2**64, from one running sum over all words at once, then mixed.
    """
    if not names:
        return np.empty(0, np.uint64)
    data = np.frombuffer("\n".join(names).encode("utf-8", "surrogatepass") + b"\n", np.uint8)
    if len(data) > len(_POWERS[0]):
        size = 1 << (len(data) - 1).bit_length()
        _POWERS[:] = [_powers(_BASE, size), _powers(_BASE_INVERSE, size)]
    ends = np.flatnonzero(data == 10)
    begins = np.concatenate(([0], ends[:-1] + 1))
    sums = np.concatenate(([np.uint64(0)], np.cumsum(data.astype(np.uint64) * _POWERS[0][: len(data)])))
    values = mix((sums[ends] - sums[begins]) * _POWERS[1][begins])
    values[values == 0] = 1
    values[begins == ends] = 0
    return values


_CLOSERS = "\"'”’»«“)\\]」』）】›"
_SENTENCE_END = regex.compile(
    rf"(?<stop>[.!?…؟۔।]+)[{_CLOSERS}]*(?=\s+[\p{{Lu}}\p{{Lo}}\p{{N}}\"'“„«»‘(\[¿¡–—-])"
    rf"|[。！？｡]+[{_CLOSERS}]*"
    r"|\n+"
)
_NO_END = frozenset(
    "mr mrs ms dr prof gen sen rep gov lt col sgt capt st jr sr no vs inc ltd co corp jan feb mar apr jun jul aug sep "
    "sept oct nov dec bzw ca nr str hr fr mme mlle sra dra art vol approx dept est fig".split()
)


def sentences(body: str) -> list[Span]:
    """Return the spans of the sentences of `body`, without the white space around them.

    >>> sentences("Mr. Xi spoke. He left!  Then\\nrain.")
    [(0, 13), (14, 22), (24, 28), (29, 34)]
    """
    spans: list[Span] = []
    begin = 0
    for match in _SENTENCE_END.finditer(body):
        if match["stop"] == "." and _is_abbreviation(body, match.start()):
            continue
        spans.append((begin, match.end()))
        begin = match.end()
    spans.append((begin, len(body)))
    return [trimmed for span in spans if (trimmed := _trim(body, span)) is not None]


def _is_abbreviation(body: str, stop: int) -> bool:
    begin = stop
    while begin > 0 and stop - begin < 8 and body[begin - 1].isalpha():
        begin -= 1
    last = body[begin:stop]
    # A single capital is an initial ("U.S.", "J. Smith").
    return (len(last) == 1 and last.isupper()) or last.lower() in _NO_END


def _trim(body: str, span: Span) -> Span | None:
    begin, end = span
    while begin < end and body[begin].isspace():
        begin += 1
    while end > begin and body[end - 1].isspace():
        end -= 1
    return (begin, end) if begin < end else None


# Opening mark -> closing marks. A quotation ends with its paragraph at the latest: each further paragraph of a long
# quotation opens anew by convention (also where the paragraphs were flowed together), and an unpaired mark must not
# swallow an article.
_QUOTATION = regex.compile(
    r"“[^“”\n]{2,}(?:”|$|(?<=[.!?…]\s*)(?=“))|„[^“”„\n]{2,}(?:[“”]|$)|«[^«»\n]{2,}(?:»|$)|»[^«»\n]{2,}«|”[^”\n]{2,}”"
    r"|「[^「」\n]{2,}」|『[^『』\n]{2,}』|‹[^‹›\n]{2,}›|(?<![\p{L}\p{N}])\"[^\"\n]{2,}\"|(?<![\p{L}\p{N}])``[^`'\n]{2,}''",
    regex.MULTILINE,
)


def quotations(body: str) -> list[Span]:
    """Return the spans of `body` that stand in quotation marks, marks included, in order.

    >>> body = 'He said “we go” and "stay".'
    >>> [body[begin:end] for begin, end in quotations(body)]
    ['“we go”', '"stay"']
    >>> len(quotations("“We came. “We saw. “We went.” They left."))
    3
    """
    return [match.span() for match in _QUOTATION.finditer(body)]
