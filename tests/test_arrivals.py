"""Pages that come in by ones: stored, linked and settled in one go, also in the middle of a night."""

import threading

import pytest
from build import html, prose

from syndet import Corpus
from syndet.errors import StoreBusy
from syndet.models import Page

STORY = prose(240, 1)


def page(name, body=STORY, day=5, fetched="2024-04-01"):
    return Page(url(name), html(body, title=f"What {name} says"), "html", "test",
                published=f"2024-03-{day:02}", fetched=fetched)  # fmt: skip


def url(name):
    return f"https://{name}.example/story"


def text(number):
    return Page(f"https://n{number}.example/{number}", prose(160, number).encode(), "text", "test", charset="utf-8")


@pytest.fixture
def path(tmp_path):
    with Corpus(tmp_path / "news.db") as corpus:
        corpus.add_pages([page("a")])
        corpus.link()
    return tmp_path / "news.db"


def test_a_page_is_linked_and_in_its_cluster_when_the_call_returns(path):
    with Corpus(path) as corpus:
        (taken,) = corpus.take([page("b", day=6)])
        assert (taken.url, taken.state, taken.article) == (url("b"), "new", 2)
        assert corpus.lookup(url("b")).origin.url == url("a")
        assert corpus.lookup(url("b")).cluster.articles == 2
        assert corpus.check() == []


def test_each_page_is_told_what_became_of_it_in_order(path):
    with Corpus(path) as corpus:
        short = Page("https://s.example/1", b"too short", "text", "test", charset="utf-8")
        bad = Page("https://s.example/\ud800", b"x", "text", "here")
        changed = page("a", prose(200, 7), fetched="2024-04-02")
        taken = corpus.take([page("a"), short, page("b", day=6), page("b", day=6), changed, bad])
        assert [one.state for one in taken] == ["known", "skipped", "new", "known", "changed", "skipped"]
        assert [one.article for one in taken] == [1, None, 2, 2, 1, None]
        assert [one.skipped and one.skipped.reason for one in taken[1::4]] == ["too_short", "broken_record"]
        (again,) = corpus.take([short])
        assert (again.state, again.skipped.reason) == ("known", "too_short")
        assert corpus.check() == []


def test_a_page_that_a_night_has_stored_and_not_linked_yet_is_linked(path):
    with Corpus(path) as corpus:
        corpus.add_pages([page("b", day=6), page("c", prose(200, 3))])
        (taken,) = corpus.take([page("b", day=6)])
        assert (taken.state, taken.article) == ("known", 2)
        assert corpus.lookup(url("b")).origin.url == url("a")
        assert corpus.store.articles.unlinked() == [3]


def test_a_page_that_a_night_still_has_to_link_anew_parts_no_cluster_meanwhile(path):
    """The middle of a chain is fetched again: until it is linked, what hangs on it stays where it is."""
    with Corpus(path) as corpus:
        corpus.take([page("b", day=6), page("c", day=7)])
        before = corpus.lookup(url("c")).cluster.id
        corpus.add_pages([page("a", f"{STORY} More of it.", fetched="2024-04-02")])
        corpus.take([page("d", day=8)])
        members = {one.id: one.cluster for one in corpus.store.clusters.members(before)}
        assert set(members) >= {1, 2, 3}
        corpus.link()
        assert {one.id for one in corpus.store.clusters.members(before)} == {1, 2, 3, 4}
        assert [one.kind for one in corpus.store.clusters.history(before)] == []
        assert corpus.check() == []


def test_pages_are_let_in_between_the_batches_of_a_night(path):
    """While a night links hundreds of articles, others come in and are visible at once; it loses none of its own."""
    taken, seen = [], []
    with Corpus(path) as corpus:
        corpus.add_pages([text(number) for number in range(100, 400)])
        begun, over = threading.Event(), threading.Event()

        def run():
            corpus.link(progress=lambda stage, done: begun.set())
            over.set()

        night = threading.Thread(target=run)
        night.start()
        assert begun.wait(60)
        with Corpus(path) as other:
            for number in range(6):
                name = f"late{number}"
                (one,) = other.take([page(name, day=6 + number)])
                taken.append((one.state, over.is_set()))
                with Corpus(path, readonly=True) as reader:
                    seen.append(reader.lookup(url(name)).origin.url)
        night.join(120)
        assert not night.is_alive()
        assert seen == [url("a")] * 6
        assert taken[0] == ("new", False)
        assert corpus.store.articles.unlinked() == []
        assert corpus.store.clusters.unsettled() == {}
        assert corpus.check() == []


def test_who_writes_transaction_after_transaction_lets_others_in_between(path):
    """Without a gate the one that is running would be faster at its next transaction than who waits for this one."""
    with Corpus(path) as night, Corpus(path) as other:
        begun, waits, written = threading.Event(), threading.Event(), []

        def run():
            for number in range(50):
                with night.store.transaction():
                    begun.set()
                    waits.wait(60)
                    while number == 0 and not night.store.wanted():
                        pass
                    written.append("night")

        thread = threading.Thread(target=run)
        thread.start()
        assert begun.wait(60)
        waits.set()
        with other.store.transaction():
            written.append("other")
        thread.join(60)
        assert written.index("other") <= 2
        assert len(written) == 51


def test_who_waits_in_vain_is_told_so(path):
    with Corpus(path) as night, Corpus(path) as other:
        other.store.wait(0.05)
        with night.store.transaction(), pytest.raises(StoreBusy, match="try again"):
            other.take([page("b")])
        assert [one.state for one in other.take([page("b")])] == ["new"]


def test_reading_goes_on_while_a_page_is_written(path):
    with Corpus(path) as writer, Corpus(path, readonly=True) as reader, writer.store.transaction():
        writer.store.articles.save(reader.article(1), None, "2024-04-01")
        assert reader.lookup(1).article.id == 1
