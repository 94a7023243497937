"""Answers and summaries -> dicts (the JSON contract) and text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from syndet.models import (
    Alignment,
    Answer,
    Article,
    Comparison,
    Evidence,
    Origin,
    Reference,
    Relation,
)

if TYPE_CHECKING:
    from syndet.summary import Summary

SCHEMA = "syndet.lookup/1"


def lookup_dict(answer: Answer, recipe: str, *, body: bool = False) -> dict[str, Any]:
    """Return the answer as `syndet.lookup/1`. With `body`, both bodies are added (`article.body`, `shared.body`)."""
    article = answer.article
    shown = {
        "id": article.id,
        "url": article.url or None,
        "site": article.site,
        "outlet": article.outlet,
        "title": article.title,
        "byline": article.byline,
        "published": article.published,
        "language": article.language,
        "words": article.words,
        "credit": answer.credit,
    }
    shared = _shared(answer, body) if answer.shared is not None else None
    probability = None
    if answer.reuse is not None:
        probability = {"reuse": round(answer.reuse, 4), "origin": round(answer.direction or 0.0, 4)}
    return {
        "schema": SCHEMA,
        "recipe": recipe,
        "found": True,
        "target": answer.target,
        "article": shown | ({"body": article.body} if body else {}),
        "verdict": answer.verdict,
        "relation": answer.relation,
        "origin": _origin(answer.origin),
        "via": _origin(answer.via),
        "probability": probability,
        "shared": shared,
        "evidence": [_evidence(item) for item in answer.evidence],
        "cluster": _plain(answer.cluster, ("id", "articles", "outlets", "independent_sources", "representative")),
        "others": [
            {
                "id": other.id,
                "url": other.url,
                "role": other.role,
                "relation": other.relation,
                "probability": round(other.probability, 4),
            }
            for other in answer.others
        ],
    }


def not_found(target: str, recipe: str) -> dict[str, Any]:
    """Return the answer for an address that is not stored."""
    return {"schema": SCHEMA, "recipe": recipe, "found": False, "target": target}


def _plain(record: object, names: tuple[str, ...]) -> dict[str, Any] | None:
    return {name: getattr(record, name) for name in names} if record is not None else None


def _origin(found: Origin | None) -> dict[str, Any] | None:
    return _plain(found, ("in_store", "id", "url", "site", "outlet", "title", "published"))


def _reference(named: Reference | None) -> dict[str, Any] | None:
    return _plain(named, ("url", "outlet", "title"))


def _evidence(item: Evidence) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "value": item.value,
        "where": item.where,
        "grade": item.grade,
        "points_to": _reference(item.points_to),
        "weight": round(item.weight, 3),
    }


def _shared(answer: Answer, body: bool) -> dict[str, Any]:
    record = alignment_dict(answer.shared or _nothing(), answer.article.body, answer.source_body or "")
    return {"with": answer.shared_with, **record, **({"body": answer.source_body} if body else {})}


def _nothing() -> Alignment:
    return Alignment(0.0, 0.0, 0.0, 0, 0, 0, 0.0, 0.0)


def alignment_dict(shared: Alignment, ours: str, theirs: str) -> dict[str, Any]:
    """Return figures and passages, each with its text on both sides."""
    return {
        "jaccard": round(shared.jaccard, 4),
        "containment_in_source": round(shared.containment_in_source, 4),
        "containment_of_source": round(shared.containment_of_source, 4),
        "words": shared.words,
        "words_unquoted": shared.words_unquoted,
        "longest_run": shared.longest_run,
        "passages": [
            {
                "article": list(passage.article),
                "source": list(passage.source),
                "article_text": ours[passage.article[0] : passage.article[1]],
                "source_text": theirs[passage.source[0] : passage.source[1]],
                "kind": passage.kind,
            }
            for passage in shared.passages
        ],
    }


def article_dict(article: Article) -> dict[str, Any]:
    """Return a stored article with its body and cues."""
    names = ("id", "url", "site", "outlet", "title", "byline", "published", "language", "words", "fetched", "html")
    cues = [_evidence(Evidence(c.kind, c.value, c.where, c.grade, c.points_to)) for c in article.cues]
    for cue in cues:
        del cue["weight"]
    return {name: getattr(article, name) for name in names} | {"body": article.body, "cues": cues}


def comparison_dict(found: Comparison) -> dict[str, Any]:
    """Return two articles side by side."""
    link = found.link
    direction = None
    if link is not None:
        direction = link.direction if link.repost == found.article.id else 1 - link.direction
    return {
        "schema": "syndet.compare/1",
        "article": found.article.url or None,
        "source": found.source.url or None,
        "linked": link is not None,
        "state": link.state if link else None,
        "relation": found.relation,
        "probability": {
            "reuse": round(link.reuse if link else found.reuse, 4),
            "origin": round(direction, 4) if direction is not None else None,
        },
        "shared": alignment_dict(found.shared, found.article.body, found.source.body),
        "evidence": [_evidence(item) for item in (link.evidence if link else ())],
    }


def summary_dict(summary: Summary) -> dict[str, Any]:
    """Return counts and seconds of a run."""
    return {**summary.counts(), "seconds": {stage: round(value, 2) for stage, value in summary.seconds.items()}}


def show_dict(versions: list[tuple[int, Article, str]], answer: Answer) -> dict[str, Any]:
    """Return a stored article: metadata, body, cues, versions and links."""
    return {
        "article": article_dict(answer.article),
        "verdict": answer.verdict,
        "relation": answer.relation,
        "versions": [
            {"version": number, "stored": stored, "title": old.title, "words": old.words, "body": old.body}
            for number, old, stored in versions
        ],
        "links": [
            {"id": o.id, "url": o.url, "role": o.role, "relation": o.relation, "probability": round(o.probability, 4)}
            for o in answer.others
        ],
    }


# -- text for people -------------------------------------------------------------------------------------------------

_MANNER: dict[Relation, str] = {
    "exact": "word for word",
    "near": "almost word for word",
    "excerpt": "in excerpt",
    "extended": "with text added",
    "rewrite": "reworded",
    "wire": "as agency copy",
    "press_release": "as a press release",
    "sister": "from a sister outlet",
    "revision": "as a later version on the same site",
    "digest": "together with other stories",
    "declared": "by its own account",
}
_REASON = {
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
    "agency_byline": "its byline is the agency",
    "release_mark": "it carries the mark of a press-release wire",
    "heading_outlet": "it opens with the outlet's name",
    "self_reference": "the other outlet's name is left in the text",
    "generic_credit": "it admits another origin without naming it",
    "own_outlet": "its own words name its outlet",
    "shared_text": "text in common",
    "date_order": "dates of publication",
    "first_seen": "dates of fetching",
    "text_asymmetry": "one is a part of the other",
    "named_by": "the other page says so",
}
_MOST_PASSAGES = 3
_MOST_OTHERS = 10


def lookup_text(answer: Answer) -> str:
    """Return the answer in words a journalist reads: the verdict in one sentence, then how we know."""
    lines = [_verdict(answer)]
    if answer.via is not None:
        lines.append(f"It came by way of {_who(answer.via)}.")
    if answer.reuse is not None:
        sure = f"Probability: {answer.reuse:.0%} that text was reused"
        sure += f", {answer.direction:.0%} that this is the origin." if answer.verdict == "repost" else "."
        lines.append(sure)
    if answer.credit is not None:
        lines.append(f"Credit given: {_CREDIT[answer.credit]}.")
    lines += _how(answer)
    if answer.shared is not None:
        lines += ["", *_passages(answer.shared, answer.article.body, answer.source_body or "")]
    if answer.cluster is not None:
        cluster = answer.cluster
        lines += [
            "",
            f"Cluster {cluster.id}: {_plural(cluster.articles, 'page')} at {_plural(cluster.outlets, 'outlet')}, "
            f"{_plural(cluster.independent_sources, 'independent source')}.",
        ]
    if answer.others:
        lines += ["", "Related pages:"]
        lines += [
            f"  {other.role:8} {other.relation:13} {_printable(other.url)}" for other in answer.others[:_MOST_OTHERS]
        ]
        if len(answer.others) > _MOST_OTHERS:
            lines.append(f"  ... and {len(answer.others) - _MOST_OTHERS} more (--json shows all)")
    return "\n".join(lines)


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
        return f"Repost: {page} goes back to {_who(answer.origin)}, {manner}."
    if answer.verdict == "origin":
        count = sum(other.role in ("repost", "revision") for other in answer.others)
        return f"Origin: {_plural(count, 'stored page')} {'goes' if count == 1 else 'go'} back to {page}."
    if answer.verdict == "possible":
        return f"Possible: {page} shares text with others, but we can't say who has it from whom."
    return f"No match: nothing stored shares text with {page}."


def _page(article: Article) -> str:
    title = f"“{_short(article.title)}”" if article.title else "this page"
    outlet = article.outlet or article.site
    return f"{title} ({_short(outlet)})" if outlet else title


def _who(found: Origin) -> str:
    outlet = found.outlet or found.site or found.url or "an outlet it does not name"
    title = f", “{_short(found.title)}”" if found.title else ""
    place = f" <{_printable(found.url)}>" if found.url and found.url != outlet else ""
    return f"{_short(outlet)}{title}{place}" + ("" if found.in_store else " (not in the store)")


def _how(answer: Answer) -> list[str]:
    told = [item for item in answer.evidence if item.weight or item.grade in ("linked", "named", "self", "generic")]
    if not told:
        return []
    lines = ["", "How we know:"]
    for item in told:
        sign = f"{item.weight:+.1f}" if item.weight else "    "
        lines.append(f"  {sign:>5}  {_REASON.get(item.kind, item.kind)}: {_short(item.value)}  [{_short(item.where)}]")
    return lines


def _passages(shared: Alignment, ours: str, theirs: str) -> list[str]:
    lines = [
        f"Shared: {_plural(shared.words, 'word')} ({shared.words_unquoted} outside quotation marks), "
        f"{shared.containment_in_source:.0%} of this page, {shared.containment_of_source:.0%} of the other; "
        f"longest run {_plural(shared.longest_run, 'word')}."
    ]
    longest = sorted(shared.passages, key=lambda passage: -passage.words)[:_MOST_PASSAGES]
    for passage in longest:
        lines.append(f"  here:  {_short(ours[slice(*passage.article)])}")
        if passage.kind == "changed":
            lines.append(f"  there: {_short(theirs[slice(*passage.source)])}")
    if len(shared.passages) > _MOST_PASSAGES:
        lines.append(f"  ... and {len(shared.passages) - _MOST_PASSAGES} more passages")
    return lines


def comparison_text(found: Comparison) -> str:
    """Return two articles side by side, in words."""
    link = found.link
    if link is None:
        lines = [f"Not linked: what they share is no sign of reuse (probability {found.reuse:.0%})."]
    else:
        sure = link.direction if link.repost == found.article.id else 1 - link.direction
        way = {"repost": "goes back to the second", "revision": "is another version of the second"}
        if link.state == "repost" and link.repost != found.article.id:
            way["repost"] = "is the origin of the second"
        said = way.get(link.state, "and the second go back to a third" if link.state == "sibling" else "")
        said = f"the first {said}" if said else "text is shared, direction or reuse is open"
        lines = [f"{link.relation}: {said} (reuse {link.reuse:.0%}, origin {sure:.0%})."]
        lines += [
            f"  {item.weight:+.1f}  {_REASON.get(item.kind, item.kind)}: {_short(item.value)}" for item in link.evidence
        ]
    return "\n".join([*lines, "", *_passages(found.shared, found.article.body, found.source.body)])


def _short(text: str, most: int = 150) -> str:
    text = " ".join(_printable(text).split())
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _printable(text: str) -> str:
    """Return `text` without control and direction characters, which a page could use against a terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def summary_text(summary: Summary) -> str:
    """Return what a run did, a line a fact."""
    lines = [
        f"Pages read   {summary.read:>8,}",
        f"  new        {summary.new:>8,}",
        f"  changed    {summary.changed:>8,}",
        f"  known      {summary.known:>8,}",
        f"  skipped    {summary.skipped.total():>8,}",
        *(f"    {reason.replace('_', ' '):17} {count:>4,}" for reason, count in summary.skipped.most_common()),
        f"Linked       {summary.linked:>8,} articles, {_plural(summary.aligned, 'pair')} of texts aligned",
        f"  links      {summary.links.total():>8,}",
        *(f"    {relation.replace('_', ' '):17} {count:>4,}" for relation, count in summary.links.most_common()),
        f"  possible   {summary.possible:>8,}",
    ]
    if summary.left_out:
        lines.append(f"  not aligned{summary.left_out:>8,} further candidates, below the best of their article")
    if summary.hot_keys:
        lines.append(f"  hot keys   {summary.hot_keys:>8,} index keys read only in part (text on very many pages)")
    lines.append("Seconds      " + ", ".join(f"{stage} {value:.1f}" for stage, value in summary.seconds.items()))
    return "\n".join(lines)


def show_text(record: dict[str, Any]) -> str:
    """Return a stored article for reading."""
    article = record["article"]
    names = ("url", "outlet", "title", "byline", "published", "language", "words", "fetched")
    lines = [f"{'id':10} {article['id']}"]
    lines += [f"{name:10} {_short(str(article[name]))}" for name in names if article[name] is not None]
    lines.append(f"{'verdict':10} {record['verdict']}" + (f", {record['relation']}" if record["relation"] else ""))
    lines += ["", "Versions:"]
    lines += [f"  {old['version']}  {old['stored']}  {old['words']} words" for old in record["versions"]]
    if record["links"]:
        lines += ["", "Links:"]
        lines += [f"  {link['role']:8} {link['relation']:13} {_printable(link['url'])}" for link in record["links"]]
    if article["cues"]:
        lines += ["", "What the page says of its origin:"]
        lines += [f"  {cue['kind']}: {_short(cue['value'])}  [{_short(cue['where'])}]" for cue in article["cues"]]
    body = "\n".join(_printable(line) for line in article["body"].splitlines())
    return "\n".join([*lines, "", body])
