"""Table `runs`: one row a night, so that what happened can be read the next morning."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from syndet.store import rows


class Runs:
    """Runs and their counts."""

    def __init__(self, connection: sqlite3.Connection):
        self._db = connection

    def start(self, command: str, sources: list[str], now: str, version: str, recipe: str) -> int:
        """Write down that a run began; return its id."""
        cursor = self._db.execute(
            "INSERT INTO runs (command, sources, started, syndet, recipe) VALUES (?, ?, ?, ?, ?)",
            [command, rows.to_json(sources), now, version, recipe],
        )
        return int(cursor.lastrowid or 0)

    def finish(self, run: int, now: str, status: int, counts: dict[str, Any], seconds: dict[str, float]) -> None:
        """Write down how run `run` ended."""
        self._db.execute(
            "UPDATE runs SET finished = ?, status = ?, counts = ?, seconds = ? WHERE id = ?",
            [now, status, json.dumps(counts), json.dumps(seconds), run],
        )

    def last(self, limit: int = 10) -> list[dict[str, Any]]:
        """Return the latest runs, newest first."""
        columns = ("id", "command", "sources", "started", "finished", "status", "counts", "seconds", "syndet", "recipe")
        found = self._db.execute(f"SELECT {', '.join(columns)} FROM runs ORDER BY id DESC LIMIT ?", [limit])
        runs = [dict(zip(columns, row, strict=True)) for row in found]
        for run in runs:
            for name in ("sources", "counts", "seconds"):
                run[name] = json.loads(run[name]) if run[name] else None
        return runs
