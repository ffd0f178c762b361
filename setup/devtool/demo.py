"""`./dev demo`: a shop with the suite running, until Ctrl-C."""

import os
import shutil
import time
import tomllib
import urllib.error
import urllib.request

from . import addons, config, databases, locks
from .messages import Problem, say
from .odoo import wanted_port
from .process import tail
from .session import prepare

NAME = "demo"
ACCOUNTS = config.SETUP / "demo_accounts.toml"
PATIENCE_S = 120
# A visitor of the webshop can pay at once, with a provider that moves no money.
EXTRAS = ["payment_demo"]
# Odoo's demo data of the addons below ours draws images, which takes a program.
NEEDS = {"loyalty_program_marketing_card": "wkhtmltoimage"}
# The suite's own till if the demo data brings one, else the shop's first.
TILL = """
select c.id from pos_config c
left join ir_model_data d on d.model = 'pos.config' and d.res_id = c.id
 and d.module like 'loyalty\\_program%'
where c.active order by d.id is null, c.id limit 1
"""


def serve(arguments):
    """Make or update the demo database, serve it, say where it is."""
    if arguments:
        raise Problem(
            f"`./dev demo` takes no argument ({' '.join(arguments)})",
            "`./dev odoo` runs Odoo with arguments of your own",
        )
    port = wanted_port()
    with locks.only_one(NAME):
        odoo = prepare()
        bring_up_to_date(odoo)
        conf = odoo.configuration(NAME, NAME, proxy_mode=False)
        log = config.LOGS / "demo.log"
        say("demo: starting Odoo")
        server = odoo.serve(conf, port, log)
        try:
            _wait_until_ready(server, port, log)
            say("demo: Odoo answers")
            print(welcome(f"http://localhost:{port}", _till()), flush=True)
            code = server.wait()
        except KeyboardInterrupt:
            print()
            say("stopping")
            return 0
        finally:
            # Odoo ends before the lock and the database are given up.
            server.terminate()
            server.wait()
    if code:
        raise Problem(f"Odoo ended (exit {code})", f"see {log}", tail(log))
    return 0


def showable(names):
    """Return the addons of ``names`` that this machine can show."""
    missing = {
        name: program
        for name, program in NEEDS.items()
        if name in names and not shutil.which(program)
    }
    for name, program in missing.items():
        say(f"demo: without {name}, which needs {program}")
    return [name for name in names if name not in missing]


def bring_up_to_date(odoo):
    """Make the demo database, or update the addons whose files changed."""
    ours = showable(addons.required())
    now = {name: value for name, value in addons.digests().items() if name in ours}
    before = databases.made_from(NAME)
    if before is None:
        say("demo: installing the suite with demo data (about two minutes, once)")
        databases.create(NAME)
        odoo.install(NAME, install=ours + EXTRAS, demo=True, what="installing the demo")
    else:
        new, changed = addons.changes(before, now)
        if not new and not changed:
            return
        say(f"demo: updating {', '.join(new + changed)}")
        odoo.install(
            NAME,
            install=new,
            update=changed,
            demo=True,
            what="updating the demo (`./dev clean demo` drops it)",
        )
    databases.remember(NAME, now)


def _till():
    found = databases.query(NAME, TILL)
    return found[0] if found else None


def _wait_until_ready(server, port, log):
    """Wait for the first answer of the server.

    The first request also loads the addons, so that the reader's own is quick.
    """
    until = time.monotonic() + PATIENCE_S
    address = f"http://127.0.0.1:{port}/web/login"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < until:
        if server.poll() is not None:
            raise Problem("Odoo did not start", f"see {log}", tail(log))
        try:
            opener.open(address, timeout=PATIENCE_S).close()
            return
        except urllib.error.HTTPError as error:
            mend = f"see {log}; `./dev clean demo` makes the database anew"
            raise Problem(f"Odoo answers with {error.code}", mend, tail(log)) from error
        except OSError:
            time.sleep(0.3)
    raise Problem(f"Odoo does not answer after {PATIENCE_S} s", f"see {log}", tail(log))


def welcome(address, till):
    """Return the text with the addresses and the log-ins."""
    accounts = tomllib.loads(ACCOUNTS.read_text())["account"]
    lines = ["", f"The demo shop is open at {address}", ""]
    for account in accounts:
        path = account["path"]
        if "{till}" in path:
            if till is None:
                continue
            path = path.format(till=till)
        login = (
            f"{account['login']} / {account['password']}" if account["login"] else ""
        )
        lines.append(f"  {account['what']:<18} {address + path:<42} {login}".rstrip())
    lines += [
        "",
        f"Log: {os.path.relpath(config.LOGS / 'demo.log')}. Ctrl-C stops it.",
        "",
    ]
    return "\n".join(lines)
