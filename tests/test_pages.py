"""The written material is what its own notes say it is: sample corpus, reworded pair, boilerplate pages."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import pytest
import trafilatura

from syndet.dom import decode, parse
from syndet.models import Reason, Relation

PAGES = Path(__file__).parent / "pages"
SAMPLE = Path(__file__).parents[1] / "syndet" / "sample"


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def shingles(text: str) -> set[tuple[str, ...]]:
    w = words(text)
    return {tuple(w[i : i + 5]) for i in range(len(w) - 4)}


def body(data: bytes) -> str:
    text = decode(data)
    document = parse(text) if text else None
    if document is None:
        return ""
    found = trafilatura.extract(
        document.tree, fast=True, include_comments=False, include_tables=True, deduplicate=False
    )
    return found or ""


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def bodies() -> dict[str, str]:
    found = {}
    for manifest in sorted(SAMPLE.glob("*/manifest.jsonl")):
        for row in rows(manifest):
            found[row["url"]] = body((manifest.parent / row["file"]).read_bytes())
    return found


EXPECTED = rows(SAMPLE / "expected.json")


def test_every_page_of_the_sample_is_listed_once() -> None:
    files = [m.parent / row["file"] for m in SAMPLE.glob("*/manifest.jsonl") for row in rows(m)]
    urls = [row["url"] for m in SAMPLE.glob("*/manifest.jsonl") for row in rows(m)]
    assert sorted(files) == sorted(SAMPLE.glob("*/*.html"))
    assert sorted(urls) == sorted(row["url"] for row in EXPECTED)
    assert len(set(urls)) == len(urls)
    assert all((urlsplit(url).hostname or "").endswith(".example") for url in urls)


def test_the_sample_holds_every_relation_and_names_only_what_exists() -> None:
    urls = {row["url"] for row in EXPECTED}
    judged = [row for row in EXPECTED if "skipped" not in row]
    assert {row["relation"] for row in judged} - {None} == set(get_args(Relation))
    assert {row["skipped"] for row in EXPECTED if "skipped" in row} <= set(get_args(Reason))
    assert {row["verdict"] for row in judged} == {"repost", "origin", "possible", "no_match"}
    for row in judged:
        named = [row["origin"], row.get("via"), *row.get("sources", [])]
        assert all(url in urls for url in named if url) or row["relation"] == "declared"
        assert (row["relation"] is None) == (row["verdict"] in ("origin", "no_match"))
        gone_back_to = any(row["url"] == other.get("origin") for other in judged)
        assert gone_back_to == (row["verdict"] == "origin")


@pytest.mark.parametrize("row", [r for r in EXPECTED if r.get("origin")], ids=lambda r: r["url"])
def test_a_repost_shares_with_its_origin_what_its_relation_claims(row: dict[str, Any], bodies: dict[str, str]) -> None:
    if row["relation"] == "declared":
        assert row["origin"] not in bodies
        return
    copy, origin = shingles(bodies[row["url"]]), shingles(bodies[row["origin"]])
    in_origin, of_origin = len(copy & origin) / len(copy), len(copy & origin) / len(origin)
    longer = len(words(bodies[row["url"]])) / len(words(bodies[row["origin"]]))
    # Shingles break at every changed word, and boilerplate stands in the bodies: the bounds are loose.
    match row["relation"]:
        case "exact":
            assert bodies[row["url"]] == bodies[row["origin"]]
        case "near" | "sister":
            assert in_origin >= 0.7 and of_origin >= 0.75
        case "excerpt":
            assert in_origin >= 0.8 and longer <= 0.55
        case "extended":
            assert of_origin >= 0.75 and longer >= 1.7
        case "rewrite":
            assert 0.2 <= of_origin <= 0.35 and in_origin <= 0.2 and longer >= 1.7
        case "revision":
            assert of_origin >= 0.5 and longer >= 1.2


def test_pages_to_skip_hold_next_to_nothing(bodies: dict[str, str]) -> None:
    length = {row["skipped"]: len(words(bodies[row["url"]])) for row in EXPECTED if "skipped" in row}
    assert length["no_text"] == 0
    assert 0 < length["too_short"] < 25
    assert all(
        len(words(bodies[row["url"]])) >= 150
        for row in EXPECTED
        if "skipped" not in row
    )  # fmt: skip


def test_the_sample_stays_small() -> None:
    assert sum(f.stat().st_size for f in SAMPLE.rglob("*") if f.is_file()) < 400_000


def test_the_reworded_repost_defeats_a_symmetric_threshold() -> None:
    origin = (PAGES / "reworded" / "origin.txt").read_text(encoding="utf-8")
    repost = (PAGES / "reworded" / "repost.txt").read_text(encoding="utf-8")
    shared = shingles(origin) & shingles(repost)
    unquoted = shared - set().union(*map(shingles, re.findall(r'"[^"]*"', origin)))
    assert len(shared) / len(shingles(origin) | shingles(repost)) <= 0.10
    assert 0.25 <= len(shared) / len(shingles(origin)) <= 0.35
    assert len(unquoted) >= len(shared) / 2
    assert 2.0 <= len(words(repost)) / len(words(origin)) <= 2.3


def test_boilerplate_pages_share_nothing_but_boilerplate() -> None:
    found = {p.stem: body(p.read_bytes()) for p in (PAGES / "boilerplate").glob("*.html")}
    assert set(found) == {"a", "b", "short-a", "short-b"}
    for one, other in combinations(found.values(), 2):
        common = set(one.splitlines()) & set(other.splitlines())
        assert len(common) == 3 and max(len(words(line)) for line in common) >= 80
        own = [set(shingles("\n".join(x for x in b.splitlines() if x not in common))) for b in (one, other)]
        assert not own[0] & own[1]
