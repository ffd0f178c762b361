"""`./dev bench`: the scripts of setup/bench/, each beside stock or beside plain SQL."""

import argparse
import ast
import json
from itertools import zip_longest

from . import config, databases, locks, templates
from .messages import Problem, say
from .session import prepare

FOLDER = config.SETUP / "bench"
ROUNDS = 2
SMALL = 0.01

#: How many differences are printed.
SHOWN = 20

#: Where a script runs, by what it compares the suite with.
STOCK, PLAIN = "stock", "plain SQL"

#: A script that measures nothing: its report must be the same on both.
SAME = "stock, the same"


def scripts():
    """Return {name: path} of the benches."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.py"))}


def constants(path):
    """Return the named values of a script, without running it."""
    found = {}
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in ("BESIDE", "REACH"):
                found[name] = ast.literal_eval(node.value)
    return found


def _parser():
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument(
        "--small",
        action="store_true",
        help="a hundredth of the rows: whether the benches run, not what they say",
    )
    parser.add_argument(
        "--size",
        type=float,
        default=1,
        metavar="PART",
        help="a part of the rows, 0.1 for a tenth",
    )
    return parser


def main(arguments):
    """Run the named benches, or all, each in databases of its own."""
    options = _parser().parse_args(arguments)
    found = scripts()
    unknown = [name for name in options.names if name not in found]
    if unknown or not found:
        raise Problem(
            f"there is no bench {', '.join(unknown)}", f"there are {', '.join(found)}"
        )
    size = SMALL if options.small else options.size
    rows = []
    with locks.only_one("bench"):
        odoo = prepare()
        templates.suite(odoo)
        for name in options.names or found:
            rows += _run(odoo, name, found[name], size)
            print(table(rows))
    return 0


def _run(odoo, name, path, size):
    """Return the rows of one bench: measure, beside, base, suite, what to reach."""
    facts = constants(path)
    beside, reach = facts["BESIDE"], facts["REACH"]
    if beside == SAME:
        return [_compare(odoo, name, path, size)]
    if beside == PLAIN:
        say(f"bench {name}")
        measures = _measure(odoo, templates.SUITE, path, size)
        pairs = {
            what: pair if isinstance(pair, list) else [None, pair]
            for what, pair in measures.items()
        }
    else:
        rounds = {templates.STOCK: [], templates.SUITE: []}
        # Turn and turn about, so that a busy machine is unfair to neither.
        for template in (templates.STOCK, templates.SUITE) * ROUNDS:
            say(f"bench {name}: {template.removeprefix('template_')}")
            rounds[template].append(_measure(odoo, template, path, size))
        stock, suite = best(rounds[templates.STOCK]), best(rounds[templates.SUITE])
        pairs = {what: [stock[what], suite[what]] for what in stock}
    return [(what, beside, *pair, reach.get(what)) for what, pair in pairs.items()]


def _compare(odoo, name, path, size):
    """Return the row of a script whose report must be stock's to the last digit."""
    told = {}
    for template in (templates.STOCK, templates.SUITE):
        say(f"bench {name}: {template.removeprefix('template_')}")
        told[template] = _measure(odoo, template, path, size)
        kept_for_reading = config.LOGS / f"bench-{name}-{template}.json"
        kept_for_reading.write_text(json.dumps(told[template], indent=1))
    found = differences(told[templates.STOCK], told[templates.SUITE])
    for where, stock, suite in first_ones(found)[:SHOWN]:
        print(f"{where}\n  stock: {stock}\n  suite: {suite}")
    facts = count_facts(told[templates.STOCK])
    return (f"{name}: differ of {facts:,}", "stock", None, len(found), ("most", 0))


def differences(stock, suite, where=""):
    """Return (place, stock's, the suite's) of all in which two reports differ."""
    if isinstance(stock, dict) and isinstance(suite, dict):
        pairs = [(key, stock.get(key), suite.get(key)) for key in {**stock, **suite}]
    elif isinstance(stock, list) and isinstance(suite, list):
        pairs = [(n, *each) for n, each in enumerate(zip_longest(stock, suite))]
    else:
        return [] if stock == suite else [(where, stock, suite)]
    return [
        found
        for key, one, other in pairs
        for found in differences(one, other, f"{where}/{key}")
    ]


def first_ones(found):
    """Return those of the differences with which each story begins to differ."""
    begun = {}
    return [
        each
        for each in found
        for _root, story, *rest in [each[0].split("/")]
        if begun.setdefault(story, rest[:1]) == rest[:1]
    ]


def count_facts(report):
    """Return how many single values a report holds."""
    if isinstance(report, (dict, list)):
        parts = report.values() if isinstance(report, dict) else report
        return sum(map(count_facts, parts))
    return 1


def best(rounds):
    """Return the least of each measure: what disturbed one round is not ours."""
    return {measure: min(r[measure] for r in rounds) for measure in rounds[0]}


def _measure(odoo, template, path, size):
    target = config.STATE / "bench.json"
    target.unlink(missing_ok=True)
    database = f"bench_{template.removeprefix('template_')}"
    databases.clone(template, database)
    text = (
        f"import sys\nsys.path.insert(0, {str(FOLDER)!r})\n"
        f"TARGET = {str(target)!r}\nSIZE = {size}\n{path.read_text()}"
    )
    log = config.LOGS / f"bench-{path.stem}-{database}.log"
    odoo.script(database, text, what=f"the bench {path.stem}", log=log)
    databases.drop(database)
    return json.loads(target.read_text())


def kept(base, suite, reach):
    """Tell whether the suite's measure reaches what it should.

    :param reach: ("times", most of suite / base), ("more", most of suite - base),
        ("most", most of suite) or None
    """
    kind, limit = reach or (None, None)
    value = {
        None: lambda: limit,
        "times": lambda: suite / base,
        "more": lambda: suite - base,
        "most": lambda: suite,
    }[kind]()
    return limit is None or value <= limit


def table(rows):
    """Return the measures side by side, with their ratio and what to reach.

    :param rows: (measure, beside, base or None, suite, reach or None)
    """
    words = {"times": "x {:g}", "more": "+ {:g}", "most": "{:g}"}
    head = f"{'':<34} {'beside':<10} {'base':>10} {'suite':>10} {'ratio':>7}"
    lines = ["", f"{head} {'at most':>8}"]
    for what, beside, base, suite, reach in rows:
        ratio = f"{suite / base:.2f}" if base else "-"
        mark = f"{base:.1f}" if base is not None else "-"
        aim = words[reach[0]].format(reach[1]) if reach else ""
        verdict = "" if kept(base, suite, reach) else "  missed"
        lines.append(
            f"{what:<34} {beside:<10} {mark:>10} {suite:>10.1f} {ratio:>7} "
            f"{aim:>8}{verdict}"
        )
    return "\n".join([*lines, ""])
