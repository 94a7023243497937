"""Pairs of texts of which it is known which was made from which: for scripts/evaluate_origin.

Beside the scripts, not in the package, as it knows how foreign collections lie on the disk.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from syndet import dates, letters, urls
from syndet.models import Article

csv.field_size_limit(1 << 30)
ROOT = Path(__file__).resolve().parent.parent
# Of story_chains, read by one person: the copy says whose it is ("From pv magazine Australia."), or the other side is
# the agency that wrote it. Beginnings of addresses, without the scheme: copy, origin.
CREDITED = (
    ("www.pv-magazine.com/2021/06/17/frv-builds", "www.pv-magazine-australia.com/2021/06/17/frv-builds"),
    ("www.pv-magazine.com/2021/06/25/canberra", "www.pv-magazine-australia.com/2021/06/25/act-investigates"),
    ("www.pv-magazine.com/2021/06/24/first-reactions", "pv-magazine-usa.com/2021/06/24/biden-administration"),
    ("www.pv-magazine.com/2021/06/21/australias", "www.pv-magazine-australia.com/2021/06/21/nationally"),
    ("www.zawya.com/mena/en/business/story/EIGled", "www.reuters.com/article/us-saudi-aramco-pipeline-eig"),
)

Pair = tuple[Article, Article]
"""The copy and its source, without a cue."""


def pairs(data: Path) -> Iterator[tuple[str, Pair]]:
    """Yield the pairs of `data` and those of the project's own corpus, each with the name of its group."""
    if data.is_dir():
        yield from (("news, the copy says whose it is", pair) for pair in _credited(data / "story_chains"))
        yield from (("students' answers", pair) for pair in _answers(data / "clough_stevenson"))
    yield from _own(ROOT / "tests/rewrites/articles.jsonl")


def _article(url: str, body: str, published: str | None = None, title: str | None = None) -> Article:
    return Article(
        url, body, site=urls.site(url), title=title, published=published, words=letters.count(body), html=False
    )  # fmt: skip


def _credited(folder: Path) -> Iterator[Pair]:
    with (folder / "texts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for pair in CREDITED:
        one, two = (next(row for row in rows if row["url"].split("://")[1].startswith(begin)) for begin in pair)
        yield (
            _article(one["url"], one["text"], dates.iso(one["date"]), one["title"]),
            _article(two["url"], two["text"], dates.iso(two["date"]), two["title"]),
        )


def _answers(folder: Path) -> Iterator[Pair]:
    """Yield answers that were copied to some degree, with what they were copied from."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["category"] in ("cut", "light", "heavy")]
    for row in rows:
        answer = (folder / row["file"]).read_text("utf-8", errors="replace").strip()
        source = (folder / row["orig"]).read_text("utf-8", errors="replace").strip()
        yield _article("", answer), _article("", source)


def _own(path: Path) -> Iterator[tuple[str, Pair]]:
    """Yield the rewrites of the project's own corpus with their sources, as dated as they are, and without dates."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    sources = {row["story"]: row for row in rows if row["role"] == "source"}
    for row in rows:
        if row["role"] in ("light", "full", "free"):
            source = sources[row["story"]]
            for dated in (True, False):
                one, two = (
                    _article(side["url"], side["text"], side["published"] if dated else None, side["title"])
                    for side in (row, source)
                )
                yield f"own rewrites, {'with' if dated else 'without'} dates", (one, two)
