"""Pages are read by several processes: the same answers in the same order, whatever becomes of one of these."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import hostile_readers
import pytest
from build import page, prose

from syndet import Corpus, workers
from syndet.errors import SourceError
from syndet.intake import Intake
from syndet.outlets import Listed
from syndet.summary import Summary
from syndet.workers import Workers


def pages(*words):
    return [page(prose(60, number), f"https://lake.example/{word}") for number, word in enumerate(words)]


@pytest.fixture
def at_once(monkeypatch):
    """Start processes with the first page."""
    monkeypatch.setattr(workers, "ALONE", 0)


def crew(processes=2, listed=(), seconds=60):
    return Workers(processes, hostile_readers.read, workers.unread, listed=listed, seconds=seconds)


def test_two_processes_read_what_one_does_in_the_same_order(tmp_path):
    given = pages(*(f"story-{number}" for number in range(200)))
    stored = []
    for processes in (1, 2):
        with Corpus(tmp_path / f"{processes}.db") as corpus, workers.readers(processes) as many:
            intake = Intake(corpus.store, Summary(), lambda: "2024-03-01T00:00:00Z", workers=many)
            assert sum(intake.add([given[begin : begin + 64] for begin in range(0, 200, 64)])) == 200
            stored.append([corpus.article(number) for number in corpus.store.articles.ids()])
    assert stored[0] == stored[1]
    assert len(stored[0]) == 200


def test_few_pages_are_read_without_other_processes():
    with crew() as few:
        (found,) = few.begin(pages("who"))()
    assert found.detail == str(os.getpid())


def test_many_are_read_by_others_which_end_with_the_work(at_once):
    with crew() as many:
        found = many.begin(pages("who-1", "who-2", "who-3"))()
    others = {int(one.detail) for one in found} - {os.getpid()}
    assert 1 <= len(others) <= 2
    gone_by(others)


def gone_by(numbers, seconds=30):
    """Wait until these processes are gone."""
    end = time.monotonic() + seconds
    while any(running(one) for one in numbers):
        assert time.monotonic() < end, "a process is left"
        time.sleep(0.05)


def running(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(("word", "seconds"), [("killed", 60), ("stuck", 5)])
def test_a_page_that_ends_its_process_is_left_out_alone(at_once, word, seconds):
    words = ["who-1", "who-2", word, "who-3", "who-4"]
    with crew(seconds=seconds) as many:
        found = many.begin(pages(*words))()
        assert [one.reason == "extraction_failed" for one in found] == [name == word for name in words]
        assert found[2].url == f"https://lake.example/{word}"
        assert f"{seconds} seconds" in found[2].detail
        assert many.begin(pages("who-5"))()[0].reason == "no_text"


def test_where_no_process_can_begin_this_one_reads_and_says_so_once(at_once, monkeypatch, caplog):
    monkeypatch.setattr(workers, "_prepare", hostile_readers.broken)
    with crew() as many:
        found = many.begin(pages(*(f"who-{number}" for number in range(40))))() + many.begin(pages("who-x"))()
    assert {one.detail for one in found} == {str(os.getpid())}
    assert len([one for one in caplog.records if "this one does all" in one.message]) == 1


def test_processes_are_replaced_before_they_grow(at_once, monkeypatch):
    monkeypatch.setattr(workers, "RECYCLED", 4)
    with crew() as many:
        found = many.begin(pages(*(f"who-{number}" for number in range(9))))()
    assert len({one.detail for one in found}) >= 3


def test_other_processes_know_the_outlets_of_the_store(at_once):
    with crew(listed=(Listed("Lake Post"),)) as many:
        assert many.begin(pages("listed"))()[0].detail == "True"
    with crew() as many:
        assert many.begin(pages("listed"))()[0].detail == "False"


def test_what_came_before_a_source_broke_is_stored(at_once, tmp_path):
    def broken():
        for number in range(5):
            yield pages(f"story-{number}")
        raise SourceError("It broke.")

    with Corpus(tmp_path / "a.db") as corpus, crew() as many:
        intake = Intake(corpus.store, Summary(), lambda: "2024-03-01T00:00:00Z", workers=many)
        with pytest.raises(SourceError):
            sum(intake.add(broken()))
        assert corpus.count() == 5


PARENT = """
import sys
sys.path.insert(0, sys.argv[1])
if __name__ == "__main__":
    import test_workers
    from syndet import workers
    workers.ALONE = 0
    many = test_workers.crew()
    print(many.begin(test_workers.pages("who"))()[0].detail, flush=True)
    many.begin(test_workers.pages("stuck"))()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_processes_end_with_the_one_that_made_them(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    command = [sys.executable, str(script), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        worker = int(parent.stdout.readline())
        assert running(worker)
        parent.send_signal(signal.SIGKILL)
    gone_by([worker])
