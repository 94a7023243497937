"""The shapes of answers, for the OpenAPI document; a test holds them against what is answered.

That of a lookup is `lookup.schema.json`. Keys may be added: readers pass over those that they don't know.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Date = str | None
Span = tuple[int, int]
Kept = Literal["linked", "named", "generic", "none", "unknown"]


class Problem(BaseModel):
    """What is wrong, as RFC 9457."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "title": "Not Found",
                "status": 404,
                "detail": "No article has the id 9; `syndet show URL` finds it by its address.",
                "request": "8c1f0a52d3f74be5a5d1f0e6f6a1b2c3",
            }
        }
    )
    type: str
    title: str
    status: int = Field(ge=400, le=599)
    detail: str = Field(description="One sentence for people: what is wrong, and mostly what helps.")
    request: str = Field("", description="The id of the request, under which the log has it.")


class Health(BaseModel):
    """How the server is."""

    model_config = ConfigDict(json_schema_extra={"example": {"status": "ok", "recipe": "6", "version": "0.1.0"}})
    status: Literal["ok", "ready"]
    recipe: str = Field(description="What answers are made with.")
    version: str


class End(BaseModel):
    """An article in short."""

    id: int
    url: str
    title: str | None


class Named(BaseModel):
    """Whom a page names."""

    url: str | None
    outlet: str | None
    title: str | None


class Origin(Named):
    """Where a page comes from; `in_store` false: an outlet, agency or address that the page names."""

    in_store: bool
    id: int | None
    site: str | None
    published: Date


class Cue(BaseModel):
    """A sign of where a page comes from, as it stands there."""

    kind: str
    value: str
    where: str
    grade: str
    points_to: Named | None


class Evidence(Cue):
    """A reason; its weight is in log-odds."""

    weight: float


class Stated(BaseModel):
    """A date that a page states."""

    source: str
    value: str
    iso: str | None
    says: str


class Whole(BaseModel):
    """What a stored article says of itself."""

    id: int
    url: str
    site: str | None
    outlet: str | None
    title: str | None
    byline: str | None
    published: Date
    language: str | None
    words: int
    fetched: Date
    html: bool
    cues: list[Cue]
    dates: list[Stated]
    body: str = Field("", description="Only where it is asked for.")


class Version(BaseModel):
    """A version of an article, the oldest first."""

    version: int
    stored: str
    title: str | None
    words: int
    body: str = Field("", description="Only where it is asked for.")


class Other(BaseModel):
    """An article that is tied to this one, and what it is for it."""

    id: int
    url: str
    role: Literal["repost", "source", "sibling", "revision"]
    relation: str | None
    probability: float


class Review(BaseModel):
    """What a person said of two articles."""

    repost: End
    origin: End
    verdict: Literal["confirmed", "rejected", "origin", "open"]
    who: str
    why: str
    said: str


class Article(BaseModel):
    """A stored article."""

    article: Whole
    verdict: Literal["repost", "origin", "possible", "no_match"]
    relation: str | None
    origin: Origin | None
    cluster: int | None
    versions: list[Version]
    links: list[Other]
    reviews: list[Review]


class Sum(BaseModel):
    """What a cluster comes to."""

    id: int
    articles: int
    outlets: int
    independent_sources: int
    representative: int = Field(description="The article that speaks for it; 0 where nobody is left.")


class Member(End):
    """A member of a cluster: where it comes from, and by how many steps."""

    site: str | None
    outlet: str | None
    published: Date
    relation: str | None
    hops: int
    origin: int | None
    origin_url: str | None
    external: Named | None


class Event(BaseModel):
    """What became of the id of a cluster."""

    id: int
    event: Literal["merged", "split", "ended"]
    other: int | None
    run: int | None
    when: str


class Cluster(BaseModel):
    """A cluster, a page of its members by time, and what became of its id."""

    cluster: Sum
    members: list[Member]
    history: list[Event]


class Month(BaseModel):
    """Articles of a month, null: of no known one."""

    month: str | None
    articles: int


class Median(BaseModel):
    """A median, and of how many copies."""

    median: float | None
    of: int


class Credit(BaseModel):
    """How copies credit where they come from: of so many that were read from HTML."""

    of: int
    linked: int = 0
    named: int = 0
    generic: int = 0
    none: int = 0
    unknown: int = 0


class Habit(BaseModel):
    """What is cut or added again and again."""

    kind: Literal["cut", "cut_place", "added"]
    what: str
    copies: int


class Habits(BaseModel):
    """Habits, and of how many copies."""

    of: int
    found: list[Habit]


class Partner(BaseModel):
    """Whom an outlet copies, or who copies it; `site` null: none of their pages is stored."""

    site: str | None
    name: str | None
    sister: bool = Field(description="Of one owner or edition with the outlet, as answers say.")
    copies: int
    months: list[Month]
    lag_hours: Median
    kept: Median
    credit: Credit
    licences: dict[str, int] | None = Field(description="Copies by what the register of licences says of them.")
    habits: Habits


class Outlet(BaseModel):
    """Who copies whom at an outlet, in `read` of its `stored` articles."""

    site: str
    name: str | None
    owner: str | None
    stored: int
    skipped: int
    read: int
    left_out: int
    copying: int
    copied: int
    sisters: list[str]
    months: list[Month]
    takes: list[Partner]
    gives: list[Partner]


class Sure(BaseModel):
    """Probabilities that text was reused, and that the direction is right."""

    reuse: float
    origin: float | None


class Passage(BaseModel):
    """A stretch of text that stands in both; `[begin, end)` in code points of the bodies."""

    article: Span
    source: Span
    article_text: str
    source_text: str
    kind: Literal["verbatim", "changed"]


class Shared(BaseModel):
    """What two bodies share."""

    jaccard: float
    containment_in_source: float
    containment_of_source: float
    words: int
    words_unquoted: int
    longest_run: int
    passages: list[Passage]


class Change(BaseModel):
    """A part that was dropped, added, changed or kept."""

    kind: str
    article: Span | None
    source: Span | None
    article_text: str | None
    source_text: str | None


class Made(BaseModel):
    """What the article made of the source."""

    headline: str | None
    sentences: list[Change]
    numbers: list[Change]
    names: list[Change]
    quotations: list[Change]


class Comparison(BaseModel):
    """Two articles side by side."""

    schema_: Literal["syndet.compare/1"] = Field(alias="schema")
    article: str | None
    source: str | None
    linked: bool
    state: str | None
    relation: str | None
    probability: Sure
    shared: Shared
    evidence: list[Evidence]
    changes: Made | None = None


class Spoken(BaseModel):
    """A cluster, and who speaks for it: null where nobody is left."""

    id: int
    articles: int
    representative: End | None


class LinksChanged(BaseModel):
    """An article with other links than before: /v1/articles/{id} has them."""

    what: Literal["links"]
    article: End


class OriginChanged(BaseModel):
    """An article that goes back to another one than before."""

    what: Literal["origin"]
    article: End
    origin: Origin | None


class ClusterChanged(BaseModel):
    """A cluster with other members than before, or for which another one may speak."""

    what: Literal["cluster"]
    cluster: Spoken


class Changes(BaseModel):
    """What changed, the earliest first, and where to go on."""

    schema_: Literal["syndet.changes/1"] = Field(alias="schema")
    changes: list[LinksChanged | OriginChanged | ClusterChanged]
    next: str
    more: bool


class Page(BaseModel):
    """What became of a page that was sent."""

    url: str | None
    state: Literal["new", "changed", "known", "skipped"]
    id: int | None
    reason: str | None = Field(description="Why it is no article.")
    detail: str | None
    answer: dict[str, Any] | None = Field(None, description="Where it comes from: syndet.lookup/1.")


class Added(BaseModel):
    """What became of the pages that were sent, in their order."""

    schema_: Literal["syndet.added/1"] = Field(alias="schema")
    recipe: str
    pages: list[Page]


SHAPES: tuple[type[BaseModel], ...] = (
    Problem, Health, Article, Cluster, Outlet, Comparison, Changes, Added, Review,
)  # fmt: skip
