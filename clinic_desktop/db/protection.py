"""Everything a clinic's table gets by one declaration: owner, row policies, grants, guards, log.

Migrations call ``protect`` and ``protect_derived``; a catalogue test compares every table with what
its model declares.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

PEOPLE: Final = "clinic_staff, clinic_api, clinic_worker"


@dataclass(frozen=True)
class TableRights:
    """The declaration as a migration states it; models state the same in ``Protection``."""

    table: str
    read: str
    write: tuple[str, ...]
    patient: str | None = None
    append_only: bool = False
    guarded: bool = False
    open: tuple[str, ...] = ()
    unlogged: tuple[str, ...] = ()

    @property
    def brings_reader(self) -> bool:
        """Whether the migration writes ``read_<table>()`` itself.

        Rows of no one patient cannot be found by patient alone.
        """
        return self.guarded and self.patient is None


def _has(*permissions: str) -> str:
    names = ", ".join(f"'{name}'" for name in permissions)
    # As a sub-select the function runs once a statement, not once a row.
    return f"clinic_id = ANY ((SELECT clinic.clinics_with({names}))::uuid[])"


def _closed(table: str) -> Iterator[str]:
    """Yield what closes a table to everybody but its owner."""
    yield f"ALTER TABLE clinic.{table} OWNER TO clinic_owner"
    yield f"ALTER TABLE clinic.{table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE clinic.{table} FORCE ROW LEVEL SECURITY"
    yield f"CREATE POLICY owner ON clinic.{table} TO clinic_owner USING (true) WITH CHECK (true)"
    yield f"GRANT SELECT ON clinic.{table} TO clinic_reader, clinic_backup, clinic_log"
    # Checks and numbers ask for a row's clinic as the log's owner too.
    yield f"CREATE POLICY log ON clinic.{table} FOR SELECT TO clinic_log USING (true)"


def _policies(rights: TableRights) -> Iterator[str]:
    table, reads, writes = f"clinic.{rights.table}", _has(rights.read), _has(*rights.write)
    yield f"CREATE POLICY may_read ON {table} FOR SELECT TO {PEOPLE} USING ({reads})"
    yield f"CREATE POLICY may_add ON {table} FOR INSERT TO {PEOPLE} WITH CHECK ({writes})"
    yield (
        f"CREATE POLICY may_change ON {table} FOR UPDATE TO {PEOPLE} "
        f"USING ({writes}) WITH CHECK ({writes})"
    )


def _grants(rights: TableRights) -> Iterator[str]:
    table = f"clinic.{rights.table}"
    if rights.guarded:
        columns = ", ".join(
            dict.fromkeys(("clinic_id", "id", "version", "created_at", "deleted_at", *rights.open))
        )
        yield f"GRANT SELECT ({columns}) ON {table} TO {PEOPLE}"
        if not rights.brings_reader:
            yield _reader(rights)
        yield f"ALTER FUNCTION clinic.read_{rights.table}(uuid, uuid, uuid) OWNER TO clinic_reader"
        yield f"REVOKE ALL ON FUNCTION clinic.read_{rights.table}(uuid, uuid, uuid) FROM PUBLIC"
        yield (
            f"GRANT EXECUTE ON FUNCTION clinic.read_{rights.table}(uuid, uuid, uuid) TO {PEOPLE}"
        )
    else:
        yield f"GRANT SELECT ON {table} TO {PEOPLE}"
    yield f"GRANT INSERT ON {table} TO {PEOPLE}"
    if not rights.append_only:
        yield f"GRANT UPDATE ON {table} TO {PEOPLE}"


def _reader(rights: TableRights) -> str:
    """Return the one way to read a guarded table: by patient, writing the access entry."""
    table = rights.table
    return f"""
CREATE FUNCTION clinic.read_{table}(in_clinic uuid, in_patient uuid, in_row uuid DEFAULT NULL)
RETURNS SETOF clinic.{table}
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM clinic.require(in_clinic, '{rights.read}');
    PERFORM clinic.log_access(in_clinic, in_patient, 'read', '{table}');
    RETURN QUERY SELECT t.* FROM clinic.{table} t
        WHERE t.clinic_id = in_clinic AND t.{rights.patient} IS NOT DISTINCT FROM in_patient
          AND (in_row IS NULL OR t.id = in_row) AND t.deleted_at IS NULL;
END $$"""  # noqa: S608 - names come from our own declarations


def _triggers(rights: TableRights, *, by_statement: bool) -> Iterator[str]:
    table = f"clinic.{rights.table}"
    if rights.append_only:
        yield (
            f"CREATE TRIGGER a_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION clinic.refuse_edit()"
        )
    else:
        yield (
            f"CREATE TRIGGER a_guard_row BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION clinic.guard_row()"
        )
        yield (
            f"CREATE TRIGGER a_no_delete BEFORE DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION clinic.refuse_edit()"
        )
    arguments = f"'{rights.read}', '{rights.patient or ''}', '{','.join(rights.unlogged)}'"
    by_row = "UPDATE OR DELETE" if by_statement else "INSERT OR UPDATE OR DELETE"
    yield (
        f"CREATE TRIGGER z_stage_change AFTER {by_row} ON {table} FOR EACH ROW "
        f"EXECUTE FUNCTION clinic.stage_change({arguments})"
    )
    if by_statement:
        yield (
            f"CREATE TRIGGER z_stage_added AFTER INSERT ON {table} "
            "REFERENCING NEW TABLE AS added FOR EACH STATEMENT "
            f"EXECUTE FUNCTION clinic.stage_added({arguments})"
        )


def protect(rights: TableRights, *, by_statement: bool = True) -> list[str]:
    """Return the statements that protect a clinic's table.

    ``by_statement`` is False only in migrations before 2026_11_30_speed, which did not know how to
    stage what a whole statement added.
    """
    return [
        *_closed(rights.table),
        *_policies(rights),
        *_grants(rights),
        *_triggers(rights, by_statement=by_statement),
    ]


def protect_derived(table: str, read: str) -> list[str]:
    """Return the statements for rows that triggers keep: people read them, nobody writes."""
    return [
        *_closed(table),
        f"CREATE POLICY may_read ON clinic.{table} FOR SELECT TO {PEOPLE} USING ({_has(read)})",
        f"GRANT SELECT ON clinic.{table} TO {PEOPLE}",
    ]


def trigger(table: str, name: str, events: str, function: str, *, deferred: bool = False) -> str:
    """Return a row trigger; a deferred one fires when the transaction commits."""
    if deferred:
        return (
            f"CREATE CONSTRAINT TRIGGER {name} AFTER {events} ON clinic.{table} DEFERRABLE "
            f"INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clinic.{function}()"
        )
    return (
        f"CREATE TRIGGER {name} {events} ON clinic.{table} "
        f"FOR EACH ROW EXECUTE FUNCTION clinic.{function}()"
    )
