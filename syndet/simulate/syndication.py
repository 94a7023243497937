"""Bodies of articles -> stories on whole pages of invented outlets: who published first, who copied whom, who says so.

For measuring whether the origin is found. Every page comes with the truth: its origin, the page it was really made
from, and by which signs that can be known. What is drawn, and how often, stands in docs/origin.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Any, Literal
from urllib.parse import urlsplit

from syndet import letters, text
from syndet.errors import TooShort, UsageError
from syndet.models import Page
from syndet.simulate import clock, credits, make
from syndet.simulate.clock import Stamp
from syndet.simulate.outlets import Outlet, agency, issuer, outlets, wordings
from syndet.simulate.pieces import language as language_of
from syndet.simulate.pieces import units
from syndet.simulate.webpage import Credit, Sheet, paragraphs, render

Kind = Literal["reposts", "chain", "bare", "unsigned", "absent", "edited", "wire", "release"]
Signs = Literal["cue", "date", "text", "one_date", "none"]
# Of the stories; the rest are reposts.
SHARES: dict[Kind, float] = {"chain": 0.15, "bare": 0.10, "unsigned": 0.08, "absent": 0.15, "edited": 0.10}
UNDATED: tuple[Kind, ...] = ("bare", "unsigned")
CARRIED: tuple[Kind, ...] = ("wire", "release")
# Of the copies, how they are made of what they copy; the rest are word for word.
EDITED: dict[str, float] = {
    "first_100": 0.08, "dropped": 0.08, "inserted": 0.08, "third": 0.06,
    "replaced_10": 0.06, "replaced_20": 0.06, "replaced_30": 0.06, "reworded": 0.06, "reworded_short": 0.06,
}  # fmt: skip
CUE_KEPT = 0.5  # of the copies; the credit of the others was dropped
CUE_KEPT_ABSENT = 0.7  # of those whose origin is not stored; one at least
MARK_KEPT = 0.6  # of the carriers of agency copy and releases; one at least
OWN_STORED = 0.3  # of agency copy and releases, the page of the agency or issuer is there, too
LEFT = 0.35  # of the origins, a sentence names the outlet itself, which a copy then has as well
NAMES_ROOT = 0.5  # of the credits on the last page of a chain; the others name the page in between
SAME_TITLE = 0.6
CARRIERS = 30
FILLERS = 12  # articles from which the copies of one story take what they add
# Multiples of it, less their whole part, are spread evenly: a few stories have the kinds in their shares, too.
_GOLDEN = 0.6180339887


@dataclass(frozen=True, slots=True)
class Planted:
    """One page and the truth about it.

    `origin`: address of the stored page that it goes back to at the root, None where that is not stored or the page
    is the origin itself. `names`: what the outlet, agency or issuer at the root is rightly called. `parent`: address
    of the page that it was made from, stored or not. `body`: the text that the page was made with. `signs`: the best
    that tells every hop to the root: a credit, two dates, the text, or, where the words are the same, only one of two
    dates, or nothing. `hop`: whether anything tells that there is a page between this one and its origin.
    """

    page: Page
    story: int
    kind: Kind
    role: Literal["origin", "copy", "carrier"]
    body: str
    language: str
    stamp: Stamp
    edit: str = "copy"
    origin: str | None = None
    names: tuple[str, ...] = ()
    parent: str | None = None
    cue: str | None = None
    left: bool = False
    exact: bool = False
    signs: Signs = "none"
    hop: bool = False

    @property
    def url(self) -> str:
        """The address of the page."""
        return self.page.url

    @property
    def via(self) -> str | None:
        """The address of the page between this one and its origin, None where there is none."""
        return self.parent if self.role == "copy" and self.origin and self.parent != self.origin else None


def stories(bodies: Sequence[str], fillers: Sequence[str], count: int, seed: int) -> Iterator[Planted]:
    """Yield the pages of `count` stories about reposts, each of another body; the same for the same arguments.

    `bodies`: articles of 60 words and more, no two of one story. `fillers`: articles that are nobody's, for what copies
    add; FILLERS a story are enough. Fewer stories are the beginning of more. Raises UsageError where there are not
    enough bodies.
    """
    for number, body, own in _chosen(bodies, fillers, count, seed):
        chance = Random(f"story {seed} {number}")
        drawn = number * _GOLDEN % 1
        kind: Kind = "reposts"
        for name, share in SHARES.items():
            if 0 <= drawn < share:
                kind = name
            drawn -= share
        yield from _MAKERS[kind](Story(number, kind, body, own, chance))


def carried(bodies: Sequence[str], fillers: Sequence[str], count: int, seed: int) -> Iterator[Planted]:
    """Yield the pages of `count` texts of agencies and issuers, each on two to CARRIERS outlets; see `stories`."""
    for number, body, own in _chosen(bodies, fillers, count, seed):
        chance = Random(f"carried {seed} {number}")
        yield from _carried(Story(number, chance.choice(CARRIED), body, own, chance))


def _chosen(
    bodies: Sequence[str], fillers: Sequence[str], count: int, seed: int
) -> Iterator[tuple[int, str, list[str]]]:
    """Yield number, body and fillers of each story.

    Each has fillers of its own, as far as they reach: two stories with one filler would really share text.
    """
    if count > len(bodies):
        raise UsageError(f"{count} stories need as many bodies; there are {len(bodies)}")
    order = sorted(bodies)
    Random(f"bodies {seed}").shuffle(order)
    tongues: dict[str, list[str]] = {}
    for filler in fillers:
        tongues.setdefault(language_of(filler), []).append(filler)
    taken: Counter[str] = Counter()
    for number, body in enumerate(order[:count]):
        tongue = language_of(body)
        known = tongues.get(tongue) or fillers
        begin = taken[tongue] * FILLERS
        taken[tongue] += 1
        yield number, body, [known[at % len(known)] for at in range(begin, begin + min(FILLERS, len(known)))]


class Story:
    """One body on its way over several sites, and the chance of this one story."""

    def __init__(self, number: int, kind: Kind, body: str, fillers: Sequence[str], chance: Random) -> None:
        self.number, self.kind, self.body, self.fillers, self.chance = number, kind, body, fillers, chance
        self.language = language_of(body)
        self.time = clock.start(chance)
        self.title = headline(body)
        every = outlets(self.language)
        # Of the many outlets that a language has, those of its own come first.
        self._sites = chance.sample(every[:CARRIERS], min(CARRIERS, len(every)))

    def outlet(self) -> Outlet:
        """Return an outlet that has no page of this story yet."""
        return self._sites.pop()

    def chances(self, share: float) -> bool:
        """Draw with a probability."""
        return self.chance.random() < share

    def stamp(self, time: datetime, outlet: Outlet) -> Stamp:
        """Return what a page of `outlet` says of its time."""
        if self.kind in UNDATED:
            return clock.undated(time)
        return clock.stamp(time, self.time, outlet.zone, self.chance)

    def copied(self, body: str, edit: str | None = None) -> tuple[str, str]:
        """Return what a copy makes of `body`, and the edit; word for word where the body is too short for it."""
        if edit is None:
            names = [*EDITED, "copy"]
            edit = self.chance.choices(names, [*EDITED.values(), 1 - sum(EDITED.values())])[0]
        try:
            return make(edit, body, self.fillers, self.chance.randrange(1_000_000)).body, edit
        except TooShort:
            return body, "copy"

    def page(
        self, outlet: Outlet, body: str, stamp: Stamp, credit: Credit | None = None, title: str | None = None,
        byline: str | None = None, path: str | None = None, changed: str | None = None,
    ) -> Page:  # fmt: skip
        """Return the page of `body` on `outlet`; `changed`: when it was edited last."""
        chance = self.chance
        own = wordings(self.language, "byline")[0].format(name=chance.choice(wordings(self.language, "name")))
        caption = None
        if self.chances(0.15):
            # A picture by an agency is no text by one.
            wording = chance.choice(wordings(self.language, "caption"))
            name = chance.choice(wordings(self.language, "name"))
            caption = wording.format(name=name, agency=chance.choice(wordings(self.language, "agency")))
        drawn = f"{chance.choice(('news', 'story', 'a'))}/{chance.randrange(10_000, 1_000_000)}"
        sheet = Sheet(
            outlet, path or drawn, self.language,
            title or self.title, body, byline or (own if self.chances(0.7) else None), stamp.stated, changed, caption,
            credit or credits.nobody(outlet, chance),
            tuple(headline(one) for one in chance.sample(self.fillers, min(3, len(self.fillers)))),
        )  # fmt: skip
        data = render(sheet, chance)
        address = outlet.address(sheet.path)
        return Page(address, data, "html", f"story {self.number}", clock.crawled(self.time, chance))

    def begin(self, body: str | None = None) -> tuple[Planted, Outlet]:
        """Return the page of the origin and its outlet."""
        outlet = self.outlet()
        body = body or self.body
        if self.kind != "bare" and self.chances(LEFT):
            body = self._with_own_name(body, outlet)
        stamp = self.stamp(self.time, outlet)
        page = self.page(outlet, body, stamp)
        names = (outlet.name, outlet.domain)
        return Planted(page, self.number, self.kind, "origin", body, self.language, stamp, names=names), outlet

    def _with_own_name(self, body: str, outlet: Outlet) -> str:
        lines = paragraphs(body)
        at = self.chance.randrange(max(1, len(lines) // 2))
        gap = "" if self.language == "ja" else " "
        lines[at] += gap + self.chance.choice(wordings(self.language, "left")).format(site=outlet.name)
        return "\n\n".join(lines)

    def copy(
        self, of: Planted, owner: Outlet, keep: bool, edit: str | None = None,
        naming: tuple[Planted, Outlet] | None = None,
    ) -> tuple[Planted, Outlet]:  # fmt: skip
        """Return a copy of the page `of` on another outlet; `keep`: it credits that, or the page `naming`."""
        outlet = self.outlet()
        body, edit = self.copied(of.body, edit)
        time = clock.later(of.stamp.true, clock.REPOST, self.chance)
        stamp = self.stamp(time, outlet)
        named, whose = naming or (of, owner)
        cue, credit = None, None
        title = self.title if self.chances(SAME_TITLE) else headline(body, 2)
        if keep:
            cue, credit = credits.credit(named.url, whose, self.title, self.language, self.chance)
        page = self.page(outlet, body, stamp, credit, title)
        left = owner.name in body
        return Planted(
            page, self.number, self.kind, "copy", body, self.language, stamp, edit, of.origin or of.url, of.names,
            of.url, cue, left, letters.words(body) == letters.words(of.body),
        ), outlet  # fmt: skip


def headline(body: str, sentence: int = 1) -> str:
    """Return a headline: the first words of the first sentence, or of another one."""
    spans = text.sentences(body)
    begin = spans[min(sentence, len(spans)) - 1][0] if spans else 0
    words = units(body[begin : begin + 400])[:11]
    return body[begin : begin + words[-1][1]].strip() if words else body[:60]


# -- the kinds of story ------------------------------------------------------------------------------------------------


def _reposts(story: Story) -> Iterator[Planted]:
    """One origin and one to four copies of it."""
    first, owner = story.begin()
    yield first
    for _ in range(story.chance.randint(1, 4)):
        yield _signed(story.copy(first, owner, story.chances(CUE_KEPT))[0], first)


def _chain(story: Story) -> Iterator[Planted]:
    """A page, its copy, and a copy of the copy."""
    first, owner = story.begin()
    second, between = story.copy(first, owner, story.chances(CUE_KEPT))
    second = _signed(second, first)
    root = story.chances(NAMES_ROOT)
    third, _ = story.copy(second, between, story.chances(CUE_KEPT), naming=(first, owner) if root else None)
    third = _signed(third, second)
    # A chain is as weak as its weakest hop, but where the last page credits the first one.
    weakest = max(second.signs, third.signs, key=_STRENGTH.index)
    # Of three pages with one text, and the first one credited, nothing tells which had it from which.
    told = bool(third.cue and not root) or (not second.exact and not (third.cue and root))
    yield from (first, second, replace(third, signs="cue" if third.cue and root else weakest, hop=told))


def _bare(story: Story) -> Iterator[Planted]:
    """Word-for-word copies without a credit or a date."""
    first, owner = story.begin()
    yield first
    for _ in range(story.chance.randint(1, 2)):
        yield _signed(story.copy(first, owner, False, "copy")[0], first)


def _unsigned(story: Story) -> Iterator[Planted]:
    """Copies in other words, or of other length, without a credit or a date."""
    first, owner = story.begin()
    yield first
    for _ in range(story.chance.randint(1, 3)):
        edit = story.chance.choices(list(EDITED), list(EDITED.values()))[0]
        yield _signed(story.copy(first, owner, False, edit)[0], first)


def _absent(story: Story) -> Iterator[Planted]:
    """Copies of a page that is not stored; one at least names it."""
    first, owner = story.begin()
    number = story.chance.randint(2, 4)
    surely = story.chance.randrange(number)
    for at in range(number):
        made = story.copy(first, owner, at == surely or story.chances(CUE_KEPT_ABSENT))[0]
        yield replace(made, origin=None, signs="cue" if made.cue else "none")


def _edited(story: Story) -> Iterator[Planted]:
    """Copies that agree with each other against their origin, which was edited after they were made."""
    first, owner = story.begin()
    number = story.chance.randint(2, 4)
    # The origin now: some words changed, and something new in between.
    body = story.copied(first.body, story.chance.choice(("replaced_10", "inserted", "dropped")))[0]
    changed = clock.later(story.time, clock.REPOST, story.chance).isoformat() if first.stamp.stated else None
    page = story.page(owner, body, first.stamp, path=urlsplit(first.url).path.lstrip("/"), changed=changed)
    yield replace(first, page=page, body=body)
    for _ in range(number):
        edit = "copy" if story.chances(0.7) else None
        made = story.copy(first, owner, story.chances(CUE_KEPT), edit)[0]
        yield _signed(replace(made, exact=False), first)


def _carried(story: Story) -> Iterator[Planted]:
    """Agency copy or a release on two to CARRIERS outlets, with or without marks; perhaps the maker's own page."""
    chance, wire = story.chance, story.kind == "wire"
    maker = (agency if wire else issuer)(story.language, chance)
    lag = clock.WIRE if wire else clock.RELEASE
    names = (maker.name,) if wire else (maker.name, *credits.RELEASE_WIRES)
    origin = None
    if story.chances(OWN_STORED):
        body = credits.marked(story.body, maker, story.kind, story.time, story.language, chance, ("head",))[0]
        stamp = story.stamp(story.time, maker)
        page = story.page(maker, body, stamp)
        origin = page.url
        yield Planted(page, story.number, story.kind, "origin", body, story.language, stamp, names=names)
    number = round(2 * (CARRIERS / 2) ** chance.random())
    surely = chance.randrange(number)
    for at in range(number):
        outlet = story.outlet()
        body, edit = story.copied(story.body, chance.choice(("copy", "copy", "copy", "first_100", "dropped")))
        marks, byline = credits.places(story.kind, chance) if at == surely or story.chances(MARK_KEPT) else ((), False)
        body, signed = credits.marked(body, maker, story.kind, story.time, story.language, chance, marks, byline)
        time = clock.later(story.time, lag, chance)
        stamp = story.stamp(time, outlet)
        page = story.page(outlet, body, stamp, byline=signed)
        cue = "+".join((*marks, *(("byline",) if byline else ()))) or None
        yield Planted(
            page, story.number, story.kind, "carrier", body, story.language, stamp, edit, origin, names, origin, cue,
            signs="cue" if cue else "none",
        )  # fmt: skip


_STRENGTH: list[Signs] = ["cue", "date", "text", "one_date", "none"]


def _signed(made: Planted, parent: Planted) -> Planted:
    """Return a copy with what tells that `parent` is where it comes from."""
    signs: Signs = "text"
    if made.cue:
        signs = "cue"
    elif made.stamp.stated and parent.stamp.stated:
        signs = "date"
    elif made.exact and not made.left:
        signs = "one_date" if made.stamp.stated or parent.stamp.stated else "none"
    return replace(made, signs=signs)


_MAKERS: dict[str, Callable[[Story], Iterator[Planted]]] = {
    "reposts": _reposts, "chain": _chain, "bare": _bare, "unsigned": _unsigned, "absent": _absent, "edited": _edited,
}  # fmt: skip


def record(planted: Planted) -> dict[str, Any]:
    """Return the truth about a page as JSON takes it, without the page itself."""
    return {
        "url": planted.url, "story": planted.story, "kind": planted.kind, "role": planted.role,
        "origin": planted.origin, "names": list(planted.names), "via": planted.via, "edit": planted.edit,
        "language": planted.language, "cue": planted.cue, "published": planted.stamp.stated,
        "true": planted.stamp.true.isoformat(), "dated": planted.stamp.dated, "left": planted.left,
        "exact": planted.exact, "signs": planted.signs, "fetched": planted.page.fetched,
    }  # fmt: skip
