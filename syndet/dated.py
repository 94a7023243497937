"""By which of its dates an article came out, and which speak against that one: its dates -> a span of time."""

from __future__ import annotations

from syndet import dates
from syndet.models import Article, Date

# Two dates of one page that lie further apart (hours) contradict each other: a zone that is left out, or a page that
# is written at night and put out in the morning, explains a day and no more.
APART = 24.0


def doubts(article: Article) -> tuple[Date, ...]:
    """Return the dates of an article that contradict the one by which it is dated: more than a day lies between.

    Another date of publication does; a change, or a fetch, before it came out; a day after it that the text tells of.
    Dates before 1995 are what templates write where they know none.
    """
    own = dates.when(article.published)
    if own is None:
        return ()
    found = []
    for date in article.dates:
        span = dates.when(date.iso) if date.iso >= dates.EARLIEST else None
        if span is not None and date.says != "shown":
            earlier, later = span[1] + APART < own[0], own[1] + APART < span[0]
            if (earlier and date.says != "told") or (later and date.says in ("published", "told")):
                found.append(date)
    return tuple(found)


def span(article: Article) -> tuple[float, float, bool] | None:
    """Return when an article came out, as `dates.when`: between all that its own dates say, where they are in doubt."""
    own = dates.when(article.published)
    others = [when for date in doubts(article) if (when := dates.when(date.iso))]
    if own is None or not others:
        return own
    return min(own[0], *(when[0] for when in others)), max(own[1], *(when[1] for when in others)), own[2]


def source(article: Article) -> str:
    """Return where the date of an article is from, "published" where that was not kept."""
    return next((date.source for date in article.dates if date.iso == article.published), "published")
