"""An exhibit: one sealed folder that shows what two pages share, and a check that finds any byte that was changed."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from build import page, prose
from click.testing import CliRunner
from fastwarc.warc import ArchiveIterator

from syndet import Corpus, exhibit, facing, outlets, seal, verify, warc
from syndet.cli import cli
from syndet.errors import UsageError
from syndet.models import Page

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = str(ROOT / "syndet/sample")
NOW = datetime(2024, 9, 20, 8, 30, tzinfo=UTC)
FERRY = "https://dailycounterweight.example/premier-heads-to-orrin-isles/"
NAMES = {"article.txt", "article.warc", "source.txt", "source.warc", "exhibit.json", "index.html", "SHA256SUMS"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "sample.db"
    with Corpus(path) as corpus:
        corpus.nightly([SAMPLE], keep_bytes=True)
    return path


@pytest.fixture(scope="module")
def files(store: Path) -> dict[str, bytes]:
    with Corpus(store, readonly=True) as corpus:
        return exhibit.documents(corpus, *exhibit.pair(corpus, FERRY), NOW)


@pytest.fixture
def folder(files: dict[str, bytes], tmp_path: Path) -> Path:
    exhibit.write(tmp_path / "exhibit", files)
    return tmp_path / "exhibit"


def put(folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)


def sealed_again(folder: Path) -> None:
    """Write the list of hashes anew, as a forger would."""
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != seal.LIST}
    put(folder, seal.LIST, seal.write(found).encode())


def record_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "exhibit.json").read_bytes())


def forged(folder: Path, record: dict[str, Any]) -> None:
    """Write another record, with the page that fits it, and seal both."""
    put(folder, "exhibit.json", exhibit.canonical(record))
    bodies = [(folder / f"{side}.txt").read_bytes().decode("utf-8", "surrogatepass") for side in exhibit.SIDES]
    put(folder, "index.html", facing.page(record, *bodies).encode())
    sealed_again(folder)


def run(*words: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(cli, [*map(str, words)])
    assert done.exit_code == code, done.output
    return done.output


# -- what it holds -----------------------------------------------------------------------------------------------------


def test_it_holds_both_texts_their_bytes_every_figure_and_a_page(folder: Path, store: Path) -> None:
    record = record_of(folder)
    assert {path.name for path in folder.iterdir()} == NAMES
    assert record["article"]["url"] == FERRY
    assert record["source"]["outlet"] == "The Harbour Courier"
    shared = record["comparison"]["shared"]
    assert {"jaccard", "containment_in_source", "containment_of_source", "words", "longest_run"} <= shared.keys()
    assert shared["passages"]
    assert record["comparison"]["probability"]["reuse"] > 0.9
    assert {item["kind"] for item in record["comparison"]["evidence"]} >= {"shared_text", "date_order"}
    assert record["article"]["dates"]
    assert record["article"]["cues"]
    assert record["made_with"]["recipe"]
    assert record["exported"] == "2024-09-20T08:30:00+00:00"
    with Corpus(store, readonly=True) as corpus:
        assert (folder / "article.txt").read_text("utf-8") == corpus.article(FERRY).body


def test_it_says_the_same_as_compare_and_lookup(folder: Path, store: Path) -> None:
    record = record_of(folder)
    looked = json.loads(run("--db", store, "lookup", FERRY, "--json"))
    for key in ("jaccard", "words", "containment_in_source", "longest_run", "passages"):
        assert record["comparison"]["shared"][key] == looked["shared"][key]
    assert record["store"]["answer"]["origin"] == looked["origin"]
    assert record["store"]["link"]["state"] == "repost"


def test_the_archive_holds_the_bytes_that_were_fetched(folder: Path, store: Path) -> None:
    with Corpus(store, readonly=True) as corpus:
        kept = corpus.store.pages.of(corpus.find(FERRY))
    with (folder / "article.warc").open("rb") as file:
        records = [(r.headers["WARC-Type"], r.reader.read(), dict(r.headers)) for r in ArchiveIterator(file)]
    assert [kind for kind, _, _ in records] == ["warcinfo", "resource"]
    _, data, headers = records[1]
    assert data == kept.data
    assert headers["WARC-Target-URI"] == FERRY
    assert headers["WARC-Block-Digest"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    with (folder / "article.warc").open("rb") as file:
        (again,) = warc.read(file, "a")
    assert (again.url, again.data) == (FERRY, kept.data)


def test_licence_tags_of_the_page_are_listed_with_their_places(tmp_path: Path) -> None:
    head = (
        '<link rel="license" href="https://licence.example/by-nd/4.0/"><meta name="copyright" content="Ann">'
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A headline of some words",'
        '"license": ["https://a.example/terms", {"@id": "https://a.example/more"}], "copyrightYear": 2024,'
        '"copyrightHolder": {"@type": "Person", "name": "Ann Lee"}}</script>'
    )
    with Corpus(tmp_path / "a.db") as corpus:
        pages = [page(prose(), "https://a.example/1", head=head), page(prose(), "https://b.example/1")]
        corpus.add_pages(pages, keep_bytes=True)
        corpus.link()
        made = json.loads(exhibit.documents(corpus, 1, 2, NOW)["exhibit.json"])
    assert [(tag["name"], tag["value"]) for tag in made["article"]["licence_tags"]] == [
        ("copyright", "Ann"),
        ("license", "https://a.example/terms"),
        ("license", "https://a.example/more"),
        ("copyrightHolder", "Ann Lee"),
        ("copyrightYear", "2024"),
        ("license", "https://licence.example/by-nd/4.0/"),
    ]
    assert made["source"]["licence_tags"] == []
    assert made["article"]["licence_tags"][1]["where"] == "jsonld:0.license"


def test_reviews_and_licences_stand_in_it(tmp_path: Path, store: Path) -> None:
    shutil.copy(store, tmp_path / "a.db")
    (tmp_path / "l.csv").write_text("licensee,source,from,to\n-,The Harbour Courier,,\n")
    run("--db", tmp_path / "a.db", "licences", tmp_path / "l.csv")
    with Corpus(tmp_path / "a.db") as corpus:
        one, two = exhibit.pair(corpus, FERRY)
        corpus.review(one, two, "confirmed", who="Ann", why="<b>I asked</b>")
        made = exhibit.documents(corpus, one, two, NOW)
    record, shown = json.loads(made["exhibit.json"]), made["index.html"].decode()
    (said,) = record["store"]["reviews"]
    assert (said["who"], said["repost"], said["origin"]) == ("Ann", "article", "source")
    assert "&lt;b&gt;I asked" in shown
    assert record["store"]["answer"]["licence"]["state"] == "not_permitted"
    assert "Licence: not permitted." in shown


def test_every_link_of_the_sample_makes_a_sound_exhibit(store: Path, tmp_path: Path) -> None:
    with Corpus(store, readonly=True) as corpus:
        links = {
            (link.repost, link.origin)
            for number in corpus.store.articles.ids()
            for link in corpus.store.links.of(number)
        }
        for one, two in sorted(links):
            folder = tmp_path / f"{one}-{two}"
            exhibit.write(folder, exhibit.documents(corpus, one, two, NOW))
            assert verify.problems(folder) == []
    assert len(links) > 20


def test_two_exports_are_equal_but_for_the_time_of_export(store: Path, files: dict[str, bytes]) -> None:
    with Corpus(store, readonly=True) as corpus:
        one, two = exhibit.pair(corpus, FERRY)
        assert exhibit.documents(corpus, one, two, NOW) == files
        later = exhibit.documents(corpus, one, two, datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC))
    same = {name for name in files if files[name] == later[name]}
    assert same == NAMES - {"exhibit.json", "index.html", "SHA256SUMS"}
    for name in ("exhibit.json", "index.html"):
        assert later[name].replace(b"2025-01-02T03:04:05+00:00", b"2024-09-20T08:30:00+00:00") == files[name]


def test_pages_without_kept_bytes_make_an_exhibit_that_says_so(tmp_path: Path) -> None:
    with Corpus(tmp_path / "a.db") as corpus:
        corpus.nightly([SAMPLE])
        exhibit.write(tmp_path / "e", exhibit.documents(corpus, *exhibit.pair(corpus, FERRY), NOW))
    assert {path.name for path in (tmp_path / "e").iterdir()} == {n for n in NAMES if not n.endswith(".warc")}
    assert verify.problems(tmp_path / "e") == []
    assert len(verify.notes(tmp_path / "e")) == 2
    assert "its bytes were not kept" in (tmp_path / "e/index.html").read_text("utf-8")


def test_what_the_bytes_give_now_and_did_not_when_they_were_stored_is_said(tmp_path: Path) -> None:
    body = f"OLDPORT (LNS) - {prose()}"
    own = outlets.read("name,kind,codes\nLakeside News Service,agency,LNS")[0]
    with Corpus(tmp_path / "a.db") as corpus:
        corpus.add_pages([page(body, "https://a.example/1"), page(body, "https://b.example/1")], keep_bytes=True)
        corpus.list_outlets(own)
        exhibit.write(tmp_path / "e", exhibit.documents(corpus, 1, 2, NOW))
    assert record_of(tmp_path / "e")["article"]["page"]["differs"] == ["cues"]
    assert verify.problems(tmp_path / "e") == []
    assert "other cues are read here" in verify.notes(tmp_path / "e")[0]


# -- the page ----------------------------------------------------------------------------------------------------------

EVIL = (
    '</title></style><script>alert(1)</script><img src=x onerror=alert(2)><a href="javascript:alert(3)">x</a>\'"&#x3c;'
)


def test_nothing_that_a_stranger_wrote_runs_or_leads_anywhere(tmp_path: Path) -> None:
    escaped = EVIL.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    body = f"{prose(60)}\n{escaped} \u202eevil\u202c {prose(60, 1)}"
    with Corpus(tmp_path / "a.db") as corpus:
        known = {"title": escaped, "byline": f"Ann {EVIL}", "charset": "utf-8\r\nX: y"}
        urls = ("https://a.example/<script>alert(1)</script>", 'https://b.example/"onmouseover="alert(1)')
        corpus.add_pages([page(body, url, **known) for url in urls], keep_bytes=True)
        corpus.link()
        corpus.review(1, 2, "confirmed", who=EVIL, why=EVIL)
        made = exhibit.documents(corpus, 1, 2, NOW)
    assert set(made) == NAMES
    shown = made["index.html"].decode()
    tree = lxml.html.fromstring(shown)
    assert [node.tag for node in tree.iter("script", "img", "iframe", "object", "embed", "form", "base", "svg")] == []
    assert all(not name.startswith("on") and name not in ("src", "style") for n in tree.iter() for name in n.attrib)
    assert all(re.fullmatch(r"#[as]\d+", node.get("href")) for node in tree.iter("a", "link"))
    assert "\u202e" not in shown
    exhibit.write(tmp_path / "e", made)
    assert verify.problems(tmp_path / "e") == []


def test_its_policy_allows_its_own_style_and_nothing_else(files: dict[str, bytes]) -> None:
    tree = lxml.html.fromstring(files["index.html"].decode())
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    (style,) = tree.xpath("//style/text()")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in style
    assert "@import" not in style


def test_the_page_shows_both_texts_whole_with_each_passage_and_its_twin(folder: Path) -> None:
    tree = lxml.html.fromstring((folder / "index.html").read_text("utf-8"))
    record = record_of(folder)
    for side, text in zip(exhibit.SIDES, tree.xpath("//div[@class='text']"), strict=True):
        for label in text.xpath(".//sup"):
            label.drop_tree()
        body = (folder / f"{side}.txt").read_text("utf-8")
        assert [p.text_content().split() for p in text.iter("p")] == [*filter(None, map(str.split, body.split("\n")))]
        for number, passage in enumerate(record["comparison"]["shared"]["passages"], 1):
            twin = "s" if side == "article" else "a"
            marked = " ".join(a.text_content() for a in text.xpath(f".//a[@href='#{twin}{number}']"))
            assert marked.split() == passage[f"{side}_text"].split()
    targets = set(tree.xpath("//@id"))
    assert {href[1:] for href in tree.xpath("//a/@href")} <= targets


def test_passages_that_overlap_are_marked_once_and_no_word_is_lost() -> None:
    body = "one two three four five"
    spans = [(0, 13, "verbatim"), (8, 18, "changed"), (9, 12, "verbatim")]
    (line,) = facing._marked(body, spans, "a", "s")
    tree = lxml.html.fromstring(line)
    assert [(a.get("href"), a.text_content()) for a in tree.iter("a")] == [("#s1", "1one two three"), ("#s2", "2 four")]


# -- the check ---------------------------------------------------------------------------------------------------------


def test_a_sound_exhibit_is_sound_for_syndet_and_for_sha256sum(folder: Path) -> None:
    assert verify.problems(folder) == []
    told = run("check", folder)
    assert "is sound" in told
    assert hashlib.sha256((folder / "SHA256SUMS").read_bytes()).hexdigest() in told
    try:
        done = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("sha256sum is not installed here")
    assert done.returncode == 0
    assert done.stdout.count(": OK") == len(NAMES) - 1


@pytest.mark.parametrize("name", sorted(NAMES))
def test_one_flipped_byte_is_found_and_named_wherever_it_is(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    chance = random.Random(name)
    places = {0, 1, len(data) // 2, len(data) - 2, len(data) - 1, *(chance.randrange(len(data)) for _ in range(25))}
    for place in sorted(places):
        for bit in (1, chance.choice((2, 4, 8, 16, 32, 64, 128))):
            put(folder, name, data[:place] + bytes((data[place] ^ bit,)) + data[place + 1 :])
            (problem,) = verify.problems(folder)
            assert problem.startswith(f"{name} was changed: its byte {place:,} is {data[place] ^ bit:#04x}, and ")
            assert f"{data[place]:#04x}." in problem
    put(folder, name, data)
    assert verify.problems(folder) == []


def test_a_flip_of_any_byte_of_the_list_is_found(files: dict[str, bytes]) -> None:
    rest = {name: data for name, data in files.items() if name != seal.LIST}
    listed = files[seal.LIST]
    for place in range(len(listed)):
        (problem,) = seal.faults(rest, listed[:place] + bytes((listed[place] ^ 1,)) + listed[place + 1 :])
        assert problem.startswith(f"SHA256SUMS was changed: its byte {place:,} ")


def test_more_than_one_changed_byte_is_told_without_a_guess(folder: Path) -> None:
    data = bytearray((folder / "article.txt").read_bytes())
    data[5] ^= 1
    data[50] ^= 3
    put(folder, "article.txt", bytes(data))
    assert verify.problems(folder) == ["article.txt was changed in more than one byte."]
    put(folder, "article.txt", bytes(data[:-10]))
    (problem,) = verify.problems(folder)
    assert re.fullmatch(r"article.txt was changed: it has [\d,]+ bytes, and had [\d,]+\.", problem)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_file_that_is_gone_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert verify.problems(folder) == [f"{name} is missing."]
    assert f"{name} is missing." in run("check", folder, code=1)


@pytest.mark.parametrize(
    "name", ["more.txt", "article.html", ".hidden", "index.html.bak", "\x1b[2Jevil", "a\nb is sound."]
)
def test_a_file_that_was_added_is_named(folder: Path, name: str) -> None:
    put(folder, name, b"x")
    (problem,) = verify.problems(folder)
    assert "was added" in problem
    assert "\n" not in problem
    assert "\x1b" not in run("check", folder, code=1)


def test_a_folder_in_the_place_of_a_file_or_beside_it_is_told(folder: Path) -> None:
    (folder / "more").mkdir()
    assert verify.problems(folder) == ["more was added: it is no file of an exhibit."]
    (folder / "more").rmdir()
    (folder / "index.html").unlink()
    (folder / "index.html").mkdir()
    assert any("index.html cannot be used" in problem for problem in verify.problems(folder))


@pytest.mark.parametrize("target", ["/etc/hostname", "../outside.txt", "article.txt", "nowhere"])
def test_no_link_is_followed(folder: Path, target: str) -> None:
    data = (folder / "source.txt").read_bytes()
    (folder.parent / "outside.txt").write_bytes(data)
    (folder / "source.txt").unlink()
    (folder / "source.txt").symlink_to(target)
    assert verify.problems(folder)[0] == "source.txt cannot be used: it is a link, no file."


def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    (folder / "source.txt").unlink()
    os.mkfifo(folder / "source.txt")
    assert "source.txt cannot be used" in verify.problems(folder)[0]


def test_names_in_the_list_lead_to_no_other_file(folder: Path) -> None:
    (folder.parent / "outside.txt").write_text("secret")
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != seal.LIST}
    put(folder, seal.LIST, seal.write(found | {"../outside.txt": b"secret"}).encode())
    assert verify.problems(folder) == ["../outside.txt is missing."]


# -- forgeries that were sealed again ----------------------------------------------------------------------------------


def at(record: dict[str, Any], path: str) -> tuple[Any, Any]:
    """Return the container and the key of a place such as `comparison.shared.passages[0].article[1]`."""
    keys = [int(key) if key.isdigit() else key for key in re.findall(r"\w+", path)]
    for key in keys[:-1]:
        record = record[key]
    return record, keys[-1]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("comparison.shared.jaccard", 0.5),
        ("comparison.shared.containment_in_source", 0.99),
        ("comparison.shared.containment_of_source", 0.01),
        ("comparison.shared.words", 999),
        ("comparison.shared.words_unquoted", 1),
        ("comparison.shared.longest_run", 77),
        ("comparison.shared.passages[0].article[1]", 5),
        ("comparison.shared.passages[0].article_text", "other words"),
        ("comparison.shared.passages[0].kind", "verbatim"),
        ("comparison.probability.reuse", 0.5),
        ("comparison.probability.origin", 0.02),
        ("comparison.state", "possible"),
        ("comparison.relation", "exact"),
        ("comparison.linked", False),
        ("comparison.evidence[0].weight", 9.0),
        ("comparison.evidence[0].value", "he said so"),
        ("article.title", "Another headline"),
        ("article.published", "2020-01-01"),
        ("article.byline", "Somebody Else"),
        ("article.site", "other.example"),
        ("article.words", 3),
        ("article.cues", []),
        ("article.dates", []),
        ("article.licence_tags", [{"name": "license", "value": "free", "where": "dom:/"}]),
        ("article.digest", "00" * 32),
        ("article.text.sha256", "00" * 32),
        ("article.page.sha256", "00" * 32),
        ("article.page.bytes", 7),
        ("article.page.differs", ["cues"]),
        ("article.page.fields.published", "2020-01-01"),
        ("article.page.fields.fetched", "2020-01-01"),
        ("article.url", "https://other.example/"),
        ("source.outlet", "Another Paper"),
        ("source.published", "2030-01-01"),
        ("source.language", "fr"),
    ],
)
def test_a_figure_that_was_changed_and_sealed_again_is_named(folder: Path, path: str, value: Any) -> None:
    record = record_of(folder)
    container, key = at(record, path)
    assert container[key] != value
    container[key] = value
    forged(folder, record)
    problems = verify.problems(folder)
    assert problems
    named = path.split("[")[0].split(".")
    assert any(named[0] in one and (named[-1] in one or named[0] in ("article", "source")) for one in problems), (
        problems
    )


def test_a_text_that_was_changed_and_sealed_again_does_not_fit_its_page(folder: Path) -> None:
    data = (folder / "article.txt").read_bytes()
    put(folder, "article.txt", data[:100] + b"not" + data[103:])
    record = record_of(folder)
    record["article"]["text"]["sha256"] = hashlib.sha256((folder / "article.txt").read_bytes()).hexdigest()
    forged(folder, record)
    told = "article.txt is not the text of the page in article.warc: it differs from byte 100 on."
    assert told in verify.problems(folder)


def test_another_page_in_the_archive_is_found_by_its_digest(folder: Path) -> None:
    given = Page(FERRY, b"<html><body><p>" + prose().encode() + b"</p></body></html>", "html", "a")
    put(folder, "article.warc", warc.write(given, "2024-09-18T05:00:00Z", "syndet"))
    sealed_again(folder)
    assert verify.problems(folder)[0].startswith("exhibit.json: article.page.bytes is ")


def test_a_record_more_in_an_archive_is_found(folder: Path) -> None:
    put(folder, "article.warc", (folder / "article.warc").read_bytes() + (folder / "source.warc").read_bytes())
    sealed_again(folder)
    assert verify.problems(folder)[0].startswith("article.warc is not what its page makes: it differs from byte ")


def test_a_page_that_shows_something_else_than_the_record_is_found(folder: Path) -> None:
    data = (folder / "index.html").read_bytes()
    put(folder, "index.html", data.replace(b"98", b"12", 1))
    sealed_again(folder)
    (problem,) = verify.problems(folder)
    assert problem.startswith("index.html is not what exhibit.json and the texts make: it differs from byte ")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"schema": "syndet.exhibit/1"}', b'{"schema": "syndet.exhibit/9"}',
        b"[" * 100_000, b'{"schema": ' + b"9" * 10_000 + b"}", b'{"schema": NaN}',
    ],
)  # fmt: skip
def test_a_record_of_another_form_is_one_sentence(folder: Path, data: bytes) -> None:
    put(folder, "exhibit.json", data)
    sealed_again(folder)
    (problem,) = verify.problems(folder)
    assert problem.startswith("exhibit.json ")


@pytest.mark.parametrize("value", [None, [], {}, "x", -1, [[1]], {"a": None}])
def test_a_record_with_a_wrong_value_anywhere_ends_in_a_sentence(folder: Path, value: Any) -> None:
    keep = record_of(folder)
    places = "article source comparison made_with outlets article.cues article.page article.text"
    for place in f"{places} comparison.shared source.dates article.published".split():
        record = json.loads(json.dumps(keep))
        container, key = at(record, place)
        if container[key] == value:
            continue
        container[key] = value
        put(folder, "exhibit.json", exhibit.canonical(record))
        sealed_again(folder)
        problems = verify.problems(folder)
        assert problems
        assert all(isinstance(one, str) for one in problems)


def test_another_version_than_the_one_that_made_it_is_said_beside_a_difference(folder: Path) -> None:
    record = record_of(folder)
    record["made_with"]["syndet"] = "0.0.9"
    record["comparison"]["shared"]["jaccard"] = 0.5
    forged(folder, record)
    assert "It was made with other versions than those here: syndet" in verify.problems(folder)[-1]


# -- commands ----------------------------------------------------------------------------------------------------------


def test_the_commands_write_and_verify(store: Path, tmp_path: Path) -> None:
    told = run("--db", store, "export", "exhibit", FERRY, "--output", tmp_path / "e")
    assert hashlib.sha256((tmp_path / "e/SHA256SUMS").read_bytes()).hexdigest() in told
    assert "is sound: files, figures and page agree." in run("check", tmp_path / "e")
    assert "is there already" in run("--db", store, "export", "exhibit", FERRY, "--output", tmp_path / "e", code=2)


def test_one_command_checks_stores_and_exhibits(store: Path, folder: Path, tmp_path: Path) -> None:
    assert "articles, file and index agree" in run("check", store)
    assert "files, figures and page agree" in run("check", folder)
    assert "is no exhibit" in run("check", tmp_path, code=2)
    assert "There is no" in run("check", tmp_path / "nothing", code=2)


def test_the_pair_is_an_article_two_of_them_or_a_link(store: Path) -> None:
    with Corpus(store, readonly=True) as corpus:
        one, two = exhibit.pair(corpus, FERRY)
        source = corpus.article(two).url
        assert exhibit.pair(corpus, f"{one}-{two}") == exhibit.pair(corpus, f"{two}-{one}") == (one, two)
        assert exhibit.pair(corpus, source, FERRY) == (one, two)
        with pytest.raises(UsageError, match="is about two"):
            exhibit.pair(corpus, FERRY, FERRY)
        alone = next(n for n in corpus.store.articles.ids() if corpus.lookup(n).shared_with is None)
        with pytest.raises(UsageError, match="name the other article"):
            exhibit.pair(corpus, str(alone))
        assert exhibit.pair(corpus, str(alone), FERRY) == (alone, one)
