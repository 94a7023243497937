"""Body -> words, word hashes, sentences, quotations; the one tokeniser, in every script.

A *word* is a run of letters, marks and digits, compared after NFKC, case folding, removal of what nobody sees (soft
hyphens, zero-width and variation-selector characters) and of spellings that differ from one newsroom to the next.
Scripts that write no spaces give one word a character (Chinese, Japanese) or a syllable cluster (Thai, Lao). Runs of
`@`, with which research corpora mask words, are a *break*: the empty word, which no shingle, pair or passage crosses.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import regex
from numpy.typing import NDArray

from syndet.models import Span

# Characters that a reader does not see: soft hyphen, combining grapheme joiner, Hangul fillers, zero-width and
# direction marks, variation selectors, tags, byte-order mark.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff"
)
# The Arabic stretch mark and the forms of vowel points that stand for themselves: letters that no word is made of.
_SILENT = "\u0640\ufc5e-\ufc63\ufcf2-\ufcf4\ufe70-\ufe72\ufe74\ufe76-\ufe7f"
# Letters to Unicode, apostrophes to whoever types them (Ukrainian has three ways); an apostrophe parts two words.
_APOSTROPHES = "\u02b9-\u02bf\u0374"
_IDEOGRAM = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\u3005-\u3007\u30fc\uff70"
_CLUSTERED = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
# Thai and Lao write some vowels before and some after their consonant; a cluster keeps them with it, so that
# composed and decomposed spellings (SARA AM) are the same word.
_CLUSTER = (
    r"(?:[\u0e40-\u0e44\u0ec0-\u0ec4][" + _UNSEEN + r"]*)?[[\p{L}\p{N}--\p{Nd}]&&[" + _CLUSTERED + r"]]"
    r"[\p{M}\u0e30\u0e32\u0e33\u0e45\u0eb0\u0eb2\u0eb3" + _UNSEEN + r"]*"
)  # fmt: skip
# A number is one word in every script, as it is where its digits are ASCII.
_SPACED = rf"[[\p{{L}}\p{{N}}--[{_IDEOGRAM}{_CLUSTERED}{_UNSEEN}{_SILENT}{_APOSTROPHES}]]||\p{{Nd}}]"
_LATIN = "[0-9A-Za-zÀ-ÖØ-öø-ſ]++"  # part of the former, only to be quick: most of most news
_WORD = regex.compile(
    rf"(?:{_LATIN}|{_SPACED})(?:{_LATIN}|{_SPACED}|[\p{{M}}{_UNSEEN}{_SILENT}])*+"
    rf"|[\p{{L}}\p{{N}}\u2f00-\u2fd5&&[{_IDEOGRAM}]][\p{{M}}\uff9e\uff9f{_UNSEEN}]*"
    rf"|{_CLUSTER}"
    r"|@(?:\s*@)+",
    regex.V1,
)
_IDEOGRAM_WORD = regex.compile(rf"[{_IDEOGRAM}]", regex.V1)
_CLUSTER_WORD = regex.compile(rf"[{_CLUSTERED}]", regex.V1)
_HIDDEN = regex.compile(rf"[{_UNSEEN}]", regex.V1)
# Left out of the normalised word: whatever NFKC turned into something else than letters, marks and digits; marks that
# enclose (keycaps); Arabic and Hebrew vowel points and the stretch mark, which one outlet prints and the next does not.
_DROPPED = regex.compile(
    r"[^\p{L}\p{M}\p{N}]|\p{Me}|[\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    rf"{_UNSEEN}{_APOSTROPHES}]"
)
# One word, two spellings, by outlet or keyboard: Turkish dotless i (its capital is I), Russian yo, Romanian cedilla
# for comma, Arabic alef with and without its sign, Arabic for Persian yeh and kaf.
_SPELLINGS = str.maketrans("ıёșțأإآٱيىك", "iеşţااااییک")
# Thai and Lao: a tone mark typed after the ring of SARA AM, or before it.
_TONE = regex.compile("([\u0e4d\u0ecd])([\u0e48-\u0e4b\u0ec8-\u0ecb])")
_MARKS = "\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u00a0\u2022\u20ac\u00a3"
# Characters of which each alone is a letter of a spaced script or none: no marks, nothing unseen, no ideograms. In a
# text of these (most news in Latin, Cyrillic, Greek, Hebrew, Arabic, Korean) words are what stands between the others.
_SIMPLE_RANGES = ((0, 0x670), (0x1E00, 0x2000), (0x2010, 0x2028), (0x2030, 0x205F), (0x20A0, 0x20C0), (0x2100, 0x2150))
_HANGUL = range(0xAC00, 0xD7A4)  # all letters
_SIMPLE_LETTER = regex.compile(rf"{_SPACED}", regex.V1)
_NEVER_SIMPLE = regex.compile(rf"[@\p{{M}}{_UNSEEN}{_SILENT}]", regex.V1)
_SIMPLE = frozenset(
    letter for low, high in _SIMPLE_RANGES for letter in map(chr, range(low, high)) if not _NEVER_SIMPLE.match(letter)
) | frozenset(map(chr, _HANGUL))
_GAPS = {ord(letter): " " for letter in _SIMPLE if ord(letter) not in _HANGUL and not _SIMPLE_LETTER.match(letter)}
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
        self[token] = word = "" if token[0] == "@" else _normalised(token)
        return word


def _normalised(token: str) -> str:
    if token.isascii():
        return token.lower()
    # Canonical order first: folding takes marks apart that would otherwise stand in each other's way.
    plain = unicodedata.normalize("NFD", _HIDDEN.sub("", token))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).casefold())
    # "i" with a dot above is what case folding makes of the Turkish capital.
    word: str = _DROPPED.sub("", folded).replace("i\u0307", "i").translate(_SPELLINGS)
    if word.isascii():
        return word
    word = _TONE.sub(r"\2\1", word)
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in word)


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
    plain = _plain(body)
    if plain is not None:
        return plain.split()
    found = body.translate(_GAPS).split() if _SIMPLE.issuperset(body) else _WORD.findall(body)
    return [_normal[token] for token in found]


def tokens(body: str) -> Tokens:
    """Return the words of `body` with their places; `tokens(body).words == words(body)`."""
    plain = _plain(body)
    if plain is not None:
        # Every character stands where it stood.
        letters = np.frombuffer(plain.encode(), np.uint8) != ord(" ")
        edges = np.flatnonzero(np.diff(letters, prepend=False, append=False))
        return Tokens(plain.split(), edges[::2], edges[1::2], np.ones(len(edges) // 2))
    if _SIMPLE.issuperset(body):
        letters = np.frombuffer(body.translate(_GAPS).encode("utf-32-le"), np.uint32) != ord(" ")
        edges = np.flatnonzero(np.diff(letters, prepend=False, append=False))
        spans = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    else:
        spans = [match.span() for match in _WORD.finditer(body)]
    names = [_normal[body[begin:end]] for begin, end in spans]
    begins, ends = np.array(spans, np.int64).reshape(-1, 2).T
    weights = np.fromiter(map(weight, names), np.float64, len(names))
    return Tokens(names, begins.copy(), ends.copy(), weights)


def _plain(body: str) -> str | None:
    """Return `body` with its normalised words in their places and spaces elsewhere; None for other than plain English.

    English is ASCII but for its typographic marks; with these gone the quick path serves it, too.
    """
    plain = body
    if not body.isascii():
        for mark in _MARKS:
            plain = plain.replace(mark, " ")
    return plain.lower().translate(_ASCII_SPACES) if plain.isascii() and "@" not in plain else None


@lru_cache(maxsize=200_000)
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


# The words hashed at once: enough to keep numpy busy, few enough to keep the tables of powers small.
_SLICE = 1 << 16
_powers_known: tuple[NDArray[np.uint64], NDArray[np.uint64]] = (
    _powers(_BASE, 1 << 16),
    _powers(_BASE_INVERSE, 1 << 16),
)


def _tables(size: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the powers of the multiplier and of its inverse, at least `size` of each."""
    global _powers_known
    known = _powers_known
    if size > len(known[0]):
        size = 1 << (size - 1).bit_length()
        known = _powers(_BASE, size), _powers(_BASE_INVERSE, size)
        # One word of megabytes is no reason to keep tables of megabytes.
        _powers_known = known if size <= 16 * _SLICE else _powers_known
    return known


def mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return `values` through the MurmurHash3 64-bit finalizer: a bijection in which every bit moves every other."""
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> np.uint64(33))


def hashes(names: list[str]) -> NDArray[np.uint64]:
    """Return one 64-bit hash a word, shape (len(names),); 0 for a break and only for a break.

    A polynomial over the UTF-8 bytes modulo 2**64, from one running sum over all words at once, then mixed.
    """
    if len(names) > _SLICE:
        return np.concatenate([hashes(names[begin : begin + _SLICE]) for begin in range(0, len(names), _SLICE)])
    if not names:
        return np.empty(0, np.uint64)
    data = np.frombuffer("\n".join(names).encode("utf-8", "surrogatepass") + b"\n", np.uint8)
    powers, inverses = _tables(len(data))
    ends = np.flatnonzero(data == 10)
    begins = np.concatenate(([0], ends[:-1] + 1))
    sums = np.concatenate(([np.uint64(0)], np.cumsum(data.astype(np.uint64) * powers[: len(data)])))
    values = mix((sums[ends] - sums[begins]) * inverses[begins])
    values[values == 0] = 1
    values[begins == ends] = 0
    return values


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


_LETTER = rf"[\p{{L}}\p{{N}}--[{_IDEOGRAM}{_CLUSTERED}]]"  # scripts without spaces set marks right beside letters
_BEFORE = r"(?<![^\s(\[“\"«„:–—-])"  # where an opening mark stands that might also be a closing one
# Straight marks open before a word, at the beginning of a paragraph, and after an Arabic prefix of one letter.
_STRAIGHT = rf"(?:(?:(?<!{_LETTER})|(?<=(?<!{_LETTER})[وبلكف]))[\"＂](?=\S)|(?<![^\n])\"(?=[^\S\n]))"
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
            if end is None and begin == 0 and begins == [0] and _SINGLE_END.search(line) is None:
                # Never closed: the paragraph is quoted when the next one opens anew.
                following = next((other for other in lines[number + 1 : number + 3] if other.strip()), "")
                end = len(line) if following.startswith("‘") else None
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
