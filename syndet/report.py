"""Answers and summaries -> dicts (the JSON contract); the same as text for people is in `tell`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from syndet.models import (
    Alignment,
    Answer,
    Article,
    Changes,
    Comparison,
    Evidence,
    Link,
    Origin,
    Permission,
    Reference,
    Review,
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
        "origin": origin_dict(answer.origin),
        "via": origin_dict(answer.via),
        "licence": permission_dict(answer.licence),
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


def permission_dict(licence: Permission | None) -> dict[str, Any] | None:
    """Return what the register of licences says of a repost."""
    if licence is None:
        return None
    return {
        "state": licence.state, "why": licence.why, "lines": list(licence.lines), "terms": list(licence.terms)
    }  # fmt: skip


def not_found(target: str, recipe: str) -> dict[str, Any]:
    """Return the answer for an address that is not stored."""
    return {"schema": SCHEMA, "recipe": recipe, "found": False, "target": target}


def _plain(record: object, names: tuple[str, ...]) -> dict[str, Any] | None:
    return {name: getattr(record, name) for name in names} if record is not None else None


def origin_dict(found: Origin | None) -> dict[str, Any] | None:
    """Return where a page comes from."""
    return _plain(found, ("in_store", "id", "url", "site", "outlet", "title", "published"))


def reference_dict(named: Reference | None) -> dict[str, Any] | None:
    """Return whom a page names."""
    return _plain(named, ("url", "outlet", "title"))


def _evidence(item: Evidence) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "value": item.value,
        "where": item.where,
        "grade": item.grade,
        "points_to": reference_dict(item.points_to),
        "weight": round(item.weight, 3),
    }


def _shared(answer: Answer, body: bool) -> dict[str, Any]:
    record = alignment_dict(answer.shared or _nothing(), answer.article.body, answer.source_body or "")
    return {"with": answer.shared_with, **record, **({"body": answer.source_body} if body else {})}


def _nothing() -> Alignment:
    return Alignment(0, 0, 0.0, 0.0, 0.0, 0, 0, 0, 0, 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0.0)


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
    """Return a stored article with its body, cues and dates."""
    names = ("id", "url", "site", "outlet", "title", "byline", "published", "language", "words", "fetched", "html")
    cues = [_evidence(Evidence(c.kind, c.value, c.where, c.grade, c.points_to)) for c in article.cues]
    for cue in cues:
        del cue["weight"]
    found = {name: getattr(article, name) for name in names}
    return found | {"body": article.body, "cues": cues, "dates": [asdict(date) for date in article.dates]}


def comparison_dict(found: Comparison, changes: Changes | None = None) -> dict[str, Any]:
    """Return two articles side by side. With `changes`, what the first made of the second is added."""
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
        **({"changes": _changes(changes, found.article.body, found.source.body)} if changes else {}),
    }


def _changes(changes: Changes, ours: str, theirs: str) -> dict[str, Any]:
    return {
        "headline": changes.headline,
        **{
            name: [
                {
                    "kind": change.kind,
                    "article": list(change.article) if change.article else None,
                    "source": list(change.source) if change.source else None,
                    "article_text": ours[slice(*change.article)] if change.article else None,
                    "source_text": theirs[slice(*change.source)] if change.source else None,
                }
                for change in getattr(changes, name)
            ]
            for name in ("sentences", "numbers", "names", "quotations")
        },
    }


def summary_dict(summary: Summary) -> dict[str, Any]:
    """Return counts and seconds of a run."""
    return {**summary.counts(), "seconds": {stage: round(value, 2) for stage, value in summary.seconds.items()}}


def review_dict(review: Review, repost: Article, origin: Article) -> dict[str, Any]:
    """Return what a person said of two articles."""
    said = {name: getattr(review, name) for name in ("verdict", "who", "why", "said")}
    return {"repost": end_dict(repost), "origin": end_dict(origin), **said}


def borderline_dict(pairs: list[tuple[Link, Article, Article]]) -> dict[str, Any]:
    """Return links that a person should look at, in their order."""
    return {
        "pairs": [
            {
                "repost": end_dict(repost),
                "origin": end_dict(origin),
                "state": link.state,
                "relation": link.relation,
                "probability": {"reuse": round(link.reuse, 4), "origin": round(link.direction, 4)},
            }
            for link, repost, origin in pairs
        ]
    }


def end_dict(article: Article) -> dict[str, Any]:
    """Return by what an article is told."""
    return {name: getattr(article, name) for name in ("id", "url", "title")}


def show_dict(
    versions: list[tuple[int, Article, str]], answer: Answer, reviews: list[tuple[Review, Article, Article]],
    *, body: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """Return a stored article: metadata, cues, versions, links, reviews and, with `body`, the bodies."""
    article = article_dict(answer.article)
    return {
        "article": article if body else {name: value for name, value in article.items() if name != "body"},
        "verdict": answer.verdict,
        "relation": answer.relation,
        "origin": origin_dict(answer.origin),
        "cluster": answer.cluster.id if answer.cluster is not None else None,
        "versions": [
            {"version": number, "stored": stored, "title": old.title, "words": old.words}
            | ({"body": old.body} if body else {})
            for number, old, stored in versions
        ],
        "links": [
            {"id": o.id, "url": o.url, "role": o.role, "relation": o.relation, "probability": round(o.probability, 4)}
            for o in answer.others
        ],
        "reviews": [review_dict(*said) for said in reviews],
    }
