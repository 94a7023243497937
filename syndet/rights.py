"""A parsed page -> what it says of its licence and of who holds the rights, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from syndet.dom import Document

# In structured data (schema.org), and the names of meta tags.
_KEYS = (
    "license", "usageInfo", "acquireLicensePage", "conditionsOfAccess", "copyrightHolder", "copyrightNotice",
    "copyrightYear", "creditText", "isAccessibleForFree",
)  # fmt: skip
_NAMES = frozenset(
    "copyright rights license dc.rights dcterms.rights dc.rights.license dcterms.license dcterms.rightsholder "
    "dc.rightsholder dcterms.accessrights rights-standard twc:copyright og:license cc:license".split()
)
_RELATIONS = frozenset(("license", "copyright", "acquire-license"))
LONGEST = 500  # characters of a value
MOST = 50  # tags of a page: a licence is said once or twice


@dataclass(frozen=True, slots=True)
class Tag:
    """A licence tag. `where` is as that of a cue: `meta:<name>`, `jsonld:<path>`, `dom:<xpath>`."""

    name: str
    value: str
    where: str


def read(document: Document) -> tuple[Tag, ...]:
    """Return the licence tags of a page: of its head, of its structured data, of its links; each value once a place."""
    found = dict.fromkeys(tag for part in (_metas, _jsonld, _links) for tag in part(document) if tag.value)
    return tuple(found)[:MOST]


def _metas(document: Document) -> Iterator[Tag]:
    for name, content in document.meta:
        if name in _NAMES:
            yield _tag(name, content, f"meta:{name}")


def _jsonld(document: Document) -> Iterator[Tag]:
    for path, node in document.jsonld:
        for key in _KEYS:
            for value in node[key] if isinstance(node.get(key), list) else [node.get(key)]:
                told = _plain(value)
                if told:
                    yield _tag(key, told, f"jsonld:{path}.{key}")


def _plain(value: Any) -> str:
    """Return what a value comes to: itself, or the address or name of what it describes."""
    if isinstance(value, dict):
        value = next((value[key] for key in ("url", "@id", "name") if isinstance(value.get(key), str)), "")
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (str, int)) else ""


def _links(document: Document) -> Iterator[Tag]:
    root = document.tree.getroottree()
    for node in document.tree.iter("a", "link"):
        named = _RELATIONS.intersection((node.get("rel") or "").lower().split())
        if named and node.get("href"):
            yield _tag(min(named), node.get("href"), "dom:" + root.getpath(node))


def _tag(name: str, value: str, where: str) -> Tag:
    return Tag(name, " ".join(value.split())[:LONGEST], where)
