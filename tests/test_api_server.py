"""The server as a process: how it starts and ends, what it says of what is no HTTP, and nginx before it."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from build import html, prose

from syndet import Corpus
from syndet.api import app, server
from syndet.models import Page

ROOT = Path(__file__).resolve().parent.parent
READ, WRITE = "reading-0123456789abcdef", "writing-0123456789abcdef"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "news.db"
    with Corpus(path) as corpus:
        corpus.add_pages([Page("https://a.example/1", html(prose(150, 1)), "html", "test")])
        corpus.link()
    return path


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def served(path, **environment):
    """Yield a server's process and its port; what it logged is in `path`'s folder."""
    port = free_port()
    command = [sys.executable, "-m", "syndet", "--db", str(path), "serve", "--port", str(port)]
    with open(path.with_name("log"), "w") as log:  # noqa: PTH123
        known = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        process = subprocess.Popen(command, env=known, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=log)
        try:
            until(lambda: answers(port) or process.poll() is not None)
            yield process, port
        finally:
            process.kill()
            process.wait(30)


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as found:
            return found.status == 200
    except OSError:
        return False


def until(true):
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "it hangs"
        time.sleep(0.05)


def said(port, data):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(data)
        found = b""
        while piece := line.recv(65_536):
            found += piece
    return found


def test_it_ends_when_it_is_asked_to_after_what_it_has_begun(path):
    with served(path) as (process, port), socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        body = prose(150, 1).encode()
        head = f"POST /v1/lookup HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        line.sendall(head + body[:100])
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        line.sendall(body[100:])
        assert line.recv(100).startswith(b"HTTP/1.1 200")
        assert process.wait(30) == 0
    assert "Traceback" not in path.with_name("log").read_text()


@contextmanager
def running(path):
    """Yield the port of a server in this process."""
    port = free_port()
    served = uvicorn.Server(server.config(app(path), "127.0.0.1", port))
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    try:
        until(lambda: served.started)
        yield port
    finally:
        served.should_exit = True
        thread.join(30)


@pytest.mark.parametrize("begun", [b"", b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "])
def test_who_does_not_finish_the_head_of_a_request_is_not_waited_for(path, monkeypatch, begun):
    monkeypatch.setattr(server, "_IDLE_SECONDS", 1)
    with running(path) as port:
        for before in (b"", b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", port), timeout=0.1) as line:
                line.sendall(before + begun)
                end, closed = time.monotonic() + 10, False
                while not closed and time.monotonic() < end:
                    try:
                        closed = not line.recv(65_536)
                        line.sendall(b"x" * bool(begun))
                    except TimeoutError:
                        line.sendall(b"x" * bool(begun))
                    except ConnectionError:
                        closed = True
                assert closed


def test_what_is_no_http_is_told_by_a_problem_too(path):
    with served(path) as (_, port):
        for data in (
            b"nonsense\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost 127\r\n\r\n",
            b"GET / HTTP/1.1\r\nA: " + b"x" * 70_000,
        ):
            head, _, body = said(port, data).partition(b"\r\n\r\n")
            assert b"application/problem+json" in head
            assert json.loads(body)["status"] == 400


def test_a_server_with_tokens_says_nothing_of_them_in_its_log(path):
    with served(path, SYNDET_READ_TOKEN=READ, SYNDET_WRITE_TOKEN=WRITE) as (_, port):
        for token, query in ((READ, ""), (WRITE, f"?target={WRITE}"), ("wrong-0123456789", "")):
            head = f"GET /v1/lookup{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            said(port, f"{head}Authorization: Bearer {token}\r\n\r\n".encode())
    log = path.with_name("log").read_text()
    assert log.count("GET /v1/lookup") == 3
    assert not any(secret in log for secret in (READ, WRITE, "wrong-0123456789", "target"))


# -- the proxy of docs/deploy.md ----


def snippets():
    text = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")
    blocks = re.findall(r"`(/etc/nginx/[\w./-]+)`[^`]*?:\n\n((?:    .*\n|\n)+)", text)
    found = {
        name: "".join(line.removeprefix("    ") for line in body.splitlines(keepends=True)) for name, body in blocks
    }
    assert set(found) == {"/etc/nginx/conf.d/syndet.conf", "/etc/nginx/syndet-proxy.conf"}
    return found


@contextmanager
def proxied(folder, port):
    """Run nginx as the document says, but for its ports and files; yield the port that it listens on."""
    outer = free_port()
    key = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=syndet.example.org", "-days", "2"]
    subprocess.run([*key, "-keyout", folder / "key", "-out", folder / "pem"], check=True, capture_output=True)
    site, inner = snippets().values()
    changes = {
        "443 ssl": f"127.0.0.1:{outer} ssl",
        "/etc/ssl/syndet.pem": f"{folder}/pem",
        "/etc/ssl/syndet.key": f"{folder}/key",
        "/etc/nginx/syndet-proxy.conf": f"{folder}/proxy.conf",
    }
    for old, new in changes.items():
        assert old in site
        site = site.replace(old, new)
    (folder / "proxy.conf").write_text(inner.replace("127.0.0.1:8765", f"127.0.0.1:{port}"))
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        # Its workers would be somebody who may not look into this folder.
        f"{'user root;' if os.geteuid() == 0 else ''}\n"
        f"daemon off;\npid {folder}/pid;\nerror_log {folder}/errors;\nworker_processes 1;\n"
        f"events {{ worker_connections 512; }}\nhttp {{\naccess_log off;\n{temporary}{site}}}\n"
    )
    process = subprocess.Popen([NGINX, "-c", folder / "nginx.conf", "-e", folder / "errors"])
    try:
        until(lambda: process.poll() is not None or reached(outer))
        assert process.poll() is None, (folder / "errors").read_text()
        yield outer
    finally:
        process.terminate()
        process.wait(30)


def reached(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def trusting():
    """Return what takes a certificate that nobody signed."""
    found = ssl.create_default_context()
    found.check_hostname, found.verify_mode = False, ssl.CERT_NONE
    return found


def hurried(port, times):
    """Return the statuses of so many requests, one right after the other on one connection."""
    line = http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=trusting())
    found = set()
    for _ in range(times):
        line.request("GET", "/healthz", headers={"Host": "syndet.example.org"})
        answer = line.getresponse()
        answer.read()
        found.add(answer.status)
    line.close()
    return found


def ask(port, address, *, token=READ, data=None, **headers):
    """Return status, headers and body of what the proxy answers."""
    known = {"Host": "syndet.example.org", "Authorization": f"Bearer {token}", **headers}
    request = urllib.request.Request(f"https://127.0.0.1:{port}{address}", data, known)
    try:
        with urllib.request.urlopen(request, timeout=60, context=trusting()) as found:
            return found.status, dict(found.headers), found.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


@pytest.mark.slow
@pytest.mark.skipif(NGINX is None, reason="nginx is not installed here (apt-get install nginx-light)")
def test_the_proxy_of_the_document_brings_tls_and_limits_and_passes_the_rest_on(path, tmp_path):
    tokens = {"SYNDET_READ_TOKEN": READ, "SYNDET_WRITE_TOKEN": WRITE}
    with served(path, **tokens) as (_, inner), proxied(tmp_path, inner) as port:
        status, headers, body = ask(port, "/v1/lookup?target=https://a.example/1")
        assert (status, json.loads(body)["found"]) == (200, True)
        assert ask(port, "/v1/lookup?target=https://a.example/1", **{"If-None-Match": headers["etag"]})[0] == 304
        assert ask(port, "/v1/lookup?target=x", token="wrong")[0] == 401
        json_kind = {"Content-Type": "application/json"}
        large = json.dumps({"pages": [{"url": "https://n.example/1", "text": prose(200, 3), "x": "x" * 12_000_000}]})
        status, _, body = ask(port, "/v1/articles", token=WRITE, data=large.encode(), **json_kind)
        assert (status, json.loads(body)["pages"][0]["state"]) == (200, "new")
        assert ask(port, "/v1/lookup", data=b"x" * 11_000_000)[0] == 413
        own = {"Origin": "https://syndet.example.org"} | json_kind
        assert ask(port, "/v1/articles", token=WRITE, data=b'{"pages": [{}]}', **own)[0] == 200
        foreign = own | {"Origin": "https://evil.example"}
        assert ask(port, "/v1/articles", token=WRITE, data=b'{"pages": [{}]}', **foreign)[0] == 403
        assert hurried(port, 300) == {200, 429}
