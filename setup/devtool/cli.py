"""The commands of `./dev`."""

import argparse
import atexit
import signal
import sys

from . import commands, config, postgres
from .messages import Problem, show
from .process import end_all, is_no_space, no_space, stop_all

DESCRIPTION = "Set up, run and test the loyalty suite."
EPILOG = f"""
Everything is kept below {config.HOME.name}/ (git-ignored); nothing else is touched.

environment:
  DEV_HOME       another folder for all that
  ODOO_HOME      an existing Odoo 19 (a checkout, or a folder holding `odoo`);
                 without it Debian's package is unpacked privately
  PGHOST, PGPORT, PGUSER, PGPASSWORD
                 an existing PostgreSQL; without them an embedded one is used
  PORT           the port of `./dev demo` and `./dev odoo` ({config.DEFAULT_PORT})
  DEV_LANGUAGES  translations to unpack beside English
                 ({config.DEFAULT_LANGUAGES})
  DEV_WORKERS    how many Odoo processes run tests at once (at most 2)
"""


def parser():
    """Return the parser; each command takes the rest of the line itself."""
    root = argparse.ArgumentParser(
        prog="./dev",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("command", metavar="COMMAND", choices=sorted(commands.ALL))
    root.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...")
    lines = ["", "commands:"]
    for name, (usage, text, _function) in commands.ALL.items():
        lines.append(f"  {f'{name} {usage}'.strip():<24} {text}")
    root.epilog = "\n".join(lines) + "\n" + EPILOG
    return root


def main(words):
    """Run one command and return the exit code."""
    options = parser().parse_args(words)
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, _end)
    signal.signal(signal.SIGINT, _end)
    atexit.register(postgres.release)
    atexit.register(stop_all)  # runs first: the last registered is the first called
    function = commands.ALL[options.command][2]
    try:
        return function(options.arguments) or 0
    except Problem as problem:
        show(problem)
    except BrokenPipeError:
        sys.stdout = None  # the reader has gone, as in `./dev doctor | head`
    except OSError as error:
        if not is_no_space(error):
            raise
        show(no_space())
    except KeyboardInterrupt:
        print("\ndev: interrupted", file=sys.stderr)
        return 130
    return 1


def _end(number, _frame):
    """End the children first: threads that wait for them would hold us up."""
    end_all()
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(128 + number)
