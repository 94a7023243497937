"""Examples of answers and questions, for the OpenAPI document. A test holds them against the shapes."""

from __future__ import annotations

from typing import Any

_STORY = {"id": 18, "url": "https://www.harbour-courier.example/ferry-pact", "title": "Premier to sign ferry pact"}
_COPY = {"id": 2, "url": "https://dailycounterweight.example/premier-heads-to-isles", "title": "Premier heads to isles"}
_ORIGIN = {
    "in_store": True, "site": "harbour-courier.example", "outlet": "The Harbour Courier",
    "published": "2024-09-17T18:00:00+01:00", **_STORY,
}  # fmt: skip
_NOT_STORED = {"schema": "syndet.lookup/1", "recipe": "6", "found": False, "target": "https://example.org/story"}
_PARTNER = {
    "site": "harbour-courier.example",
    "name": "The Harbour Courier",
    "sister": False,
    "copies": 4,
    "months": [{"month": "2024-09", "articles": 4}],
    "lag_hours": {"median": 27.5, "of": 4},
    "kept": {"median": 0.42, "of": 4},
    "credit": {"of": 4, "linked": 1, "named": 1, "none": 2},
    "licences": None,
    "habits": {"of": 4, "found": [{"kind": "cut_place", "what": "the last paragraph", "copies": 3}]},
}

EXAMPLES: dict[str, Any] = {
    "Lookup": _NOT_STORED,
    "Health": {"status": "ok", "recipe": "6", "version": "0.1.0"},
    "Article": {
        "article": {
            **_COPY, "site": "dailycounterweight.example", "outlet": "Daily Counterweight", "byline": None,
            "published": "2024-09-17T14:30:00-04:00", "language": "en", "words": 719,
            "fetched": "2024-09-18T05:20:41Z", "html": True, "cues": [], "dates": [],
        },
        "verdict": "repost",
        "relation": "rewrite",
        "origin": _ORIGIN,
        "cluster": 2,
        "versions": [{"version": 1, "stored": "2024-09-18T06:00:00+00:00", "title": _COPY["title"], "words": 719}],
        "links": [
            {"id": 18, "url": _STORY["url"], "role": "source", "relation": "rewrite", "probability": 0.9969}
        ],
        "reviews": [],
    },
    "Cluster": {
        "cluster": {"id": 2, "articles": 2, "outlets": 2, "independent_sources": 1, "representative": 18},
        "members": [
            {
                **_STORY, "site": "harbour-courier.example", "outlet": "The Harbour Courier",
                "published": "2024-09-17T18:00:00+01:00", "relation": None, "hops": 0, "origin": None,
                "origin_url": None, "external": None,
            }
        ],
        "history": [],
    },
    "Outlet": {
        "site": "dailycounterweight.example", "name": "Daily Counterweight", "owner": None, "stored": 6, "skipped": 0,
        "read": 6, "left_out": 0, "copying": 5, "copied": 0, "sisters": [],
        "months": [{"month": "2024-09", "articles": 6}], "takes": [_PARTNER], "gives": [],
    },
    "Comparison": {
        "schema": "syndet.compare/1",
        "article": _COPY["url"],
        "source": _STORY["url"],
        "linked": True,
        "state": "repost",
        "relation": "rewrite",
        "probability": {"reuse": 0.9969, "origin": 0.9759},
        "shared": {
            "jaccard": 0.0863, "containment_in_source": 0.3032, "containment_of_source": 0.6072, "words": 218,
            "words_unquoted": 184, "longest_run": 20, "passages": [],
        },
        "evidence": [],
    },
    "Changes": {
        "schema": "syndet.changes/1",
        "changes": [
            {"what": "links", "article": _COPY},
            {"what": "origin", "article": _COPY, "origin": _ORIGIN},
            {"what": "cluster", "cluster": {"id": 2, "articles": 2, "representative": _STORY}},
        ],
        "next": "0123456789abcdef-120-origin-2",
        "more": False,
    },
    "Added": {
        "schema": "syndet.added/1",
        "recipe": "6",
        "pages": [
            {
                "url": _COPY["url"], "state": "skipped", "id": None, "reason": "too_short",
                "detail": "The text has 3 words; at least 20 are needed.", "answer": None,
            }
        ],
    },
    "Review": {
        "repost": _COPY, "origin": _STORY, "verdict": "confirmed", "who": "Ann", "why": "",
        "said": "2024-09-18T06:00:00+00:00",
    },
}  # fmt: skip
_TEXT = (
    "The harbour board of Oldport approved a plan on Tuesday to rebuild the eastern breakwater, which lost forty "
    "metres of stone in the storms of last winter."
)
PAGE_EXAMPLES = {
    "a page": {"value": {"url": "https://example.org/a", "text": _TEXT, "published": "2024-03-05"}},
    "a stored page": {"value": {"url": "https://example.org/a"}},
}
PAGES_EXAMPLE = {"pages": [{"url": "https://example.org/a", "text": _TEXT, "published": "2024-03-05"}]}
REVIEW_EXAMPLE = {"repost": 2, "origin": "https://example.org/a", "verdict": "confirmed", "who": "Ann", "why": ""}
