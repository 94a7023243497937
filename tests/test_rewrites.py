"""The project's own corpus of rewrites is whole, and what it is for: light rewrites found, independent reports not."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

from syndet import compare, letters, relate

FOLDER = Path(__file__).parent / "rewrites"
ARTICLES = [json.loads(line) for line in (FOLDER / "articles.jsonl").read_text("utf-8").splitlines()]
LABELS = [json.loads(line) for line in (FOLDER / "labels.jsonl").read_text("utf-8").splitlines()]
TEXTS = {row["url"]: row["text"] for row in ARTICLES}


def test_the_checksums_are_those_of_the_files() -> None:
    for line in (FOLDER / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest


def test_every_story_has_its_five_texts_and_seven_labels() -> None:
    assert Counter(row["role"] for row in ARTICLES) == dict.fromkeys(
        ("source", "light", "full", "free", "independent"), 50
    )
    assert Counter(Counter(row["story"] for row in ARTICLES).values()) == {5: 50}
    assert Counter(row["label"] for row in LABELS) == {"reuse": 150, "none": 200}
    assert {url for row in LABELS for url in (row["a"], row["b"])} == set(TEXTS)
    assert len(set(TEXTS.values())) == 250


def test_sources_have_the_length_that_the_card_says_and_half_of_the_rewrites_are_padded() -> None:
    for row in ARTICLES:
        words = sum(map(letters.weight, letters.words(row["text"])))
        assert 120 <= words <= 720
        assert row["padded"] == (row["story"] % 2 == 0 and row["role"] in ("light", "full", "free"))


@pytest.mark.parametrize("edit", ["light", "full", "independent"])
def test_light_and_full_rewrites_are_found_and_independent_reports_are_not_decided(edit: str) -> None:
    pairs = [row for row in LABELS if row["edit"] == edit]
    found = [compare(TEXTS[row["a"]], TEXTS[row["b"]]).reuse for row in pairs]
    decided, shown = (sum(p >= least for p in found) for least in (relate.REUSE_DECIDED, relate.REUSE_POSSIBLE))
    # The model is fitted to these texts; scripts/fit_reuse has the cross-validated figures.
    assert {"light": decided >= 48, "full": shown >= 40, "independent": decided == 0}[edit]
