"""Figures against examples worked out by hand, and rules that hold for all inputs."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from syndet import intervals, overlap
from syndet.intervals import bootstrap, wilson
from syndet.measures import Pairs, breakdown, measure, rand_index
from syndet.overlap import tally


def measured(reuse, score, group=None, count=None, at=0.5):
    pairs = Pairs.of(reuse, score, group, count)
    return measure(pairs, {"decided": pairs.score >= at})


# -- intervals ---------------------------------------------------------------------------------------------------------


def test_wilsons_interval_is_that_of_the_literature():
    # Newcombe 1998, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    known = {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0, 0.1611), (1, 29): (0.0061, 0.1718)}
    for (hits, of), ends in known.items():
        found = wilson(hits, of)
        assert (found.low, found.high) == pytest.approx(ends, abs=5e-5)


def test_of_nothing_there_is_no_proportion():
    assert wilson(0, 0).value is None


@settings(deadline=None)
@given(some.integers(0, 500), some.integers(1, 500))
def test_a_proportion_lies_in_its_interval_and_the_interval_from_0_to_1(hits, of):
    found = wilson(min(hits, of), of)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_a_bootstrap_is_the_same_every_time_and_covers_the_value():
    values = np.linspace(0, 1, 50)
    once, again = (bootstrap(lambda weights: np.array([weights @ values / weights.sum()]), 50)[0] for _ in range(2))
    assert once == again
    assert once.value == pytest.approx(0.5)
    # The standard error of a mean of 50 such values is 0.0417; 1.96 of them either way.
    assert (once.low, once.high) == pytest.approx((0.418, 0.582), abs=0.015)


def test_one_group_has_no_interval():
    [found] = bootstrap(lambda weights: np.array([weights.sum()]), 1)
    assert (found.value, found.low, found.high) == (1.0, None, None)


def test_pairs_that_depend_on_each_other_make_an_interval_wider():
    chance = np.random.default_rng(1)
    story = np.repeat(np.arange(20), 20)
    score = np.repeat(chance.random(20), 20)
    reuse = np.ones(400, bool)
    apart = measured(reuse, score).points[0].f1
    together = measured(reuse, score, story).points[0].f1
    assert together.value == apart.value
    assert together.high - together.low > 2 * (apart.high - apart.low)


# -- pairs -------------------------------------------------------------------------------------------------------------


def test_precision_recall_and_f1_of_a_small_example():
    #        found: right, right, wrong;   left: missed, three that are none
    found = measured([1, 1, 0, 1, 0, 0, 0], [0.9, 0.8, 0.7, 0.2, 0.1, 0, 0]).points[0]
    assert (found.found_reuse, found.found_none, found.missed_reuse, found.left_none) == (2, 1, 1, 3)
    assert found.precision.value == pytest.approx(2 / 3)
    assert found.recall.value == pytest.approx(2 / 3)
    assert found.f1.value == pytest.approx(2 / 3)
    assert found.false_links.value == pytest.approx(1 / 4)


def test_average_precision_of_small_examples():
    # Precision 1 at recall 1/2, 2/3 at recall 1: 1/2 + 1/3.
    assert measured([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1]).average_precision.value == pytest.approx(5 / 6)
    # Equal scores are one step, not two in a lucky order: scikit-learn's own example.
    assert measured([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).average_precision.value == pytest.approx(0.8333, abs=1e-4)
    assert measured([1, 0], [0.5, 0.5]).average_precision.value == pytest.approx(0.5)
    # What was not found comes last, all at once: 1/2 * 1 + 1/2 * 2/4.
    assert measured([1, 1, 0, 0], [0.9, 0, 0, 0]).average_precision.value == pytest.approx(0.75)


def test_a_perfect_judge_gets_1_everywhere():
    found = measured([1] * 30 + [0] * 70, [1.0] * 30 + [0.0] * 70)
    assert {found.points[0].precision.value, found.points[0].recall.value, found.points[0].f1.value} == {1.0}
    assert (found.average_precision.value, found.average_precision.low) == (1.0, 1.0)
    assert (found.brier.value, found.calibration_error.value) == (0.0, 0.0)
    assert {point.f1.value for point in found.sweep} == {1.0}
    assert found.best == 0.05


def test_a_judge_by_chance_gets_an_average_precision_near_the_share_of_reuse():
    chance = np.random.default_rng(7)
    reuse = chance.random(4_000) < 0.2
    found = measured(reuse, chance.random(4_000)).average_precision
    assert found.value == pytest.approx(0.2, abs=0.03)
    assert found.low < 0.2 < found.high


def test_brier_score_and_calibration_error_of_a_small_example():
    found = measured([1, 0, 1, 1], [0.82, 0.88, 0.33, 0.0])
    assert found.brier.value == pytest.approx((0.18**2 + 0.88**2 + 0.67**2 + 1) / 4)
    # Bin 0.8: mean score 0.85, share 0.5; bin 0.3: 0.33 and 1; bin 0: 0 and 1.
    assert found.calibration_error.value == pytest.approx((2 * 0.35 + 0.67 + 1) / 4)
    eighth, third, first = found.bins[8], found.bins[3], found.bins[0]
    assert (eighth.pairs, eighth.score, eighth.reuse.value) == (2, pytest.approx(0.85), 0.5)
    assert (third.pairs, first.pairs, found.bins[5].score) == (1, 1, None)


def test_a_score_on_a_threshold_is_over_it():
    found = measured([1, 1], [0.35, 0.8])
    at = {point.name: point for point in found.sweep}
    assert (at["0.35"].found_reuse, at["0.4"].found_reuse, at["0.8"].found_reuse, at["0.85"].found_reuse) == (
        2,
        1,
        1,
        0,
    )


def test_the_sweep_names_the_threshold_with_the_best_f1():
    found = measured([1, 1, 0, 0], [0.9, 0.62, 0.57, 0.1])
    assert found.best == 0.6
    assert max(point.f1.value for point in found.sweep) == 1.0


def test_without_any_reuse_there_is_no_recall_and_nothing_fails():
    found = measured([0, 0, 0], [0.9, 0, 0])
    assert found.points[0].recall.value is None
    assert found.points[0].precision.value == 0.0
    assert found.average_precision.value is None
    assert found.curve == ()


def test_a_row_may_stand_for_many_pairs():
    once = measured([1, 0, 0, 0, 0], [0.9, 0.7, 0, 0, 0], [0, 0, 1, 1, 1])
    summed = measured([1, 0, 0], [0.9, 0.7, 0], [0, 0, 1], [1, 1, 3])
    assert once == summed


def test_arrays_of_unequal_length_and_scores_that_are_none_are_refused():
    with pytest.raises(ValueError, match="length"):
        Pairs.of([True], [0.5, 0.5])
    with pytest.raises(ValueError, match="0 to 1"):
        Pairs.of([True], [math.nan])


def test_a_breakdown_counts_each_value_by_itself():
    pairs = Pairs.of([1, 1, 1, 0], [0.9, 0.1, 0.9, 0.9])
    found = breakdown(pairs, {"decided": pairs.score > 0.5}, ["near", "near", "exact", None])
    assert [(one.value, one.reuse, one.points[0].recall.value) for one in found] == [
        ("near", 2, 0.5),
        ("exact", 1, 1.0),
    ]


@settings(max_examples=25, deadline=None)
@given(some.lists(some.tuples(some.booleans(), some.sampled_from([0.0, 0.2, 0.5, 0.55, 1.0])), min_size=1, max_size=30))
def test_every_figure_lies_between_0_and_1_and_order_does_not_matter(rows):
    found = measured([a for a, _ in rows], [b for _, b in rows])
    figures = [found.average_precision, found.brier, found.calibration_error]
    figures += [figure for point in found.sweep for figure in (point.precision, point.recall, point.f1)]
    for figure in figures:
        for number in (figure.value, figure.low, figure.high):
            assert number is None or -1e-9 <= number <= 1 + 1e-9
    turned = measured([a for a, _ in rows[::-1]], [b for _, b in rows[::-1]])
    assert turned.average_precision.value == pytest.approx(found.average_precision.value)
    assert [point.f1.value for point in turned.sweep] == [point.f1.value for point in found.sweep]


def test_a_hundred_thousand_pairs_take_seconds():
    chance = np.random.default_rng(3)
    reuse = chance.random(100_000) < 0.05
    score = np.where(chance.random(100_000) < 0.1, chance.random(100_000), 0.0)
    assert measured(reuse, score, chance.integers(0, 30_000, 100_000)).pairs == 100_000


# -- clusters ----------------------------------------------------------------------------------------------------------


def test_the_adjusted_rand_index_of_known_examples():
    # scikit-learn's own examples.
    assert rand_index([0, 0, 1, 1], [1, 1, 0, 0]).value == 1.0
    assert rand_index([0, 0, 1, 2], [0, 0, 1, 1]).value == pytest.approx(0.5714, abs=1e-4)
    assert rand_index([0, 0, 0, 0], [0, 1, 2, 3]).value == 0.0
    assert rand_index([0, 0, 1, 1], [0, 1, 0, 1]).value == pytest.approx(-0.5)
    # Hubert and Arabie's quantities by hand: S=2, T=4, P=3, N=15.
    assert rand_index([0, 0, 0, 1, 1, 2], [0, 0, 1, 2, 2, 1]).value == pytest.approx((2 - 0.8) / (3.5 - 0.8))


@settings(max_examples=40, deadline=None)
@given(some.lists(some.tuples(some.integers(0, 4), some.integers(0, 4)), min_size=2, max_size=25), some.randoms())
def test_the_adjusted_rand_index_ignores_names_order_and_side(rows, chance):
    truth, found = [a for a, _ in rows], [b for _, b in rows]
    value = rand_index(truth, found).value
    assert rand_index(found, truth).value == pytest.approx(value)
    assert rand_index([9 - a for a in truth], [7 * b + 3 for b in found]).value == pytest.approx(value)
    chance.shuffle(rows)
    assert rand_index([a for a, _ in rows], [b for _, b in rows]).value == pytest.approx(value)
    assert rand_index(truth, truth).value == 1.0


# -- passages ----------------------------------------------------------------------------------------------------------


def passages(*pairs):
    """Return the figures over pairs of (cases, detections), a passage being at the same place on both sides."""
    tallies = [tally([(c, c) for c in cases], [(d, d) for d in found]) for cases, found in pairs]
    return overlap.measure(tallies, list(range(len(tallies))))


def test_what_is_found_exactly_gets_1():
    found = passages(([(0, 100), (200, 300)], [(0, 100), (200, 300)]))
    assert {found.precision.value, found.recall.value, found.granularity.value, found.plagdet.value} == {1.0}


def test_a_case_reported_in_three_pieces_has_granularity_3_and_half_the_plagdet():
    # Potthast et al. 2010, section 3: the same characters in pieces are worth less: F1 / log2(1 + 3).
    found = passages(([(0, 90)], [(0, 30), (30, 60), (60, 90)]))
    assert (found.precision.value, found.recall.value, found.f1.value) == (1.0, 1.0, 1.0)
    assert found.granularity.value == 3.0
    assert found.plagdet.value == pytest.approx(0.5)


def test_granularity_is_an_average_over_the_detected_cases_only():
    found = passages(([(0, 10), (20, 30), (40, 50)], [(0, 5), (5, 10), (20, 30)]))
    assert found.granularity.value == pytest.approx((2 + 1) / 2)
    assert found.recall.value == pytest.approx(2 / 3)


def test_macro_counts_passages_and_micro_counts_characters():
    # A long case is found whole, a short one not at all, and one detection hits nothing.
    found = passages(([(0, 900), (1000, 1100)], [(0, 900), (2000, 2100)]))
    assert (found.precision.value, found.recall.value) == (0.5, 0.5)
    assert (found.precision_micro.value, found.recall_micro.value) == (0.9, 0.9)
    assert (found.f1.value, found.f1_micro.value) == (pytest.approx(0.5), pytest.approx(0.9))


def test_characters_that_two_detections_cover_count_once():
    found = passages(([(0, 100)], [(0, 60), (40, 100)]))
    assert (found.recall.value, found.recall_micro.value, found.precision_micro.value) == (1.0, 1.0, 1.0)
    assert found.granularity.value == 2.0


def test_a_detection_must_meet_the_case_on_both_sides():
    one = tally([((0, 100), (0, 100))], [((0, 100), (500, 600))])
    assert (one.hit, one.recall, one.precision, one.detected) == (0, 0.0, 0.0, 0)


def test_half_a_case_found_with_as_much_again_that_is_none():
    found = passages(([(0, 100)], [(50, 150)]))
    assert (found.precision.value, found.recall.value, found.plagdet.value) == (0.5, 0.5, pytest.approx(0.5))


def test_nothing_found_is_0_and_nothing_to_find_is_nothing_measured():
    found = passages(([(0, 100)], []))
    assert (found.precision.value, found.recall.value, found.granularity.value, found.plagdet.value) == (0, 0, 1, 0)
    assert passages(([], [])).plagdet.value is None
    assert overlap.measure([], []) is None


spans = some.tuples(some.integers(0, 30), some.integers(1, 10)).map(lambda one: (one[0], one[0] + one[1]))
boths = some.lists(some.tuples(spans, spans), max_size=5)


def characters(passage):
    return {(side, place) for side in (0, 1) for place in range(*passage[side])}


@settings(deadline=None)
@given(boths, boths)
def test_a_tally_is_what_the_paper_says_of_sets_of_characters(cases, detections):
    def hit(s, r):
        both = characters(s) & characters(r)
        return both if {side for side, _ in both} == {0, 1} else set()

    def union(sets):
        return set().union(*sets)

    found = tally(cases, detections)
    assert found.hit == len(union(hit(s, r) for s in cases for r in detections))
    assert found.cased == len(union(map(characters, cases)))
    assert found.found == len(union(map(characters, detections)))
    recalls = [len(union(hit(s, r) for r in detections)) / len(characters(s)) for s in cases]
    precisions = [len(union(hit(s, r) for s in cases)) / len(characters(r)) for r in detections]
    assert (found.recall, found.precision) == (pytest.approx(sum(recalls)), pytest.approx(sum(precisions)))
    pieces = [sum(bool(hit(s, r)) for r in detections) for s in cases]
    assert (found.matches, found.detected) == (sum(pieces), sum(count > 0 for count in pieces))


def test_passage_figures_have_intervals_over_groups():
    found = passages(*[([(0, 100)], [(0, 50 + 5 * number)]) for number in range(10)])
    assert found.recall.low < found.recall.value < found.recall.high
    assert found.recall.of == 10


def test_with_very_many_groups_fewer_resamples_are_drawn(monkeypatch):
    monkeypatch.setattr(intervals, "MANY_GROUPS", 5)
    monkeypatch.setattr(intervals, "FEWER_ROUNDS", 7)
    calls = []
    bootstrap(lambda weights: np.array([float(len(calls.append(1) or calls))]), 6)
    assert len(calls) == 8
