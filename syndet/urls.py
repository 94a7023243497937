"""Addresses: canonical form, and the site (registrable domain) an address belongs to."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pkgutil import get_data
from urllib.parse import SplitResult, parse_qsl, quote, unquote_to_bytes, urlencode, urlsplit

# Hosts whose customers are outlets of their own, beyond those that the suffix list knows (blogspot.com, github.io).
_BLOGS = (
    "beehiiv.com", "canalblog.com", "ghost.io", "livejournal.com", "medium.com", "over-blog.com", "substack.com",
    "tumblr.com", "typepad.com", "wordpress.com",
)  # fmt: skip

# Parameters that say how a reader came or in what dress he reads, never what. Those of courlan that may name an
# article (id, uid, session, campaign) stay: two addresses too many lose nothing, one too few mixes two articles.
_TRACKING = re.compile(
    r"^(utm_.*|(fb|g|d|ms|tw|tt|y|wicked)?clid|msclkid|g?[bw]?braid|igsh(id)?|mc_[ce]id|m[kt]t_tok|_hs(enc|mi)|vero_.*"
    r"|mtm_.*|pk_.*|itm_.*|oly_.*_id|_gl|_ga|gs_.*|srsltid|li_fat_id|cmp|cmpid|icid|ncid|ocid|ito|smid|smtyp|soc_.*|sref|s_cid"
    r"|ref_?src|ref_?url|ref|referr?er|source|partner(id)?|aff(iliate)?(_id)?|xtor|wt_mc|wt\.mc_id|ns_.*|at_.*|spm|share"
    r"|guce_.*|guccounter|__twitter_impression|feature|amp|outputtype|jsessionid|phpsessid)$",
    re.IGNORECASE,
)
# Hosts before the site's own name that serve its pages for other screens.
_DRESS = re.compile(r"www\d*|m|mobile|amp|wap")
_AMP = re.compile(r"(?<=.)[/.]amp$|^/amp(?=/.)|(?<=[^/])\.amp(?=\.html?$)")
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
# Copies of AMP pages that a search engine keeps: the address it copied stands in the path.
_AMP_CACHE = re.compile(
    r"^https?://(?:www\.google\.[a-z.]{2,6}/amp/|[\w-]+\.cdn\.ampproject\.org/[cv]/)(s/)?(?=\w)", re.I
)
_SAFE = "!$&'()*+,;=:@/~-._"
_SCHEME = re.compile(r"[a-z][a-z0-9+-]*:", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*|[0-9a-f:.]*:[0-9a-f:.]*")
_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}")
LONGEST = 8_192  # characters; servers and browsers take no more
_SURROGATE = re.compile("[\ud800-\udfff]")


@lru_cache(maxsize=65_536)
def site(url: str) -> str | None:
    """Return the registrable domain of `url` in lower case and ASCII, None for an address without a host.

    >>> site("https://www.news.example.co.uk/a?b=1"), site("http://127.0.0.1/x"), site("file:///tmp/a.txt")
    ('example.co.uk', '127.0.0.1', None)
    >>> site("https://www.harbour-courier.example/"), site("http://[::1]/"), site("anna.blogspot.com")
    ('harbour-courier.example', '::1', 'anna.blogspot.com')
    """
    parts = _split(_SURROGATE.sub("\ufffd", url))
    host = _host(parts) if parts is not None else None
    return _site(host) if host is not None else None


def host(url: str) -> str | None:
    """Return the host of a web address in lower case and ASCII, without "www." and the like; None where it has none.

    >>> host("https://www.Sport.example.co.uk:8080/a"), host("m.lake.example"), host("file:///tmp/a.txt")
    ('sport.example.co.uk', 'lake.example', None)
    """
    parts = _split(_SURROGATE.sub("\ufffd", url))
    found = _host(parts) if parts is not None else None
    return _plain_host(found) if found is not None else None


# The address of a page is asked for with each page that it is compared with.
@lru_cache(1_000)
def address(url: str) -> str:
    """Return the canonical form of `url`, equal for the ways in which one page is commonly referred to.

    Scheme, "www." and mobile hosts, AMP, default ports, tracking parameters, fragments, double and closing slashes
    don't count. Parameters that may identify the article stay. What is no web address is returned as it is, but for
    lone surrogates. `address(address(url)) == address(url)`.

    >>> address("HTTP://www.Example.com:80/a/b/amp/?utm_source=x&id=7#top")
    'example.com/a/b?id=7'
    """
    url = _SURROGATE.sub("\ufffd", url).strip()
    if (copy := _AMP_CACHE.match(url)) is not None:
        url = f"http{'s' if copy[1] else ''}://{url[copy.end() :]}"
    parts = _split(url) if len(url) <= LONGEST else None
    host = _host(parts) if parts is not None else None
    # Without a scheme, only what has a dot is a host: "example.com/a", not "notes/a".
    if parts is None or host is None or (not parts.scheme and "." not in host and not url.startswith("//")):
        return url
    where = f"{_plain_host(host)}{_port(parts)}{_path(parts.path)}"
    query = parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
    kept = sorted(pair for pair in query if not _TRACKING.match(pair[0]))
    where += f"?{urlencode(kept, errors='surrogateescape')}" if kept else ""
    # Sites that load their articles by script tell them apart by what follows "#!" or "#/".
    return (
        f"{where}#{_quoted(_unquoted(parts.fragment))}"
        if len(parts.fragment) > 1 and parts.fragment[0] in "!/"
        else where
    )


def _split(url: str) -> SplitResult | None:
    """Return the parts of a web address, with or without its scheme, None where it is something else."""
    if "://" not in url and not url.startswith("//"):
        if _SCHEME.match(url):
            return None
        url = f"//{url}"
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https", "ftp", "") else None


def _host(parts: SplitResult) -> str | None:
    """Return the host in lower case and ASCII, so that look-alike letters show; None where it is none."""
    host = unicodedata.normalize("NFKC", (parts.hostname or "").replace("\u3002", ".").lower()).rstrip(".")
    if not host.isascii():
        labels = host.split(".")
        if max(map(len, labels)) > 63:
            return None
        host = ".".join(
            label if label.isascii() else f"xn--{label.encode('punycode', 'replace').decode('ascii')}"
            for label in labels
        )
    return host if _HOST.fullmatch(host) else None


@lru_cache(maxsize=65_536)
def _site(host: str) -> str:
    if ":" in host or _IPV4.fullmatch(host):
        return host
    labels = host.split(".")
    begin = _suffix(labels)
    if 0 < begin < len(labels) - 1 and _DRESS.fullmatch(labels[begin - 1]):
        return ".".join(labels[begin:])  # www.gov.uk, www.medium.com: a site that is a suffix, too
    return ".".join(labels[max(0, begin - 1) :])


_MOST_LABELS = 8  # of a suffix; the longest listed have seven


def _suffix(labels: list[str]) -> int:
    """Return where the public suffix of a host begins; one that is not on the list (".example") has one label."""
    listed = _suffixes()
    for begin in range(max(0, len(labels) - _MOST_LABELS), len(labels)):
        name, under = ".".join(labels[begin:]), ".".join(labels[begin + 1 :])
        if f"!{name}" in listed:
            return begin + 1
        if name in listed or f"*.{under}" in listed:
            return begin
    return len(labels) - 1


@lru_cache(maxsize=1)
def _suffixes() -> frozenset[str]:
    # The list that comes with this version, and no other: an offline job must not fetch, and another list, or another
    # version of a library that has one, would change keys.
    lines = (get_data("syndet", "data/suffixes.txt") or b"").decode().split("\n")
    return frozenset((*_BLOGS, *lines))


def _plain_host(host: str) -> str:
    if ":" in host:
        return f"[{host}]"
    own = _site(host)
    front = host.removesuffix(own).rstrip(".")
    return ".".join([*(label for label in front.split(".") if label and not _DRESS.fullmatch(label)), own])


def _port(parts: SplitResult) -> str:
    return "" if parts.port in (None, 80, 443) else f":{parts.port}"


def _path(path: str) -> str:
    path = re.sub("/+", "/", _SESSION.sub("", _unquoted(path))).rstrip("/")
    while (shorter := _AMP.sub("", path).rstrip("/")) != path:
        path = shorter
    return _quoted(path)


def _unquoted(text: str) -> str:
    plain = unquote_to_bytes(text.encode("utf-8")).decode("utf-8", "surrogateescape")
    return unicodedata.normalize("NFC", plain)


def _quoted(plain: str) -> str:
    return quote(plain.encode("utf-8", "surrogateescape"), safe=_SAFE)


def is_text(url: str) -> bool:
    """Return whether `url` can be written as UTF-8, as it must be to be stored or found."""
    return not any("\ud800" <= character <= "\udfff" for character in url)
