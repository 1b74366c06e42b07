"""A load client with little of its own: processes that send prepared requests over plain sockets to loopback.

A heavy client on the same machine would slow the fast application more than the slow one and so flatter the ratio.
What is left of that is small: building a request and reading an answer takes some 50 µs here.
"""

from __future__ import annotations

import multiprocessing
import socket
import statistics
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

CLIENTS = 4
"""Client processes, each with one request under way: enough to keep two workers busy."""
KEY = "00000000-0000-4000-8000-000000000000"
"""Stands in a prepared request where each sending puts a key of its own."""


@dataclass(frozen=True)
class Figures:
    """What one burst of load showed; times in seconds."""

    per_second: float
    p50: float
    p95: float


def get(url: str, *, cookie: str = "") -> bytes:
    """A prepared GET."""
    return _head("GET", url, cookie) + b"\r\n"


def post(url: str, form: Mapping[str, str | list[str]], *, cookie: str = "") -> bytes:
    """A prepared POST of a form."""
    body = urlencode(form, doseq=True).encode()
    kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    return _head("POST", url, cookie) + kind.encode() + b"\r\n" + body


def burst(url: str, request: bytes, *, expect: int, seconds: float) -> Figures:
    """Send `request` from all clients for `seconds`. Raises RuntimeError when an answer is not `expect`."""
    port = urlsplit(url).port or 80
    with multiprocessing.get_context("fork").Pool(CLIENTS) as pool:
        done = pool.starmap(_client, [(port, request, expect, seconds)] * CLIENTS)
    times = sorted(each for client in done for each in client)
    return Figures(len(times) / seconds, statistics.median(times), times[int(len(times) * 0.95)])


def _head(method: str, url: str, cookie: str) -> bytes:
    parts = urlsplit(url)
    lines = [
        f"{method} {parts.path}{'?' + parts.query if parts.query else ''} HTTP/1.1",
        f"Host: {parts.netloc}",
    ]
    lines += ["Connection: close", "Accept-Language: nl", *([f"Cookie: {cookie}"] if cookie else [])]
    return "\r\n".join(lines).encode() + b"\r\n"


def _client(port: int, request: bytes, expect: int, seconds: float) -> list[float]:
    times: list[float] = []
    wanted = str(expect).encode()
    end = time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        answer = _exchange(port, request.replace(KEY.encode(), str(uuid.uuid4()).encode()))
        times.append(time.perf_counter() - start)
        if answer[9:12] != wanted:
            message = f"Expected {expect}, got: {answer[:1500].decode(errors='replace')}"
            raise RuntimeError(message)
    return times


def _exchange(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)
