"""Alignment: passages, containments and figures of two bodies."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from itertools import pairwise, product

import pytest
from build import prose
from hypothesis import example, given, settings
from hypothesis import strategies as st

from syndet import chains, fingerprint, letters, text
from syndet.align import align, prepare
from syndet.models import Alignment, Passage
from syndet.seeds import runs

HARBOUR = (
    "The harbour authority of Lindmouth will close its eastern quay for eleven weeks from Monday. Divers found a "
    "crack nine metres long in the northern pier last autumn, and two later surveys showed that it had grown.\n\n"
    "Repairs are expected to cost 4.2 million crowns, most of it borrowed from the county. Ferries to the outer "
    "islands leave from the fish market instead, twenty minutes later than usual.\n\n"
    "Skippers complained that nobody had asked them. The authority replied that letters went out in March and that a "
    "meeting in the customs house was attended by six people.\n\n"
    "Cranes on the quay date from 1961. One of them, known as the old lady, is listed as a monument and must be moved "
    "in a single piece, which no company in the region has ever done."
)
ORCHARD = (
    "Apple growers around Velden expect their smallest crop in thirty years. Frost came back for three nights in "
    "April, when the trees already stood in blossom, and hail did the rest in June.\n\n"
    "Cider makers buy abroad this year. A litre will be forty cents dearer, says the guild, whose members pressed nine "
    "hundred tonnes last season. Some fear that customers will not return to local juice.\n\n"
    "An insurance against frost exists, but fewer than one grower in ten pays for it. The province wants to carry half "
    "of the premium from next spring on if parliament agrees."
)
CHINESE = (
    "林口港务局宣布，东码头将从下周一起关闭十一周。潜水员去年秋天在北侧防波堤上发现了一条九米长的裂缝，后来的两次检查表明裂缝仍在扩大。"
    "维修费用预计为四百二十万元，其中大部分由县政府贷款。开往外岛的渡轮改从鱼市场出发，比平时晚二十分钟。"
)
THAI = (
    "การท่าเรือประกาศปิดท่าเทียบเรือฝั่งตะวันออกเป็นเวลาสิบเอ็ดสัปดาห์ นักประดาน้ำพบรอยร้าวยาวเก้าเมตรที่เขื่อนด้านเหนือ "
    "ค่าซ่อมแซมคาดว่าจะสูงถึงสี่ล้านบาท เรือข้ามฟากจะออกจากตลาดปลาแทนและช้ากว่าปกติยี่สิบนาที"
)
ARABIC = (
    "أعلنت سلطة الميناء إغلاق الرصيف الشرقي أحد عشر أسبوعا ابتداء من يوم الاثنين. عثر الغواصون على شق طوله تسعة أمتار "
    "في الحاجز الشمالي خلال الخريف الماضي. تبلغ كلفة الإصلاح أكثر من أربعة ملايين، ومعظمها قرض من المحافظة."
)
EMOJI = (
    "🎉 The old lady moved today! 🏗️ Forty people 👩‍👩‍👧 watched from the customs house 🇩🇪 while the crane crossed the "
    "basin 🌊🌊 on a barge, and nobody 🙈 dared to breathe until it stood 👍🏽 on the fish market."
)
SCRIPTS = [HARBOUR, CHINESE, THAI, ARABIC, EMOJI]


def found(article: str, source: str) -> Alignment:
    return align(prepare(article), prepare(source))


def reworded(body: str, share: float, seed: int = 5) -> str:
    """Return `body` with this share of its lower-case words replaced by words that stand nowhere else."""
    random_ = random.Random(seed)
    words = body.split(" ")
    return " ".join(
        f"zq{i}" if w.isalpha() and w.islower() and random_.random() < share else w for i, w in enumerate(words)
    )


def read(body: str, spans: list[tuple[int, int]]) -> list[str]:
    return [body[begin:end] for begin, end in spans]


@pytest.mark.parametrize("body", SCRIPTS)
def test_a_body_and_itself_share_every_word_in_one_verbatim_passage(body: str) -> None:
    size = letters.count(body)
    same = found(body, body)
    span = same.passages[0].article
    assert same.passages == (Passage(span, span, "verbatim", size),)
    assert (same.jaccard, same.containment_in_source, same.containment_of_source) == (1.0, 1.0, 1.0)
    assert (same.words, same.longest_run, same.ordered, same.spread) == (size, size, 1.0, 1.0)


def test_a_body_that_repeats_its_paragraphs_is_still_one_passage() -> None:
    body = "\n\n".join([HARBOUR, ORCHARD, HARBOUR, HARBOUR])
    same = found(body, body)
    assert same.containment_in_source == 1.0
    assert len(same.passages) == 1
    longer = found(body, body + "\n\nA last line.")
    assert longer.containment_in_source == 1.0
    assert len(longer.passages) == 1


@pytest.mark.parametrize("body", ["", " \n", "@ @ @", "!?", "🎉"])
def test_a_body_without_words_shares_nothing(body: str) -> None:
    nothing = Alignment(0, 0, 0.0, 0.0, 0.0, 0, 0, 0, 0, 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0.0)
    for shared in (found(body, HARBOUR), found(HARBOUR, body), found(body, body)):
        assert replace(shared, article_words=0, source_words=0) == nothing


def test_independent_articles_share_nothing() -> None:
    assert found(HARBOUR, ORCHARD).passages == ()


def test_common_phrases_scattered_over_two_articles_are_no_shared_text() -> None:
    phrases = [
        "in the first quarter of",
        "one of the most",
        "as well as the",
        "at the end of the",
        "the number of people",
    ]
    filler = iter(range(10_000))
    first = " ".join(" ".join([*(f"left{next(filler)}" for _ in range(40)), phrase]) for phrase in phrases)
    second = " ".join(" ".join([*(f"right{next(filler)}" for _ in range(40)), phrase]) for phrase in phrases[::-1])
    assert found(first, second).words == 0


def test_moved_paragraphs_are_all_found() -> None:
    paragraphs = HARBOUR.split("\n\n")
    moved = "\n\n".join(paragraphs[i] for i in (2, 0, 3, 1))
    shared = found(moved, HARBOUR)
    assert shared.containment_in_source == shared.containment_of_source == 1.0
    assert 0.3 < shared.ordered < 0.8
    assert read(moved, [p.article for p in shared.passages])[0].startswith("Skippers complained")


def test_headings_of_moved_paragraphs_are_found_where_most_of_a_page_is_shared() -> None:
    headings = ["Closed", "The cost", "Angry skippers", "Cranes"]
    paragraphs = HARBOUR.split("\n\n")
    page = "\n".join(line for both in zip(headings, paragraphs, strict=True) for line in both)
    moved = "\n".join(paragraphs[i] + "\n" + headings[j] for i, j in ((2, 0), (0, 3), (3, 2), (1, 1)))
    shared = found(moved, page)
    assert shared.containment_in_source == shared.containment_of_source == 1.0
    assert "The cost" in read(moved, [p.article for p in shared.passages])


def test_a_short_heading_in_common_is_nothing_where_the_texts_are_different() -> None:
    assert found(f"The cost\n{HARBOUR}", f"{ORCHARD}\nThe cost\n{ORCHARD}").words == 0


def test_what_lies_between_two_kept_stretches_in_other_words_is_part_of_the_passage() -> None:
    other = " ".join(f"zq{number}" for number in range(20))
    begin, end = HARBOUR.index("Repairs are"), HARBOUR.index("Ferries")
    page = f"{HARBOUR[:begin]}{other.capitalize()}. {HARBOUR[end:]}"
    shared = found(page, HARBOUR)
    (passage,) = shared.passages
    assert (passage.kind, passage.article, passage.source) == ("changed", (0, len(page) - 1), (0, len(HARBOUR) - 1))
    assert shared.words == letters.count(page) - 20


def test_a_paragraph_left_out_parts_two_verbatim_passages() -> None:
    begin, end = HARBOUR.index("Repairs are"), HARBOUR.index("Skippers")
    shared = found(HARBOUR[:begin] + HARBOUR[end:], HARBOUR)
    assert [passage.kind for passage in shared.passages] == ["verbatim", "verbatim"]


def test_clauses_that_changed_places_are_one_changed_passage_with_their_sentence() -> None:
    sentence = "Ferries to the outer islands leave from the fish market instead, twenty minutes later than usual."
    moved = "Twenty minutes later than usual, ferries to the outer islands leave from the fish market instead."
    (passage,) = found(HARBOUR.replace(sentence, moved), HARBOUR).passages
    assert passage.kind == "changed"


def test_an_excerpt_inside_another_article_is_found_alone() -> None:
    begin, end = HARBOUR.index("Divers"), HARBOUR.index(" Ferries")
    page = ORCHARD.replace("\n\n", f"\n\n{HARBOUR[begin:end]}\n\n", 1)
    shared = found(page, HARBOUR)
    (passage,) = shared.passages
    assert (passage.kind, passage.words) == ("verbatim", letters.count(HARBOUR[begin:end]))
    assert page[slice(*passage.article)] + "." == HARBOUR[begin:end]
    assert HARBOUR[slice(*passage.source)] + "." == HARBOUR[begin:end]


def test_a_changed_word_joins_both_sides_into_one_changed_passage() -> None:
    shared = found(HARBOUR.replace("eleven weeks", "nearly three months"), HARBOUR)
    (passage,) = shared.passages
    assert passage.kind == "changed"
    assert shared.words == letters.count(HARBOUR) - 2


def test_words_kept_in_order_inside_a_reworded_stretch_count() -> None:
    shared = found(HARBOUR.replace("a crack nine metres long", "one crack over nine whole metres wide"), HARBOUR)
    assert shared.words == letters.count(HARBOUR) - 2  # "a" and "long"


def test_a_copy_with_half_of_its_words_replaced_keeps_the_other_half() -> None:
    shared = found(reworded(HARBOUR, 0.5), HARBOUR)
    assert shared.containment_of_source > 0.4
    assert shared.ordered == 1.0
    assert found(reworded(HARBOUR, 0.3), HARBOUR).containment_of_source > 0.6


def test_a_clause_moved_within_its_sentence_is_found_beside_the_passage_it_left() -> None:
    moved = HARBOUR.replace(
        "Ferries to the outer islands leave from the fish market instead, twenty minutes later than usual.",
        "Twenty minutes later than usual, ferries to the outer islands leave from the fish market instead.",
    )
    assert found(moved, HARBOUR).containment_of_source > 0.95


def test_a_changed_passage_is_shown_up_to_the_limit_of_its_sentence_when_that_is_close() -> None:
    begin, end = ORCHARD.index("Cider"), ORCHARD.index(" Some fear")
    sentences = ORCHARD[begin:end].replace("Cider makers", "Juice makers").replace("cents dearer", "cents more")
    page = f"{HARBOUR} {sentences} {HARBOUR[:40]}"
    (passage,) = [p for p in found(page, ORCHARD).passages if p.kind == "changed"]
    assert page[slice(*passage.article)] + "." == sentences
    assert ORCHARD[slice(*passage.source)] + "." == ORCHARD[begin:end]


def test_text_in_quotation_marks_is_aligned_but_counted_apart() -> None:
    quotation = "“We were never asked about the quay, and the letters that they talk of went to addresses nobody uses”"
    shared = found(f"{HARBOUR} {quotation}, she said.", f"{ORCHARD} Later a skipper wrote: {quotation}.")
    assert shared.words == letters.count(quotation)
    assert shared.words_unquoted == 0


def test_names_tell_nothing_of_reuse_but_the_nouns_of_german_do() -> None:
    german = (
        "Die Hafenbehörde schließt den östlichen Kai für elf Wochen. Taucher fanden im letzten Herbst einen Riss in "
        "der Mole, und zwei spätere Messungen zeigten, dass der Riss gewachsen war. Die Reparatur kostet vier "
        "Millionen, das meiste davon kommt als Kredit vom Kreis, und die Fähren legen solange am Fischmarkt ab."
    )
    names = (
        "Present were Anna Maria Keller and Piotr Nowak, then Dame Olive Harcourt with Sir Edmund Vale, and later Juan "
        "Carlos Ortega; also invited, says the list, were Mikael Lund and Saint Jude Okafor, but neither of them came."
    )
    nouns, listed = found(german, german), found(names, names)
    assert nouns.words_telling == nouns.words
    assert listed.words - listed.words_telling >= 15, "given and family names count as names"


def test_breaks_match_nothing() -> None:
    begin, end = HARBOUR[:200], HARBOUR[200:400]
    masked = f"{begin} @ @ @ @ {end}"
    shared = found(masked, masked)
    assert (shared.containment_in_source, shared.words) == (1.0, letters.count(masked))
    assert shared.longest_run < shared.words
    assert found(f"{ORCHARD} @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @", f"@ @ @ @ @ @ @ @ @ {HARBOUR}").words == 0


@pytest.mark.parametrize(
    ("one", "other"), [("在北侧", "北侧码头"), ("在北侧防波堤", "在北侧防波堤"), ("การท่าเรือ", "การท่าเรือ")]
)
def test_a_few_characters_of_a_script_without_spaces_are_no_passage(one: str, other: str) -> None:
    body = "".join(chr(0x4E00 + i) for i in range(0, 900, 3))
    assert found(body[:100] + one + body[100:200], body[200:250] + other + body[250:]).words == 0


def test_spread_is_the_share_of_sentences_touched() -> None:
    sentences = [HARBOUR[begin:end] for begin, end in text.sentences(HARBOUR)]
    half = " ".join(sentences[: len(sentences) // 2])
    shared = found(f"{half} {ORCHARD}", HARBOUR)
    assert shared.spread == pytest.approx((len(sentences) // 2) / len(sentences))


def test_jaccard_counts_five_word_shingles() -> None:
    assert found("a b c d e f", "a b c d e g").jaccard == pytest.approx(1 / 3)
    assert found("one two three", "one two three").jaccard == 1.0
    # Where no five words stand in a row, the one shingle is the whole text with its breaks.
    assert found("one two @ @ three four five", "One two, @ @ @ three: four five").jaccard == 1.0
    assert found("one two @ @ three four five", "one two three four five").jaccard == 0.0
    assert found("", "").jaccard == 0.0


PIECES = [
    *HARBOUR.split("\n\n"), *ORCHARD.split(". "), *CHINESE.split("，"), *THAI.split(), *ARABIC.split(". "),
    *EMOJI.split("!"),
    "the the the the", "“The old lady”, he said", "@ @ @ @", "\n\n", "", "zero width\u200b sp\u00adace",
]  # fmt: skip
BODIES = st.lists(st.sampled_from(PIECES) | st.text(max_size=30), max_size=12).map(" ".join)
SMALL = st.lists(st.sampled_from("a b c d of the river pier 東 京 @@".split()), max_size=80).map(" ".join)


@given(BODIES | SMALL, BODIES | SMALL)
@example(HARBOUR, HARBOUR.replace(".", "”"))
@settings(max_examples=300, deadline=None)
def test_alignment_holds_its_promises_for_any_two_texts(first: str, second: str) -> None:
    shared = found(first, second)
    assert found(second, first) == shared.flipped()
    for figure in (
        shared.jaccard,
        shared.containment_in_source,
        shared.containment_of_source,
        shared.ordered,
        shared.spread,
    ):
        assert 0.0 <= figure <= 1.0
    assert shared.words == sum(passage.words for passage in shared.passages)
    assert shared.words_unquoted <= shared.words
    assert shared.longest_run <= shared.words <= min(letters.count(first), letters.count(second))
    for spans in ([p.article for p in shared.passages], sorted(p.source for p in shared.passages)):
        assert all(begin < end for begin, end in spans)
        assert all(left[1] <= right[0] for left, right in pairwise(spans))
    for passage in shared.passages:
        mine, theirs = (
            letters.words(body[slice(*span)]) for body, span in ((first, passage.article), (second, passage.source))
        )
        assert passage.words <= min(sum(map(bool, mine)), sum(map(bool, theirs)))
        if passage.kind == "verbatim":
            assert list(filter(None, mine)) == list(filter(None, theirs))


@given(BODIES | SMALL)
@settings(max_examples=200, deadline=None)
def test_every_word_of_a_body_stands_in_the_body_itself(body: str) -> None:
    same = found(body, body)
    full = 1.0 if letters.count(body) else 0.0
    assert (same.containment_in_source, same.containment_of_source, same.jaccard) == (full, full, full)


@pytest.mark.parametrize("body", SCRIPTS)
def test_offsets_read_as_words_in_every_script(body: str) -> None:
    page = f"🎉 Première — {body} 終わり"
    (passage,) = found(page, body).passages
    assert page[slice(*passage.article)] == body[slice(*passage.source)]
    assert letters.words(body[slice(*passage.source)]) == letters.words(body)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["the"] * 5_000, ["the"] * 4_999),
        (HARBOUR.split() * 40, [*HARBOUR.split() * 40, "end"]),
        ([f"w{i}" for i in range(5_000)], [f"v{i}" for i in range(5_000)]),
        (random.Random(1).choices("abcdefghij", k=5_000), random.Random(2).choices("abcdefghij", k=5_000)),
        (["0", "1", "2", "0", "0"] * 1_000, ["0", "1", "0", "2", "0"] * 1_000),
    ],
    ids=["one word", "repeated body", "all distinct", "ten words in random order", "table"],
)
def test_awkward_bodies_do_not_hang(first: list[str], second: list[str]) -> None:
    one, other = prepare(" ".join(first)), prepare(" ".join(second))
    begin = time.perf_counter()
    align(one, other)
    # Measured at 0.4 to 55 ms; the limit only catches a hang.
    assert time.perf_counter() - begin < 5


def test_a_body_that_repeats_itself_costs_in_proportion_to_its_length() -> None:
    def seconds(times: int) -> float:
        body = "\n\n".join([HARBOUR] * times)
        one, other = prepare(reworded(body, 0.1)), prepare(body)
        taken = []
        for _ in range(4):
            begin = time.process_time()
            align(one, other)
            taken.append(time.process_time() - begin)
        return min(taken)

    # Measured at 3 to 5; eight times as long is 64 times as many pairs of words that are equal.
    assert seconds(40) < 24 * seconds(5)


@given(BODIES | SMALL, BODIES | SMALL)
@settings(max_examples=200, deadline=None)
def test_runs_are_verbatim_and_no_two_of_them_touch_on_one_diagonal(first: str, second: str) -> None:
    one, other = prepare(first), prepare(second)
    found = sorted(zip(*(column.tolist() for column in runs(one, other)), strict=True), key=lambda r: (r[1] - r[0], r))
    for a, b, size in found:
        assert one.hashes[a : a + size].all()
        assert one.hashes[a : a + size].tolist() == other.hashes[b : b + size].tolist()
    for (a, b, size), (c, d, _) in pairwise(found):
        assert d - c != b - a or c > a + size


WORDS = st.lists(st.integers(0, 5), max_size=14)


@given(WORDS, WORDS)
def test_words_between_two_runs_are_paired_as_the_table_of_the_textbooks_does(
    first: list[int], second: list[int]
) -> None:
    table = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i, j in product(reversed(range(len(first))), reversed(range(len(second)))):
        same = first[i] == second[j] != 0
        table[i][j] = table[i + 1][j + 1] + 1 if same else max(table[i + 1][j], table[i][j + 1])
    kept, i, j = [], 0, 0
    while table[i][j]:
        if first[i] == second[j] != 0:
            kept.append((i, j))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    assert chains._in_order(first, second) == kept


@pytest.mark.parametrize("words", [3, 8, 60, 400])
def test_alignment_and_index_mean_the_same_jaccard(words: int) -> None:
    one, other = prose(words, 1), prose(words, 1)[: 4 * words] + " @ @ " + prose(words, 2)
    alone = fingerprint.jaccard(fingerprint.shingle_set(one), fingerprint.shingle_set(other))
    assert found(one, other).jaccard == alone
    assert found(one, one).jaccard == 1.0
