"""JSON Lines, from files and standard input: each record to a page, or to a reason why not."""

import gzip
import hashlib
import io
import json
import subprocess
import sys

import pytest
from reading import from_stdin, lines, pages, read, record, skips

from syndet import sources
from syndet.models import Page

# --- JSON Lines -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["pages.jsonl", "pages.jsonl.gz"])
def test_json_lines_give_pages_with_what_they_say_of_themselves(tmp_path, name):
    says = {
        "title": "Ferry",
        "byline": "A. B.",
        "published": "2024-03",
        "fetched": "2024-03-05",
        "language": "en",
    }
    content = b"\xef\xbb\xbf" + lines(record(**says, extra=[1]), b"  \r", {"url": "https://a.example/2", "text": "é"})
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    first, second = read(tmp_path / name)
    where = str(tmp_path / name)
    assert first == Page(
        "https://a.example/1", record()["html"].encode(), "html", f"{where}:1", charset="utf-8", **says
    )
    assert second == Page("https://a.example/2", "é".encode(), "text", f"{where}:3", charset="utf-8")


def test_standard_input_is_json_lines_also_compressed_and_stays_open():
    for content in (lines(record()), gzip.compress(lines(record()))):
        stdin = io.BytesIO(content)
        [page] = read("-", stdin=stdin)
        assert page.where == "-:1" and not stdin.closed


def test_standard_input_is_a_pipe_as_well():
    code = "import sys; from syndet import sources; print([p.url for p in sources.read('-')])"
    done = subprocess.run([sys.executable, "-c", code], input=lines(record()), capture_output=True, check=True)
    assert done.stdout == b"['https://a.example/1']\n"


def test_html_goes_before_text_unless_it_is_blank():
    found = from_stdin(record(text="t"), record(html=" ", text="t"), record(html=None, text="t"), record(html=""))
    assert [(page.kind, page.data) for page in found] == [
        ("html", record()["html"].encode()),
        ("text", b"t"),
        ("text", b"t"),
        ("html", b""),
    ]


BROKEN = {
    "no json": b"{",
    "cut off": lines(record())[:-9],
    "a nul": b"{\x00}",
    "a raw nul inside a text": b'{"url": "https://a.example/\x00", "text": "a"}',
    "not utf-8": b'{"url": "https://a.example/1", "text": "\xff"}',
    "utf-16": json.dumps(record()).encode("utf-16-le"),
    "a list": b"[]",
    "a number": b"7",
    "deep": b"[" * 100_000,
    "deep inside": b'{"url": "https://a.example/1", "text": ' + b"[" * 100_000,
    "a number of 5000 digits": b'{"url": ' + b"1" * 5000 + b"}",
    "nothing": {},
    "no url": {"html": "a"},
    "url null": record(url=None),
    "url blank": record(url=" "),
    "url a number": record(url=7),
    "url a list": record(url=["https://a.example/1"]),
    "url without scheme": record(url="www.a.example/1"),
    "url without host": record(url="https:///1"),
    "url relative": record(url="/1"),
    "url of another scheme": record(url="javascript:alert(1)"),
    "url with a space": record(url="https://a.example/a b"),
    "url with a line end": record(url="https://a.example/a\nb"),
    "url with a nul": record(url="https://a.example/a\0b"),
    "url with a bad port": record(url="https://a.example:port/"),
    "url with a bad host": record(url="https://[::1/"),
    "url with half a character": record(url="https://a.example/\ud800"),
    "file url without path": record(url="file:a.html"),
    "neither": {"url": "https://a.example/1", "title": "a"},
    "html a number": record(html=7),
    "html an object": record(html={"a": 1}),
    "text a number beside html": record(text=7),
    "html with half a character": b'{"url": "https://a.example/1", "html": "\\ud800"}',
    "title a list": record(title=["a"]),
    "byline a number": record(byline=7),
    "language true": record(language=True),
    "published a time stamp": record(published=1700000000),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_line_is_skipped_and_the_rest_goes_on(name):
    before, item, after = from_stdin(record(), BROKEN[name], record("https://a.example/2"))
    assert (before.url, after.url) == ("https://a.example/1", "https://a.example/2")
    assert (item.where, item.reason) == ("-:2", "broken_record")
    assert item.detail.endswith(".") and len(item.detail) < 120 and "\n" not in item.detail
    assert item.digest == hashlib.sha256(lines(BROKEN[name]).strip()).digest()


def test_a_broken_record_keeps_its_address_when_it_is_known():
    [item] = from_stdin(record(title=7))
    assert item.url == "https://a.example/1"


@pytest.mark.parametrize(
    "date",
    [
        "2024",
        "2024-03",
        "2024-03-05",
        "2024-03-05T09:30Z",
        "2024-03-05 09:30:00.123+0100",
        "2024-03-05T09:30:00+01:00",
    ],
)
def test_a_date_of_any_precision_is_kept_as_it_stands(date):
    [page] = from_stdin(record(published=date))
    assert page.published == date


def test_blank_metadata_is_unknown_and_control_characters_become_spaces():
    [page] = from_stdin(record(title=" ", byline="A\x00B", published="", language=None))
    assert (page.title, page.byline, page.published, page.language) == (None, "A B", None, None)


def test_a_deep_link_with_port_or_other_letters_is_an_address():
    urls = [
        "https://a.example:8080/x?y#z",
        "http://[::1]/",
        "HTTPS://пример.example/ä",
        "file:///pages/a.html",
    ]
    assert [page.url for page in from_stdin(*map(record, urls))] == urls


def test_a_repeated_address_is_a_later_version():
    assert len(pages(from_stdin(record(), record(html="<p>New")))) == 2


def test_a_broken_compressed_file_gives_what_can_be_read_and_one_skip(tmp_path):
    noise = [record(f"https://a.example/{n}", hashlib.sha512(b"%d" % n).hexdigest() * 9) for n in range(300)]
    whole = gzip.compress(lines(*noise))
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    found = read(tmp_path / "a.jsonl.gz")
    good = len(pages(found))
    assert 50 < good < 250 and len(found) == good + 1
    assert skips(found) == [(f"{tmp_path}/a.jsonl.gz:{good + 1}", "unreadable")]


@pytest.mark.parametrize("content", [b"", b"{}\n", b"\x1f\x8b\x08"])
def test_json_lines_that_are_not_compressed_as_named_are_unreadable(tmp_path, content):
    (tmp_path / "a.jsonl.gz").write_bytes(content)
    assert skips(read(tmp_path / "a.jsonl.gz")) == [(f"{tmp_path}/a.jsonl.gz", "unreadable")]


def test_a_page_over_the_limit_on_a_line_is_too_large_and_the_rest_goes_on():
    fits, over, after = from_stdin(
        record(html="д" * (sources.MAX_BYTES // 2)), record(html="д" * (sources.MAX_BYTES // 2 + 1)), record()
    )
    assert isinstance(fits, Page) and isinstance(after, Page)
    assert (over.reason, over.url) == ("too_large", "https://a.example/1")


def test_a_line_of_50_megabytes_is_skipped_and_the_rest_goes_on(tmp_path):
    line = b"x" * 50_000_000
    (tmp_path / "a.jsonl").write_bytes(line + b"\n" + lines(record()) + line)
    found = read(tmp_path / "a.jsonl")
    assert skips(found) == [(f"{tmp_path}/a.jsonl:{n}", "too_large") for n in (1, 3)]
    assert found[0].digest == hashlib.sha256(line + b"\n").digest()
    assert pages(found)[0].where.endswith(":2")


def test_a_manifest_given_as_a_source_says_to_give_its_folder():
    [item] = from_stdin({"file": "a.html", "url": "https://a.example/1"})
    assert "give its folder" in item.detail


def test_a_sloppy_date_is_no_reason_to_lose_a_page():
    (found,) = from_stdin(record(published="5 March 2024", fetched="yesterday"))
    assert found.published == "5 March 2024"  # the extractor reads what it can of it
    assert found.fetched is None
