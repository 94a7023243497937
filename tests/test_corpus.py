"""The nightly job as a whole: what is stored, what is linked, what survives."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from build import html, prose

from syndet import Corpus, compare
from syndet.errors import ForeignDatabase, NewerStore, NotStored, RecipeMismatch, StoreBusy, StoreError
from syndet.fingerprint import RECIPE
from syndet.models import Page
from syndet.store import Store

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "syndet" / "sample"


def write(folder: Path, *records: dict) -> str:
    path = folder / f"pages-{len(list(folder.iterdir()))}.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return str(path)


def story(seed: int, site: str, body: str | None = None, **known) -> dict:
    body = prose(150, seed) if body is None else body
    url = f"https://{site}/story-{seed}"
    return {"url": url, "html": html(body, title=f"Story number {seed} of today").decode(), **known}


@pytest.fixture
def corpus(tmp_path):
    with Corpus(tmp_path / "news.db") as made:
        yield made


def export(path: Path) -> list[str]:
    with Store.open(path, readonly=True) as store:
        return list(store.export())


def test_adding_the_same_pages_again_changes_nothing(corpus, tmp_path):
    source = write(
        tmp_path,
        *(story(number, "a.example") for number in range(5)),
        {"url": "https://a.example/empty", "html": "<p></p>"},
    )
    first = corpus.nightly([source])
    before = list(corpus.store.export())
    again = corpus.nightly([source])
    assert (first.new, first.skipped.total()) == (5, 1)
    assert (again.read, again.new, again.changed, again.known, again.linked) == (6, 0, 0, 6, 0)
    assert again.skipped.total() == 0
    assert list(corpus.store.export()) == before


def test_changed_bytes_at_an_address_are_a_new_version_and_the_old_one_stays_readable(corpus, tmp_path):
    corpus.nightly([write(tmp_path, story(1, "a.example"), story(2, "b.example", prose(150, 1)))])
    assert corpus.lookup("https://b.example/story-2").others
    summary = corpus.nightly([write(tmp_path, story(1, "a.example", prose(150, 9)))])
    assert (summary.new, summary.changed) == (0, 1)
    (first, old, _), (second, new, _) = corpus.store.articles.versions(1)
    assert (first, second) == (1, 2)
    assert prose(150, 1).split()[5] in old.body
    assert prose(150, 9).split()[5] in new.body
    # The links that rested on the old text are gone, and so is every key of it.
    assert not corpus.lookup("https://b.example/story-2").others
    assert corpus.check() == []


def test_two_archives_with_different_copies_of_a_page_bring_no_news_when_read_again(corpus, tmp_path):
    sources = [write(tmp_path, story(1, "a.example")), write(tmp_path, story(1, "a.example", prose(150, 9)))]
    assert corpus.nightly(sources).changed == 1
    again = corpus.nightly(sources)
    assert (again.changed, again.known, again.linked) == (0, 2, 0)


def test_a_page_that_returns_to_its_old_text_later_is_a_new_version(corpus, tmp_path):
    old, new = story(1, "a.example"), story(1, "a.example", prose(150, 9))
    for number, record in enumerate((old, new, old)):
        corpus.nightly([write(tmp_path, {**record, "fetched": f"2024-03-0{number + 1}T00:00:00Z"})])
    assert [version for version, _, _ in corpus.store.articles.versions(1)] == [1, 2, 3]


def test_a_page_that_is_broken_later_keeps_its_last_good_version(corpus, tmp_path):
    corpus.nightly([write(tmp_path, story(1, "a.example"))])
    summary = corpus.nightly(
        [write(tmp_path, {"url": "https://a.example/story-1", "html": "<html><body></body></html>"})]
    )
    assert summary.skipped.total() == 1
    assert corpus.lookup("https://a.example/story-1").verdict == "no_match"


def test_a_copy_is_linked_to_its_origin_whichever_comes_first(corpus, tmp_path):
    early, late = {"published": "2024-03-05"}, {"published": "2024-03-07"}
    corpus.nightly(
        [write(tmp_path, story(1, "copy.example", **late), story(2, "origin.example", prose(150, 2), **early))]
    )
    corpus.nightly(
        [write(tmp_path, story(1, "origin.example", **early), story(2, "copy.example", prose(150, 2), **late))]
    )
    for number in (1, 2):
        answer = corpus.lookup(f"https://copy.example/story-{number}")
        assert (answer.verdict, answer.relation) == ("repost", "exact")
        assert answer.origin.url == f"https://origin.example/story-{number}"
        assert corpus.lookup(answer.origin.url).verdict == "origin"


def test_a_source_that_cannot_be_read_is_reported_and_the_others_go_on(corpus, tmp_path):
    summary = corpus.nightly([str(tmp_path / "nowhere"), write(tmp_path, story(1, "a.example"))])
    assert summary.new == 1
    assert "nowhere" in summary.problems[0]
    assert corpus.store.runs.last(1)[0]["status"] == 1


def test_every_night_leaves_a_row_with_counts_and_seconds(corpus, tmp_path):
    corpus.nightly([write(tmp_path, story(1, "a.example"), {"url": "https://a.example/x", "text": "too short"})])
    run = corpus.store.runs.last(1)[0]
    assert run["status"] == 0
    assert run["counts"]["new"] == 1
    assert run["counts"]["skipped"] == {"too_short": 1}
    assert set(run["seconds"]) == {"add", "link"}


def test_two_never_write_at_once(corpus, tmp_path):
    with corpus.store.lock(), Corpus(tmp_path / "news.db") as other, pytest.raises(StoreBusy, match="try again"):
        other.nightly([write(tmp_path, story(1, "a.example"))])


def test_a_file_is_looked_up_without_being_stored_and_never_against_its_own_address(corpus, tmp_path):
    corpus.nightly([write(tmp_path, story(1, "a.example"))])
    page = Page("https://a.example/story-1", html(prose(150, 1)), "html", "test")
    assert corpus.lookup_page(page).verdict == "no_match"
    elsewhere = Page("https://b.example/copy", html(prose(150, 1)), "html", "test")
    answer = corpus.lookup_page(elsewhere, url=elsewhere.url)
    assert answer.article.id is None
    assert [other.id for other in answer.others] == [1]
    assert corpus.store.articles.count() == 1


def test_an_unknown_address_is_not_stored(corpus):
    with pytest.raises(NotStored, match="syndet add"):
        corpus.lookup("https://nowhere.example/")


def test_a_round_up_joins_no_cluster(corpus, tmp_path):
    stories = [story(number, f"site{number}.example", published="2024-03-05") for number in range(3)]
    digest = "\n".join(prose(150, number) for number in range(3))
    corpus.nightly([write(tmp_path, *stories, story(9, "digest.example", digest, published="2024-03-09"))])
    answer = corpus.lookup("https://digest.example/story-9")
    assert (answer.relation, answer.origin, answer.cluster) == ("digest", None, None)
    assert {other.role for other in answer.others} == {"source"}
    assert corpus.lookup("https://site1.example/story-1").cluster is None


def test_a_copy_of_a_copy_names_the_root_and_the_hop(corpus, tmp_path):
    root = prose(200, 1)
    hop = f"{root} {prose(80, 2)}"
    records = [
        story(1, "root.example", root, published="2024-03-01"),
        story(2, "hop.example", hop, published="2024-03-04"),
        story(3, "last.example", f"{hop} {prose(20, 3)}", published="2024-03-08"),
    ]
    corpus.nightly([write(tmp_path, *records)])
    answer = corpus.lookup("https://last.example/story-3")
    assert answer.origin.url == "https://root.example/story-1"
    assert answer.via.url == "https://hop.example/story-2"
    assert answer.cluster.articles == 3


@pytest.mark.parametrize("copies", [80])
def test_a_story_on_many_sites_stays_findable(corpus, tmp_path, copies):
    body = prose(300, 1)
    records = [
        story(1, f"site{number}.example", body, published=f"2024-03-{number % 20 + 2:02}") for number in range(copies)
    ]
    corpus.nightly([write(tmp_path, story(1, "origin.example", body, published="2024-03-01"), *records)])
    excerpt = " ".join(body.split()[100:180])
    answer = corpus.lookup_text(f"{prose(60, 5)} {excerpt} {prose(60, 6)}")
    assert "https://origin.example/story-1" in {other.url for other in answer.others}


# -- the store as a file ----


def test_a_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / "notes.db").write_text("not a database " * 100)
    with pytest.raises(ForeignDatabase, match="--db"):
        Corpus(tmp_path / "notes.db")
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE mine (a)")
    other.close()
    with pytest.raises(ForeignDatabase, match="another program"):
        Corpus(tmp_path / "other.db")


def test_a_store_of_a_later_version_is_refused(tmp_path):
    Corpus(tmp_path / "news.db").close()
    with sqlite3.connect(tmp_path / "news.db") as later:
        later.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('syndet', '9999_later', '')"
        )
    later.close()
    for readonly in (True, False):
        with pytest.raises(NewerStore, match="upgrade"):
            Corpus(tmp_path / "news.db", readonly=readonly)


def test_a_store_of_another_recipe_is_refused_until_it_is_rebuilt(corpus, tmp_path):
    source = write(tmp_path, story(1, "a.example"), story(2, "b.example", prose(150, 1), published="2024-03-05"))
    corpus.nightly([source])
    before = list(corpus.store.export())
    for recipe in (("syndet-0-old", "0"), (RECIPE, "other tables")):
        corpus.store.index.set_recipe(*recipe)
        with pytest.raises(RecipeMismatch, match="rebuild"):
            corpus.lookup_text(prose(100, 1))
    corpus.store.index.set_recipe("syndet-0-old", "0")
    with pytest.raises(RecipeMismatch, match=r"syndet --db .* rebuild"):
        corpus.nightly([source])
    with pytest.raises(RecipeMismatch, match="rebuild"):
        corpus.lookup_text(prose(100, 1))
    assert "rebuild" in corpus.check()[0]
    corpus.rebuild()
    assert list(corpus.store.export()) == before


def test_reading_makes_no_store(tmp_path):
    with pytest.raises(StoreError, match="add SOURCE"):
        Corpus(tmp_path / "none.db", readonly=True)
    assert not list(tmp_path.iterdir())


def test_check_finds_a_damaged_index(corpus, tmp_path):
    corpus.nightly([write(tmp_path, story(1, "a.example"), story(2, "b.example"))])
    assert corpus.check() == []
    path = tmp_path / "news.db"
    with sqlite3.connect(path) as damage:
        damage.execute("DELETE FROM postings WHERE article = 1 AND key & 1")
    damage.close()
    assert "1 articles" in corpus.check()[0]


def test_stored_signatures_are_datasketchs_own(corpus, tmp_path):
    from syndet.fingerprint import minhash

    corpus.nightly([write(tmp_path, story(1, "a.example"), story(2, "b.example", prose(150, 1) + prose(40, 3)))])
    one, two = (minhash(corpus.store.index.signature(number)) for number in (1, 2))
    assert one.scheme == "affine32"
    assert abs(one.jaccard(two) - compare(prose(150, 1), prose(150, 1) + prose(40, 3)).shared.jaccard) < 0.15


# -- faults ----


@pytest.mark.slow
def test_killed_at_any_of_twenty_moments_and_run_again_a_night_ends_the_same(tmp_path, monkeypatch):
    source = tmp_path / "pages"
    source.mkdir()
    bodies = [prose(160, number % 60) + " " + prose(20, 1000 + number) for number in range(240)]
    write(source, *(story(number, f"site{number % 7}.example", body) for number, body in enumerate(bodies)))
    undisturbed = tmp_path / "undisturbed.db"
    began = time.perf_counter()
    night(undisturbed, source).wait()
    whole = time.perf_counter() - began
    expected = export(undisturbed)
    assert len([line for line in expected if '"table": "links"' in line]) > 100
    killed = 0
    for moment in range(20):
        path = tmp_path / f"killed-{moment}.db"
        running = night(path, source)
        time.sleep(whole * (moment + 0.5) / 20)
        if running.poll() is None:
            killed += 1
        else:  # timed while the machine was busier than it is now
            whole *= 0.8
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert night(path, source).wait() == 0
        assert export(path) == expected, f"killed after {moment + 0.5} of 20 parts of the night"
    assert killed >= 10  # else the test killed nothing


def night(path: Path, source: Path) -> subprocess.Popen:
    code = "from syndet.cli import main; main()"
    arguments = [sys.executable, "-c", code, "--db", str(path), "nightly", "--quiet", str(source)]
    return subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)})


def test_a_batch_that_fails_leaves_nothing_behind(corpus, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(type(corpus.store.articles), "skip", fail)
    source = write(tmp_path, story(1, "a.example"), {"url": "https://a.example/x", "text": "short"})
    with pytest.raises(OSError, match="disk full"):
        corpus.nightly([source])
    assert corpus.store.articles.count() == 0
    assert corpus.store.runs.last(1)[0]["status"] == 1


def test_the_clock_can_be_set(tmp_path):
    with Corpus(tmp_path / "news.db", now=lambda: datetime(2024, 3, 5, tzinfo=UTC)) as corpus:
        corpus.nightly([write(tmp_path, story(1, "a.example"))])
        assert corpus.store.articles.versions(1)[0][2] == "2024-03-05T00:00:00+00:00"


def test_many_copies_of_one_text_are_one_source_though_not_every_two_were_compared(corpus, tmp_path):
    records = [
        story(1, f"site{number}.example", prose(150, 1), published=f"2024-03-{number * 7 % 28 + 1:02}")
        for number in range(90)
    ]
    corpus.nightly([write(tmp_path, *records)])
    found = corpus.lookup("https://site40.example/story-1").cluster
    assert (found.articles, found.independent_sources) == (90, 1)
