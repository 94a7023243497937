"""What looks like a repost, and is none: other sentences with the source's quotations, names, furniture or tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from random import Random

import regex

from syndet import text
from syndet.errors import TooShort
from syndet.simulate.phrases import INDICES, TOWNS
from syndet.simulate.pieces import RUN, Draft, Piece, Task, language, paragraphs, script, shares_run, units, worth

# Draws of chance before it is believed that an edit can't be made without a shared run.
_TRIES = 20
_NAME = regex.compile(r"\p{Lu}[\p{L}\p{M}'’-]+(?:[ ]\p{Lu}[\p{L}\p{M}'’-]+){0,3}")
_NUMBER = regex.compile(r"\p{Nd}+(?:[.,]\p{Nd}+)*")


def quotations(task: Task) -> Draft:
    """Another article that carries the source's quotations, word for word, each with a name."""
    found = [task.source[begin:end] for begin, end in text.quotations(task.source)]
    found = [quotation for quotation in found if worth(quotation) >= 4]
    if not found:
        raise TooShort("The source quotes nobody; this edit needs a quotation of four words")
    names = _names(task.source, task.chance) or [task.site]

    def written() -> str:
        host = paragraphs(task.filler(max(100.0, task.size)), task.chance).split("\n\n")
        for quotation in found:
            line = f"{quotation} – {task.chance.choice(names)}."
            host.insert(task.chance.randint(0, len(host)), line)
        return "\n\n".join(host)

    return _new(task, written)


def names(task: Task) -> Draft:
    """Another article in which every name and number is one of the source's."""
    every = _names(task.source, task.chance)
    figures = _NUMBER.findall(task.source)
    if not every:
        raise TooShort("The source has no names, and no words that come again, to put into other sentences")

    def written() -> str:
        host = paragraphs(task.filler(max(100.0, task.size)), task.chance)
        if figures:
            host = _NUMBER.sub(lambda _: task.chance.choice(figures), host)
        if _NAME.search(host):
            begins = {begin for begin, _ in text.sentences(host)}
            return str(_NAME.sub(lambda m: m.group() if m.start() in begins else task.chance.choice(every), host))
        pieces, place = [], 0
        for begin, end in units(host):
            if task.chance.random() < 0.12:
                pieces += [host[place:begin], task.chance.choice(every)]
                place = end
        return "".join(pieces) + host[place:]

    return _new(task, written)


def furniture(task: Task) -> Draft:
    """Another article of the same site: the source and this one carry the site's standing texts."""
    own = task.furniture
    standing = "\n\n".join(
        kind[0].format(site=task.site) for kind in (own.newsletter, own.related, own.notice, own.cookies, own.author)
    )
    source = f"{task.source}\n\n{standing}"
    body = paragraphs(task.filler(max(100.0, task.size)), task.chance)
    return Draft([Piece(f"{body}\n\n{standing}")], source)


def table(rows: Callable[[Task], list[str]], figures: Callable[[Random], str]) -> Callable[[Task], Draft]:
    """Return the edit that sets tables of the same rows and other figures under the source and another article."""

    def make(task: Task) -> Draft:
        labels = rows(task)
        one = "\n".join(f"{label} {figures(task.chance)}" for label in labels)
        body = paragraphs(task.filler(max(100.0, task.size)), task.chance)
        for _ in range(_TRIES):
            two = "\n".join(f"{label} {figures(task.chance)}" for label in labels)
            if not shares_run(one, two):
                return Draft([Piece(f"{body}\n\n{two}")], f"{task.source}\n\n{one}")
        raise TooShort("No two tables without a common run were found; take another seed")

    return make


def indices(task: Task) -> list[str]:
    """Return the names of the rows of a market table, the same for every article of a site."""
    return _some_of(INDICES, 10, task.site)


def towns(task: Task) -> list[str]:
    """Return the names of the rows of a weather table in the source's script."""
    return _some_of(TOWNS.get(script(task.source), TOWNS["LATIN"]).split(), 8, task.site)


def prices(chance: Random) -> str:
    """Return the figures of a row of a market table: level, change, change of a hundred."""
    level, change = chance.uniform(1, 40_000), chance.uniform(-3, 3)
    return f"{level:,.2f} {level * change / 100:+,.2f} {change:+.2f} %"


def weather(chance: Random) -> str:
    """Return the figures of a row of a weather table: lowest, highest, rain, wind."""
    low = chance.randint(-12, 24)
    return f"{low}° {low + chance.randint(3, 14)}° {chance.randint(0, 30)} mm {chance.randint(2, 70)} km/h"


def same_topic(task: Task) -> Draft:
    """Of the other articles in the source's language, the one that shares most of its rarer words, as it is."""
    kin = [other for other in task.kin if language(other) == task.language] or task.kin
    if not kin:
        raise TooShort("There is no other article without a run of the source")
    mine = _rarer(task.source)
    return Draft([Piece(max(kin, key=lambda other: (len(mine & _rarer(other)), other)))], task.source)


def _some_of(names: tuple[str, ...] | list[str], number: int, site: str) -> list[str]:
    """Return `number` of `names`, as one site chose them once and for all."""
    return Random(f"rows {site}").sample(list(names), number)


@lru_cache(maxsize=8192)
def _rarer(body: str) -> frozenset[str]:
    """Return the words of `body` that are long, or stand in it twice at most: what it is about."""
    found = Counter(body[begin:end].casefold() for begin, end in units(body))
    return frozenset(word for word, number in found.items() if len(word) > 5 or (len(word) > 1 and number <= 2))


def _names(source: str, chance: Random) -> list[str]:
    """Return the names of `source`, shuffled; where there are no capitals, what comes again."""
    begins = {begin for begin, _ in text.sentences(source)}
    found = [match.group() for match in _NAME.finditer(source) if match.start() not in begins]
    if not found:
        often = Counter(source[begin:end] for begin, end in units(source))
        most = max(3, often.total() // 20)
        found = [word for word, number in often.items() if len(word) > 1 and 2 <= number <= most]
    unique = list(dict.fromkeys(found))
    chance.shuffle(unique)
    return unique


def _new(task: Task, written: Callable[[], str]) -> Draft:
    """Return what `written` gives and the source does not share a run with."""
    for _ in range(_TRIES):
        body = written()
        if not shares_run(body, task.source):
            return Draft([Piece(body)], task.source)
    raise TooShort(f"No text without {RUN} words of the source in a row was found; give more other articles")
