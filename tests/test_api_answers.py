"""What the API answers beyond lookups: pages that come in, reviews, changes, lists page by page, a feed for readers."""

import json
import threading
import time
from xml.etree import ElementTree

import pytest
from build import html, prose
from fastapi.testclient import TestClient
from test_api import is_problem

from syndet import Corpus, feed, ledger, report, roster
from syndet.api import access, app
from syndet.api.tokens import Tokens
from syndet.bulletin import bulletin_dict
from syndet.changes import between
from syndet.decide import compare
from syndet.models import Page

WRITE = "writing-0123456789abcdef"
STORY = prose(240, 1)
ATOM = "{http://www.w3.org/2005/Atom}"


def page(name, body=STORY, day=5):
    return Page(url(name), html(body, title=f"What {name} says"), "html", "test", published=f"2024-03-{day:02}")


def sent(name, body=STORY, day=6):
    text = html(body, title=f"What {name} says").decode()
    return {"url": url(name), "html": text, "published": f"2024-03-{day:02}"}


def url(name):
    return f"https://{name}.example/story"


@pytest.fixture
def path(tmp_path):
    with Corpus(tmp_path / "news.db") as corpus:
        corpus.add_pages([page("a"), *(page(f"b{day}", day=day) for day in range(6, 16)), page("c", prose(200, 3))])
        corpus.link()
    return tmp_path / "news.db"


@pytest.fixture
def client(path):
    api = app(path, asked=Tokens(None, WRITE))
    with TestClient(api, base_url="http://127.0.0.1", headers={"Authorization": f"Bearer {WRITE}"}) as made:
        yield made


def test_the_answers_are_those_of_the_library(client, path):
    with Corpus(path, readonly=True) as corpus:
        sides = corpus.article(2), corpus.article(1)
        expected = {
            "/v1/articles/2?body=true": report.show_dict(*corpus.show(2)),
            "/v1/clusters/1": roster.roster_dict(corpus.cluster(1)),
            "/v1/outlets/a.example": ledger.ledger_dict(corpus.outlet("a.example")),
            f"/v1/compare?a=2&b={url('a')}": report.comparison_dict(compare(*sides)),
            "/v1/compare?a=2&b=1&changes=true": report.comparison_dict(compare(*sides), between(*sides)),
            "/v1/changes": bulletin_dict(feed.changes(corpus)),
        }
    for address, record in expected.items():
        assert client.get(address).json() == json.loads(json.dumps(record)), address


# -- page by page ----


def pages(client, address, name):
    """Yield what a list holds, page by page, following the links."""
    while address is not None:
        found = client.get(address)
        assert found.status_code == 200
        yield found.json()[name]
        address = found.links.get("next", {}).get("url")


def test_a_cluster_is_read_page_by_page(client):
    whole = client.get("/v1/clusters/1?limit=1000").json()["members"]
    parts = list(pages(client, "/v1/clusters/1?limit=4", "members"))
    assert [len(part) for part in parts] == [4, 4, 3]
    assert [one for part in parts for one in part] == whole
    assert "link" not in client.get("/v1/clusters/1?limit=11").headers


def test_a_place_in_a_cluster_that_somebody_left_is_gone(client):
    assert is_problem(client.get("/v1/clusters/1?after=12"), 410)


def test_an_outlet_is_read_page_by_page_while_pages_come_in(client, path):
    with Corpus(path) as corpus:
        corpus.take([Page(f"https://a.example/{n}", html(prose(99, n)), "html", "x", published=f"2024-02-{n:02}")
                     for n in range(1, 7)])  # fmt: skip
    found = client.get("/v1/outlets/a.example?limit=3")
    assert (found.json()["read"], found.json()["left_out"]) == (3, 4)
    with Corpus(path) as corpus:
        corpus.take([Page("https://a.example/new", html(prose(99, 77)), "html", "x", published="2024-09-01")])
    rest = list(pages(client, found.links["next"]["url"], "read"))
    assert rest == [3, 1]


def test_changes_are_followed_by_their_links_and_their_place(client):
    parts = list(pages(client, "/v1/changes?limit=5", "changes"))
    whole = client.get("/v1/changes?limit=1000").json()
    assert [one for part in parts for one in part] == whole["changes"]
    assert not whole["more"]
    assert client.get("/v1/changes", params={"since": whole["next"]}).json()["changes"] == []
    now = client.get("/v1/changes?since=now").json()["next"]
    client.post("/v1/articles", json={"pages": [sent("d", day=20)]})
    told = client.get("/v1/changes", params={"since": now}).json()["changes"]
    assert {"what": "links", "article": {"id": 13, "url": url("d"), "title": "What d says"}} in told
    assert is_problem(client.get("/v1/changes?since=0123456789abcdef-1-links-1"), 410)


# -- what comes in ----


def test_pages_are_stored_linked_answered_and_visible_at_once(client, path):
    short = {"url": "https://s.example/", "text": "too short"}
    given = [sent("d", day=20), sent("a", day=5), short, {"url": "x"}, 7, sent("d", day=20), {"text": prose(99, 5)}]
    found = client.post("/v1/articles", json={"pages": given}).json()
    assert [one["state"] for one in found["pages"]] == [
        "new",
        "changed",
        "skipped",
        "skipped",
        "skipped",
        "known",
        "skipped",
    ]
    assert [one["id"] for one in found["pages"]] == [13, 1, None, None, None, 13, None]
    assert [one["reason"] for one in found["pages"]][2:5] == ["too_short", "broken_record", "broken_record"]
    with Corpus(path, readonly=True) as corpus:
        answer = json.loads(json.dumps(report.lookup_dict(corpus.lookup(13), corpus.recipe())))
    assert found["pages"][0]["answer"] == found["pages"][5]["answer"] == answer
    assert client.get("/v1/lookup", params={"target": url("d")}).json()["origin"]["url"] == url("a")


def test_lines_of_json_do_as_well_and_answers_can_be_left_out(client):
    content = b"\n".join(
        [json.dumps(sent("d")).encode(), b"", b"{broken", json.dumps(sent("e", prose(99, 8))).encode()]
    )
    headers = {"Content-Type": "application/x-ndjson"}
    found = client.post("/v1/articles?answered=false", content=content, headers=headers).json()
    assert [one["state"] for one in found["pages"]] == ["new", "skipped", "new"]
    assert not any("answer" in one for one in found["pages"])


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "application/json", 422),
        (b'{"pages": []}', "application/json", 422),
        (b'{"pages": {}}', "application/json", 422),
        (b"", "application/x-ndjson", 422),
        (b"[", "application/json", 422),
        (json.dumps({"pages": [1] * 1_001}).encode(), "application/json", 422),
        (b"1\n" * 1_001, "application/jsonl", 422),
        (b"x", "text/html", 415),
        (b"x", "", 415),
    ],
)
def test_what_holds_no_pages_is_refused(client, content, kind, status):
    assert is_problem(client.post("/v1/articles", content=content, headers={"Content-Type": kind}), status)


def test_pages_come_in_while_a_night_holds_the_lock(client, path):
    with Corpus(path) as night, night.store.lock():
        night.add_pages([page("z", prose(200, 6))])
        (found,) = client.post("/v1/articles", json={"pages": [sent("d", day=20)]}).json()["pages"]
        assert (found["state"], found["answer"]["origin"]["url"]) == ("new", url("a"))
        night.link()
        assert night.check() == []


def test_who_waits_in_vain_for_a_night_is_told_to_come_again(path, monkeypatch):
    monkeypatch.setattr(access, "PATIENCE", 0.1)
    with TestClient(app(path, asked=Tokens(None, WRITE)), base_url="http://127.0.0.1") as client:
        headers = {"Authorization": f"Bearer {WRITE}"}
        with Corpus(path) as night, night.store.transaction():
            refused = client.post("/v1/articles", json={"pages": [sent("d")]}, headers=headers)
            assert is_problem(refused, 503)
            assert int(refused.headers["retry-after"]) >= 1
            assert client.get("/v1/articles/1").status_code == 200
        assert (
            client.post("/v1/articles", json={"pages": [sent("d")]}, headers=headers).json()["pages"][0]["state"]
            == "new"
        )


def test_many_that_wait_to_write_hold_nobody_up_who_reads(client, path, monkeypatch):
    monkeypatch.setattr(access, "PATIENCE", 8)
    waiting = [threading.Thread(target=client.post, args=("/v1/articles",), kwargs={"json": {"pages": [sent("d")]}})
               for _ in range(50)]  # fmt: skip
    with Corpus(path) as night, night.store.transaction():
        for one in waiting:
            one.start()
        time.sleep(0.5)
        begun = time.monotonic()
        assert client.get("/v1/articles/1").status_code == 200
        assert time.monotonic() - begun < 4
    for one in waiting:
        one.join(60)


def test_pages_that_wait_are_stored_together_and_each_is_told_of_its_own(client, path, monkeypatch):
    took = []
    whole = Corpus.take

    def take(corpus, pages):
        took.append(len(pages))
        if any(page.url == url("bad") for page in pages):
            raise RuntimeError
        return whole(corpus, pages)

    monkeypatch.setattr(Corpus, "take", take)
    found = {}

    def send(name):
        sent_along = {"pages": [sent(name, prose(150, 30 + len(name))), {"url": "nothing"}]}
        found[name] = client.post("/v1/articles", json=sent_along)

    names = ["x", "xx", "xxx", "bad"]
    waiting = [threading.Thread(target=send, args=(name,)) for name in names]
    with Corpus(path) as night, night.store.transaction():
        for one in waiting:
            one.start()
        time.sleep(1)
    for one in waiting:
        one.join(60)
    assert max(took) > 1
    assert found.pop("bad").status_code == 500
    for name, answer in found.items():
        assert [page["state"] for page in answer.json()["pages"]] == ["new", "skipped"]
        assert answer.json()["pages"][0]["url"] == url(name)


def test_many_that_send_at_once_are_all_served(client, path):
    states = []

    def send(number):
        given = [sent(f"s{number}", prose(150, number)), sent(f"t{number}", day=16 + number)]
        states.extend(one["state"] for one in client.post("/v1/articles", json={"pages": given}).json()["pages"])

    threads = [threading.Thread(target=send, args=(number,)) for number in range(20, 26)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert states == ["new"] * 12
    with Corpus(path, readonly=True) as corpus:
        assert corpus.count() == 24
        assert corpus.check() == []


# -- what people say ----


def test_a_review_is_in_force_when_it_is_answered(client):
    before = client.get("/v1/lookup", params={"target": url("b6")}).json()
    assert before["origin"]["url"] == url("a")
    said = {"repost": 2, "origin": url("a"), "verdict": "rejected", "who": "Ann", "why": "Two agencies."}
    done = client.post("/v1/reviews", json=said)
    assert (done.status_code, done.json()["why"], done.json()["origin"]["id"]) == (201, "Two agencies.", 1)
    assert (client.get("/v1/lookup", params={"target": url("b6")}).json()["origin"] or {}).get("url") != url("a")
    assert client.get("/v1/articles/2").json()["reviews"] == [done.json()]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"origin": 99}, 404),
        ({"origin": 2}, 422),
        ({"verdict": "perhaps"}, 422),
        ({"who": ""}, 422),
        ({"repost": None}, 422),
        ({"repost": 10**30}, 404),
    ],
)
def test_a_review_that_makes_no_sense_is_refused(client, said, status):
    whole = {"repost": 2, "origin": 1, "verdict": "confirmed", "who": "Ann"} | said
    assert is_problem(client.post("/v1/reviews", json=whole), status)


# -- for readers of feeds ----


def test_the_reposts_of_an_outlet_are_an_atom_feed(client):
    client.post("/v1/articles", json={"pages": [sent("d", f"{STORY} <&> \x07 ]]>", day=20)]})
    found = client.get("/v1/outlets/a.example/reposts.atom")
    assert found.headers["content-type"] == "application/atom+xml"
    root = ElementTree.fromstring(found.content)
    assert root.tag == f"{ATOM}feed"
    for element in [root, *root.iter(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert element.find(f"{ATOM}author/{ATOM}name").text
        assert element.find(f"{ATOM}id").text.startswith("urn:uuid:")
        assert element.find(f"{ATOM}updated").text.endswith("+00:00")
        assert element.find(f"{ATOM}link").get("href")
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 11
    assert entries[0].find(f"{ATOM}link").get("href") == url("d")
    assert entries[0].find(f"{ATOM}link[@rel='related']").get("href") == url("a")
    assert len({entry.find(f"{ATOM}id").text for entry in entries}) == 11
    assert root.find(f"{ATOM}updated").text == max(entry.find(f"{ATOM}updated").text for entry in entries)
    assert (
        len(
            ElementTree.fromstring(client.get("/v1/outlets/a.example/reposts.atom?limit=3").content).findall(
                f"{ATOM}entry"
            )
        )
        == 3
    )


def test_an_outlet_that_nobody_copies_has_an_empty_feed(client):
    root = ElementTree.fromstring(client.get("/v1/outlets/c.example/reposts.atom").content)
    assert root.findall(f"{ATOM}entry") == []
    assert root.find(f"{ATOM}updated").text
