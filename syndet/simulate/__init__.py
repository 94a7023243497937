"""Article -> what a reposter might make of it, and what only looks so: pages with the truth beside them.

For tests, benchmarks and for users who want to know what syndet finds among their own articles. Every edit works in
every script; lengths are in words of a spaced script (letters.weight): 100 words are 167 characters of Chinese.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from syndet.errors import UsageError
from syndet.models import Span
from syndet.simulate import damage, lookalikes, reposts, rewording
from syndet.simulate.pieces import Draft, Task, assemble

__all__ = ["EDITS", "Edit", "Simulated", "make"]


@dataclass(frozen=True, slots=True)
class Simulated:
    """One page made from `source`.

    `source` is the article as it was given, but for three kinds of non-repost, which give it a table or its site's
    standing texts as well. `passages`: what is really shared, each (span in body, span in source), code points, in
    the body's order; replaced and reworded stretches are one passage as a whole. Empty where `repost` is false.
    """

    body: str
    source: str
    edit: str
    repost: bool
    passages: tuple[tuple[Span, Span], ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """One way to make a page of an article. `verbatim`: every passage keeps the words of the source."""

    about: str
    draft: Callable[[Task], Draft]
    repost: bool = True
    verbatim: bool = True


EDITS: dict[str, Edit] = {
    "copy": Edit("the source, word for word", reposts.copy),
    "headline": Edit("new headline, byline and date above it", reposts.headline),
    "boilerplate": Edit("newsletter box, related stories, notices and author's note around it", reposts.boilerplate),
    "first_100": Edit("its first 100 words", reposts.first(100)),
    **{
        f"excerpt_{size}": Edit(
            f"{size} words, half of them unquoted at least, in 150 to 400 words of other text", reposts.excerpt(size)
        )
        for size in (100, 60, 40, 25)
    },
    "anywhere_40": Edit("40 words from any place, quotations too, in the same", reposts.excerpt(40, prose=False)),
    "dropped": Edit("a third of its paragraphs left out", reposts.dropped),
    "reordered": Edit("its paragraphs in another order", reposts.reordered),
    "inserted": Edit("new paragraphs between its own", reposts.inserted),
    "third": Edit("a page three times as long", reposts.page(3)),
    "tenth": Edit("a page ten times as long", reposts.page(10)),
    "digest": Edit("the beginnings of four to six stories, this one among them", reposts.digest),
    **{
        f"replaced_{share}": Edit(f"{share} of 100 words replaced, names included", rewording.replaced(share),
                                  verbatim=False)
        for share in (5, 10, 20, 30, 40, 50, 60)
    },
    "reworded": Edit("every sentence reworded by rules", rewording.reworded(1.0), verbatim=False),
    "reworded_short": Edit("the same, with 4 of 10 sentences left out", rewording.reworded(0.6), verbatim=False),
    "names": Edit("numbers and names changed", rewording.changed_names, verbatim=False),
    "latin1": Edit("UTF-8 read as Latin-1", damage.misread("latin-1"), verbatim=False),
    "cp1252": Edit("UTF-8 read as Windows-1252", damage.misread("cp1252"), verbatim=False),
    "lost": Edit("letters lost to question marks or replacement characters", damage.lost, verbatim=False),
    "unseen": Edit("soft hyphens, zero-width characters and variation selectors in its words", damage.unseen,
                   verbatim=False),
    "typography": Edit("ligatures, other quotation marks, dashes and spaces, composed or decomposed letters",
                       damage.typography, verbatim=False),
    "breaks": Edit("paragraph breaks lost or doubled, or lines broken", damage.breaks),
    "extracted": Edit("lines of menus, buttons and captions between its paragraphs", damage.extracted),
    "only_quotations": Edit("another article with its quotations", lookalikes.quotations, repost=False),
    "only_names": Edit("another article with its names and numbers", lookalikes.names, repost=False),
    "only_furniture": Edit("another article with the same standing texts of the site", lookalikes.furniture,
                           repost=False),
    "market_table": Edit("another article; both end in a market table of the same rows",
                         lookalikes.table(lookalikes.indices, lookalikes.prices), repost=False),
    "weather_table": Edit("another article; both end in a weather table of the same rows",
                          lookalikes.table(lookalikes.towns, lookalikes.weather), repost=False),
    "same_topic": Edit("of the other articles, the one nearest in topic", lookalikes.same_topic, repost=False),
}  # fmt: skip


def make(edit: str, source: str, others: Sequence[str], seed: int) -> Simulated:
    """Return the page that `edit`, a name in EDITS, makes of `source`; the same for the same arguments, everywhere.

    `others` are bodies of other articles, no reposts of `source` among them: hosts, fillers, words to put in. Those of
    the source's language are taken first; those that share eight words in a row with it, never.
    Raises TooShort when the source, or the others, do not have what the edit needs, and UsageError for another name.

    >>> found = make("first_100", "The old bridge over the river was closed on Monday. " * 20, [], 1)
    >>> found.passages
    (((0, 518), (0, 518)),)
    """
    if edit not in EDITS:
        raise UsageError(f"No edit is called {edit!r}; there are {', '.join(EDITS)}")
    chosen = EDITS[edit]
    chance = Random("\n".join((edit, str(seed), source)).encode("utf-8", "surrogatepass"))
    draft = chosen.draft(Task(source, others, chance))
    body, passages = assemble(draft)
    return Simulated(body, draft.source, edit, chosen.repost, passages if chosen.repost else ())
