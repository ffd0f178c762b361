"""No trace of a machine, no unexplained escalation, no forgotten merge."""

import re

import project
import pytest

BINARY = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".ico", ".woff2", ".gz", ".zip"}
TEXT = [path for path in project.files() if path.suffix not in BINARY]
# Put together here, so that this file does not name what it forbids.
FOLDERS = ("work", "tmp", "root", "home", "Users", "mnt/c")
HOSTS = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("registry.npmjs", "org"),
    ("deb.debian", "org"),
    ("nodesource", "com"),
    ("docker", "io"),
    ("ghcr", "io"),
)
MACHINE_PATH = re.compile(
    r"(?<![\w./{}<>*-])/(?:" + "|".join(FOLDERS) + r")/[\w.{<$-]", re.MULTILINE
)
HOST = re.compile("|".join(re.escape(".".join(parts)) for parts in HOSTS))
MARKERS = tuple(sign * 7 for sign in "<>|")
# Samples of other programs' files keep the line ends they came with.
CODE = [path for path in TEXT if path.suffix not in (".txt", ".csv")]
ESCALATING = [path for path in project.addon_files(".py") if "tests" not in path.parts]


@pytest.mark.parametrize("path", TEXT, ids=str)
def test_no_path_of_a_machine(path):
    assert not MACHINE_PATH.findall(project.text(path))


@pytest.mark.parametrize("path", TEXT, ids=str)
def test_no_host_of_a_registry(path):
    assert not HOST.findall(project.text(path))


@pytest.mark.parametrize("path", TEXT, ids=str)
def test_no_conflict_marker(path):
    lines = project.text(path).splitlines()
    assert not [line for line in lines if line.startswith(MARKERS)]


@pytest.mark.parametrize("path", CODE, ids=str)
def test_lines_end_as_unix_has_it(path):
    assert b"\r" not in (project.ROOT / path).read_bytes()


@pytest.mark.parametrize("path", ESCALATING, ids=str)
def test_every_escalation_says_why(path):
    assert not project.escalations_without_reason(project.text(path))


def test_the_search_for_escalations_finds_them():
    source = (
        "a = b.sudo()\n# sudo: a public page\nc = (\n    d.sudo()\n)\ne.sudo(False)\n"
    )
    assert project.escalations_without_reason(source) == [1]
