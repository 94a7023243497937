"""What can go wrong with files, disks and signals, and what is left afterwards."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from build import prose, record, write

from syndet import Corpus, portions
from syndet.errors import StoreBusy, StoreError
from syndet.models import Page
from syndet.store import Store, faults, schema

ROOT = Path(__file__).parents[1]


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

        def opened(path=tmp_path / f"{number}.db"):
            with suppress(StoreBusy):
                Corpus(path).close()

        with ThreadPoolExecutor(4) as four:
            for opening in [four.submit(opened) for _ in range(4)]:
                opening.result()
        with Corpus(tmp_path / f"{number}.db") as corpus:
            assert corpus.check() == []


def test_what_sqlite_says_becomes_a_sentence_with_a_remedy(tmp_path):
    for code, word in ((13, "make room"), (10, "disk"), (8, "permissions"), (11, "backup"), (1, "check")):
        error = sqlite3.OperationalError("as it was")
        error.sqlite_errorcode = code
        assert word in str(faults.sentence(tmp_path / "news.db", error))
        assert "news.db" in str(faults.sentence(tmp_path / "news.db", error))
