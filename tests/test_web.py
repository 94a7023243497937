"""The pages: each is there, safe whatever stored pages hold, usable without a script, and the same as files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args
from urllib.parse import urljoin, urlsplit

import pytest
from build import prose
from click.testing import CliRunner
from fastapi import FastAPI
from fastapi.testclient import TestClient
from lxml import html

from syndet import Corpus, web
from syndet.api import app, problems
from syndet.cli import cli
from syndet.models import Page, Relation
from syndet.web.render import POLICY

ROOT = Path(__file__).resolve().parent.parent
HTML = {"accept": "text/html,application/xhtml+xml"}
BAD = "</title><script>window.hurt=1</script><img src=x onerror=window.hurt=1>\"'\u202egnp.exe\x07{{7*7}}"
BAD_URLS = [
    "https://a.example/<script>window.hurt=1</script>?a=\"'onmouseover=window.hurt=1",
    "javascript:window.hurt=1//https://b.example/",
    "https://b.example/\u202e/javascript:window.hurt=1",
]
PAGES = ("/", "/articles/{repost}", "/compare/{repost}-{origin}", "/clusters/{cluster}", "/outlets",
         "/outlets/{site}", "/review", "/runs", "/words", "/headlines?q=the", "/nothing-here",
         "/articles/999999")  # fmt: skip


def hostile(folder: Path) -> Path:
    """Return a store of pages that try to run script from every field that a page can fill."""
    path = folder / "hostile.db"
    body = f"{prose(90, 1)}\n{BAD}\n{prose(90, 2)}"
    with Corpus(path) as corpus:
        corpus.add_pages(
            Page(
                url, (body + (f"\n{BAD} and 1{n} more {prose(30, 5 + n)}" if n else "")).encode(), "text", "test",
                title=f"{BAD} {n}", byline=BAD, published=f"2024-03-0{n + 1}T10:00:00Z",
            )
            for n, url in enumerate(BAD_URLS)
        )  # fmt: skip
        corpus.link()
    return path


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("web") / "sample.db"
    with Corpus(path) as corpus:
        corpus.nightly([str(ROOT / "syndet/sample")])
    return path


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile(tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def client(sample: Path):
    with TestClient(app(sample), base_url="http://127.0.0.1", headers=HTML) as made:
        yield made


@pytest.fixture
def writable(tmp_path: Path):
    """Yield a client of a store of its own, with one pair to review."""
    path = tmp_path / "news.db"
    with Corpus(path) as corpus:
        corpus.add_pages(
            Page(
                f"https://{site}.example/1", prose(150, 1).encode(), "text", "test", title=f"The {site}", published=day
            )
            for site, day in (("a", "2024-03-05"), ("b", "2024-03-09"))
        )
        corpus.link()
    with TestClient(app(path), base_url="http://127.0.0.1", headers=HTML, follow_redirects=False) as made:
        yield made, path


def addresses(path: Path) -> list[str]:
    """Return the address of every kind of page, for a store that has a repost."""
    with Corpus(path, readonly=True) as corpus:
        shelf = [one for one in (corpus.lookup(n) for n in corpus.store.articles.ids()) if one.origin and one.cluster]
        answer = next(one for one in shelf if one.origin.id is not None)
        known = {
            "repost": answer.article.id, "origin": answer.origin.id, "cluster": answer.cluster.id,
            "site": answer.article.site or answer.origin.site,
        }  # fmt: skip
    return [page.format(**known) for page in PAGES]


def is_safe(response) -> html.HtmlElement:
    """Return the page after looking at everything through which one may run script or load what is not ours."""
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"] == POLICY
    assert response.headers["x-content-type-options"] == "nosniff"
    page = html.fromstring(response.content)
    for node in page.iter():
        if not isinstance(node.tag, str):
            continue
        assert not [name for name in node.attrib if name.startswith("on") or name == "style"], node.attrib
        if node.tag == "script":
            assert node.get("src") == "/static/pages.js"
            assert not node.text
        assert node.tag not in {"style", "iframe", "object", "embed", "base", "img"}
        for name in ("href", "src", "action"):
            target = node.get(name)
            if target is None or target.startswith(("/", "#")):
                continue
            assert name == "href"
            assert node.tag == "a"
            assert urlsplit(target).scheme in ("http", "https")
            assert set(node.get("rel").split()) == {"noreferrer", "nofollow", "noopener"}
    return page


def words(page: html.HtmlElement) -> str:
    return " ".join(page.text_content().split())


@pytest.mark.parametrize("kind", range(len(PAGES)), ids=PAGES)
def test_every_page_is_there_and_safe_whatever_is_stored(sample, bad, kind):
    for path in (sample, bad):
        with TestClient(app(path), base_url="http://127.0.0.1", headers=HTML) as client:
            response = client.get(addresses(path)[kind])
            assert response.status_code == (404 if PAGES[kind] in ("/nothing-here", "/articles/999999") else 200)
            page = is_safe(response)
            assert len(page.findall(".//h1")) == 1
            assert "\u202e" not in page.text_content()
            assert "49gnp" not in page.text_content(), "a template read what a page holds as a template"


def test_what_pages_hold_is_shown_as_it_stands(bad):
    with TestClient(app(bad), base_url="http://127.0.0.1", headers=HTML) as client:
        page = is_safe(client.get("/articles/1"))
    assert "<script>window.hurt=1</script>" in page.findtext(".//h1/bdi")
    shown = page.text_content()
    assert all(url.replace("\u202e", " ") in shown for url in BAD_URLS[:1])


def test_an_address_that_is_no_web_address_is_never_a_link(bad):
    with TestClient(app(bad), base_url="http://127.0.0.1", headers=HTML) as client:
        page = is_safe(client.get("/articles/2"))
    assert BAD_URLS[1] in page.text_content()
    assert not [link for link in page.iterlinks() if link[2].lower().startswith("javascript")]


def test_a_pasted_address_leads_to_its_page(client):
    address = "https://dailycounterweight.example/premier-heads-to-orrin-isles/"
    for given in (address, f"  {address}\r\n", "dailycounterweight.example/premier-heads-to-orrin-isles"):
        found = client.post("/search", data={"q": given})
        assert found.history[0].status_code == 303
        assert "goes back to The Harbour Courier" in words(is_safe(found))
    missing = client.post("/search", data={"q": "https://nowhere.example/<b>"})
    assert missing.status_code == 404
    assert "https://nowhere.example/<b>" in words(is_safe(missing))


def test_a_pasted_headline_finds_it(client):
    found = client.post("/search", data={"q": "orrin isles"})
    titles = [node.text_content() for node in is_safe(found).findall(".//h3")]
    assert sorted(titles) == [
        "Premier Heads To Orrin Isles To End Bitter Ferry Quarrel",
        "Premier Wren to sign ferry pact with Orrin Isles on Friday",
    ]
    assert "No stored headline" in words(is_safe(client.post("/search", data={"q": "nobody's words"})))


def test_a_pasted_text_is_looked_up_and_not_stored(client, sample):
    with Corpus(sample, readonly=True) as corpus:
        story = corpus.article("https://www.harbour-courier.example/2024/09/17/premier-wren-ferry-pact-orrin-isles")
        count = corpus.count()
    page = is_safe(client.post("/search", data={"q": f"{BAD}\n{story.body}"}))
    assert f"/articles/{story.id}" in {node.get("href") for node in page.iter("a")}
    assert page.findall(".//a[@class='passage t1']")
    assert not page.findall(".//main//script")
    with Corpus(sample, readonly=True) as corpus:
        assert corpus.count() == count


@pytest.mark.parametrize(
    ("given", "status"),
    [("", 200), ("   ", 200), ("\ud800", 200), ("x " * 30, 200), ("<p>" * 400, 422), ("! " * 600, 422)],
)
def test_whatever_is_pasted_is_answered(client, given, status):
    sent = client.post("/search", content=b"q=" + given.encode("utf-8", "surrogatepass").replace(b" ", b"+"))
    assert sent.status_code == status
    is_safe(sent)


def test_too_long_a_text_is_refused(client):
    assert client.post("/search", content=b"q=" + b"x" * 2_000_001).status_code == 413


def test_older_leads_to_every_repost_once_and_keeps_the_filter(tmp_path):
    days = [f"2024-03-{day:02}T08:00:00Z" for day in range(1, 29)]
    with Corpus(tmp_path / "news.db") as corpus:
        pages = (
            Page(f"https://b.example/{n}", prose(90, n).encode(), "text", "test", published=days[9]) for n in range(28)
        )
        firsts = (
            Page(f"https://a.example/{n}", prose(90, n).encode(), "text", "test", published=days[0]) for n in range(28)
        )
        corpus.add_pages([*firsts, *pages])
        corpus.link()
        reposts = {f"/articles/{n}" for n in corpus.store.articles.of_site("b.example", 100)}
    met, asked = [], []
    with TestClient(app(tmp_path / "news.db"), base_url="http://127.0.0.1", headers=HTML) as client:
        address = "/?outlet=b.example&from=2024-03-02"
        while address:
            asked.append(address)
            page = is_safe(client.get(address))
            met += [node.get("href") for node in page.findall(".//li/h3/a")]
            following = page.find(".//a[@rel='next']")
            address = following.get("href") if following is not None else None
    assert len(asked) == 2
    assert "outlet=b.example" in asked[1]
    assert "from=2024-03-02" in asked[1]
    assert len(met) == len(set(met))
    assert set(met) == reposts


def test_the_compare_page_has_the_origin_at_the_left_whichever_is_named_first(client):
    one = is_safe(client.get("/compare/2-18"))
    other = is_safe(client.get("/compare?a=18&b=2"))
    for page in (one, other):
        sides = page.findall(".//section[@class='side']")
        assert [side.find(".//h2/a").get("href") for side in sides] == ["/articles/18", "/articles/2"]


def test_every_passage_leads_to_the_other_side(client):
    page = is_safe(client.get("/compare/2-18"))
    passages = page.findall(".//div[@class='spread']//a[@data-passage]")
    assert passages
    ids = {node.get("id") for node in page.iter() if node.get("id")}
    for passage in passages:
        assert passage.get("href").removeprefix("#") in ids
        side = passage.get("href")[1]
        assert passage.get("id", "").startswith("b" if side == "a" else "a") or passage.get("id") is None


def test_numbers_and_quotations_that_were_changed_are_called_out(tmp_path):
    story = (
        f"{prose(60, 1)} The fund holds 400 million and pays for 12 schools in the north of the town. {prose(60, 2)}"
    )
    with Corpus(tmp_path / "news.db") as corpus:
        for site, text, day in (("a", story, 5), ("b", story.replace("400", "500"), 6)):
            corpus.add_pages(
                [Page(f"https://{site}.example/1", text.encode(), "text", "test", published=f"2024-03-0{day}")]
            )
        corpus.link()
    with TestClient(app(tmp_path / "news.db"), base_url="http://127.0.0.1", headers=HTML) as client:
        page = is_safe(client.get("/compare/2-1"))
    assert "400 million → 500 million" in words(page.find(".//div[@class='change numbers']"))
    marks = page.findall(".//div[@class='spread']//mark[@class='number']")
    assert [mark.text for mark in marks] == ["400 million", "500 million"]


def test_outlets_can_be_searched_and_cut_to_the_thickest(client):
    page = is_safe(client.get("/outlets?q=reuters&top=10"))
    rows = page.findall(".//tbody/tr")
    assert rows
    assert all("Reuters" in words(row) for row in rows)
    assert len(page.findall(".//div[@class='drawing wide']//g[@class]")) <= 10
    assert "No outlet of that name" in words(is_safe(client.get("/outlets?q=nobody&top=99999")))


def test_every_word_for_a_repost_is_explained(client):
    said = words(html.fromstring(client.get("/words").content))
    for word in (*get_args(Relation), "repost", "origin", "possible", "no match"):
        assert word.replace("_", " ") in said


def test_dates_on_a_comparison_are_told_by_the_letters_of_its_sides(client):
    said = words(html.fromstring(client.get("/compare/2-18").content))
    assert "B 2024-09-17T14:30:00-04:00" in said
    assert "A 2024-09-17T18:00:00+01:00" in said
    assert "this one" not in said


def test_a_site_that_is_not_stored_has_no_page(client):
    assert client.get("/outlets/nowhere.example").status_code == 404
    assert client.get("/outlets/..%2f..%2fetc").status_code == 404


def test_the_files_beside_the_pages_are_sent_once(client):
    for name, kind in (("pages.css", "text/css"), ("pages.js", "text/javascript"), ("icon.svg", "image/svg+xml")):
        first = client.get(f"/static/{name}")
        assert first.headers["content-type"].startswith(kind)
        again = client.get(f"/static/{name}", headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert client.get("/static/..%2frender.py").status_code == 404
    assert client.get("/static/render.py").status_code == 404


def test_style_and_script_load_nothing_from_elsewhere():
    for name in ("pages.css", "pages.js", "icon.svg"):
        text = (ROOT / "syndet/web/static" / name).read_text(encoding="utf-8")
        assert re.findall(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", text) == []


def test_pages_work_below_a_path_of_a_proxy(sample):
    with TestClient(app(sample), base_url="http://127.0.0.1", headers=HTML, root_path="/news") as client:
        page = html.fromstring(client.get("/articles/2").content)
    links = [target for _, _, target, _ in page.iterlinks() if not target.startswith(("#", "http"))]
    assert links
    assert all(target.startswith("/news/") for target in links)


# -- reviews -----------------------------------------------------------------------------------------------------------


def fields(client, address="/review", **changed):
    form = html.fromstring(client.get(address).content).find(".//form[@class='decide']")
    assert form is not None
    return {**dict(form.fields), "who": "Ann", "verdict": "confirmed", **changed}


def reviews(path: Path) -> list[tuple[int, int, str, str, str]]:
    with Corpus(path, readonly=True) as corpus:
        return [(one.repost, one.origin, one.verdict, one.who, one.why) for one in corpus.store.reviews.all()]


def test_yes_and_no_are_written_down_and_the_next_pair_comes(writable):
    client, path = writable
    done = client.post("/review", data=fields(client, why="I know both"))
    assert done.status_code == 303
    assert reviews(path) == [(2, 1, "confirmed", "Ann", "I know both")]
    after = client.get(done.headers["location"])
    assert "Written down: a copy." in words(is_safe(after))
    assert "No link waits" in words(is_safe(after))


def test_the_other_one_may_be_the_copy(writable):
    client, path = writable
    client.post("/review", data=fields(client, copy="a", verdict="rejected", who="Bö <b>"))
    assert reviews(path) == [(1, 2, "rejected", "Bö <b>", "")]


def test_who_answered_is_remembered(writable):
    client, _ = writable
    client.post("/review", data=fields(client, who='Zoë "Z" <b>'))
    with Corpus(writable[1]) as corpus:
        corpus.review(2, 1, "open", who="test")
    assert reviews(writable[1])[0][3] == 'Zoë "Z" <b>'
    assert 'Zoë "Z" <b>' in client.cookies["syndet_who"] or "Zo%C3%AB" in client.cookies["syndet_who"]


@pytest.mark.parametrize("lack", ["token", "cookie", "another token", "another site"])
def test_a_form_from_elsewhere_is_refused(writable, lack):
    client, path = writable
    given, headers = fields(client), {}
    if lack == "token":
        del given["token"]
    if lack == "cookie":
        client.cookies.clear()
    if lack == "another token":
        given["token"] = "x" * len(given["token"])
    if lack == "another site":
        headers = {"sec-fetch-site": "cross-site"}
    assert client.post("/review", data=given, headers=headers).status_code == 403
    assert reviews(path) == []


def test_cookies_stay_at_home(writable):
    client, _ = writable
    cookie = client.get("/review").headers["set-cookie"].lower()
    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip() for part in cookie.split(";")}


@pytest.mark.parametrize(
    "changed", [{"a": "x"}, {"a": "0"}, {"verdict": "origin"}, {"verdict": ""}, {"who": " "}, {"b": "9" * 30}]
)
def test_half_an_answer_is_none(writable, changed):
    client, path = writable
    assert client.post("/review", data=fields(client, **changed)).status_code == 422
    assert reviews(path) == []


def test_who_may_not_write_reads_the_queue(writable):
    _, path = writable
    for writing, allowed in ((None, lambda _: True), (lambda: Corpus(path), lambda _: False)):
        served = FastAPI()
        problems.handle(served, web.problem)
        served.include_router(web.router(lambda: Corpus(path, readonly=True), writing, allowed))
        with TestClient(served, headers=HTML) as client:
            page = is_safe(client.get("/review"))
            assert page.find(".//form[@class='decide']") is None
            client.cookies.set("syndet_form", "t")
            assert client.post("/review", data={"token": "t", "a": "1", "b": "2", "who": "x"}).status_code == 403
    assert reviews(path) == []


def test_a_token_is_given_once_and_answers_then_count(writable):
    _, path = writable
    served = FastAPI()
    problems.handle(served, web.problem)
    served.include_router(
        web.router(
            lambda: Corpus(path, readonly=True), lambda: Corpus(path),
            lambda request: web.token_of(request) == "tök en", lambda token: token == "tök en",
        )
    )  # fmt: skip
    with TestClient(served, headers=HTML, follow_redirects=False) as client:
        assert "sign in" in words(is_safe(client.get("/review")))

        def sent(to: str, **given: str):
            form = next(one for one in is_safe(client.get("/sign-in")).forms if one.get("action") == to)
            return client.post(to, data={**dict(form.fields), **given})

        assert "not known here" in words(is_safe(sent("/sign-in", secret="wrong")))
        assert client.post("/sign-in", data={"secret": "tök en"}).status_code == 403
        cookie = sent("/sign-in", secret="tök en").headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert client.post("/review", data=fields(client)).status_code == 303
        form = {"token": client.cookies["syndet_form"], "a": "1", "b": "2", "who": "x", "verdict": "rejected"}
        sent("/sign-out")
        assert client.post("/review", data=form).status_code == 403
    assert [one[2] for one in reviews(path)] == ["confirmed"]


def test_a_form_with_very_many_fields_is_none(client):
    assert client.post("/search", content=b"&".join(b"q=a" for _ in range(5_000))).status_code == 200


def test_a_night_that_is_at_work_lets_an_answer_in(writable):
    client, path = writable
    given = fields(client)
    with Corpus(path) as corpus, corpus.store.lock():
        assert client.post("/review", data=given).status_code == 303
    assert [one[2] for one in reviews(path)] == ["confirmed"]


# -- as files ----------------------------------------------------------------------------------------------------------


def crawled(folder: Path) -> set[Path]:
    """Return every file that the first page leads to; each link has to be relative and lead somewhere."""
    met, waiting = set(), [folder / "index.html"]
    while waiting:
        path = waiting.pop()
        if path in met:
            continue
        met.add(path)
        if path.suffix != ".html":
            continue
        page = html.fromstring(path.read_bytes())
        ids = {node.get("id") for node in page.iter() if node.get("id")}
        for node, _, target, _ in page.iterlinks():
            if node.tag == "a" and target.startswith(("http://", "https://")):
                continue
            assert not urlsplit(target).scheme
            assert not target.startswith("/")
            if target.startswith("#"):
                assert target[1:] in ids
                continue
            found = Path(urljoin(path.as_uri(), target).removeprefix("file://"))
            assert found.is_file(), (path, target)
            waiting.append(found)
    return met


def test_the_files_hold_what_is_served_and_every_link_leads_somewhere(sample, tmp_path):
    done = CliRunner().invoke(cli, ["--db", str(sample), "report", "--html", str(tmp_path / "site")])
    assert done.exit_code == 0, done.output
    written = {path for path in (tmp_path / "site").rglob("*") if path.is_file()}
    assert crawled(tmp_path / "site") == written
    text = words(html.fromstring((tmp_path / "site/compare/2-18.html").read_bytes()))
    with TestClient(app(sample), base_url="http://127.0.0.1", headers=HTML) as client:
        served = words(html.fromstring(client.get("/compare/2-18").content))
    both = "What was changed", "What the words mean"
    assert text[text.index(both[0]) : text.index(both[1])] == served[served.index(both[0]) : served.index(both[1])]


def test_the_editor_reads_first_who_gave_no_credit(sample, tmp_path):
    CliRunner().invoke(cli, ["--db", str(sample), "report", "--html", str(tmp_path)])
    page = html.fromstring((tmp_path / "index.html").read_bytes())
    for group in page.findall(".//section[@aria-labelledby='reposts']/ol"):
        grades = [
            node.get("class").split()[1] for node in group.findall(".//span[@class]") if "credit" in node.get("class")
        ]
        order = ["none", "generic", "unknown", "named", "linked"]
        assert grades == sorted(grades, key=order.index)
    heads = [words(node) for node in page.findall(".//h3[@class='group']")]
    uncredited = [int(found[1]) if (found := re.search(r"(\d+) without credit", head)) else 0 for head in heads]
    assert uncredited == sorted(uncredited, reverse=True)
    assert sum(uncredited) > 0
    assert "not html 2" in words(page)


def test_a_hostile_store_makes_harmless_files(bad, tmp_path):
    done = CliRunner().invoke(cli, ["--db", str(bad), "report", "--html", str(tmp_path)])
    assert done.exit_code == 0, done.output
    crawled(tmp_path)
    for path in tmp_path.rglob("*.html"):
        page = html.fromstring(path.read_bytes())
        assert [
            node for node in page.iter("script") if node.text or not node.get("src").endswith("static/pages.js")
        ] == []
        assert page.find(".//meta[@http-equiv='Content-Security-Policy']") is not None


def test_a_small_limit_writes_fewer_pages_and_says_so(sample, tmp_path):
    done = CliRunner().invoke(cli, ["--db", str(sample), "report", "--html", str(tmp_path), "--limit", "2"])
    assert "more of the night are only counted (--limit)" in done.output
    crawled(tmp_path)
    assert len(list(tmp_path.glob("articles/*.html"))) < 25


def test_a_folder_that_cannot_be_written_is_told(sample, tmp_path):
    (tmp_path / "taken").write_text("")
    done = CliRunner().invoke(cli, ["--db", str(sample), "report", "--html", str(tmp_path / "taken" / "below")])
    assert done.exit_code == 2
    assert "cannot be written" in done.output


def test_a_store_without_a_night_has_a_report_all_the_same(writable, tmp_path):
    _, path = writable
    done = CliRunner().invoke(cli, ["--db", str(path), "report", "--html", str(tmp_path / "site")])
    assert done.exit_code == 0, done.output
    assert "No night yet" in (tmp_path / "site/index.html").read_text()
    crawled(tmp_path / "site")


def test_what_the_register_of_licences_does_not_permit_leads(tmp_path):
    path, register = tmp_path / "sample.db", tmp_path / "register.csv"
    with Corpus(path) as corpus:
        corpus.nightly([str(ROOT / "syndet/sample")])
    register.write_text(
        "licensee,source,from,to,terms\n*,harbour-courier.example,,,\n-,Reuters,,,\n"
        "westbrook-tribune.example,PR Newswire,,,\n"
    )
    run = CliRunner()
    assert run.invoke(cli, ["--db", str(path), "licences", str(register)]).exit_code == 0
    assert run.invoke(cli, ["--db", str(path), "report", "--html", str(tmp_path / "site")]).exit_code == 0
    page = html.fromstring((tmp_path / "site/index.html").read_bytes())
    heads = [words(node) for node in page.findall(".//h3[@class='group']")]
    denied = ["not permitted" in head for head in heads]
    assert any(denied)
    assert denied == sorted(denied, reverse=True)
    for group in page.findall(".//section[@aria-labelledby='reposts']/ol"):
        states = [
            node.get("class").split()[2] for node in group.findall(".//span") if "licence" in (node.get("class") or "")
        ]
        assert states == sorted(states, key=["not_permitted", "unknown", "permitted"].index)
    with TestClient(app(path), base_url="http://127.0.0.1", headers=HTML) as client:
        assert "licence: not permitted" in words(is_safe(client.get("/?relation=wire")))
        assert "Licence: " in words(is_safe(client.get("/articles/2")))
