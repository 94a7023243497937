"""An Evaluation -> one HTML page that needs nothing else: no script, no font, no picture from elsewhere.

Whatever came from a file or a page (addresses, titles, names) goes through `plots.text`, or is a number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.resources import files

from syndet import __version__, plots, scorecard
from syndet.evaluation import Case, Evaluation
from syndet.intervals import Figure
from syndet.measures import Point, Stratum
from syndet.plots import text

# Bars of a drawing; the table has all of them.
_MOST_BARS = 12
_MOST_PROBLEMS = 200
# A browser that obeys loads nothing and runs nothing, even if something here were not escaped.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def evaluation_html(done: Evaluation, name: str) -> str:
    """Return the page of an evaluation; `name` is that of the labels file."""
    style = files("syndet").joinpath("data/page.css").read_text(encoding="utf-8")
    body = "\n".join(
        part
        for section in (_head, _summary, _drawings, _points, _others, _breakdown, _thresholds, _misses, _problems)
        for part in section(done, name)
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>syndet on {text(name)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}\n"
        f"<footer>syndet {text(__version__)}, recipe {text(done.recipe)}. What the figures mean stands in "
        "docs/evaluate.md of syndet.</footer>\n</body>\n</html>\n"
    )


def _head(done: Evaluation, name: str) -> Iterator[str]:
    found = done.measures
    judged = "the links of the store" if done.mode == "store" else "direct comparison of each pair"
    implied = f", {done.implied:,} of them because the clusters are closed" if done.implied else ""
    yield f"<h1>syndet on <bdi>{text(name)}</bdi></h1>"
    yield (
        f"<p>{found.pairs:,} labelled pairs of {done.articles:,} articles: {found.reuse:,} reuse, "
        f"{found.pairs - found.reuse:,} none{implied}. Judged by {judged}.</p>"
    )
    beside = scorecard.note(done).replace("In brackets: 95% intervals", "Beside each figure: its 95% interval", 1)
    yield f'<p class="note">{text(beside)}</p>'
    if done.unlinked:
        yield f"<p><b>{text(scorecard.unlinked(done))}</b></p>"


def _summary(done: Evaluation, _: str) -> Iterator[str]:
    points = {point.name: point for point in done.measures.points}
    decided = points["decided"]
    cards = [
        ("Precision, decided", decided.precision),
        ("Recall, decided", decided.recall),
        ("Recall, possible or decided", points["possible"].recall),
        ("Average precision", done.measures.average_precision),
    ]
    if done.direction is not None:
        cards.append(("Direction right, where answered", done.direction.accuracy))
    if done.passages is not None:
        cards.append(("Passages: plagdet", done.passages.plagdet))
    if done.agreement is not None:
        cards.append(("Clusters: adjusted Rand index", done.agreement.rand_index))
    inside = "".join(
        f'<div class="head"><span>{text(title)}</span><b>{_value(found)}</b><span>{_interval(found)}</span></div>'
        for title, found in cards
    )
    yield f'<div class="heads">{inside}</div>'


def _drawings(done: Evaluation, _: str) -> Iterator[str]:
    found = done.measures
    titled = [(scorecard.title(point.name, done.threshold), point) for point in found.points]
    share = found.reuse / found.pairs if found.pairs else 0.0
    yield '<div class="plots">'
    yield _figure(
        "Precision and recall",
        plots.precision_recall(found.curve, titled, share),
        _key(("one", "by falling score"), *zip(("two", "three", "four"), (name for name, _ in titled), strict=False))
        + "Dashed: what guessing gives, the share of reuse.",
    )
    yield _figure(
        "How true the scores are",
        plots.reliability(found.bins),
        f"Expected calibration error {scorecard.shown(found.calibration_error)}, Brier score "
        f"{scorecard.shown(found.brier)}. Dashed: of what has a score of 0.7, 70% is reuse. Lines: 95% intervals.",
    )
    best = f"Dashed: the best F1, at {found.best:g}; on other labels it will be a little lower." if found.best else ""
    yield _figure(
        "Where to draw the line",
        plots.sweep(found.sweep, found.best),
        _key(("two", "precision"), ("three", "recall"), ("one", "F1, with its interval")) + best,
    )
    yield '</div><div class="plots">'
    for name, strata in done.breakdown:
        known = [stratum for stratum in strata if stratum.reuse][:_MOST_BARS]
        if len(known) > 1:
            yield _figure(
                f"Recall by {name}",
                plots.bars([_bar(stratum) for stratum in known], f"Recall by {name}"),
                _key(("one", "decided"), ("faint", "possible or decided"))
                + "Under each name: pairs that are reuse. Lines: 95% intervals.",
            )
    yield "</div>"


def _bar(stratum: Stratum) -> tuple[str, int, Figure, Figure]:
    points = {point.name: point for point in stratum.points}
    return stratum.value, stratum.reuse, points["decided"].recall, points["possible"].recall


def _figure(title: str, drawing: str, caption: str) -> str:
    return f"<figure><h3>{text(title)}</h3>{drawing}<figcaption>{caption}</figcaption></figure>"


def _key(*series: tuple[str, str]) -> str:
    return "".join(f'<span class="key"><i class="{kind}"></i>{text(name)}</span>' for kind, name in series)


def _points(done: Evaluation, _: str) -> Iterator[str]:
    yield "<h2>Found and missed</h2>"
    rows = [
        [text(scorecard.title(point.name, done.threshold)), *map(_cell, (point.precision, point.recall, point.f1)),
         _cell(point.false_links), f"{point.found_reuse:,}", f"{point.missed_reuse:,}", f"{point.found_none:,}"]
        for point in done.measures.points
    ]  # fmt: skip
    yield _table(["", "Precision", "Recall", "F1", "False links", "Found", "Missed", "Found, but none"], rows)


def _others(done: Evaluation, _: str) -> Iterator[str]:
    rows = [
        ["Average precision", _cell(done.measures.average_precision)],
        ["Brier score (0 is best)", _cell(done.measures.brier)],
        ["Expected calibration error (0 is best)", _cell(done.measures.calibration_error)],
    ]
    if done.direction is not None:
        rows.append([f"Direction right, of {done.direction.answered:,} answered", _cell(done.direction.accuracy)])
        rows.append([f"Direction answered, of {done.direction.labelled:,}", _cell(done.direction.coverage)])
    if (same := done.agreement) is not None:
        rows.append([f"Adjusted Rand index: {same.clusters:,} labelled clusters, {same.found:,} found",
                     _cell(same.rand_index)])  # fmt: skip
    if done.passages is not None:
        rows += [[f"Passages: {text(name)}", _cell(getattr(done.passages, key))]
                 for key, name in scorecard.PASSAGES.items()]  # fmt: skip
    yield '<h2>Other measures</h2><div class="narrow">'
    yield _table(["", "Value"], rows) + "</div>"


def _breakdown(done: Evaluation, _: str) -> Iterator[str]:
    for name, strata in done.breakdown:
        rows = []
        for stratum in strata:
            at = {point.name: point for point in stratum.points}
            recalls = [_cell(at[point].recall) for point in ("decided", "threshold", "possible")]
            rows.append([f"<bdi>{text(stratum.value)}</bdi>", f"{stratum.reuse:,}", *recalls,
                         f"{stratum.pairs - stratum.reuse:,}", _cell(at["decided"].false_links)])  # fmt: skip
        score = f"Recall, score of {done.threshold:g} or more"
        yield f"<h2>By {text(name)}</h2>"
        yield _table(
            ["", "Reuse", "Recall, decided", score, "Recall, possible or decided", "None", "False links, decided"], rows
        )


def _thresholds(done: Evaluation, _: str) -> Iterator[str]:
    def row(point: Point) -> list[str]:
        return [point.name, *map(_cell, (point.precision, point.recall, point.f1))]

    best = next((n for n, point in enumerate(done.measures.sweep) if float(point.name) == done.measures.best), None)
    table = _table(["Score", "Precision", "Recall", "F1"], [row(point) for point in done.measures.sweep], best)
    yield f"<h2>By threshold</h2><details><summary>Every threshold from 0.05 to 0.95</summary>{table}</details>"


def _misses(done: Evaluation, _: str) -> Iterator[str]:
    for title, none, cases in (
        ("Worst misses", f"All reuse is decided or has a score of {done.threshold:g} or more.", done.misses),
        ("Worst false links", f"Nothing else is linked, or has a score of {done.threshold:g}.", done.false_links),
    ):
        yield f"<h2>{title}</h2>"
        if not cases:
            yield f"<p>{none}</p>"
        for case in cases:
            yield _case(case)


def _case(case: Case) -> str:
    said = f"{case.state}, {case.said}".replace("_", " ") if case.state else "not linked"
    kinds = "".join(f" · {text(word)}" for word in (case.relation, case.edit) if word)
    sides = "".join(
        f"<p>{_address(url)}{f'<br><bdi>{text(title)}</bdi>' if title else ''}</p>"
        for url, title in ((case.a, case.title_a), (case.b, case.title_b))
    )
    return (
        f'<div class="case"><p><b>Score {case.score:.2f}</b>, {text(said)}<span class="soft">{kinds} · '
        f'{text(case.where)}</span></p>{sides}<p class="note">{text(scorecard.compared(case).capitalize())}</p></div>'
    )


def _address(url: str) -> str:
    # Only what a browser may follow without harm becomes a link.
    if url.startswith(("http://", "https://")):
        return f'<a href="{text(url)}" rel="noreferrer noopener"><bdi>{text(url)}</bdi></a>'
    return f'<span class="address"><bdi>{text(url)}</bdi></span>'


def _problems(done: Evaluation, _: str) -> Iterator[str]:
    if not done.problems and not done.unread:
        return
    yield f"<h2>What could not be used</h2><p>{len(done.problems):,} problems in {done.lines:,} lines of labels.</p>"
    counts = Counter(problem.fault for problem in done.problems)
    if counts:
        yield _table(["", "Times"], [[scorecard.FAULTS[fault], f"{n:,}"] for fault, n in counts.most_common()])
        items = "".join(
            f"<li><span class='soft'>{text(problem.where)}</span> {text(problem.detail)}</li>"
            for problem in done.problems[:_MOST_PROBLEMS]
        )
        yield f"<details><summary>One by one</summary><ul>{items}</ul></details>"
    for sentence in done.unread:
        yield f"<p>{text(sentence)}</p>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], best: int | None = None) -> str:
    """Return a table; `rows` hold markup, `head` words."""
    first = "".join(f"<th>{text(name)}</th>" for name in head)
    rest = "".join(
        f"<tr{' class=best' if number == best else ''}>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
        for number, row in enumerate(rows)
    )
    return f'<div class="scroll"><table><tr>{first}</tr>{rest}</table></div>'


def _value(found: Figure) -> str:
    return "–" if found.value is None else f"{found.value:.3f}"


def _interval(found: Figure) -> str:
    return "" if found.low is None or found.high is None else f"{found.low:.3f} to {found.high:.3f}"


def _cell(found: Figure) -> str:
    interval = _interval(found)
    return _value(found) + (f" <small>{interval}</small>" if interval else "")
