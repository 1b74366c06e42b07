"""A PostgreSQL cluster of our own for tests and measurements: made in a moment, reached over a socket only.

PostgreSQL refuses to run as root, so there it steps down to an unprivileged user. Nothing of the machine's
own PostgreSQL is touched. `python -m tests.support.postgres` prints where the programs are, or exits 1.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

PROGRAMS = ("initdb", "pg_ctl", "postgres")
OLDEST = 15
OWNER = "signalen"
# Tests may lose everything when the machine stops; measurements may not (start_cluster(durable=True)).
CARELESS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
HOW_TO_GET_IT = (
    f"PostgreSQL {OLDEST} or newer is needed: apt-get install postgresql, "
    "or set SIGNALEN_POSTGRES_BIN to the folder that holds initdb."
)


class PostgresMissingError(RuntimeError):
    """No usable PostgreSQL programs on this machine; the message says how to get them."""


def find_programs() -> Path:
    """The folder with initdb, pg_ctl and postgres, newest first.

    Raises PostgresMissingError when there is none of version 15 or later.
    """
    folders = [Path(named)] if (named := os.environ.get("SIGNALEN_POSTGRES_BIN")) else []
    # A bare link on the PATH would hide the share/ folder beside the real program: follow it.
    folders += [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    folders += sorted(
        Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=lambda path: int(path.parent.name), reverse=True
    )
    for folder in folders:
        if all(os.access(folder / program, os.X_OK) for program in PROGRAMS) and _version(folder) >= OLDEST:
            return folder
    raise PostgresMissingError(HOW_TO_GET_IT)


@dataclass(frozen=True)
class Cluster:
    """A running cluster. Databases in it are made and dropped by name."""

    directory: Path
    programs: Path

    def url(self, dbname: str) -> str:
        """The SQLAlchemy address of a database of this cluster, over its socket."""
        return f"postgresql+psycopg://{OWNER}@/{dbname}?host={quote(str(self.directory), safe='')}"

    def create_database(self, name: str, template: str | None = None) -> str:
        """Make a database and return its URL; a copy of `template` when named (with nobody on it)."""
        copied = sql.Identifier(template or "template0")
        # Copying files takes a sixth of the time of writing a log of them, when nothing has to reach the disk.
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
            sql.Identifier(name), copied
        )
        self._run(make)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, closing the connections that are still open on it."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """Stop the server at once and remove all of it."""
        _command([self.programs / "pg_ctl", "-D", self.directory / "data", "-m", "immediate", "stop"])
        shutil.rmtree(self.directory, ignore_errors=True)

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(
            host=str(self.directory), user=OWNER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)


def start_cluster(tmp: Path | None = None, *, durable: bool = False) -> Cluster:
    """Make and start a cluster; returns when it takes connections (under two seconds).

    It lives in a short folder of its own, because a socket's path may not exceed 107 bytes and an
    unprivileged user cannot enter the folders of root.
    `tmp` receives the log of the server; `durable` keeps fsync on.
    Raises PostgresMissingError, or RuntimeError with the end of the log.
    """
    programs = find_programs()
    directory = Path(tempfile.mkdtemp(prefix="signalen-pg-"))
    if user := _unprivileged_user():
        os.chown(directory, user.pw_uid, user.pw_gid)
    data = directory / "data"
    options = f"-k {directory} -c listen_addresses='' -c max_connections=100 {'' if durable else CARELESS}"
    try:
        _command(
            [
                programs / "initdb",
                "-D",
                data,
                "-U",
                OWNER,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "-N",
            ]
        )
        _command(
            [
                programs / "pg_ctl",
                "-D",
                data,
                "-l",
                directory / "server.log",
                "-w",
                "-t",
                "60",
                "-o",
                options,
                "start",
            ]
        )
    except RuntimeError:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    if tmp is not None:
        (tmp / "postgres.log").symlink_to(directory / "server.log")
    return Cluster(directory, programs)


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A cluster for the length of a `with` block."""
    running = start_cluster(durable=durable)
    try:
        yield running
    finally:
        running.stop()


def _version(folder: Path) -> int:
    said = subprocess.run(
        [folder / "initdb", "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"\d+", said)
    return int(found.group()) if found else 0


def _unprivileged_user() -> pwd.struct_passwd | None:
    """Whom to step down to; None when this process is not root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _command(arguments: list[str | Path]) -> None:
    user = _unprivileged_user()
    done = subprocess.run(
        arguments,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        # A file, not a pipe: the server that pg_ctl leaves behind would keep a pipe open for ever.
        stdout=(said := tempfile.TemporaryFile()),  # noqa: SIM115
        stderr=subprocess.STDOUT,
        check=False,
    )
    with said:
        if done.returncode != 0:
            said.seek(0)
            text = said.read().decode(errors="replace")[-2000:]
            message = f"{Path(arguments[0]).name} ended with {done.returncode}: {text}"
            raise RuntimeError(message)


if __name__ == "__main__":
    try:
        print(find_programs())
    except PostgresMissingError as missing:
        sys.exit(str(missing))
