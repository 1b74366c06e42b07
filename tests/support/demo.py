"""The demo as a visitor gets it: loaded by its command into a fresh installation, served by the real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.server import ROOT, live_server


@dataclass(frozen=True)
class Demo:
    """The demo as a visitor gets it: its address, who can sign in, and the codes of its givers."""

    url: str
    users: list[dict[str, Any]]
    codes: list[dict[str, Any]] = field(default_factory=list)

    def user(self, role: str) -> dict[str, Any]:
        """The first person with this role."""
        return next(user for user in self.users if user["role"] == role)


@contextmanager
def serve_demo(folder: Path) -> Iterator[Demo]:
    """The demo, loaded by its command into a fresh installation and served by the real server."""
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("SIGNALEN_")}
    own = {
        "SIGNALEN_INSTANCE": str(folder),
        "SIGNALEN_DATABASE_URL": f"sqlite:///{folder}/signalen.db",
        # As in the Makefile: Chromium opens connections ahead, and one of those would hold a single worker.
        "GUNICORN_CMD_ARGS": "--worker-class gthread --threads 4",
    }
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    said = b""
    for command in (["migrate"], ["demo", "--json"]):
        done = subprocess.run(
            [*flask, *command], cwd=ROOT, env={**quiet, **own}, capture_output=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{command}: {done.stderr.decode(errors='replace')[-3000:]}")
        said = done.stdout
    loaded = json.loads(said)
    with live_server(own, folder / "server.log") as server:
        yield Demo(server.url, loaded["users"], loaded["codes"])
