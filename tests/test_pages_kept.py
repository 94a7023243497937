"""Pages as they were fetched: kept where that is asked for, once for each content, whole, and counted."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from build import page, prose
from click.testing import CliRunner

from syndet import Corpus, tell
from syndet.cli import cli
from syndet.errors import StoreError
from syndet.models import Page

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


def test_without_being_asked_nothing_is_kept(path: Path) -> None:
    with Corpus(path) as corpus:
        summary = corpus.add_pages([page(prose())])
        assert summary.kept == 0
        assert corpus.store.pages.of(1) is None
        assert "kept" not in tell.summary_text(summary)


def test_a_page_is_kept_as_its_source_gave_it(path: Path) -> None:
    given = page(prose(), charset="utf-8", byline="Ann Lee", last_modified="Tue, 05 Mar 2024 09:30:00 GMT")
    with Corpus(path) as corpus:
        assert corpus.add_pages([given], keep_bytes=True).kept == 1
        kept = corpus.store.pages.of(1)
    assert kept == Page(**{**{name: getattr(given, name) for name in Page.__slots__}, "where": "article 1"})


def test_bytes_that_several_pages_have_are_stored_once(path: Path) -> None:
    with Corpus(path) as corpus:
        summary = corpus.add_pages(
            [page(prose(), f"https://a.example/{number}") for number in range(5)], keep_bytes=True
        )
    assert summary.kept == 5
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT count(*), sum(length(data)) FROM contents").fetchone() == (
            1,
            summary.kept_bytes,
        )
        assert database.execute("SELECT count(*) FROM pages").fetchone() == (5,)


def test_what_was_stored_without_its_bytes_is_completed_when_it_comes_again(path: Path) -> None:
    with Corpus(path) as corpus:
        corpus.add_pages([page(prose())])
        again = corpus.add_pages([page(prose())], keep_bytes=True)
        assert (again.known, again.kept) == (1, 1)
        assert corpus.store.pages.of(1) is not None
        third = corpus.add_pages([page(prose())], keep_bytes=True)
        assert (third.known, third.kept) == (1, 0)


def test_each_version_keeps_its_own_bytes(path: Path) -> None:
    with Corpus(path) as corpus:
        for seed, day in ((1, "05"), (2, "06"), (1, "07")):
            corpus.add_pages([page(prose(seed=seed), fetched=f"2024-03-{day}T10:00:00Z")], keep_bytes=True)
        assert corpus.store.pages.of(1).fetched == "2024-03-07T10:00:00Z"
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT version FROM pages ORDER BY 1").fetchall() == [(1,), (2,), (3,)]
        assert database.execute("SELECT count(*) FROM contents").fetchone() == (2,)


def test_two_versions_in_one_batch_are_both_kept(path: Path) -> None:
    with Corpus(path) as corpus:
        summary = corpus.add_pages([page(prose(seed=seed)) for seed in (1, 2)], keep_bytes=True)
    assert (summary.new, summary.changed, summary.kept) == (1, 1, 2)


def test_a_changed_page_that_is_added_without_them_has_no_bytes(path: Path) -> None:
    with Corpus(path) as corpus:
        corpus.add_pages([page(prose(seed=1))], keep_bytes=True)
        corpus.add_pages([page(prose(seed=2))])
        assert corpus.store.pages.of(1) is None


def test_a_page_that_is_no_article_is_not_kept(path: Path) -> None:
    with Corpus(path) as corpus:
        summary = corpus.add_pages([page("Too short.")], keep_bytes=True)
    assert (summary.skipped.total(), summary.kept) == (1, 0)


def test_the_summary_of_a_night_says_what_a_page_took(path: Path) -> None:
    sample = str(ROOT / "syndet/sample/harbour-courier")
    done = CliRunner().invoke(cli, ["--db", str(path), "nightly", "--keep-bytes", "--json", sample])
    assert '"kept": ' in done.output
    with Corpus(path.with_name("b.db")) as corpus:
        summary = corpus.nightly([sample], keep_bytes=True)
    cost = summary.kept_bytes // summary.kept
    assert f"{summary.kept} with their bytes, {cost:,} a page" in tell.summary_text(summary)


def test_the_same_article_is_read_from_the_kept_bytes(path: Path) -> None:
    from syndet.extract import extract
    from syndet.records import page_digest

    with Corpus(path) as corpus:
        corpus.add([str(ROOT / "syndet/sample")], keep_bytes=True)
        for number in corpus.store.articles.ids():
            article, kept = corpus.article(number), corpus.store.pages.of(number)
            found = extract(kept)
            assert page_digest(kept) == article.digest
            assert (found.body, found.cues, found.dates) == (article.body, article.cues, article.dates)


@pytest.mark.parametrize("damage", ["x'00'", "zeroblob(100)", "(SELECT data FROM contents ORDER BY digest LIMIT 1)"])
def test_damaged_bytes_are_told_and_not_handed_out(path: Path, damage: str) -> None:
    with Corpus(path) as corpus:
        corpus.add_pages([page(prose(seed=seed), f"https://a.example/{seed}") for seed in (1, 2)], keep_bytes=True)
    with sqlite3.connect(path) as database:
        (digest,) = database.execute("SELECT digest FROM contents ORDER BY digest DESC LIMIT 1").fetchone()
        (number,) = database.execute("SELECT article FROM pages WHERE content = ?", [digest]).fetchone()
        database.execute(f"UPDATE contents SET data = {damage} WHERE digest = ?", [digest])
    with Corpus(path) as corpus:
        assert corpus.check() == [f"The kept bytes of 1 articles are damaged (id {number}); restore a backup."]
        with pytest.raises(StoreError, match="bytes of a page"), corpus.reading():
            corpus.store.pages.of(number)
