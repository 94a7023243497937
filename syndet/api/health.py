"""Whether the server lives, whether it can do its work, and what it did."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from syndet import __version__
from syndet.api import answers, document
from syndet.api.access import Access
from syndet.api.metrics import CONTENT_TYPE, Metrics


def router(opened: Access, metrics: Metrics) -> APIRouter:
    """Return what watchers ask."""
    routes = APIRouter(tags=["watching"])

    @routes.get("/healthz", **document.answers("Health"))
    def healthz() -> Response:
        """Say that the store can be read."""
        with opened() as corpus:
            return answers.plain({"status": "ok", "recipe": corpus.recipe(), "version": __version__})

    @routes.get("/readyz", **document.answers("Health"))
    def readyz() -> Response:
        """Say that everything can be answered: the store is read, and of this syndet's recipe."""
        from syndet.fingerprint import RECIPE, golden

        with opened() as corpus:
            corpus.store.require_recipe(RECIPE, golden())
            return answers.plain({"status": "ready", "recipe": corpus.recipe(), "version": __version__})

    @routes.get("/metrics", **document.answers("Metrics"))
    def numbers() -> Response:
        """Return counts and times for Prometheus."""
        return Response(metrics.text(), media_type=None, headers={"Content-Type": CONTENT_TYPE})

    return routes
