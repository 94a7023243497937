"""Reposts made on purpose, and invented articles: the truth beside them is true, in every script."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest

from syndet import letters, text
from syndet.background import Generated, background
from syndet.errors import TooShort, UsageError
from syndet.simulate import EDITS, make
from syndet.simulate.pieces import shares_run, worth
from syndet.simulate.rewording import SYNONYMS

ROOT = Path(__file__).resolve().parent.parent
# Words; what stands between words, inside a sentence and at its end; quotation marks.
SCRIPTS = {
    "English": (
        "the harbour council voted on Monday to repair old bridge after storm broke two pillars and Anna "
        "Velk said that work would begin in spring when river falls again near market",
        " ",
        ", ",
        ". ",
        "“”",
    ),
    "German": (
        "der Rat stimmte am Montag für die Reparatur alten Brücke nach dem Sturm und Jonas Wiebelt sagte "
        "dass Arbeiten im Frühling beginnen wenn Fluss wieder sinkt während Händler größere Stände öffnen",
        " ",
        ", ",
        ". ",
        "„“",
    ),
    "Cyrillic": (
        "совет порта решил отремонтировать старый мост после бури которая сломала две опоры и Вера "
        "Лугинская сказала что работы начнутся весной когда река снова опустится возле рынка",
        " ",
        ", ",
        ". ",
        "«»",
    ),
    "Greek": (
        "το συμβούλιο αποφάσισε την επισκευή παλιάς γέφυρας μετά από καταιγίδα που έσπασε δύο στύλους και "
        "Ελένη Μαρκάδη είπε ότι εργασίες αρχίζουν άνοιξη όταν ποτάμι πέσει",
        " ",
        ", ",
        ". ",
        "«»",
    ),
    "Arabic": (
        "قرر مجلس الميناء إصلاح الجسر القديم بعد عاصفة كسرت عمودين وقالت سلمى إن العمل يبدأ في الربيع "
        "عندما ينخفض النهر مرة أخرى قرب السوق الكبير",
        " ",
        "، ",
        ". ",
        "«»",
    ),
    "Hebrew": (
        "מועצת הנמל החליטה לתקן את הגשר הישן אחרי סערה ששברה שני עמודים ונועה אמרה כי העבודה תתחיל באביב "
        "כאשר הנהר ירד שוב ליד השוק",
        " ",
        ", ",
        ". ",
        "“”",
    ),
    "Devanagari": (
        "परिषद ने सोमवार को पुराने पुल की मरम्मत का फैसला किया क्योंकि तूफान से दो खंभे टूट गए और मीरा "
        "बोलीं कि काम वसंत में शुरू होगा जब नदी उतरेगी",
        " ",
        ", ",
        "। ",
        "“”",
    ),
    "Bengali": (
        "পরিষদ সোমবার পুরোনো সেতু মেরামতের সিদ্ধান্ত নিয়েছে কারণ ঝড়ে দুটি স্তম্ভ ভেঙে গেছে এবং মীরা "
        "বলেন যে কাজ বসন্তে শুরু হবে যখন নদী নামবে",
        " ",
        ", ",
        "। ",
        "“”",
    ),
    "Tamil": (
        "சபை பழைய பாலத்தை சரிசெய்ய திங்கள் முடிவு செய்தது ஏனெனில் புயல் இரண்டு தூண்களை உடைத்தது மேலும் "
        "மீரா வேலை வசந்தத்தில் தொடங்கும் என்று ஆறு இறங்கும் போது கூறினார்",
        " ",
        ", ",
        ". ",
        "“”",
    ),
    "Georgian": (
        "საბჭომ გადაწყვიტა ძველი ხიდის შეკეთება ქარიშხლის შემდეგ რომელმაც ორი სვეტი გატეხა და ნინო ამბობს "
        "რომ სამუშაო გაზაფხულზე დაიწყება როცა მდინარე დაიკლებს ბაზართან",
        " ",
        ", ",
        ". ",
        "„“",
    ),
    "Armenian": (
        "խորհուրդը որոշեց վերանորոգել հին կամուրջը փոթորկից հետո որը կոտրեց երկու սյուն և Անի ասաց որ "
        "աշխատանքը կսկսվի գարնանը երբ գետը իջնի շուկայի մոտ",
        " ",
        ", ",
        "։ ",
        "«»",
    ),
    "Hangul": (
        "시의회는 월요일 낡은 다리를 고치기로 했다 폭풍이 기둥 두 개를 부순 뒤 윤서하 의원은 공사가 봄에 "
        "강물이 줄면 시작된다고 말했으며 시장 상인들은",
        " ",
        ", ",
        ". ",
        "“”",
    ),
    "Thai": (
        "สภา ท่าเรือ ลงมติ ซ่อม สะพาน เก่า หลัง พายุ ทำลาย เสา สอง ต้น และ มาลี กล่าว ว่า งาน จะ เริ่ม ใน "
        "ฤดู ใบไม้ผลิ เมื่อ แม่น้ำ ลด ใกล้ ตลาด",
        "",
        " ",
        "\n",
        "“”",
    ),
    "Han": (
        "市议会 星期一 决定 修复 旧桥 风暴 折断 两根 桥墩 林若溪 表示 工程 春天 开始 河水 下降 市场 商人 "
        "希望 尽快 通车 居民 担心 费用 港口",
        "",
        "，",
        "。",
        "「」",
    ),
    "kana": (
        "市議会は 月曜日に 古い 橋を 直すと きめた 嵐で 柱が 二本 おれた あかりさんは 春に 川が 下がれば "
        "工事を はじめると のべた 市場の 人たちは まっている ミナトの",
        "",
        "、",
        "。",
        "「」",
    ),
}


def body(script: str, seed: int, sentences: int = 40, fresh: bool = False) -> str:
    """Return sentences of shuffled words, two a paragraph; other seeds share no eight words in a row.

    `fresh`: most words stand in no other body.
    """
    written, space, comma, stop, quotes = SCRIPTS[script]
    chance = Random(f"{script} {seed}")
    vocabulary = written.split()
    if fresh:
        parts = vocabulary if space or script == "Thai" else [letter for word in vocabulary for letter in word]
        vocabulary = vocabulary[:6] + ["".join(chance.choices(parts, k=3)) for _ in range(60)]
    found = []
    for number in range(sentences):
        words = chance.sample(vocabulary, 12)
        words[0] = words[0][:1].upper() + words[0][1:]
        clauses = [space.join(words[:6]), space.join([*words[6:], str(chance.randint(10, 9999))])]
        sentence = comma.join(clauses) + stop.rstrip(" ")
        if number % 9 == 4:
            sentence = quotes[0] + sentence.strip() + quotes[1]
        found.append(sentence)
    gap = "" if not space and stop != "\n" else " "
    return "\n".join(gap.join(found[at : at + 2]).strip() for at in range(0, sentences, 2))


def others(script: str, number: int = 14) -> list[str]:
    return [body(script, seed, fresh=True) for seed in range(1, number)]


EVERY = pytest.mark.parametrize("script", SCRIPTS)


@EVERY
@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_gives_a_page_and_a_truth_that_fits_both_texts(edit: str, script: str) -> None:
    source = body(script, 0)
    found = make(edit, source, others(script), 7)
    assert found == make(edit, source, others(script), 7)
    assert found.body
    assert found.edit == edit
    assert found.repost is EDITS[edit].repost
    assert bool(found.passages) is found.repost
    assert found.source == source if found.repost else found.source.startswith(source)
    places = [place for mine, _ in found.passages for place in mine]
    assert places == sorted(places)
    for (begin, end), (first, last) in found.passages:
        assert 0 <= begin < end <= len(found.body)
        assert 0 <= first < last <= len(source)
        if EDITS[edit].verbatim:
            assert letters.words(found.body[begin:end]) == letters.words(source[first:last])


@EVERY
@pytest.mark.parametrize("edit", [name for name, edit in EDITS.items() if not edit.repost])
def test_what_is_no_repost_shares_no_eight_words_in_a_row_but_quotations(edit: str, script: str) -> None:
    found = make(edit, body(script, 0), others(script), 3)
    own = found.body
    if edit == "only_furniture":
        standing = found.source.removeprefix(body(script, 0))
        assert worth(standing) > 30
        assert own.endswith(standing)
        own = own.removesuffix(standing)
    assert not shares_run(own, found.source)


@EVERY
@pytest.mark.parametrize(("edit", "words"), [("first_100", 100), *((f"excerpt_{n}", n) for n in (100, 60, 40, 25))])
def test_an_excerpt_has_the_length_that_it_says_in_every_script(edit: str, words: int, script: str) -> None:
    source = body(script, 0)
    found = make(edit, source, others(script), 5)
    ((_, (first, last)),) = found.passages
    assert words - 1e-6 <= worth(source[first:last]) < words + 1
    assert {first, last} <= {place for pair in zip(*_limits(source), strict=True) for place in pair}


def _limits(source: str) -> tuple[list[int], list[int]]:
    found = text.tokens(source)
    return found.begins.tolist(), found.ends.tolist()


@EVERY
@pytest.mark.parametrize("share", [5, 30, 60])
def test_as_many_words_are_replaced_as_the_name_says(share: int, script: str) -> None:
    source = body(script, 0)
    before = letters.words(source)
    after = letters.words(make(f"replaced_{share}", source, others(script), 1).body)
    kept = sum(block.size for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks())
    # The matcher is greedy, and what is put in is now and then the word, or the letter, that stood there.
    assert 1 - share / 100 * 1.2 < kept / len(before) < 1 - share / 100 * 0.4


@EVERY
def test_words_are_replaced_by_words_of_the_same_script_or_of_the_article_itself(script: str) -> None:
    foreign = body("Greek" if script in ("English", "German") else "English", 9)
    known = set("".join(SCRIPTS[script]) + "".join(SCRIPTS[script]).upper())
    found = make("replaced_40", body(script, 0), [foreign], 1).body
    assert found != body(script, 0)
    assert {letter for letter in found if letter.isalpha()} <= known


def test_every_edit_is_the_same_in_another_process() -> None:
    code = (
        "import json; from tests.test_simulate import *; "
        "print(json.dumps([make(edit, body('Greek', 0), others('Greek'), 7).body for edit in EDITS]))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "99"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, env=environment)
    assert json.loads(done.stdout) == [make(edit, body("Greek", 0), others("Greek"), 7).body for edit in EDITS]


def test_invented_articles_are_the_same_in_another_process_though_many_words_are_equally_common() -> None:
    code = """
import random
from syndet.background import background
chance = random.Random(1)
words = [a + b + c for a in "klmnprst" for b in "aeiou" for c in "klmnprst"]
bodies = []
for _ in range(40):
    mixed = chance.sample(words, len(words))
    bodies.append(" ".join("So " + " ".join(mixed[at : at + 9]) + "." for at in range(0, len(mixed), 9)))
print([one.body for one in background(bodies, 3, 1)])
"""
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(printed) == 1


@pytest.mark.parametrize("edit", EDITS)
def test_another_seed_gives_another_page_where_there_is_a_choice(edit: str) -> None:
    pages = {make(edit, body("English", 0), others("English"), seed).body for seed in range(12)}
    assert len(pages) > 1 or edit in {"copy", "first_100", "latin1", "cp1252", "same_topic"}


@pytest.mark.parametrize("edit", [name for name in EDITS if name not in {"copy", "lost", "latin1", "cp1252"}])
def test_a_source_too_short_is_an_error_or_still_gives_a_page(edit: str) -> None:
    for source in ("", "One word.", "Rain."):
        try:
            found = make(edit, source, [], 1)
        except TooShort as error:
            assert len(str(error)) > 20
        else:
            assert isinstance(found.body, str)


def test_an_unknown_edit_is_named_with_those_that_exist() -> None:
    with pytest.raises(UsageError, match="excerpt_40"):
        make("excerpt_41", "text", [], 1)


def test_the_third_and_the_tenth_of_a_page_are_as_long_as_they_say() -> None:
    source = body("English", 0)
    for edit, times in (("third", 3), ("tenth", 10)):
        page = make(edit, source, others("English"), 2).body
        assert times - 0.1 < worth(page) / worth(source) < times + 0.3


def test_dropped_paragraphs_part_the_truth_and_reordered_ones_turn_it_round() -> None:
    source = body("English", 0)
    kept = make("dropped", source, [], 1).passages
    assert len(kept) > 1
    assert [span for _, span in kept] == sorted(span for _, span in kept)
    turned = [span for _, span in make("reordered", source, [], 1).passages]
    assert turned != sorted(turned)
    assert sum(worth(source[a:b]) for a, b in turned) == worth(source)


def test_there_are_some_150_pairs_of_synonyms_at_least() -> None:
    pairs = [pair.split(":") for pair in SYNONYMS.split()]
    assert len(pairs) >= 150
    assert all(len(pair) == 2 and all(pair) for pair in pairs)


def test_the_document_lists_every_edit_and_its_example_runs() -> None:
    page = (ROOT / "docs/simulate.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \| (.+?) \|", page, re.MULTILINE) == [
        (name, edit.about) for name, edit in EDITS.items()
    ]
    for code in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        printed: list[object] = []
        exec(code, {"print": lambda *values, printed=printed: printed.append(values)})
        assert printed


# The background.


@pytest.fixture(scope="module")
def real() -> list[str]:
    return [
        body(script, 100 + seed, fresh=True) for script in SCRIPTS for seed in range(3 if script != "English" else 12)
    ]


@pytest.fixture(scope="module")
def invented(real: list[str]) -> list[Generated]:
    return list(background(real, 1500, 1))


def standing(invented: list[Generated]) -> dict[str, Counter[str]]:
    """Return how many pages of each site carry each paragraph."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for one in invented:
        found[str(urlsplit(one.url).hostname)].update(set(one.body.split("\n\n")))
    return found


def test_a_background_is_the_same_each_time_and_a_short_one_begins_a_long_one(real: list[str]) -> None:
    assert list(background(real, 20, 1)) == list(islice(background(real, 500, 1), 20))
    assert next(background(real, 1, 1)) != next(background(real, 1, 2))


def test_invented_articles_have_lengths_as_news_have(invented: list[Generated]) -> None:
    lengths = sorted(worth(one.body) for one in invented)
    assert lengths[0] >= 60
    assert 220 <= lengths[len(lengths) // 2] <= 420
    assert 1000 < lengths[-1] < 3500


def test_invented_articles_have_an_address_a_title_and_a_day_of_their_own(invented: list[Generated]) -> None:
    assert len({one.url for one in invented}) == len(invented)
    assert all(one.title and re.fullmatch(r"2024-03-\d\d", one.date) for one in invented)
    assert len({one.language for one in invented}) > 8


def test_a_site_has_standing_texts_on_most_of_its_pages(invented: list[Generated]) -> None:
    pages = Counter(str(urlsplit(one.url).hostname) for one in invented)
    for host, paragraphs in standing(invented).items():
        if pages[host] >= 10:
            assert 1 <= sum(number > 0.6 * pages[host] for number in paragraphs.values()) <= 5


def test_no_invented_article_copies_a_real_one_or_one_of_another_site(
    real: list[str], invented: list[Generated]
) -> None:
    carried = standing(invented)
    own = [
        "\n\n".join(p for p in one.body.split("\n\n") if carried[str(urlsplit(one.url).hostname)][p] == 1)
        for one in invented
    ]
    assert sum(shares_run(mine, body) for mine in own[:200] for body in real) <= 4
    assert sum(shares_run(own[a], own[b]) for a in range(120) for b in range(a)) <= 20


def test_some_invented_articles_quote_the_body_that_they_are_about(real: list[str], invented: list[Generated]) -> None:
    quoting = [one for one in invented if one.quoting]
    assert 0.05 < len(quoting) / len(invented) < 0.2
    for one in quoting:
        quoted = [real[one.about][begin:end] for begin, end in text.quotations(real[one.about])]
        assert any(quotation in one.body for quotation in quoted)


def test_a_background_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError):
        next(background(["Rain."], 1, 1))
