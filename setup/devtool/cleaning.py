"""`./dev stop` and `./dev clean`."""

import shutil

from . import config, databases, locks, postgres
from .messages import Problem, say
from .session import prepare

# Notes that do not tell of a database.
KEPT = ("python-", "odoo", "node", "chromium", "durations", "stock_plain")
PARTS = {
    "demo": "the demo database",
    "databases": "all databases and their files",
    "tools": "the linters",
    "all": f"everything below {config.HOME.name}/",
}


def stop(_arguments):
    """End what runs here: a demo, tests, the embedded PostgreSQL."""
    for name in ("demo", "test", "bench"):
        if locks.end_holder(name):
            say(f"./dev {name} is stopped")
    if config.VENV.exists() and not postgres.is_external() and postgres.stop():
        say("PostgreSQL is stopped")
    return 0


def clean(arguments):
    """Remove what `./dev` made: `./dev clean [demo|databases|tools|all]`."""
    part = arguments[0] if arguments else "all"
    if part not in PARTS or len(arguments) > 1:
        choices = "; ".join(f"{name} ({text})" for name, text in PARTS.items())
        raise Problem(f"cannot clean {' '.join(arguments)}", f"choose from {choices}")
    if not config.HOME.exists():
        return 0
    if part == "demo":
        stop([])
        prepare()
        databases.drop("demo")
    elif part == "tools":
        for folder in (config.TOOLS, config.NODE):
            shutil.rmtree(folder, ignore_errors=True)
    else:
        _clean_databases(part)
    say(f"removed: {PARTS[part]}")
    return 0


def _clean_databases(part):
    if postgres.is_external():
        prepare()
        for name in databases.ours():
            databases.drop(name)
    else:
        locks.end_holder("demo")
        if postgres.is_used():
            mend = "wait for it, or end it"
            raise Problem("another ./dev is using the databases", mend)
        stop([])
        shutil.rmtree(postgres.FOLDER, ignore_errors=True)
        shutil.rmtree(config.DATA, ignore_errors=True)
        for path in config.STATE.glob("*.json"):
            if not path.stem.startswith(KEPT):
                path.unlink()
    if part == "all":
        _check_ours()
        shutil.rmtree(config.HOME)


def _check_ours():
    """Refuse to remove a folder that DEV_HOME names but that we did not make."""
    mark = config.HOME / ".gitignore"
    if not mark.exists() or mark.read_text() != "*\n":
        raise Problem(
            f"{config.HOME} was not made by ./dev",
            "remove it yourself if you are sure",
        )
