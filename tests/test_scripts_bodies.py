"""What is shared is found in every script that the project has bodies of its own in (tests/scripts_bodies.jsonl)."""

import json
from collections import Counter
from pathlib import Path

import pytest

from syndet import compare, languages, letters, pairs, relate
from syndet.seeds import prepare
from syndet.simulate import make

ROWS = [json.loads(line) for line in (Path(__file__).parent / "scripts_bodies.jsonl").read_text("utf-8").splitlines()]


def others(row: dict[str, str]) -> list[str]:
    return [other["text"] for other in ROWS if other["language"] == row["language"] and other is not row]


def test_two_bodies_of_some_250_words_in_each_language() -> None:
    assert set(Counter(row["language"] for row in ROWS).values()) == {2}
    assert all(languages.of(None, row["text"]) == row["language"] for row in ROWS)
    assert all(160 <= sum(map(letters.weight, letters.words(row["text"]))) <= 330 for row in ROWS)


@pytest.mark.parametrize("edit", ["copy", "unseen", "typography", "replaced_30", "reworded"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["url"])
def test_reuse_is_decided_in_every_script(row: dict[str, str], edit: str) -> None:
    page = make(edit, row["text"], others(row), 1)
    assert compare(page.body, page.source).reuse >= relate.REUSE_DECIDED


@pytest.mark.parametrize("edit", ["unseen", "typography"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["url"])
def test_what_nobody_reads_changes_no_word(row: dict[str, str], edit: str) -> None:
    page = make(edit, row["text"], others(row), 1)
    assert letters.words(page.body) == letters.words(page.source)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["url"])
def test_two_stories_of_one_language_share_nothing(row: dict[str, str]) -> None:
    assert compare(row["text"], others(row)[0]).reuse < relate.REUSE_POSSIBLE


def test_content_pairs_of_many_bodies_are_those_of_each() -> None:
    bodies = ["", "one", *(row["text"] for row in ROWS), "Masked @ @ words of a corpus stand here"]
    for body, (keys, places) in zip(bodies, pairs.every(bodies), strict=True):
        alone, where = prepare(body).placed()
        assert keys.tolist() == alone.tolist()
        assert places.tolist() == where.tolist()
