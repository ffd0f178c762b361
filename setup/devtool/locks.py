"""Locks between several `./dev` of one checkout."""

import contextlib
import fcntl
import os
import signal

from . import config
from .messages import Problem, say


@contextlib.contextmanager
def waiting(name):
    """Hold a lock, waiting for another `./dev` that has it."""
    with _open(name) as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say(f"waiting for another ./dev ({name})")
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def only_one(name):
    """Hold a lock, or stop because another `./dev` has it."""
    with _open(name) as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            stream.seek(0)
            holder = stream.read().strip() or "?"
            raise Problem(
                f"another `./dev {name}` is running (process {holder})",
                "use that one, or end it with `./dev stop`",
            ) from error
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        yield
        stream.truncate(0)


def end_holder(name):
    """Ask the process that holds a lock to end; return whether there was one."""
    if not (config.HOME / f"{name}.lock").exists():
        return False
    with _open(name) as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
        except OSError:
            stream.seek(0)
            holder = stream.read().strip()
            if not holder.isdigit():
                return False
            os.kill(int(holder), signal.SIGTERM)
            fcntl.flock(stream, fcntl.LOCK_EX)
            return True


def _open(name):
    config.HOME.mkdir(parents=True, exist_ok=True)
    return (config.HOME / f"{name}.lock").open("a+", encoding="utf-8", errors="replace")
