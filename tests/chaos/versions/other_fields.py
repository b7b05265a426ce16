"""Databases as a version of Clustr leaves them whose models have other fields: columns of other names, fewer and more."""

import contextlib
import sqlite3

#: For each server a table, an optional field that is renamed, and one that the workload leaves unset.
FIELDS = {
    "catalog": ("products", ("product_name", "title"), "external_id"),
    "sales": ("transactions", ("channel", "sold_by"), "payment_type"),
}
#: Belongs to no field of any model.
UNKNOWN_NUMBER = 4000


@contextlib.contextmanager
def edited(server):
    """The database of a server that does not run, as a connection; the file has been written anew, without checksums."""
    file = server.database
    copy = file.with_suffix(".edited")
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    for end in ("-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    copy.replace(file)
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        yield connection


def rename_and_drop(server):
    """One field has another name, so the present version renames its column back; one is missing, so it is added."""
    table, (name, other), missing = FIELDS[server.name]
    with edited(server) as connection:
        connection.execute(f"ALTER TABLE {table} RENAME COLUMN {name} TO {other}")
        connection.execute(
            "UPDATE clustr_columns SET column_name = ? WHERE table_name = ? AND column_name = ?", (other, table, name)
        )
        connection.execute(f"DROP INDEX IF EXISTS {table}_{missing}")
        connection.execute(f"ALTER TABLE {table} DROP COLUMN {missing}")
        connection.execute("DELETE FROM clustr_columns WHERE table_name = ? AND column_name = ?", (table, missing))


def add_unknown(server):
    """There is a column, with data, of a field that the present version does not have; it must not open the table."""
    table = FIELDS[server.name][0]
    with edited(server) as connection:
        connection.execute(f"ALTER TABLE {table} ADD COLUMN later TEXT DEFAULT 'data'")
        connection.execute("INSERT INTO clustr_columns VALUES (?, ?, 'later', 'string')", (table, UNKNOWN_NUMBER))


def remove_unknown(server):
    """As the version that has the field leaves the table when the field is removed there."""
    table = FIELDS[server.name][0]
    with edited(server) as connection:
        connection.execute(f"ALTER TABLE {table} DROP COLUMN later")
        connection.execute("DELETE FROM clustr_columns WHERE column_name = 'later'")
