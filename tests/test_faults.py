"""What can go wrong with files, disks, signals, threads and hostile pages, and what is left afterwards."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from build import html, prose
from click.testing import CliRunner

from syndet import Corpus, portions
from syndet.cli import cli
from syndet.errors import NotStored, StoreBusy, StoreError
from syndet.extract import extract
from syndet.models import Page
from syndet.store import Store, faults, schema

ROOT = Path(__file__).parents[1]


def record(number: int, body: str | None = None, **known: object) -> dict:
    text = prose(120, number) if body is None else body
    return {"url": f"https://site{number % 7}.example/{number}", "text": text, "title": f"Story {number}"} | known


def write(path: Path, *records: dict) -> str:
    path.write_text("".join(json.dumps(one) + "\n" for one in records))
    return str(path)


def export(path: Path) -> list[str]:
    with Store.open(path, readonly=True) as store:
        return list(store.export())


def start(*arguments: object, **options: object) -> subprocess.Popen:
    command = [sys.executable, "-m", "syndet", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    # Tests that run in the background of a shell are given SIGINT ignored, and would hand that on.
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    options = {"stdout": subprocess.DEVNULL, "preexec_fn": heard, **options}
    return subprocess.Popen(command, env=environment, cwd=ROOT, **options)


@pytest.fixture
def path(tmp_path):
    """Return the path of a store with a story, its copy, and another story."""
    with Corpus(tmp_path / "news.db") as corpus:
        body = prose(150, 1)
        source = write(
            tmp_path / "pages.jsonl",
            record(1, body, published="2024-03-01"),
            record(2, body, published="2024-03-05"),
            record(3),
        )
        corpus.nightly([source])
    return tmp_path / "news.db"


@pytest.fixture
def run(tmp_path):
    def call(*arguments):
        return CliRunner().invoke(cli, ["--db", str(tmp_path / "news.db"), *map(str, arguments)])

    return call


@contextmanager
def damage(path: Path):
    connection = sqlite3.connect(path)
    yield connection
    connection.commit()
    connection.close()


def is_one_sentence(shown, code=1) -> bool:
    assert shown.exit_code == code
    assert isinstance(shown.exception, SystemExit)
    assert re.fullmatch(r"Error: [^\n]+\n", shown.stderr), shown.stderr
    return True


# -- stopped ----


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_night_that_is_stopped_says_so_and_keeps_what_it_stored(tmp_path, number, code):
    path = tmp_path / "news.db"
    source = write(tmp_path / "pages.jsonl", *(record(number) for number in range(portions.BATCH + 5)))
    running = start("--db", path, "nightly", "-", stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    running.stdin.write(Path(source).read_bytes())
    running.stdin.flush()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not stored(path):
        time.sleep(0.02)
    running.send_signal(number)
    said = running.communicate(timeout=20)[1].decode()
    assert running.returncode == code
    assert "Stopped. What was stored stays" in said
    assert "Traceback" not in said
    with Corpus(path) as corpus:
        last = corpus.store.runs.last(1)[0]
        assert (last["status"], last["counts"]["new"]) == (code, portions.BATCH)
        assert corpus.count() == portions.BATCH
        assert corpus.nightly([source]).new == 5
        assert corpus.check() == []


def stored(path: Path) -> int:
    try:
        with Corpus(path, readonly=True) as corpus:
            return corpus.count()
    except StoreError:  # it isn't made yet
        return 0


def seconds(running: subprocess.Popen) -> float:
    """Return how long a command takes that must not fail."""
    began = time.perf_counter()
    assert running.wait() == 0
    return time.perf_counter() - began


@pytest.mark.slow
def test_killed_while_pages_change_or_while_it_is_rebuilt_a_store_ends_the_same(tmp_path):
    early = write(tmp_path / "1.jsonl", *(record(n, prose(120, n % 30), fetched="2024-03-01") for n in range(200)))
    late = write(
        tmp_path / "2.jsonl", *(record(n, prose(120, n % 30 + n % 2), fetched="2024-03-02") for n in range(240))
    )
    first, undisturbed = tmp_path / "first.db", tmp_path / "undisturbed.db"
    assert start("--db", first, "nightly", early).wait() == 0
    undisturbed.write_bytes(first.read_bytes())
    nightly = seconds(start("--db", undisturbed, "nightly", late))
    expected = export(undisturbed)
    assert len([line for line in expected if '"table": "versions"' in line]) > 50
    rebuilt = tmp_path / "rebuilt.db"
    rebuilt.write_bytes(undisturbed.read_bytes())
    rebuild = seconds(start("--db", rebuilt, "rebuild"))
    for command, whole, base, goal in (
        (("nightly", late), nightly, first, expected),
        (("rebuild",), rebuild, undisturbed, export(rebuilt)),
    ):
        killed = 0
        for moment in range(12):
            path = tmp_path / f"killed-{command[0]}-{moment}.db"
            path.write_bytes(base.read_bytes())
            running = start("--db", path, *command)
            time.sleep(whole * (0.25 + 0.7 * moment / 12))
            killed += running.poll() is None
            running.kill()
            running.wait()
            again = command if command[0] == "nightly" else ("link",)
            assert start("--db", path, *again).wait() == 0
            if command[0] == "rebuild" and export(path) != goal:
                # Killed before it began: then nothing was dropped.
                assert export(path) == expected
                continue
            assert export(path) == goal, f"{command[0]} killed at moment {moment}"
        assert killed >= 5


def test_output_that_nobody_reads_to_its_end_is_no_failure(path):
    with Corpus(path) as corpus:
        corpus.add_pages([Page("https://long.example/", prose(60_000, 9).encode(), "text", "test")])
    running = start("--db", path, "show", "https://long.example/", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    running.stdout.read(10)
    running.stdout.close()
    assert "Traceback" not in running.stderr.read().decode()
    running.stderr.close()
    running.wait()


# -- the disk ----


def test_a_full_disk_is_one_sentence_and_the_night_goes_on_where_it_ended(tmp_path):
    source = write(tmp_path / "pages.jsonl", *(record(number) for number in range(300)))
    with Corpus(tmp_path / "whole.db") as corpus:
        corpus.nightly([source])
    path = tmp_path / "news.db"
    with Corpus(path) as corpus:
        corpus.store._db.execute("PRAGMA max_page_count = 60")
        with pytest.raises(StoreError, match="make room"):
            corpus.nightly([source])
    with Corpus(path) as corpus:
        stored = corpus.count()
        assert 0 < stored < 300
        assert corpus.store.runs.last(1)[0]["status"] in (1, None)
        assert corpus.nightly([source]).new == 300 - stored
    assert export(path) == export(tmp_path / "whole.db")


def test_what_a_failed_batch_undid_is_not_counted(path, monkeypatch):
    def fail(*_):
        raise sqlite3.OperationalError("database or disk is full")

    with Corpus(path) as corpus:
        monkeypatch.setattr(type(corpus.store.articles), "skip", fail)
        source = write(path.with_name("more.jsonl"), record(9), record(10, "too short"))
        with pytest.raises(StoreError):
            corpus.nightly([source])
        assert corpus.store.runs.last(1)[0]["counts"]["new"] == 0


@contextmanager
def without_leave_to_write(folder: Path):
    """Let this process only read `folder`, as on a read-only medium; root has to become somebody else for it."""
    # As deep as pytest's own folders go, which differs from process to process; it closes them to everybody else.
    for place in (folder, *folder.parents[:4]):
        if place.stat().st_mode & 0o055 != 0o055:
            place.chmod(place.stat().st_mode | 0o055)
    folder.chmod(0o555)
    for file in folder.iterdir():
        file.chmod(0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


def test_a_store_that_may_only_be_read_is_read(path, run):
    run("lookup", path.with_name("pages.jsonl"))  # every import, before it may be out of reach
    run("check")
    with without_leave_to_write(path.parent):
        assert run("lookup", "https://site2.example/2").stdout.startswith("Repost")
        assert "is sound" in run("check").stdout
        assert is_one_sentence(run("nightly", path.with_name("pages.jsonl")))
        assert not path.with_name("news.db-shm").exists()


def test_a_killed_writers_log_is_read_where_that_can_be_and_named_where_not(path, run, tmp_path):
    left = tmp_path / "left"
    left.mkdir()
    with Corpus(path) as corpus:
        corpus.add_pages([Page("https://new.example/", prose(100, 7).encode(), "text", "test")])
        for name in ("news.db", "news.db-wal"):
            (left / name).write_bytes(path.with_name(name).read_bytes())
    with without_leave_to_write(left), pytest.raises(StoreError, match=r"news.db-wal .* check"):
        Corpus(left / "news.db", readonly=True)
    with Corpus(left / "news.db", readonly=True) as corpus:
        assert corpus.count() == 4


def test_a_lock_that_cannot_be_made_is_one_sentence_and_no_link_is_followed(path, run):
    precious = path.with_name("precious")
    precious.write_text("thesis")
    path.with_name("news.db.lock").unlink()
    path.with_name("news.db.lock").symlink_to(precious)
    assert is_one_sentence(run("link"))
    assert precious.read_text() == "thesis"


def test_an_empty_file_is_told_from_an_old_store(path, run):
    path.write_bytes(b"")
    for rest in ("-wal", "-shm"):
        path.with_name(f"news.db{rest}").unlink(missing_ok=True)
    shown = run("lookup", "https://a.example/")
    assert is_one_sentence(shown)
    assert "is empty" in shown.stderr


# -- damage ----


def test_a_store_that_was_cut_short_is_one_sentence_for_every_command(path, run):
    path.write_bytes(path.read_bytes()[:20_000])
    pages = path.with_name("pages.jsonl")
    for command in (("lookup", "https://site2.example/2"), ("show", "1"), ("nightly", pages), ("rebuild",), ("check",)):
        shown = run(*command)
        assert is_one_sentence(shown)
        assert "backup" in shown.stderr


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE articles SET body = x'789c00'",
        "UPDATE articles SET cues = '{'",
        "UPDATE articles SET cues = '[{\"kind\": 1}]'",
        "UPDATE links SET evidence = '7'",
        "UPDATE links SET shared = '{}'",
    ],
)
def test_a_damaged_row_is_found_by_check_and_is_one_sentence_in_a_lookup(path, run, harm):
    with damage(path) as connection:
        connection.execute(harm)
    shown = run("lookup", "https://site2.example/2")
    assert is_one_sentence(shown)
    assert "damaged" in shown.stderr
    shown = run("check")
    assert shown.exit_code == 1
    assert "cannot be read (id 1" in shown.stdout


def test_a_word_in_the_store_that_this_version_does_not_know_is_shown_as_it_stands(path, run):
    with damage(path) as connection:
        connection.execute("UPDATE links SET relation = 'echo', evidence = replace(evidence, 'date_order', 'omen')")
    shown = run("lookup", "https://site2.example/2").stdout
    assert "echo" in shown
    assert "omen" in shown


@pytest.mark.slow
def test_flipped_bytes_never_end_in_a_traceback(path, run):
    import random

    whole = path.read_bytes()
    for seed in range(150):
        chance = random.Random(seed)
        data = bytearray(whole)
        for _ in range(chance.choice((1, 20, 400))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        for rest in ("-wal", "-shm"):
            path.with_name(f"news.db{rest}").unlink(missing_ok=True)
        for command in (
            ("lookup", "https://site2.example/2", "--json"),
            ("lookup", "https://site1.example/1"),
            ("check",),
        ):
            shown = run(*command)
            assert shown.exit_code in (0, 1)
            assert shown.exception is None or isinstance(shown.exception, SystemExit), (seed, command, shown.exception)


# -- migrations ----


@pytest.fixture
def one_more_migration(monkeypatch):
    known = schema.migrations()
    monkeypatch.setattr(schema, "migrations", lambda: [*known, ("9999_more", "CREATE TABLE more (a INTEGER) STRICT;")])


def test_an_older_store_is_copied_aside_for_its_owners_eyes_before_it_changes(path, one_more_migration):
    path.chmod(0o600)
    part = path.with_name("news.db.before-9999_more.part")
    part.write_bytes(b"a copy that was cut short")
    with pytest.raises(StoreError, match="older schema"):
        Corpus(path, readonly=True)
    Corpus(path).close()
    backup = path.with_name("news.db.before-9999_more")
    assert backup.stat().st_mode & 0o777 == 0o600
    assert not part.exists()
    with sqlite3.connect(backup) as copy:
        assert copy.execute("SELECT count(*) FROM articles").fetchone() == (3,)
    copy.close()


def test_a_store_is_not_changed_under_somebody_who_writes(path, one_more_migration):
    with Corpus(path) as corpus:
        corpus.store._db.execute("DELETE FROM _sqlite_migrations WHERE name = '9999_more'")
        with corpus.store.lock(), pytest.raises(StoreBusy):
            Corpus(path)


def test_two_that_open_a_new_store_at_once_lay_it_out_once(tmp_path):
    for number in range(10):
        failed = []

        def opened(path=tmp_path / f"{number}.db", failed=failed):
            try:
                Corpus(path).close()
            except StoreBusy:
                pass
            except Exception as error:
                failed.append(error)

        threads = [threading.Thread(target=opened) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        with Corpus(tmp_path / f"{number}.db") as corpus:
            assert corpus.check() == []


# -- at once ----


def test_readers_neither_wait_nor_see_half_a_night(path):
    with Corpus(path) as writer, Corpus(path, readonly=True) as reader:
        before = reader.lookup("https://site2.example/2")
        with writer.store.lock(), writer.store.transaction():
            writer.store.links.remove(1)
            writer.store.links.remove(2)
            began = time.perf_counter()
            assert reader.lookup("https://site2.example/2") == before
            assert time.perf_counter() - began < 2
        assert reader.lookup("https://site2.example/2").verdict == "no_match"


def test_what_is_read_for_one_answer_is_of_one_state(path):
    with Corpus(path) as writer, Corpus(path, readonly=True) as reader:
        with reader.store.snapshot():
            assert len(reader.store.links.of(1)) == 1
            writer.add_pages([Page("https://site1.example/1", prose(90, 8).encode(), "text", "test")])
            assert len(reader.store.links.of(1)) == 1
        assert reader.store.links.of(1) == []


def test_threads_may_share_a_corpus(path):
    failed = []
    with Corpus(path, readonly=True) as corpus:
        expected = corpus.lookup("https://site2.example/2")

        def ask():
            try:
                for _ in range(20):
                    assert corpus.lookup("https://site2.example/2") == expected
                    assert corpus.lookup_text(prose(150, 1)).others
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []


def test_a_page_that_is_held_back_is_refused_and_holds_up_neither_others_nor_the_end(path, monkeypatch):
    import socket

    import uvicorn

    from syndet import api
    from syndet.api import guard

    monkeypatch.setattr(guard, "BODY_SECONDS", 0.3)
    server = uvicorn.Server(uvicorn.Config(api.app(path), port=0, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as slow:
        slow.sendall(b"POST /v1/lookup HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\nabc")
        assert slow.recv(100).startswith(b"HTTP/1.1 408")
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


def test_the_api_reads_no_file_whatever_address_is_asked_for(path):
    from fastapi.testclient import TestClient

    from syndet.api import app

    secret = path.with_name("secret.txt")
    secret.write_text(prose(120, 3))
    with TestClient(app(path), base_url="http://127.0.0.1") as client:
        for target in (secret.as_uri(), str(secret), "9" * 40, "-", "\x00"):
            assert client.get("/v1/lookup", params={"target": target}).json()["found"] is False
            assert client.post("/v1/lookup", json={"url": secret.as_uri()}).json()["found"] is False


# -- strange pages and targets ----


def test_half_a_character_in_an_address_is_left_out_with_a_reason_and_found_nowhere(path):
    with Corpus(path) as corpus:
        summary = corpus.add_pages([Page("https://a.example/\ud800", html(prose(100)), "html", "test")])
        assert summary.skipped == {"broken_record": 1}
        for target in ("https://a.example/\ud800", "9" * 30, 10**30):
            with pytest.raises(NotStored):
                corpus.lookup(target)


def test_giants_are_taken_few_at_a_time():
    pages = [Page(f"https://a.example/{n}", b"x" * (portions.HEAVY // 4), "text", "test") for n in range(10)]
    assert [len(batch) for batch in portions.of_pages(pages)] == [4, 4, 2]
    assert [len(batch) for batch in portions.of_bodies((n, "short") for n in range(100))] == [64, 36]


def test_the_memory_of_prepared_bodies_is_bounded(monkeypatch):
    monkeypatch.setattr(portions, "REMEMBERED_CHARACTERS", 5_000)
    prepared = portions.remembered()
    bodies = [prose(200, seed) for seed in range(8)]
    first = prepared(bodies[0])
    assert prepared(bodies[0]) is first
    for body in bodies[1:]:
        prepared(body)
    assert prepared(bodies[0]) is not first
    assert prepared(bodies[-1]) is prepared(bodies[-1])


@pytest.mark.parametrize(
    "stuffing",
    [
        " ".join(f"a{n}=1" for n in range(100_000)),
        " ".join(f"a{n}" for n in range(100_000)),
        " ".join(f"a{n}='<'" for n in range(100_000)),
        "".join(f"/a{n}" for n in range(100_000)),
        'x=y" ' + " ".join(f"a{n}" for n in range(100_000)),
    ],
)
def test_a_tag_stuffed_with_attributes_takes_no_time_and_no_text_with_it(stuffing):
    began = time.perf_counter()
    page = Page("https://a.example/1", html(prose(200)).replace(b"<p>", f"<p {stuffing}>".encode()), "html", "test")
    assert prose(200).split()[20] in extract(page).body
    assert time.perf_counter() - began < 3


def test_nothing_that_a_page_says_steers_the_terminal(run, tmp_path):
    evil = "A\x1b]0;owned\x07\x9b31m\u202e\u2066title\x7f"
    pages = [
        record(1, html=html(prose(150, 1), title=evil, head=f"<meta name='author' content='{evil}'>").decode()),
        record(2, f"By {evil}\n{prose(150, 1)}\nOriginally published by {evil} Gazette.", title=evil, byline=evil),
        {"url": "https://a.example/\x1b[31m", "text": prose(100)},
        {"url": f"https://a.example/{'x' * 30}", "html": f"<p>{evil}</p>"},
    ]
    source = write(tmp_path / f"pa\x1b[31mges-{evil[1:4]}.jsonl".replace("/", ""), *pages)
    shown = [run("nightly", source, str(tmp_path / "no\x1b[2Jwhere")), run("compare", source, "1"), run("show", evil)]
    for target in ("https://site1.example/1", "https://site2.example/2", f"https://{evil}/", "1"):
        shown += [run(command, target) for command in ("lookup", "show")]
    shown += [run("compare", "1", "2"), run("check"), run("lookup", "1", "--json"), run("show", "2", "--json")]
    for result in shown:
        assert result.exception is None or isinstance(result.exception, SystemExit)
        for written in (result.stdout, result.stderr):
            assert not re.search("[\x00-\x09\x0b-\x1f\x80-\x9f\u202a-\u202e\u2066-\u2069]", written), written


# -- time ----


def _given(line: str) -> bool:
    """Return whether a line of a plan reads what the statement itself gives: a row of constants, a list in JSON."""
    return "CONSTANT ROW" in line or line.startswith("SCAN json_each VIRTUAL TABLE")


def test_no_article_costs_a_walk_through_a_whole_table(path):
    """Every statement of a night and of a lookup goes by an index, whatever is stored."""
    statements: set[str] = set()
    with Corpus(path) as corpus:
        for number in range(4, 8):
            link = f'<p>Originally published by <a href="https://site{number - 1}.example/{number - 1}">it</a></p>'
            page = Page(f"https://site{number}.example/{number}", html(prose(120, 2) + link), "html", "test")
            corpus.add_pages([page])
        corpus.store._db.set_trace_callback(statements.add)
        corpus.nightly([write(path.with_name("more.jsonl"), record(2, prose(99, 4)), *map(record, range(20, 60)))])
        corpus.lookup("https://site4.example/4")
        corpus.lookup_text(prose(150, 1))
        corpus.store._db.set_trace_callback(None)
        asked = {one for one in statements if one.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")}
        scans = set()
        for statement in asked:
            plan = [row[3] for row in corpus.store._db.execute(f"EXPLAIN QUERY PLAN {statement}")]
            scans |= {statement for line in plan if line.startswith("SCAN") and not _given(line)}
    # Once a night, or once a lookup: what is left to link, how many are indexed, the one row that names the recipe; and
    # what is boilerplate everywhere, from a table of some rows a site. And the articles whose clusters have to be
    # worked out: those and no others are there. The register of licences is read as a whole, once in an open store.
    # There are five segments or so; and keys that are not packed yet are counted once a batch.
    allowed = (
        "SELECT id FROM articles EXCEPT", "SELECT count(*) FROM fingerprints", "SELECT name, golden FROM recipe",
        "SELECT sentence FROM boilerplate WHERE true GROUP BY",
        "SELECT article, cut FROM unsettled", "SELECT 1 FROM unsettled",
        "DELETE FROM unsettled", "SELECT licensee, source, begins, ends, terms, line FROM licences",
        "SELECT id, bits, first, postings, width FROM segments", "INSERT OR REPLACE INTO removed SELECT",
        "SELECT count(*), max(article) FROM postings",
        # And the pages that go back to one, found step by step.
        "INSERT INTO changes (what, about, version) WITH RECURSIVE",
    )  # fmt: skip
    assert [one for one in scans if not one.startswith(allowed)] == []
    assert len(asked) > 20


def test_the_thousandth_copy_of_a_story_costs_no_more_than_the_hundredth(tmp_path):
    body, asked = prose(150, 1), []
    with Corpus(tmp_path / "news.db") as corpus:
        for number in range(4):
            known = {"published": f"2024-03-{number * 7 + 1:02}"}
            copies = [record(n, body, **known) for n in range(number * 60, number * 60 + 60)]
            corpus.add([write(tmp_path / f"{number}.jsonl", *copies)])
            corpus.store._db.set_trace_callback(asked.append)
            corpus.link()
            corpus.store._db.set_trace_callback(None)
            reads = [one for one in asked if one.startswith("SELECT")]
            asked.clear()
            if number == 1:
                early = len(reads)
    assert len(reads) < 1.2 * early


@pytest.mark.slow
def test_a_story_on_a_thousand_sites_is_answered_within_seconds(tmp_path):
    body = prose(150, 1)
    copies = [record(n, body, published=f"2024-03-{n % 27 + 1:02}", url=f"https://s{n}.example/") for n in range(1200)]
    with Corpus(tmp_path / "news.db") as corpus:
        corpus.nightly([write(tmp_path / "pages.jsonl", *copies)])
        for number in (1, 600, 1200):
            began = time.perf_counter()
            assert corpus.lookup(number).cluster.articles >= 1000
            assert time.perf_counter() - began < 60  # some 2 on a quiet machine; square, it would be minutes


def test_the_size_of_the_index_is_asked_once_a_night(path):
    asked = []
    with Corpus(path) as corpus:
        corpus.store._db.set_trace_callback(lambda one: asked.append(one) if "count(*) FROM fing" in one else None)
        corpus.nightly([write(path.with_name("more.jsonl"), *map(record, range(20, 60)))])
        corpus.store._db.set_trace_callback(None)
    assert len(asked) == 1


def test_what_sqlite_says_becomes_a_sentence_with_a_remedy(tmp_path):
    for code, word in ((13, "make room"), (10, "disk"), (8, "permissions"), (11, "backup"), (1, "check")):
        error = sqlite3.OperationalError("as it was")
        error.sqlite_errorcode = code
        assert word in str(faults.sentence(tmp_path / "news.db", error))
        assert "news.db" in str(faults.sentence(tmp_path / "news.db", error))
