"""Databases: made, cloned, dropped; each with its filestore."""

import os
import re
import shutil

from . import config, postgres, stamps
from .messages import Problem
from .process import output
from .stamps import digest

# Databases that ./dev makes for itself.
RESERVED = (
    "bench",
    "demo",
    "lint",
    "moving",
    "pot",
    "stock",
    "template",
    "test",
    "work",
)
NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


def full_name(name):
    """Return the server's name of one of our databases.

    On somebody else's server a prefix keeps us away from their databases and from
    other checkouts of this repository.
    """
    if not NAME.fullmatch(name):
        raise Problem(
            f"`{name}` is no name for a database here",
            "use small letters, digits and _, at most 41 of them",
        )
    if postgres.is_external():
        server = (os.environ.get(key, "") for key in ("PGHOST", "PGPORT", "PGSERVICE"))
        return f"dev{digest(str(config.HOME), *server)[:6]}_{name}"
    return name


def made_from(name):
    """Return what one of our databases was made from, None if it is not there."""
    return stamps.read(full_name(name)) if exists(name) else None


def remember(name, value):
    """Note what a database was made from, once it is complete."""
    stamps.write(full_name(name), value)


def forget(name):
    """Void the note before the database is changed, in case that breaks off."""
    stamps.forget(full_name(name))


def _psql(statement, database="postgres"):
    command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement, database]
    code, text = output(command)
    if code:
        raise Problem(f"PostgreSQL refused ({' '.join(text.split())})", _mend(text))
    return text.split("\n")[:-1]


def _mend(text):
    if "permission denied to create database" in text:
        return "give the role in PGUSER the right CREATEDB"
    if "is being accessed by other users" in text:
        return "close the programs that use it"
    return "look at the server's log"


def query(name, statement):
    """Return the lines that a statement gives in one of our databases."""
    return _psql(statement, full_name(name))


def exists(name):
    """Tell whether one of our databases is there."""
    statement = f"select 1 from pg_database where datname = '{full_name(name)}'"
    return bool(_psql(statement))


def create(name):
    """Make an empty database as Odoo likes it."""
    real = full_name(name)
    drop(name)
    _psql(
        f"create database \"{real}\" template template0 encoding 'UTF8' lc_collate 'C'"
    )
    available = _psql("select name from pg_available_extensions", real)
    for extension in {"pg_trgm", "unaccent"} & set(available):
        _psql(f"create extension if not exists {extension}", real)


def drop(name):
    """Remove a database and its files, whoever is connected."""
    real = full_name(name)
    _psql(f'drop database if exists "{real}" with (force)')
    shutil.rmtree(filestore(name), ignore_errors=True)
    forget(name)


def clone(source, name):
    """Copy a database; the files are linked, for Odoo never rewrites one."""
    drop(name)
    _psql(f'create database "{full_name(name)}" template "{full_name(source)}"')
    if filestore(source).exists():
        shutil.copytree(filestore(source), filestore(name), copy_function=os.link)


def filestore(name):
    """Return the folder of a database's files."""
    return config.DATA / "filestore" / full_name(name)


def ours():
    """Return the names of our databases on somebody else's server."""
    prefix = full_name("x")[:-1]
    found = _psql("select datname from pg_database")
    return [name.removeprefix(prefix) for name in found if name.startswith(prefix)]
