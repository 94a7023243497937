"""What a word is, in every script, however it is typed; the quick ways give what the pattern gives."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from syndet import folds, letters, text

SAMPLES = [
    "Don’t STOP, ﬁne so\u00adnar! @ @ @ 東京へ",
    "Die Straße nach Gießen — „gesperrt“",
    "ελλάς ΟΔΟΣ",
    "น้ำท่วม ປະເທດລາວ ភាសាខ្មែរ မြန်မာ བོད་",
    "ｶﾞｽ ガス が \u3099",
    "각하 \u1100\u1161\u11a8",
    "مُحَمَّد القـــاهرة ﷲ ١٢٣",
    'שָׁלוֹם צה"ל',
    "क़लम हिन्दी ১২ தமிழ்",
    "@anna a@b.example @@ @ x",
    "1️⃣ ½ x² ŉ ŀ Ⅳ ﷺ",
    "e\u034f\u0301 a\u200b\u0301",
    "🇺🇦 👩‍👩‍👧 😀",
    "\ud83d \udc00 a\ud800b",
    "\u0301\u0e31\u0eb3\u0e33",
    "ʼ ʻokina Oʻzbek мʼята",
]
alphabets = st.sampled_from(
    [
        st.characters(),
        st.characters(min_codepoint=0, max_codepoint=0x17F),
        st.characters(min_codepoint=0x300, max_codepoint=0x6FF),
        st.characters(min_codepoint=0x900, max_codepoint=0x10FF),
        st.characters(min_codepoint=0x1100, max_codepoint=0x11FF),
        st.characters(min_codepoint=0x2000, max_codepoint=0x206F),
        st.characters(min_codepoint=0x3000, max_codepoint=0x30FF),
        st.characters(min_codepoint=0xFB00, max_codepoint=0xFFFF),
        st.sampled_from("aZ @\n.’‘“”\"'«»„‚—…\u00a0\u00ad\u200b\ufe0f\u0301"),
    ]
)
anything = (
    st.lists(alphabets.flatmap(lambda letters: st.text(letters, max_size=12)), max_size=5).map("".join)
    | st.text(st.characters(exclude_categories=()), max_size=40)  # lone surrogates, too
    | st.sampled_from(SAMPLES)
)


def by_pattern(body: str) -> list[str]:
    """Return the words of `body` without the quick ways."""
    return [letters.normal[body[begin:end]] for begin, end in letters.runs(body)]


# -- words -------------------------------------------------------------------------------------------------------------


@given(anything)
@example("@" + " " * 50 + "@")
@settings(max_examples=400, deadline=None)
def test_tokens_are_the_words_with_their_places(body: str) -> None:
    found = text.tokens(body)
    assert found.words == letters.words(body)
    ends = np.concatenate(([0], found.ends))
    assert np.all(found.begins >= ends[:-1])
    assert np.all(found.begins < found.ends)
    assert len(body) >= ends[-1]
    for word, begin, end in zip(found.words, found.begins, found.ends, strict=True):
        assert letters.words(body[begin:end]) == [word]


@given(anything)
@settings(max_examples=400, deadline=None)
def test_the_quick_ways_find_what_the_pattern_finds(body: str) -> None:
    assert letters.words(body) == by_pattern(body)


@given(st.text(st.sampled_from([chr(code) for code in range(128)] + list("’‘“”–—…\u00a0•€£")), max_size=80))
@settings(max_examples=400, deadline=None)
def test_the_quick_ways_find_what_the_pattern_finds_in_english(body: str) -> None:
    assert letters.words(body) == by_pattern(body)


@given(anything)
@settings(max_examples=400, deadline=None)
def test_composed_and_decomposed_text_is_the_same_words(body: str) -> None:
    assert letters.words(unicodedata.normalize("NFC", body)) == letters.words(unicodedata.normalize("NFD", body))
    assert letters.words(unicodedata.normalize("NFC", body)) == letters.words(body)


def test_every_character_is_the_same_words_composed_and_decomposed() -> None:
    for code in range(0x110000):
        letter = chr(code)
        for form in ("NFC", "NFD"):
            other = unicodedata.normalize(form, letter)
            if other != letter:
                assert letters.words(f"a{other}b") == letters.words(f"a{letter}b"), hex(code)


@given(anything)
@settings(deadline=None)
def test_a_word_is_empty_only_for_a_mask_and_nobody_sees_the_unseen(body: str) -> None:
    if "@" not in body:
        assert "" not in letters.words(body)
    for word in letters.words(body):
        assert letters.words(word) in ([word], []) or any(
            unicodedata.normalize("NFKC", letter) != letter for letter in body
        )


def test_every_letter_is_a_word_that_reads_the_same_again_or_none() -> None:
    # Known limits: two katakana in one character, and half-width sound marks and vowels that stand alone.
    known = set("\u0e33\u0eb3\u0edc\u0edd\u309f\u30ff\uff9e\uff9f")
    odd = set()
    for code in range(0x110000):
        letter = chr(code)
        if unicodedata.category(letter)[0] in "LN":
            words = letters.words(letter)
            assert "" not in words, hex(code)
            if letters.words(" ".join(words)) != words:
                odd.add(letter)
    assert odd <= known


VARIANTS = {
    "case": ("Straße ÉCOLE ΟΔΟΣ", "STRASSE école οδος"),
    "capital sharp s": ("STRAẞE", "straße"),
    "final sigma": ("Ο ΔΡΟΜΟΣ", "ο δρομος"),
    "turkish i": ("İSTANBUL ISPARTA ısı", "istanbul ısparta ISI"),
    "georgian capitals": ("ᲗᲑᲘᲚᲘᲡᲘ", "თბილისი"),
    "cherokee": ("ᏣᎳᎩ", "ꮳꮃꭹ"),
    "ligatures": ("ﬁnance ﬂow oﬃce", "finance flow office"),
    "full width": ("ＡＢＣ１２３", "abc123"),
    "styled letters": ("𝐁𝐫𝐞𝐚𝐤𝐢𝐧𝐠 𝓃𝑒𝓌𝓈", "breaking news"),
    "soft hyphen": ("co\u00adope\u00adration", "cooperation"),
    "zero width": ("Zo\u200b\u2060e\ufeff", "Zoe"),
    "variation selectors": ("1\ufe0f\u20e3 葛\U000e0100城 a\ufe0e", "1 葛城 a"),
    "joiner between letter and mark": ("e\u034f\u0301 e\u00ad\u0301", "é é"),
    "directions": ("\u202aabc\u202c \u200fab\u200e", "abc ab"),
    "apostrophes": ("м’ята мʼята d‘un d'un Oʻzbek", "м'ята м'ята d'un d’un O‘zbek"),
    "quotes and dashes": ("“a” – b — «c» … „d“", "\"a\" - b - 'c' ... d"),
    "spaces": ("a\u00a0b\u2009c\u3000d", "a b c d"),
    "vietnamese": ("Tiếng Việt", unicodedata.normalize("NFD", "Tiếng Việt")),
    "angstrom and ohm": ("\u212b \u2126 \u212a", "å ω k"),
    "russian yo": ("Ещё ёлка", "еще елка"),
    "russian i kratkoye": ("и\u0306", "й"),
    "romanian comma and cedilla": ("Ștefan, Țara", "ştefan ţara"),
    "hangul jamo": ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
    "half width hangul": ("ﾡ", "ㄱ"),
    "hangul filler": ("한\u3164 글", "한 글"),
    "half width kana": ("ｻｰﾊﾞｰ ﾊﾟ", "サーバー パ"),
    "kana with a loose sound mark": ("か\u3099 ハ\u309a", "が パ"),
    "compatibility ideographs": ("\uf900\u2f00", "豈一"),
    "thai sara am": ("น้ำ", "น\u0e49\u0e4d\u0e32"),
    "thai sara am, tone last": ("น้ำ", "น\u0e4d\u0e49\u0e32"),
    "thai digits": ("พ.ศ. ๒๕๖๗", "พ.ศ. 2567"),
    "lao sara am": ("ນ້ຳ", "ນ\u0ec9\u0ecd\u0eb2"),
    "khmer digits": ("១២៣", "123"),
    "burmese digits": ("၂၀၂၄", "2024"),
    "arabic vowel points": ("مُحَمَّدٌ", "محمد"),
    "arabic stretch": ("القـــاهرة ـ", "القاهرة"),
    "arabic presentation forms": ("ﻣﺼﺮ ﷲ", "مصر الله"),
    "arabic alef": ("أحمد إلى آخر", "احمد الى اخر"),
    "persian yeh and kaf": ("كي", "کی"),
    "persian joiner": ("می\u200cخواهم", "میخواهم"),
    "arabic digits": ("٢٠٢٤ ۲۰۲۴", "2024 2024"),
    "hebrew points": ("שָׁלוֹם", "שלום"),
    "hebrew presentation forms": ("\ufb2a\ufb4b", "שו"),
    "hindi nukta": ("\u0958\u0932\u092e", "क\u093cलम"),
    "hindi joiners": ("क्\u200dष", "क्ष"),
    "hindi digits": ("१२३", "123"),
    "bengali vowel": ("\u09cb", "\u09c7\u09be"),
    "tamil vowel": ("க\u0bca", "க\u0bc6\u0bbe"),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other"), VARIANTS.values(), ids=VARIANTS)
def test_spellings_that_a_reader_takes_for_one_are_one(one: str, other: str) -> None:
    assert letters.words(one) == letters.words(other)


DIFFERENT = {
    "fractions and units in one character": ("½ ㎏", "1/2 kg"),
    "catalan l with a dot in one character": ("coŀlegi", "col·legi"),
    "greek capitals without accents": ("ΕΛΛΑΔΑ", "Ελλάδα"),
    "umlauts written out": ("Mueller", "Müller"),
    "traditional and simplified": ("漢", "汉"),
    "contractions": ("dont", "don't"),
    "hyphens": ("cooperate", "co-operate"),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_known_limits_two_spellings_are_two(one: str, other: str) -> None:
    assert letters.words(one) != letters.words(other)


WORDS = {
    "english": ("The U.S. won 3.5m, didn't it?", "the u s won 3 5m didn t it"),
    "underscores": ("a_b", "a b"),
    "chinese": ("习近平在北京3月说G20", "习 近 平 在 北 京 3 月 说 g20"),
    "japanese": ("東京へサーバー人々", "東 京 へ サ ー バ ー 人 々"),
    "korean": ("문재인 대통령은", "문재인 대통령은"),
    "thai": ("เมืองไทย ปี๒๕๖๗", "เมื อ ง ไท ย ปี 2567"),
    "lao": ("ປະເທດລາວ", "ປະ ເທ ດ ລາ ວ"),
    "khmer": ("ខ្មែរ", "ខ្ មែ រ"),
    "burmese": ("မြန်မာ", "မြ န် မာ"),
    "arabic": ("قال الرئيس، إنه", "قال الرئیس انه"),
    "hebrew": ("ראש הממשלה נתניהו", "ראש הממשלה נתניהו"),
    "hindi": ("प्रधानमंत्री मोदी", "प्रधानमंत्री मोदी"),
    "bengali": ("বাংলাদেশ", "বাংলাদেশ"),
    "tamil": ("தமிழ்நாடு", "தமிழ்நாடு"),
    "armenian": ("Հայաստան։", "հայաստան"),
    "amharic": ("ኢትዮጵያ።", "ኢትዮጵያ"),
    "emoji": ("a😀b 👩‍👩‍👧 🇺🇦 ❤️", "a b"),
    "surrogates": ("a\ud83d b", "a b"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), WORDS.values(), ids=WORDS)
def test_words_in_every_script(body: str, expected: str) -> None:
    assert letters.words(body) == expected.split()


def test_a_word_is_worth_as_much_text_in_every_script() -> None:
    worth = [letters.weight(word) for word in ("beijing", "京", "ガ", "เมื", "ខ្", "한글", "2567", "")]
    assert worth == [1.0, 0.6, 0.6, 0.35, 0.35, 1.0, 1.0, 0.0]


@given(st.text(max_size=40) | st.sampled_from(SAMPLES))
@settings(max_examples=300)
def test_where_a_text_is_said_to_be_spaced_each_of_its_words_is_worth_one(body: str) -> None:
    worth = {letters.weight(word) for word in letters.words(body)}
    assert worth <= {1.0} if letters.spaced(body) else not body.isascii() or letters.masked(body)


def test_masks_are_breaks_and_addresses_and_handles_are_none() -> None:
    assert letters.words("a @ @ @ b @@@@ c @\n@ d") == ["a", "", "b", "", "c", "", "d"]
    assert (
        letters.words("mail anna@mail.example or @anna @bob @ home")
        == "mail anna mail example or anna bob home".split()
    )
    assert letters.count("a @ @ @ b") == 2


# -- ways around the pattern -------------------------------------------------------------------------------------------


def alone() -> list[str]:
    """Return all characters of the blocks of which each is read alone, marks and what nobody sees among them too."""
    return [chr(code) for low, high in letters._ALONE for code in range(low, high)]


@given(st.text(st.sampled_from(alone()) | st.sampled_from(" .,’abéяκשبم각1ßİ😀、"), max_size=60))
@settings(max_examples=300, deadline=None)
def test_texts_without_marks_are_cut_as_the_pattern_cuts_them(body: str) -> None:
    found = text.tokens(body)
    assert found.words == letters.words(body) == by_pattern(body)
    assert [(int(a), int(b)) for a, b in zip(found.begins, found.ends, strict=True)] == letters.runs(body)


def test_every_character_is_read_beside_others_as_the_pattern_reads_it() -> None:
    for low in range(0, 0x110000, 0x80):
        # Each twice, at the end and at the beginning of a word, and alone.
        body = " ".join(
            f"a{letter} {letter}é {letter} {letter}{letter}я" for letter in map(chr, range(low, low + 0x80))
        )
        assert letters.words(body) == text.tokens(body).words == by_pattern(body), hex(low)


def test_most_of_news_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = (
        "It’s “15%” – 😀 a@b.example",
        "Größe: İzmir, ŒUVRE ½ ışık",
        "Ελλάς ΟΔΟΣ",
        "ещё Київ",
        "القاهرة ٢٠٢٤",
        "서울은",
        "ﬁne",
        "東京へ、〇一",
    )
    expected = list(map(by_pattern, bodies))
    monkeypatch.setattr(folds, "_stretches", None)
    assert [text.tokens(body).words for body in bodies] == expected
    for body in ("น้ำท่วม", "e\u0301", "so\u00adnar", "@ @", "हिन्दी", "東京か\u3099"):
        with pytest.raises(TypeError):
            text.tokens(body)


@pytest.mark.parametrize("unseen", ["\u200b", "\u00ad", "\u2060", "\ufe0f"])
def test_a_thai_vowel_stays_with_its_consonant_whatever_unseen_lies_between(unseen: str) -> None:
    assert letters.words(f"เ{unseen}ขา แ{unseen}รก") == letters.words("เขา แรก") == ["เขา", "แร", "ก"]
