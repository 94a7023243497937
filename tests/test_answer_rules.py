"""What holds for every answer of every store: made of random pages, in any order, in every script."""

import json
import random
import re
from pathlib import Path

import jsonschema
import pytest
from build import html, prose
from hypothesis import given, settings
from hypothesis import strategies as some

from syndet import Corpus, report
from syndet.models import Page

SCHEMA = json.loads((Path(__file__).parents[1] / "syndet" / "lookup.schema.json").read_text())
CHECK = jsonschema.Draft202012Validator(SCHEMA)
WHERE = re.compile(r"(article:\S+ )?((dom|meta|jsonld|feed|http|date):\S.*|text:\d+-\d+|text-asymmetry)")
SITES = [f"{letter}-paper.example" for letter in "abcdefg"]


def invented_pages(seed: int, count: int = 20) -> list[Page]:
    """Return pages of seven sites about four stories: copies, parts, rewrites, digests; dated or not, naming or not."""
    chance = random.Random(seed)
    stories = [prose(160 + 40 * number, 100 * seed + number) for number in range(4)]
    pages: list[Page] = []
    for number in range(count):
        story, own = chance.choice(stories), prose(110, 1000 * seed + number)
        sentences = story.split(". ")
        body = chance.choice(
            [
                story,
                ". ".join(sentences[2:8]) + ".",
                f"{story}\n{own}",
                ". ".join(sentences[:6]) + f".\n{own}",
                " ".join(word if place % 4 else f"new{place}{number}" for place, word in enumerate(story.split())),
                "\n".join(chance.sample(stories, 2)),
                own,
            ]
        )
        claim, head = chance.random(), ""
        if claim < 0.15:
            body = f"BERLIN (Reuters) - {body}"
        elif claim < 0.3:
            body += f"\nThis article was originally published by {chance.choice(SITES)}."
        elif claim < 0.45 and pages:
            head = f'<link rel="canonical" href="{chance.choice(pages).url}">'
        day, hour = chance.randint(1, 28), chance.randint(0, 23)
        pages.append(
            Page(
                f"https://{chance.choice(SITES)}/story-{number}",
                html(body, title=f"Headline number {number} of {seed} today", head=head),
                "html",
                "test",
                published=chance.choice([None, f"2024-03-{day:02}", f"2024-03-{day:02}T{hour:02}:00:00Z"]),
                fetched="2024-04-01T10:00:00Z",
            )
        )
    return pages


def stored(folder, *nights):
    """Return a corpus to which `nights` were added one after the other."""
    corpus = Corpus(folder / f"{len(list(folder.iterdir()))}.db")
    for night in nights:
        corpus.add_pages(night)
        corpus.link()
    return corpus


def told(corpus, pages, *, via=True):
    """Return what each page is told: verdict, relation, origin, hop and the part of every other page."""
    found = {}
    for page in pages:
        answer = corpus.lookup(page.url)
        origin = (answer.origin.url or answer.origin.outlet) if answer.origin else None
        found[page.url] = (answer.verdict, answer.relation, origin)
        if via:
            others = sorted((other.url, other.role, other.relation) for other in answer.others)
            found[page.url] += (answer.via.url if answer.via else None, others, answer.cluster is None)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_answers_of_one_store_agree_with_each_other(tmp_path, seed):
    pages = invented_pages(seed)
    with stored(tmp_path, pages) as corpus:
        answers = {number: corpus.lookup(number) for number in corpus.store.articles.ids()}
    for number, answer in answers.items():
        CHECK.validate(json.loads(json.dumps(report.lookup_dict(answer, "r"))))
        parts = {other.id: other.role for other in answer.others}
        assert len(parts) == len(answer.others)
        assert number not in parts
        for item in answer.evidence:
            assert WHERE.fullmatch(item.where), item
            if item.where.startswith("text:"):
                begin, end = map(int, item.where[5:].split("-"))
                assert 0 <= begin < end <= len(answer.article.body)
        if answer.reuse is not None:
            assert 0 < answer.reuse < 1
            assert 0 < answer.direction < 1
        for hop in (answer.origin, answer.via):
            if hop is not None and hop.in_store:
                assert hop.id in answers
                assert hop.id != number
        if answer.via is not None:
            assert answer.via.id != answer.origin.id
        if answer.origin is not None and answer.origin.in_store:
            origin = answers[answer.origin.id]
            assert origin.verdict in ("origin", "repost")
            mine = {other.id: other.role for other in origin.others}
            assert mine.get(number, "repost") in ("repost", "revision")
            assert parts.get(answer.origin.id, "source") in ("source", "revision")
        if answer.verdict == "origin":
            assert {"repost", "revision"} & set(parts.values())
        if answer.cluster is not None:
            same = [one.cluster for one in answers.values() if one.cluster and one.cluster.id == answer.cluster.id]
            assert len(same) == answer.cluster.articles
            assert set(same) == {answer.cluster}


@pytest.mark.parametrize("seed", range(4))
def test_the_order_in_which_pages_are_added_changes_no_answer(tmp_path, seed):
    pages = invented_pages(seed)
    with stored(tmp_path, pages) as corpus:
        expected = told(corpus, pages)
    shuffled = random.Random(seed).sample(pages, len(pages))
    for nights in ([shuffled], [shuffled[::3], shuffled[1::3], shuffled[2::3]]):
        with stored(tmp_path, *nights) as corpus:
            assert told(corpus, pages) == expected


def test_a_story_with_more_copies_than_are_compared_has_one_origin_in_any_order(tmp_path):
    body = prose(250, 1)
    pages = [
        Page(
            f"https://site{number}-paper.example/story",
            html(body if number % 3 else f"{body}\n{prose(60, 900 + number)}", title=f"Headline number {number} today"),
            "html",
            "test",
            published=f"2024-03-{number:02}",
        )
        for number in range(1, 25)
    ]
    pages.append(Page("https://origin-paper.example/story", html(body), "html", "test", published="2024-02-01"))
    for order in (pages, pages[::-1], random.Random(1).sample(pages, len(pages))):
        with stored(tmp_path, order) as corpus:
            found = told(corpus, pages, via=False)
            assert {origin for _, _, origin in found.values()} == {None, "https://origin-paper.example/story"}
            assert [verdict for verdict, _, _ in found.values()].count("origin") == 1
            cluster = corpus.lookup("https://origin-paper.example/story").cluster
            assert (cluster.articles, cluster.independent_sources) == (25, 1)


LETTERS = {
    "English": "abcdefghijklmnoprstuvwy",
    "Chinese": "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面",
    "Thai": "กขคงจฉชซดตถทธนบปผฝพฟภมยรลวสหอฮะาิีุูเแโใไ่้",
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهويىة",
}
SPACED = {"English", "Arabic"}


@some.composite
def two_bodies(draw):
    """Return two bodies of one script that have a stretch in common, with emoji and what nobody sees in between."""
    script = draw(some.sampled_from(sorted(LETTERS)))
    chance = random.Random(draw(some.integers(0, 10_000)))

    def sentence():
        words = ["".join(chance.choices(LETTERS[script], k=chance.randint(2, 7))) for _ in range(14)]
        words.insert(chance.randint(0, 13), chance.choice(["😀", "👩‍👩‍👧", "🇫🇷", "co\u00adop", "e\u0301", "②", "𝔸"]))
        return (" " if script in SPACED else "").join(words) + chance.choice([". ", "。", "! ", " 🙂 "])

    def stretch(length):
        return "".join(sentence() for _ in range(length))

    common = stretch(8)
    ours = stretch(draw(some.integers(0, 6))) + common + stretch(draw(some.integers(0, 6)))
    theirs = stretch(draw(some.integers(0, 6))) + common + stretch(draw(some.integers(0, 6)))
    return ours, theirs


@settings(max_examples=40, deadline=None)
@given(bodies=two_bodies())
def test_passages_cut_the_same_text_from_stored_bodies_in_every_script(tmp_path_factory, bodies):
    ours, theirs = (f"https://{side}-paper.example/story" for side in "xy")
    pages = [
        Page(ours, bodies[0].encode(), "text", "test", published="2024-03-05"),
        Page(theirs, bodies[1].encode(), "text", "test", published="2024-03-01"),
    ]
    with stored(tmp_path_factory.mktemp("scripts"), pages) as corpus:
        found = report.lookup_dict(corpus.lookup(ours), "r", body=True)
        body, source = (corpus.article(url).body for url in (ours, theirs))
    assert (found["verdict"], found["origin"]["url"]) == ("repost", theirs)
    assert (found["article"]["body"], found["shared"]["body"]) == (body, source)
    assert found["shared"]["passages"]
    for passage in found["shared"]["passages"]:
        assert body[slice(*passage["article"])] == passage["article_text"] != ""
        assert source[slice(*passage["source"])] == passage["source_text"] != ""
