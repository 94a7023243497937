"""An Evaluation -> JSON (`syndet.evaluation/1`) and tables for people; the HTML page is `page`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from syndet import __version__
from syndet.evaluation import Case, Evaluation
from syndet.intervals import Figure
from syndet.measures import Point, Stratum
from syndet.overlap import Passages

SCHEMA = "syndet.evaluation/1"
# With fewer groups an interval from resampling is itself a guess.
FEW_GROUPS = 20
_MOST_PROBLEMS = 5

POINTS = {"decided": "decided", "threshold": "score of {} or more", "possible": "possible or decided"}
FAULTS = {
    "broken_line": "broken line",
    "broken_article": "broken article",
    "unknown_address": "unknown address",
    "one_article": "both sides are one article",
    "repeated": "repeated",
    "contradiction": "contradicts another line",
    "outside_text": "passage outside of its text",
}
PASSAGES = {
    "precision": "precision, of passages (macro)",
    "recall": "recall, of passages (macro)",
    "f1": "F1, of passages (macro)",
    "plagdet": "plagdet, of passages (macro)",
    "precision_micro": "precision, of characters (micro)",
    "recall_micro": "recall, of characters (micro)",
    "f1_micro": "F1, of characters (micro)",
    "plagdet_micro": "plagdet, of characters (micro)",
    "granularity": "granularity (1 is best)",
}


# -- JSON --------------------------------------------------------------------------------------------------------------


def evaluation_dict(done: Evaluation) -> dict[str, Any]:
    """Return the evaluation as `syndet.evaluation/1` (evaluation.schema.json)."""
    found = done.measures
    return {
        "schema": SCHEMA,
        "syndet": __version__,
        "recipe": done.recipe,
        "mode": done.mode,
        "threshold": done.threshold,
        "labels": {
            "lines": done.lines,
            "articles": done.articles,
            "pairs": found.pairs,
            "reuse": found.reuse,
            "none": found.pairs - found.reuse,
            "implied": done.implied,
            "groups": found.groups,
            "problems": [{"where": p.where, "fault": p.fault, "detail": p.detail} for p in done.problems],
            "unread": list(done.unread),
            "unlinked": done.unlinked,
        },
        "points": {point.name: _point(point) for point in found.points},
        "average_precision": figure(found.average_precision),
        "calibration": {
            "brier": figure(found.brier),
            "expected_error": figure(found.calibration_error),
            "bins": [
                {"low": b.low, "high": b.high, "pairs": b.pairs, "score": _rounded(b.score), "reuse": figure(b.reuse)}
                for b in found.bins
            ],
        },
        "sweep": [{"threshold": float(point.name), **_point(point)} for point in found.sweep],
        "best_threshold": found.best,
        "curve": [[_rounded(value) for value in point] for point in found.curve],
        "breakdown": {name: [_stratum(stratum) for stratum in strata] for name, strata in done.breakdown},
        "direction": _direction(done),
        "passages": _passages(done.passages) if done.passages else None,
        "clusters": _clusters(done),
        "misses": [_case(case) for case in done.misses],
        "false_links": [_case(case) for case in done.false_links],
    }


def figure(found: Figure) -> dict[str, Any]:
    """Return a figure with its interval."""
    shown: dict[str, Any] = {name: _rounded(getattr(found, name)) for name in ("value", "low", "high")}
    return shown | {"of": found.of} | ({"hits": found.hits} if found.hits is not None else {})


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _point(point: Point) -> dict[str, Any]:
    counts = ("found_reuse", "found_none", "missed_reuse", "left_none")
    figures = ("precision", "recall", "false_links", "f1")
    return {name: getattr(point, name) for name in counts} | {name: figure(getattr(point, name)) for name in figures}


def _stratum(stratum: Stratum) -> dict[str, Any]:
    points = {point.name: _point(point) for point in stratum.points}
    return {"value": stratum.value, "pairs": stratum.pairs, "reuse": stratum.reuse, "points": points}


def _direction(done: Evaluation) -> dict[str, Any] | None:
    way = done.direction
    if way is None:
        return None
    counts = {"labelled": way.labelled, "answered": way.answered, "right": way.right}
    return counts | {"accuracy": figure(way.accuracy), "coverage": figure(way.coverage)}


def _passages(found: Passages) -> dict[str, Any]:
    counts = {"pairs": found.pairs, "cases": found.cases, "detections": found.detections}
    return counts | {name: figure(getattr(found, name)) for name in PASSAGES}


def _clusters(done: Evaluation) -> dict[str, Any] | None:
    if (found := done.agreement) is None:
        return None
    counts = {"labelled": found.clusters, "found": found.found, "articles": found.articles}
    return counts | {"adjusted_rand_index": figure(found.rand_index)}


def _case(case: Case) -> dict[str, Any]:
    return {
        "a": case.a,
        "b": case.b,
        "title_a": case.title_a,
        "title_b": case.title_b,
        "where": case.where,
        "label": "reuse" if case.reuse else "none",
        "relation": case.relation,
        "edit": case.edit,
        "score": _rounded(case.score),
        "state": case.state,
        "found_relation": case.said,
        "compared": {
            "reuse": _rounded(case.direct),
            "words": case.words,
            "words_unquoted": case.words_unquoted,
            "longest_run": case.longest_run,
            "share_of_a": _rounded(case.share_of_a),
            "share_of_b": _rounded(case.share_of_b),
        },
    }


# -- words -------------------------------------------------------------------------------------------------------------


def evaluation_text(done: Evaluation) -> str:
    """Return the evaluation as tables; every figure stands in the JSON as well."""
    found = done.measures
    lines = [*_heading(done), ""]
    lines += _table(
        ["Pairs", "precision", "recall", "F1", "false links"],
        [
            [title(point.name, done.threshold), shown(point.precision), shown(point.recall), shown(point.f1),
             shown(point.false_links)]
            for point in found.points
        ],
    )  # fmt: skip
    rows = [
        ["average precision", shown(found.average_precision)],
        ["Brier score (0 is best)", shown(found.brier)],
        ["expected calibration error (0 is best)", shown(found.calibration_error)],
    ]
    if done.direction is not None:
        way = done.direction
        rows.append([f"direction right, of {way.answered:,} answered", shown(way.accuracy)])
        rows.append([f"direction answered, of {way.labelled:,}", shown(way.coverage)])
    if done.agreement is not None:
        same = done.agreement
        rows.append([f"adjusted Rand index, {same.clusters:,} clusters", shown(same.rand_index)])
    if done.passages is not None:
        rows += [[name, shown(getattr(done.passages, key))] for key, name in PASSAGES.items()]
    lines += ["", *_table(["Measure", "value"], rows)]
    lines += ["", *_sweep(done)]
    for name, strata in done.breakdown:
        lines += ["", *_strata(name, strata)]
    lines += _cases(f"Worst misses (reuse, neither decided nor a score of {done.threshold:g})", done.misses)
    lines += _cases("Worst false links (none, but linked)", done.false_links)
    return "\n".join([*lines, *_problems(done)])


def _heading(done: Evaluation) -> Iterator[str]:
    found = done.measures
    judged = "the links of the store" if done.mode == "store" else "direct comparison of each pair"
    yield (
        f"{found.pairs:,} labelled pairs of {done.articles:,} articles: {found.reuse:,} reuse, "
        f"{found.pairs - found.reuse:,} none"
        + (f" ({done.implied:,} by closed clusters)" if done.implied else "")
        + "."
    )
    yield f"Judged by {judged}, recipe {done.recipe}."
    yield note(done)
    if done.unlinked:
        yield unlinked(done)


def unlinked(done: Evaluation) -> str:
    """Return what to do about articles that are not linked yet, in a sentence."""
    return f"{done.unlinked:,} of the articles are not linked yet, so nothing can be found of them; run `syndet link`."


def note(done: Evaluation) -> str:
    """Return what to know of the intervals, in a sentence or two."""
    groups = done.measures.groups
    if groups < 2:
        return "In brackets: 95% intervals. All pairs are one group, so only proportions have one."
    few = f"; with fewer than {FEW_GROUPS} groups the latter are rough" if groups < FEW_GROUPS else ""
    return f"In brackets: 95% intervals, of proportions after Wilson, else by resampling the {groups:,} groups{few}."


def title(point: str, threshold: float) -> str:
    """Return the name of a point for people."""
    return POINTS[point].format(f"{threshold:g}")


def shown(found: Figure) -> str:
    """Return a figure as "0.912 [0.880, 0.941]", a dash where there is none.

    >>> shown(Figure(0.9123, 0.88, 0.9412)), shown(Figure(None)), shown(Figure(1.0))
    ('0.912 [0.880, 0.941]', '-', '1.000')
    """
    if found.value is None:
        return "-"
    interval = "" if found.low is None or found.high is None else f" [{found.low:.3f}, {found.high:.3f}]"
    return f"{found.value:.3f}{interval}"


def _sweep(done: Evaluation) -> list[str]:
    best = done.measures.best
    rows = [
        [f"{point.name}{' *' if best == float(point.name) else ''}", shown(point.precision), shown(point.recall),
         shown(point.f1)]
        for point in done.measures.sweep
    ]  # fmt: skip
    ends = "* the best F1 on these labels; on others it will be a little lower" if best is not None else ""
    return [*_table(["Threshold", "precision", "recall", "F1"], rows), *([ends] if ends else [])]


def _strata(name: str, strata: Sequence[Stratum]) -> list[str]:
    rows = []
    for stratum in strata:
        at = {point.name: point for point in stratum.points}
        rows.append([
            stratum.value, f"{stratum.reuse:,}", shown(at["decided"].recall), shown(at["possible"].recall),
            f"{stratum.pairs - stratum.reuse:,}", shown(at["decided"].false_links),
        ])  # fmt: skip
    head = [f"By {name}", "reuse", "recall, decided", "or possible", "none", "false links, decided"]
    return _table(head, rows)


def _cases(heading: str, cases: Sequence[Case]) -> Iterator[str]:
    if cases:
        yield ""
        yield f"{heading}:"
    for case in cases:
        kind = "".join(f", {word}" for word in (case.relation, case.edit) if word)
        said = f"{case.state} ({case.said})" if case.state else "not linked"
        yield f"  score {case.score:.2f}, {said}{kind}  [{case.where}]"
        yield f"      {compared(case)}"
        yield f"      {case.a}"
        yield f"      {case.b}"


def compared(case: Case) -> str:
    """Return what comparing the two texts of a case gives, in a line."""
    return (
        f"compared: reuse {case.direct:.2f}, {case.words:,} words shared, {case.words_unquoted:,} outside quotations, "
        f"{case.longest_run:,} in a row; {case.share_of_a:.0%} of a, {case.share_of_b:.0%} of b"
    )


def _problems(done: Evaluation) -> Iterator[str]:
    if not done.problems:
        return
    yield ""
    yield f"Labels that could not be used: {len(done.problems):,}"
    for fault, count in Counter(problem.fault for problem in done.problems).most_common():
        yield f"  {FAULTS[fault]:28} {count:>6,}"
    for problem in done.problems[:_MOST_PROBLEMS]:
        yield f"  {problem.where}: {problem.detail}"
    if (more := len(done.problems) - _MOST_PROBLEMS) > 0:
        yield f"  ... and {more:,} more (--json shows all)"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return lines with aligned columns: words to the left, figures under the beginning of their heading."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (head, *rows)
    ]
