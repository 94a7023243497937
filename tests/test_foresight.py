"""Other processes look into articles before their turn: the answers are those of one, whatever becomes of them."""

from collections import deque
from functools import partial
from pathlib import Path

import hostile_readers
import pytest
from build import prose

from syndet import Corpus, foresight, linker, portions, workers
from syndet.align import align
from syndet.foresight import Foresight
from syndet.linking import Linking
from syndet.models import Page
from syndet.store import Store
from syndet.summary import Summary

BOX = "Subscribers of the Gazette receive every morning a letter in which our editors explain what moved the harbour."


def text(url: str, body: str, day: int = 1) -> Page:
    return Page(url, body.encode(), "text", "test", published=f"2024-03-{day:02}")


@pytest.fixture
def at_once(monkeypatch):
    """Start processes with the first article, and link a few at a time."""
    monkeypatch.setattr(foresight, "MANY", 0)
    monkeypatch.setattr(workers, "ALONE", 0)
    monkeypatch.setattr(portions, "BATCH", 8)


def night(stories: int = 12):
    """Return stories, copies and parts of them right beside and far from these, and what one site prints everywhere."""
    bodies = [prose(120, seed) for seed in range(stories)]
    given = []
    for number, body in enumerate(bodies):
        given.append(text(f"https://lake.example/{number}", f"{body}\n\n{BOX}"))
        given.append(text(f"https://hill-{number % 3}.example/{number}", f"{prose(40, 100 + number)} {body}", 2))
    for number, body in enumerate(bodies):
        part = f"{body[: len(body) // 2]} {bodies[number - 1][-300:]}"
        given.append(text(f"https://shore.example/{number}", part, 3))
    return given


def linked(path: Path, processes: int, pages) -> tuple[list[str], Summary]:
    with Corpus(path) as corpus:
        corpus.add_pages(pages)
        summary = corpus.link(processes=processes)
        return list(corpus.store.export()), summary


def test_two_processes_link_as_one_does(at_once, tmp_path):
    (one, alone), (two, together) = (linked(tmp_path / f"{n}.db", n, night()) for n in (1, 2))
    assert one == two
    assert alone.counts() == together.counts()
    assert alone.links.total() > 24


def test_what_was_foreseen_is_not_worked_out_again(at_once, tmp_path, monkeypatch):
    pages, here = night(), []
    linked(tmp_path / "a.db", 1, pages[:24])

    def counted(*sides):
        here.append(sides)
        return align(*sides)

    monkeypatch.setattr(linker, "align", counted)
    _, summary = linked(tmp_path / "a.db", 2, pages[24:])
    assert summary.aligned >= 24
    # Only what stands in the same batches, or what became boilerplate meanwhile.
    assert len(here) < summary.aligned / 2


def test_an_article_that_ends_its_process_is_linked_all_the_same(at_once, tmp_path, monkeypatch):
    one, _ = linked(tmp_path / "1.db", 1, night(4))
    monkeypatch.setattr(foresight, "see", hostile_readers.see)
    two, summary = linked(tmp_path / "2.db", 2, night(4))
    assert one == two
    assert summary.linked == 12


def test_where_no_process_can_begin_this_one_links(at_once, tmp_path, monkeypatch):
    one, _ = linked(tmp_path / "1.db", 1, night(4))
    monkeypatch.setattr(workers, "_prepare", hostile_readers.broken)
    two, _ = linked(tmp_path / "2.db", 2, night(4))
    assert one == two


class Here:
    """Looks into articles when it is asked, in this process, with a store of its own."""

    processes = 2

    def __init__(self, path: Path):
        self._see = partial(foresight.see, path)

    def begin(self, items):
        found = [self._see(item) for item in items]
        return lambda: found


@pytest.fixture
def eyes():
    """Close what `foresight.see` opened in this process."""
    foresight._eyes.clear()
    yield
    for one in foresight._eyes:
        one.store.close()
    foresight._eyes.clear()


def foreseen(corpus, path):
    """Store a story that is linked and a copy that is not; return what links, having looked ahead, and what waits."""
    story = prose(120, 1)
    corpus.add_pages([text("https://lake.example/1", story)])
    corpus.link()
    corpus.add_pages([text("https://hill.example/2", story, 2)])
    waiting = deque(corpus.store.articles.unlinked())
    linking = Linking(corpus.store, Summary(), Foresight(Here(path)))
    linking.foresee(waiting)
    return linking, waiting


def test_what_others_change_meanwhile_is_seen_as_it_is_now(eyes, tmp_path):
    path = tmp_path / "a.db"
    with Corpus(path) as corpus, Corpus(path) as other:
        linking, waiting = foreseen(corpus, path)
        other.take([text("https://lake.example/1", prose(120, 2))])
        with corpus.store.transaction():
            assert linking.batch(waiting) == [[]]


def test_what_nobody_disturbed_is_used(eyes, tmp_path, monkeypatch):
    path = tmp_path / "a.db"
    with Corpus(path) as corpus:
        linking, waiting = foreseen(corpus, path)
        monkeypatch.setattr(linker, "align", None)  # nothing is left to do
        with corpus.store.transaction():
            ((link,),) = linking.batch(waiting)
    assert (link.relation, link.shared.words) == ("exact", 120)


def test_nothing_is_known_of_a_store_that_cannot_be_read(eyes, tmp_path):
    assert foresight.see(tmp_path / "none.db", (0, 1)) == {}


def test_nothing_is_known_of_an_article_that_is_not_stored(eyes, tmp_path):
    with Store.open(tmp_path / "a.db"):
        assert foresight.see(tmp_path / "a.db", (0, 1)) == {}
