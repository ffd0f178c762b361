"""`./dev bench`: the scripts of setup/bench/, suite against stock in one run."""

import json

from . import config, databases, locks, templates
from .messages import Problem, say
from .session import prepare

FOLDER = config.SETUP / "bench"
ROUNDS = 2


def scripts():
    """Return {name: path} of the benches."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.py"))}


def main(arguments):
    """Run the named benches, or all, each in databases of its own."""
    found = scripts()
    unknown = [name for name in arguments if name not in found]
    if unknown or not found:
        raise Problem(
            f"there is no bench {', '.join(unknown)}", f"there are {', '.join(found)}"
        )
    with locks.only_one("bench"):
        odoo = prepare()
        templates.suite(odoo)
        for name in arguments or found:
            _run(odoo, name, found[name])
    return 0


def _run(odoo, name, path):
    rounds = {"stock": [], "suite": []}
    templates_of = {"stock": templates.STOCK, "suite": templates.SUITE}
    # Turn and turn about, so that a busy machine is unfair to neither.
    for label in ("stock", "suite") * ROUNDS:
        say(f"bench {name}: {label}")
        database = f"bench_{label}"
        databases.clone(templates_of[label], database)
        rounds[label].append(_measure(odoo, database, path, name))
        databases.drop(database)
    print(table(name, best(rounds["stock"]), best(rounds["suite"])))


def best(rounds):
    """Return the least of each measure: what disturbed one round is not ours."""
    return {measure: min(r[measure] for r in rounds) for measure in rounds[0]}


def _measure(odoo, database, path, name):
    target = config.STATE / "bench.json"
    target.unlink(missing_ok=True)
    text = f"TARGET = {str(target)!r}\n" + path.read_text()
    log = config.LOGS / f"bench-{name}-{database}.log"
    odoo.script(database, text, what=f"the bench {name}", log=log)
    return json.loads(target.read_text())


def table(name, stock, suite):
    """Return the measures side by side, with their ratio.

    :param dict stock: {measure: number} on stock Odoo
    :param dict suite: the same with the suite
    """
    lines = ["", f"{name:<34} {'stock':>10} {'suite':>10} {'ratio':>8}"]
    for measure, base in stock.items():
        value = suite[measure]
        ratio = f"{value / base:8.2f}" if base else "       -"
        lines.append(f"{measure:<34} {base:>10.1f} {value:>10.1f} {ratio}")
    return "\n".join([*lines, ""])
