"""Answers, comparisons and runs -> text that a journalist reads; every figure stands in the JSON as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from syndet import origin, permits, relate
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

if TYPE_CHECKING:
    from syndet.summary import Summary

_MANNER: dict[Relation, str] = {
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
_REASON: dict[EvidenceKind, str] = {
    "canonical": "its canonical address lies on another site",
    "syndication_source": "a syndication tag names the source",
    "page_address": "its own address tag lies on another site",
    "based_on": "its metadata says what it is based on",
    "source_organization": "its metadata names another publisher",
    "republication_mark": "it carries the origin's republication mark",
    "feed_suffix": "a line from the origin's feed is left in it",
    "attribution_line": "it says so",
    "labelled_link": "it links to the source as such",
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
    "text_asymmetry": "one is a part of the other",
    "named_by": "the other page says so",
    "review": "a person says so",
}
_SAID = {
    "confirmed": "{repost} has text of {origin}",
    "rejected": "{repost} and {origin} have no text of each other",
    "origin": "the story of {repost} begins with {origin}",
    "open": "what was said of {repost} and {origin} is withdrawn",
}
# Log-odds in words: three to one is slight, ten to one clear, twenty to one strong (the numbers are in the JSON).
_SIGNS = ((3.0, "strong sign"), (2.0, "clear sign"), (0.0, "slight sign"))
_PLACES = {"meta": "in its metadata", "jsonld": "in its structured data", "dom": "on the page", "text": "in the text"}
# Nothing is called surer than this in words.
_SUREST = 0.99
_MOST_PASSAGES = 3
_MOST_OTHERS = 10


def lookup_text(answer: Answer) -> str:
    """Return the answer in words a journalist reads: the verdict in one sentence, then how we know."""
    lines = [_verdict(answer)]
    if answer.via is not None:
        lines.append(f"It came by way of {_who(answer.via)}.")
    lines += _sureness(answer)
    if answer.credit is not None:
        lines.append(f"Credit given: {_CREDIT[answer.credit]}.")
    lines += permits.told(answer.licence)
    lines += _how(answer)
    if answer.shared is not None:
        where = _address(answer)
        lines += ["", *_passages(answer.shared, answer.article.body, answer.source_body or "", where)]
    if answer.cluster is not None:
        lines += ["", cluster_text(answer.cluster)]
    if answer.others:
        lines += ["", "Related pages:"]
        lines += [
            f"  {other.role:8} {other.relation.replace('_', ' '):13} {clean(other.url)}"
            for other in answer.others[:_MOST_OTHERS]
        ]
        if len(answer.others) > _MOST_OTHERS:
            lines.append(f"  ... and {len(answer.others) - _MOST_OTHERS} more (--json shows all)")
    return "\n".join(lines)


def cluster_text(cluster: Cluster) -> str:
    """Return in a sentence what a cluster comes to."""
    number = f"Cluster {cluster.id}" if cluster.id else "Cluster"
    return (
        f"{number}: {plural(cluster.articles, 'page')} at {plural(cluster.outlets, 'outlet')} "
        f"{'tells' if cluster.articles == 1 else 'tell'} this story, from "
        f"{plural(cluster.independent_sources, 'independent source')}."
    )


_CREDIT = {
    "linked": "yes, with a link",
    "named": "yes, by name",
    "generic": "in general words, nobody named",
    "none": "none",
    "unknown": "unknown (only text was read)",
}


def _verdict(answer: Answer) -> str:
    page = _page(answer.article)
    if answer.verdict == "repost" and answer.relation == "digest":
        sources = sum(other.role == "source" for other in answer.others)
        return f"Digest: {page} is made of {sources} unrelated stories, listed below."
    if answer.verdict == "repost" and answer.origin is not None:
        manner = _MANNER.get(answer.relation, answer.relation) if answer.relation else ""
        manner = "as a person says" if answer.relation == "declared" and _reviewed(answer) else manner
        return f"Repost: {page} goes back to {_who(answer.origin)}, {manner}."
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


def _sureness(answer: Answer) -> list[str]:
    if answer.reuse is None:
        return []
    if _reviewed(answer):
        return ["How sure: a person says so."]
    if answer.verdict == "repost" and answer.shared is None:
        return [f"How sure: {_percent(answer.direction)}, on the page's own word; there was no text to compare."]
    sure = f"How sure: {_percent(answer.reuse)} that text was reused"
    if answer.verdict == "repost" and answer.origin is not None:
        sure += f", {_percent(answer.direction)} that this is where it comes from"
    if answer.verdict == "origin":
        sure += f", {_percent(answer.direction)} that this page had it first"
    lines = [f"{sure}."]
    told = [item for item in answer.evidence if item.weight > 0]
    if (
        (answer.origin is not None or answer.verdict == "origin")
        and told
        and all(item.kind in origin.DATED for item in told)
    ):
        lines.append("Only the dates tell which was first; both may go back to a third text.")
    return lines


def _reviewed(answer: Answer) -> bool:
    """Return whether the answer rests on a person's word."""
    return any(item.kind == "review" and item.weight for item in answer.evidence)


def _percent(probability: float | None) -> str:
    return f"over {_SUREST:.0%}" if (probability or 0.0) > _SUREST else f"{probability or 0.0:.0%}"


def _page(article: Article) -> str:
    headline = origin.headline(article)
    title = f"“{short(headline)}”" if headline else "this page"
    outlet = article.outlet or article.site
    return f"{title} ({short(outlet)})" if outlet else title


def _who(found: Origin) -> str:
    outlet = found.outlet or found.site or found.url or "an outlet it does not name"
    title = f", “{short(found.title)}”" if found.title else ""
    place = f" <{clean(found.url)}>" if found.url and found.url != outlet else ""
    return f"{short(outlet)}{title}{place}" + ("" if found.in_store else " (not in the store)")


def _address(answer: Answer) -> str | None:
    """Return the address of the page that the text is shared with."""
    return next((other.url for other in answer.others if other.id == answer.shared_with), None) or next(
        (hop.url for hop in (answer.origin, answer.via) if hop is not None and hop.id == answer.shared_with), None
    )


def _how(answer: Answer) -> list[str]:
    # What the page says of its own outlet tells nothing of another one.
    told = [item for item in answer.evidence if item.weight or item.grade in ("linked", "named", "generic")]
    return ["", "How we know:", *_reasons(told, answer.verdict == "possible")] if told else []


def _reasons(evidence: list[Evidence], open_question: bool = False) -> Iterator[str]:
    """Yield a line for each sign, told once; where it is open who was first, with whom it speaks for."""
    met = set[tuple[str, str]]()
    for item in evidence:
        if (item.kind, short(item.value)) in met:
            continue
        met.add((item.kind, short(item.value)))
        word = next(name for least, name in _SIGNS if abs(item.weight) >= least) if item.weight else "also"
        against = ", which speaks against it" if item.weight < 0 else ""
        if open_question and item.weight:
            against = f", which speaks for {'this page' if item.weight < 0 else 'the other page'} as the older one"
        place = _place(item.where)
        yield f"  {word:11}  {_REASON.get(item.kind, item.kind)}{against}: {short(item.value)}" + (
            f"  ({place})" if place else ""
        )


def _place(where: str) -> str:
    """Return where a sign stands, in words; the exact place is in the JSON."""
    if where.startswith("article:"):
        address, _, place = where.removeprefix("article:").partition(" ")
        return f"{_place(place) or 'on the page'} of {clean(address)}".removeprefix("on the page of ")
    return _PLACES.get(where.partition(":")[0], "")


def _passages(shared: Alignment, ours: str, theirs: str, where: str | None) -> list[str]:
    lines = [
        f"Shared with {clean(where) if where else 'the other page'}:",
        f"  {plural(shared.words, 'word')}, {shared.containment_in_source:.0%} of this page and "
        f"{shared.containment_of_source:.0%} of that one; {shared.words_unquoted:,} of them outside quotation marks; "
        f"up to {plural(shared.longest_run, 'word')} in a row.",
    ]
    longest = sorted(shared.passages, key=lambda passage: -passage.words)[:_MOST_PASSAGES]
    for passage in longest:
        if passage.kind == "changed":
            lines.append(f"  here:  {short(ours[slice(*passage.article)])}")
            lines.append(f"  there: {short(theirs[slice(*passage.source)])}")
        else:
            lines.append(f"  both:  {short(ours[slice(*passage.article)])}")
    if (more := len(shared.passages) - _MOST_PASSAGES) > 0:
        lines.append(f"  ... and {plural(more, 'more passage')}")
    return lines


def comparison_text(found: Comparison, changes: Changes | None = None) -> str:
    """Return two articles side by side, in words. With `changes`, what the first made of the second follows."""
    link = found.link
    if link is None:
        lines = [f"Not linked: what they share is no sign of reuse (probability {_percent(found.reuse)})."]
    else:
        sure = link.direction if link.repost == found.article.id else 1 - link.direction
        way = {"repost": "goes back to the second", "revision": "is another version of the second"}
        if link.state == "repost" and link.repost != found.article.id:
            way["repost"] = "is the origin of the second"
        said = way.get(link.state, "and the second go back to a third" if link.state == "sibling" else "")
        said = f"the first {said}" if said else "text is shared, direction or reuse is open"
        relation = (found.relation or link.relation).replace("_", " ")
        lines = [f"{relation}: {said} (reuse {_percent(link.reuse)}, the second is the origin {_percent(sure)})."]
        lines += _reasons([item for item in link.evidence if item.kind != "shared_text"])
    lines += ["", *_passages(found.shared, found.article.body, found.source.body, None)]
    return "\n".join([*lines, "", *_changes(found, changes)] if changes is not None else lines)


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
_MOST_CHANGES = 5
# Two that fit on a line are told on one.
_SHORT = 60


def _changes(found: Comparison, changes: Changes) -> list[str]:
    """Return what the first article made of the second, "there" what stands in the second."""
    ours, theirs = found.article, found.source
    lines = []
    if changes.headline == "changed":
        lines += _both(origin.headline(theirs) or "", origin.headline(ours) or "", "Another headline:")
    for part, kind, heading in _CHANGED:
        told: list[Change] = [change for change in getattr(changes, part) if change.kind == kind]
        # A name is told once, however often it was changed.
        pairs = dict.fromkeys(
            (
                theirs.body[slice(*one.source)] if one.source else "",
                ours.body[slice(*one.article)] if one.article else "",
            )
            for one in told
        )
        if not pairs:
            continue
        lines.append(f"{heading} ({len(told):,}):")
        for there, here in list(pairs)[:_MOST_CHANGES]:
            lines += _both(there, here) if there and here else [f"  {short(there or here)}"]
        if len(pairs) > _MOST_CHANGES:
            lines.append(f"  ... and {len(pairs) - _MOST_CHANGES:,} more (--json shows all)")
    kept = sum(change.kind == "kept" for change in changes.quotations)
    if kept and lines:
        lines.append(f"Quoted word for word: {plural(kept, 'quotation')}.")
    return ["What the first made of the second:", *lines] if lines else ["No sentence was changed, dropped or added."]


def _both(there: str, here: str, heading: str | None = None) -> list[str]:
    lines = [heading] if heading else []
    if len(there) + len(here) <= _SHORT:
        return [*lines, f"  {short(there)} -> {short(here)}"]
    return [*lines, f"  there: {short(there)}", f"  here:  {short(here)}"]


def summary_text(summary: Summary) -> str:
    """Return what a run did, a line a fact."""
    lines = [
        f"Pages read   {summary.read:>8,}",
        f"  new        {summary.new:>8,}",
        f"  changed    {summary.changed:>8,}",
        f"  known      {summary.known:>8,}",
        *([f"  kept       {summary.kept:>8,} with their bytes, {summary.cost:,} a page"] if summary.kept else []),
        f"  skipped    {summary.skipped.total():>8,}",
        *(f"    {reason.replace('_', ' '):17} {count:>4,}" for reason, count in summary.skipped.most_common()),
        f"Linked       {summary.linked:>8,} articles, {plural(summary.aligned, 'pair')} of texts aligned",
        f"  links      {summary.links.total():>8,}",
        *(f"    {relation.replace('_', ' '):17} {count:>4,}" for relation, count in summary.links.most_common()),
        f"  possible   {summary.possible:>8,}",
    ]
    if summary.left_out:
        lines.append(f"  not aligned{summary.left_out:>8,} further candidates, below the best of their article")
    if summary.hot_keys:
        lines.append(f"  hot keys   {summary.hot_keys:>8,} index keys read only in part (text on very many pages)")
    lines += [f"Look at      {alarm}" for alarm in summary.alarms]
    lines.append("Seconds      " + ", ".join(f"{stage} {value:.1f}" for stage, value in summary.seconds.items()))
    return "\n".join(lines)


def review_text(record: dict[str, Any]) -> str:
    """Return what a person just said of two articles."""
    return f"Written down. {_review(record)}"


def _review(record: dict[str, Any]) -> str:
    places = {end: clean(record[end]["url"]) for end in ("repost", "origin")}
    why = f" ({short(record['why'])})" if record["why"] else ""
    return f"{record['said']}  {short(record['who'])}: {_SAID[record['verdict']].format(**places)}{why}"


def borderline_text(record: dict[str, Any]) -> str:
    """Return the pairs that a person should look at, three lines each."""
    if not record["pairs"]:
        return "No link waits for a review."
    lines = []
    for pair in record["pairs"]:
        sure = pair["probability"]
        lines.append(
            f"{pair['state']}, {pair['relation'].replace('_', ' ')}: {_percent(sure['reuse'])} that text was reused, "
            f"{_percent(sure['origin'])} that it came from the second"
        )
        lines += [f"  {end['id']:>8}  {clean(end['url'])}" for end in (pair["repost"], pair["origin"])]
    return "\n".join([*lines, "", "`syndet review confirm|reject|origin REPOST ORIGIN` says what is so of a pair."])


def show_text(record: dict[str, Any]) -> str:
    """Return a stored article for reading."""
    article = record["article"]
    names = ("url", "outlet", "title", "byline", "published", "language", "words", "fetched")
    lines = [f"{'id':10} {article['id']}"]
    lines += [f"{name:10} {short(str(article[name]))}" for name in names if article[name] is not None]
    lines.append(f"{'verdict':10} {record['verdict']}" + (f", {record['relation']}" if record["relation"] else ""))
    lines += ["", "Versions:"]
    lines += [f"  {old['version']}  {old['stored']}  {old['words']} words" for old in record["versions"]]
    if record["links"]:
        lines += ["", "Links:"]
        lines += [f"  {link['role']:8} {link['relation']:13} {clean(link['url'])}" for link in record["links"]]
    if record["reviews"]:
        lines += ["", "Reviews, of each pair the last one counts:"]
        lines += [f"  {_review(said)}" for said in record["reviews"]]
    if article["dates"]:
        lines += ["", "Dates:"]
        lines += [f"  {date['says']:9}  {short(date['value'])}  [{short(date['source'])}]" for date in article["dates"]]
    if article["cues"]:
        lines += ["", "What the page says of its origin:"]
        lines += [f"  {cue['kind']}: {short(cue['value'])}  [{short(cue['where'])}]" for cue in article["cues"]]
    body = "\n".join(clean(line) for line in article["body"].splitlines())
    return "\n".join([*lines, "", body])
