"""Child processes: run, log, and stop them together with us."""

import contextlib
import errno
import re
import signal
import subprocess
import threading

from .messages import Problem

_children = set()
_guard = threading.RLock()  # a signal may find us inside
_ending = threading.Event()
# Seconds that a child gets for ending in good order.
PATIENCE_S = 8
NO_SPACE = re.compile(r"no space left on device|disk full", re.IGNORECASE)


def tail(path, lines=15):
    """Return the last lines of a log file as one string."""
    try:
        text = path.read_text(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def start(cmd, **options):
    """Start a child process that `stop_all` ends.

    :param list cmd: words of the command, paths allowed
    :rtype: subprocess.Popen
    """
    words = [str(word) for word in cmd]
    if _ending.is_set():
        raise Problem("interrupted")
    try:
        child = subprocess.Popen(words, **options)
    except FileNotFoundError as error:
        raise Problem(f"{words[0]} is missing", "install it and try again") from error
    with _guard:
        _children.add(child)
    return child


def wait(child, text_input=None):
    """Wait for a child and forget it; return its exit code and its output."""
    try:
        out, _err = child.communicate(text_input)
    finally:
        if child.poll() is not None:
            with _guard:
                _children.discard(child)
    return child.returncode, out


def call(cmd, *, log=None, text_input=None, **options):
    """Run a command and return its exit code.

    :param Path log: file that takes the output, made anew; None: the terminal
    """
    if text_input is not None:
        options.update(stdin=subprocess.PIPE, text=True)
    elif log:
        options.setdefault("stdin", subprocess.DEVNULL)
    if not log:
        return wait(start(cmd, **options), text_input)[0]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as stream:
        options.update(stdout=stream, stderr=subprocess.STDOUT)
        return wait(start(cmd, **options), text_input)[0]


def run(cmd, *, what, log, mend="", **options):
    """Run a command that has to succeed.

    :param str what: the work in words, for the message
    :param Path log: file that takes the output
    :raise Problem: naming the work, the log and its last lines
    """
    code = call(cmd, log=log, **options)
    if code == 0:
        return
    end = tail(log)
    if NO_SPACE.search(end):
        raise no_space()
    raise Problem(f"{what} failed (exit {code})", mend or f"see {log}", end)


def output(cmd, **options):
    """Return (exit code, output) of a short command, errors included."""
    options.setdefault("stdin", subprocess.DEVNULL)
    child = start(
        cmd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        **options,
    )
    return wait(child)


def interactive(cmd, **options):
    """Run a command that owns the terminal, Ctrl-C included; return its exit code."""
    before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        return call(cmd, **options)
    finally:
        signal.signal(signal.SIGINT, before)


def end_all():
    """Ask every child to end, and start no more; safe in a signal's handler.

    Who does not listen is killed a while later, for threads may be waiting for it.
    """
    _ending.set()
    with _guard:
        running = list(_children)
    for child in running:
        child.terminate()
        late = threading.Timer(PATIENCE_S, child.kill)
        late.daemon = True
        late.start()
    return running


def stop_all():
    """End every child that is still running and wait for it."""
    for child in end_all():
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(2 * PATIENCE_S)


def no_space():
    """Return the problem of a full disk."""
    return Problem(
        "no space left on the disk",
        "free some, or set DEV_HOME to a folder on another one "
        "(a full set-up takes about 3 GB)",
    )


def is_no_space(error):
    """Tell whether an OSError means a full disk or quota."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)
