"""Clusters and outlets -> drawings (SVG), coloured by the style sheet of the pages: who was when, who copies whom.

Each is made for a wide and for a narrow screen, since letters shrink with a drawing. Every text is escaped.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from syndet.plots import text
from syndet.traffic import Flow, Outlet

WIDE, NARROW = 760, 340
# Hours after the first, as the axis of time tells them.
_TICKS = (
    (1 / 6, "10 min"),
    (1, "1 h"),
    (6, "6 h"),
    (24, "1 day"),
    (168, "1 week"),
    (720, "1 month"),
    (8_760, "1 year"),
)
_ROW, _NARROW_ROW, _HEAD = 36, 50, 34
_LABEL = 218
_UNDATED = 76
_BEFORE = 40
# Room for the words of a tick.
_APART = 62.0
# Of a column of outlets: least height of one, and that of all where copies are counted.
_LEAST, _HEIGHT = 34, 420
_BAR = 10


@dataclass(frozen=True, slots=True)
class Dot:
    """One page of a cluster. `hours`: after the first, None without a date; `above`: place of what it goes back to."""

    label: str
    said: str  # in full, where the pointer rests
    hours: float | None
    above: int | None = None
    link: str | None = None
    stored: bool = True
    here: bool = False  # the page that is looked at


def timeline(dots: Sequence[Dot], *, narrow: bool = False) -> str:
    """Return pages from the oldest to the latest, a row each, by how much later they are, and who has it from whom."""
    return "".join(_timeline(dots, NARROW if narrow else WIDE, narrow))


def _timeline(dots: Sequence[Dot], width: int, narrow: bool) -> Iterator[str]:
    row = _NARROW_ROW if narrow else _ROW
    height = _HEAD + row * len(dots) + 6
    # What is not stored stands before the first page: nobody knows when it was.
    before = 0 if all(dot.stored for dot in dots) else _BEFORE
    left = (12 if narrow else _LABEL) + before
    undated = any(dot.hours is None for dot in dots)
    right = width - 16 - (_UNDATED if undated else 0)
    most = max((dot.hours for dot in dots if dot.hours is not None), default=0.0)

    def across(dot: Dot) -> float:
        return at_hours(dot.hours) if dot.stored else left - before

    def at_hours(hours: float | None) -> float:
        if hours is None:
            return width - 16 - _UNDATED / 4
        return left + (right - left) * (math.log1p(max(hours, 0.0)) / math.log1p(most) if most else 0.0)

    def down(place: int) -> float:
        return _HEAD + row * place + (row - 12 if narrow else row / 2)

    said = f"{len(dots)} pages from the oldest to the latest, each joined to the one that it goes back to"
    yield _open(said, width, height)
    last = -_APART
    for hours, name in ((0.0, "first"), *_TICKS):
        if hours > most or (at := at_hours(hours)) - last < _APART:
            continue
        last = at
        yield f'<line class="grid" x1="{at:.1f}" y1="{_HEAD - 8}" x2="{at:.1f}" y2="{height - 2}"/>'
        anchor = "start" if at < left + 20 else "end" if at > width - 40 else "middle"
        yield f'<text class="soft" x="{at:.1f}" y="16" text-anchor="{anchor}">{"+" if hours else ""}{name}</text>'
    if undated:
        yield f'<text class="soft" x="{width - 4}" y="16" text-anchor="end">no date</text>'
    for place, dot in enumerate(dots):
        if dot.above is not None:
            yield _elbow(across(dots[dot.above]), down(dot.above), across(dot), down(place))
    for place, dot in enumerate(dots):
        kind = "here" if dot.here else "copy" if dot.above is not None else "origin"
        y = down(place)
        label = _cut(dot.label, 40 if narrow else 28)
        spot = f'x="{2 if narrow else left - before - 22}" y="{y - 16 if narrow else y + 5:.1f}"'
        anchor = "start" if narrow else "end"
        words = f'<text class="{"strong" if dot.here else ""}" {spot} text-anchor="{anchor}">{text(label)}</text>'
        kind += "" if dot.stored else " hollow"
        mark = f'<circle class="dot {kind}" cx="{across(dot):.1f}" cy="{y:.1f}" r="6"/>'
        yield _linked(f"{words}{mark}", dot.link, dot.said)
    yield "</svg>"


def _elbow(x1: float, y1: float, x2: float, y2: float) -> str:
    """Return the way from a page down to one that goes back to it, with an arrow at its end."""
    if abs(x2 - x1) < 16:
        # Straight down, where there is no room for a corner.
        way = f"M{x1:.1f} {y1 + 6:.1f}C{x1:.1f} {(y1 + y2) / 2:.1f} {x2:.1f} {(y1 + y2) / 2:.1f} {x2:.1f} {y2 - 11:.1f}"
        tip = f"{x2:.1f},{y2 - 7:.1f} {x2 - 4:.1f},{y2 - 14:.1f} {x2 + 4:.1f},{y2 - 14:.1f}"
    else:
        sign = 1 if x2 > x1 else -1
        end = x2 - sign * 11
        way = f"M{x1:.1f} {y1 + 6:.1f}V{y2 - 6:.1f}Q{x1:.1f} {y2:.1f} {x1 + sign * 6:.1f} {y2:.1f}H{end:.1f}"
        tip = f"{x2 - sign * 7:.1f},{y2:.1f} {x2 - sign * 14:.1f},{y2 - 4:.1f} {x2 - sign * 14:.1f},{y2 + 4:.1f}"
    return f'<path class="hop" d="{way}"/><polygon class="tip" points="{tip}"/>'


# -- outlets -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Node:
    outlet: Outlet
    copies: int
    top: float
    height: float


def flows(found: Sequence[Flow], links: dict[str, str], *, narrow: bool = False) -> str:
    """Return who copies whom: sources at the left, copiers at the right, as thick as there are copies.

    `links` has the address of the page of an outlet, by its key.
    """
    return "".join(_flows(found, links, NARROW if narrow else WIDE, narrow))


def _flows(found: Sequence[Flow], links: dict[str, str], width: int, narrow: bool) -> Iterator[str]:
    total = sum(flow.copies for flow in found)
    unit = _HEIGHT / total if total else 0.0
    sources = _column(((flow.source, flow.copies) for flow in found), unit, {})
    middle = {flow.source.key: sources[flow.source.key].top for flow in found}
    weights: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    for flow in found:
        weights[flow.copier.key] += middle[flow.source.key] * flow.copies
        counts[flow.copier.key] += flow.copies
    order = {key: weights[key] / counts[key] for key in counts}
    copiers = _column(((flow.copier, flow.copies) for flow in found), unit, order)
    height = max((node.top + node.height for side in (sources, copiers) for node in side.values()), default=0.0) + 12
    left, right = (2, width - 2 - _BAR) if narrow else (_LABEL, width - _LABEL - _BAR)
    yield _open("Who copies whom: arrows lead from the source to the outlet that copies it", width, height)
    for words, inner, outer, anchors in (
        ("published by", left + _BAR, left, ("end", "start")),
        ("copied by", right, right + _BAR, ("start", "end")),
    ):
        x = outer if narrow else inner
        yield f'<text class="soft" x="{x}" y="14" text-anchor="{anchors[narrow]}">{words}</text>'
    yield from _bands(found, sources, copiers, unit, (left + _BAR, right))
    for side, x, first in ((sources, left, True), (copiers, right, False)):
        for node in side.values():
            yield _node(node, x, first, narrow, links.get(node.outlet.key))
    yield "</svg>"


def _column(copies: Iterable[tuple[Outlet, int]], unit: float, order: dict[str, float]) -> dict[str, _Node]:
    """Return the outlets of one side, those with most copies first unless `order` says otherwise."""
    counts: dict[str, int] = defaultdict(int)
    outlets: dict[str, Outlet] = {}
    for outlet, count in copies:
        counts[outlet.key] += count
        outlets[outlet.key] = outlet
    top, made = 26.0, {}
    for key in sorted(counts, key=lambda key: (order.get(key, 0.0), -counts[key], key)):
        height = max(counts[key] * unit, 4.0)
        made[key] = _Node(outlets[key], counts[key], top + 15, height)
        top += max(height + 18, _LEAST) + 8
    return made


def _bands(
    found: Sequence[Flow], sources: dict[str, _Node], copiers: dict[str, _Node], unit: float, at: tuple[float, float]
) -> Iterator[str]:
    """Yield a band for each flow, at its sources in the order of the copiers and the other way round."""
    left, right = at[0] + 2, at[1] - 12
    middle = (left + right) / 2
    used: dict[tuple[str, bool], float] = defaultdict(float)
    starts, ends = {}, {}
    for flow in sorted(found, key=lambda flow: copiers[flow.copier.key].top):
        starts[flow] = sources[flow.source.key].top + used[flow.source.key, True]
        used[flow.source.key, True] += flow.copies * unit
    for flow in sorted(found, key=lambda flow: sources[flow.source.key].top):
        ends[flow] = copiers[flow.copier.key].top + used[flow.copier.key, False]
        used[flow.copier.key, False] += flow.copies * unit
    for flow in found:
        thick = max(flow.copies * unit, 1.5)
        y1, y2 = starts[flow] + thick / 2, ends[flow] + thick / 2
        way = f"M{left:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {right:.1f} {y2:.1f}"
        tip = max(thick / 2, 4.0)
        points = f"{right + 10:.1f},{y2:.1f} {right - 0.5:.1f},{y2 - tip:.1f} {right - 0.5:.1f},{y2 + tip:.1f}"
        yield (
            f'<g class="flow {_tone(flow)}"><title>{text(told(flow))}</title>'
            f'<path d="{way}" stroke-width="{thick:.1f}"/><polygon points="{points}"/></g>'
        )


def _tone(flow: Flow) -> str:
    """Return how a flow is coloured: by whether credit is given."""
    return "unknown" if flow.credit is None else "credited" if flow.credit > 0.5 else "uncredited"


def told(flow: Flow) -> str:
    """Return a flow in words."""
    said = f"{flow.copier.name} copies {flow.source.name}: {flow.copies:,} {'copy' if flow.copies == 1 else 'copies'}"
    if flow.lag is not None:
        said += f", {flow.lag:,.1f} hours later"
    if flow.credit is not None:
        said += f", credit in {flow.credited:,} of {flow.html:,}"
    return said + (f", {flow.kept:.0%} of the text kept" if flow.kept is not None else "")


def _node(node: _Node, x: float, first: bool, narrow: bool, link: str | None) -> str:
    kind = "bar" if node.outlet.site else "bar hollow"
    bar = f'<rect class="{kind}" x="{x}" y="{node.top:.1f}" width="{_BAR}" height="{node.height:.1f}" rx="2"/>'
    name = text(_cut(node.outlet.name, 19 if narrow else 26))
    count = f'<tspan class="soft"> {node.copies:,}</tspan>'
    if narrow:
        at = f'x="{x if first else x + _BAR}" y="{node.top - 5:.1f}" text-anchor="{"start" if first else "end"}"'
    else:
        at = f'x="{x - 10 if first else x + _BAR + 10}" y="{node.top + min(node.height / 2, 20) + 5:.1f}"'
        at += f' text-anchor="{"end" if first else "start"}"'
    return _linked(f"{bar}<text {at}>{name}{count}</text>", link, node.outlet.name)


# -- what both are made of ---------------------------------------------------------------------------------------------


def _open(label: str, width: float, height: float) -> str:
    return f'<svg viewBox="0 0 {width:g} {height:.0f}" role="group" aria-label="{text(label)}">'


def _linked(inside: str, link: str | None, said: str) -> str:
    title = f"<title>{text(said)}</title>"
    return f'<a href="{text(link)}">{title}{inside}</a>' if link else f"<g>{title}{inside}</g>"


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
