"""Functions and triggers of the database, kept as SQL in ``sql/``."""

from odoo.tools import file_open


def run_sql_file(cr, name):
    """Run ``sql/<name>.sql``, which may be run again at every update."""
    with file_open(f"loyalty_program/sql/{name}.sql") as source:
        cr.execute(source.read())
