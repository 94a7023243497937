"""The pages in a browser: with and without a script, by keyboard alone, on a phone, in the dark, under attack.

Chromium is Debian's (`apt-get install chromium`), axe comes from npm (`npm install axe-core`, or SYNDET_AXE says where
its axe.min.js lies). Where one of them is missing the tests that need it are skipped and say so.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from build import prose
from test_web import addresses, hostile

from syndet import Corpus
from syndet.api import app
from syndet.api.tokens import Tokens
from syndet.models import Page
from syndet.web.export import write

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("SYNDET_CHROMIUM") or shutil.which("chromium") or ""
AXE = Path(os.environ.get("SYNDET_AXE") or ROOT / "node_modules/axe-core/axe.min.js")
# A browser is slow to start, and one is enough: all in one worker.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed (apt-get install chromium)"),
]
needs_axe = pytest.mark.skipif(not AXE.is_file(), reason="axe is not installed (npm install axe-core)")
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@contextmanager
def served(path: Path, **settings: object) -> Iterator[str]:
    """Yield the address at which the store is served."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app(path, **settings), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(600):
        if server.started:
            break
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("browser") / "sample.db"
    with Corpus(path) as corpus:
        corpus.nightly([str(ROOT / "syndet/sample")])
    return path


@pytest.fixture(scope="module")
def home(store) -> Iterator[str]:
    with served(store) as address:
        yield address


@pytest.fixture(scope="module")
def attacked(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    path = hostile(tmp_path_factory.mktemp("hostile"))
    with served(path) as address:
        yield address, path


@pytest.fixture
def opened(browser):
    """Return a function that opens a page and fails the test for whatever the browser complains of."""
    contexts, complaints = [], []

    def page(address: str, *, expected: str = "", **settings):
        context = browser.new_context(**{"viewport": DESK, **settings})
        contexts.append(context)
        made = context.new_page()
        made.set_default_timeout(30_000)
        made.on("pageerror", lambda error: complaints.append(str(error)))
        made.on(
            "console",
            lambda said: (
                complaints.append(said.text) if said.type == "error" and not _known(said.text, expected) else None
            ),
        )
        made.goto(address)
        return made

    yield page
    for context in contexts:
        context.close()
    assert complaints == []


def _known(text: str, expected: str) -> bool:
    return bool(expected) and re.search(expected, text) is not None


# What the browser says of the two pages that are not there, on purpose.
MISSING = "404"


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_fits_its_screen(opened, home, store, size, scripted):
    page = opened(home, expected=MISSING, viewport=size, java_script_enabled=scripted)
    for path in addresses(store):
        page.goto(home + path)
        assert page.locator("h1").is_visible()
        if scripted:
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
        for drawing in page.locator(".drawing svg:visible").all():
            assert drawing.bounding_box()["width"] <= size["width"]


def test_from_search_to_compare_to_review(opened, home):
    page = opened(home)
    page.get_by_label("An address, a text or a headline").fill("Orrin Isles")
    page.get_by_role("button", name="Look it up").click()
    page.get_by_role("link", name="Premier Heads To Orrin Isles To End Bitter Ferry Quarrel").click()
    page.locator(".say", has_text="goes back to The Harbour Courier").wait_for()
    page.get_by_role("link", name="Compare side by side").click()
    page.locator(".side").nth(1).wait_for()
    page.get_by_role("link", name="Review").click()
    page.get_by_role("button", name="Yes, a copy").wait_for()


def first_line(page, selector: str) -> tuple[float, float]:
    """Return the middle of the first line of a link that runs over several."""
    page.locator(selector).evaluate("node => node.scrollIntoView({block: 'center', behavior: 'instant'})")
    box = page.locator(selector).evaluate("node => node.getClientRects()[0].toJSON()")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_passage_lights_up_on_both_sides_and_a_click_shows_the_other(opened, home):
    page = opened(f"{home}/compare/2-18")
    page.mouse.move(*first_line(page, "#b2"))
    page.locator("#a2.on").wait_for()
    page.locator("#b2.on").wait_for()
    assert page.locator("[data-passage='1'].on").count() == 0
    page.mouse.click(*first_line(page, "#a4"))
    page.wait_for_function("document.activeElement.id === 'b4'")
    page.wait_for_function(
        "() => { const top = document.getElementById('b4').getBoundingClientRect().top; return top > 0 && top < 900 }"
    )


def test_keys_lead_from_passage_to_passage_and_can_be_switched_off(opened, home):
    page = opened(f"{home}/compare/2-18")
    lit = "document.querySelector('.spread .on')?.dataset.passage"
    for keys, passage in (("j", "1"), ("j", "2"), ("k", "1"), ("k", "4"), ("j", "1")):
        page.keyboard.press(keys)
        page.wait_for_function(f"{lit} === '{passage}'")
    page.get_by_label("Keys:").uncheck()
    page.keyboard.press("j")
    assert page.evaluate(lit) == "1"


def test_passages_are_reached_by_the_tabulator_and_followed_by_enter_without_a_script(opened, home):
    page = opened(f"{home}/compare/2-18", java_script_enabled=False)
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.get_attribute("data-passage") == "1":
            break
    assert focused.get_attribute("id") == "a1"
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare/2-18#b1")  # a key press does not wait for where it leads
    assert page.locator("#b1").bounding_box()["y"] < DESK["height"]


def test_everything_is_done_by_keyboard_alone(opened, home):
    page = opened(home)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "To the page"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Orrin Isles")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/headlines*")
    for to, pattern in (("/articles/", "**/articles/*"), ("/outlets", "**/outlets")):
        for _ in range(20):
            page.keyboard.press("Tab")
            if (page.evaluate("document.activeElement.getAttribute('href')") or "").startswith(to):
                break
        seen = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert seen == "solid", "who uses the keyboard sees where he is"
        page.keyboard.press("Enter")
        page.wait_for_url(pattern)


def pairs(path: Path) -> None:
    with Corpus(path) as corpus:
        corpus.add_pages(
            Page(f"https://{site}.example/{seed}", prose(120, seed).encode(), "text", "test", published=day)
            for seed in (1, 2, 3)
            for site, day in (("a", "2024-03-05"), ("b", "2024-03-09"))
        )
        corpus.link()


def said(path: Path) -> list[str]:
    with Corpus(path, readonly=True) as corpus:
        return [one.verdict for one in corpus.store.reviews.all()]


@pytest.mark.parametrize("scripted", [True, False], ids=["keys", "forms"])
def test_the_queue_is_answered(opened, tmp_path, scripted):
    pairs(tmp_path / "news.db")
    with served(tmp_path / "news.db") as address:
        page = opened(f"{address}/review", java_script_enabled=scripted)
        page.get_by_label("Your name").fill("Ann")

        def answer(key: str, name: str, kind: str = "button") -> None:
            with page.expect_navigation():
                if scripted:
                    page.locator("h1").click()
                    page.keyboard.press(key)
                else:
                    page.get_by_role(kind, name=name).click()

        answer("s", "Skip", "link")
        assert said(tmp_path / "news.db") == []
        page.get_by_label("Your name").fill("Ann")
        answer("y", "Yes, a copy")
        assert page.get_by_label("Your name").input_value() == "Ann"
        page.goto(f"{address}/review")
        answer("n", "No")
        assert said(tmp_path / "news.db") == ["confirmed", "rejected"]
        page.context.close()


def test_a_letter_in_a_name_answers_nothing(opened, tmp_path):
    pairs(tmp_path / "news.db")
    with served(tmp_path / "news.db") as address:
        page = opened(f"{address}/review")
        page.get_by_label("Your name").press_sequentially("synny")
        assert page.get_by_label("Your name").input_value() == "synny"
        assert said(tmp_path / "news.db") == []
        page.context.close()


def test_script_from_stored_pages_never_runs(opened, attacked):
    address, path = attacked
    page = opened(address, expected=MISSING)
    for one in addresses(path):
        page.goto(address + one)
        page.mouse.move(300, 300)
        for link in page.locator("main a:visible").all()[:5]:
            link.hover(force=True)
        assert page.evaluate("window.hurt") is None, one
        assert page.locator("[href^='javascript' i]").count() == 0


def test_script_that_slipped_in_would_be_stopped_by_the_policy(opened, home):
    page = opened(home, expected="Content Security Policy|404")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x onerror=window.hurt=1>')")
    page.evaluate(
        "{const s = document.createElement('script'); s.textContent = 'window.hurt=1'; document.body.append(s)}"
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.hurt") is None


def test_nothing_is_loaded_from_elsewhere(browser, home, store):
    context = browser.new_context(viewport=DESK)
    page, asked = context.new_page(), set()
    page.on("request", lambda request: asked.add(request.url))
    for path in addresses(store):
        page.goto(home + path)
    context.close()
    assert asked
    assert {address for address in asked if not address.startswith(home)} == set()


def test_the_files_look_as_what_is_served_and_run_their_script(opened, store, tmp_path):
    with Corpus(store, readonly=True) as corpus:
        write(corpus, tmp_path, 100)
    page = opened((tmp_path / "index.html").as_uri())
    assert page.evaluate("getComputedStyle(document.body).margin") == "0px"
    page.goto((tmp_path / "compare/2-18.html").as_uri())
    page.keyboard.press("j")
    page.locator("#a1.on").wait_for()


def test_a_comparison_is_printed_whole(opened, home):
    page = opened(f"{home}/compare/2-18")
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator(".side").first.evaluate("node => node.scrollHeight <= node.clientHeight + 1")
    assert page.locator(".side").nth(1).bounding_box()["x"] > page.locator(".side").first.bounding_box()["x"]
    assert len(page.pdf()) > 10_000


# Colours don't depend on the width, nor does the order of a page on the scheme: each is looked at on both stores.
LOOKS = [("sample", "light", DESK), ("sample", "dark", PHONE), ("hostile", "dark", DESK), ("hostile", "light", PHONE)]


def broken(page) -> list[tuple[str, ...]]:
    """Return what axe finds on a page, everything that opens being open."""
    page.evaluate("document.querySelectorAll('details').forEach(node => node.open = true)")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    result = page.evaluate("tags => axe.run({runOnly: tags, resultTypes: ['violations'], preload: false})", tags)
    assert len(result["passes"]) > 10
    return [
        (page.url, found["id"], node["html"][:160], node["failureSummary"][:200])
        for found in result["violations"]
        for node in found["nodes"][:3]
    ]


@needs_axe
@pytest.mark.parametrize(("which", "scheme", "size"), LOOKS, ids=[f"{one}-{two}" for one, two, _ in LOOKS])
def test_axe_finds_nothing(opened, home, store, attacked, which, scheme, size):
    address, path = (home, store) if which == "sample" else attacked
    page = opened(address, expected=MISSING, color_scheme=scheme, viewport=size)
    for one in addresses(path):
        page.goto(address + one)
        assert broken(page) == []


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_answers_and_files(opened, home, store, tmp_path, scheme):
    page = opened(home, expected=MISSING, color_scheme=scheme)
    with Corpus(store, readonly=True) as corpus:
        write(corpus, tmp_path, 3)
        body = corpus.article(2).body
    for asked in (body, "https://nowhere.example/", "nobody's words", prose(40, 99)):
        page.goto(home)
        page.get_by_label("An address, a text or a headline").fill(asked)
        page.get_by_role("button", name="Look it up").click()
        page.wait_for_url(lambda url: url.rstrip("/") != home)
        assert broken(page) == []
    for name in ("index", "reposts", "review", "runs"):
        page.goto((tmp_path / f"{name}.html").as_uri())
        assert broken(page) == []


@needs_axe
def test_a_visitor_signs_in_and_answers(opened, tmp_path):
    path, secret = tmp_path / "news.db", "0123456789abcdef-write"
    pairs(path)
    with served(path, asked=Tokens("0123456789abcdef-read", secret)) as address:
        page = opened(address, expected="403")
        assert page.url.endswith("/sign-in")
        assert broken(page) == []
        for given in ("wrong", secret):
            page.get_by_label("Your token").fill(given)
            with page.expect_navigation():
                page.get_by_role("button", name="Sign in").click()
        page.get_by_label("Your name").fill("Ann")
        with page.expect_navigation():
            page.get_by_role("button", name="Yes, a copy").click()
        assert said(path) == ["confirmed"]
        page.goto(f"{address}/sign-in")
        with page.expect_navigation():
            page.get_by_role("button", name="Forget it").click()
        page.goto(f"{address}/runs")
        assert page.url.endswith("/sign-in")
        page.context.close()
