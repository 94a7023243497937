"""Addresses: canonical form, and the site (registrable domain) an address belongs to."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

import tldextract

# The bundled suffix list only: an offline job must not fetch, and a changing list would change keys.
_SPLIT = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=65_536)
def site(url: str) -> str | None:
    """Return the registrable domain of `url` in lower case, None for an address without a host.

    >>> site("https://www.news.example.co.uk/a?b=1"), site("http://127.0.0.1/x"), site("file:///tmp/a.txt")
    ('example.co.uk', '127.0.0.1', None)
    """
    try:
        host = urlsplit(url if "://" in url else f"//{url}").hostname
    except ValueError:
        return None
    if not host or url.startswith("file:"):
        return None
    host = host.rstrip(".").lower()
    return _SPLIT(host).top_domain_under_public_suffix or host
