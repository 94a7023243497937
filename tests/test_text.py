"""The one tokeniser, in every script; sentences; quotations."""

from __future__ import annotations

import time
import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from syndet import folds, hashing, letters, pairs, text

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
    return folds.folded_by_word(body)[1]


def spelled_hash(word: str) -> int:
    """Return the hash of a word, worked out byte by byte."""
    value = sum(byte * pow(hashing._BASE, at, 1 << 64) for at, byte in enumerate(word.encode("utf-8", "surrogatepass")))
    mixed = int(hashing.mix(np.array([value % (1 << 64)], np.uint64))[0])
    return 0 if not word else mixed or 1


def quoted(body: str) -> list[str]:
    return [body[begin:end] for begin, end in text.quotations(body)]


def cut(body: str) -> list[str]:
    return [body[begin:end] for begin, end in text.sentences(body)]


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


def test_masks_are_breaks_and_addresses_and_handles_are_none() -> None:
    assert letters.words("a @ @ @ b @@@@ c @\n@ d") == ["a", "", "b", "", "c", "", "d"]
    assert (
        letters.words("mail anna@mail.example or @anna @bob @ home")
        == "mail anna mail example or anna bob home".split()
    )
    assert letters.count("a @ @ @ b") == 2


# -- hashes ------------------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(["@@", "a", "b", "ab", "京", "é", "ß", "क़", "x" * 300, "beijing"]), max_size=40))
@settings(deadline=None)
def test_a_word_has_one_hash_wherever_it_stands(names: list[str]) -> None:
    together = text.tokens(". ".join(names)).hashes
    assert together.dtype == np.uint64
    assert together.tolist() == [text.tokens(name).hashes[0] for name in names]
    assert [value == 0 for value in together] == [name == "@@" for name in names]


def test_hashes_of_many_and_of_long_words_are_those_of_few() -> None:
    names = [f"word{number}" for number in range(3 * hashing._SLICE)]
    many = text.tokens(" ".join(names)).hashes
    assert len(np.unique(many)) == len(names)
    assert np.array_equal(many[-5:], text.tokens(" ".join(names[-5:])).hashes)
    long = "x" * 3_000_000
    assert text.tokens(f"a {long} b").hashes[[0, 2]].tolist() == text.tokens("a b").hashes.tolist()
    assert len(hashing._powers_known[0]) <= 16 * hashing._SLICE


@given(anything)
@settings(max_examples=400, deadline=None)
def test_what_is_known_of_words_is_known_without_spelling_them(body: str) -> None:
    found = text.tokens(body)
    assert found.sizes.tolist() == list(map(len, found.words))
    assert found.singles.tolist() == [len(word) == 1 for word in found.words]
    assert found.numbers.tolist() == list(map(str.isdecimal, found.words))
    assert found.weights.tolist() == list(map(letters.weight, found.words))
    assert pairs.worths(found).tolist() == list(map(pairs._worth, found.words))
    assert found.hashes.tolist() == list(map(spelled_hash, found.words))
    assert found.stems(6).tolist() == [spelled_hash(word[:6]) for word in found.words]


@given(st.lists(anything, max_size=6))
@settings(max_examples=300, deadline=None)
def test_bodies_in_a_row_have_the_words_that_each_has_alone(bodies: list[str]) -> None:
    met = []
    for places, found, bounds in text.rows(bodies):
        met += places
        assert [found.words[a:b] for a, b in pairwise(bounds.tolist())] == [letters.words(bodies[at]) for at in places]
        alone = [text.tokens(bodies[at]).hashes for at in places]
        assert np.array_equal(found.hashes, np.concatenate([*alone, np.empty(0, np.uint64)]))
        assert pairs.worths(found).tolist() == list(map(pairs._worth, found.words))
    assert sorted(met) == list(range(len(bodies)))


# -- sentences ---------------------------------------------------------------------------------------------------------

SENTENCES = {
    "plain": "He came. | She left! | Why? | Rain…",
    "titles": "Mr. Xi met Dr. J. R. Smith and Sen. Warren. | He left.",
    "initials": "The U.S. Army of G. W. Bush. | It won.",
    "small letters with stops": "Some, e.g. Microsoft, came at 5 p.m. Monday. | Others left.",
    "decimals and addresses": "It grew 3.5 percent at example.com. | It fell 1.200 points.",
    "quotes after the stop": "“We go.” | He went. | (She stayed.) | \"No!\" | »Ja.« | Ende.",
    "german ordinals": "Am 3. März kam der 1. FC Köln. | Er ist 42. | Dann ging er.",
    "german abbreviations": "Es kostet ca. 3 Mio. Euro bzw. Dollar, z.B. Anna. | Gut.",
    "french": "M. Macron et Mme. Borne. | « Oui. » | Il part.",
    "spanish": "Dijo la Sra. Gómez de EE.UU. en Madrid. | ¿Qué? | ¡No!",
    "russian": "В 2024 г. Путин приехал на ул. Ленина. | Он сказал.",
    "several stops": "Really?! | Yes... | No.",
    "chinese": "他说。|“我们走！”|好？|是的",
    "japanese": "「行く。」|彼は言った。|終わり",
    "hindi": "वह गया।|प्रधानमंत्री बोले॥|हाँ",
    "arabic": "قال. | هل ذهب؟ | نعم. | انتهى",
    "urdu": "وہ گیا۔ | پھر آیا",
    "armenian": "Նա ասաց։ | Նա գնաց։",
    "amharic": "እሱ ሄደ። | መጣ።",
    "burmese": "သူသွားသည်။ | လာသည်။",
    "khmer": "គាត់ទៅ។ | មក។",
    "georgian": "ის წავიდა. | მოვიდა.",
    "hebrew": "הוא אמר. | היא הלכה.",
    "headline without stop": "A headline without a stop|\nThe text begins. | It goes on.",
    "thai has no stop": "เขาไปตลาด แล้วกลับบ้าน|\nวันนี้",
    "no space after the stop": "It ended.Then it began.",
    "small letter after the stop": "It ended. then it began.",
}  # fmt: skip


@pytest.mark.parametrize("marked", SENTENCES.values(), ids=SENTENCES)
def test_sentences_end_where_they_end(marked: str) -> None:
    assert cut(marked.replace(" | ", " ").replace("|", "")) == [part.strip() for part in marked.split("|")]


@pytest.mark.parametrize("body", ["", " ", "\n\n \n"])
def test_no_text_has_no_sentence(body: str) -> None:
    assert text.sentences(body) == []
    assert text.quotations(body) == []


@given(anything | st.text(st.sampled_from("aB.!?。।؟ \n\"”’)“«»‘'"), max_size=60))
@settings(max_examples=300, deadline=None)
def test_sentences_and_quotations_are_in_order_and_every_word_is_in_a_sentence(body: str) -> None:
    for spans in (text.sentences(body), text.quotations(body)):
        assert all(begin < end for begin, end in spans)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
    kept = [letter for begin, end in text.sentences(body) for letter in body[begin:end]]
    assert [x for x in kept if not x.isspace()] == [letter for letter in body if not letter.isspace()]
    assert all("\n" not in body[begin:end] for begin, end in text.quotations(body))


# -- quotations --------------------------------------------------------------------------------------------------------

QUOTATIONS = {
    "american": ("He said, “We go,” and “stay.”", ["“We go,”", "“stay.”"]),
    "straight": ('He said, "We go," and "stay."', ['"We go,"', '"stay."']),
    "british": ("‘We will go,’ he said. ‘It’s our right.’", ["‘We will go,’", "‘It’s our right.’"]),
    "british with a plural": ("‘All the workers’ unions strike,’ he said.", ["‘All the workers’ unions strike,’"]),
    "british phrase": ("She called it ‘a sad day for Leeds’ and left.", ["‘a sad day for Leeds’"]),
    "british in american": ("“He said ‘go to the house’ twice,” she said.", ["“He said ‘go to the house’ twice,”"]),
    "american in british": ("‘He said “go now” twice,’ she said.", ["‘He said “go now” twice,’"]),
    "german": ("„Wir gehen“, sagte er, »und du?« ›Ja, gut‹", ["„Wir gehen“", "»und du?«", "›Ja, gut‹"]),
    "german, other ends": ("„Wir gehen”, „ihr auch\", “sie nicht“ da.", ["„Wir gehen”", '„ihr auch"', "“sie nicht“"]),
    "german, nested": ("„Er sagte ‚Geht nach Hause‘“, sagte sie.", ["„Er sagte ‚Geht nach Hause‘“"]),
    "swiss": ("«Wir gehen», sagte er, «ihr bleibt».", ["«Wir gehen»", "«ihr bleibt»"]),
    "french": ("« Nous partons », dit-il. « Oui. »", ["« Nous partons »", "« Oui. »"]),
    "french, english marks with spaces": ("Il dit “ nous partons ” hier.", ["“ nous partons ”"]),
    "spanish": ("Dijo: «Vamos». “Ya”, dijo.", ["«Vamos»", "“Ya”"]),
    "italian": ("«Andiamo», ha detto, “subito”.", ["«Andiamo»", "“subito”"]),
    "polish": ("„Idziemy” – powiedział. „Tak”.", ["„Idziemy”", "„Tak”"]),
    "swedish": ("”Vi går”, sa han. ”Vi stannar.”", ["”Vi går”", "”Vi stannar.”"]),
    "danish": ("»Vi går,« sagde han. »Ja da«", ["»Vi går,«", "»Ja da«"]),
    "finnish": ("»Mennään», hän sanoi. ”Joo.”", ["»Mennään»", "”Joo.”"]),
    "dutch": ("‘We gaan naar huis’, zei hij. ‘s Avonds.", ["‘We gaan naar huis’"]),
    "russian, nested": ("«Газета «Известия» пишет», сказал он.", ["«Газета «Известия» пишет»"]),
    "ukrainian": ("«Ми йдемо», – сказав. „Так“", ["«Ми йдемо»", "„Так“"]),
    "chinese": ("他说：“我们走。”她说“好的”。", ["“我们走。”", "“好的”"]),
    "chinese, straight": ('他说"我们走"，她说＂好的＂。', ['"我们走"', "＂好的＂"]),
    "japanese, nested": ("「彼は『行く』と言った」と「「はい」と」", ["「彼は『行く』と言った」", "「「はい」と」"]),
    "korean": ('그는 "우리는 간다"라고, “안 간다”고 했다', ['"우리는 간다"', "“안 간다”"]),
    "arabic": ("قال «نحن ذاهبون» و\"نعم نعم\" ثم ”حسنا“", ["«نحن ذاهبون»", '"نعم نعم"', "”حسنا“"]),
    "hebrew abbreviation inside": ('אמר "צה"ל פועל היום" והלך', ['"צה"ל פועל היום"']),
    "hebrew abbreviation outside": ('דובר צה"ל וראש השב"כ אמרו', []),
    "thai": ("กล่าวว่า “เราจะไป” และ \"ไม่\"", ["“เราจะไป”", '"ไม่"']),
    "tex": ("He said ``don't go'' twice.", ["``don't go''"]),
    "feet and inches": ("A 5'10\" man with a 7\" disc said \"no\".", ['"no"']),
    "primes": ("A 5′10″ man said “no”.", ["“no”"]),
    "apostrophes open nothing": ("The ‘90s, rock ‘n’ roll, ‘em, ‘tis the boys’ and girls’ year, O’Neill’s.", []),
    "one or two words in single marks": ("The ‘big lie’ and ‘Yes,’ he said of the workers’ pay.", []),
    "straight single marks": ("'We will go,' he said.", []),
    "no opening mark": ('we go," he said. "And stay," she said.', ['"And stay,"']),
    "no closing mark": ('"We go, he said. "And stay," she said.', ['"And stay,"']),
    "typographic closing mark": ('"We go,” he said. "And stay," she said.', ['"We go,”', '"And stay,"']),
    "only a closing mark": ("geht“, sagte er. vamos», dijo. fin. » Puis « oui »", ["« oui »"]),
    "nested, the same marks": ("He said “the “big” one” again.", ["“the “big” one”"]),
    "space before the closing mark": ('He asked "who are we? " and left.', ['"who are we? "']),
    "empty": ("“” \"\" «» 「」 ‘’ „“", []),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), QUOTATIONS.values(), ids=QUOTATIONS)
def test_quotations_in_the_styles_of_many_languages(body: str, expected: list[str]) -> None:
    assert quoted(body) == expected


@pytest.mark.parametrize("marks", ["“”", '""', "«»", "„“", "‘’"])
def test_each_paragraph_of_a_long_quotation_opens_anew(marks: str) -> None:
    opening, closing = marks
    body = f"{opening}We will go there.\n{opening}And we will stay.\n\n{opening}So it is,{closing} he said.\nHe left."
    expected = ["We will go there.", "And we will stay.", f"So it is,{closing}"]
    assert quoted(body) == [opening + part for part in expected]


@pytest.mark.parametrize("opening", ["“", '"', "«", "„", "»", "”", "‘", "「"])
def test_an_unpaired_mark_never_swallows_the_next_paragraph(opening: str) -> None:
    body = f"He said: {opening}We go there and stay\nThis is what the city says of it today."
    assert all(end <= body.index("\n") for _, end in text.quotations(body))


SIZE = 300_000
HOSTILE = {
    name: (piece * (SIZE // len(piece) + 1))[:SIZE]
    for name, piece in {
        "stops": ".", "line ends": "\n", "spaces": " ", "letter and stop": "a.", "capital and stop": "Ab. ",
        "stop and mark": ".”", "stop and spaces": ".     ", "question marks": "?!", "ideographic stops": "。",
        "openers": "“", "closers": "”", "both": "“”", "straight": '"', "straight, letter": '"a ',
        "space, straight": ' "',
        "german": "„a", "german both": "„“", "guillemets": "«", "guillemets closing": "» »a", "nested": "«a«b»",
        "single": "‘", "single and letter": " ‘a", "single words": " ‘a b s’", "plural": "s’ ",
        "corner": "「", "corner nested": "「a「b」",
        "ticks": "``", "ticks and marks": "`` a'", "hebrew": 'א"', "at": "@", "at and spaces": "@ " * 20 + " " * 400,
        "marks": "\u0301", "letter and mark": "e\u0301", "soft hyphens": "\u00ad", "thai": "เ",
        "sara am": "\u0e4d\u0e49",
        "one word": "a", "one quotation": "“" + "a b " * 300_000, "one british quotation": "‘" + "as’ " * 300_000,
        "one straight quotation": ' "' + "ab c " * 250_000, "guillemet, then many": "«" + "«b»" * 400_000,
    }.items()
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_linear_time(name: str) -> None:
    body = HOSTILE[name]
    begin = time.process_time()
    text.sentences(body)
    text.quotations(body)
    letters.words(body)
    assert time.process_time() - begin < 2.0  # 0.05 to 0.5 s; what is quadratic takes minutes


# -- ways around the pattern -------------------------------------------------------------------------------------------


def alone() -> list[str]:
    """Return all characters of the blocks of which `folds.folded` reads each alone."""
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
        parts = [body] if folds.folded(body) is not None else body.split(" ")
        for part in parts:
            assert letters.words(part) == by_pattern(part), (hex(low), part)


def test_most_of_most_news_is_read_at_once() -> None:
    for body in (
        "It’s “15%” – 😀 a@b.example",
        "Größe: İzmir, ŒUVRE ½",
        "Ελλάς ΟΔΟΣ",
        "ещё Київ",
        "القاهرة",
        "서울은",
        "ﬁne",
    ):
        assert folds.folded(body) is not None, body
    for body in ("東京へ", "น้ำท่วม", "e\u0301", "so\u00adnar", "@ @", "हिन्दी"):
        assert folds.folded(body) is None, body


@pytest.mark.parametrize("unseen", ["\u200b", "\u00ad", "\u2060", "\ufe0f"])
def test_a_thai_vowel_stays_with_its_consonant_whatever_unseen_lies_between(unseen: str) -> None:
    assert letters.words(f"เ{unseen}ขา แ{unseen}รก") == letters.words("เขา แรก") == ["เขา", "แร", "ก"]
