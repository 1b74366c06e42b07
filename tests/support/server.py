"""A running server for browser tests, screenshots and measurements; ready when it is handed out."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """Where it listens and the process to measure or to kill."""

    url: str
    process: subprocess.Popen[bytes]


@contextmanager
def live_server(
    settings: Mapping[str, str],
    log: Path,
    *,
    target: str = "wsgi:app",
    workers: int = 1,
    probe: str = "/healthz",
) -> Iterator[Server]:
    """The real server as `start_server` starts it, stopped politely at the end."""
    server = start_server(settings, log, target=target, workers=workers, probe=probe)
    try:
        yield server
    finally:
        server.process.terminate()
        try:
            server.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()


def start_server(
    settings: Mapping[str, str],
    log: Path,
    *,
    port: int = 0,
    target: str = "wsgi:app",
    workers: int = 1,
    probe: str = "/healthz",
    own_group: bool = False,
) -> Server:
    """Gunicorn, in processes of its own with `settings` in its environment. `port`: 0 takes a free one.

    The socket listens before the server starts, so no port is guessed and nobody waits by the clock: the
    first request is answered when the first worker takes it. `log` receives all output. `own_group`: so that
    the server can be killed with all its workers.
    Raises RuntimeError with the end of the log when it does not start.
    """
    with socket.create_server(("127.0.0.1", port)) as listener, log.open("ab") as output:
        port = listener.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "--bind",
            f"fd://{listener.fileno()}",
            "--workers",
            str(workers),
        ]
        process = subprocess.Popen(
            [*command, "--no-control-socket", "--graceful-timeout", "5", target],
            cwd=ROOT,
            env={**os.environ, **settings},
            pass_fds=[listener.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=own_group,
        )
    # Our copy of the socket is closed here: a server that dies now refuses the probe at once.
    try:
        _wait_for_answer(port, probe, log)
    except RuntimeError:
        process.kill()
        process.wait()
        raise
    return Server(f"http://127.0.0.1:{port}", process)


@contextmanager
def serve_in_thread(app: Flask) -> Iterator[str]:
    """Serve an app of this process (its clock, its database) from threads; yields its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _wait_for_answer(port: int, probe: str, log: Path) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    try:
        connection.request("GET", probe)
        status = connection.getresponse().status
    except OSError as error:
        status = 0
        said = str(error)
    else:
        said = f"{probe} answered {status}"
    finally:
        connection.close()
    if status not in range(200, 400):
        message = f"The server did not start ({said}): {log.read_text(errors='replace')[-3000:]}"
        raise RuntimeError(message)
