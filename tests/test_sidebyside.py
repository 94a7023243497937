"""Two bodies side by side: nothing is lost, what is shared has one number on both sides, what differs has its mark."""

from __future__ import annotations

from build import article, prose
from hypothesis import given, settings
from hypothesis import strategies as st

from syndet import decide
from syndet.changes import between
from syndet.sidebyside import Spread, spread

STORY = (
    "The mayor of Eastport said on Monday that 11 boats sank in the old harbour after the storm. "
    "Nobody was on board at the time. "
    "“We will raise every one of them before the summer,” the mayor Ann Lowe told the council. "
    "The harbour office keeps the eastern pier shut until the divers have finished their work there."
)
COPY = (
    "The mayor of Eastport said on Monday that 12 boats sank in the old harbour after the storm. "
    "“We will raise all of them before the summer,” the mayor Ann Lowe told the council. "
    "The harbour office keeps the eastern pier shut until the divers have finished their work there. "
    "A fund for the owners was opened by a bank in the town."
)


def made(one: str, two: str) -> Spread:
    first, second = article(one, number=1), article(two, number=2, site="b.example")
    return spread(first, second, decide.compare(first, second).shared, between(first, second))


def texts(side, *, state: str | None = None, mark: str | None = None) -> list[str]:
    return [
        "".join(piece.text for piece in part.pieces if mark is None or piece.mark == mark)
        for paragraph in side
        for part in paragraph
        if (state is None or part.state == state) and (mark is None or any(p.mark == mark for p in part.pieces))
    ]


def test_what_was_dropped_added_and_changed_is_marked_where_it_stands():
    found = made(COPY, STORY)
    assert texts(found.source, state="dropped") == ["Nobody was on board at the time."]
    assert texts(found.article, state="added") == ["A fund for the owners was opened by a bank in the town."]
    assert texts(found.source, mark="number") == ["11"]
    assert texts(found.article, mark="number") == ["12"]
    assert "every one" in "".join(texts(found.source, mark="quotation"))


def test_passages_have_one_number_on_both_sides_and_begin_once():
    found = made(COPY, STORY)
    assert found.passages >= 1
    for side in (found.article, found.source):
        begun = [part.passage for paragraph in side for part in paragraph if part.first]
        assert sorted(begun) == list(range(1, found.passages + 1))


def test_reworded_words_inside_a_passage_are_marked_and_no_others():
    one = prose(60, 1).split()
    two = [*one[:30], "elsewhere", *one[31:]]
    found = made(" ".join(one), " ".join(two))
    assert texts(found.source, mark="reworded") == ["elsewhere"]


def test_paragraphs_are_those_of_the_body():
    body = f"{prose(40, 1)}\n\n{prose(40, 2)}\n"
    found = made(body, body)
    assert [len(side) for side in (found.article, found.source)] == [2, 2]
    assert ["".join(texts([paragraph])) for paragraph in found.article] == [*body.split("\n\n")[:1], prose(40, 2)]


PARTS = st.lists(st.integers(0, 5), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None)
@given(PARTS, PARTS, st.sampled_from([" ", "\n", "\n\n"]))
def test_no_letter_is_lost_or_told_twice(one, two, between_them):
    bodies = [between_them.join(prose(18, seed) for seed in parts) for parts in (one, two)]
    found = made(*bodies)
    for body, side in zip(bodies, (found.article, found.source), strict=True):
        lines = ["".join(piece.text for part in paragraph for piece in part.pieces) for paragraph in side]
        assert lines == [line for line in body.split("\n") if line.strip()]
