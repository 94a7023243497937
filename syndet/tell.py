"""Answers, comparisons and runs -> text that a journalist reads; every figure stands in the JSON as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from syndet import origin, verdicts
from syndet.models import Alignment, Answer, Changes, Comparison
from syndet.printable import clean, plural, short
from syndet.verdicts import Sign

if TYPE_CHECKING:
    from syndet.summary import Summary

_MOST_PASSAGES = 3
_MOST_OTHERS = 10


def lookup_text(answer: Answer) -> str:
    """Return the answer in words a journalist reads: the verdict in one sentence, then how we know."""
    lines = [verdicts.sentence(answer)]
    if answer.via is not None:
        lines.append(f"It came by way of {verdicts.who(answer.via)}.")
    lines += verdicts.sureness(answer)
    if answer.credit is not None:
        lines.append(f"Credit given: {verdicts.CREDIT[answer.credit]}.")
    if answer.licence is not None:
        # Here, not above: few stores have a register.
        from syndet import permits

        lines += permits.told(answer.licence)
    if signs := verdicts.signs(answer):
        lines += ["", "How we know:", *_reasons(signs)]
    if answer.shared is not None:
        where = _address(answer)
        lines += ["", *_passages(answer.shared, answer.article.body, answer.source_body or "", where)]
    if answer.cluster is not None:
        lines += ["", verdicts.clustered(answer.cluster)]
    if answer.others:
        lines += ["", "Related pages:"]
        lines += [
            f"  {other.role:8} {other.relation.replace('_', ' '):13} {clean(other.url)}"
            for other in answer.others[:_MOST_OTHERS]
        ]
        if len(answer.others) > _MOST_OTHERS:
            lines.append(f"  ... and {len(answer.others) - _MOST_OTHERS} more (--json shows all)")
    return "\n".join(lines)


def _address(answer: Answer) -> str | None:
    """Return the address of the page that the text is shared with."""
    return next((other.url for other in answer.others if other.id == answer.shared_with), None) or next(
        (hop.url for hop in (answer.origin, answer.via) if hop is not None and hop.id == answer.shared_with), None
    )


def _reasons(signs: Iterable[Sign]) -> Iterator[str]:
    """Yield a line for each sign."""
    for sign in signs:
        place = verdicts.place(sign.evidence.where)
        yield f"  {sign.word:11}  {sign.reason}{sign.against}: {short(sign.evidence.value)}" + (
            f"  ({place})" if place else ""
        )


def _passages(shared: Alignment, ours: str, theirs: str, where: str | None) -> list[str]:
    lines = [
        f"Shared with {clean(where) if where else 'the other page'}:",
        f"  {verdicts.measured(shared)}",
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
    lines = [verdicts.compared(found)]
    if found.link is not None:
        lines += _reasons(verdicts.signs_of(item for item in found.link.evidence if item.kind != "shared_text"))
    lines += ["", *_passages(found.shared, found.article.body, found.source.body, None)]
    return "\n".join([*lines, "", *_changes(found, changes)] if changes is not None else lines)


_MOST_CHANGES = 5
# Two that fit on a line are told on one.
_SHORT = 60


def _changes(found: Comparison, changes: Changes) -> list[str]:
    """Return what the first article made of the second, "there" what stands in the second."""
    ours, theirs = found.article, found.source
    lines = []
    if changes.headline == "changed":
        lines += _both(origin.headline(theirs) or "", origin.headline(ours) or "", "Another headline:")
    for one in verdicts.changed(found, changes):
        lines.append(f"{one.heading} ({one.count:,}):")
        for there, here in one.pairs[:_MOST_CHANGES]:
            lines += _both(there, here) if there and here else [f"  {short(there or here)}"]
        if len(one.pairs) > _MOST_CHANGES:
            lines.append(f"  ... and {len(one.pairs) - _MOST_CHANGES:,} more (--json shows all)")
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
    return f"{record['said']}  {short(record['who'])}: {verdicts.SAID[record['verdict']].format(**places)}{why}"


def borderline_text(record: dict[str, Any]) -> str:
    """Return the pairs that a person should look at, three lines each."""
    if not record["pairs"]:
        return "No link waits for a review."
    lines = []
    for pair in record["pairs"]:
        sure = pair["probability"]
        lines.append(
            f"{pair['state']}, {pair['relation'].replace('_', ' ')}: {verdicts.percent(sure['reuse'])} that text was "
            f"reused, {verdicts.percent(sure['origin'])} that it came from the second"
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
