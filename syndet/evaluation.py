"""Labels and a corpus -> an Evaluation: how well the links, or direct comparison, agree with the labels."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from syndet import judging, measures, overlap, pairing, relate
from syndet import labels as reader
from syndet.corpus import Corpus
from syndet.errors import SourceError
from syndet.intervals import Figure, wilson
from syndet.judging import Judge, Judgement, State
from syndet.labels import Labels, Problem
from syndet.measures import Measures, Pairs, Stratum, Truths
from syndet.models import Relation
from syndet.overlap import Passages
from syndet.pairing import Desk, Row
from syndet.summary import Progress

# The misses and the false links that are shown, each.
WORST = 20
STRATA = ("relation", "language", "edit")


@dataclass(frozen=True, slots=True)
class Direction:
    """Whether the right one was called the origin: `accuracy` of those answered, `coverage` of those labelled."""

    labelled: int
    answered: int
    right: int
    accuracy: Figure
    coverage: Figure


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the clusters of the labels, which are all there are, agree with those that were found."""

    clusters: int
    found: int
    articles: int
    rand_index: Figure


@dataclass(frozen=True, slots=True)
class Case:
    """A pair on which label and judgement differ. What follows `direct` is what comparing the two texts gives."""

    a: str
    b: str
    title_a: str | None
    title_b: str | None
    where: str
    reuse: bool  # the label
    score: float
    state: State | None
    relation: str | None  # of the label
    edit: str | None
    said: Relation | None  # the relation that was found
    direct: float  # probability of reuse
    words: int
    words_unquoted: int
    longest_run: int
    share_of_a: float
    share_of_b: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured on labels: the record behind `syndet.evaluation/1`.

    `points` of `measures` are "decided", "threshold" (score of `threshold` or more) and "possible" (or decided).
    `implied` counts pairs that no line names: none, because the clusters are closed.
    """

    mode: Literal["store", "pairwise"]
    recipe: str
    threshold: float
    lines: int
    articles: int
    implied: int
    measures: Measures
    breakdown: tuple[tuple[str, tuple[Stratum, ...]], ...]
    direction: Direction | None
    passages: Passages | None
    agreement: Agreement | None
    misses: tuple[Case, ...]
    false_links: tuple[Case, ...]
    problems: tuple[Problem, ...]
    unread: tuple[str, ...] = ()  # sources of articles that could not be read
    unlinked: int = 0  # labelled articles that the store has not linked yet; their pairs count as missed


def evaluate(
    labels: Labels | str | Path, corpus: Corpus | None = None, *, articles: Iterable[str] = (), pairwise: bool = False,
    threshold: float = relate.REUSE_DECIDED, progress: Progress = lambda _stage, _done: None,
) -> Evaluation:  # fmt: skip
    """Return how well syndet does on `labels`, a file of them or Labels.

    Judged are the links in `corpus`; without one, those of a store that is made of the sources `articles` and of the
    articles in the labels, and thrown away. `pairwise` compares each pair instead. Raises SourceError where no label
    can be used, and StoreError.
    """
    given = labels if isinstance(labels, Labels) else read(Path(labels))
    if corpus is not None:
        # One state of the store, whatever is added meanwhile.
        with corpus.reading():
            return _evaluated(given, corpus, pairwise, threshold, progress, ())
    with _temporary(given, articles, pairwise, progress) as (made, unread):
        return _evaluated(given, made, pairwise, threshold, progress, unread)


def read(path: Path) -> Labels:
    """Return what the labels file `path` (.gz: gzipped) holds. Raises SourceError."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
            return reader.parse(lines, path.name)
    except (OSError, EOFError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise SourceError(f"{path}: the labels cannot be read ({reason}); check the path.") from None


@contextmanager
def _temporary(
    labels: Labels, articles: Iterable[str], pairwise: bool, progress: Progress
) -> Iterator[tuple[Corpus, tuple[str, ...]]]:
    """Yield a corpus of `articles` and of the articles in the labels, and which sources could not be read."""
    with tempfile.TemporaryDirectory(prefix="syndet-") as folder, Corpus(Path(folder) / "evaluate.db") as corpus:
        summary = corpus.add(articles, progress=progress)
        corpus.add_pages(labels.pages)
        if not pairwise:
            corpus.link(progress=progress)
        yield corpus, tuple(summary.problems)


def _evaluated(
    labels: Labels, corpus: Corpus, pairwise: bool, threshold: float, progress: Progress, unread: tuple[str, ...]
) -> Evaluation:
    desk = Desk(corpus, list(labels.problems))
    clusters = pairing.clusters(labels, desk)
    named = pairing.named(labels, clusters, desk)
    everybody = {number for pair in named for number in pair} | {one for members in clusters for one in members}
    judge: Judge = judging.Directly(corpus, progress) if pairwise else judging.ByLinks(corpus, everybody)
    rows = [Row(label, *pair, turned, judge.pair(*pair)) for pair, (label, turned) in named.items()]
    stories = judging.components(sorted(everybody), [(row.low, row.high) for row in rows if row.label.reuse])
    groups: list[object] = [pairing.group(row, stories) for row in rows]
    counts = [1] * len(rows)
    implied = 0
    if labels.closed:
        for row, group, count in pairing.implied(clusters, set(named), judge, desk, stories):
            rows.append(row)
            groups.append(group)
            counts.append(count)
            implied += count
    if not rows:
        first = f" ({desk.problems[0].where}: {desk.problems[0].detail})" if desk.problems else ""
        raise SourceError(f"None of the {labels.lines} lines of labels can be used{first}.")
    numbers = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    group_of = [numbers[group] for group in groups]
    judged = [row.judged for row in rows]
    pairs = Pairs.of([row.label.reuse for row in rows], [one.score for one in judged], group_of, counts)
    points = _points(judged, pairs, threshold)
    misses, false_links = _worst(rows, threshold)
    return Evaluation(
        "pairwise" if pairwise else "store",
        corpus.recipe(),
        threshold,
        labels.lines,
        len(everybody),
        implied,
        measures.measure(pairs, points),
        tuple((name, found) for name in STRATA if (found := _breakdown(name, rows, pairs, points, desk))),
        _direction(rows),
        _passages(rows, group_of, desk),
        _agreement(clusters, judge) if labels.closed else None,
        tuple(_case(row, desk) for row in misses),
        tuple(_case(row, desk) for row in false_links),
        tuple(desk.problems),
        unread,
        0 if pairwise else len(everybody.intersection(corpus.store.articles.unlinked())),
    )


# -- rows to figures ---------------------------------------------------------------------------------------------------


def _points(judged: Sequence[Judgement], pairs: Pairs, threshold: float) -> dict[str, Truths]:
    return {
        "decided": np.array([one.state not in (None, "possible") for one in judged], np.bool_),
        "threshold": pairs.score >= threshold,
        "possible": np.array([one.state is not None for one in judged], np.bool_),
    }


def _breakdown(
    name: str, rows: Sequence[Row], pairs: Pairs, points: dict[str, Truths], desk: Desk
) -> tuple[Stratum, ...]:
    """Return the figures by relation, language or edit; a label without language has that of its articles."""

    def of_articles(row: Row) -> str | None:
        if not row.label.a:
            return None
        languages = {desk.about(number)[1] for number in (row.low, row.high)}
        return languages.pop() if len(languages) == 1 else None

    fallback: Callable[[Row], str | None] = of_articles if name == "language" else lambda _: None
    return measures.breakdown(pairs, points, [getattr(row.label, name) or fallback(row) for row in rows])


def _direction(rows: Sequence[Row]) -> Direction | None:
    told = [row for row in rows if row.label.reuse and row.label.origin is not None]
    answered = [row for row in told if row.judged.origin is not None]
    right = sum(row.judged.origin == (row.high if (row.label.origin == "a") == row.turned else row.low)
                for row in answered)  # fmt: skip
    if not told:
        return None
    return Direction(len(told), len(answered), right, wilson(right, len(answered)), wilson(len(answered), len(told)))


def _passages(rows: Sequence[Row], groups: Sequence[int], desk: Desk) -> Passages | None:
    tallies, of_groups = [], []
    for row, group in zip(rows, groups, strict=True):
        if row.label.passages is None:
            continue
        cases = [(b, a) if row.turned else (a, b) for a, b in row.label.passages]
        ends = [desk.about(number)[2] for number in (row.low, row.high)]
        if any(span[1] > end for case in cases for span, end in zip(case, ends, strict=True)):
            detail = "A passage ends after its text; places count characters of the body that `syndet show` prints."
            desk.note(row.label.where, "outside_text", detail)
            continue
        tallies.append(overlap.tally(cases, row.judged.passages))
        of_groups.append(group)
    return overlap.measure(tallies, of_groups)


def _agreement(clusters: Sequence[Sequence[int]], judge: Judge) -> Agreement | None:
    numbers = [number for members in clusters for number in members]
    if not numbers:
        return None
    truth = [place for place, members in enumerate(clusters) for _ in members]
    found = judge.clusters(numbers)
    return Agreement(len(set(truth)), len(set(found)), len(numbers), measures.rand_index(truth, found))


def _worst(rows: Sequence[Row], threshold: float) -> tuple[list[Row], list[Row]]:
    """Return the reuse that is neither decided nor over the threshold, lowest score first, and the false links."""
    missed = [row for row in rows if row.label.reuse and row.judged.state in (None, "possible")]
    missed = [row for row in missed if row.judged.score < threshold]
    wrong = [row for row in rows if not row.label.reuse and row.label.a]
    wrong = [row for row in wrong if row.judged.state is not None or row.judged.score >= threshold]
    missed.sort(key=lambda row: row.judged.score)
    wrong.sort(key=lambda row: (row.judged.state in (None, "possible"), -row.judged.score))
    return missed[:WORST], wrong[:WORST]


def _case(row: Row, desk: Desk) -> Case:
    a, b = (desk.article(number) for number in ((row.high, row.low) if row.turned else (row.low, row.high)))
    direct, shared = judging.compared(a, b)
    return Case(
        a.url, b.url, a.title, b.title, row.label.where, row.label.reuse, row.judged.score, row.judged.state,
        row.label.relation, row.label.edit, row.judged.relation, direct.score, shared.words, shared.words_unquoted,
        shared.longest_run, shared.containment_in_source, shared.containment_of_source,
    )  # fmt: skip
