"""`./dev test`: everything that CI runs, or a part of it in seconds."""

from concurrent.futures import ThreadPoolExecutor

from . import (
    addon_tests,
    addons,
    config,
    lint,
    lint_in_odoo,
    locks,
    moving,
    pure_tests,
    stock_defects,
    stock_tests,
    templates,
    translations,
)
from .messages import Problem, say
from .odoo import free_port
from .results import Result, summary
from .session import prepare, prepare_python

WORK = "work"


def main(arguments):
    """Run `./dev test`, one of its options, or `PATH ... [-k WORD]`."""
    if arguments == ["--stock"]:
        with locks.only_one("test"):
            return finish(stock_tests.run(prepare(browser=True)))
    if arguments == ["--moving"]:
        with locks.only_one("test"):
            return finish(moving.run(prepare()))
    if arguments[:1] == ["--defects"]:
        with locks.only_one("test"):
            return finish([stock_defects.run(prepare(), arguments[1:])])
    if arguments:
        return part(arguments)
    with locks.only_one("test"):
        return finish(everything())


def finish(results):
    """Print the summary and return the exit code."""
    print(summary(results), flush=True)
    return 0 if results and all(result.ok for result in results) else 1


def everything():
    """Run all steps; independent ones beside each other.

    :rtype: list[Result]
    """
    odoo = prepare(browser=True)
    addons.required()
    with ThreadPoolExecutor(2) as pool:
        template = pool.submit(templates.suite, odoo)
        quick = pool.submit(_without_database)
        results = quick.result()
    try:
        template.result()
    except Problem as problem:
        return [*results, _broken("templates", problem)]
    results.append(templates.installation())
    results += addon_tests.run(odoo)
    say("Odoo's test_lint, translation templates")
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(lint_in_odoo.run, odoo)]
        jobs.append(pool.submit(translations.check, odoo))
        return results + [job.result() for job in jobs]


def _without_database():
    say("linters and plain tests, beside the templates")
    try:
        results = lint.run_all()
    except Problem as problem:
        results = [_broken("linters", problem)]
    log = config.LOGS / "pytest.log"
    results.append(pure_tests.run(["tests"], log=log))
    return results


def _broken(name, problem):
    """Return the result of a step that could not run; the others still do."""
    return Result(name, problems=[str(problem)], details=[problem.details])


def part(arguments):
    """Run some tests by pytest; a path below an addon brings a database."""
    ours = addons.names()
    words = [word.removeprefix("./").split("/")[0] for word in arguments]
    if not any(word in ours for word in words):
        plain = any(word == "tests" or word.endswith(".py") for word in words)
        chosen = arguments if plain else ["tests", *arguments]
        prepare_python()
        return finish([pure_tests.run(chosen)])
    odoo = prepare(browser=True)
    templates.working_copy(odoo, WORK)
    conf = odoo.configuration(WORK, WORK, http_port=free_port())
    variables = {**config.odoo_environment(), "ODOO_RC": str(conf)}
    result = pure_tests.run(
        arguments,
        name="addon tests (pytest)",
        options=("--odoo-http",),
        env=variables,
    )
    return finish([result])
