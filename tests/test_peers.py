"""The pure parts of scripts/evaluate_peers: winnowing, and figures worked out by hand."""

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from claims import Query, best, crossed, measure, over
from winnowing import Winnowed, runs, winnowed

WORDS = some.lists(some.sampled_from("a b c d e f g".split()), max_size=30)


def query(group: int, edit: str = "copy", source: int | None = None) -> Query:
    return Query("", edit, group, source, "", None)


# -- winnowing ---------------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(WORDS, WORDS, WORDS, WORDS, some.data())
def test_a_shared_run_of_window_and_length_less_one_words_leaves_a_shared_fingerprint(before, after, other, more, data):
    size, window = data.draw(some.integers(1, 6)), data.draw(some.integers(1, 8))
    shared = data.draw(some.lists(some.sampled_from("abcdefghij"), min_size=window + size - 1, max_size=40))
    one, two = [*before, *shared, *after], [*other, *shared, *more]
    assert winnowed(runs(one, size), window) & winnowed(runs(two, size), window)


@given(some.lists(some.integers(0, 50)), some.integers(1, 9))
def test_fingerprints_are_hashes_of_the_text_and_every_window_has_one(hashes, window):
    found = winnowed(hashes, window)
    assert found <= set(hashes)
    assert all(found & set(hashes[at : at + window]) for at in range(len(hashes) - window + 1))
    assert bool(found) == bool(hashes)


@given(some.lists(some.integers(0, 50)))
def test_a_window_of_one_keeps_everything(hashes):
    assert winnowed(hashes, 1) == set(hashes)


def test_wider_windows_keep_about_two_in_one_more_than_their_width():
    hashes = runs([str(number) for number in range(20_000)], 5)
    for window in (2, 4, 9):
        assert len(winnowed(hashes, window)) / len(hashes) == pytest.approx(2 / (window + 1), rel=0.03)


@given(some.lists(WORDS, max_size=5), WORDS)
def test_the_index_counts_what_sets_of_fingerprints_have_in_common(articles, asked):
    index = Winnowed(3, 2)
    index.build(articles)
    own = winnowed(runs(asked, 3), 2)
    kept = [winnowed(runs(words, 3), 2) for words in articles]
    assert dict(index.shared(asked)) == {at: len(own & other) for at, other in enumerate(kept) if own & other}
    assert index.bytes() == 12 * sum(map(len, kept))


# -- figures -----------------------------------------------------------------------------------------------------------


def test_figures_of_a_case_worked_out_by_hand():
    asked = [query(0, "copy", 0), query(1, "copy", 1), query(0, "third", 0), query(1, "same_topic")]
    claims = [frozenset({0}), frozenset({1, 5}), frozenset({7}), frozenset({1, 2})]
    found = measure(asked, claims)
    # Two of three sources; six claims, two of them right.
    assert (found.right, found.claims) == (2, 6)
    assert found.recall.value == pytest.approx(2 / 3)
    assert found.precision.value == pytest.approx(2 / 6)
    assert found.f1.value == pytest.approx(4 / 9)
    assert {name: (own.queries, own.found, own.claims, own.claimed) for name, own in found.edits.items()} == {
        "copy": (2, 2, 3, 2), "third": (1, 0, 1, 1), "same_topic": (1, 0, 2, 1),
    }  # fmt: skip


def test_who_claims_nothing_has_no_precision():
    found = measure([query(0, "copy", 0), query(1, "copy", 1)], [frozenset(), frozenset()])
    assert (found.recall.value, found.precision.value, found.f1.value) == (0.0, None, 0.0)


def test_article_0_is_an_article_and_no_repost_has_no_right_claim():
    assert measure([query(0, "copy", 0), query(1)], [frozenset({0}), frozenset({0})]).right == 1


def test_a_score_at_the_threshold_is_a_claim():
    assert over([{1: 4.0, 2: 3.9}, {}], 4) == [frozenset({1}), frozenset()]


def test_the_lowest_of_equally_good_thresholds_is_taken():
    assert best([query(0, "copy", 0)], [{0: 5.0}], [2.0, 3.0, 4.0]) == 2.0


def test_each_half_has_the_threshold_of_the_other():
    # Even groups need 3 to leave out a stranger, odd ones 6.
    asked = [query(0, "copy", 0), query(2), query(1, "copy", 1), query(3)]
    scores = [{0: 4.0}, {9: 2.0}, {1: 8.0}, {9: 5.0}]
    claims, chosen = crossed(asked, scores, [1.0, 3.0, 6.0], lambda one: one.group % 2 == 1)
    assert chosen == (6.0, 3.0)
    assert claims == [frozenset(), frozenset(), frozenset({1}), frozenset({9})]
