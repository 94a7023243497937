"""syndet: which news page is a repost, of what, how much of it, and how we know.

from syndet import Corpus, compare

with Corpus("news.db") as corpus:
    corpus.nightly(["pages/"])
    print(corpus.lookup("https://example.com/story").verdict)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from syndet.corpus import Corpus
    from syndet.decide import compare
    from syndet.errors import SyndetError
    from syndet.evaluation import Evaluation, evaluate
    from syndet.models import (
        Alignment,
        Answer,
        Article,
        Cluster,
        Comparison,
        Cue,
        Evidence,
        Link,
        Origin,
        Other,
        Page,
        Passage,
        Reference,
        Review,
        Skipped,
    )
    from syndet.summary import Summary

_HOMES = {
    "syndet.corpus": ("Corpus",),
    "syndet.decide": ("compare",),
    "syndet.evaluation": ("Evaluation", "evaluate"),
    "syndet.summary": ("Summary",),
    "syndet.errors": ("SyndetError",),
    "syndet.models": (
        "Alignment", "Answer", "Article", "Cluster", "Comparison", "Cue", "Evidence", "Link", "Origin", "Other",
        "Page", "Passage", "Reference", "Review", "Skipped",
    ),
}  # fmt: skip

__all__ = [
    "Alignment",
    "Answer",
    "Article",
    "Cluster",
    "Comparison",
    "Corpus",
    "Cue",
    "Evaluation",
    "Evidence",
    "Link",
    "Origin",
    "Other",
    "Page",
    "Passage",
    "Reference",
    "Review",
    "Skipped",
    "Summary",
    "SyndetError",
    "compare",
    "evaluate",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: `import syndet` and `syndet --help` stay quick."""
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'syndet' has no attribute {name!r}")
