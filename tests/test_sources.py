import gzip
import hashlib
import io
import json
import os
import random
import resource
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from syndet import sources
from syndet.errors import SourceError
from syndet.models import Page, Skipped

HTML = b"<!doctype html><title>Ferry</title><p>The ferry was late again."


def pages(found):
    return [item for item in found if isinstance(item, Page)]


def skips(found):
    return [(item.where, item.reason) for item in found if isinstance(item, Skipped)]


def read(path, **more):
    return list(sources.read(str(path), **more))


def lines(*records):
    return b"".join((r if isinstance(r, bytes) else json.dumps(r).encode()) + b"\n" for r in records)


def from_stdin(*records):
    return read("-", stdin=io.BytesIO(lines(*records)))


def record(url="https://a.example/1", html="<p>The ferry was late again.", **more):
    return {"url": url, "html": html, **more}


# --- one file -------------------------------------------------------------------------------------


def test_a_page_without_a_manifest_is_keyed_by_its_percent_encoded_file_address(tmp_path):
    path = tmp_path / "späte fähre.html"
    path.write_bytes(HTML)
    [page] = read(path)
    assert page == Page(path.as_uri(), HTML, "html", str(path))
    assert page.url.startswith("file:///") and "%C3%A4te%20f" in page.url


def test_a_relative_path_stays_relative_for_people_and_becomes_absolute_in_the_key(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("sub").mkdir()
    Path("sub/a.txt").write_text("text")
    for name in ("sub/a.txt", "sub/../sub/a.txt"):
        [page] = read(name)
        assert (page.where, page.url, page.kind) == (name, (tmp_path / "sub/a.txt").as_uri(), "text")


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.HTML", "a.txt", "a.html.gz", "a.htm.gz", "a.txt.gz"])
def test_every_page_extension_is_read_plain_and_compressed(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(gzip.compress(HTML) if name.endswith(".gz") else HTML)
    [page] = read(path)
    assert (page.data, page.kind) == (HTML, "text" if ".txt" in name else "html")
    assert sources.read_file(path) == page


def test_a_compressed_page_without_gz_in_its_name_is_decompressed(tmp_path):
    (tmp_path / "a.html").write_bytes(gzip.compress(HTML))
    assert read(tmp_path / "a.html")[0].data == HTML


def test_a_lookup_reads_a_file_of_any_name_and_keys_it_as_told(tmp_path):
    (tmp_path / "index.php").write_bytes(HTML)
    (tmp_path / "notes").write_bytes(b"The ferry was late again.")
    page = sources.read_file(tmp_path / "index.php", url="https://a.example/")
    assert (page.url, page.kind) == ("https://a.example/", "html")
    assert sources.read_file(tmp_path / "notes").kind == "text"


def test_a_lookup_of_a_missing_unusable_or_many_paged_file_says_so(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b"")
    (tmp_path / "a.html").write_bytes(HTML)
    assert sources.read_file(tmp_path / "none.html").reason == "unreadable"
    assert sources.read_file(tmp_path).reason == "unreadable"
    assert sources.read_file(tmp_path / "a.jsonl").reason == "unreadable"
    assert sources.read_file(tmp_path / "a.html", url="a.example/1").reason == "broken_record"


@pytest.mark.parametrize(
    "damaged",
    [
        gzip.compress(HTML, mtime=0)[:-3],
        gzip.compress(HTML, mtime=0)[:-12],
        gzip.compress(HTML, mtime=0)[:4],
        b"\x1f\x8b" + HTML,
        HTML,
        b"",
    ],
    ids=["no size", "no checksum", "no header", "no compression", "plain", "empty"],
)
def test_a_broken_or_truncated_gzip_page_is_unreadable(tmp_path, damaged):
    (tmp_path / "a.html.gz").write_bytes(damaged)
    [item] = read(tmp_path / "a.html.gz")
    assert (item.reason, item.url) == ("unreadable", (tmp_path / "a.html.gz").as_uri())


def test_a_page_of_just_the_limit_is_read_and_one_byte_more_is_too_large(tmp_path):
    for name, size in (("a.html", 0), ("b.html", 1)):
        (tmp_path / name).write_bytes(b"x" * (sources.MAX_BYTES + size))
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(b"x" * (sources.MAX_BYTES + size)))
    found = {Path(item.where).name: item for item in read(tmp_path)}
    assert isinstance(found["a.html"], Page) and isinstance(found["a.html.gz"], Page)
    assert found["b.html"].reason == found["b.html.gz"].reason == "too_large"
    assert found["b.html"].digest == found["b.html.gz"].digest is not None


# --- folders --------------------------------------------------------------------------------------


def manifest(folder, *entries):
    folder.mkdir(exist_ok=True)
    (folder / "manifest.jsonl").write_bytes(lines(*entries))


def test_a_folder_is_read_in_order_of_name_with_its_subfolders_and_without_other_files(tmp_path):
    for name in ("b.html", "a.txt", "README.md", "x.png", "z/c.htm", "m/n/d.html", "noext"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(HTML)
    found = [item.where.removeprefix(f"{tmp_path}/") for item in read(tmp_path)]
    assert found == ["a.txt", "b.html", "m/n/d.html", "z/c.htm"]


def test_a_manifest_gives_address_time_and_metadata_and_is_no_page_itself(tmp_path):
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(HTML))
    (tmp_path / "b.html").write_bytes(HTML)
    entry = {
        "file": "./a.html.gz",
        "url": "https://a.example/1",
        "fetched": "2024-05-03T18:19:08",
        "title": " T ",
    }
    manifest(tmp_path, entry)
    a, b = read(tmp_path)
    assert (a.url, a.fetched, a.title) == ("https://a.example/1", "2024-05-03T18:19:08", "T")
    assert (b.url, b.fetched) == ((tmp_path / "b.html").as_uri(), None)


def test_a_file_has_one_address_whether_it_is_given_itself_or_with_its_folder(tmp_path):
    (tmp_path / "a.html").write_bytes(HTML)
    manifest(tmp_path, {"file": "a.html", "url": "https://a.example/1"})
    assert read(tmp_path / "a.html") == read(tmp_path)


def test_a_manifest_holds_for_its_own_folder_only(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a.html").write_bytes(HTML)
    manifest(tmp_path, {"file": "a.html", "url": "https://a.example/1"})
    found = read(tmp_path)
    assert skips(found) == [(f"{tmp_path}/manifest.jsonl:1", "unreadable")]
    assert found[0].url == "https://a.example/1"
    assert pages(found)[0].url == (tmp_path / "sub/a.html").as_uri()


@pytest.mark.parametrize(
    "name", ["../a.html", "/etc/hostname", "sub/../../a.html", "..", ".", "", "sub/a.html", "a\0.html"]
)
def test_a_manifest_cannot_name_a_file_elsewhere(tmp_path, name):
    (tmp_path / "a.html").write_bytes(HTML)
    folder = tmp_path / "folder"
    manifest(folder, {"file": name, "url": "https://a.example/1"})
    assert skips(read(folder)) == [(f"{folder}/manifest.jsonl:1", "broken_record")]


def test_a_broken_manifest_line_is_skipped_and_the_rest_goes_on(tmp_path):
    for name in "abc":
        (tmp_path / f"{name}.html").write_bytes(HTML)
    good = {"file": "a.html", "url": "https://a.example/1"}
    manifest(tmp_path, b"{", b"[]", {"url": "https://a.example/0"}, {"file": 7, "url": "https://a.example/"}, good)
    found = read(tmp_path)
    assert skips(found) == [(f"{tmp_path}/manifest.jsonl:{n}", "broken_record") for n in (1, 2, 3, 4)]
    assert pages(found)[0].url == "https://a.example/1"


def test_a_page_whose_manifest_line_is_broken_is_not_stored_under_its_path_instead(tmp_path):
    (tmp_path / "a.html").write_bytes(HTML)
    manifest(tmp_path, {"file": "a.html", "url": "a.example/1"})
    assert skips(read(tmp_path)) == [(f"{tmp_path}/manifest.jsonl:1", "broken_record")]
    assert read(tmp_path / "a.html") == read(tmp_path)


def test_a_manifest_may_name_a_page_of_any_extension_and_one_page_twice(tmp_path):
    (tmp_path / "index.php").write_bytes(HTML)
    manifest(tmp_path, *({"file": "index.php", "url": f"https://a.example/{n}"} for n in (1, 2)))
    assert [(page.url, page.kind) for page in read(tmp_path)] == [
        ("https://a.example/1", "html"),
        ("https://a.example/2", "html"),
    ]


def test_a_manifest_name_too_long_for_any_file_is_missing_like_another(tmp_path):
    manifest(tmp_path, {"file": "a" * 5000 + ".html", "url": "https://a.example/1"})
    assert skips(read(tmp_path)) == [(f"{tmp_path}/manifest.jsonl:1", "unreadable")]


def test_a_folder_without_a_page_is_a_source_error(tmp_path):
    (tmp_path / "README.md").write_text("nothing")
    with pytest.raises(SourceError, match=r"no page in this folder; name it .html"):
        read(tmp_path)


@pytest.mark.parametrize("name", ["", "nowhere", "nowhere/at/all.html", "a\0b.html", "x" * 5000 + ".html"])
def test_a_source_that_is_not_there_is_a_source_error_at_once(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceError):
        sources.read(name)


def test_a_file_of_unknown_extension_is_a_source_error_that_names_the_remedy(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(SourceError, match=r"a\.pdf: .*name it \.html"):
        sources.read(str(tmp_path / "a.pdf"))


def test_links_that_lead_in_circles_do_not_hang_and_linked_folders_are_read_once(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.html").write_bytes(HTML)
    (tmp_path / "in/up").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "in")
    (tmp_path / "self.html").symlink_to(tmp_path / "self.html")
    found = read(tmp_path)
    assert len(pages(found)) == 1
    assert skips(found) == [(f"{tmp_path}/self.html", "unreadable")]


def test_a_fifo_neither_hangs_in_a_folder_nor_as_a_source(tmp_path):
    os.mkfifo(tmp_path / "pipe.html")
    os.mkfifo(tmp_path / "pipe.jsonl")
    os.mkfifo(tmp_path / "manifest.jsonl")
    (tmp_path / "z.html").write_bytes(HTML)
    found = read(tmp_path)
    assert len(pages(found)) == 1
    assert [reason for _, reason in skips(found)] == ["unreadable"] * 3
    for name in ("pipe.html", "pipe.jsonl"):
        with pytest.raises(SourceError, match="neither a file nor a folder"):
            sources.read(str(tmp_path / name))
    with pytest.raises(SourceError):
        sources.read("/dev/zero")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_skipped_in_a_folder_and_an_error_as_a_source(tmp_path):
    for name in ("a.html", "b.jsonl", "c.html"):
        (tmp_path / name).write_bytes(HTML)
    (tmp_path / "a.html").chmod(0)
    (tmp_path / "b.jsonl").chmod(0)
    (tmp_path / "sub").mkdir(mode=0)
    found = read(tmp_path)
    assert [reason for _, reason in skips(found)] == ["unreadable"] * 3 and len(pages(found)) == 1
    for name in ("a.html", "sub"):
        with pytest.raises(SourceError, match="permission"):
            sources.read(str(tmp_path / name))


def test_a_file_that_cannot_be_opened_is_skipped_and_the_rest_of_the_folder_goes_on(tmp_path, monkeypatch):
    for name in ("a.html", "b.jsonl", "c.html"):
        (tmp_path / name).write_bytes(HTML)
    really = os.open

    def refuse(path, *more, **most):
        if Path(path).name in ("a.html", "b.jsonl"):
            raise PermissionError(13, "Permission denied")
        return really(path, *more, **most)

    monkeypatch.setattr(os, "open", refuse)
    found = read(tmp_path)
    assert [reason for _, reason in skips(found)] == ["unreadable"] * 2 and len(pages(found)) == 1
    with pytest.raises(SourceError, match="permission denied"):
        sources.read(str(tmp_path / "a.html"))


def test_a_file_name_that_is_no_text_can_be_stored_and_shown(tmp_path):
    name = os.fsencode(tmp_path) + b"/\xff\n.html"
    Path(os.fsdecode(name)).write_bytes(HTML)
    [page] = read(tmp_path)
    assert page.url.endswith("/%FF%0A.html") and page.where.endswith(r"\xff\n.html")
    page.where.encode("utf-8")


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


# --- WARC -----------------------------------------------------------------------------------------


def answer(body=HTML, content_type="text/html; charset=utf-8", status=200, **headers):
    head = [f"HTTP/1.1 {status} OK", f"Content-Type: {content_type}"]
    head += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def warc(block=None, url="https://a.example/1", kind="response", content_type="application/http", **headers):
    block = answer() if block is None else block
    head = {"WARC-Type": kind, "WARC-Target-URI": url, "WARC-Date": "2024-03-05T09:30:00Z"}
    head |= {"Content-Type": content_type, "Content-Length": str(len(block))} | headers
    fields = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return b"WARC/1.0\r\n" + fields.encode() + b"\r\n" + block + b"\r\n\r\n"


def archive(tmp_path, *parts, name="a.warc"):
    path = tmp_path / name
    path.write_bytes(b"".join(parts))
    return read(path)


PACKS = {
    "plain": lambda *records: b"".join(records),
    "by record": lambda *records: b"".join(map(gzip.compress, records)),
    "as a whole": lambda *records: gzip.compress(b"".join(records)),
}


@pytest.mark.parametrize("pack", PACKS)
def test_an_archive_gives_its_html_answers_and_resources_and_passes_over_the_rest(tmp_path, pack):
    records = [
        warc(b"software: x\r\n", kind="warcinfo", content_type="application/warc-fields"),
        warc(b"GET / HTTP/1.1\r\n\r\n", kind="request"),
        warc(url="<https://a.example/3>"),
        warc(answer(status=404)),
        warc(answer(b"\x89PNG", "image/png")),
        warc(answer(content_type='Application/XHTML+xml;charset="iso-8859-2"'), url="https://a.example/6"),
        warc(HTML, url="https://a.example/7", kind="resource", content_type="text/html"),
        warc(b"{}", kind="resource", content_type="application/json"),
        warc(b"20240305 a.example", "dns:a.example", content_type="text/dns"),
        warc(kind="revisit"),
    ]
    name = "a.warc" if pack == "plain" else "a.warc.gz"
    found = archive(tmp_path, PACKS[pack](*records), name=name)
    where, fetched = f"{tmp_path}/{name}:record", "2024-03-05T09:30:00Z"
    assert found == [
        Page("https://a.example/3", HTML, "html", f"{where} 3", fetched, "utf-8"),
        Page("https://a.example/6", HTML, "html", f"{where} 6", fetched, "iso-8859-2"),
        Page("https://a.example/7", HTML, "html", f"{where} 7", fetched, None),
    ]


def chunked(body, size=7):
    pieces = [body[n : n + size] for n in range(0, len(body), size)]
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def raw_deflate(body):
    pack = zlib.compressobj(wbits=-15)
    return pack.compress(body) + pack.flush()


def brotli(body):
    return pytest.importorskip("brotli").compress(body)


def zlib_deflate(body):
    return zlib.compress(body)


ENCODED = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib_deflate,
    "Deflate": raw_deflate,
    "br": brotli,
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_content_encodings_are_taken_off_and_a_bomb_or_damage_in_them_is_skipped(tmp_path, encoding):
    pack = ENCODED[encoding]
    found = archive(
        tmp_path,
        warc(answer(pack(HTML), Content_Encoding=encoding)),
        warc(answer(chunked(pack(HTML)), Content_Encoding=encoding, Transfer_Encoding="chunked")),
        warc(answer(HTML, Content_Encoding=encoding)),
        warc(answer(pack(HTML * 99)[:-9], Content_Encoding=encoding)),
        warc(answer(pack(bytes(sources.MAX_BYTES + 1)), Content_Encoding=encoding)),
    )
    assert [page.data for page in pages(found)] == [HTML] * 3
    assert [reason for _, reason in skips(found)] == ["broken_record", "too_large"]
    assert [item.url for item in found[3:]] == ["https://a.example/1"] * 2


def test_chunks_cut_off_and_unknown_or_endless_encodings_are_broken(tmp_path):
    packed = warc(answer(chunked(gzip.compress(HTML * 99))[:-20], Transfer_Encoding="chunked", Content_Encoding="gzip"))
    unknown = warc(answer(b"abc", Content_Encoding="zopfli"))
    endless = warc(answer(HTML, Content_Encoding="gzip," * 1000 + "gzip"))
    found = archive(tmp_path, packed, unknown, endless, warc())
    assert [reason for _, reason in skips(found)] == ["broken_record"] * 3 and len(pages(found)) == 1


def test_an_answer_that_claims_html_with_a_bad_address_or_no_http_head_is_broken(tmp_path):
    found = archive(tmp_path, warc(url="a.example/1"), warc(b"no http at all"), warc(), warc(answer(b"\xff\x00")))
    assert skips(found) == [(f"{tmp_path}/a.warc:record {n}", "broken_record") for n in (1, 2)]
    assert len(pages(found)) == 2


def test_an_unknown_time_of_fetching_costs_no_page(tmp_path):
    [page] = archive(tmp_path, warc(**{"WARC-Date": "soon"}))
    assert page.fetched is None


def test_a_large_record_is_too_large_and_the_rest_goes_on(tmp_path):
    found = archive(tmp_path, warc(answer(b"x" * 25_000_000)), warc(answer(b"x" * (sources.MAX_BYTES + 1))), warc())
    assert [(item.reason, item.url) for item in found[:2]] == [("too_large", "https://a.example/1")] * 2
    assert len(pages(found)) == 1


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("kind", ["response", "request"])
def test_an_archive_cut_off_at_its_end_says_so(tmp_path, pack, kind):
    noise = hashlib.sha512(b"1").hexdigest().encode() * 9
    last = pack(warc(answer(noise), url="https://a.example/2", kind=kind))
    for cut in (60, len(last) // 3):
        found = archive(tmp_path, pack(warc()), last[:-cut], name="a.warc.gz" if pack is gzip.compress else "a.warc")
        assert len(pages(found)) == 1 and len(found) == 2
        assert found[1].where.endswith(":record 2") and found[1].reason == "broken_record"
        assert "truncated" in found[1].detail


GZ = gzip.compress
DAMAGED = {
    "truncated": [warc()[:-40]],
    "truncated, compressed after": [GZ(warc()[:-40])],
    "a truncated member": [GZ(warc())[:-40]],
    "a member of noise": [GZ(warc())[:80] + b"z" * 40 + GZ(warc())[120:]],
    "a bad checksum": [GZ(warc())[:-6] + b"zzzzzz"],
    "a length too long": [warc(**{"Content-Length": "9" * 17})],
    "a length beyond all": [warc(**{"Content-Length": "9" * 5000})],
    "a negative length": [warc(**{"Content-Length": "-1"})],
    "no length": [warc(**{"Content-Length": "long"})],
    "a length too short": [warc(**{"Content-Length": "90"})],
    "a header without end": [b"WARC/1.0\r\nX: " + b"x" * 3_000_000],
    "junk": [b"junk\r\n" * 1000],
    "nul": [bytes(5_000_000)],
    "compressed junk": [GZ(b"junk\r\n" * 1000)],
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_truncated_warc_record_is_skipped_and_the_rest_goes_on(tmp_path, name):
    packed = DAMAGED[name][0][:2] == b"\x1f\x8b"
    good = [warc(url=f"https://a.example/{n}") for n in (1, 2, 3)]
    good = [GZ(r) for r in good] if packed else good
    found = archive(tmp_path, good[0], *DAMAGED[name], *good[1:], name="a.warc.gz" if packed else "a.warc")
    assert [page.data for page in pages(found)] == [HTML] * len(pages(found))
    assert [page.url[-1] for page in pages(found)][-2:] == ["2", "3"]
    assert [reason for _, reason in skips(found)] == ["broken_record"]
    assert len({item.where for item in found}) == len(found)


@pytest.mark.parametrize("content", [b"", b"not a web archive\n" * 99, bytes(100_000), bytes(range(256)) * 400, HTML])
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_file_that_is_no_archive_is_unreadable(tmp_path, name, content):
    for body in (content, GZ(content), GZ(content)[:-5]):
        found = archive(tmp_path, body, name=name)
        assert skips(found) == [(f"{tmp_path}/{name}", "unreadable")]


def test_an_archive_damaged_everywhere_comes_to_an_end(tmp_path):
    broken = GZ(warc())[:-6] + b"zzzzzz"
    found = archive(tmp_path, GZ(warc()), broken * 1500, name="a.warc.gz")
    assert len(pages(found)) == 1 and len(found) < 1100
    assert "not read" in found[-1].detail


def test_no_change_of_a_few_bytes_in_an_archive_raises_or_loses_the_count(tmp_path):
    chance = random.Random(7)
    plain = [warc(url=f"https://a.example/{n}") for n in range(4)]
    for body in (b"".join(plain), b"".join(map(GZ, plain))):
        for _ in range(300):
            bent = bytearray(body)
            for _ in range(chance.randint(1, 4)):
                bent[chance.randrange(len(bent))] = chance.randrange(256)
            archive(tmp_path, bytes(bent[: chance.choice((len(bent), chance.randrange(len(bent))))]))


# --- bodies without a name, digests, memory, real data ---------------------------------------------


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (HTML, "html"),
        (b"\xef\xbb\xbf \n<p>a", "html"),
        (b"<!-- a --><div>", "html"),
        ("<html><p>a".encode("utf-16"), "html"),
        (b"Oslo. <p>The ferry</p> was late", "html"),
        ("Kraków (PAP) - prom się spóźnił".encode(), "text"),
        ("Осло. Паром опоздал".encode("cp1251"), "text"),
        ("Oslo. The ferry".encode("utf-16"), "text"),
        (b"5 < 6 and 7 > 6", "text"),
        (b"", "text"),
        (b"%PDF-1.7 \xff", "html"),
        (b"\x89PNG\r\n", "html"),
        (b'{"url": 1}', "html"),
        (b"a\x00b", "html"),
    ],
)
def test_a_body_without_a_name_is_html_or_text_by_its_look(body, kind):
    page = sources.from_bytes(body, url=None, where="-")
    assert (page.kind, page.data, page.url, page.where) == (kind, body, sources.STDIN_URL, "-")
    assert sources.from_bytes(gzip.compress(body), url=None, where="-").data == body


def test_a_body_too_large_broken_or_with_a_bad_address_is_skipped():
    def reason(body, url=None):
        return sources.from_bytes(body, url=url, where="body").reason

    assert reason(bytes(sources.MAX_BYTES + 1)) == "too_large"
    assert reason(gzip.compress(bytes(sources.MAX_BYTES + 1))) == "too_large"
    assert reason(gzip.compress(HTML)[:-9]) == "unreadable"
    assert reason(HTML, "a.example/1") == "broken_record"
    assert sources.from_bytes(HTML, url=" https://a.example/1", where="body").url == "https://a.example/1"


def test_a_page_digest_changes_with_what_decides_the_article_and_with_nothing_else():
    page = Page("https://a.example/1", HTML, "html", "a:1")
    digest = sources.page_digest(page)
    same = [
        replace(page, where="b:2"),
        replace(page, fetched="2024-03-05"),
        replace(page, url="https://b.example/"),
    ]
    assert {sources.page_digest(p) for p in same} == {digest}
    others = [replace(page, data=HTML + b" "), replace(page, kind="text")]
    others += [replace(page, **{name: "x"}) for name in ("charset", "title", "byline", "published", "language")]
    others += [
        replace(page, title=""),
        replace(page, title="a", byline="bc"),
        replace(page, title="ab", byline="c"),
    ]
    others += [replace(page, title="\ud800")]
    assert len({sources.page_digest(p) for p in [page, *others]}) == len(others) + 1
    assert len(digest) == 32


@pytest.mark.parametrize("name", ["a.html.gz", "a.jsonl.gz", "a.warc.gz"])
def test_a_gzip_bomb_of_a_gigabyte_is_not_unpacked_into_memory(tmp_path, name):
    with gzip.open(tmp_path / name, "wb", compresslevel=1) as bomb:
        if "warc" in name:
            bomb.write(warc(b"", **{"Content-Length": "1000000000"})[:-4] + answer(b""))
        for _ in range(100):
            bomb.write(bytes(10_000_000))
    code = f"from syndet import sources; print([i.reason for i in sources.read({str(tmp_path / name)!r})])"
    limit = 600_000_000

    def confine():
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    done = subprocess.run([sys.executable, "-c", code], preexec_fn=confine, capture_output=True, text=True, timeout=60)
    assert "too_large" in done.stdout or "broken_record" in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("folder", "count"), [("cues/pages", 32), ("extraction/html", 181), ("news_pages", 252), ("seed", 1)]
)
def test_the_real_collections_are_read_whole(data, folder, count):
    found = read(data / folder)
    assert len(pages(found)) == count == len(found)
    assert all(page.data for page in found)
    assert found == read(data / folder)
    assert all(page.url.startswith("http") for page in found) or folder == "seed"


def test_a_sloppy_date_is_no_reason_to_lose_a_page():
    (found,) = from_stdin(record(published="5 March 2024", fetched="yesterday"))
    assert found.published == "5 March 2024"  # the extractor reads what it can of it
    assert found.fetched is None
