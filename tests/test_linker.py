"""What an article is compared with, what it posts for later ones, and what is learned of its site."""

from collections import Counter

import pytest
from build import page, prose

from syndet import Corpus
from syndet.align import prepare
from syndet.boilerplate import (
    ALARM_ARTICLES,
    MANY,
    MANY_EVERYWHERE,
    SITES,
    alarm,
    common,
    sentence_keys,
    spans,
)
from syndet.fingerprint import fingerprint
from syndet.linker import Linker
from syndet.models import Page
from syndet.summary import Summary

STORY = prose(200, 1)
BOX = prose(45, 7)  # what the Gazette prints under all of its pages


@pytest.fixture
def corpus(tmp_path):
    with Corpus(tmp_path / "news.db") as corpus:
        yield corpus


def text(url: str, body: str, **known) -> Page:
    return Page(url, body.encode(), "text", "test", **known)


def add(corpus: Corpus, *pages: Page):
    corpus.add_pages(pages)
    return corpus.link()


def posted(corpus: Corpus, kind: int = 1) -> Counter[int]:
    """Return how many keys lead to each article: those of content pairs, or (0) those of bands."""
    return Counter(article for key, article in corpus.store.index.every() if key & 1 == kind)


def add_one(corpus: Corpus, url: str, body: str) -> int:
    """Add a page; return its id."""
    add(corpus, text(url, body))
    return corpus.find(url)


def copies(number: int, body: str = STORY) -> list[Page]:
    return [
        text(f"https://copy-{n}.example/story", body, published=f"2024-03-06T{n % 24:02}:00Z") for n in range(number)
    ]


ORIGIN = text("https://origin.example/story", STORY, published="2024-03-05T08:00Z")


# -- postings ----------------------------------------------------------------------------------------------------------


def test_copies_post_nothing_and_an_addition_posts_only_what_is_new(corpus):
    add(corpus, ORIGIN, *copies(30), text("https://long.example/story", f"{STORY}\n\n{prose(100, 2)}"))
    pairs = posted(corpus)
    assert set(pairs) == {1, 32}
    assert pairs[32] < pairs[1]
    assert set(posted(corpus, 0)) <= {1, 32}


def test_a_phrase_of_a_story_on_many_sites_still_leads_to_the_others_that_use_it(corpus):
    other = f"{prose(150, 3)} {' '.join(STORY.split()[30:70])} {prose(150, 4)}"
    add(corpus, ORIGIN, *copies(120), text("https://other.example/piece", other))
    answer = corpus.lookup_text(other)
    assert {ORIGIN.url, "https://other.example/piece"} <= {one.url for one in answer.others}


@pytest.mark.parametrize("number", [0, 5, 60])
def test_an_excerpt_finds_the_origin_however_many_copies_there_are(corpus, number):
    add(corpus, ORIGIN, *copies(number))
    answer = corpus.lookup_text(f"{prose(80, 5)} {' '.join(STORY.split()[80:140])} {prose(80, 6)}")
    assert answer.verdict == "possible"  # a text without a date: nothing tells which was first
    assert ORIGIN.url in {one.url for one in answer.others}


def test_when_the_first_article_changes_its_keys_go_to_its_copies(corpus):
    add(corpus, ORIGIN, *copies(3))
    add(corpus, text(ORIGIN.url, prose(200, 9), published="2024-03-05T08:00Z"))
    assert posted(corpus).keys() == {1, 2}
    assert len(corpus.lookup_text(STORY).others) == 3
    assert {one.url for one in corpus.lookup(2).others} == {
        "https://copy-1.example/story",
        "https://copy-2.example/story",
    }
    assert corpus.check() == []


def test_an_origin_that_comes_last_takes_over_all_copies(corpus):
    add(corpus, *copies(40), ORIGIN)
    for number in (1, 20, 40):
        assert corpus.lookup(number).origin.url == ORIGIN.url
    assert ORIGIN.url in {one.url for one in corpus.lookup_text(STORY).others}


# -- boilerplate -------------------------------------------------------------------------------------------------------


def site(number: int, *, first: int = 0, box: str = BOX, name: str = "gazette") -> list[Page]:
    return [text(f"https://{name}.example/{n}", f"{prose(80, 100 + n)}\n\n{box}") for n in range(first, first + number)]


def test_what_many_articles_of_a_site_carry_is_learned_and_leaves_the_query(corpus):
    add(corpus, *site(MANY + 1))
    summary = add(corpus, *site(20, first=50))
    assert (summary.links.total(), summary.possible) == (0, 0)
    known = corpus.store.boilerplate.known("gazette.example", MANY)
    assert known == set(sentence_keys(prepare(BOX)).tolist())
    linker, made = Linker(corpus.store, Summary()), fingerprint(corpus.article(20).body)
    query = linker.query(linker.article(20), made)
    own = corpus.article(20).body.removesuffix(BOX)
    assert set(query.pairs) == set(fingerprint(own).pairs)  # nor the pair that reaches from the text into the box


def test_one_notice_in_which_each_site_names_itself_is_the_boilerplate_of_all(corpus):
    notice = (
        "Every photograph and paragraph on this page remains the property of {} and may be copied by private readers, "
        "schools and libraries only; publishers who want to print them should write to the licensing desk beforehand."
    )
    for name, first in (("Gazette", 0), ("Valmere Post", 50)):
        add(corpus, *site(MANY + 1, first=first, box=notice.format(name), name=name.split()[0].lower()))
    third = f"{prose(90, 300)}\n\n{notice.format('Tarvo Online')}"
    linker = Linker(corpus.store, Summary())
    marked = linker.article(add_one(corpus, "https://third.example/1", third))
    assert [third[begin:end] for begin, end in marked.boilerplate] == [notice.format("Tarvo Online")[:-1]]


def test_what_was_learned_survives_a_restart_and_a_rebuild(tmp_path):
    with Corpus(tmp_path / "news.db") as corpus:
        add(corpus, *site(MANY + 1))
        known = corpus.store.boilerplate.known("gazette.example", MANY)
    with Corpus(tmp_path / "news.db") as corpus:
        assert corpus.store.boilerplate.known("gazette.example", MANY) == known
        add(corpus, *site(10, first=50))
        corpus.rebuild()
        assert corpus.store.boilerplate.known("gazette.example", MANY) == known
        assert corpus.check() == []


def test_boilerplate_is_no_reuse_however_long_it_is(corpus):
    box = prose(60, 7)
    add(corpus, *[text(f"https://gazette.example/{n}", f"{box}\n\n{prose(70, 200 + n)}") for n in range(8)])
    elsewhere = f"{prose(20, 300)}\n\n{box}"
    links = corpus.lookup_text(elsewhere, url="https://gazette.example/new")
    assert (links.verdict, links.others) == ("no_match", ())


def test_boilerplate_of_two_sites_is_boilerplate_of_every_site(corpus):
    add(corpus, *site(MANY + 1), *site(MANY + 1, first=20, name="herald"))
    assert corpus.store.boilerplate.everywhere(MANY_EVERYWHERE, SITES) == set(sentence_keys(prepare(BOX)).tolist())
    for number in (500, 501):
        found = corpus.lookup_text(f"{BOX}\n\n{prose(80, number)}", url=f"https://new-{number}.example/page")
        assert (found.verdict, found.others) == ("no_match", ())


def test_a_notice_on_few_pages_each_of_several_sites_is_boilerplate_of_every_site(corpus):
    few = MANY - 1  # too few for any of these sites alone
    for first, name in ((0, "gazette"), (20, "herald")):
        add(corpus, *site(few, first=first, name=name))
    assert corpus.lookup_text(f"{BOX}\n\n{prose(80, 500)}", url="https://new.example/page").verdict == "possible"
    add(corpus, *site(few, first=40, name="courier"))
    assert corpus.lookup_text(f"{BOX}\n\n{prose(80, 500)}", url="https://new.example/page").verdict == "no_match"


def test_links_that_rest_on_what_turns_out_to_be_boilerplate_are_taken_back(corpus):
    box = prose(70, 7)
    add(corpus, text("https://other.example/1", f"{box}\n\n{prose(90, 500)}"))
    add(corpus, *[text(f"https://gazette.example/{n}", f"{box}\n\n{prose(90, 200 + n)}") for n in range(MANY - 1)])
    assert len(corpus.lookup(1).others) == MANY - 1  # nobody could know yet
    add(corpus, *[text(f"https://gazette.example/{n}", f"{box}\n\n{prose(90, 200 + n)}") for n in range(MANY, 9)])
    assert corpus.lookup(1).others == ()
    assert corpus.lookup_text(prose(90, 201)).others[0].url == "https://gazette.example/1"
    assert corpus.check() == []


def test_an_own_story_under_another_address_is_no_boilerplate(corpus):
    add(corpus, *[text(f"https://gazette.example/{n}", STORY + f" {prose(10, 400 + n)}") for n in range(MANY + 3)])
    assert corpus.store.boilerplate.known("gazette.example", 1) == frozenset()


def test_a_new_template_is_learned_and_raises_an_alarm(corpus):
    assert add(corpus, *site(ALARM_ARTICLES + 6)).alarms == []
    new = prose(45, 8)
    summary = add(corpus, *site(ALARM_ARTICLES + 2, first=50, box=new))
    assert [alarm.split(":")[0] for alarm in summary.alarms] == ["gazette.example"]
    known = corpus.store.boilerplate.known("gazette.example", MANY)
    assert set(sentence_keys(prepare(new)).tolist()) < known
    assert add(corpus, *site(ALARM_ARTICLES, first=80, box=new)).alarms == []


def test_a_page_without_a_site_teaches_nothing(corpus):
    add(corpus, *[text(f"file:///pages/{n}.txt", f"{prose(80, n)}\n\n{BOX}") for n in range(8)])
    assert corpus.store._db.execute("SELECT count(*) FROM boilerplate").fetchone() == (0,)


def test_sentences_are_marked_where_they_stand_and_neighbours_are_joined():
    body = f"{prose(30, 1)}\n\n{BOX} More. {prose(20, 2)}"
    one, box = prepare(body), set(sentence_keys(prepare(BOX)).tolist())
    assert len(box) == 3
    assert [body[slice(*span)] for span in spans(one, sentence_keys(one), box)] == [BOX.rstrip(".")]


def test_common_sentences_are_the_same_from_both_sides_and_short_ones_do_not_count():
    bodies = (f"{prose(40, 1)} {BOX} Read more here.", f"Read more here. {BOX.upper()}", "")
    one, two, empty = (sentence_keys(prepare(body)) for body in bodies)
    assert common(one, two) == common(two, one) == set(sentence_keys(prepare(BOX)).tolist())
    assert common(one, empty) == set()


@pytest.mark.parametrize(
    "script",
    [
        "各位读者请关注我们的微信公众号获取更多新闻。",
        "اشترك في نشرتنا الإخبارية اليومية مجانا الآن.",
        "สมัครรับจดหมายข่าวของเราได้ฟรีทุกวัน",
    ],
)
def test_boilerplate_is_known_in_every_script(script):
    one, known = prepare(f"Rain fell on Monday. {script}"), sentence_keys(prepare(script))
    assert spans(one, sentence_keys(one), common(known, known))


def test_no_alarm_where_too_few_articles_or_too_little_change():
    often, seldom = [0.1] * ALARM_ARTICLES, [0.0] * ALARM_ARTICLES
    kept, lost = [True] * ALARM_ARTICLES, [False] * ALARM_ARTICLES
    assert alarm("a.example", often, seldom, lost) is not None
    assert alarm("a.example", often[1:], seldom, lost) is None
    assert alarm("a.example", often, seldom[1:], lost[1:]) is None
    assert alarm("a.example", often, often, kept) is None
    assert alarm("a.example", seldom, seldom, lost) is None
    assert "words" in (alarm("a.example", often, [0.5] * ALARM_ARTICLES, kept) or "")


def test_a_page_in_html_learns_like_a_text(corpus):
    corpus.add_pages([page(f"{prose(80, n)}\n{BOX}", f"https://gazette.example/{n}") for n in range(MANY + 2)])
    corpus.link()
    assert corpus.store.boilerplate.known("gazette.example", MANY)
