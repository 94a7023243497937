"""Packed keys: whatever is added, taken out and packed in between, the answers are those of a plain table."""

import itertools
import random
import sqlite3
from collections import defaultdict

import pytest

from syndet.store import schema
from syndet.store.faults import Damaged
from syndet.store.postings import KEY_BITS, Postings

HIGHEST = (1 << KEY_BITS) - 1


@pytest.fixture
def database():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for _, sql in schema.migrations():
        for statement in schema.statements(sql):
            connection.execute(statement)
    connection.execute("PRAGMA foreign_keys = OFF")
    yield connection
    connection.close()


def asked(postings: Postings, keys: list[int], cap: int = 1000) -> dict[int, list[int]]:
    return postings.find(keys, cap)


def segments(database: sqlite3.Connection) -> list[int]:
    return [row[0] for row in database.execute("SELECT postings FROM segments ORDER BY id")]


@pytest.mark.parametrize("seed", range(6))
def test_packed_or_not_the_answers_are_those_of_a_plain_table(database, seed):
    chance, postings, model = random.Random(seed), Postings(database), defaultdict[int, set[int]](set)
    # Few keys, many articles on some of them: keys that fill blocks, neighbours, and both ends of what a key can be.
    keys = [0, 1, HIGHEST - 1, HIGHEST, *(chance.randrange(1 << KEY_BITS) for _ in range(300))]
    held = defaultdict[int, set[int]](set)
    for _ in range(900):
        article = chance.randrange(1, 400 if chance.random() < 0.9 else 1 << 33)
        if held[article] and chance.random() < 0.3:
            postings.remove(held.pop(article), article)
            for ids in model.values():
                ids.discard(article)
        else:
            some = {chance.choice(keys[:8]), *chance.choices(keys, k=12)}
            postings.add(some, article)
            held[article] |= some
            for key in some:
                model[key].add(article)
        if chance.random() < 0.1:
            postings.pack(chance.choice((0, 100, 1000)))
        if chance.random() < 0.1:
            cap = chance.choice((1, 3, 1000))
            wanted = {key: sorted(ids)[:cap] for key, ids in model.items() if ids}
            assert asked(postings, [*keys, 77], cap) == wanted
            before, packed = postings.newest(), postings.packed(keys, cap)
            postings.add([keys[0]], 1 << 34)  # what was packed stays as it was read
            wanted[keys[0]] = sorted({*model[keys[0]], 1 << 34})[:cap]
            assert postings.find(keys, cap, packed) == wanted
            assert postings.newest() == before
            held[1 << 34].add(keys[0])
            model[keys[0]].add(1 << 34)
            some = chance.choices(keys, k=5)
            assert asked(postings, some, cap) == {key: wanted[key] for key in some if key in wanted}
    every = [
        (key, one) for found, ids in postings.every() for key, one in zip(found.tolist(), ids.tolist(), strict=True)
    ]
    assert every == sorted((key, one) for key, ids in model.items() for one in ids)
    assert len(segments(database)) >= 1


def test_there_are_few_segments_and_each_is_much_larger_than_the_next(database):
    postings, chance, most = Postings(database), random.Random(1), 0
    for article in range(300):
        postings.add([chance.randrange(1 << KEY_BITS) for _ in range(20)], article)
        postings.pack(100)
        sizes = segments(database)
        most = max(most, len(sizes))
        assert all(older > 3 * newer for older, newer in itertools.pairwise(sizes))
    assert 2 <= most <= 5
    assert sum(segments(database)) + database.execute("SELECT count(*) FROM postings").fetchone()[0] == 6000
    # Nothing stays behind of segments that became part of another.
    packed = database.execute("SELECT sum(length(data)) FROM blocks").fetchone()[0]
    assert packed <= 6000 * 8


def test_an_article_that_is_taken_out_of_a_segment_and_comes_back_has_its_new_keys_only(database):
    postings = Postings(database)
    postings.add([10, 20], 1)
    postings.add([10], 2)
    postings.pack(0)
    postings.remove([10, 20], 1)
    assert asked(postings, [10, 20]) == {10: [2]}
    postings.add([20, 30], 1)
    assert asked(postings, [10, 20, 30]) == {10: [2], 20: [1], 30: [1]}
    postings.pack(0)
    assert asked(postings, [10, 20, 30]) == {10: [2], 20: [1], 30: [1]}
    assert database.execute("SELECT count(*) FROM removed").fetchone()[0] == 0


def test_a_block_that_is_cut_short_is_told(database):
    postings = Postings(database)
    postings.add([10, 20], 1)
    postings.pack(0)
    database.execute("UPDATE blocks SET data = substr(data, 1, length(data) - 1)")
    with pytest.raises(Damaged, match="cut short"):
        asked(postings, [10])


def test_nothing_asked_nothing_found(database):
    assert asked(Postings(database), []) == {}
    Postings(database).pack()
    assert segments(database) == []
