"""Real bodies -> any number of invented articles around them, nobody's reposts: what a store is full of.

They share with the real ones, and with each other, what news of one period shares: names, quotations, set phrases,
standing texts of sites, tables. Their sentences are new: skeletons of real ones, filled with words of a topic.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from syndet.background.tongue import Skeleton, Tongue, Topic, learn
from syndet.errors import UsageError
from syndet.simulate.lookalikes import prices
from syndet.simulate.phrases import FURNITURE, INDICES
from syndet.simulate.pieces import language, script

__all__ = ["Generated", "background"]

SITES = 300
SHORTEST, LONGEST, MEDIAN = 60, 2900, 210  # words of its own; the standing texts of the site come on top
SPREAD = 0.75  # of the logarithm of the length
FIRST_DAY, DAYS = date(2024, 3, 1), 30
# Shares of the articles.
QUOTING = 0.12
WITH_TABLE = 0.03
STANDING = 0.9  # for every standing text of a site: the pages that carry it
# Sites with a standing text in the words of others: of the system that both use, or of the real bodies.
ALIKE = 0.3
# Parts of the content words that begin a pair which stands in real bodies, too. At these, 7.1% of the content pairs of
# an invented English article are in 347 real ones; of a real article, 8.2% are in the others (docs/simulate.md).
PHRASES = 0.1
TOPIC_PHRASES = 0.05  # neighbours in a body of the same topic
_OWN_WORDS = 60  # that an article comes back to
_SLUG = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Generated:
    """An invented article. `about`: the number of the real body whose names it carries; it is no repost of it."""

    url: str
    language: str
    title: str
    date: str
    body: str
    about: int
    quoting: bool


@dataclass(frozen=True, slots=True)
class _Site:
    host: str
    standing: tuple[str, ...]
    rows: tuple[str, ...]


def background(bodies: Sequence[str], count: int, seed: int) -> Iterator[Generated]:
    """Yield `count` invented articles in the languages of `bodies`, the same for the same arguments.

    A shorter background is the beginning of a longer one. Memory does not grow with `count`.
    Raises UsageError when `bodies` has no body with five sentences.
    """
    chance = Random(f"background {seed}")
    tongues = _tongues(bodies, chance)
    if not tongues:
        raise UsageError("None of the bodies has sentences to learn from; give longer ones")
    sites = [_sites(tongue, number, tongues, chance) for number, tongue in enumerate(tongues)]
    shares = list(accumulate(tongue.share for tongue in tongues))
    for number in range(count):
        at = bisect_left(shares, chance.random() * shares[-1])
        yield _article(number, tongues[at], chance.choice(sites[at]), chance)


def _tongues(bodies: Sequence[str], chance: Random) -> list[Tongue]:
    """Return the languages of `bodies`; those of fewer than three bodies are one with the others of their script."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for number, body in enumerate(bodies):
        groups.setdefault(language(body), []).append((number, body))
    whole: dict[str, list[tuple[int, str]]] = {}
    for name, group in groups.items():
        for number, body in group:
            whole.setdefault(name if len(group) >= 3 else f"{script(body)} letters", []).append((number, body))
    learned = [learn(name, group, chance) for name, group in sorted(whole.items())]
    return [tongue for tongue in learned if tongue is not None and len(tongue.skeletons) >= 5]


def _sites(tongue: Tongue, number: int, tongues: list[Tongue], chance: Random) -> list[_Site]:
    """Return the sites of a language, at least three, each with two to four standing texts of its own."""
    every = sum(other.share for other in tongues)
    own = FURNITURE.get(tongue.language, FURNITURE["en"])
    found = []
    for at in range(max(3, round(SITES * tongue.share / every))):
        name = _name(tongue, chance)
        host = "".join(chance.choices(_SLUG, k=chance.randint(5, 9))) + f"-{number}-{at}.example"
        standing = [
            _prose(tongue, chance.choice(tongue.topics), [name], chance.randint(15, 45), chance).replace("\n\n", " ")
            for _ in range(chance.randint(2, 3))
        ]
        if chance.random() < ALIKE:
            standing.append(chance.choice(own.paragraphs).format(site=name))
        elif tongue.standing and chance.random() < ALIKE:
            standing.append(chance.choice(tongue.standing))
        found.append(_Site(host, tuple(standing), tuple(chance.sample(INDICES, 8))))
    return found


def _article(number: int, tongue: Tongue, site: _Site, chance: Random) -> Generated:
    topic = tongue.topics[int(chance.random() * len(tongue.topics))]
    cast = [_name(tongue, chance) for _ in range(chance.randint(2, 6))]
    if topic.names:
        cast += chance.choices(topic.names, k=chance.randint(1, 4))
    size = min(LONGEST, max(SHORTEST, chance.lognormvariate(0, SPREAD) * MEDIAN))
    paragraphs = _prose(tongue, topic, cast, size, chance).split("\n\n")
    quoting = bool(topic.quotations) and chance.random() < QUOTING
    if quoting:
        for quotation in chance.sample(topic.quotations, min(len(topic.quotations), chance.randint(1, 2))):
            paragraphs.insert(chance.randint(0, len(paragraphs)), f"{chance.choice(cast)}: {quotation}")
    if chance.random() < WITH_TABLE:
        paragraphs.append("\n".join(f"{row} {prices(chance)}" for row in site.rows))
    paragraphs += [text for text in site.standing if chance.random() < STANDING]
    day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
    title = _prose(tongue, topic, cast, 1, chance).rstrip(".。।")
    url = f"https://www.{site.host}/{day:%Y/%m/%d}/{''.join(chance.choices(_SLUG, k=12))}-{number}"
    return Generated(url, tongue.language, title, day.isoformat(), "\n\n".join(paragraphs), topic.number, quoting)


def _prose(tongue: Tongue, topic: Topic, cast: list[str], size: float, chance: Random) -> str:
    """Return new sentences of `size` words or a few more, in paragraphs."""
    chosen: list[Skeleton] = []
    while size > 0:
        skeleton = tongue.skeletons[int(chance.random() * len(tongue.skeletons))]
        chosen.append(skeleton)
        size -= skeleton.worth
    _, names, numbers = (sum(skeleton.slots[kind] for skeleton in chosen) for kind in range(3))
    capitals = [capital for skeleton in chosen for capital in skeleton.capitals]
    pieces = []
    for skeleton in chosen:
        pieces += [skeleton.form, "\n\n" if chance.random() < 0.4 else tongue.space]
    form = "".join(pieces[:-1]) % tuple(_content(tongue, topic, capitals, chance))
    form = form % tuple(chance.choices(cast, k=names))
    return form % tuple(_numbers(tongue, numbers, chance))


def _content(tongue: Tongue, topic: Topic, capitals: Sequence[bool], chance: Random) -> list[str]:
    """Return content words: of the language, of the topic, and some that the article comes back to.

    One for each of `capitals`, with a capital where that is true, as far as the words that were drawn go.
    """
    size = len(capitals)
    found = chance.choices(tongue.words, k=size)
    found[1::3] = chance.choices(topic.pool, k=len(found[1::3]))
    own = [*chance.choices(tongue.words, k=_OWN_WORDS // 2), *chance.choices(topic.pool, k=_OWN_WORDS // 2)]
    found[2::3] = chance.choices(own, k=len(found[2::3]))
    found = _by_case(found, capitals)
    for phrases, share in ((tongue.phrases, PHRASES), (topic.phrases, TOPIC_PHRASES)):
        for pair in chance.choices(phrases, k=int(size * share + chance.random())) if phrases and size > 1 else ():
            at = int(chance.random() * (size - 1))
            found[at : at + 2] = pair
    return found


def _by_case(words: Sequence[str], capitals: Sequence[bool]) -> list[str]:
    """Return `words` in an order in which those with a capital stand where `capitals` is true, while they last."""
    upper = [word for word in words if word[0].isupper()]
    lower = [word for word in words if not word[0].isupper()]
    lower.reverse()
    upper.reverse()
    return [(upper if (capital and upper) or not lower else lower).pop() for capital in capitals]


def _numbers(tongue: Tongue, size: int, chance: Random) -> list[str]:
    """Return `size` numbers, two of three of them as the real bodies have them."""
    found = chance.choices(tongue.numbers, k=size)
    found[::3] = [str(int(chance.paretovariate(0.5)) % 100_000) for _ in found[::3]]
    return found


def _name(tongue: Tongue, chance: Random) -> str:
    """Return an invented name, made of halves of real ones."""
    begins, ends = tongue.syllables
    parts = [chance.choice(begins) + chance.choice(ends) for _ in range(chance.randint(1, 2))]
    return tongue.space.join(part[:1].upper() + part[1:] for part in parts)
