"""The documents are there, and what they point to exists."""

import re

import project
import pytest

MARKDOWN = [path for path in project.files() if path.suffix == ".md"]
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
REQUIRED = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "docs/architecture.md",
    "docs/glossary.md",
)
ADR = re.compile(r"^(\d{4})-[a-z0-9-]+\.md$")
DEV_COMMAND = re.compile(r"\./dev\s+([a-z]+)")


def local_links(path):
    """Return the relative targets that a document links to."""
    text = FENCE.sub("", project.text(path))
    targets = [target.split("#")[0] for target in LINK.findall(text)]
    return [t for t in targets if t and not re.match(r"[a-z]+:", t)]


@pytest.mark.parametrize("name", REQUIRED)
def test_document_exists(name):
    assert (project.ROOT / name).read_text().strip()


@pytest.mark.parametrize("path", MARKDOWN, ids=str)
def test_links_lead_somewhere(path):
    folder = (project.ROOT / path).parent
    broken = [link for link in local_links(path) if not (folder / link).exists()]
    assert not broken


def test_licence_is_the_lesser_gpl_3():
    head = (project.ROOT / "LICENSE").read_text()[:200]
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in head
    assert "Version 3, 29 June 2007" in head


def test_readme_names_the_two_commands():
    text = (project.ROOT / "README.md").read_text()
    assert "./dev demo" in text
    assert "./dev test" in text


@pytest.mark.parametrize("path", MARKDOWN, ids=str)
def test_named_commands_exist(path):
    from devtool.commands import ALL

    assert set(DEV_COMMAND.findall(project.text(path))) <= set(ALL)


def test_decisions_are_numbered_without_a_gap():
    folder = project.ROOT / "docs" / "adr"
    names = sorted(path.name for path in folder.glob("*.md") if path.name[0].isdigit())
    assert names
    assert all(ADR.match(name) for name in names)
    numbers = [int(name[:4]) for name in names]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_ci_runs_the_test_command():
    text = (project.ROOT / ".ci" / "run").read_text()
    assert "./dev test" in text
