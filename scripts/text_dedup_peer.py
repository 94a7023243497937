"""The keys of text-dedup's MinHash, asked one text after another; it runs in the environment that has text-dedup.

text-dedup has no look-up: its command makes groups of a whole collection. Here its own functions make the same keys
with the same defaults (`python -m text_dedup.minhash`: 250 permutations, 5 words, threshold 0.7), and an article is
claimed when it shares one, as in the command. Chains of claims, by which the command makes groups, are not followed.
Standard input: JSON with the lists `collection` and `queries`; standard output: JSON. Without syndet, on purpose.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from typing import Any


def main() -> None:
    """Index, ask, print."""
    given = json.load(sys.stdin)
    import numpy as np
    from text_dedup.minhash import RNG, SIGNATURE_COLUMN, MinHashArgs, embed_func, optimal_param, sha1_hash

    defaults: Any = MinHashArgs()
    bands, rows = optimal_param(defaults.threshold, defaults.num_perm, 0.5, 0.5)
    largest, prime = np.uint32((1 << 32) - 1), np.uint64((1 << 61) - 1)
    shape = {"size": (defaults.num_perm,), "dtype": np.uint64}
    permutations = (RNG.randint(1, prime, **shape), RNG.randint(0, prime, **shape))

    def keys(body: str) -> list[bytes]:
        found: list[bytes] = embed_func(
            body, 0, num_perm=defaults.num_perm, ngram_size=defaults.ngram, min_length=defaults.min_length,
            hashranges=[(at * rows, (at + 1) * rows) for at in range(bands)], permutations=permutations,
            hash_func=lambda data: sha1_hash(data, d=32), dtype=np.uint64, max_hash=largest, modulo_prime=prime,
        )[SIGNATURE_COLUMN]  # fmt: skip
        return found

    begin = time.perf_counter()
    tables: list[dict[bytes, set[int]]] = [{} for _ in range(bands)]
    for number, body in enumerate(given["collection"]):
        for table, key in zip(tables, keys(body), strict=True):
            table.setdefault(key, set()).add(number)
    build = time.perf_counter() - begin
    claims, taken = [], []
    for body in given["queries"]:
        begin = time.perf_counter()
        found = set[int]().union(*(table.get(key, ()) for table, key in zip(tables, keys(body), strict=True)))
        taken.append(time.perf_counter() - begin)
        claims.append(sorted(found))
    size = len(pickle.dumps(tables, protocol=5))
    json.dump(
        {"claims": claims, "build": build, "taken": taken, "bytes": size, "bands": bands, "rows": rows}, sys.stdout
    )


if __name__ == "__main__":
    main()
