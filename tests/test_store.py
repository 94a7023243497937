"""The database: its shape, and what comes back of what was put in."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import string
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from build import article, html, prose
from hypothesis import given, settings
from hypothesis import strategies as st

from syndet import Corpus, urls
from syndet.errors import StoreError
from syndet.fingerprint import RECIPE
from syndet.models import Alignment, Article, Cue, Evidence, Page, Passage, Reference, Skipped
from syndet.store import Store, rows, schema

STORES = sorted((Path(__file__).parent / "stores").glob("*.db"))
HALF = "half \ud83d a character"
anything = st.text(st.characters(exclude_categories=()), max_size=20)
maybe = st.none() | anything


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "news.db") as opened:
        yield opened


def save(store: Store, one: Article, named: Reference | None = None, now: str = "2024-03-05") -> tuple[int, bool]:
    with store.transaction():
        return store.articles.save(one, named, now)


def tables(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    return found


# -- migrations --------------------------------------------------------------------------------------------------------


def test_migrations_are_numbered_without_a_gap() -> None:
    names = [name for name, _ in schema.migrations()]
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_a_script_is_taken_apart_into_statements() -> None:
    script = (
        "-- a; comment\nCREATE TABLE a (b TEXT DEFAULT ';');\n\n"
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  DELETE FROM a;\nEND;\nDROP TABLE a;\n-- the end\n"
    )
    with pytest.raises(ValueError, match="incomplete"):
        list(schema.statements("CREATE TABLE a (b"))
    assert [part.split()[-1] for part in schema.statements(script.removesuffix("-- the end\n"))] == [
        "';');",
        "END;",
        "a;",
    ]


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "news.db"
    with Store.open(path) as store:
        save(store, article(seed=1))
        before = list(store.export())
    known = schema.migrations()
    bad = (
        "CREATE TABLE good (a INTEGER) STRICT;\nUPDATE articles SET title = 'gone';\nINSERT INTO nowhere VALUES (1);\n"
    )
    fine = "CREATE TABLE late (a INTEGER) STRICT;"
    monkeypatch.setattr(schema, "migrations", lambda: [*known, ("9998_bad", bad), ("9999_fine", fine)])
    with pytest.raises(StoreError, match="nowhere"):
        Store.open(path)
    monkeypatch.undo()
    assert not tables(path) & {"good", "late"}
    with Store.open(path) as store:
        assert list(store.export()) == before


def test_a_store_with_only_the_first_migration_is_copied_aside_and_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "news.db"
    known = schema.migrations()
    with monkeypatch.context() as patch:
        # What is written today needs the columns that articles have today.
        columns = [one for one in known[1:] if "ALTER TABLE articles ADD COLUMN" in one[1]]
        patch.setattr(schema, "migrations", lambda: [known[0], *columns])
        with Store.open(path) as store:
            for one in (article(seed=1), article(seed=1, site="b.example")):
                store.articles.save(one, None, "2024-03-05")
    assert "bands" not in tables(path)
    with Corpus(path) as corpus:
        corpus.link()
        assert corpus.check() == []
        assert corpus.lookup("https://b.example/story-1").others
    (backup,) = tmp_path.glob("news.db.before-*")
    assert "bands" not in tables(backup)
    connection = sqlite3.connect(backup)
    assert connection.execute("SELECT count(*) FROM articles").fetchone() == (2,)
    connection.close()


@pytest.mark.parametrize("kept", STORES, ids=lambda path: path.stem)
def test_a_store_of_every_released_version_can_be_used_by_this_one(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    shutil.copy(kept, path)
    with Corpus(path) as corpus:
        if corpus.recipe() != RECIPE:
            corpus.rebuild()
        assert corpus.check() == []
        answers = [corpus.lookup(number) for number in corpus.store.articles.ids()]
        reposts = [answer for answer in answers if answer.verdict == "repost"]
        assert len(answers) > 10
        assert any(answer.origin is not None and answer.origin.in_store for answer in reposts)
        assert corpus.lookup(answers[0].article.url).article.id == answers[0].article.id
        assert len(corpus.store.runs.last()) == 1


def test_a_store_of_the_present_version_is_kept() -> None:
    from syndet import __version__

    assert f"{__version__}.db" in {path.name for path in STORES}, "scripts/keep_store makes it"
    for path in STORES:
        assert path.stat().st_size < 200_000
        assert set(path.name) <= set(string.digits + "." + "db")


# -- records in columns ------------------------------------------------------------------------------------------------

references = st.none() | st.builds(Reference, maybe, maybe, maybe)
kinds = st.sampled_from(["canonical", "attribution_line"])
grades = st.sampled_from(["linked", "named"])
numbers = st.floats(0, 1)
spans = st.tuples(st.integers(0, 10**7), st.integers(0, 10**7))
passages = st.builds(Passage, spans, spans, st.sampled_from(["verbatim", "changed"]), st.integers(0, 10**6))
figures = {
    field.name: numbers if field.type == "float" else st.integers(0, 10**6)
    for field in fields(Alignment)
    if field.type in ("float", "int")
}
alignments = st.builds(
    Alignment, **figures, passages=st.lists(passages, max_size=4).map(tuple), retellings=st.just(())
)  # fmt: skip


@given(st.lists(st.builds(Cue, kinds, anything, anything, grades, references), max_size=3).map(tuple))
def test_cues_come_back_as_they_were(cues: tuple[Cue, ...]) -> None:
    text = rows.to_json(cues)
    assert rows.cues(text) == cues
    text.encode("utf-8")


@given(
    st.lists(st.builds(Evidence, kinds, anything, anything, grades, references, st.floats(-9, 9)), max_size=3).map(
        tuple
    )
)
def test_evidence_comes_back_as_it_was(evidence: tuple[Evidence, ...]) -> None:
    text = rows.to_json(evidence)
    assert rows.evidence(text) == evidence
    text.encode("utf-8")


@given(st.builds(Reference, maybe, maybe, maybe), alignments, anything)
def test_references_alignments_and_bodies_come_back_as_they_were(
    reference: Reference, alignment: Alignment, body: str
) -> None:
    assert rows.external(rows.to_json(reference)) == reference
    assert rows.shared(rows.shared_to_json(alignment)) == alignment
    assert rows.body(rows.pack(body)) == body
    rows.to_json(reference).encode("utf-8")


@given(anything)
def test_what_is_storable_is_text_with_nothing_lost_but_halves(text: str) -> None:
    stored = rows.storable(text)
    stored.encode("utf-8")
    assert len(stored) == len(text)
    assert stored == text or not urls.is_text(text)
    assert rows.storable(None) is None
    assert rows.storable(b"\xff") == b"\xff"


# -- articles ----------------------------------------------------------------------------------------------------------


def test_an_article_comes_back_as_it_was(store: Store) -> None:
    cue = Cue("canonical", "x", "dom:/html", "linked", Reference("https://b.example/x", None, "Title"))
    one = article(
        seed=1, title="A “title” in 京", byline="Anna", published="2024-03-05", language="en", outlet="Echo",
        fetched="2024-03-06T01:02:03Z", digest=hashlib.sha256(b"x").digest(), cues=(cue,),
    )  # fmt: skip
    number, new = save(store, one)
    assert new
    assert store.articles.get(number) == replace(one, id=number)
    assert store.articles.get(number + 1) is None


@settings(max_examples=30, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(("title", "byline", "outlet", "published", "language", "fetched"), maybe)))
def test_an_article_of_any_text_is_stored(fields: dict[str, str | None]) -> None:
    with Store(schema_in_memory(), Path("memory"), readonly=False) as store:
        cue = Cue("canonical", fields["title"] or "", "meta:x", "named", Reference(fields["byline"], fields["outlet"]))
        number, _ = store.articles.save(article(seed=1, cues=(cue,), **fields), cue.points_to, "2024-03-05")
        found = store.articles.get(number)
        assert found is not None
        assert found.cues == (cue,)
        assert {name: getattr(found, name) for name in fields} == {n: rows.storable(v) for n, v in fields.items()}
        assert list(store.export())


def schema_in_memory() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for _, script in schema.migrations():
        connection.executescript(script)
    return connection


def test_half_a_character_does_no_harm_anywhere(store: Store) -> None:
    one = article(HALF + prose(60, 1), title=HALF)
    number, _ = save(store, replace(one, url="https://a.example/" + HALF), Reference(HALF, HALF, HALF))
    found = store.articles.get(number)
    assert found is not None
    assert found.body == one.body
    assert found.title == "half \ufffd a character"
    assert store.articles.find("https://a.example/" + HALF) == number
    store.articles.skip(Skipped(HALF, "no_text", HALF), "2024-03-05")
    assert store.articles.skipped(HALF) == ["no_text"]
    assert store.articles.known([(HALF, b"", None)]) == {(HALF, b"")}
    run = store.runs.start("nightly", [HALF], "2024-03-05", "0", RECIPE)
    assert store.runs.last()[0]["sources"] == [HALF]
    store.runs.finish(run, "2024-03-05", 0, {"problems": [HALF]}, {})
    assert store.articles.naming(replace(one, id=None), 5) == [number]
    assert store.articles.named_by(article(cues=(Cue("canonical", "", "", "named", Reference(title=HALF)),)), 5) == [
        number
    ]
    assert list(store.export())


def test_half_a_character_in_a_page_does_not_stop_the_night(tmp_path: Path) -> None:
    head = '<meta name="author" content="&#xD83D; Anna"><script type="application/ld+json">{"@type":"NewsArticle",'
    head += '"headline":"Ferry \\ud83d late","publisher":{"@type":"Organization","name":"Echo \\udc00"}}</script>'
    page = Page("https://a.example/1", html(prose(80, 1), head=head), "html", HALF, title=HALF, fetched=HALF)
    with Corpus(tmp_path / "news.db") as corpus:
        assert corpus.add_pages([page, replace(page, url="https://a.example/2", title=None)]).new == 2
        corpus.link()
        assert corpus.check() == []
        assert corpus.lookup_text(HALF + prose(80, 1)).others


def test_an_article_is_found_by_any_form_of_its_address(store: Store) -> None:
    number, _ = save(store, replace(article(), url="https://www.a.example/story/?id=7&utm_source=x#top"))
    for url in ("http://a.example/story?id=7", "a.example/story?id=7", "https://m.a.example/story/amp/?id=7"):
        assert store.articles.find(url) == number
        assert store.articles.at(url) is None
    assert store.articles.find("https://a.example/story?id=8") is None


def test_of_two_articles_at_one_canonical_address_the_exact_one_is_found_else_the_older(store: Store) -> None:
    first, _ = save(store, replace(article(), url="https://a.example/story?ref=x"))
    second, _ = save(store, replace(article(), url="https://a.example/story"))
    assert store.articles.find("https://a.example/story") == second
    assert store.articles.find("https://www.a.example/story/") == first


def test_articles_that_name_each_other_are_found_by_address_and_title(store: Store) -> None:
    origin, _ = save(store, article(seed=1, title="Ferry runs late again"))
    by_address = Cue("canonical", "", "", "linked", Reference("http://www.a.example/story-1/"))
    by_title = Cue("attribution_line", "", "", "named", Reference(title="ferry RUNS late again"))
    generic = Cue("generic_credit", "", "", "generic", Reference("https://a.example/story-1"))
    for number, cue in enumerate((by_address, by_title), 2):
        one = article(seed=number, site="b.example", cues=(cue,))
        assert store.articles.named_by(one, 5) == [origin]
        save(store, one, cue.points_to)
    assert store.articles.named_by(article(cues=(generic,)), 5) == []
    assert store.articles.naming(article(seed=1, title="Ferry runs late again"), 5) == [2, 3]
    assert store.articles.naming(article(seed=1, title="Ferry runs late again"), 1) == [2]
    assert store.articles.naming(article(seed=9), 5) == []


def test_every_change_at_an_address_is_a_version_and_the_id_stays(store: Store) -> None:
    texts = [prose(60, seed) for seed in range(3)]
    for number, body in enumerate(texts):
        assert save(store, article(body, seed=1, title=f"T{number}"), now=f"2024-03-0{number + 1}") == (1, number == 0)
    kept = store.articles.versions(1)
    assert [(version, one.body, one.title, now) for version, one, now in kept] == [
        (number + 1, body, f"T{number}", f"2024-03-0{number + 1}") for number, body in enumerate(texts)
    ]
    assert store.articles.versions(2) == []


def test_a_failed_transaction_stores_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.articles.save(article(), None, "2024-03-05")
        _ = 1 / 0
    assert store.articles.count() == 0


def test_two_stores_that_know_the_same_export_the_same_lines(tmp_path: Path) -> None:
    pages = [Page(f"https://{site}.example/s", html(prose(80, 1)), "html", "x") for site in "abc"]
    exports = []
    for name, portions in (("one", [pages]), ("two", [pages[:1], pages[1:]])):
        with Corpus(tmp_path / f"{name}.db") as corpus:
            for portion in portions:
                corpus.add_pages(portion)
                corpus.link()
            exports.append(list(corpus.store.export()))
    assert exports[0] == exports[1]
    assert all(line.isascii() and "\n" not in line for line in exports[0])
