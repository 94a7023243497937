"""Bytes to text, text to one parsed page."""

from __future__ import annotations

import codecs
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndet import dom

RUSSIAN = "Губернатор сообщил, что мост через реку закрыли в понедельник утром из-за трещины в опоре. " * 3
GERMAN = "Die Brücke über die Weser wurde am Montag gesperrt, weil Taucher einen Riß im nördlichen Pfeiler fanden. " * 3
ENGLISH = "The harbour’s “north pier” was closed on Monday – divers had found a crack in it, officials said. " * 3
POLISH = (
    "Zażółć gęślą jaźń: most na Wiśle zamknięto w poniedziałek, bo nurkowie znaleźli pęknięcie w północnym filarze. "
    * 3
)
CHINESE = "周一上午，潜水员在北侧桥墩发现裂缝后，河上的大桥被关闭，官员说维修要到秋天才能完成。" * 3
TRADITIONAL = "週一上午，潛水員在北側橋墩發現裂縫後，河上的大橋被關閉，官員說維修要到秋天才能完成。" * 3
JAPANESE = "月曜日の朝、ダイバーが北側の橋脚にひび割れを見つけたため、川にかかる橋が閉鎖されたと当局者が述べた。" * 3
KOREAN = "월요일 아침 잠수부들이 북쪽 교각에서 균열을 발견한 뒤 강을 건너는 다리가 폐쇄됐다고 당국자가 말했다. " * 3
TURKISH = (
    "Pazartesi sabahı dalgıçlar kuzey ayağında çatlak bulunca ırmağın üzerindeki köprü kapatıldı, dedi yetkililer. " * 3
)


def page(body: str, charset: str = "") -> str:
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<!doctype html><html><head>{meta}<title>News</title></head><body><p>{body}</p></body></html>"


# -- decode ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-8"])
@pytest.mark.parametrize("charset", [None, "iso-8859-1", "utf-8", "windows-1251"])
def test_a_mark_or_valid_utf_8_outweighs_what_is_declared(codec: str, charset: str | None) -> None:
    text = page(RUSSIAN + CHINESE, "iso-8859-1")
    assert dom.decode(text.encode(codec), charset) == text


def test_utf_16_is_read_by_its_mark_or_by_what_http_says() -> None:
    assert dom.decode(codecs.BOM_UTF16_BE + "Größe".encode("utf-16-be")) == "Größe"
    assert dom.decode(codecs.BOM_UTF16_LE + "Größe".encode("utf-16-le")) == "Größe"
    assert dom.decode(page(ENGLISH).encode("utf-16-le"), "UTF-16LE") == page(ENGLISH)
    assert dom.decode(page(ENGLISH).encode("utf-16-le")) is None


DECLARED = {
    "windows-1251": RUSSIAN, "koi8-r": RUSSIAN, "windows-1252": ENGLISH, "iso-8859-2": POLISH, "windows-1250": POLISH,
    "gb2312": CHINESE, "gbk": CHINESE, "gb18030": CHINESE, "big5": TRADITIONAL, "shift_jis": JAPANESE,
    "euc-jp": JAPANESE, "iso-2022-jp": JAPANESE, "euc-kr": KOREAN, "windows-1254": TURKISH, "iso-8859-9": TURKISH,
}  # fmt: skip


@pytest.mark.parametrize("charset", DECLARED)
def test_an_old_encoding_is_read_as_http_or_the_page_declares_it(charset: str) -> None:
    plain = DECLARED[charset]
    text = page(plain, charset)
    assert dom.decode(text.encode(charset)) == text
    assert dom.decode(page(plain).encode(charset), charset) == page(plain)
    older = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">' + plain
    assert dom.decode(older.encode(charset)) == older


def test_pages_that_call_themselves_latin_1_or_gb2312_are_what_browsers_take_them_for() -> None:
    assert dom.decode(page(ENGLISH, "iso-8859-1").encode("cp1252")) == page(ENGLISH, "iso-8859-1")
    rare = page("朱镕基" * 20, "gb2312")
    assert dom.decode(rare.encode("gb18030")) == rare


@pytest.mark.parametrize(
    ("plain", "codec"),
    [(RUSSIAN, "cp1251"), (CHINESE, "gb18030"), (JAPANESE, "shift_jis"), (JAPANESE, "euc-jp"), (KOREAN, "euc-kr"),
     (TRADITIONAL, "big5"), (GERMAN, "cp1252")],
)  # fmt: skip
@pytest.mark.parametrize("charset", [None, "utf-8", "no-such-encoding", "punycode", ""])
def test_where_the_declaration_is_missing_or_wrong_the_bytes_decide(
    plain: str, codec: str, charset: str | None
) -> None:
    assert dom.decode(page(plain, "utf-8").encode(codec), charset) == page(plain, "utf-8")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_cut_off_in_a_character_loses_no_more_than_that(codec: str) -> None:
    text = RUSSIAN * 5 + "мост"
    found = dom.decode(text.encode(codec)[:-1])
    assert found is not None
    assert found.startswith(text[:-1])


def test_stray_bytes_in_utf_8_cost_only_themselves() -> None:
    for mark in (b"", codecs.BOM_UTF8):
        data = mark + (RUSSIAN * 5).encode() + b"\xff\xa0" + (RUSSIAN * 5).encode()
        assert (dom.decode(data) or "").replace("\ufffd", "").lstrip("\ufeff") == RUSSIAN * 10


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 50, b"\x00" * 5000, b"\x00\x01\x02" * 500 + b"\xff" * 500],
    ids=["all", "zeros", "noise"],
)
def test_what_is_no_text_is_undecodable(data: bytes) -> None:
    assert dom.decode(data) is None


def test_no_bytes_are_the_empty_text() -> None:
    assert dom.decode(b"") == ""


@given(
    st.binary(max_size=300),
    st.none() | st.sampled_from(["utf-8", "utf-16", "utf-7", "shift_jis", "idna", "hex", "\x00"]),
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_decoded_or_refused(data: bytes, charset: str | None) -> None:
    text = dom.decode(data, charset)
    assert text is None or isinstance(text, str)


# -- parse -------------------------------------------------------------------------------------------------------------


def words(text: str) -> list[str]:
    document = dom.parse(text)
    return document.tree.text_content().split() if document is not None else []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>a<p>b", "a b"),
        ("plain text", "plain text"),
        ("<td>cell</td>", "cell"),
        ("<html><body>a</body></html><p>b", "a b"),
        ("<html><body><p>a</BODY ></HTML\n><html><body><p>b</p></body></html><!-- c -->", "a b"),
        ("<p>a<!-- hidden <p> -->b</p>", "ab"),
        ("<p>a &amp; b &#8217; &nbsp;c &unknown;", "a & b ’ c &unknown;"),
        ("<p>a<?php echo 'x' ?>b", "ab"),
        ("<?xml version='1.0' encoding='utf-16'?><p>ä</p>", "ä"),
        ("<meta charset=iso-8859-1><p>ä€</p>", "ä€"),
        ("<p>nul\x00and\x01bell\ud800</p>", "nulandbell"),
        ("<p>&#0;&#1;&#x1F;&#65535;a</p>", "\ufffda"),
        ("<P CLASS=x>a</P>", "a"),
        ("\ufeff<p>a</p>", "a"),
        ("<p>a</div></span></p>b", "a b"),
    ],
)
def test_pages_as_they_come_are_parsed(text: str, expected: str) -> None:
    found = " ".join(words(text)).replace("\ufeff", "").strip()
    assert found.replace(" ", "") == expected.replace(" ", "")


@pytest.mark.parametrize(
    "text", ["", " \n", "<!-- only a comment -->", "\x00", "<!doctype html>", "<?xml version='1.0'?>"]
)
def test_a_page_of_nothing_has_no_document(text: str) -> None:
    assert dom.parse(text) is None


def test_text_in_cdata_does_not_break_the_page() -> None:
    assert words("<p>a</p><![CDATA[ <p>x</p> ]]> <p>b</p>") == ["ax", "]]>", "b"]


def test_deep_pages_are_read_to_the_bottom_when_they_are_small() -> None:
    deep = "<div>" * 1_500 + "bottom"
    assert words(deep) == ["bottom"]
    assert dom.parse(deep + " " * dom.DEEP_CHARACTERS) is not None


def test_meta_elements_are_read_by_every_attribute_that_names_them() -> None:
    document = dom.parse(
        "<meta name=Author content=' Anna '><meta property=og:title content=T><meta itemprop=datePublished content=D>"
        "<meta http-equiv=refresh content=0><meta name=empty content=''><meta content=alone>"
        "<meta name=both property=og:b content=B>"
    )
    assert document is not None
    assert document.meta == (
        ("author", "Anna"), ("og:title", "T"), ("datepublished", "D"), ("refresh", "0"), ("both", "B"), ("og:b", "B"),
    )  # fmt: skip


# -- structured data ---------------------------------------------------------------------------------------------------


def typed(*scripts: str, kind: str = "application/ld+json") -> list[tuple[str, object]]:
    html = "".join(f"<script type='{kind}'>{script}</script>" for script in scripts)
    document = dom.parse(f"<html><head>{html}</head><body><p>x</p></body></html>")
    assert document is not None
    return [(path, node["@type"]) for path, node in document.jsonld]


A = '{"@type":"A","n":"x"}'
B = '{"@type":"B"}'


@pytest.mark.parametrize(
    ("scripts", "expected"),
    [
        ([A], [("0", "A")]),
        ([A, B], [("0", "A"), ("1", "B")]),
        ([A, A], [("0", "A"), ("1", "A")]),
        ([f"[{A},{B}]"], [("0.0", "A"), ("0.1", "B")]),
        (['{"@graph":[' + A + "," + B + "]}"], [("0.@graph.0", "A"), ("0.@graph.1", "B")]),
        (['{"@type":"A","b":' + B + "}"], [("0", "A"), ("0.b", "B")]),
        (['{"@type":["A","B"]}'], [("0", ["A", "B"])]),
        (["{broken", B], [("1", "B")]),
        (["", "null", "3", '"x"', B], [("4", "B")]),
    ],
)
def test_every_typed_object_is_found_with_its_path(scripts: list[str], expected: list[tuple[str, object]]) -> None:
    assert typed(*scripts) == expected


@pytest.mark.parametrize(
    "script",
    [
        f"\n<!--\n{A}\n-->\n", f"//<![CDATA[\n{A}\n//]]>", f"/*<![CDATA[*/{A}/*]]>*/", f"<![CDATA[{A}]]>", f"{A};",
        f"\ufeff{A}",
        '{"@type":"A","n":"two\nlines\tand tabs",}', '{"@type":"A","n":["x","y",],}',
        '{"@type":"A", // why\n"n":"http://x/y"}',
        '/* made by hand */ {"@type":"A"}', f"{A} trailing words",
    ],
)  # fmt: skip
def test_what_templates_do_to_json_is_borne(script: str) -> None:
    assert typed(script) == [("0", "A")]


def test_two_values_in_one_script_are_both_read_and_commas_in_strings_stay() -> None:
    assert typed(f"{A}\n{B}") == [("0.0", "A"), ("0.1", "B")]
    document = dom.parse('<script type="application/ld+json">{"@type":"A","n":"a,] // b \\" ,}",}</script><p>x')
    assert document is not None
    assert document.jsonld[0][1]["n"] == 'a,] // b " ,}'


def test_structured_data_holds_no_half_character_and_no_control_character() -> None:
    script = json.dumps({"@type": "A", "n": "a\ud800b\x00c", "m": ["\udfff", {"k\udc00": "😀"}]})
    for broken in (script, script[:-1] + ",}"):
        document = dom.parse(f'<script type="application/ld+json">{broken}</script><p>x')
        assert document is not None
        assert document.jsonld[0][1] == {"@type": "A", "n": "abc", "m": ["", {"k": "😀"}]}


@pytest.mark.parametrize("kind", ["application/ld+json", "Application/LD+JSON; charset=utf-8", "text/ld+json"])
def test_structured_data_is_known_by_its_type(kind: str) -> None:
    assert typed(A, kind=kind) == [("0", "A")]
    assert typed(A, kind="application/json") == []


# -- hostile input -----------------------------------------------------------------------------------------------------

HOSTILE = {
    "less": "<", "div": "<div>", "end tags": "</p>", "ampersands": "&", "references": "&#1", "comments": "<!--",
    "declarations": "<?", "cdata": "<![CDATA[", "attributes": "<p a=b ", "zeros": "\x00",
    "metas": "<meta name=a content=b>",
    "scripts": "<script type='application/ld+json'>{}</script>", "xml": "<?xml ",
}  # fmt: skip
HOSTILE_JSON = {
    "braces": "{", "brackets": "[", "objects": '{"a":', "spaces": " ", "semicolons": ";", "slashes": "//",
    "commas": "[1,,",
    "comma, space": ", ",
    "comments": "/*", "quotes": '"', "escaped quotes": '"\\"', "escapes": "\\u", "surrogates": '"\\ud800",',
    "numbers": "9",
    "ends": "]]>-->",
    "values": "{} ",
}  # fmt: skip
SIZE = 400_000


@pytest.mark.parametrize(
    "text",
    [(piece * SIZE)[:SIZE] for piece in HOSTILE.values()]
    + [f"<script type='application/ld+json'>{(piece * SIZE)[:SIZE]}</script><p>x" for piece in HOSTILE_JSON.values()]
    + [
        f"<script type='application/ld+json'>[1{(piece * SIZE)[:SIZE]}x</script><p>x" for piece in HOSTILE_JSON.values()
    ],
    ids=[*HOSTILE, *HOSTILE_JSON, *(f"after a number, {name}" for name in HOSTILE_JSON)],
)
def test_hostile_pages_take_linear_time(text: str) -> None:
    begin = time.process_time()
    dom.parse(text)
    assert time.process_time() - begin < 1.5


@pytest.mark.parametrize("piece", [b"\xff", b"\xc3", b"\xff<meta", b"\xff<meta ", b"\x81\x40", b"\xe9 "], ids=str)
def test_hostile_bytes_take_linear_time(piece: bytes) -> None:
    begin = time.process_time()
    dom.decode(piece * (2_000_000 // len(piece)))
    assert time.process_time() - begin < 1.5
