"""Figures -> drawings: SVG to stand in a page, coloured by its style sheet, nothing in them from elsewhere.

Classes: `one`, `two`, `three` are the colours of series; `grid`, `axis`, `soft` the rest. Every text is escaped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from html import escape

from syndet.intervals import Figure
from syndet.measures import Bin, Point

WIDTH, HEIGHT = 440, 330
_LEFT, _RIGHT, _TOP, _BOTTOM = 50, 14, 12, 44
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
# Of bars: label, bar, figures.
_LABEL, _ROW, _FIGURES = 138, 42, 60
_MOST_LABEL = 16  # characters


def text(words: str) -> str:
    """Return `words` escaped for a page, without characters that steer or hide (control, direction).

    >>> text('<b>"&\\x00')
    '&lt;b&gt;&quot;&amp; '
    """
    return escape("".join(character if character.isprintable() else " " for character in words))


def _x(value: float) -> float:
    return _LEFT + value * (WIDTH - _LEFT - _RIGHT)


def _y(value: float, bottom: float = HEIGHT - _BOTTOM) -> float:
    return bottom - value * (bottom - _TOP)


def _svg(label: str, parts: Iterable[str], height: float = HEIGHT) -> str:
    inside = "".join(parts)
    return f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{text(label)}">{inside}</svg>'


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _words(x: float, y: float, words: str, anchor: str = "middle", kind: str = "") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text(words)}</text>'


def _path(kind: str, points: Sequence[tuple[float, float]], close: bool = False) -> str:
    if not points:
        return ""
    places = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path class="{kind}" d="M{places}{"Z" if close else ""}"/>'


def _dot(kind: str, x: float, y: float, title: str, radius: float = 4.5) -> str:
    return (
        f'<circle class="dot {kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{text(title)}</title></circle>'
    )


def _frame(across: str, up: str, bottom: float = HEIGHT - _BOTTOM) -> list[str]:
    """Return the grid from 0 to 1 both ways and the names of the axes."""
    parts = []
    for tick in _TICKS:
        parts.append(_line("axis" if tick == 0 else "grid", _x(tick), _TOP, _x(tick), bottom))
        parts.append(_line("axis" if tick == 0 else "grid", _x(0), _y(tick, bottom), _x(1), _y(tick, bottom)))
        parts.append(_words(_LEFT - 7, _y(tick, bottom) + 4, f"{tick:g}", "end", "soft"))
        parts.append(_words(_x(tick), HEIGHT - _BOTTOM + 18, f"{tick:g}", kind="soft"))
    parts.append(_words(_x(0.5), HEIGHT - 4, across))
    middle = (_TOP + bottom) / 2
    parts.append(f'<text text-anchor="middle" transform="translate(12 {middle:.1f}) rotate(-90)">{text(up)}</text>')
    return parts


def precision_recall(
    curve: Sequence[tuple[float, float, float]], points: Sequence[tuple[str, Point]], share: float
) -> str:
    """Return precision over recall, the named points on it, and what guessing gives: the share of reuse."""
    parts = _frame("recall", "precision")
    parts.append(_line("guess", _x(0), _y(share), _x(1), _y(share)))
    steps = [(0.0, curve[0][1]), *((recall, precision) for recall, precision, _ in curve)] if curve else []
    parts.append(_path("curve one", [(_x(recall), _y(precision)) for recall, precision in steps]))
    for kind, (name, point) in zip(("two", "three", "four"), points, strict=False):
        if point.precision.value is not None and point.recall.value is not None:
            said = f"{name}: precision {point.precision.value:.3f}, recall {point.recall.value:.3f}"
            parts.append(_dot(kind, _x(point.recall.value), _y(point.precision.value), said, 5.5))
    return _svg("Precision over recall", parts)


def reliability(bins: Sequence[Bin]) -> str:
    """Return the share of reuse over the mean score of each bin, with intervals, and how many pairs each holds."""
    bottom = HEIGHT - _BOTTOM - 50
    parts = _frame("score", "share that is reuse", bottom)
    parts.append(_line("guess", _x(0), _y(0, bottom), _x(1), _y(1, bottom)))
    most = math.log1p(max((one.pairs for one in bins), default=0)) or 1.0
    for one in bins:
        if one.score is None or one.reuse.value is None:
            continue
        said = f"score {one.low:g} to {one.high:g}: {one.pairs:,} pairs, {one.reuse.value:.3f} of them reuse"
        height = 30 * math.log1p(one.pairs) / most
        parts.append(
            f'<rect class="bar faint" x="{_x(one.low) + 2:.1f}" y="{HEIGHT - _BOTTOM - height:.1f}" '
            f'width="{_x(one.high) - _x(one.low) - 4:.1f}" height="{height:.1f}"><title>{text(said)}</title></rect>'
        )
        x = _x(one.score)
        parts.append(_line("whisker", x, _y(one.reuse.low or 0.0, bottom), x, _y(one.reuse.high or 0.0, bottom)))
        parts.append(_dot("one", x, _y(one.reuse.value, bottom), said))
    parts.append(_words(_x(1), bottom + 13, "pairs (logarithmic)", "end", "soft"))
    parts.append(_line("axis", _x(0), HEIGHT - _BOTTOM, _x(1), HEIGHT - _BOTTOM))
    return _svg("Share of reuse over score", parts)


def sweep(points: Sequence[Point], best: float | None) -> str:
    """Return precision, recall and F1 over the threshold; F1 with its interval as a band."""
    parts = _frame("threshold", "precision, recall, F1")
    if best is not None:
        parts.append(_line("guess", _x(best), _TOP, _x(best), HEIGHT - _BOTTOM))
    banded = [(float(p.name), p.f1.low, p.f1.high) for p in points if p.f1.low is not None and p.f1.high is not None]
    outline = [(_x(at), _y(high)) for at, _, high in banded] + [(_x(at), _y(low)) for at, low, _ in reversed(banded)]
    parts.append(_path("band", outline, close=True))
    of: tuple[tuple[str, str, Callable[[Point], Figure]], ...] = (
        ("two", "precision", lambda point: point.precision),
        ("three", "recall", lambda point: point.recall),
        ("one", "F1", lambda point: point.f1),
    )
    for kind, name, get in of:
        known = [(float(point.name), value) for point in points if (value := get(point).value) is not None]
        parts.append(_path(f"curve {kind}", [(_x(at), _y(value)) for at, value in known]))
        parts += [
            _dot(f"{kind} small", _x(at), _y(value), f"threshold {at:g}: {name} {value:.3f}", 2.5)
            for at, value in known
        ]
    return _svg("Precision, recall and F1 over the threshold", parts)


def bars(rows: Sequence[tuple[str, int, Figure, Figure]], label: str) -> str:
    """Return two bars with intervals for each of `rows`: name, how many, and two proportions, the longer one paler."""
    parts = []
    span = WIDTH - _LABEL - _FIGURES

    def across(value: float) -> float:
        return _LABEL + value * span

    height = 22 + _ROW * len(rows)
    for tick in (0.0, 0.5, 1.0):
        parts.append(_line("axis" if tick == 0 else "grid", across(tick), 4, across(tick), height - 18))
        parts.append(_words(across(tick), height - 4, f"{tick:g}", kind="soft"))
    for number, (name, count, first, second) in enumerate(rows):
        top = 6 + _ROW * number
        short = name if len(name) <= _MOST_LABEL else f"{name[: _MOST_LABEL - 1]}…"
        parts.append(f"<g><title>{text(name)}</title>{_words(_LABEL - 8, top + 13, short, 'end')}")
        parts.append(_words(_LABEL - 8, top + 27, f"{count:,}", "end", "soft") + "</g>")
        for kind, found, y in (("one", first, top), ("faint", second, top + 15)):
            if found.value is None:
                continue
            place = f'x="{across(0):.1f}" y="{y:.1f}" width="{found.value * span:.1f}" height="13"'
            parts.append(f'<rect class="bar {kind}" {place}/>')
            if found.low is not None and found.high is not None:
                parts.append(_line("whisker", across(found.low), y + 6.5, across(found.high), y + 6.5))
            parts.append(_words(across(1) + 8, y + 11, f"{found.value:.3f}", "start", "" if kind == "one" else "soft"))
    return _svg(label, parts, height)
