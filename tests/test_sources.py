"""Files, folders and their manifests to pages."""

import gzip
import os
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from reading import HTML, answer, lines, pages, read, skips, warc

from syndet import sources
from syndet.errors import SourceError
from syndet.models import Page

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
