"""Numbers are read by their value, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndet.numbers import numbers


def values(body: str) -> list[str]:
    return [value for _, value in numbers(body)]


@pytest.mark.parametrize(
    ("ways", "value"),
    [
        (["1,000", "1.000", "1 000", "1\u202f000", "1'000", "1’000", "١٬٠٠٠", "1千", "1 thousand"], "1000"),
        (["4.2", "4,2", "4.20", "٤٫٢", "४.२", "４．２"], "4.2"),
        (["4.2 million", "4,2 Mio", "4 200 000", "420万", "4,2 миллиона", "4.2-million"], "4200000"),
        (["1.234,5", "1,234.5", "1 234,50"], "1234.5"),
        (["12,34,567", "1,234,567"], "1234567"),
        (["0.125", "0,125"], "0.125"),
        (["11:42"], "11:42"),
        (["12.04.2024"], "12:04:2024"),
    ],
)
def test_one_number_is_one_value_in_every_spelling(ways: list[str], value: str) -> None:
    assert {way: values(f"about {way}, they say") for way in ways} == {way: [value] for way in ways}


def test_numbers_inside_of_words_are_none_and_neighbours_stay_apart() -> None:
    assert values("A B52 flew in 2024 300 miles, 3km or 2010-2015; 约214人") == [
        "2024",
        "300",
        "3",
        "2010",
        "2015",
        "214",
    ]


@given(st.text(st.sampled_from("0123456789.,:' 万milonk٣٫－-")))
def test_any_text_is_read_and_spans_begin_with_a_digit(body: str) -> None:
    for (begin, end), value in numbers(body):
        assert body[begin].isdecimal()
        assert end <= len(body)
        assert value
