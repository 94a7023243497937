"""Body -> words, word hashes, sentences, quotations; the one tokeniser, in every script.

A *word* is a run of letters, marks and digits, compared after NFKC, case folding, removal of what nobody sees (soft
hyphens, zero-width and variation-selector characters) and of spellings that differ from one newsroom to the next.
Scripts that write no spaces give one word a character (Chinese, Japanese) or a syllable cluster (Thai, Lao). Runs of
`@`, with which research corpora mask words, are a *break*: the empty word, which no shingle, pair or passage crosses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import regex
from numpy.typing import NDArray

from syndet import folds, letters
from syndet.hashing import hashed
from syndet.models import Span

# The lowest byte with which a letter begins of a script without spaces: all lie beyond the first 2,048 characters.
FAR = 0xE0
SPACED, CLUSTER, IDEOGRAM, HIRAGANA = range(4)
_WEIGHTS = np.array([1.0, letters.CLUSTER_WEIGHT, letters.IDEOGRAM_WEIGHT, letters.IDEOGRAM_WEIGHT])
_UNKNOWN = 255
# Code point -> the kind of the words that begin with it; filled in as they are met.
_kinds: NDArray[np.uint8] = np.full(0x11_0000, _UNKNOWN, np.uint8)


def _kind(letter: str) -> int:
    """Return what belongs into `_kinds` for a character."""
    weight = letters.weight(letter)
    if weight == letters.IDEOGRAM_WEIGHT:
        return HIRAGANA if "\u3040" <= letter <= "\u309f" else IDEOGRAM
    return CLUSTER if weight == letters.CLUSTER_WEIGHT else SPACED


class Tokens:
    """The words of a body; n words, breaks included."""

    def __init__(self, folded: folds.Folded) -> None:
        self._folded = folded

    def __len__(self) -> int:
        return len(self._folded.firsts)

    @cached_property
    def begins(self) -> NDArray[np.int64]:
        """Where each word begins, int64, shape (n,): word i was read at `body[begins[i]:ends[i]]`."""
        return self._folded.letters(self._folded.begins)

    @cached_property
    def ends(self) -> NDArray[np.int64]:
        """Where each word ends, int64, shape (n,)."""
        return self._folded.letters(self._folded.ends)

    @cached_property
    def words(self) -> list[str]:
        """The normalised words; a break is the empty word."""
        data = self._folded.data.tobytes()
        edges = zip(self._folded.firsts.tolist(), self._folded.lasts.tolist(), strict=True)
        return [data[first:last].decode("utf-8", "surrogatepass") for first, last in edges]

    def word(self, at: int) -> str:
        """Return `words[at]`."""
        folded = self._folded
        return folded.data[folded.firsts[at] : folded.lasts[at]].tobytes().decode("utf-8", "surrogatepass")

    @property
    def spelled(self) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
        """The bytes of the words as they are compared, and where among them each begins and ends, shape (n,)."""
        return self._folded.data, self._folded.firsts, self._folded.lasts

    @property
    def hashes(self) -> NDArray[np.uint64]:
        """One 64-bit hash a word, shape (n,); 0 for a break and only for a break."""
        return self._folded.hashes

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """The worth of each word in words of a spaced script, float64, shape (n,); 0 for a break."""
        weights = np.ones(len(self))
        weights[self.bytes == 0] = 0
        if self._beyond_ascii:
            far = np.flatnonzero((self.leads >= FAR) & (self.bytes > 0))
            weights[far] = _WEIGHTS[self.kinds(far)]
        return weights

    @cached_property
    def bytes(self) -> NDArray[np.int64]:
        """How many bytes each word has as it is compared, int64, shape (n,); 0 for a break."""
        return self._folded.lasts - self._folded.firsts

    @cached_property
    def leads(self) -> NDArray[np.uint8]:
        """The first byte of each word, uint8, shape (n,); that of a break is any."""
        data, firsts = self._folded.data, self._folded.firsts
        leads: NDArray[np.uint8] = data.take(firsts, mode="clip") if len(self) else np.empty(0, np.uint8)
        return leads

    def kinds(self, words: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return of what script those of `words` (their places) are that begin with a byte from FAR on.

        One of `SPACED`, `CLUSTER`, `IDEOGRAM`, `HIRAGANA` each, shape (words,). The first letter tells.
        """
        data, firsts = self._folded.data, self._folded.firsts[words]
        lead = self.leads[words].astype(np.int64)
        codes = ((lead & 0x0F) << 12) | ((data[firsts + 1] & 0x3F).astype(np.int64) << 6) | (data[firsts + 2] & 0x3F)
        four = np.flatnonzero(lead >= 0xF0)
        codes[four] = ((codes[four] & 0x7FFF) << 6) | (data[firsts[four] + 3] & 0x3F)
        kinds = _kinds[codes]
        if (kinds == _UNKNOWN).any():
            for code in np.unique(codes[kinds == _UNKNOWN]).tolist():
                _kinds[code] = _kind(chr(code))
            kinds = _kinds[codes]
        return np.asarray(kinds)

    def stems(self, letters: int) -> NDArray[np.uint64]:
        """Return the same hash of the first `letters` letters of each word, shape (n,)."""
        folded = self._folded
        if not len(folded.firsts):
            return np.empty(0, np.uint64)
        lasts = folded.firsts + letters
        if self._beyond_ascii:
            # A letter begins where no byte of another one goes on.
            places = np.flatnonzero((folded.data & 0xC0) != 0x80)
            lasts = np.append(places, len(folded.data))[
                np.minimum(np.searchsorted(places, folded.firsts) + letters, len(places))
            ]
        # Words that went word by word stand behind all others.
        order = np.argsort(folded.firsts, kind="stable")
        hashes = np.empty(len(order), np.uint64)
        hashes[order] = hashed(folded.data, folded.firsts[order], np.minimum(folded.lasts, lasts)[order])
        return hashes

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """How many letters each word has as it is compared, int64, shape (n,)."""
        folded = self._folded
        sizes = self.bytes
        if self._beyond_ascii:
            more = np.concatenate((np.zeros(1, np.int64), np.cumsum((folded.data & 0xC0) == 0x80)))
            sizes = sizes - (more[folded.lasts] - more[folded.firsts])
        return sizes

    def numbers(self, words: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of `words` (their places), none a break, are made of digits alone, shape (words,)."""
        data, lasts = self._folded.data, self._folded.lasts[words]
        found = np.zeros(len(words), np.bool_)
        at, left = self._folded.firsts[words], np.arange(len(words))
        while len(left):
            digit = data[at] - np.uint8(ord("0")) <= 9
            at, left = at[digit] + 1, left[digit]
            over = at >= lasts[left]
            found[left[over]] = True
            at, left = at[~over], left[~over]
        return found

    @cached_property
    def _beyond_ascii(self) -> bool:
        return bool((self._folded.data >= 0x80).any())


def tokens(body: str) -> Tokens:
    """Return the words of `body` with their places; `tokens(body).words == letters.words(body)`."""
    return Tokens(folds.folded(body))


def row(bodies: Sequence[str]) -> tuple[Tokens, NDArray[np.int64]]:
    """Return the words of all `bodies` one after the other, and their bounds: those of body i are `bounds[i:i + 2]`.

    What words say of their places is true of no body.
    """
    folded, bounds = folds.row(bodies)
    return Tokens(folded), bounds


_CLOSERS = "\"'”’»«“)\\]」』）】›"
# A stop before white space and what may begin a sentence (a capital, or a letter of a script that has none), or a stop
# that is nothing else wherever it stands. Possessive, and never begun inside a run: linear in any text.
_SENTENCE_END = regex.compile(
    rf"(?<![.!?…])(?<stop>[.!?…]++)[{_CLOSERS}]*+(?:[^\S\n]»)?"
    r"(?=\s+[\p{Lu}\p{Lt}\p{Lo}\p{Georgian}\p{N}\"'“”„«»‘‚‹›「『(\[¿¡–—-])"
    r"|[。！？｡؟۔।॥։።။។།]++[.!?…]*+[\"'”’»)\]」』）】›]*+"
    r"|\n+"
)
_NO_END = frozenset(
    "mr mrs ms messrs dr prof gen sen rep gov lt col sgt capt maj adm cmdr det supt pres rev hon st jr sr mt ft ave vs "
    "no inc ltd co corp jan feb mar apr jun jul aug sep sept oct nov dec approx dept est fig vol "
    "bzw ca nr str hr fr mio mrd evtl ggf vgl mme mlle mgr mm sra dra ud uds ee art г гг тыс руб обл ул им".split()
)
# German writes ordinals with a stop: "am 3. März", "der 1. FC".
_ORDINAL = regex.compile(r"\b(?:am|vom|zum|bis|der|dem|den|des|die|das|im|ab|seit|beim|und)\s\d{1,2}$", regex.I)


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
    if len(last) == 1 and (last.isupper() or (begin > 1 and body[begin - 1] == "." and body[begin - 2].isalpha())):
        return True  # an initial, or one letter of several ("J. Smith", "U.S.", "e.g.", "z.B.", "p.m.")
    return last.lower() in _NO_END or (not last and _ORDINAL.search(body[max(0, stop - 12) : stop]) is not None)


def _trim(body: str, span: Span) -> Span | None:
    begin, end = span
    while begin < end and body[begin].isspace():
        begin += 1
    while end > begin and body[end - 1].isspace():
        end -= 1
    return (begin, end) if begin < end else None


# Scripts without spaces set marks right beside letters.
_LETTER = rf"[\p{{L}}\p{{N}}--[{letters.IDEOGRAMS}{letters.CLUSTERED}]]"
_BEFORE = r"(?<![^\s(\[“\"«„:–—-])"  # where an opening mark stands that might also be a closing one
# Straight marks open before a word, at the beginning of a paragraph or after a colon, and after an Arabic prefix of one
# letter.
_STRAIGHT = rf"(?:(?:(?<!{_LETTER})|(?<=(?<!{_LETTER})[وبلكف]))[\"＂](?=\S)|(?:(?<![^\n])|(?<=:\s))\"(?=[^\S\n]))"
# Opening mark -> closing marks. A quotation ends with its paragraph at the latest: each further paragraph of a long
# quotation opens anew by convention (also where the paragraphs were flowed together), and an unpaired mark must not
# swallow an article. Inside, one level of the same marks, if they all close. Nobody is quoted for more than 1,500
# characters in one go: that is an unpaired mark in a text that lost its paragraphs. Possessive throughout: linear in
# any text.
_QUOTATION = regex.compile(
    rf"(?:“(?![\s,;:!?)\]]|\.(?!\.))|(?<!\S)“)[^“”\n]{{2,1500}}+(?:”|(?<=\S)“(?!{_LETTER})|(?<=[.!?…]\s?)(?=“)|$)"
    r"|“[^“”\n]*+(?:“[^“”\n]*+”[^“”\n]*+)++”"
    r"|“[^“”\"\n]{2,1500}+\""
    r"|„[^“”„\"\n]{2,1500}+(?:[“”\"]|$)"
    r"|«[^«»\n]{2,1500}+(?:»|$)|«[^«»\n]*+(?:«[^«»\n]*+»[^«»\n]*+)++»"
    rf"|{_BEFORE}»(?=\S)[^«»\n]{{2,1500}}+(?:«|(?<=\S)»(?!{_LETTER}))"  # German, Danish
    rf"|{_BEFORE}”(?=\S)[^“”„\n]{{2,1500}}+[”“]"  # Swedish, Finnish; “ where text runs from right to left
    r"|「[^「」\n]{2,1500}+」|「[^「」\n]*+(?:「[^「」\n]*+」[^「」\n]*+)++」|『[^『』\n]{2,1500}+』|｢[^｢｣\n]{2,1500}+｣"
    rf"|‹[^‹›\n]{{2,1500}}+›|{_BEFORE}›(?=\S)[^‹›\n]{{2,1500}}+‹"
    # After a digit a straight mark means inches; between Hebrew letters it marks an abbreviation.
    # One between a space and a word can only open. Unclosed, it reaches to a typographic one or the paragraph's end.
    rf"|{_STRAIGHT}(?:[^\"＂\n]|(?<=\p{{Hebrew}})\"(?=\p{{Hebrew}})){{2,1500}}+[\"＂](?:(?<!\s\")|(?!\S))"
    rf"|{_STRAIGHT}[^\"＂”\n]{{2,1500}}+(?:”|$)"
    rf"|(?<!{_LETTER})``(?:[^`'\n]|'(?!')){{2,1500}}+''",
    regex.MULTILINE | regex.V1,
)
# British papers quote in single marks, whose closing one is also the apostrophe. Words that lost their beginning
# ("‘em", Dutch "‘s avonds") open nothing.
_SINGLE = regex.compile(
    rf"{_BEFORE}‘(?=[\p{{L}}“\"])(?!(?:t(?:is|was|were|ill?)|em|er|im|cause|cos|bout|round|[nstkmr])\b)",
    regex.V1 | regex.I,
)
_THREE_WORDS = regex.compile(r"\S++\s++\S++\s++\S")
_SINGLE_END = regex.compile(r"(?<=\S)’(?![\p{L}\p{N}])", regex.V1)
# Closes for sure: after or before punctuation, or after a letter that no apostrophe follows at the end of a word
# ("the workers’ pay", "goin’ home").
_SURE = regex.compile(r"(?<=[\p{P}\p{S}\p{N}])’|’(?=[,.;:!?)\]”\"—–]|\s*$)|(?<=[\p{L}--[sSzZxX]])(?<!in)’", regex.V1)
# Words in a quotation whose only possible end looks like an apostrophe.
_MOST_UNSURE = 12


def quotations(body: str) -> list[Span]:
    """Return the spans of `body` that stand in quotation marks, marks included, in order; none overlap.

    Single marks count where they hold three words and can be told from apostrophes; straight ones never can.

    >>> body = 'He said “we go” and "stay". ‘It’s our workers’ pay,’ she said.'
    >>> [body[begin:end] for begin, end in quotations(body)]
    ['“we go”', '"stay"', '‘It’s our workers’ pay,’']
    >>> len(quotations("“We came. “We saw. “We went.” They left."))
    3
    """
    spans = [match.span() for match in _QUOTATION.finditer(body)]
    if "‘" not in body:
        return spans
    # A mark inside another quotation opens nothing of its own.
    kept: list[Span] = []
    for begin, end in sorted([*spans, *_single_quotations(body)], key=lambda span: (span[0], -span[1])):
        if not kept or begin >= kept[-1][1]:
            kept.append((begin, end))
    return kept


def _single_quotations(body: str) -> Iterator[Span]:
    lines = body.split("\n")
    place = 0
    for number, line in enumerate(lines):
        begins = [match.start() for match in _SINGLE.finditer(line)]
        for begin, limit in zip(begins, [*begins[1:], len(line)], strict=False):
            end = _single_end(line, begin, limit)
            if end is None and begins == [begin] and _SINGLE_END.search(line, begin) is None:
                # Never closed: the rest of the paragraph is quoted after a colon, or when the next one opens anew.
                following = next((other for other in lines[number + 1 : number + 3] if other.strip()), "")
                said = line[:begin].rstrip().endswith(":") and _THREE_WORDS.match(line, begin)
                end = len(line) if said or (begin == 0 and following.startswith("‘")) else None
            if end is not None:
                yield place + begin, place + end
        place += len(line) + 1


def _single_end(line: str, begin: int, limit: int) -> int | None:
    """Return where the quotation opened at `begin` is over, None where that can't be told; it ends before `limit`."""
    three = _THREE_WORDS.match(line, begin, limit)
    if three is None:
        return None
    ends = [end.start() for end in _SINGLE_END.finditer(line, begin + 1, limit)]
    sure = next((end for end in ends if _SURE.match(line, end)), None)
    if sure is not None:
        return sure + 1 if sure >= three.end() else None
    unsure = next((end for end in ends if end >= three.end()), None)
    short = unsure is not None and len(line[begin:unsure].split()) <= _MOST_UNSURE
    return unsure + 1 if short and unsure is not None else None
