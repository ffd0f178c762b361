"""Files stay small enough to be held in the head."""

import project
import pytest

LIMIT = 400
VIEW_LIMIT = 300
# Not written by hand, or a text that belongs to somebody else.
EXEMPT_NAMES = {"LICENSE", "package-lock.json"}
CODE = (".py", ".js", ".xml", ".scss", ".css", ".md", ".toml", ".cjs", ".sh", "")

SIZED = [
    path
    for path in project.files()
    if path.suffix in CODE and path.name not in EXEMPT_NAMES
]


@pytest.mark.parametrize("path", SIZED, ids=str)
def test_file_is_not_too_long(path):
    limit = VIEW_LIMIT if path.suffix == ".xml" else LIMIT
    assert len(project.text(path).splitlines()) <= limit
