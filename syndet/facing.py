"""The record of an exhibit and its two texts -> one HTML page that needs nothing else: what they share, side by side.

No script, no address that is followed, nothing from elsewhere; whatever came from a page goes through `plots.text` or
`_shown`. The same record and texts give the same page, byte for byte.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from syndet.permits import CALLED
from syndet.plots import text
from syndet.printable import plural

Record = Mapping[str, Any]

# What steers the direction of reading could show a text otherwise than it is. Joiners stay: some scripts need them.
_STEERING = dict.fromkeys(
    (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)), " "
)
_COLOURS = 4
_STATES = {
    "repost": "The first text goes back to the second.",
    "revision": "Both are versions of one story on one site.",
    "sibling": "Both texts go back to a third.",
    "possible": "The two share text; whether there was reuse, or which way, is open.",
}
_SIDES = (("article", "a", "The text in question"), ("source", "s", "What it was compared with"))
_FACTS = ("url", "outlet", "title", "byline", "published", "fetched", "stored", "version", "language", "words")
_CALLED = {"url": "address", "words": "words", "stored": "stored (UTC)"}


def page(record: Record, article: str, source: str) -> str:
    """Return the page of an exhibit."""
    style = "".join(files("syndet").joinpath(f"data/{name}.css").read_text("utf-8") for name in ("page", "exhibit"))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    bodies = {"article": article, "source": source}
    parts = (_head, _figures, _evidence, _texts, _sides_told, _store, _made)
    body = "\n".join(line for part in parts for line in part(record, bodies))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n<title>Exhibit: {text(_name(record["article"]))}</title>\n'
        f"<style>{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _name(side: Record) -> str:
    title, outlet = side["title"], side["outlet"] or side["site"]
    return " · ".join(filter(None, (f"“{title}”" if title else None, outlet))) or side["url"]


def _head(record: Record, _: Record) -> Iterator[str]:
    found = record["comparison"]
    state = _STATES.get(found["state"] or "", "Nothing that is a sign of reuse ties the two.")
    relation = f" ({text(found['relation'].replace('_', ' '))})" if found["relation"] else ""
    if found["state"] == "repost" and (found["probability"]["origin"] or 0.0) < 0.5:
        state = "The second text goes back to the first."
    yield "<h1>Exhibit: two texts, and what they share</h1>"
    for name, _side, called in _SIDES:
        yield f"<p><b>{called}:</b> <bdi>{text(_name(record[name]))}</bdi></p>"
    yield f"<p>{state}{relation}</p>"
    licence = record["store"]["answer"].get("licence")
    if licence:
        yield f"<p><b>Licence: {CALLED[licence['state']]}.</b> {text(licence['why'])}</p>"
    yield (
        f'<p class="note">Exported {text(record["exported"])} by syndet {text(record["made_with"]["syndet"])}. '
        "<code>syndet check</code> and the name of this folder verify it without the store it came from.</p>"
    )


def _figures(record: Record, _: Record) -> Iterator[str]:
    found = record["comparison"]
    shared, sure = found["shared"], found["probability"]
    cards = (
        ("Share of the first text", _percent(shared["containment_in_source"])),
        ("Share of the second", _percent(shared["containment_of_source"])),
        ("Words in common", f"{shared['words']:,}"),
        ("Outside quotation marks", f"{shared['words_unquoted']:,}"),
        ("Longest run, words", f"{shared['longest_run']:,}"),
        ("Jaccard similarity", f"{shared['jaccard']:.4f}"),
        ("Text was reused", _percent(sure["reuse"])),
        ("The second is the origin", _percent(sure["origin"]) if sure["origin"] is not None else "–"),
    )
    inside = "".join(f'<div class="head"><span>{name}</span><b>{value}</b></div>' for name, value in cards)
    yield f'<h2>Figures</h2><div class="heads">{inside}</div>'
    yield '<p class="note">The last two are probabilities. Tables, quotations and what sites print on every page are no'
    yield "sign of reuse; how each figure is made stands in docs/contract.md of syndet.</p>"


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _evidence(record: Record, _: Record) -> Iterator[str]:
    rows = [
        [text(item["kind"].replace("_", " ")), f"<bdi>{text(item['value'])}</bdi>", text(item["where"]),
         text(item["grade"]), f"{item['weight']:+.2f}" if item["weight"] else "–"]
        for item in record["comparison"]["evidence"]
    ]  # fmt: skip
    yield "<h2>How it is known</h2>"
    yield _table(["Sign", "As it stands", "Place", "Grade", "Weight"], rows) if rows else "<p>There is no sign.</p>"
    yield '<p class="note">Weights are log-odds; a positive one speaks for the second text as the origin.</p>'


def _texts(record: Record, bodies: Record) -> Iterator[str]:
    passages = record["comparison"]["shared"]["passages"]
    yield f"<h2>The texts</h2><p>{plural(len(passages), 'shared passage')}, numbered; a dashed line: it was reworded."
    yield "Each leads to its twin.</p>"
    yield '<div class="sides">'
    for name, letter, called in _SIDES:
        spans = [(*passage[name], passage["kind"]) for passage in passages]
        language = record[name]["language"] or ""
        lang = f' lang="{language}"' if re.fullmatch(r"[a-z]{2,3}", language) else ""
        yield f'<section><h3>{called}</h3><div class="text" dir="auto"{lang}>'
        yield from _marked(bodies[name], spans, letter, "s" if letter == "a" else "a")
        yield "</div></section>"
    yield "</div>"


def _marked(body: str, spans: Sequence[tuple[int, int, str]], here: str, there: str) -> Iterator[str]:
    """Yield the paragraphs of a body, its passages marked; where two overlap, the first that begins has the words."""
    owner: list[tuple[int, int, int]] = []  # begin, end, number
    at = 0
    for begin, end, number in sorted((begin, end, number) for number, (begin, end, _) in enumerate(spans)):
        if end > max(at, begin):
            owner.append((max(at, begin), end, number))
            at = end
    met = set[int]()
    start = 0
    for line in body.split("\n"):
        stop, pieces = start + len(line), []
        at = start
        for begin, end, number in owner:
            begin, end = max(begin, start), min(end, stop)
            if begin >= end:
                continue
            pieces.append(_shown(body[at:begin]))
            first = number not in met
            met.add(number)
            changed = " changed" if spans[number][2] == "changed" else ""
            label = f"<sup>{number + 1}</sup>" if first else ""
            place = f' id="{here}{number + 1}"' if first else ""
            pieces.append(
                f'<a class="p k{number % _COLOURS}{changed}"{place} href="#{there}{number + 1}">{label}'
                f"{_shown(body[begin:end])}</a>"
            )
            at = end
        pieces.append(_shown(body[at:stop]))
        if line.strip():
            yield f'<p dir="auto">{"".join(pieces)}</p>'
        start = stop + 1


def _shown(words: str) -> str:
    return escape(words.translate(_STEERING))


def _sides_told(record: Record, _: Record) -> Iterator[str]:
    yield '<h2>The two pages</h2><div class="sides">'
    for name, _letter, called in _SIDES:
        side = record[name]
        yield f"<section><h3>{called}</h3><dl>"
        for key in _FACTS:
            value = text(str(side[key])) if side[key] is not None else "–"
            yield f"<dt>{_CALLED.get(key, key)}</dt><dd><bdi>{value}</bdi></dd>"
        yield f"<dt>text, SHA-256</dt><dd><code>{text(side['text']['sha256'])}</code></dd>"
        yield from _bytes(side)
        yield "</dl>"
        rows = [[text(one["says"]), text(one["iso"]), f"<bdi>{text(one['value'])}</bdi>", text(one["source"])]
                for one in side["dates"]]  # fmt: skip
        yield "<h3>Dates it states</h3>" + (
            _table(["Of", "Date", "As written", "Place"], rows) if rows else "<p>None.</p>"
        )
        rows = [[text(one["kind"].replace("_", " ")), f"<bdi>{text(one['value'])}</bdi>", text(one["where"]),
                 text(one["grade"])] for one in side["cues"]]  # fmt: skip
        yield "<h3>What it says of its origin</h3>" + (
            _table(["Sign", "As it stands", "Place", "Grade"], rows) if rows else "<p>Nothing.</p>"
        )
        yield "</section>"
    yield "</div>"


def _bytes(side: Record) -> Iterator[str]:
    kept, tags = side["page"], side["licence_tags"]
    if kept is None:
        yield "<dt>page</dt><dd>its bytes were not kept, so what was read of it cannot be read again</dd>"
    else:
        yield f"<dt>page</dt><dd>{kept['bytes']:,} bytes, in {text(kept['file'])}</dd>"
        yield f"<dt>page, SHA-256</dt><dd><code>{text(kept['sha256'])}</code></dd>"
        if kept["differs"]:
            told = ", ".join(kept["differs"])
            yield f"<dt>note</dt><dd>of these bytes, other {text(told)} are read now than were stored</dd>"
    if tags is None:
        yield "<dt>licence tags</dt><dd>not known</dd>"
    for tag in tags or []:
        yield f"<dt>{text(tag['name'])}</dt><dd><bdi>{text(tag['value'])}</bdi> ({text(tag['where'])})</dd>"
    if tags == []:
        yield "<dt>licence tags</dt><dd>none</dd>"


def _store(record: Record, _: Record) -> Iterator[str]:
    kept = record["store"]
    link, answer = kept["link"], kept["answer"]
    yield '<h2>What the store said</h2><p class="note">As it was at the time of export. Other pages and people have a'
    yield "say in it, so it cannot be made again from these two pages alone.</p>"
    origin = answer["origin"] or {}
    named = " · ".join(
        filter(None, (origin.get("title"), origin.get("outlet") or origin.get("site"), origin.get("url")))
    )
    rows = [["Answer about the first page", text(str(answer["verdict"]).replace("_", " "))]]
    rows += [["Its origin", f"<bdi>{text(named)}</bdi>"]] if named else []
    if answer["probability"]:
        sure = answer["probability"]
        rows.append(["How sure", f"reuse {_percent(sure['reuse'])}, origin {_percent(sure['origin'])}"])
    if link is not None:
        told = (
            f"{link['state']}, {link['relation']}, reuse {_percent(link['reuse'])}, origin {_percent(link['origin'])}"
        )
        rows.append(["Link of the two, when it was made", text(told.replace("_", " "))])
    yield _table(["", ""], rows)
    said = [[text(one["said"]), f"<bdi>{text(one['who'])}</bdi>", text(one["verdict"]),
             text(f"{one['repost']} has text of {one['origin']}"), f"<bdi>{text(one['why'])}</bdi>"]
            for one in kept["reviews"]]  # fmt: skip
    yield "<h3>Reviews of the pair</h3>" + (
        _table(["When", "Who", "Verdict", "Of", "Why"], said) if said else "<p>Nobody reviewed it.</p>"
    )


def _made(record: Record, _: Record) -> Iterator[str]:
    made = record["made_with"]
    rows = [[name, text(str(made[name]))] for name in ("syndet", "recipe", "python", "unicode")]
    rows += [[text(name), text(value)] for name, value in sorted(made["libraries"].items())]
    yield "<h2>Made with</h2>" + f'<div class="narrow">{_table(["", "Version"], rows)}</div>'
    yield "<h2>How to verify it</h2><p><code>sha256sum -c SHA256SUMS</code>, in this folder, checks every file.</p>"
    yield "<p><code>syndet check FOLDER</code> does the same, names the byte that was changed, aligns the texts again,"
    yield "compares every figure, reads the pages again where their bytes are here, and makes this page again. It needs"
    yield "neither network nor store.</p>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; `rows` hold markup, `head` words."""
    first = f"<tr>{''.join(f'<th>{text(name)}</th>' for name in head)}</tr>" if any(head) else ""
    rest = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="scroll"><table>{first}{rest}</table></div>'
