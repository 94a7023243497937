"""A page -> its provenance cues: what it says itself of where its text comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from syndet import claims, marks, markup, names, urls, wording
from syndet.dom import Document
from syndet.marks import Own
from syndet.models import Cue, EvidenceKind, Grade, Reference
from syndet.outlets import Listed

# Credits that admit somebody else and name nobody.
_ANYBODY = {
    "news agencies",
    "agencies",
    "wire services",
    "agencias",
    "agenturen",
    "agences",
    "agenzie",
    "agências",
    "agentury",
    "wires",
}
_SENTENCE = re.compile(r"[:;|©]|[.!?。！？…,]\s*$")


def read(
    document: Document | None,
    body: str,
    *,
    url: str,
    site: str | None,
    outlet: str | None,
    title: str | None,
    byline: str | None,
    links: str | None = None,
) -> tuple[Cue, ...]:
    """Return the provenance cues of one page: first those of its text, then those of its markup.

    `body` is the extracted text, `document` the untouched page (None where only text was read), `site` the registrable
    domain of `url`, `outlet` the page's own outlet, `links` the HTTP header Link. A text cue's `text:<begin>-<end>`
    counts code points of `body`.
    """
    people = (byline,) if byline and len(byline) < 60 and not names.reads_as_outlet(byline) else ()
    own = Own(url, site, marks.own_names(document, outlet, site), people)
    said = wording.phrases(body)
    # What the text says of its own outlet is known before the rest is judged.
    selves = [phrase.outlet for phrase in said if phrase.pattern.kind == "own_outlet" and phrase.outlet]
    if not own.site:
        own = replace(own, names=(*own.names, *selves))
    cues = [cue for phrase in said for cue in _phrase(phrase, body, f"text:{phrase.begin}-{phrase.end}", (), own)]
    if byline:
        cues += _byline(byline, _byline_place(document, byline), own)
    if document is not None:
        laid = markup.layout(document, body)
        cues = _blocks(laid, body, cues, own)
        cues += marks.read(document, own, links)
        cues += _unlabelled(laid, cues, own)
        for name, content in document.meta:
            if name in ("author", "byl", "parsely-author", "dc.creator", "sailthru.author", "article:author"):
                cues += _byline(content, f"meta:{name}", own)
    heading = _heading(body, title, own, cues)
    return tuple(marks.strongest(([heading] if heading else []) + cues))


def _phrase(phrase: wording.Phrase, text: str, where: str, links: Sequence[tuple[str, str]], own: Own) -> Iterator[Cue]:
    """Yield the cue of `phrase`, with the address of the link among `links` that belongs to it."""
    pattern = phrase.pattern
    value = text[phrase.begin : phrase.end]
    if pattern.kind == "own_outlet":
        name = phrase.outlet or ""
        if own.site is None or own.is_(name):
            yield Cue("own_outlet", value, where, "self", Reference(outlet=names.pretty(name)))
        return
    url = _link(phrase, links, own)
    if phrase.outlet is not None and phrase.outlet.casefold() in _ANYBODY:
        yield Cue("generic_credit", value, where, "generic")
        return
    if phrase.outlet is None:
        yield from _nameless(phrase, value, where, url, own)
        return
    name, known = _name(phrase, own)
    if own.is_(name):
        yield Cue(pattern.kind, value, where, "self", Reference(outlet=names.pretty(name)))
        return
    if known is not None and known.kind in ("photo", "data"):
        return
    if pattern.grade == "weak" and pattern.kind == "agency_byline" and (known is None or known.kind == "outlet"):
        return
    kind: EvidenceKind = pattern.kind
    if known is not None and known.kind == "release" and kind in ("dateline", "agency_byline"):
        kind = "release_mark"
    grade = marks.text_grade(pattern, name)
    if grade == "named" and pattern.grade == "named?" and not _credits_text(phrase.outlet):
        grade = "weak"
    if grade == "named" and not _written_as_name(name) and url is None and known is None:
        grade = "weak"
    if grade == "weak" and pattern.grade == "named?" and url is not None and _leads_to_a_page_of(name, url):
        # "Fuente: Costa Clara" with a link to an article there: a source of text, whatever it is called.
        grade = "weak" if names.never_text(name) or not _credits_text(phrase.outlet) else "named"
    if grade == "named" and url is not None:
        grade = "linked"
    to = Reference(url if grade == "linked" else None, known.name if known else names.pretty(name), phrase.title)
    yield Cue(kind, value, where, grade, to)


def _nameless(phrase: wording.Phrase, value: str, where: str, url: str | None, own: Own) -> Iterator[Cue]:
    if url is not None and phrase.pattern.kind == "labelled_link":
        who = names.of_site(urls.site(url))
        yield Cue("labelled_link", value, where, "linked", Reference(url, who.name if who else None))
    elif phrase.title:
        yield Cue(
            phrase.pattern.kind,
            value,
            where,
            "linked" if url else "named",
            Reference(url, None, phrase.title),
        )
    else:
        yield Cue(phrase.pattern.kind, value, where, "weak" if phrase.pattern.grade == "weak" else "generic")


def _name(phrase: wording.Phrase, own: Own) -> tuple[str, Listed | None]:
    """Return whom `phrase` names, and who that is when it is known: the first listed one that is not the page's own."""
    raw = phrase.outlet or ""
    if phrase.credited:
        strangers = [who for who in phrase.credited if not own.is_(who.name)]
        first = (strangers or list(phrase.credited))[0]
        return first.name, first
    who = names.lookup(raw)
    if who is None and phrase.pattern.grade == "named?":
        for part in re.split(r"\s?[|/,]\s?|\s[-–—]\s", raw):
            # "Source: Lakeside Echo, kl/dpa": the page's own desk first, then whom it worked from.
            if names.reads_as_outlet(part) and not own.is_(part):
                return part.strip(), names.lookup(part)
    if who is None and (domain := names.domain_of(raw)):
        return raw, names.of_site(domain)
    return raw, who


def _leads_to_a_page_of(name: str, url: str) -> bool:
    """Tell whether an address is one page's, not a whole site's, and the site is called `name`."""
    return "/" in urls.address(url).strip("/") and names.same_outlet(name, urls.site(url))


def _credits_text(text: str) -> bool:
    """Tell whether a source label names texts' sources only: "dpa/Mary Pike" is a photographer's credit."""
    return "/" not in text or wording.signed(text) or names.domain_of(text) is not None


def _written_as_name(name: str) -> bool:
    """Tell whether `name` has a capital, or a script without capitals, or is a domain; else it may be any words."""
    return any(c.isupper() or (c.isalpha() and not c.islower()) for c in name) or names.domain_of(name) is not None


_POINTING = re.compile(
    r"^\W*(?:(?:read |see |view )?(?:the |full |original |)?(?:original|source|article|here|full)|hier|ici|aquí)\b",
    re.I,
)


def _link(phrase: wording.Phrase, links: Sequence[tuple[str, str]], own: Own) -> str | None:
    """Return the address that `phrase` gives: of the link called "original article" or "here", else by the name."""
    best: tuple[int, str] | None = None
    for label, href in links:
        found = markup.elsewhere(href, own.url, own.site)
        if found is None:
            continue
        if phrase.outlet and label and (label in phrase.outlet or phrase.outlet in label):
            rank = 1
        elif _POINTING.match(label):
            rank = 0 if not phrase.outlet or names.same_outlet(phrase.outlet, urls.site(found)) else 2
        elif phrase.title and label and label in phrase.title:
            rank = 0
        elif phrase.outlet and names.same_outlet(phrase.outlet, urls.site(found)):
            rank = 1
        elif phrase.pattern.kind == "labelled_link":
            rank = 3
        else:
            continue
        if best is None or rank < best[0]:
            best = (rank, found)
    return best[1] if best else None


def _byline(byline: str, where: str, own: Own) -> Iterator[Cue]:
    text = " ".join(byline.split())
    if not 1 < len(text) < 160 or text.startswith("http"):
        return
    found = marks.agency_of(text, own)
    if found:
        kind: EvidenceKind = "release_mark" if found[0].kind == "release" else "agency_byline"
        yield Cue(kind, text, where, "named", Reference(outlet=found[0].name))


def _byline_place(document: Document | None, byline: str) -> str:
    for name, content in document.meta if document is not None else ():
        if content == byline:
            return f"meta:{name}"
    return "meta:author"


def _blocks(laid: markup.Layout, body: str, cues: list[Cue], own: Own) -> list[Cue]:
    """Return `cues` with addresses from the page's links, and the cues of blocks that the body lacks."""
    at = {_letters(cue.value): number for number, cue in enumerate(cues) if cue.where.startswith("text:")}
    known = list(cues)
    for block in markup.blocks(laid, body, own.url):
        found = wording.phrases(block.text, keyless=block.lead, keys=None if block.lead else block.keys)
        links = block.links if found else ()
        for phrase in found:
            for cue in _phrase(phrase, block.text, block.where, links, own):
                same = at.get(_letters(cue.value))
                if same is not None:
                    # The body has these words already; the page adds where their link leads.
                    if cue.grade == "linked" and known[same].grade in ("named", "generic", "weak"):
                        known[same] = replace(known[same], grade="linked", points_to=cue.points_to)
                elif phrase.pattern.place != "end" or block.after or block.byline:
                    # A source label above or between the paragraphs is a picture's, unless the markup says otherwise.
                    known.append(cue)
        if block.byline and len(block.text) < 160:
            known += _byline(block.text, block.where, own)
    return known


def _unlabelled(laid: markup.Layout, cues: Sequence[Cue], own: Own) -> Iterator[Cue]:
    """Yield the links and pictures that the text has from other sites, but where a clearer cue leads there."""
    clear = {urls.address(cue.points_to.url) for cue in cues if cue.points_to and cue.points_to.url}
    for address, node in markup.outward(laid, own.url, own.site).items():
        if urls.address(address) not in clear:
            label = " ".join("".join(node.itertext()).split()) or node.get("alt") or address
            where = f"dom:{node.getroottree().getpath(node)}"
            yield Cue("unlabelled_link", label[:80], where, "weak", Reference(address))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _heading(body: str, title: str | None, own: Own, cues: Sequence[Cue]) -> Cue | None:
    """Return the cue of a first line that is nothing but another outlet's name.

    Alone it is weak: section names and kickers look alike. It names the origin where the page says elsewhere that
    there is one and does not say which.
    """
    match = re.search(r"[^\s][^\n]*", body[:400])
    line = match[0].rstrip() if match else ""
    words = line.split()
    if (
        match is None
        or not 1 <= len(words) <= 6
        or len(line) > 50
        or _SENTENCE.search(line)
        or re.search(r"\d{3}", line)
    ):
        return None
    # A name is written in capitals throughout, or (as in the founding example) without any.
    if line != line.lower() and any(w[:1].islower() and w not in names.SMALL for w in words):
        return None
    who = names.lookup(line)
    if not names.reads_as_outlet(line) or (who is None and len(words) == 1) or own.is_(line):
        return None
    if title and _letters(title).startswith(_letters(line)):
        return None
    others = [c for c in cues if c.kind in claims.TRUST or c.kind in ("generic_credit", "labelled_link")]
    admits = [c for c in others if c.grade in ("linked", "named", "generic")]
    named = [c for c in admits if c.points_to and (c.points_to.outlet or c.points_to.url)]
    if named and not any(
        c.points_to and claims.agree(Reference(outlet=names.pretty(line)), c.points_to) for c in named
    ):
        admits = []
    grade: Grade = "named" if admits else "weak"
    where = f"text:{match.start()}-{match.start() + len(line)}"
    return Cue("heading_outlet", line, where, grade, Reference(outlet=names.pretty(line)))
