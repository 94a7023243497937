"""An answer in words: the verdict in a sentence, how sure it is, each sign with its word and its place.

Here are the words; `tell` makes text of them, `web` pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from syndet import origin, relate
from syndet.models import (
    Alignment,
    Answer,
    Article,
    Change,
    ChangeKind,
    Changes,
    Cluster,
    Comparison,
    Evidence,
    EvidenceKind,
    Origin,
    Relation,
)
from syndet.printable import clean, plural, short

MANNER: dict[Relation, str] = {
    "exact": "word for word",
    "near": "almost word for word",
    "excerpt": "in excerpt",
    "extended": "with text added",
    "rewrite": "reworded",
    "wire": "as agency copy",
    "press_release": "as a press release",
    "sister": "as a story shared within one outlet or group",
    "revision": "as a later version on the same site",
    "digest": "together with other stories",
    "declared": "by its own account",
}
REASON: dict[EvidenceKind, str] = {
    "canonical": "its canonical address lies on another site",
    "syndication_source": "a syndication tag names the source",
    "page_address": "its own address tag lies on another site",
    "based_on": "its metadata says what it is based on",
    "source_organization": "its metadata names another publisher",
    "republication_mark": "it carries the origin's republication mark",
    "feed_suffix": "a line from the origin's feed is left in it",
    "attribution_line": "it says so",
    "labelled_link": "it links to the source as such",
    "unlabelled_link": "its text links there",
    "dateline": "its dateline names the agency",
    "agency_byline": "its byline names the agency",
    "release_mark": "it carries the mark of a press-release wire",
    "heading_outlet": "it opens with the outlet's name",
    "self_reference": "the other outlet's name is left in the text",
    "generic_credit": "it admits another origin without naming it",
    "own_outlet": "its own words name its outlet",
    "shared_text": "text in common",
    "date_order": "dates of publication",
    "first_seen": "dates of fetching, which say little",
    "date_doubt": "dates of one page that contradict each other",
    "claim_doubt": "what it says of its origin is contradicted",
    "text_asymmetry": "one is a part of the other",
    "named_by": "the other page says so",
    "review": "a person says so",
}
SAID = {
    "confirmed": "{repost} has text of {origin}",
    "rejected": "{repost} and {origin} have no text of each other",
    "origin": "the story of {repost} begins with {origin}",
    "open": "what was said of {repost} and {origin} is withdrawn",
}
# Log-odds in words: three to one is slight, ten to one clear, twenty to one strong (the numbers are in the JSON).
_SIGNS = ((3.0, "strong sign"), (2.0, "clear sign"), (0.0, "slight sign"))
_PLACES = {
    "meta": "in its metadata", "jsonld": "in its structured data", "microdata": "in its structured data",
    "dom": "on the page", "text": "in the text", "http": "in what was sent with it",
}  # fmt: skip
# Nothing is called surer than this in words.
_SUREST = 0.99
CREDIT = {
    "linked": "yes, with a link",
    "named": "yes, by name",
    "generic": "in general words, nobody named",
    "none": "none",
    "unknown": "unknown (only text was read)",
}


def sentence(answer: Answer, *, address: bool = True) -> str:
    """Return the verdict; `address`: with the address of the origin."""
    page = called(answer.article)
    if answer.verdict == "repost" and answer.relation == "digest":
        sources = sum(other.role == "source" for other in answer.others)
        return f"Digest: {page} is made of {sources} unrelated stories, listed below."
    if answer.verdict == "repost" and answer.origin is not None:
        manner = MANNER.get(answer.relation, answer.relation) if answer.relation else ""
        manner = "as a person says" if answer.relation == "declared" and reviewed(answer) else manner
        return f"Repost: {page} goes back to {who(answer.origin, address=address)}, {manner}."
    if answer.verdict == "origin":
        count = sum(other.role in ("repost", "revision") for other in answer.others)
        return f"Origin: {plural(count, 'stored page')} {'goes' if count == 1 else 'go'} back to {page}."
    if answer.verdict == "possible":
        return f"Possible: {page} {_doubt(answer)}."
    return f"No match: nothing stored shares text with {page}."


def _doubt(answer: Answer) -> str:
    """Return what is not known of a possible repost: whether there was reuse, or who has it from whom."""
    if (answer.reuse or 0.0) < relate.REUSE_DECIDED:
        return "shares some wording with another page, which may be reuse or two reports of one event"
    if answer.relation == "revision":
        return "stands at another address of its site as well, and nothing tells which is older"
    return "has text in common with another page, one of them from the other or both from a third; we can't say which"


def sureness(answer: Answer) -> list[str]:
    """Return how sure the verdict is, in none to two sentences."""
    if answer.reuse is None:
        return []
    if reviewed(answer):
        return ["How sure: a person says so."]
    if answer.verdict == "repost" and answer.shared is None:
        return [f"How sure: {percent(answer.direction)}, on the page's own word; there was no text to compare."]
    sure = f"How sure: {percent(answer.reuse)} that text was reused"
    if answer.verdict == "repost" and answer.origin is not None:
        sure += f", {percent(answer.direction)} that this is where it comes from"
    if answer.verdict == "origin":
        sure += f", {percent(answer.direction)} that this page had it first"
    lines = [f"{sure}."]
    told = [item for item in answer.evidence if item.weight > 0]
    if (
        (answer.origin is not None or answer.verdict == "origin")
        and told
        and all(item.kind in origin.DATED for item in told)
    ):
        lines.append("Only the dates tell which was first; both may go back to a third text.")
    return lines


def reviewed(answer: Answer) -> bool:
    """Return whether the answer rests on a person's word."""
    return any(item.kind == "review" and item.weight for item in answer.evidence)


def percent(probability: float | None) -> str:
    """Return a probability; none is called surer than _SUREST.

    >>> percent(0.8), percent(0.999)
    ('80%', 'over 99%')
    """
    return f"over {_SUREST:.0%}" if (probability or 0.0) > _SUREST else f"{probability or 0.0:.0%}"


def called(article: Article) -> str:
    """Return an article by its headline and its outlet."""
    headline = origin.headline(article)
    title = f"“{short(headline)}”" if headline else "this page"
    outlet = article.outlet or article.site
    return f"{title} ({short(outlet)})" if outlet else title


def who(found: Origin, *, address: bool = True) -> str:
    """Return an origin by its outlet and its headline; `address`: with its address."""
    outlet = found.outlet or found.site or found.url or "an outlet it does not name"
    title = f", “{short(found.title)}”" if found.title else ""
    place = f" <{clean(found.url)}>" if address and found.url and found.url != outlet else ""
    return f"{short(outlet)}{title}{place}" + ("" if found.in_store else " (not in the store)")


def place(where: str) -> str:
    """Return where a sign stands, in words; the exact place is in the JSON."""
    if where.startswith("article:"):
        address, _, there = where.removeprefix("article:").partition(" ")
        return f"{place(there) or 'on the page'} of {clean(address)}".removeprefix("on the page of ")
    return _PLACES.get(where.partition(":")[0], "")


@dataclass(frozen=True, slots=True)
class Sign:
    """A piece of evidence in words: how strong, what it is, and for whom it speaks where that is not plain."""

    word: str
    reason: str
    against: str
    evidence: Evidence


def signs(answer: Answer) -> list[Sign]:
    """Return the signs that an answer rests on, the heaviest first."""
    # What the page says of its own outlet tells nothing of another one.
    told = [item for item in answer.evidence if item.weight or item.grade in ("linked", "named", "generic")]
    return list(signs_of(told, answer.verdict == "possible"))


def signs_of(evidence: Iterable[Evidence], open_question: bool = False) -> Iterator[Sign]:
    """Yield each sign, told once; where it is open who was first, with whom it speaks for."""
    met = set[tuple[str, str]]()
    for item in evidence:
        if (item.kind, short(item.value)) in met:
            continue
        met.add((item.kind, short(item.value)))
        word = next(name for least, name in _SIGNS if abs(item.weight) >= least) if item.weight else "also"
        against = ", which speaks against it" if item.weight < 0 else ""
        if open_question and item.weight:
            against = f", which speaks for {'this page' if item.weight < 0 else 'the other page'} as the older one"
        yield Sign(word, REASON.get(item.kind, item.kind), against, item)


def compared(found: Comparison) -> str:
    """Return what ties two articles, in one sentence."""
    link = found.link
    if link is None:
        return f"Not linked: what they share is no sign of reuse (probability {percent(found.reuse)})."
    sure = link.direction if link.repost == found.article.id else 1 - link.direction
    way = {"repost": "goes back to the second", "revision": "is another version of the second"}
    if link.state == "repost" and link.repost != found.article.id:
        way["repost"] = "is the origin of the second"
    said = way.get(link.state, "and the second go back to a third" if link.state == "sibling" else "")
    said = f"the first {said}" if said else "text is shared, direction or reuse is open"
    relation = (found.relation or link.relation).replace("_", " ")
    return f"{relation}: {said} (reuse {percent(link.reuse)}, the second is the origin {percent(sure)})."


def measured(shared: Alignment) -> str:
    """Return how much two articles share, in one sentence."""
    return (
        f"{plural(shared.words, 'word')}, {shared.containment_in_source:.0%} of this page and "
        f"{shared.containment_of_source:.0%} of that one; {shared.words_unquoted:,} of them outside quotation marks; "
        f"up to {plural(shared.longest_run, 'word')} in a row."
    )


# What is told of changes, the shortest first, each with its heading.
_CHANGED: tuple[tuple[str, ChangeKind, str], ...] = (
    ("numbers", "changed", "Other numbers"),
    ("names", "changed", "Other names"),
    ("names", "dropped", "Names that are gone"),
    ("names", "added", "Names that are new"),
    ("quotations", "changed", "Quotations with other words"),
    ("quotations", "dropped", "No longer quoted"),
    ("quotations", "added", "Newly quoted"),
    ("sentences", "dropped", "Left out"),
    ("sentences", "added", "Put in"),
    ("sentences", "changed", "Reworded"),
)


@dataclass(frozen=True, slots=True)
class Changed:
    """What was changed, of one sort: how often, and each pair (source, article) once, "" where nothing stands."""

    heading: str
    part: str
    kind: ChangeKind
    count: int
    pairs: Sequence[tuple[str, str]]


def changed(found: Comparison, changes: Changes) -> Iterator[Changed]:
    """Yield what the first article made of the second, the shortest first."""
    ours, theirs = found.article.body, found.source.body
    for part, kind, heading in _CHANGED:
        told: list[Change] = [change for change in getattr(changes, part) if change.kind == kind]
        # A name is told once, however often it was changed.
        pairs = dict.fromkeys(
            (theirs[slice(*one.source)] if one.source else "", ours[slice(*one.article)] if one.article else "")
            for one in told
        )
        if pairs:
            yield Changed(heading, part, kind, len(told), list(pairs))


def clustered(cluster: Cluster) -> str:
    """Return in a sentence what a cluster comes to."""
    number = f"Cluster {cluster.id}" if cluster.id else "Cluster"
    return (
        f"{number}: {plural(cluster.articles, 'page')} at {plural(cluster.outlets, 'outlet')} "
        f"{'tells' if cluster.articles == 1 else 'tell'} this story, from "
        f"{plural(cluster.independent_sources, 'independent source')}."
    )
