"""Many rows, made by plain SQL in seconds."""

from contextlib import contextmanager


def copy_rows(cr, table, source_id, count, **expressions):
    """Insert copies of one row, whatever columns the table has.

    :param int count: how many; ``g`` counts them from 1
    :param expressions: SQL by column for what differs; ``s`` is the copied row
    """
    cr.execute(
        """SELECT column_name FROM information_schema.columns
           WHERE table_schema = current_schema AND table_name = %s
               AND (column_name <> 'id' OR %s)""",
        (table, "id" in expressions),
    )
    columns = [row[0] for row in cr.fetchall()]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(expressions.get(name, f's."{name}"') for name in columns)
    cr.execute(
        f"""INSERT INTO {table} ({names}) SELECT {values}
            FROM {table} s, generate_series(1, %s) g WHERE s.id = %s""",
        (count, source_id),
    )


def first_id(cr, table, count):
    """Take ``count`` numbers off the table's sequence; return the one before them."""
    cr.execute("SELECT pg_get_serial_sequence(%s, 'id')", (table,))
    sequence = cr.fetchone()[0]
    cr.execute("SELECT nextval(%s)", (sequence,))
    start = cr.fetchone()[0]
    cr.execute("SELECT setval(%s, %s)", (sequence, start + count))
    return start


@contextmanager
def bare(cr, *tables):
    """Take keys, indexes and triggers off the tables while they are filled."""
    cr.execute(
        """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
           FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)
        """,
        (list(tables),),
    )
    keys = cr.fetchall()
    cr.execute(
        """SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
           FROM pg_index i WHERE i.indrelid::regclass::text = ANY(%s)
               AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)
        """,
        (list(tables),),
    )
    indexes = cr.fetchall()
    for table, name, _definition in keys:
        cr.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        cr.execute(f"DROP INDEX {name}")
    for table in tables:
        cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in tables:
        cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for _name, definition in indexes:
        cr.execute(definition)
    for table, name, definition in keys:
        cr.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    cr.commit()


def tidy(cr, *tables):
    """Bring the tables into the state in which autovacuum leaves them."""
    cr.commit()
    connection = cr._cnx
    connection.autocommit = True
    try:
        with connection.cursor() as plain:
            for table in tables:
                plain.execute(f"VACUUM ANALYZE {table}")
    finally:
        connection.autocommit = False
