"""The nouns: frozen records that the stages hand to each other.

Page -> Article | Skipped -> Fingerprint -> Candidate -> Alignment -> Link -> Answer.
Offsets are `[begin, end)` in Unicode code points of the stored body. Times are ISO 8601 text as precise as is known
("2024-03-05", "2024-03-05T09:30:00+01:00"); None means unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from syndet.counts import Counts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Span = tuple[int, int]  # [begin, end) in code points of a body

Reason = Literal[
    "broken_record",  # a JSON Lines or WARC record that cannot be read
    "unreadable",  # a file that cannot be opened or decompressed
    "too_large",  # over MAX_BYTES
    "not_html",  # says it is HTML, but is something else (PDF, image, JSON ...)
    "undecodable",  # bytes in no known encoding
    "no_text",  # a page without a body
    "too_short",  # a body with fewer than MIN_WORDS words
    "extraction_failed",  # the extractor raised
]

EvidenceKind = Literal[
    "canonical",  # <link rel=canonical> on another site
    "syndication_source",  # <meta name=syndication-source|original-source> on another site
    "page_address",  # og:url or another self-address on another site
    "based_on",  # schema.org isBasedOn
    "source_organization",  # schema.org sourceOrganization, provider or publisher other than the page's own outlet
    "republication_mark",  # a counter or tracker that an origin asks its republishers to carry
    "feed_suffix",  # "The post TITLE appeared first on SITE."
    "attribution_line",  # "originally published by ...", "Read More From Original Article Here: ..."
    "labelled_link",  # a link labelled as the source
    "unlabelled_link",  # any other link, or a picture, that its text has from another site
    "dateline",  # "BERLIN (Reuters) -"
    "agency_byline",  # the byline is an agency
    "release_mark",  # "/PRNewswire/", "(Business Wire)"
    "heading_outlet",  # the text begins with another outlet's name
    "self_reference",  # "told The Epoch Times" left over in the text
    "generic_credit",  # "reprinted with permission", nobody named
    "own_outlet",  # the page's own words name its own outlet
    "shared_text",  # passages in common; this and what follows is about two articles, all above are cues
    "date_order",  # one is dated before the other
    "first_seen",  # one was fetched before the other
    "date_doubt",  # the page's own dates, or days that its text tells of, speak against its date
    "claim_doubt",  # the page names two origins, or one whose stored article has no text in common with it
    "text_asymmetry",  # one is a part of the other, or carries the other's left-overs
    "named_by",  # the other article's own cue points here
    "review",  # a person says so
]

Grade = Literal[
    "linked",  # gives an address
    "named",  # names an outlet, agency or title
    "generic",  # admits another origin without naming it
    "self",  # speaks of the page's own outlet
    "weak",  # supports, never decides alone
]

Relation = Literal[
    "exact",  # the same words
    "near",  # the same text but for a few words
    "excerpt",  # a part of the origin
    "extended",  # the origin and as much again, or more
    "rewrite",  # the origin in other words
    "wire",  # agency copy
    "press_release",  # copy of a release
    "sister",  # same owner, or an edition of the same outlet
    "revision",  # another address of the same story on the same site
    "digest",  # made of two or more unrelated stories
    "declared",  # known only by what the page, or a person, says
]

ChangeKind = Literal[
    "kept",  # the same words on both sides
    "changed",  # other words in the same place
    "dropped",  # only in the source
    "added",  # only in the article
]


@dataclass(frozen=True, slots=True)
class Date:
    """A date that a page states or came with. "told": its text is no older; "shown": it may be of something else."""

    source: str  # as `Cue.where`, or `address`, `http:<header>`, `feed:published` (its source says so), `date:fetched`
    value: str  # as written
    iso: str
    says: Literal["published", "modified", "fetched", "told", "shown"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page as a source handed it over, not understood yet.

    `url`, where it was fetched or a `file:` URI, is the key of the article. `data` holds HTML as it came, or (kind
    "text") text in a guessable encoding. `where` is for people ("pages.jsonl:17"); what follows is the source's word.
    """

    url: str
    data: bytes
    kind: Literal["html", "text"]
    where: str
    fetched: str | None = None
    charset: str | None = None  # from the HTTP header
    title: str | None = None
    byline: str | None = None
    published: str | None = None
    language: str | None = None
    last_modified: str | None = None  # HTTP headers, as they were sent: this, Date, Link
    served: str | None = None
    links: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A page or record that did not become an article, and why, in one clear sentence (`detail`)."""

    where: str
    reason: Reason
    detail: str
    url: str | None = None
    digest: bytes | None = None  # SHA-256 of the bytes, when there were any; makes a second night recognise it


@dataclass(frozen=True, slots=True)
class Reference:
    """What a page says of another one: any of its address, outlet and title."""

    url: str | None = None
    outlet: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """One provenance sign on one page."""

    kind: EvidenceKind
    value: str  # the words or address as they stand on the page
    where: str  # `dom:<xpath>`, `meta:<name>`, `jsonld:<path>` ... or `text:<begin>-<end>` (offsets in the body)
    grade: Grade
    points_to: Reference | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A page that was understood: body, metadata and provenance cues. `id` is None while it is not stored."""

    url: str
    body: str
    site: str | None = None  # registrable domain of `url`
    outlet: str | None = None
    title: str | None = None
    byline: str | None = None
    published: str | None = None
    language: str | None = None  # ISO 639-1
    words: int = 0
    fetched: str | None = None
    html: bool = True  # False: only text was read, so absence of credit can't be known
    cues: tuple[Cue, ...] = ()
    dates: tuple[Date, ...] = ()  # every one, that which is trusted most first; `published` is one of them
    digest: bytes = b""  # SHA-256 of what was read
    id: int | None = None
    boilerplate: tuple[Span, ...] = ()  # where sentences stand that many pages of its site carry


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the index keeps of a body.

    `signature`: MinHash values, uint32, shape (128,). `bands`: one signed 64-bit key a band, shape (bands,).
    `pairs`: sampled content-pair hashes, signed 64-bit, unique, sorted, shape (n,), n >= 0.
    `text`: signed 64-bit hash of the whole word sequence: equal for bodies with the same words in the same order.
    """

    signature: NDArray[np.uint32]
    bands: NDArray[np.int64]
    pairs: NDArray[np.int64]
    text: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text that stands in both bodies; `changed` when wording differs inside it."""

    article: Span
    source: Span
    kind: Literal["verbatim", "changed"]
    words: int  # words aligned, at most the words of the shorter side
    counts: Counts = field(default=Counts(), compare=False, repr=False)  # as aligned; not stored


@dataclass(frozen=True, slots=True)
class Alignment:
    """What two bodies share. "article" is the first one given, "source" the second."""

    article_words: int
    source_words: int
    jaccard: float  # exact, of 5-word shingle sets
    containment_in_source: float  # aligned words / words of the article
    containment_of_source: float  # aligned words / words of the source
    words: int  # aligned words
    words_unquoted: int  # of these, outside quotation marks on both sides
    words_telling: int  # of these, neither names nor numbers, which everybody tells alike
    longest_run: int  # words, verbatim
    telling_passage: int  # of one passage, the most words that are telling
    telling_run: int  # of a verbatim run, the most words that are telling
    ordered: float  # 0..1, share of aligned words that stand in the same order on both sides
    spread: float  # 0..1, share of the shorter body's sentences that an aligned word falls in
    kept: float  # 0..1, content words of the shorter body that the other has, wherever
    phrases: float  # 0..1, the same of neighbouring content words that are telling
    retold: float  # 0..1, of what the sentences have in common in any words, the share in one order on both sides
    retold_sentences: int  # sentences told in that order
    facts: float  # 0..1, names and numbers in common (Dice)
    passages: tuple[Passage, ...] = ()  # in the order of the article
    retellings: tuple[Passage, ...] = ()  # sentences that tell the same in other words, in the order of both

    def flipped(self) -> Alignment:
        """Return the same alignment seen from the other side."""
        passages, retellings = (
            sorted((Passage(p.source, p.article, p.kind, p.words, p.counts) for p in kept), key=lambda p: p.article)
            for kept in (self.passages, self.retellings)
        )
        return replace(
            self, article_words=self.source_words, source_words=self.article_words, passages=tuple(passages),
            containment_in_source=self.containment_of_source, containment_of_source=self.containment_in_source,
            retellings=tuple(retellings),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for an answer. `weight` is its signed contribution in log-odds, 0.0 when it only informs."""

    kind: EvidenceKind
    value: str
    where: str  # `dom:<xpath>`, `meta:<name>`, `jsonld:<path>` or `text:<begin>-<end>` (offsets in the body)
    grade: Grade
    points_to: Reference | None = None
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Review:
    """What a person said of two articles, by id. Of all that was said of a pair the latest counts.

    verdict "confirmed": `repost` has text of `origin`, whatever lies before that. "origin": and the story of `repost`
    begins there. "rejected": neither has text of the other. "open": what was said before is withdrawn.
    """

    repost: int
    origin: int
    verdict: Literal["confirmed", "rejected", "origin", "open"]
    who: str
    why: str  # empty where nobody said
    said: str  # when
    id: int = 0  # ascending in the order in which they were said; 0: not stored

    def other(self, article: int) -> int:
        """Return the id at the other end."""
        return self.origin if article == self.repost else self.repost


@dataclass(frozen=True, slots=True)
class Link:
    """What was decided about two articles that share text.

    state "repost": `repost` goes back to `origin`. "sibling": both go back to `external`, neither to the other.
    "revision": one story at two addresses of one site, `repost` the later one. "possible": reuse or direction is
    below its threshold; the two ids then carry no direction. Id 0 stands for a page that is not stored.
    """

    repost: int
    origin: int
    state: Literal["repost", "sibling", "revision", "possible"]
    relation: Relation
    reuse: float  # probability that one text was made from the other or both from one
    direction: float  # probability that `origin` is the origin; 0.5 where nothing tells
    shared: Alignment | None  # article = repost, source = origin; None where only a declaration links them
    evidence: tuple[Evidence, ...] = ()
    external: Reference | None = None
    # Known only when an answer is given, never stored: what a person said, and what third pages tell.
    review: Review | None = None
    heard: tuple[Evidence, ...] = ()

    def other(self, article: int) -> int:
        """Return the id at the other end."""
        return self.origin if article == self.repost else self.repost

    def seen_from(self, article: int) -> Alignment | None:
        """Return what is shared with `article` as the article side."""
        return self.shared.flipped() if self.shared and article != self.repost else self.shared


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page comes from: a stored article, or (in_store False) an outlet, agency or address that it names."""

    in_store: bool
    id: int | None = None
    url: str | None = None
    site: str | None = None
    outlet: str | None = None
    title: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """Another stored article that shares text with the one asked about."""

    id: int
    url: str
    role: Literal["repost", "source", "sibling", "revision"]
    relation: Relation
    probability: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """An origin and all that goes back to it; `id` is that of its representative article."""

    id: int
    articles: int
    outlets: int
    independent_sources: int
    representative: int


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether the register of licences covers a repost (`licences`), why in a sentence, and its lines that tell so."""

    state: Literal["not_permitted", "unknown", "permitted"]
    why: str
    lines: tuple[int, ...] = ()
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a lookup: the record behind `syndet.lookup/1` (docs/contract in lookup.schema.json)."""

    target: str
    article: Article
    verdict: Literal["repost", "origin", "possible", "no_match"]
    relation: Relation | None = None
    origin: Origin | None = None
    via: Origin | None = None
    reuse: float | None = None
    direction: float | None = None
    credit: Literal["linked", "named", "generic", "none", "unknown"] | None = None
    shared_with: int | None = None
    shared: Alignment | None = None
    source_body: str | None = None  # the body that `shared` points into
    evidence: tuple[Evidence, ...] = ()
    cluster: Cluster | None = None
    others: tuple[Other, ...] = ()
    licence: Permission | None = None  # None: no register is kept, or nothing that would need a licence


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two articles side by side. `link` is None where nothing ties them."""

    article: Article
    source: Article
    shared: Alignment
    relation: Relation | None
    reuse: float
    link: Link | None


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of one body and what became of it in the other; None on the side where nothing stands for it."""

    kind: ChangeKind
    article: Span | None
    source: Span | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What the article did to the source. Spans of sentences and quotations are whole, with their stops and marks."""

    headline: Literal["kept", "changed", "unknown"]  # unknown: one of the two has none
    sentences: tuple[Change, ...] = ()  # all but those that are kept
    numbers: tuple[Change, ...] = ()  # changed ones
    names: tuple[Change, ...] = ()  # all but those that are kept
    quotations: tuple[Change, ...] = ()  # every one
