"""What is wrong with a store: its file, its index, its texts."""

from __future__ import annotations

from syndet import groups, portions
from syndet.clusters import member
from syndet.errors import StoreError
from syndet.known import Known
from syndet.store import Store
from syndet.stored import Stored
from syndet.summary import Progress, Summary


def problems(store: Store, progress: Progress) -> list[str]:
    """Return what is wrong with file, index and clusters, one sentence each; an empty list is a sound store."""
    from syndet.fingerprint import RECIPE, golden, self_test

    found = store.file_problems()
    if (failed := self_test()) is not None:
        found.append(failed)
    unreadable = _unreadable(store)
    if unreadable:
        shown = ", ".join(map(str, unreadable[:5])) + (" ..." if len(unreadable) > 5 else "")
        found.append(f"{len(unreadable)} articles cannot be read (id {shown}); restore the store from a backup.")
    if damaged := sorted(set(store.pages.damaged())):
        shown = ", ".join(map(str, damaged[:5])) + (" ..." if len(damaged) > 5 else "")
        found.append(f"The kept bytes of {len(damaged)} articles are damaged (id {shown}); restore a backup.")
    recipe = store.index.recipe()
    if recipe is None:
        return found
    if recipe != (RECIPE, golden()):
        found.append(f"The index was made with recipe {recipe[0]}; `syndet rebuild` makes it current.")
        return found
    if wrong := _wrongly_indexed(store, set(unreadable), progress):
        found.append(f"{wrong} articles are not indexed as their text says; `syndet rebuild` mends it.")
    if orphans := store.index.orphans():
        found.append(f"{orphans} index entries belong to no article; `syndet rebuild` mends it.")
    if not unreadable and (wrong := _misplaced(store)):
        found.append(f"{wrong} articles are not in the cluster that their links say; `syndet rebuild` mends it.")
    return found


def _misplaced(store: Store) -> int:
    """Return the number of articles whose stored place is not what their links and their neighbours say."""
    if store.clusters.unsettled():
        return 0  # pages were added and not linked yet: the next night sees to it
    stored = Stored(store)
    graph = Known(stored, stored, range(max(store.articles.ids(), default=0) + 1))
    wrong, met = store.clusters.strays(), set[int]()
    for number in store.articles.ids():
        if (old := store.clusters.member(number)) is None:
            continue
        now = member(number, graph)
        if (now.digest, now.source, now.external) != (old.digest, old.source, old.external):
            wrong += 1
        elif old.cluster is not None and old.cluster not in met:
            met.add(old.cluster)
            wrong += len({one.id for one in stored.members(old.cluster)} ^ groups.walk(number, graph))
    return wrong


def _unreadable(store: Store) -> list[int]:
    """Return the ids of the articles that cannot be read with their versions and links."""
    return [number for number in store.articles.ids() if not _readable(store, number)]


def _readable(store: Store, number: int) -> bool:
    try:
        with store.snapshot():
            store.articles.versions(number)
            store.links.of(number)
    except StoreError:
        return False
    return True


def _wrongly_indexed(store: Store, unreadable: set[int], progress: Progress) -> int:
    """Return the number of articles whose index entries are not those of their text."""
    from syndet.fingerprint import fingerprints
    from syndet.linker import Linker

    linker = Linker(store, Summary())
    indexed = (number for number in store.articles.ids() if number not in unreadable and store.index.has(number))
    bodies = ((number, store.articles.bodies([number])[number]) for number in indexed)
    wrong = 0
    for batch in portions.of_bodies(bodies):
        for (number, _), made in zip(batch, fingerprints([body for _, body in batch]), strict=True):
            signature = store.index.signature(number)
            same = signature is not None and bool((signature == made.signature).all())
            # An article posts only what no relative has posted before it, and no boilerplate: that its keys lead
            # somewhere is all that can be told from the text.
            wrong += not same or store.index.missing(linker.query(linker.article(number), made)) > 0
        progress("check", len(batch))
    return wrong
