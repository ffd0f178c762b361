"""A PostgreSQL of its own that may be killed, with data that must survive it."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2

sys.path.insert(0, str(Path(__file__).parents[2]))

from devtool import postgres

#: Seconds in which the server starts, recovery included, or ends.
WAIT = 120

#: As PostgreSQL comes; the embedded server of `./dev` trades safety for speed.
SAFE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Cluster:
    """One server on a socket in a folder of its own.

    :param Path folder: an empty folder with a short path
    """

    def __init__(self, folder):
        self.folder = folder
        self.data = folder / "data"
        self.process = None
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
        words = ["initdb", "-D", self.data, "-U", "odoo", "--auth=trust"]
        words += ["-E", "UTF8", "--locale=C", "--no-sync"]
        self._run(words)

    @property
    def options(self):
        """Return what leads to this server."""
        host = str(self.folder)
        return {"host": host, "port": 5432, "user": "odoo", "password": ""}

    def _words(self, words):
        program, *rest = words
        return [*postgres.unprivileged(), postgres.bin_folder() / program, *rest]

    def _run(self, words):
        command = [str(word) for word in self._words(words)]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)

    def start(self, settings=SAFE):
        """Start the server and wait until it answers, recovered if need be."""
        words = ["postgres", "-D", self.data, "-k", self.folder, "-h", ""]
        for setting in settings:
            words += ["-c", setting]
        with (self.folder / "log").open("a") as log:
            # A child of ours and not of pg_ctl, so that a dead one is really gone.
            self.process = subprocess.Popen(
                [str(word) for word in self._words(words)],
                cwd="/",
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + WAIT
        while not self._answers():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise SystemExit((self.folder / "log").read_text()[-2000:])
            time.sleep(0.02)

    def _answers(self):
        with suppress(psycopg2.OperationalError):
            psycopg2.connect(dbname="postgres", **self.options).close()
            return True
        return False

    def kill(self):
        """End the server and all its processes at once, as a crash does: SIGKILL."""
        children = _children_of(self.process.pid)
        for pid in (self.process.pid, *children):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(WAIT)
        deadline = time.monotonic() + WAIT
        while any(map(_is_alive, children)):
            if time.monotonic() > deadline:
                raise SystemExit("a killed process of the server is still there")
            time.sleep(0.005)

    def stop(self):
        """End the server in order, if it runs."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(WAIT)

    def copy(self, name):
        """Copy a database of the server that the environment names."""
        own = {**os.environ, "PGPASSWORD": ""}
        own |= {"PGHOST": str(self.folder), "PGPORT": "5432", "PGUSER": "odoo"}
        tools = postgres.bin_folder()
        subprocess.run([tools / "createdb", name], check=True, env=own)
        dump = subprocess.Popen(
            [tools / "pg_dump", "--no-owner", name], stdout=subprocess.PIPE
        )
        subprocess.run(
            [tools / "psql", "-Xq", "-v", "ON_ERROR_STOP=1", name],
            check=True,
            env=own,
            stdin=dump.stdout,
            stdout=subprocess.DEVNULL,
        )
        dump.stdout.close()
        if dump.wait():
            raise SystemExit("pg_dump failed")
        # As autovacuum does before long.
        subprocess.run([tools / "psql", "-Xqc", "ANALYZE", name], check=True, env=own)


def _stat(pid):
    """Return the state and the parent of a process, None if there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, parent = text.rpartition(")")[2].split()[:2]
    return state, int(parent)


def _children_of(pid):
    numbers = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit()]
    return [child for child in numbers if (_stat(child) or ("", 0))[1] == pid]


def _is_alive(pid):
    # Nobody may have asked yet how it ended: it is dead all the same.
    return (_stat(pid) or ("Z", 0))[0] not in "ZX"


@contextmanager
def throw_away():
    """Return a server with nothing in it, gone at the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="dev-pg-"))
    cluster = None
    try:
        cluster = Cluster(folder)
        yield cluster
    finally:
        if cluster:
            cluster.stop()
        shutil.rmtree(folder)
