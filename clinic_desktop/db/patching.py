"""Changing one place of a database function in a migration, whichever migration wrote it last."""

from collections.abc import Iterable

from alembic import op
from psycopg import Cursor

_DEFINITION = (
    "SELECT pg_get_functiondef(p.oid) FROM pg_proc p "
    "WHERE p.pronamespace = 'clinic'::regnamespace AND p.proname = %s"
)


def driver_cursor() -> Cursor[tuple[object, ...]]:
    """Return the driver's cursor: it runs a whole script, and takes a percent sign as it is."""
    return op.get_bind().connection.cursor()  # type: ignore[return-value]  # psycopg's, by our URL


def give_functions(functions: Iterable[tuple[str, str, str]]) -> None:
    """Say of functions of a clinic who runs each, and who may call it: nobody where empty."""
    cursor = driver_cursor()
    for signature, owner, callers in functions:
        cursor.execute(f"ALTER FUNCTION clinic.{signature} OWNER TO {owner}".encode())
        cursor.execute(f"REVOKE ALL ON FUNCTION clinic.{signature} FROM PUBLIC".encode())
        if callers:
            cursor.execute(f"GRANT EXECUTE ON FUNCTION clinic.{signature} TO {callers}".encode())


def drop_functions(functions: Iterable[tuple[str, str, str]]) -> None:
    """Take the same functions away."""
    cursor = driver_cursor()
    for signature, _owner, _callers in functions:
        cursor.execute(f"DROP FUNCTION clinic.{signature}".encode())


def replace_in(name: str, old: str, new: str, *, first: bool = False) -> None:
    """Write ``new`` for ``old`` in a function, which has it once; ``first`` of several places.

    Raises LookupError where the function is not as expected.
    """
    cursor = driver_cursor()
    cursor.execute(_DEFINITION, (name,))
    ((text,),) = cursor.fetchall()
    before = str(text)
    found = before.count(old)
    if found == 0 or (found > 1 and not first):
        raise LookupError(f"{name} is not as expected: {old}")
    cursor.execute(before.replace(old, new, 1).encode())
