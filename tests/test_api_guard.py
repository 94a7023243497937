"""Who may ask what: tokens, hosts, pages of other sites, too much, too slow; and what the log says of it."""

import logging
import threading
import time

import pytest
from build import html, prose
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse
from test_api import is_problem

from syndet import Corpus
from syndet.api import app, guard, run, tokens
from syndet.api.access import Access
from syndet.api.metrics import Metrics
from syndet.api.problems import telling
from syndet.api.tokens import Tokens
from syndet.errors import UsageError
from syndet.models import Page

READ, WRITE = "reading-0123456789abcdef", "writing-0123456789abcdef"
REVIEW = {"repost": 2, "origin": 1, "verdict": "confirmed", "who": "Ann"}
ASKED = "/v1/lookup?target=https://a.example/1"


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def path(tmp_path):
    with Corpus(tmp_path / "news.db") as corpus:
        corpus.add_pages([Page(f"https://{name}.example/1", html(prose(150, 1)), "html", "test") for name in "ab"])
        corpus.link()
    return tmp_path / "news.db"


@pytest.fixture
def ask(path):
    """Return what makes a client of a server that asks for tokens."""
    opened = []

    def make(asked=None, **known):
        client = TestClient(app(path, asked=asked, **known), base_url="http://127.0.0.1", raise_server_exceptions=False)
        opened.append(client.__enter__())
        return client

    yield make
    for client in opened:
        client.__exit__(None, None, None)


# -- tokens ----


def test_reading_and_writing_are_apart(ask):
    client = ask(Tokens(READ, WRITE))
    for headers in (bearer(READ), bearer(WRITE)):
        assert client.get(ASKED, headers=headers).status_code == 200
        assert client.post("/v1/lookup", content=prose(150, 1), headers=headers).status_code == 200
    odd = [{"Authorization": value} for value in ("Digest x", "", f"Basic {READ}", READ, "Bearer")]
    for headers in ({}, bearer("x"), bearer(READ[:-1]), bearer(""), *odd):
        refused = client.get(ASKED, headers=headers)
        assert is_problem(refused, 401)
        assert refused.headers["www-authenticate"] == 'Bearer realm="syndet"'
        assert is_problem(client.post("/v1/reviews", json=REVIEW, headers=headers), 401)
    assert is_problem(client.post("/v1/reviews", json=REVIEW, headers=bearer(READ)), 403)
    assert client.post("/v1/reviews", json=REVIEW, headers=bearer(WRITE)).status_code == 201


def test_nothing_but_its_health_is_told_without_a_token(ask):
    client = ask(Tokens(READ, WRITE))
    for address in ("/healthz", "/readyz", "/openapi.json"):
        assert client.get(address).status_code == 200
    routes = list(client.app.openapi()["paths"])
    assert len(routes) > 10
    for address in {*routes, "/v1/nowhere", "/v1"} - guard.OPEN:
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"):
            assert client.request(method, address).status_code == 401, (method, address)


def test_without_a_token_for_writing_nobody_writes(ask):
    for asked in (None, Tokens(READ)):
        client = ask(asked)
        for headers in ({}, bearer(READ), bearer("")):
            assert client.post("/v1/reviews", json=REVIEW, headers=headers).status_code == 403
            assert client.post("/v1/articles", json={"pages": []}, headers=headers).status_code == 403
    assert ask(None).get(ASKED).status_code == 200


def test_a_server_that_others_reach_asks_for_a_token_whichever_is_set(ask):
    client = ask(Tokens(None, WRITE, closed=True))
    assert client.get(ASKED).status_code == 401
    assert client.get(ASKED, headers=bearer(WRITE)).status_code == 200


def test_a_browser_is_brought_to_the_page_to_sign_in(ask):
    refused = ask(Tokens(READ)).get("/", headers={"Accept": "text/html,*/*"}, follow_redirects=False)
    assert (refused.status_code, refused.headers["location"]) == (303, "/sign-in")


def test_tokens_come_from_the_environment_or_from_files(tmp_path):
    kept = tmp_path / "token"
    kept.write_text(f"{WRITE}\n")
    found = tokens.read({"SYNDET_READ_TOKEN": READ, "SYNDET_WRITE_TOKEN_FILE": str(kept)})
    assert (found.read, found.write, found.closed) == (READ, WRITE, False)
    assert READ not in repr(found)
    assert tokens.read({"SYNDET_READ_TOKEN": READ}, host="0.0.0.0").closed


@pytest.mark.parametrize(
    "environment",
    [
        {"SYNDET_READ_TOKEN": "short"},
        {"SYNDET_READ_TOKEN": "a token with some blanks"},
        {"SYNDET_READ_TOKEN": "ein-schönes-langes-Wort"},
        {"SYNDET_READ_TOKEN": READ, "SYNDET_WRITE_TOKEN": READ},
        {"SYNDET_READ_TOKEN": READ, "SYNDET_READ_TOKEN_FILE": "/dev/null"},
        {"SYNDET_WRITE_TOKEN_FILE": "nowhere/token"},
        {"SYNDET_WRITE_TOKEN_FILE": "/dev/null"},
    ],
)
def test_a_token_that_is_no_use_is_refused_before_the_server_starts(environment):
    with pytest.raises(UsageError) as refused:
        tokens.read(environment)
    assert READ not in str(refused.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "syndet.example.org"])
def test_the_server_refuses_to_listen_where_others_can_reach_it_without_a_token(path, host, monkeypatch):
    for name in ("READ", "WRITE"):
        monkeypatch.delenv(f"SYNDET_{name}_TOKEN", raising=False)
        monkeypatch.delenv(f"SYNDET_{name}_TOKEN_FILE", raising=False)
    with pytest.raises(UsageError, match="SYNDET_READ_TOKEN"):
        run(path, host, 8765)


# -- who asks ----


def test_a_server_is_not_reached_by_another_name(ask):
    client = ask(None)
    for host in ("evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:80"):
        assert is_problem(client.get("/healthz", headers={"Host": host}), 400), host
    for host in ("127.0.0.1:8765", "localhost", "LOCALHOST:1", "[::1]:8765"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 200, host


def test_a_page_of_another_site_writes_nothing(ask):
    client = ask(Tokens(None, WRITE))
    foreign = [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
               {"Origin": "null"}]  # fmt: skip
    for headers in foreign:
        assert client.post("/v1/reviews", json=REVIEW, headers=headers | bearer(WRITE)).status_code == 403, headers
    own = [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://127.0.0.1"},
           {"Origin": "https://syndet.example.org", "X-Forwarded-Host": "syndet.example.org"}]  # fmt: skip
    for headers in own:
        assert client.post("/v1/reviews", json=REVIEW, headers=headers | bearer(WRITE)).status_code == 201, headers


def test_no_other_site_is_let_in_by_cors(ask):
    client = ask(None)
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    assert client.options("/v1/lookup", headers=asked).status_code == 405
    assert not [name for name in client.get(ASKED, headers=asked).headers if name.startswith("access-control")]


# -- pages for people ----


async def anything(scope, receive, send):
    await PlainTextResponse("here")(scope, receive, send)


def visitor(tmp_path, asked, token=None):
    """Return a browser of somebody who has signed in with a token, at a server that has pages for people."""
    pages = guard.Pages(lambda request: request.cookies.get("who"))
    metrics = Metrics(Access(tmp_path / "none.db"))
    guarded = guard.Guard(anything, told=telling(None), metrics=metrics, asked=asked, pages=pages)
    browser = TestClient(guarded, base_url="http://127.0.0.1", follow_redirects=False)
    browser.cookies = {"who": token} if token else {}
    return browser


def test_who_has_not_signed_in_sees_no_page_but_the_one_to_do_so(tmp_path):
    browser = visitor(tmp_path, Tokens(READ, WRITE))
    for address in ("/", "/articles/1", "/review", "/nowhere"):
        assert browser.get(address).headers["location"] == "/sign-in", address
    assert browser.get("/sign-in").status_code == 200
    assert browser.get("/static/page.css").status_code == 200
    assert browser.post("/sign-in").status_code == 200
    assert browser.post("/search").status_code == 303


def test_who_has_signed_in_does_what_the_token_is_for_and_programs_get_nothing_for_it(tmp_path):
    reader, writer = (visitor(tmp_path, Tokens(READ, WRITE), token) for token in (READ, WRITE))
    for browser in (reader, writer):
        assert browser.get("/articles/1").status_code == 200
        assert browser.post("/search").status_code == 200
        assert browser.get("/v1/articles/1").status_code == 401
        assert browser.post("/v1/reviews").status_code == 401
        assert browser.get("/metrics").status_code == 401
    assert reader.post("/review").status_code == 403
    assert writer.post("/review").status_code == 200


def test_on_a_server_without_tokens_pages_may_be_sent_and_programs_still_write_nothing(tmp_path):
    browser = visitor(tmp_path, Tokens())
    assert browser.post("/review").status_code == 200
    assert browser.post("/review", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser.post("/v1/reviews").status_code == 403
    assert visitor(tmp_path, Tokens(None, None, closed=True)).post("/review").status_code == 403


# -- too much, too slow ----


def test_too_large_a_body_is_refused_whether_it_says_so_or_not(ask, monkeypatch):
    monkeypatch.setattr(guard, "MOST", 1_000)
    monkeypatch.setattr(guard, "MOST_ADDED", 2_000)
    client = ask(Tokens(None, WRITE))
    for address, size in (("/v1/lookup", 1_001), ("/v1/articles", 2_001), ("/v1/reviews", 1_001)):
        pieces = (b"x" * 100 for _ in range(1 + size // 100))
        for content in (b"x" * size, pieces):
            sent = client.post(address, content=content, headers=bearer(WRITE) | {"Content-Type": "application/json"})
            assert is_problem(sent, 413), address


def test_more_requests_than_there_is_room_for_are_told_to_come_again(ask, monkeypatch):
    monkeypatch.setattr(guard, "REQUESTS", 0)
    refused = ask(None).get("/healthz")
    assert is_problem(refused, 503)
    assert refused.headers["retry-after"] == "1"


def test_an_answer_that_takes_too_long_is_given_up(ask, path, monkeypatch):
    monkeypatch.setattr(guard, "ANSWER_SECONDS", 0.0)
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.2)
    free = threading.Event()
    monkeypatch.setattr(Corpus, "lookup", lambda *_: free.wait(30) and None)
    try:
        assert is_problem(ask(None).get(ASKED), 503)
    finally:
        free.set()
        time.sleep(0.05)


# -- what is left of it ----


def test_the_log_has_the_id_and_never_a_token_nor_what_was_asked(ask, caplog):
    client = ask(Tokens(READ, WRITE))
    with caplog.at_level(logging.INFO, "syndet.api"):
        told = client.get(f"{ASKED}&token={READ}", headers=bearer(READ) | {"X-Request-ID": "my-own-id-7"})
        client.get("/v1/lookup%0D%0Afake%20line", headers=bearer(WRITE))
        client.get("/v1/articles/1", headers=bearer("wrong-token-0123456789"))
        other = client.get("/healthz", headers={"X-Request-ID": "a b\tc"})
    assert told.headers["x-request-id"] == "my-own-id-7"
    assert other.headers["x-request-id"] != "a b\tc"
    lines = [record.getMessage() for record in caplog.records if record.name == "syndet.api"]
    assert "request=my-own-id-7 GET /v1/lookup 422" in lines[0]
    assert len(lines) == 4
    for secret in (READ, WRITE, "wrong-token", "target", "a.example"):
        assert not any(secret in line for line in lines)
    assert not any("\n" in line or "\r" in line for line in lines)


def test_metrics_count_by_route_and_name_no_address(ask):
    client = ask(None)
    for number in (1, 2, 999):
        client.get(f"/v1/articles/{number}")
    client.get("/elsewhere/12345")
    text = client.get("/metrics").text
    assert 'syndet_http_requests_total{method="GET",route="/v1/articles/{id}",status="200"} 2.0' in text
    assert 'syndet_http_requests_total{method="GET",route="/v1/articles/{id}",status="404"} 1.0' in text
    assert 'syndet_http_request_seconds_bucket{le="0.06",method="GET",route="/v1/articles/{id}"}' in text
    assert "syndet_store_articles 2.0" in text
    assert "12345" not in text
    assert "process_resident_memory_bytes" in text
