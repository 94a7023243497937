"""What a page's meta tags, links, JSON-LD and republication marks say of its origin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from syndet import names, urls, wording
from syndet.dom import Document
from syndet.markup import absolute, elsewhere
from syndet.models import Cue, EvidenceKind, Grade, Reference
from syndet.outlets import Listed

_SYNDICATION = {
    "syndication-source", "original-source", "syndication_source", "original_source", "syndication_permalink",
    "syndication_source_uri", "dc.source", "dcterms.source", "dc.relation.isversionof", "article:original_url",
    "original-url", "source-url", "article:canonical",
}  # fmt: skip
_SOURCE_NAMES = {
    "source", "article:source", "news_source", "contentsource", "content-source", "article.source", "source-org",
    "provider", "content-provider", "article:provider", "syndication_source_name", "sailthru.source",
}  # fmt: skip
_SELF = {"og:url", "twitter:url", "parsely-link"}
_ARTICLE = re.compile(r"(?:article|posting|report|reportage)$", re.IGNORECASE)
_PART = re.compile(
    r"\.(?:itemListElement|hasPart|mentions|itemReviewed|review|about|comment|isPartOf|relatedLink|image|video)\b"
)
_PIXEL = re.compile(r"[?&]republication-pixel=true", re.IGNORECASE)
_COUNTER = re.compile(r"counter\.theconversation\.(?:com|edu\.au)/content/(\d{2,9})/")
# A note about an author ("She worked for Reuters") is no byline.
_SENTENCE = re.compile(r"\b(?:is|was|are|has|have|worked|works|covers|covered|writes|wrote|joined|ist|war|est|fue)\b")
_HEADER = re.compile(r"^(.{3,40}?) (?:header|masthead)$", re.IGNORECASE)
# A link of the header, `<target>; name=value; ...`; its relations in quotation marks or a single one without.
_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_RELATION = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)
_LABEL = re.compile(r"^(?:source|来源|來源|quelle|fonte|fuente)\s?[:：]\s?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Own:
    """The page itself: its address, site (registrable domain) and the names its outlet goes by."""

    url: str
    site: str | None
    names: tuple[str, ...]
    people: tuple[
        str, ...
    ] = ()  # who wrote it: "originally published by Mary Pike" on her own page credits nobody else

    def is_(self, name: str) -> bool:
        """Tell whether `name` is this page's own outlet."""
        return names.same_outlet(name, self.site, (*self.names, *self.people))


def read(document: Document, own: Own, links: str | None = None) -> Iterator[Cue]:
    """Yield the cues of everything on the page that is not its text, and of `links`, the HTTP header Link."""
    yield from _sent(links or "", own)
    yield from _links(document, own)
    yield from _metas(document, own)
    yield from _structured(document, own)
    yield from _republication(document, own)
    yield from _alternate_text(document, own)


def _points(url: str, own: Own) -> Reference:
    """Return a reference to `url`, with its outlet where the site is known or is a sister of the page's own."""
    site = urls.site(url)
    who = names.of_site(site)
    if who is not None:
        return Reference(url=url, outlet=who.name)
    return Reference(url=url, outlet=own.names[0] if own.names and _sister(site, own) else None)


def _sister(site: str | None, own: Own) -> bool:
    return bool(site and own.site and site.split(".")[0] == own.site.split(".")[0])


def _grade(url: str, own: Own) -> Grade:
    """Return "self" for the same path under another ending of the page's own name, "linked" for any other address.

    businessinsider.com/x that points to businessinsider.de/x is one article at two addresses of one brand.
    """
    same = urlsplit(url).path.rstrip("/") == urlsplit(own.url).path.rstrip("/")
    return "self" if same and _sister(urls.site(url), own) else "linked"


def _sent(links: str, own: Own) -> Iterator[Cue]:
    """Yield the canonical address on another site that came with the page (RFC 8288, RFC 6596)."""
    for target, parameters in _LINK.findall(links):
        relation = _RELATION.search(parameters)
        if relation is None or "canonical" not in (relation[1] or relation[2]).lower().split():
            continue
        found = elsewhere(target.strip(), own.url, own.site)
        if found is not None:
            yield Cue("canonical", target.strip(), "http:link", _grade(found, own), _points(found, own))


def _links(document: Document, own: Own) -> Iterator[Cue]:
    """Yield canonical addresses on another site, the page's own address when it wraps another, and u-repost-of."""
    root = document.tree.getroottree()
    for node in document.tree.iter("link", "a"):
        labels = node.get("rel"), node.get("class")
        if labels == (None, None):
            continue
        rel = (labels[0] or "").lower().split()
        repost = "u-repost-of" in (labels[1] or "")
        if not repost and "canonical" not in rel and not ("via" in rel and node.tag == "link"):
            continue
        found = elsewhere(node.get("href"), own.url, own.site)
        if found is not None:
            kind: EvidenceKind = "canonical" if "canonical" in rel else "labelled_link"
            yield Cue(
                kind, node.get("href").strip(), "dom:" + root.getpath(node), _grade(found, own), _points(found, own)
            )
    wrapped = re.search(r"(?<=.)https?(?::|%3a)(?:/|%2f){1,2}.+", own.url[8:], re.IGNORECASE)
    if wrapped:
        inner = re.sub(r"^(https?:)/+", r"\1//", unquote(wrapped[0].split("&")[0] if "%" in wrapped[0] else wrapped[0]))
        # In a query it is a redirect or a tracking value; as part of the path the page is a mirror of that address.
        if own.url.find(wrapped[0]) < (own.url.find("?") if "?" in own.url else len(own.url)):
            found = elsewhere(inner, own.url, own.site)
            if found is not None:
                yield Cue("page_address", wrapped[0], "http:address", _grade(found, own), _points(found, own))


def _metas(document: Document, own: Own) -> Iterator[Cue]:
    canonical = any(
        "canonical" in (node.get("rel") or "").lower()
        and urls.site(absolute(node.get("href"), own.url) or "") == own.site
        for node in document.tree.iter("link")
    )
    for name, content in document.meta:
        where = f"meta:{name}"
        if name in _SYNDICATION:
            yield from _syndication(content, where, own)
        elif name in _SELF:
            found = elsewhere(content, own.url, own.site)
            if found is not None:
                # A page that calls itself canonical and og:url another one is at odds with itself.
                yield Cue(
                    "page_address", content, where, "weak" if canonical else _grade(found, own), _points(found, own)
                )
        elif name in _SOURCE_NAMES:
            yield from _source_name(content, where, own)


def _syndication(content: str, where: str, own: Own) -> Iterator[Cue]:
    found = elsewhere(content, own.url, own.site)
    if found is not None:
        yield Cue("syndication_source", content, where, _grade(found, own), _points(found, own))
        return
    domain = names.domain_of(content)
    who = names.lookup(content)
    if domain is None and who is None:
        return
    if own.is_(content) or (domain is not None and domain == own.site):
        yield Cue("syndication_source", content, where, "self")
    elif who is None or who.kind not in ("photo", "data"):
        yield Cue("syndication_source", content, where, "named", Reference(outlet=who.name if who else domain))


def _source_name(content: str, where: str, own: Own) -> Iterator[Cue]:
    name = _LABEL.sub("", content).strip()
    if not name or len(name) > 60 or names.never_text(name):
        return
    if own.is_(name):
        yield Cue("attribution_line", content, where, "self", Reference(outlet=name))
        return
    who = names.lookup(name)
    grade: Grade = "named" if who is not None or re.search(r"[\u3400-\u9fff]", name) else "weak"
    yield Cue("attribution_line", content, where, grade, Reference(outlet=who.name if who else name))


def _structured(document: Document, own: Own) -> Iterator[Cue]:
    """Yield the cues of the article in the JSON-LD and the microdata of a page."""
    for path, node in (*document.jsonld, *_items(document)):
        types = node.get("@type")
        kinds = types if isinstance(types, list) else [types]
        if not any(isinstance(kind, str) and _ARTICLE.search(kind) for kind in kinds) or _PART.search("." + path):
            continue
        for key in ("isBasedOn", "isBasedOnUrl", "translationOfWork"):
            for value in _each(node.get(key)):
                found = elsewhere(_address(value), own.url, own.site)
                if found is not None:
                    yield Cue("based_on", found, f"{_place(path)}.{key}", _grade(found, own), _points(found, own))
        for key in ("url", "mainEntityOfPage", "sameAs"):
            for value in _each(node.get(key)):
                found = elsewhere(_address(value), own.url, own.site)
                if found is not None:
                    yield Cue("page_address", found, f"{_place(path)}.{key}", "weak", _points(found, own))
        yield from _organizations(path, node, own)


def _items(document: Document) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Return the article of the microdata; none where there are several, since teasers are articles, too."""
    articles = [item for item in document.microdata if _ARTICLE.search(item[1]["@type"])]
    return tuple(articles) if len(articles) == 1 else ()


def _place(path: str) -> str:
    """Return where a node of structured data is: an XPath is that of an item of microdata."""
    return f"microdata:{path}" if path.startswith("/") else f"jsonld:{path}"


def _organizations(path: str, node: dict[str, Any], own: Own) -> Iterator[Cue]:
    for key in (
        "sourceOrganization",
        "provider",
        "publisher",
        "author",
        "creator",
        "creditText",
        "copyrightHolder",
    ):
        for value in _each(node.get(key)):
            name = value if isinstance(value, str) else value.get("name") if isinstance(value, dict) else None
            if not isinstance(name, str) or not 1 < len(name.strip()) < 80 or names.never_text(name):
                continue
            who = names.lookup(name)
            where = f"{_place(path)}.{key}"
            person = key in ("author", "creator")
            if own.is_(name):
                if key == "sourceOrganization":
                    yield Cue("source_organization", name, where, "self", Reference(outlet=name))
            elif who is not None and who.kind in ("agency", "release"):
                kind: EvidenceKind = "agency_byline" if person else "source_organization"
                yield Cue(kind, name, where, "weak" if key == "publisher" else "named", Reference(outlet=who.name))
            elif not person:
                # A publisher or holder with another name is mostly the company that owns the outlet.
                grade: Grade = "named" if key == "sourceOrganization" and names.reads_as_outlet(name) else "weak"
                yield Cue("source_organization", name, where, grade, Reference(outlet=names.pretty(name)))


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _address(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("url") or value.get("@id")
    return value if isinstance(value, str) and value.startswith(("http", "//")) else None


def _republication(document: Document, own: Own) -> Iterator[Cue]:
    """Yield the counters and trackers that an origin asks those who republish it to carry."""
    root = document.tree.getroottree()
    for node in document.tree.iter("img", "script", "iframe"):
        source = node.get("src") or node.get("data-src") or node.get("data-lazy-src") or ""
        if "theconversation" not in source and "propublica" not in source and "republication-pixel" not in source:
            continue
        reference = _mark(source)
        if reference is None or (reference.outlet and own.is_(reference.outlet)):
            continue
        if reference.url and urls.site(reference.url) == own.site:
            continue
        grade: Grade = "linked" if reference.url else "named"
        yield Cue("republication_mark", source, "dom:" + root.getpath(node), grade, reference)


def _mark(source: str) -> Reference | None:
    if _COUNTER.search(source):
        return Reference(outlet="The Conversation")
    if "pixel.propublica.org" in source:
        return Reference(outlet="ProPublica")
    if _PIXEL.search(source):
        parts = urlsplit(source if "://" in source else "https:" + source)
        post = parse_qs(parts.query).get("post", [""])[0]
        site = urls.site(parts.netloc)
        who = names.of_site(site)
        # WordPress answers at /?p=<post> with the post itself, whatever its address looks like.
        url = f"https://{parts.netloc}/?p={post}" if post.isdigit() and parts.netloc else None
        return Reference(url=url, outlet=who.name if who else site)
    return None


def _alternate_text(document: Document, own: Own) -> Iterator[Cue]:
    """Yield a weak cue for a picture called "<Outlet> Header" or "<Outlet> logo" that is not the page's own."""
    for node in document.tree.iter("img"):
        match = _HEADER.match((node.get("alt") or "").strip())
        if match and names.reads_as_outlet(match[1]) and not own.is_(match[1]):
            where = "dom:" + node.getroottree().getpath(node)
            yield Cue("heading_outlet", match[0], where, "weak", Reference(outlet=names.pretty(match[1])))


def own_names(document: Document | None, outlet: str | None, site: str | None) -> tuple[str, ...]:
    """Return the names by which the page calls its own outlet, the given one first."""
    found = [outlet] if outlet else []
    if document is not None:
        found += [content for name, content in document.meta if name in ("og:site_name", "application-name")]
        for path, node in document.jsonld:
            publisher = node.get("publisher")
            name = publisher.get("name") if isinstance(publisher, dict) else None
            if isinstance(name, str) and "." not in path.replace("@graph.", ""):
                who = names.lookup(name)
                # An agency as publisher of another site's page is a sign, not a name of that site.
                if who is None or who.kind == "outlet" or (site and site in who.domains):
                    found.append(name)
    # The section after a dash or bar is a slogan: "Aktualne - the news".
    short = [re.split(r"\s[-–—|:]\s", name)[0] for name in found]
    return tuple(dict.fromkeys(name.strip() for name in (*found, *short) if 1 < len(name.strip()) < 80))


def agency_of(byline: str, own: Own) -> tuple[Listed, ...]:
    """Return the agencies that `byline` names as the writer, in order; none where it only names people or this outlet.

    "Jane Doe, Associated Press", "Reuters", "AFP/Reuters", "Le Monde avec AFP"; not "Jane Doe with Reuters".
    """
    bare = re.sub(
        r"^\W*(?:by|von|por|par|di|da|de|door|av|af|od|autor:?|text:?|(?:source|quelle|fuente|fonte|bron|zdroj|źródło)\s?:?)\s+",
        "",
        byline.strip(),
        flags=re.I,
    )
    if _SENTENCE.search(bare) or len(bare.split()) > 14:
        return ()
    mixed = re.search(r"\b(?:with|mit|con|avec|com|og|och)\b", bare, re.I)
    head = bare[: mixed.start()].strip(" ,(") if mixed else ""
    if (
        head
        and not own.is_(head)
        and names.lookup(head) is None
        and not re.match(r"(?:la )?(?:r[eé]da|online|web|news)", head, re.I)
    ):
        return ()
    found = [who for who in names.listed(bare) if who is not None and who.kind in ("agency", "release")]
    parts = [part.strip() for part in re.split(r"[/,]", bare)]
    known = (re.fullmatch(r"[a-zäöü]{1,4}", part) or names.lookup(part) or own.is_(part) for part in parts)
    if "/" in bare and " / " not in bare and not all(known):
        # "dpa/Mary Pike" and "Mary Pike/AFP" are how photographers are credited.
        return ()
    if not found:
        last = re.search(
            r"(?:^|\s)((?:the )?(?:associated press|reuters|bloomberg(?: news)?|agence france-presse))\W*$",
            bare,
            re.I,
        )
        found = [who] if last and (who := names.lookup(last[1])) else []
    return tuple(who for who in found if not own.is_(who.name))


def text_grade(pattern: wording.Pattern, name: str) -> Grade:
    """Return how much a phrase of `pattern` that names `name` says."""
    if pattern.grade == "named?":
        # An unknown domain is as often a data source as a newspaper.
        bare = names.domain_of(name) is not None and names.lookup(name) is None
        return "named" if names.reads_as_outlet(name) and not bare else "weak"
    if pattern.grade == "source":
        return "weak" if names.never_text(name) else "named"
    return pattern.grade  # type: ignore[return-value]


def strongest(cues: Sequence[Cue]) -> list[Cue]:
    """Return `cues` without those that say again, at the same place or in the same words, what another one says."""
    kept: dict[tuple[str, str, str | None, str | None], Cue] = {}
    order = {"linked": 0, "named": 1, "generic": 2, "self": 2, "weak": 3}
    for cue in cues:
        to = cue.points_to or Reference()
        key = (cue.kind, cue.value.casefold(), to.outlet, to.title)
        other = kept.get(key)
        if other is None or order[cue.grade] < order[other.grade]:
            kept[key] = cue
    return list(kept.values())
