"""A store's name -> the files with which Datasette shows it to people: titles, explanations, facets, queries, texts."""

from __future__ import annotations

import json
from importlib.resources import files


def documents(database: str) -> dict[str, str]:
    """Return the files, by name in their folder, for a database that Datasette calls `database`: its file's stem."""
    shipped = files("syndet").joinpath("data")
    metadata = shipped.joinpath("datasette.yaml").read_text(encoding="utf-8")
    # As JSON, which is YAML: a name may hold what has a meaning there.
    named = metadata.replace("\n  DATABASE:\n", f"\n  {json.dumps(database)}:\n", 1)
    return {
        "metadata.yaml": named,
        "plugins/syndet_texts.py": shipped.joinpath("datasette_plugin.txt").read_text(encoding="utf-8"),
    }
