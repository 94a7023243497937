"""Small builders: invented prose, articles and pages, the same for the same arguments."""

import json
import random
from pathlib import Path

from syndet import cues, letters, urls
from syndet.models import Article, Cue, Page, Reference

SYLLABLES = "ka lo mi ren tas vel dor fin gar hul jin kor lam nev pol qua rid sol tam ur".split()
SMALL = "the of and to in that for with on by at from as was it is are has been which".split()


def prose(words: int = 120, seed: int = 0) -> str:
    """Return `words` words of invented prose; different seeds share no content."""
    chance = random.Random(seed)
    names = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) + f"{seed:x}" for _ in range(words)]
    sentences, here = [], []
    for number in range(words):
        here.append(chance.choice(SMALL) if number % 3 == 2 else names[number])
        if len(here) == 15 or number == words - 1:
            sentences.append(" ".join(here).capitalize() + ".")
            here = []
    return " ".join(sentences)


def article(
    body: str | None = None, *, words: int = 120, seed: int = 0, site: str = "a.example", path: str | None = None,
    number: int | None = None, outlet: str | None = None, **known: object,
) -> Article:  # fmt: skip
    """Return an article on `site`; `number` is its id."""
    body = prose(words, seed) if body is None else body
    url = f"https://{site}/{path or f'story-{seed}'}"
    known.setdefault("words", letters.count(body))
    return Article(url=url, body=body, site=urls.site(url), outlet=outlet, id=number, **known)


def names(
    outlet: str | None = None, *, url: str | None = None, title: str | None = None, kind: str = "attribution_line"
) -> Cue:
    """Return a cue that names an origin."""
    return Cue(kind, "as it stands", "text:0-5", "linked" if url else "named", Reference(url, outlet, title))


def html(body: str, *, title: str = "A headline of some words", head: str = "") -> bytes:
    """Return a plain news page around `body`, a paragraph a line."""
    paragraphs = "".join(f"<p>{line}</p>" for line in body.split("\n"))
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>{head}</head>"
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    ).encode()


def page(body: str, url: str = "https://a.example/story", **known: object) -> Page:
    """Return an HTML page as a source would hand it over."""
    known.setdefault("fetched", "2024-03-05T10:00:00Z")
    return Page(url, html(body, **{k: known.pop(k) for k in ("title", "head") if k in known}), "html", "test", **known)


def read_cues(body: str) -> tuple[Cue, ...]:
    """Return the cues of a plain text."""
    return cues.read(None, body, url="", site=None, outlet=None, title=None, byline=None)


def record(number: int, body: str | None = None, **known: object) -> dict:
    text = prose(120, number) if body is None else body
    return {"url": f"https://site{number % 7}.example/{number}", "text": text, "title": f"Story {number}"} | known


def write(path: Path, *records: dict) -> str:
    path.write_text("".join(json.dumps(one) + "\n" for one in records))
    return str(path)
