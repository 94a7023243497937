"""What a spin did to the story: sentences, numbers, names and quotations, in every script, and nothing that is kept."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from pathlib import Path

import pytest
from build import prose
from hypothesis import example, given, settings
from hypothesis import strategies as st

from syndet import letters, text
from syndet.align import align, prepare
from syndet.changes import between
from syndet.models import Article, Changes
from syndet.simulate import make
from syndet.simulate.pieces import units

SOURCE = (
    "The old bridge of Eastport will be closed for 11 weeks from Monday, the harbour office said. Repairs cost 4.2 "
    "million crowns, most of it borrowed from the county. “We had no choice,” said Anna Velk, who leads the office. "
    "“The pier moves when a lorry passes.”\n\n"
    "Nobody was hurt. Ferries to the islands leave from the fish market instead, twenty minutes later than usual. "
    "Skippers from Lindmouth said that “nobody” had asked them before the notice went up on the quay."
)
ROWS = [
    json.loads(line) for line in (Path(__file__).parent / "rewrites" / "articles.jsonl").read_text("utf-8").splitlines()
]
STORIES = [row for row in ROWS if row["role"] == "source"]


def of(body: str, source: str = SOURCE) -> Changes:
    return between(Article("", body), Article("", source))


def told(found: Changes, part: str, body: str, source: str = SOURCE) -> list[tuple[str, str, str]]:
    """Return (kind, words of the source, words of the article) of one part."""
    return [
        (
            change.kind,
            source[slice(*change.source)] if change.source else "",
            body[slice(*change.article)] if change.article else "",
        )
        for change in getattr(found, part)
    ]


def edited(*swaps: tuple[str, str]) -> str:
    body = SOURCE
    for old, new in swaps:
        assert old in body
        body = body.replace(old, new)
    return body


def test_a_copy_has_no_changes_and_keeps_its_quotations() -> None:
    found = of(SOURCE)
    assert (found.sentences, found.numbers, found.names) == ((), (), ())
    assert [change.kind for change in found.quotations] == ["kept"] * 3


def test_moved_paragraphs_are_no_changes() -> None:
    found = of("\n\n".join(reversed(SOURCE.split("\n\n"))))
    assert (found.sentences, found.numbers, found.names) == ((), (), ())


def test_a_short_denial_that_is_left_out_is_told_and_so_is_what_was_put_in() -> None:
    body = edited(("Nobody was hurt. ", ""), ("on the quay.", "on the quay. Heads must roll for such a scandal."))
    assert told(of(body), "sentences", body) == [
        ("dropped", "Nobody was hurt.", ""),
        ("added", "", "Heads must roll for such a scandal."),
    ]


def test_another_number_is_told_with_the_word_that_multiplies_it() -> None:
    body = edited(("11 weeks", "12 weeks"), ("4.2 million", "5 million"))
    found = of(body)
    assert told(found, "numbers", body) == [("changed", "11", "12"), ("changed", "4.2 million", "5 million")]
    assert Counter(change.kind for change in found.sentences) == {"changed": 2}


@pytest.mark.parametrize(
    ("there", "here"),
    [("4.2", "4,2"), ("4.2", "٤٫٢"), ("1,000", "1 000"), ("4200000", "4.2 million"), ("12,500", "12.500"), ("7", "७")],
)
def test_a_number_that_is_only_written_otherwise_is_the_same(there: str, here: str) -> None:
    source, body = (f"The council spent {number} on the new quay in the spring." for number in (there, here))
    assert of(body, source).numbers == ()
    assert of(body.replace(here, "3"), source).numbers != ()


def test_names_are_paired_where_they_stand_and_an_ending_makes_no_other_name() -> None:
    body = edited(("Anna Velk", "Anna Welk"), ("from Lindmouth", "at Lindmouths"))
    assert told(of(body), "names", body) == [("changed", "Anna Velk", "Anna Welk")]


def test_a_name_that_is_gone_everywhere_is_told() -> None:
    body = edited(("said Anna Velk, who leads the office", "said a clerk who leads the office"))
    assert told(of(body), "names", body) == [("dropped", "Anna Velk", "")]


def test_quotations_are_kept_altered_dropped_or_added() -> None:
    body = edited(
        ("“The pier moves when a lorry passes.”", "“The pier moves when a heavy lorry passes.”"),
        ("“nobody”", "nobody"),
        ("the fish market", "the “fish market”"),
    )
    assert told(of(body), "quotations", body) == [
        ("kept", "“We had no choice,”", "“We had no choice,”"),
        ("changed", "“The pier moves when a lorry passes.”", "“The pier moves when a heavy lorry passes.”"),
        ("dropped", "“nobody”", ""),
        ("added", "", "“fish market”"),
    ]


def test_a_quotation_that_the_speaker_parts_in_two_keeps_its_words() -> None:
    body = edited(("“The pier moves when a lorry passes.”", "“The pier moves,” she said, “when a lorry passes.”"))
    assert {change.kind for change in of(body).quotations} == {"kept"}


@pytest.mark.parametrize(
    ("here", "there", "kind"), [("A Quay", "a quay", "kept"), ("A pier", "A quay", "changed"), (None, "A", "unknown")]
)
def test_headlines_are_compared_where_both_are_given(here: str | None, there: str, kind: str) -> None:
    assert between(Article("", SOURCE, title=here), Article("", SOURCE, title=there)).headline == kind


@pytest.mark.parametrize(
    ("source", "old", "new", "gone"),
    [
        (
            "林口港务局宣布，东码头将从下周一起关闭11周。没有人受伤。潜水员去年秋天在北侧防波堤上发现了一条裂缝，后来的两次检查表明裂缝仍在扩大。",
            "11",
            "12",
            "没有人受伤。",
        ),
        (
            "أعلنت سلطة الميناء إغلاق الرصيف الشرقي ١١ أسبوعا ابتداء من يوم الاثنين. لم يصب أحد بأذى. عثر الغواصون "
            "على شق طويل في الحاجز الشمالي خلال الخريف الماضي.",
            "١١",
            "١٢",
            "لم يصب أحد بأذى.",
        ),
        (
            "การท่าเรือประกาศปิดท่าเทียบเรือฝั่งตะวันออกเป็นเวลา 11 สัปดาห์\nไม่มีผู้ได้รับบาดเจ็บ\n"
            "นักประดาน้ำพบรอยร้าวที่เขื่อนด้านเหนือเมื่อฤดูใบไม้ร่วงปีที่แล้ว",
            "11",
            "12",
            "ไม่มีผู้ได้รับบาดเจ็บ",
        ),
    ],
    ids=["Chinese", "Arabic", "Thai"],
)
def test_numbers_and_sentences_are_compared_in_every_script(source: str, old: str, new: str, gone: str) -> None:
    body = source.replace(gone, "").replace(old, new)
    found = of(body, source)
    assert told(found, "numbers", body, source) == [("changed", old, new)]
    assert [change for change in told(found, "sentences", body, source) if change[0] != "changed"] == [
        ("dropped", gone, "")
    ]


def test_sentences_told_in_wholly_other_words_belong_together() -> None:
    texts = {row["role"]: row["text"] for row in ROWS if row["story"] == 2}
    kinds = Counter(change.kind for change in of(texts["full"], texts["source"]).sentences)
    assert kinds["changed"] >= 10
    assert kinds["dropped"] <= 5


@pytest.mark.slow
def test_light_rewrites_keep_sentences_numbers_and_quotations() -> None:
    kinds: Counter[str] = Counter()
    sentences = 0
    for story in STORIES:
        row = next(row for row in ROWS if (row["story"], row["role"]) == (story["story"], "light"))
        found = of(row["text"], story["text"])
        sentences += len(text.sentences(story["text"]))
        kinds.update(f"sentence {change.kind}" for change in found.sentences)
        kinds.update(f"number {change.kind}" for change in found.numbers)
        kinds.update(f"quotation {change.kind}" for change in found.quotations)
    # Of 984 sentences 811 are told as reworded, 1 as dropped (246 are added: half of the rewrites are padded); no
    # number is told as changed; 232 quotations are kept, 1 is added.
    assert sentences == 984
    assert kinds["sentence changed"] >= 800
    assert kinds["sentence dropped"] <= 3
    assert kinds["number changed"] == 0
    assert kinds["quotation kept"] >= 230


# Reached: 279 of 279 dropped and 295 of 295 inserted sentences, 658 of 662 numbers, 672 of 695 words of names (those
# that are names by the rule: no German ones). On pages that keep all words of a sentence nothing is told of it.
FLOORS = {"dropped": 1.0, "added": 1.0, "numbers": 0.985, "names": 0.96}


@pytest.mark.slow
def test_what_a_simulated_spin_dropped_put_in_or_changed_is_found_and_nothing_else() -> None:
    every, found = Counter[str](), Counter[str]()
    for story in STORIES:
        kin = [row["text"] for row in STORIES if row is not story and row["language"] == story["language"]]
        others = [*kin, *(row["text"] for row in STORIES if row["language"] != story["language"])]
        pages = {edit: make(edit, story["text"], others, 1) for edit in ("copy", "reordered", "dropped", "inserted")}
        for page in pages.values():
            changes = of(page.body, page.source)
            assert (changes.numbers, changes.names) == ((), ())
            for kind, body, side in (("dropped", page.source, 1), ("added", page.body, 0)):
                shared = [passage[side] for passage in page.passages]
                true = {
                    span
                    for span in text.sentences(body)
                    if not any(begin < span[1] and span[0] < end for begin, end in shared)
                }
                shown = {(change.article, change.source)[side] for change in changes.sentences if change.kind == kind}
                assert shown <= true
                every[kind] += len(true)
                found[kind] += len(shown)
            assert {change.kind for change in changes.sentences} <= {"dropped", "added"}
        spun = make("names", story["text"], others, 1)
        changes = of(spun.body, spun.source)
        source = prepare(spun.source)
        places = source.tokens.begins.tolist()
        for before, after in zip(units(spun.source), units(spun.body), strict=False):
            old, new = spun.source[slice(*before)], spun.body[slice(*after)]
            if len(units(spun.source)) != len(units(spun.body)) or old == new:
                continue
            part = "numbers" if any(map(str.isdecimal, old)) else "names"
            if part == "numbers" or source.facts[places.index(before[0])]:
                every[part] += 1
                spans = [change.source for change in getattr(changes, part) if change.source]
                found[part] += any(begin < before[1] and before[0] < end for begin, end in spans)
    assert {part: found[part] / every[part] >= least for part, least in FLOORS.items()} == dict.fromkeys(FLOORS, True)


PIECES = [SOURCE[slice(*span)] for span in text.sentences(SOURCE)] + [
    "",
    "\n",
    "“",
    "”",
    "12,5 ",
    "林口港务局",
    "ก",
    "@ @ ",
]
BODIES = st.one_of(st.text(), st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=9))).map(" ".join))


@settings(max_examples=300, deadline=None)
@given(BODIES, BODIES)
@example(SOURCE, SOURCE.upper())
@example("", SOURCE)
@example("0 0 0 0 0 0 0 0", "0 0 0 0. 0 0 0.")
@example("00:0:0:0:10:01", "0000:00:01. 0000:00:01")
def test_any_two_texts_have_changes_whose_spans_lie_in_them_and_both_ways_are_the_same(here: str, there: str) -> None:
    found, back = of(here, there), of(there, here)
    for part in ("sentences", "numbers", "names", "quotations"):
        for change in getattr(found, part):
            for span, body in ((change.article, here), (change.source, there)):
                assert span is None or 0 <= span[0] < span[1] <= len(body)
            assert (change.article is None) == (change.kind == "dropped")
            assert (change.source is None) == (change.kind == "added")
    dropped = {change.source for change in found.sentences if change.kind == "dropped"}
    assert dropped == {change.article for change in back.sentences if change.kind == "added"}
    # In a changed passage a sentence may be missing between others; what is verbatim is there, and so is its like.
    said = {tuple(letters.words(here[slice(*span)])) for span in text.sentences(here)}
    verbatim = [p.source for p in align(prepare(here), prepare(there)).passages if p.kind == "verbatim"]
    for begin, end in filter(None, dropped):
        words = letters.words(there[begin:end])
        inside = sum(
            len(letters.words(there[max(begin, a) : min(end, b)])) for a, b in verbatim if a < end and begin < b
        )
        assert 2 * inside < len(words)
        assert tuple(words) not in said


def test_long_and_odd_texts_take_about_as_long_as_they_are() -> None:
    chance = random.Random(3)
    numbers = " ".join(str(chance.randint(1, 99)) for _ in range(20_000))
    for here, there in (
        (prose(20_000, 1), prose(20_000, 1).replace("the", "some")),
        (numbers, numbers.replace("7", "8")),
        ("“Never” " * 5_000, "“Ever” " * 5_000),
        ("Anna Velk " * 9_000, "Anna Welk " * 9_000),
    ):
        begin = time.perf_counter()
        of(here, there)
        assert time.perf_counter() - begin < 60  # a hang, whatever else the machine does
