"""Digests of inputs, and stamps that remember what something was made from."""

import hashlib
import json

from . import config


def digest(*parts):
    """Return one hexadecimal digest of texts, bytes and paths of files."""
    total = hashlib.sha256()
    for part in parts:
        if hasattr(part, "read_bytes"):
            part = part.read_bytes()
        elif not isinstance(part, bytes):
            part = str(part).encode()
        total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def _path(name):
    return config.STATE / f"{name}.json"


def read(name):
    """Return the remembered value, or None."""
    try:
        return json.loads(_path(name).read_text())
    except (OSError, ValueError):
        return None


def write(name, value):
    """Remember a value; a crash leaves the old or the new one, never half."""
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(value, indent=1, sort_keys=True))
    draft.replace(path)


def forget(name):
    """Drop a remembered value before its subject is changed."""
    _path(name).unlink(missing_ok=True)
