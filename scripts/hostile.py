"""Inputs made to be slow, and ordinary pages beside them: what each costs a byte, and how that grows.

`scripts/bench hostile`. Each input is a JSON Lines file that goes through `Corpus.add` and `Corpus.link` into a new
store; the CPU of this process is counted. Cost may grow with the bytes, and with nothing else.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np

from syndet import Corpus
from syndet.background import background

# Whole sizes: articles around which a hostile one has to be dealt with, characters of a giant, articles that have one
# key in common, equal pages, stories that one page tells of.
ORDINARY, GIANT, PAIRED, EQUAL, STORIES = 2_000, 1_000_000, 100_000, 50_000, 500
STEPS = (0.25, 0.5, 1.0)  # of the size that is asked for
PHRASES = ("copper lantern", "harbour tribunal", "velvet quorum", "granite ledger", "amber turbine", "cobalt parish",
           "walnut embargo", "saffron hangar")  # fmt: skip
SYLLABLES = (
    "ka lo mi ren tas vel dor fin gar hul jin kor lam nev pol qua rid sol tam ur bes cho dax eil fro gim".split()
)
DIGESTS = 6  # pages of so many stories
# A byte of what is hostile may take so many times what one of an ordinary page takes, and time may grow with this
# power of the bytes: work that is square has 2, linear work on a busy machine up to 1.2.
WORST, STEEPEST = 3.0, 1.35
# Below so many seconds of CPU a power is one of noise and of what opening a store costs.
LEAST_SECONDS = 0.4

_Record = dict[str, str]
_Maker = Callable[[Sequence[str], float], Iterator[_Record]]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one input costs: bytes of bodies, seconds of CPU to store and to link them, articles that were linked."""

    bytes: int
    add: float
    link: float
    articles: int

    @property
    def each(self) -> float:
        """Microseconds a byte."""
        return 1e6 * (self.add + self.link) / max(1, self.bytes)


def ordinary(texts: Sequence[str], share: float) -> Iterator[_Record]:
    """Yield real bodies, then invented ones."""
    count = round(ORDINARY * share)
    for number, body in enumerate(texts[: count // 4]):
        yield _record(number, body)
    for one in background(texts, max(0, count - len(texts[: count // 4])), seed=1):
        yield {"url": one.url, "text": one.body, "title": one.title, "published": one.date}


def giant(texts: Sequence[str], share: float) -> Iterator[_Record]:
    """Yield two bodies of real text, one of which has half of the other and much of its own."""
    size = round(GIANT * share)
    whole = "\n\n".join(one.body for one in islice(background(texts, size // 300, seed=5), size // 300))
    yield _record(1, whole[:size])
    yield _record(2, whole[size // 2 : size + size // 2])


def endless_word(texts: Sequence[str], share: float) -> Iterator[_Record]:
    """Yield two bodies that are one word over and over, but for a few."""
    for number in range(2):
        yield _record(number, f"Word {number} " + "again and " * round(GIANT * share / 10))


def endless_sentence(texts: Sequence[str], share: float) -> Iterator[_Record]:
    """Yield two bodies of one sentence each, without a mark in it, with a third of their words in common."""
    for number in range(2):
        chance, common = Random(number), Random(9)
        words = (_word(common if at // 50 % 3 == 0 else chance) for at in range(round(GIANT * share / 8)))
        yield _record(number, " ".join(words))


def no_spaces(texts: Sequence[str], share: float) -> Iterator[_Record]:
    """Yield two bodies that are one word each."""
    for number in range(2):
        yield _record(number, f"{number} start " + "abcdefghij" * round(GIANT * share / 10))


def open_quotations(texts: Sequence[str], share: float) -> Iterator[_Record]:
    """Yield two bodies full of quotation marks that nobody closes, and of brackets."""
    for number in range(2):
        chance = Random(number)
        marked = (f'“{_word(chance)} "({_word(chance)} «' for _ in range(round(GIANT * share / 20)))
        yield _record(number, " ".join(marked))


def ideograms(texts: Sequence[str], share: float) -> Iterator[_Record]:
    """Yield two bodies without spaces in Chinese characters, half of which they have in common."""
    size = round(GIANT * share / 3)
    chance = Random(4)
    letters = "".join(chr(chance.randint(0x4E00, 0x8FFF)) for _ in range(size + size // 2))
    yield _record(1, letters[:size])
    yield _record(2, letters[size // 2 :])


def repeated(texts: Sequence[str], share: float) -> Iterator[_Record]:
    """Yield two bodies that print one article over and over, the second with another sentence between."""
    body = next(one for one in texts if 1500 < len(one.encode()) < 6000)
    times = max(1, round(GIANT * share / len(body.encode())))
    yield _record(1, "\n\n".join([body] * times))
    yield _record(2, "\n\n".join(f"{body}\n\nThis is printing number {at} of it." for at in range(times)))


def pair(texts: Sequence[str], share: float, phrases: Sequence[str] = PHRASES[:1]) -> Iterator[_Record]:
    """Yield articles of their own that all have the same content pair, or more, each in a sentence of its own words."""
    chance = Random(6)
    for one in background(texts, round(PAIRED * share), seed=6):
        told = " ".join(f"{_word(chance)} {_word(chance)} {phrase} {_word(chance)}." for phrase in phrases)
        yield {"url": one.url, "text": f"{one.body}\n\n{told}", "title": one.title, "published": one.date}


def pairs(texts: Sequence[str], share: float) -> Iterator[_Record]:
    """Yield the same with eight pairs: enough for each to be compared with as many as any article is."""
    yield from pair(texts, share / 10, PHRASES)


def equal(texts: Sequence[str], share: float) -> Iterator[_Record]:
    """Yield one page under as many addresses, a tenth of them on one site."""
    body = next(one for one in texts if 1500 < len(one.encode()) < 3000)
    for number in range(round(EQUAL * share)):
        site = "one" if number % 10 == 0 else f"s{number}"
        day = f"2024-03-{1 + number % 28:02}"
        yield {"url": f"https://{site}.example/{number}", "text": body, "title": "One page", "published": day}


def digest(texts: Sequence[str], share: float) -> Iterator[_Record]:
    """Yield stories and then pages that have the beginning of every one of them."""
    stories = [one.body for one in background(texts, round(STORIES * share), seed=7)]
    for number, body in enumerate(stories):
        yield _record(number, body)
    for number in range(DIGESTS):
        parts = [f"{body[: 400 + 40 * number].rsplit(' ', 1)[0]} ..." for body in stories]
        yield _record(len(stories) + number, "\n\n".join(parts))


INPUTS: dict[str, _Maker] = {
    "two giants, half in common": giant,
    "giants of two words, over and over": endless_word,
    "giants of one sentence": endless_sentence,
    "giants of one word": no_spaces,
    "giants of open quotations": open_quotations,
    "giants of Chinese characters": ideograms,
    "giants that print one article over and over": repeated,
    "one content pair on all articles": pair,
    "eight content pairs on all of a tenth as many": pairs,
    "equal pages": equal,
    "many stories in six digests": digest,
}


def hostile(texts: Sequence[str], share: float, only: Sequence[str] = ()) -> list[str]:
    """Print what every input costs at three sizes up to `share` of the whole one; return what costs too much.

    `only`: the names of some makers of inputs; all by default.
    """
    print("\n| input | articles | MB | store, s | link, s | microseconds a byte | times ordinary | power |")
    print("|---|---|---|---|---|---|---|---|")
    usual = [measured(ordinary, texts, step) for step in STEPS]
    base = usual[-1].each
    row("ordinary pages", usual, base)
    wrong = []
    for name, make in INPUTS.items():
        if only and make.__name__ not in only:
            continue
        costs = [measured(make, texts, share * step) for step in STEPS]
        row(name, costs, base)
        times, steep = costs[-1].each / base, power(costs)
        if times > WORST:
            wrong.append(f"{name}: a byte costs {times:.1f} times what one of an ordinary page does, {WORST:g} at most")
        if steep is not None and steep > STEEPEST:
            wrong.append(f"{name}: cost grows with the power {steep:.2f} of the bytes, {STEEPEST} at most")
    print("\n".join(wrong))
    return wrong


def row(name: str, costs: Sequence[Cost], base: float) -> None:
    """Print a line of the table; `base`: microseconds for a byte of ordinary pages."""
    last, steep = costs[-1], power(costs)
    print(
        f"| {name} | {last.articles:,} | {last.bytes / 1e6:.2f} | {last.add:.2f} | {last.link:.2f} "
        f"| {last.each:.2f} | {last.each / base:.2f} | {'' if steep is None else f'{steep:.2f}'} |",
        flush=True,
    )


def measured(make: _Maker, texts: Sequence[str], share: float) -> Cost:
    """Return what storing and linking an input costs, in a new store."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "pages.jsonl"
        size = 0
        with file.open("w", encoding="utf-8") as out:
            for record in make(texts, share):
                size += len(record["text"].encode())
                out.write(json.dumps(record) + "\n")
        with Corpus(Path(name) / "hostile.db") as corpus:
            begin = time.process_time()
            corpus.add([str(file)])
            middle = time.process_time()
            corpus.link()
            return Cost(size, middle - begin, time.process_time() - middle, corpus.count())


def power(costs: Sequence[Cost]) -> float | None:
    """Return the power of the bytes with which cost grows; None where there is too little of it to tell."""
    if costs[-1].add + costs[-1].link < LEAST_SECONDS:
        return None
    sizes, seconds = ([one.bytes for one in costs], [one.add + one.link for one in costs])
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def _record(number: int, body: str) -> _Record:
    return {"url": f"https://site{number}.example/{number}", "text": body, "title": f"Page {number}"}


def _word(chance: Random) -> str:
    """Return one of a million words or so."""
    return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))
