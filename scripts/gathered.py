"""The real article bodies of SYNDET_DATA, one a story: what scripts make reposts of, and hide them among.

Beside the scripts, not in the package, as it knows how foreign collections lie on the disk.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path

from syndet import languages, letters, urls
from syndet.errors import UsageError
from syndet.extract import extract
from syndet.models import Article, Page

csv.field_size_limit(1 << 30)
DATA = Path(os.environ.get("SYNDET_DATA", Path(__file__).resolve().parents[1].parent / "shared" / "data"))
LEAST = 60  # words; a shorter body is a notice
# Bodies that share this part of the 5-word runs of the shorter one are one story, whatever the labels say: the cue
# pages and the extraction benchmark hold copies that nobody labelled.
SAME_STORY = 0.2
_RUN = 5


@dataclass(frozen=True, slots=True)
class Real:
    """One article as somebody published it; `collection` is the folder below SYNDET_DATA."""

    url: str
    language: str | None
    body: str
    collection: str


def bodies(folder: Path = DATA) -> list[Real]:
    """Return one body of each known cluster of the collections in `folder`, 60 words or more, in a fixed order.

    A cluster: labelled as one story, of one address, or a fifth of the 5-word runs in common. The longest is kept.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is not there; set SYNDET_DATA to the folder of the collections")
    together = _Groups()
    found: dict[str, Real] = {}
    for real, stories in _everything(folder):
        if letters.count(real.body) < LEAST:
            continue
        found.setdefault(real.body, real)
        for story in (*stories, urls.address(real.url) if real.url else real.body):
            together.join(real.body, story)
    _join_alike(list(found), together)
    kept: dict[Hashable, Real] = {}
    for body, real in found.items():
        group = together.of(body)
        if group not in kept or (len(body), body) > (len(kept[group].body), kept[group].body):
            kept[group] = real
    return sorted(kept.values(), key=lambda real: (real.collection, real.url, real.body))


class _Groups:
    """Union and find over whatever is hashable."""

    def __init__(self) -> None:
        self._parents: dict[Hashable, Hashable] = {}

    def of(self, one: Hashable) -> Hashable:
        while (parent := self._parents.setdefault(one, one)) != one:
            one = parent
        return one

    def join(self, one: Hashable, two: Hashable) -> None:
        self._parents[self.of(one)] = self.of(two)


def _join_alike(every: list[str], together: _Groups) -> None:
    runs: list[set[tuple[str, ...]]] = []
    where: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, body in enumerate(every):
        words = letters.words(body)
        runs.append({tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)})
        common: dict[int, int] = defaultdict(int)
        for run in runs[-1]:
            for other in where[run]:
                common[other] += 1
            where[run].append(number)
        for other, shared in common.items():
            if shared >= SAME_STORY * min(len(runs[other]), len(runs[-1])):
                together.join(body, every[other])


def _everything(folder: Path) -> Iterator[tuple[Real, list[Hashable]]]:
    """Yield every body with the names of the stories that it belongs to."""
    for entry in [entry for _, entry in sorted(_json(folder / "extraction/ground-truth.json").items())]:
        yield _real(entry.get("url", ""), entry["articleBody"], "extraction"), []
    yield from _chains(folder / "story_chains")
    yield from _pairs(folder / "same_story_pairs")
    for pages in sorted([*(folder / "news_pages").iterdir(), folder / "cues/pages"]):
        if pages.is_dir():
            yield from ((real, []) for real in _pages(pages, pages.relative_to(folder).parts[0]))
    for path in sorted((folder / "seed").glob("*.txt")):
        yield _real("", path.read_text("utf-8"), "seed"), []
    for path in sorted((folder / "clough_stevenson").glob("orig_*.txt")):
        yield _real("", path.read_text("utf-8", errors="replace"), "clough_stevenson"), []


def _chains(folder: Path) -> Iterator[tuple[Real, list[Hashable]]]:
    """Yield the articles of story_chains; a pair that either coder calls related is a story."""
    stories: dict[str, list[Hashable]] = defaultdict(list)
    for path in sorted(folder.glob("story_pairs-*.csv")):
        for line in path.read_text(encoding="utf-8-sig").splitlines():
            if line.strip().endswith(";1"):
                for url in line.split(";")[:2]:
                    stories[url].append(line)
    with (folder / "texts.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield _real(row["url"], row["text"], "story_chains"), stories[row["url"]]


def pairs(folder: Path = DATA / "same_story_pairs") -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """Yield the labelled pairs of same_story_pairs: the label, and url, title and text of both sides."""
    for path in sorted(folder.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                first, second = (
                    {name: _once(row[f"INPUT:{side}_{name}"]) for name in ("url", "title", "text")}
                    for side in ("first", "second")
                )
                yield row["GOLDEN:quality"], first, second


def _once(field: str) -> str:
    """Return a field that was written as CSV twice, in one collection 26 of 175, as it was before."""
    whole = len(field) > 1 and field[0] == field[-1] == '"' and '""' in field
    return field[1:-1].replace('""', '"') if whole else field


def _pairs(folder: Path) -> Iterator[tuple[Real, list[Hashable]]]:
    """Yield the articles of same_story_pairs; a pair that is not called another story is one."""
    for number, (label, *sides) in enumerate(pairs(folder)):
        story: list[Hashable] = [] if label == "BAD" else [("same_story_pairs", number)]
        for side in sides:
            yield _real(side["url"], side["text"], "same_story_pairs"), story


def _pages(folder: Path, collection: str) -> Iterator[Real]:
    for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        data = gzip.decompress((folder / entry["file"]).read_bytes())
        found = extract(Page(entry["url"], data, "html", entry["file"], entry.get("fetched")))
        if isinstance(found, Article):
            yield Real(found.url, found.language, found.body, collection)


def _real(url: str, body: str, collection: str) -> Real:
    body = body.strip()
    return Real(url, languages.of(None, body), body, collection)


def _json(path: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))
    return found
