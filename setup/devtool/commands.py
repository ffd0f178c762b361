"""The table of commands, and those that need only a few lines."""

import os

from . import (
    addons,
    benching,
    chromium,
    cleaning,
    config,
    databases,
    demo,
    doctor,
    lint,
    session,
    templates,
    testing,
    translations,
)
from .messages import Problem, say
from .odoo import free_port, wanted_port
from .process import interactive, run


def _database(arguments):
    """Return the database to work on: the first word, the demo, or `work`."""
    if arguments and not arguments[0].startswith("-"):
        name = arguments.pop(0)
        if not databases.exists(name):
            raise Problem(f"there is no database {name}", f"`./dev db {name}` makes it")
        return name
    return demo.NAME if databases.exists(demo.NAME) else testing.WORK


def _open_database(odoo, arguments):
    name = _database(arguments)
    if name == testing.WORK:
        templates.working_copy(odoo, name)
    return name


def shell(arguments):
    """Open Odoo's Python shell."""
    odoo = session.prepare()
    name = _open_database(odoo, arguments)
    conf = odoo.configuration(name, name)
    return odoo.interactive(conf, "--no-http", *arguments, subcommand="shell")


def psql(arguments):
    """Open PostgreSQL's shell."""
    odoo = session.prepare()
    name = _open_database(odoo, arguments)
    return interactive(["psql", *arguments, databases.full_name(name)])


def run_odoo(arguments):
    """Run any command of Odoo with paths and the server's address set."""
    odoo = session.prepare()
    conf = odoo.configuration("odoo")
    commands = ("cloc", "db", "help", "i18n", "module", "neutralize", "obfuscate")
    commands += ("populate", "scaffold", "server", "shell", "upgrade_code")
    if arguments and arguments[0] in commands:
        command, *rest = arguments
    else:
        command, rest = "server", arguments
    if command in ("help", "cloc", "scaffold", "upgrade_code"):
        return interactive([config.PYTHON, "-m", "odoo", command, *rest])
    if command == "server" and not _names_port(rest):
        brief = {"--stop-after-init", "--no-http"} & set(rest)
        rest = ["--http-port", str(free_port() if brief else wanted_port()), *rest]
    return odoo.interactive(conf, *rest, subcommand=command)


def _names_port(words):
    return any(word == "-p" or word.startswith("--http-port") for word in words)


def python(arguments):
    """Run the environment's Python with Odoo importable and ODOO_RC set."""
    odoo = session.prepare()
    name = testing.WORK if databases.exists(testing.WORK) else None
    os.environ["ODOO_RC"] = str(odoo.configuration("python", name))
    return interactive([config.PYTHON, *arguments])


def update(arguments):
    """Update addons in the demo database: those named, or those changed."""
    odoo = session.prepare()
    if not databases.exists(demo.NAME):
        raise Problem("there is no demo database", "`./dev demo` makes it")
    if not arguments:
        demo.bring_up_to_date(odoo)
        return 0
    unknown = [name for name in arguments if name not in addons.names()]
    if unknown:
        raise Problem(
            f"no addon {', '.join(unknown)}", f"there are {', '.join(addons.names())}"
        )
    odoo.install(demo.NAME, update=arguments, demo=True, what="updating the demo")
    before = databases.made_from(demo.NAME) or {}
    now = addons.digests()
    updated = {name: now[name] for name in arguments}
    databases.remember(demo.NAME, {**before, **updated})
    return 0


def database(arguments):
    """Make a disposable database: `./dev db NAME [--stock]`."""
    names = [word for word in arguments if word != "--stock"]
    if len(names) != 1 or names[0].startswith("-"):
        raise Problem("`./dev db` needs one name", "./dev db NAME [--stock]")
    name = names[0]
    if name.split("_")[0] in databases.RESERVED:
        raise Problem(f"the name {name} is taken by ./dev itself", "choose another")
    databases.full_name(name)  # refuses an odd name before any work is done
    odoo = session.prepare()
    template = templates.stock if "--stock" in arguments else templates.suite
    databases.clone(template(odoo), name)
    real = databases.full_name(name)
    say(f"database {real} is ready: ./dev shell {name}, ./dev odoo -d {real}")
    return 0


def fetch_chromium(_arguments):
    """Make sure that there is a browser for the page tests."""
    session.make_home()
    found = chromium.ensure()
    told = chromium.version(found)
    if not told:
        raise Problem(f"{found} does not start", "install the machine's own Chromium")
    say(f"{told} at {found}")
    return 0


def hooks(_arguments):
    """Switch on the hooks of .pre-commit-config.yaml for this clone."""
    session.prepare_linters()
    log = config.LOGS / "hooks.log"
    command = [config.TOOLS / "bin" / "pre-commit", "install"]
    run(command, what="pre-commit install", log=log, cwd=config.ROOT)
    say("git now runs `./dev lint` before each commit")
    return 0


# name: (arguments, what it does, function)
ALL = {
    "demo": ("", "serve a shop with demo data until Ctrl-C", demo.serve),
    "test": (
        "[--stock | --defects | --moving | PATH ...]",
        "run all that CI runs",
        testing.main,
    ),
    "lint": ("[--fix] [STEP]", "run the linters and formatters", lint.main),
    "shell": ("[DB]", "open Odoo's Python shell (demo, else work)", shell),
    "psql": ("[DB]", "open PostgreSQL's shell", psql),
    "odoo": ("ARGS", "run any command of Odoo", run_odoo),
    "python": ("ARGS", "run Python with Odoo importable", python),
    "update": ("[ADDON ...]", "update changed addons in the demo", update),
    "db": ("NAME [--stock]", "make a disposable database in seconds", database),
    "pot": ("", "refresh the translation templates", translations.refresh),
    "bench": (
        "[--small | --size PART] [NAME]",
        "measure against stock and SQL",
        benching.main,
    ),
    "chromium": ("", "fetch a browser for the page tests", fetch_chromium),
    "hooks": ("", "run the linters before each commit", hooks),
    "doctor": ("", "tell what is here and what is missing", doctor.main),
    "stop": ("", "end a running demo, tests and PostgreSQL", cleaning.stop),
    "clean": ("[PART]", "remove what ./dev made", cleaning.clean),
}
