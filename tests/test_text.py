"""Words to hashes; sentences; quotations."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_letters import anything

from syndet import hashing, letters, pairs, text


def spelled_hash(word: str) -> int:
    """Return the hash of a word, worked out byte by byte."""
    value = sum(byte * pow(hashing._BASE, at, 1 << 64) for at, byte in enumerate(word.encode("utf-8", "surrogatepass")))
    mixed = int(hashing.mix(np.array([value % (1 << 64)], np.uint64))[0])
    return 0 if not word else mixed or 1


def worth(word: str) -> int:
    """Return what a word is worth in a content pair, worked out by its letters."""
    if not word:
        return pairs.BREAK
    if word in pairs.COMMON or all("\u3040" <= letter <= "\u309f" for letter in word):
        return 0
    if letters.weight(word) == 1.0:
        return 0 if len(word) == 1 else pairs.SPACED | (pairs._NUMBER if word.isdecimal() else 0)
    return pairs.CLUSTER if letters.weight(word) == letters.CLUSTER_WEIGHT else pairs.IDEOGRAM


def quoted(body: str) -> list[str]:
    return [body[begin:end] for begin, end in text.quotations(body)]


def cut(body: str) -> list[str]:
    return [body[begin:end] for begin, end in text.sentences(body)]


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
    known = np.flatnonzero(found.bytes)
    assert found.bytes.tolist() == [len(word.encode("utf-8", "surrogatepass")) for word in found.words]
    assert found.numbers(known).tolist() == [word.isdecimal() for word in found.words if word]
    assert found.weights.tolist() == list(map(letters.weight, found.words))
    assert pairs.worths(found).tolist() == list(map(worth, found.words))
    assert found.hashes.tolist() == list(map(spelled_hash, found.words))
    assert found.stems(6).tolist() == [spelled_hash(word[:6]) for word in found.words]


@given(st.lists(anything, max_size=6))
@settings(max_examples=300, deadline=None)
def test_bodies_in_a_row_have_the_words_that_each_has_alone(bodies: list[str]) -> None:
    found, bounds = text.row(bodies)
    assert [found.words[a:b] for a, b in pairwise(bounds.tolist())] == list(map(letters.words, bodies))
    alone = [text.tokens(body).hashes for body in bodies]
    assert np.array_equal(found.hashes, np.concatenate([*alone, np.empty(0, np.uint64)]))
    assert pairs.worths(found).tolist() == list(map(worth, found.words))


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
    "after a colon, with a space": ('Mayor: " We go there ." He left.', ['" We go there ."']),
    "after a colon, never closed": ("Mayor: ‘We go there.\nHe left.", ["‘We go there."]),
    "a colon, but no three words": ("Mayor: ‘Go there.\nHe left.", []),
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
