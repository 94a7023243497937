"""What the server did -> numbers for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from syndet import __version__
from syndet.api.access import Access
from syndet.errors import StoreError

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Seconds. The two that matter are the promises for addresses and for texts.
_BUCKETS = (0.005, 0.01, 0.03, 0.06, 0.1, 0.2, 0.4, 1, 3, 10, 60)


class Metrics:
    """Counts and times of one server; a registry of its own, so that two of them are apart."""

    def __init__(self, opened: Access):
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "syndet_http_requests_total", "Requests by method, route and status.", ("method", "route", "status"),
            registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "syndet_http_request_seconds", "Seconds from the head of a request to the end of its answer.",
            ("method", "route"), buckets=_BUCKETS, registry=self._registry,
        )  # fmt: skip
        self.under_way = Gauge(
            "syndet_http_requests_under_way", "Requests that are worked on.", registry=self._registry
        )
        self._pages = Counter(
            "syndet_pages_total", "Pages sent to /v1/articles, by state.", ("state",), registry=self._registry
        )
        version = Gauge("syndet_info", "The version that runs.", ("version",), registry=self._registry)
        version.labels(__version__).set(1)
        ProcessCollector(registry=self._registry)
        self._registry.register(_Stored(opened))

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def taken(self, state: str) -> None:
        """Count a page that was sent."""
        self._pages.labels(state).inc()

    def text(self) -> bytes:
        """Return all numbers in Prometheus's text format."""
        return generate_latest(self._registry)


class _Stored(Collector):
    """What the store holds, read when somebody asks; nothing where it can't be read."""

    def __init__(self, opened: Access):
        self._opened = opened

    def collect(self) -> Iterator[Metric]:
        readable, counts = 1, (0, 0)
        try:
            with self._opened() as corpus:
                counts = corpus.store.articles.last(), corpus.store.changes.state()[1]
        except StoreError:
            readable = 0
        yield GaugeMetricFamily("syndet_store_readable", "1 where the store can be read.", readable)
        if readable:
            yield GaugeMetricFamily("syndet_store_articles", "Articles stored: the highest id.", counts[0])
            yield GaugeMetricFamily("syndet_store_transactions", "Transactions that wrote to the store.", counts[1])
