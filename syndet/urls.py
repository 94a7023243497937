"""Addresses: canonical form, and the site (registrable domain) an address belongs to."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import tldextract

# The bundled suffix list only: an offline job must not fetch, and a changing list would change keys.
_SPLIT = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

# Parameters that say how a reader came, never what he reads.
_TRACKING = re.compile(
    r"^(utm_.*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|mc_[ce]id|_ga|cmpid|ocid|ref_?src|ref|referrer|"
    r"source|smid|sref|partner|xtor|wt_mc|ns_.*|at_.*|spm|share|amp|outputtype)$",
    re.IGNORECASE,
)
_FRONT = re.compile(r"^(www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_SAFE = "!$&'()*+,;=:@/~-._"


@lru_cache(maxsize=65_536)
def site(url: str) -> str | None:
    """Return the registrable domain of `url` in lower case, None for an address without a host.

    >>> site("https://www.news.example.co.uk/a?b=1"), site("http://127.0.0.1/x"), site("file:///tmp/a.txt")
    ('example.co.uk', '127.0.0.1', None)
    >>> site("https://www.harbour-courier.example/"), site("http://[::1]/")
    ('harbour-courier.example', '::1')
    """
    try:
        host = urlsplit(url if "://" in url else f"//{url}").hostname
    except ValueError:
        return None
    if not host or url.startswith("file:"):
        return None
    host = host.rstrip(".").lower()
    found = _SPLIT(host)
    if found.top_domain_under_public_suffix:
        return found.top_domain_under_public_suffix
    # A suffix that is not on the list (".example", an inner network) is taken to be one label long.
    return host if found.ipv4 or found.ipv6 or found.suffix else ".".join(host.split(".")[-2:])


def address(url: str) -> str:
    """Return the canonical form of `url`, equal for the ways in which one page is commonly referred to.

    Scheme, "www." and mobile hosts, default ports, tracking parameters, fragments and a closing slash don't count.
    Parameters that may identify the article stay. An address that cannot be read is returned as it is.

    >>> address("HTTP://www.Example.com:80/a/b/?utm_source=x&id=7#top")
    'example.com/a/b?id=7'
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return url
    if parts.scheme.lower() not in ("http", "https", ""):
        return url
    if not host:
        return url
    host = _FRONT.sub("", host.lower())
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    path = quote(unquote(parts.path, errors="surrogateescape"), safe=_SAFE, errors="surrogateescape").rstrip("/")
    query = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(pair[0]))
    return urlunsplit(("", "", f"{host}{path}", urlencode(query), ""))


def is_text(url: str) -> bool:
    """Return whether `url` can be written as UTF-8, as it must be to be stored or found."""
    return not any("\ud800" <= character <= "\udfff" for character in url)
