"""The pure parts of scripts/bench: powers, lines through measured sizes, claims to groups."""

import sys
from pathlib import Path

import numpy as np
import pytest
from build import prose

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from archive import Run, table, together
from hostile import Cost, power
from planted import EDITS, Planted, planted
from scale import Line

# -- powers ------------------------------------------------------------------------------------------------------------


def test_a_power_is_found_in_costs():
    assert power([Cost(size, 1e-6 * size, 1e-6 * size, 1) for size in (10**6, 2 * 10**6)]) == pytest.approx(1)
    assert power([Cost(size, 0.0, 1e-12 * size**2, 1) for size in (10**6, 2 * 10**6, 4 * 10**6)]) == pytest.approx(2)


def test_too_little_time_has_no_power():
    assert power([Cost(size, 0.01, 0.01, 1) for size in (10, 20)]) is None


def test_a_line_goes_through_what_lies_on_one_and_is_sure_of_it():
    sizes = [1000, 2000, 4000, 8000]
    line = Line(sizes, [3 * size**0.5 for size in sizes])
    assert line.power == pytest.approx(0.5)
    low, middle, high = line.at(10**6)
    assert middle == pytest.approx(3000)
    assert high - low == pytest.approx(0, abs=1e-3)


def test_a_prediction_is_the_less_sure_the_farther_it_lies():
    chance = np.random.default_rng(1)
    sizes = [1000, 2000, 4000, 8000, 16000]
    line = Line(sizes, [size * float(np.exp(chance.normal(0, 0.1))) for size in sizes])
    near, far = (high / low for low, _, high in map(line.at, (16_000, 10**7)))
    assert 1 < near < far


def test_an_interval_holds_the_next_measurement_in_95_of_100():
    chance = np.random.default_rng(2)
    sizes = [1000, 2000, 4000, 8000]
    held = 0
    for _ in range(1000):
        values = [size**0.8 * float(np.exp(chance.normal(0, 0.2))) for size in (*sizes, 10**6)]
        low, _, high = Line(sizes, values[:-1]).at(10**6)
        held += low <= values[-1] <= high
    assert 930 <= held <= 970


# -- archives ----------------------------------------------------------------------------------------------------------


def test_every_fifth_planted_article_is_a_repost_of_one_before_it():
    made = list(planted([prose(400, seed) for seed in range(6)], 80))
    reposts = [number for number, one in enumerate(made) if one.edit is not None]
    assert reposts
    assert all(number % 5 == 4 for number in reposts)
    assert {made[number].edit for number in reposts} <= set(EDITS)
    for number in reposts:
        source = made[number].source
        assert source is not None
        assert source < number
        assert made[source].edit is None


def test_claims_make_groups():
    group = together({(1, 0), (5, 4), (5, 1)})
    assert group(0) == group(4) == group(5)
    assert group(7) == 7


def test_recall_and_precision_are_of_stories():
    record = {"url": "", "text": "", "title": "", "published": ""}
    made = [Planted(record), Planted(record), Planted(record, "copy", 0), Planted(record, "third", 0)]
    # One repost is found by way of the other's source, one claim is wrong.
    lines = list(table(made, [Run("syndet", {"add": 1.0, "link": 3.0}, {(2, 0), (3, 2)}),
                              Run("other", {"all": 8.0}, {(2, 0), (1, 0)})]))  # fmt: skip
    assert [cell.strip() for cell in lines[2].split("|")[2:5]] == ["4.0 (add 1.0, link 3.0)", "1.00", "1.000"]
    assert [cell.strip() for cell in lines[3].split("|")[2:5]] == ["8.0 (all 8.0)", "2.00", "0.500"]
    assert lines[3].endswith("| 2 | 0.5000 |")
    assert "| copy | 1.000 | 1.000 |" in lines
    assert "| third | 1.000 | 0.000 |" in lines
