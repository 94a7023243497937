"""Postings to the candidates worth aligning."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndet import retrieve
from syndet.retrieve import LEAST_PAIRS, MOST_ALIGNED, MOST_OWN_SITE, POSTINGS, Candidate, choose, rank


def ids(found: list[Candidate]) -> list[int]:
    return [candidate.id for candidate in found]


def candidates(count: int, **known: object) -> list[Candidate]:
    return [Candidate(number, 1.0, 1, 0, **known) for number in range(1, count + 1)]


def test_the_more_and_the_rarer_what_is_shared_the_better() -> None:
    found, hot = rank({}, {1: [5, 6], 2: [5, 6], 3: [5], 4: [7, 8, 9, 6], 5: [7, 8, 9]}, 1000, [])
    assert ids(found)[0] == 5
    assert ids(found) == [5, 6, 7, 8, 9]
    assert hot == 0


def test_one_content_pair_is_chance_and_one_band_is_not() -> None:
    found, _ = rank({1: [3]}, {2: [4]}, 1000, [])
    assert found == [Candidate(3, pytest.approx(retrieve.BAND_WORTH * 6.9, rel=0.01), 1, 0)]
    assert ids(rank({}, {n: [4] for n in range(LEAST_PAIRS)}, 1000, [])[0]) == [4]


def test_declared_articles_come_first_and_need_no_shared_key() -> None:
    found, _ = rank({1: [3]}, {2: [4], 3: [4]}, 1000, [9, 4, 9])
    assert ids(found) == [4, 9, 3]
    assert [candidate.declared for candidate in found] == [True, True, False]


def test_of_equals_the_oldest_comes_first() -> None:
    assert ids(rank({1: [9, 3, 7]}, {}, 1000, [])[0]) == [3, 7, 9]


def test_of_a_hot_key_the_oldest_articles_are_read_and_it_is_counted() -> None:
    many = list(range(1, POSTINGS + 2))
    found, hot = rank({1: many}, {2: many[:POSTINGS]}, 100_000, [])
    assert (ids(found), hot) == (many[:POSTINGS], 1)


def test_a_key_that_everybody_has_is_worth_little_but_never_less_than_nothing() -> None:
    [one, two], _ = rank({1: [1, 2]}, {}, 1, [])
    assert one.score == two.score > 0


def test_nothing_shared_finds_nothing() -> None:
    assert rank({}, {}, 0, []) == ([], 0)


postings = st.dictionaries(
    st.integers(-5, 50),
    st.lists(st.integers(1, 30), min_size=1, max_size=POSTINGS + 1, unique=True).map(sorted),
    max_size=12,
)


@given(postings, postings, st.lists(st.integers(1, 40), max_size=5), st.integers(1, 10_000), st.randoms())
@settings(deadline=None)
def test_the_ranking_does_not_depend_on_the_order_of_keys(
    bands: dict[int, list[int]], pairs: dict[int, list[int]], named: list[int], total: int, chance: random.Random
) -> None:
    def shuffled(given: dict[int, list[int]]) -> dict[int, list[int]]:
        keys = list(given)
        chance.shuffle(keys)
        return {key: given[key] for key in keys}

    found = rank(bands, pairs, total, named)
    assert rank(shuffled(bands), shuffled(pairs), total, named[::-1]) == found
    assert len(set(ids(found[0]))) == len(found[0])
    assert found[0] == sorted(found[0], key=lambda one: (not one.declared, -one.score, one.id))


def test_the_best_are_aligned_and_the_rest_is_counted() -> None:
    ranked = candidates(MOST_ALIGNED + 5)
    choice = choose(ranked, dict.fromkeys(ids(ranked), False), 3)
    assert choice.chosen == ranked[:MOST_ALIGNED]
    assert (choice.left_out, choice.hot_keys) == (5, 3)


def test_the_own_site_takes_few_places_unless_it_is_named() -> None:
    ranked = candidates(MOST_ALIGNED + 5)
    own = {number: number <= 10 for number in ids(ranked)}
    choice = choose(ranked, own, 0)
    assert ids(choice.chosen) == [*range(1, MOST_OWN_SITE + 1), *range(11, MOST_ALIGNED + 6)]
    named = candidates(8, declared=True)
    assert choose(named, dict.fromkeys(ids(named), True), 0).chosen == named
