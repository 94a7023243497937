"""What must hold under strain: many at once, giants, strange pages, and stores that grow."""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from build import article, html, prose, record, write

from syndet import Corpus, letters, portions, relate, retrieve
from syndet.align import align, prepare
from syndet.errors import NotStored
from syndet.extract import extract
from syndet.models import Page

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
    with Corpus(path, readonly=True) as corpus, ThreadPoolExecutor(6) as six:
        expected = corpus.lookup("https://site2.example/2")

        def ask():
            for _ in range(20):
                assert corpus.lookup("https://site2.example/2") == expected
                assert corpus.lookup_text(prose(150, 1)).others

        for asking in [six.submit(ask) for _ in range(6)]:
            asking.result()


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
    prepared = portions.remembered(prepare)
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
    # Once a night, or once a lookup: what is left to link, the list of outlets, the one row that names the recipe; and
    # what is boilerplate everywhere, from a table of some rows a site. And the articles whose clusters have to be
    # worked out: those and no others are there. The register of licences is read as a whole, once in an open store.
    # There are five segments or so; and keys that are not packed yet are counted once a batch.
    allowed = (
        "SELECT id FROM articles EXCEPT", "SELECT name, golden FROM recipe",
        "SELECT sentence FROM boilerplate WHERE true GROUP BY",
        "SELECT article, cut FROM unsettled", "SELECT 1 FROM unsettled",
        "DELETE FROM unsettled", "SELECT licensee, source, begins, ends, terms, line FROM licences",
        "SELECT id, bits, first, postings, width FROM segments", "INSERT OR REPLACE INTO removed SELECT",
        "SELECT count(*), max(article) FROM postings", "SELECT name, kind, codes, aliases, domains, owner FROM outlets",
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


def test_what_is_judged_of_a_giant_grows_with_its_length(monkeypatch):
    """A body of one line and hundreds of passages: each word is read a few times, not once a passage."""
    read = 0

    def counted(body, words=letters.words):
        nonlocal read
        read += len(body)
        return words(body)

    monkeypatch.setattr(letters, "words", counted)
    costs = []
    for size in (40, 160):
        ours, theirs = (
            " ".join(f"{prose(40, 1000 + at)} {prose(40, at + other)}" for at in range(size)) for other in (2000, 4000)
        )
        shared = align(prepare(ours), prepare(theirs))
        assert len(shared.passages) > size // 2
        read = 0
        assert relate.telling(shared, article(ours), article(theirs, site="b.example")).passages == shared.passages
        costs.append(read / (len(ours) + len(theirs)))
    assert costs[1] < 1.5 * costs[0]


def test_a_key_that_all_articles_have_costs_the_later_ones_no_more(tmp_path):
    asked, compared, selects = [], [], []
    phrases = (
        "The copper lantern, the harbour tribunal, the velvet quorum and the granite ledger of the walnut embargo."
    )
    with Corpus(tmp_path / "news.db") as corpus:
        for turn in range(4):
            told = [record(n, f"{prose(40, n)} {phrases}") for n in range(turn * 25, turn * 25 + 25)]
            # Everyone on a site of its own, or it would be known for a standing text.
            told = [one | {"url": f"https://s{n}-{turn}.example/"} for n, one in enumerate(told)]
            corpus.add([write(tmp_path / f"{turn}.jsonl", *told)])
            asked.clear()
            corpus.store._db.set_trace_callback(asked.append)
            summary = corpus.link()
            corpus.store._db.set_trace_callback(None)
            selects.append(sum(one.startswith("SELECT") for one in asked))
            compared.append(summary.aligned)
    assert summary.hot_keys > 0
    assert summary.left_out > 0
    assert compared[3] < 1.1 * compared[2]
    assert selects[3] < 1.1 * selects[2]


def test_a_digest_of_many_stories_is_compared_with_as_few_as_one_of_some(tmp_path):
    most = retrieve.MOST_ALIGNED + retrieve.MOST_KIN + retrieve.MOST_DECLARED
    for size in (60, 120):
        stories = [prose(60, n) for n in range(size)]
        with Corpus(tmp_path / f"{size}.db") as corpus:
            corpus.nightly([write(tmp_path / "stories.jsonl", *(record(n, one) for n, one in enumerate(stories)))])
            digest = record(size, "\n\n".join(stories), url="https://digest.example/")
            corpus.add([write(tmp_path / "digest.jsonl", digest)])
            summary = corpus.link()
        assert 0 < summary.aligned <= most
        assert summary.left_out >= size - most


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
        corpus.store._db.set_trace_callback(lambda one: asked.append(one) if "(max(article), 0)" in one else None)
        corpus.nightly([write(path.with_name("more.jsonl"), *map(record, range(20, 60)))])
        corpus.store._db.set_trace_callback(None)
    assert len(asked) == 1
