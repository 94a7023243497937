"""Words -> MinHash signature, band keys, content pairs: what the index keeps of a body.

Everything here is frozen in `SPEC`, whose digest is `RECIPE`. Two fingerprints can be compared only when they were
made by one recipe, on machines that pass `self_test`. One body and a million go the same way, `fingerprints`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from syndet import compiled, pairs, text
from syndet.errors import EmptyBody
from syndet.hashing import mix
from syndet.models import Fingerprint

if TYPE_CHECKING:
    import datasketch

SHINGLE: Final = 5  # words
PERMUTATIONS: Final = 128
SEED: Final = 1

# Bands find near copies, also of the texts that have no content pair; pairs find the rest, and every candidate is
# aligned. So few rows, and few keys. 16 bands of 3 do what 32 of 4 did: found at Jaccard 0.5 / 0.7 / 0.8 with
# probability 0.88 / 0.999 / 1.00 (32x4: 0.87 / 1.00 / 1.00; 16x4: 0.64 / 0.99 / 1.00; 16x8: 0.06 / 0.61 / 0.95);
# of 24 real pairs with containment over 0.5 they found 0.92 (32x4 0.75, 12x3 0.88, 8x3 0.71). The price is small:
# strangers at 0.05 meet with 0.2%, and among 979 bodies 42 pairs were proposed where 32x4 proposed 37. Probabilities
# follow from 1 - (1 - J**ROWS)**BANDS; the counts were made once. scripts/evaluate_retrieval measures the choice.
BANDS: Final = 16
ROWS: Final = 3

# Bodies fingerprinted together, and the characters after which a batch closes early: enough to keep numpy busy, and 64
# median bodies (31,000 words) keep their arrays inside the processor's cache.
_BATCH_BODIES = 64
_BATCH_CHARACTERS = 400_000
# Shingles times permutations held at once: what fits the second-level cache.
_BATCH_WORDS = 1 << 16


SPEC: Final[dict[str, object]] = {
    "words": "NFKC, case folded, unseen and vowel points dropped, spellings and digits folded, parted at apostrophes; "
    "one a character in Han and kana, one a cluster in Thai; break at @ @",
    "word_hash": "polynomial 9e3779b97f4a7c15 over UTF-8, fmix64",
    "shingle": {"words": SHINGLE, "hash": "polynomial 9e3779b97f4a7c15, fmix64, upper 32 bits for MinHash"},
    "minhash": {"permutations": PERMUTATIONS, "scheme": "affine32", "seed": SEED},
    "bands": {"bands": BANDS, "rows": ROWS},
    "pairs": {
        "dropped": "common words, words of one letter, hiragana, windows of numbers only",
        "common_words_sha256": hashlib.sha256("\n".join(sorted(pairs.COMMON)).encode()).hexdigest(),
        "worth": {"spaced": pairs.SPACED, "ideogram": pairs.IDEOGRAM, "cluster": pairs.CLUSTER, "pair": pairs.PAIR},
        "order": "any",
        "sampling": "0 mod words of the pair",
    },
    "boilerplate": "sentences of 4 words and more but names and numbers, in order; its pairs are not kept",
}  # fmt: skip
"""What a fingerprint depends on, for people; `RECIPE` is its digest."""

RECIPE: Final[str] = "syndet-1-" + hashlib.sha256(json.dumps(SPEC, sort_keys=True).encode()).hexdigest()[:8]
"""Names the way fingerprints are made; kept with everything derived from them."""


def fingerprint(body: str) -> Fingerprint:
    """Return the fingerprint of `body`, the same as in any batch.

    Raises EmptyBody when `body` has no word.

    >>> one, two = fingerprint("Xi meets Putin in Beijing!"), fingerprint("XI MEETS PUTIN IN BEIJING")
    >>> one.text == two.text, one.signature.shape, one.bands.shape
    (True, (128,), (16,))
    """
    return fingerprints([body])[0]


def fingerprints(bodies: Sequence[str]) -> list[Fingerprint]:
    """Return the fingerprint of each of `bodies`, in order.

    Raises EmptyBody, naming the body by its place, when one has no word or only masked ones.
    """
    compiled.count(len(bodies))
    made: list[Fingerprint] = []
    for batch in _batches(bodies):
        made += _fingerprint_row(batch, *text.row([bodies[place] for place in batch]), bodies)
    return made


def shingle_set(body: str) -> NDArray[np.uint64]:
    """Return the 64-bit hashes of the shingles of `body`, unique and sorted, shape (n,); n is 0 without a word.

    64 bits, so that exact figures on them are exact; MinHash takes their upper 32.

    >>> len(shingle_set("one two three four five six")), len(shingle_set("one two")), len(shingle_set(""))
    (2, 1, 0)
    """
    return shingles(text.tokens(body).hashes)


def shingles(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return `shingle_set` of the body whose words have these `hashes`, shape (words,)."""
    if not hashes.any():
        return np.empty(0, np.uint64)
    return np.unique(_shingles(hashes, np.array([0, len(hashes)]))[0])


def jaccard(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> float:
    """Return the Jaccard similarity (0..1) of two shingle sets, each unique; 0.0 when both are empty.

    >>> jaccard(shingle_set("a b c d e f"), shingle_set("b c d e f"))
    0.5
    """
    shared = len(np.intersect1d(a, b, assume_unique=True))
    united = len(a) + len(b) - shared
    return shared / united if united else 0.0


def minhash(signature: NDArray[np.uint32]) -> datasketch.MinHash:
    """Return a stored signature, shape (128,), as datasketch's own MinHash, to compare or to put into its indexes.

    It says nothing of how shingles are hashed: `update` it only with the upper 32 bits of `shingle_set`.
    """
    # Here and not above: the import takes over a second, and a look-up in the store needs none of it.
    import datasketch

    return datasketch.MinHash(hashvalues=signature, seed=SEED, scheme="affine32", hashfunc=int)


def signature(shingles: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the MinHash signature of `shingles`, shape (128,), equal to datasketch's for the same hashes.

    `shingles` holds 32-bit hashes, shape (n,), n >= 1, in any order; duplicates don't matter.
    Permutations are a * h + b mod 2**32 over the MurmurHash3 finalizer (datasketch 2.0, scheme "affine32").
    Raises EmptyBody when there is no shingle.
    """
    if not len(shingles):
        raise EmptyBody("there is no shingle to make a signature of")
    made: NDArray[np.uint32] = _signatures(shingles, np.zeros(1, np.int64))[0]
    return made


def _batches(bodies: Sequence[str]) -> Iterator[range]:
    """Yield the places of `bodies` in batches of bounded size, each of at least one."""
    begin = size = 0
    for place, body in enumerate(bodies):
        if place > begin and (place - begin == _BATCH_BODIES or size + len(body) > _BATCH_CHARACTERS):
            yield range(begin, place)
            begin, size = place, 0
        size += len(body)
    if begin < len(bodies):
        yield range(begin, len(bodies))


def signed(tokens: text.Tokens, bounds: NDArray[np.int64]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return the signatures and the bands of the bodies of a row, shapes (bodies, 128) and (bodies, BANDS)."""
    if (kernels := compiled.loaded()) is not None:
        signatures = kernels.signatures(tokens.hashes, bounds, SHINGLE, *map(np.ravel, _permutations()))
        return signatures, kernels.bands(signatures, BANDS, ROWS).view(np.int64)
    shingles, begins = _shingles(tokens.hashes, bounds)
    signatures = _signatures((shingles >> np.uint64(32)).astype(np.uint32), begins)
    return signatures, _bands(signatures)


def _fingerprint_row(
    places: range, tokens: text.Tokens, bounds: NDArray[np.int64], bodies: Sequence[str]
) -> list[Fingerprint]:
    """Return the fingerprints of those of `bodies` that stand at `places`, whose words are a row."""
    hashes = tokens.hashes
    breaks = np.flatnonzero(hashes == 0)
    words = np.diff(bounds) - np.diff(np.searchsorted(breaks, bounds))
    for empty in np.flatnonzero(words == 0).tolist():
        raise EmptyBody(
            f"body {places[empty] + 1} of {len(bodies)} has no word to fingerprint: {bodies[places[empty]][:40]!r}; "
            "leave it out"
        )
    signatures, bands = signed(tokens, bounds)
    texts = _text_hashes(hashes, bounds).view(np.int64)
    keys, begins = pairs.pairs_of(pairs.worths(tokens), hashes, bounds)
    unique = _unique(keys, np.searchsorted(begins, bounds))
    return list(map(Fingerprint, signatures, bands, unique, texts.tolist()))


def _unique(keys: NDArray[np.int64], cuts: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the keys of each body, `keys[cuts[i]:cuts[i + 1]]`, unique and sorted; sorts `keys` in place."""
    for begin, end in pairwise(cuts.tolist()):
        keys[begin:end].sort()
    first = np.ones(len(keys) + 1, np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=first[1:-1])
    first[cuts] = True
    places = np.concatenate(([0], np.cumsum(first)))[cuts]
    unique = keys[first[:-1]]
    return [unique[begin:end] for begin, end in pairwise(places.tolist())]


_STEP = np.uint64(0x9E3779B97F4A7C15)


def _shingles(hashes: NDArray[np.uint64], bounds: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the shingle hashes of all bodies and where each body's begin among them.

    `hashes`: word hashes of all bodies, shape (words,). `bounds`: body i is `hashes[bounds[i]:bounds[i + 1]]`.
    A body without `SHINGLE` words in a row has one shingle, made of all it has.
    """
    last = max(0, len(hashes) - SHINGLE + 1)
    rolled = np.zeros(len(hashes), np.uint64)
    rolled[:last] = hashes[:last]
    for offset in range(1, SHINGLE if last else 0):
        rolled[:last] *= _STEP
        rolled[:last] += hashes[offset : offset + last]
    whole = np.zeros(len(hashes), np.bool_)
    whole[:last] = True
    # A shingle that begins in the last words of a body would end in the next one, one before a break would cross it.
    breaks = np.flatnonzero(hashes == 0)
    for offset in range(SHINGLE):
        whole[np.maximum(breaks - offset, 0)] = False
        whole[np.maximum(bounds[1:] - offset, bounds[:-1])[: len(bounds) * (offset > 0)]] = False
    counts = np.add.reduceat(whole, bounds[:-1], dtype=np.int64)
    short = np.flatnonzero(counts == 0)
    if len(short):
        places = bounds[short]
        rolled[places] = _text_hashes(hashes, bounds)[short]
        whole[places] = True
        counts[short] = 1
    return mix(rolled[whole]), np.cumsum(counts) - counts


def _text_hashes(hashes: NDArray[np.uint64], bounds: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return one 64-bit hash a body of its word hashes and their places, breaks included, shape (bodies,)."""
    if (kernels := compiled.loaded()) is not None:
        made: NDArray[np.uint64] = kernels.text_hashes(hashes, bounds)
        return made
    places = np.arange(1, len(hashes) + 1, dtype=np.uint64)
    places -= np.repeat(bounds[:-1].astype(np.uint64), np.diff(bounds))
    places *= _STEP
    places += hashes
    return mix(np.add.reduceat(mix(places), bounds[:-1]))


@cache
def _permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the factors and summands of the permutations, shape (128, 1) each, as datasketch draws them."""
    draw = np.random.RandomState(SEED)
    factors = draw.randint(0, 1 << 31, PERMUTATIONS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    summands = draw.randint(0, 1 << 32, PERMUTATIONS, dtype=np.uint32)
    return factors[:, None], summands[:, None]


def _signatures(shingles: NDArray[np.uint32], begins: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Return the signatures of bodies whose shingles begin at `begins` (increasing), shape (bodies, 128)."""
    mixed = (shingles ^ (shingles >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    mixed = (mixed ^ (mixed >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    factors, summands = _permutations()
    # As many permutations at a time as fit the second-level cache; a single body takes them all at once.
    step = max(1, min(PERMUTATIONS, _BATCH_WORDS // len(mixed)))
    made = np.empty((PERMUTATIONS, len(begins)), np.uint32)
    buffer = np.empty((step, len(mixed)), np.uint32)
    for row in range(0, PERMUTATIONS, step):
        values = buffer[: len(factors[row : row + step])]
        np.multiply(factors[row : row + step], mixed, out=values)
        values += summands[row : row + step]
        np.minimum.reduceat(values, begins, axis=1, out=made[row : row + step])
    return np.ascontiguousarray(made.T)


def _bands(signatures: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return one key a band, made of the band's number and its rows, shape (bodies, BANDS)."""
    rows = signatures[:, : BANDS * ROWS].reshape(-1, BANDS, ROWS).astype(np.uint64)
    keys = np.broadcast_to(mix(np.arange(1, BANDS + 1, dtype=np.uint64)), rows.shape[:2])
    for row in range(ROWS):
        keys = mix(keys ^ rows[:, :, row])
    return keys.view(np.int64)


_GOLDEN_BODIES = (
    "The Kremlin said Putin will meet Xi in Beijing this week, their 40th meeting since 2013 — “deepened ties”.",
    "Die Straße nach Gießen bleibt gesperrt: Bürgermeister Müller rechnet mit 12,5 Millionen Euro Schaden.",
    "Путин встретится с Си Цзиньпином в Пекине на этой неделе, сообщил Кремль; ещё ёлка.",
    "国家主席习近平在北京会见俄罗斯总统普京，双方签署《联合声明》。東京電力はサーバーへの攻撃を発表した。",
    "นายกรัฐมนตรีน้ำท่วมกรุงเทพมหานครประชุมด่วน ປະເທດລາວນ້ຳຖ້ວມ",
    "قال الرئيس المصري إن القاهرةَ ستستضيف قمة عربية טראַמפ נפגש עם נתניהו בירושלים",
    "प्रधानमंत्री मोदी दिल्ली में मिले @ @ @ 문재인 대통령은 평양에서 İstanbul Ω ﬁne e\u0301 so\u00adnar 😀 \ud800 zz",
)
_GOLDEN: Final = "887166cb6a1122b0"


@cache
def golden() -> str:
    """Return the digest (16 hex) of what this machine makes of fixed texts; a store keeps its own to compare.

    It moves with whatever `RECIPE` can't see, such as the Unicode tables of Python and `regex`.
    """
    digest = hashlib.sha256()
    for made in fingerprints(_GOLDEN_BODIES):
        for values in (made.signature.astype("<u4"), made.bands.astype("<i8"), made.pairs.astype("<i8")):
            digest.update(values.tobytes())
        digest.update(made.text.to_bytes(8, "little", signed=True))
    return digest.hexdigest()[:16]


def self_test() -> str | None:
    """Return None when this machine makes the fingerprints of `RECIPE`, else a sentence that says it does not."""
    if (found := golden()) == _GOLDEN:
        return None
    return (
        f"fixed texts give fingerprint digest {found} on this machine where recipe {RECIPE} has {_GOLDEN}: "
        "its Python, numpy or regex reads text differently, so what it adds could not be compared with what is stored"
    )
