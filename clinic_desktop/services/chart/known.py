"""What was known of a patient's mouth, and when: the change log replayed."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.services.chart.schemas import ChartItemRow, KnownHistory, Version
from clinic_desktop.services.chart.service import today
from clinic_desktop.services.context import Context

_LOG: Final = text("SELECT * FROM read_chart_log(:clinic, :patient)")
_PATIENT: Final = text(
    "SELECT p.born, p.species FROM patient p WHERE p.clinic_id = :clinic AND p.id = :patient"
)
# A price list is small; one statement names whatever the log points at.
_TREATMENTS: Final = text(
    """
    SELECT t.id, t.name, t.paint FROM treatment t
    WHERE t.clinic_id = :clinic AND t.id = ANY(CAST(:treatments AS uuid[]))
    """
)
_PROVIDERS: Final = text("SELECT v.id, v.short_name FROM provider v WHERE v.clinic_id = :clinic")


def entries_of(ctx: Context, patient_id: UUID) -> list[dict[str, Any]]:
    """Return what the log says of a patient's chart, oldest first; reading it is written down."""
    keys = {"clinic": ctx.clinic_id, "patient": patient_id}
    return [dict(row) for row in ctx.connection.execute(_LOG, keys).mappings()]


def known_history(ctx: Context, patient_id: UUID) -> KnownHistory:
    """Return every version of every entry, with the times between which it was known."""
    ctx.need(Permission.CLINICAL_READ)
    keys = {"clinic": ctx.clinic_id, "patient": patient_id}
    patient = ctx.connection.execute(_PATIENT, keys).one()
    entries = entries_of(ctx, patient_id)
    return KnownHistory(
        patient_id=patient_id,
        born=patient.born,
        species=patient.species,
        today=today(ctx),
        zone=ctx.who.zone,
        versions=tuple(_versions(entries, Names(ctx, entries))),
    )


class Names:
    """The names of treatments and providers that entries of the log point at."""

    def __init__(self, ctx: Context, entries: Iterable[Mapping[str, Any]]) -> None:
        wanted = {
            values["treatment_id"]
            for entry in entries
            for values in (entry["before"] or {}, entry["after"] or {})
            if values.get("treatment_id")
        }
        keys = {"clinic": ctx.clinic_id}
        found = ctx.connection.execute(_TREATMENTS, {**keys, "treatments": sorted(wanted)})
        self._treatments = {str(row.id): (row.name, row.paint) for row in found}
        providers = ctx.connection.execute(_PROVIDERS, keys)
        self._providers = {str(row.id): row.short_name for row in providers}

    def row(self, values: Mapping[str, Any], created_at: datetime) -> ChartItemRow:
        """Return the values of a row as the chart shows it."""
        name, paint = self._treatments.get(values.get("treatment_id") or "", (None, None))
        provider = self._providers.get(values.get("provider_id") or "")
        values = {"detail": "", "act": "", **values}
        return ChartItemRow(
            id=UUID(values["id"]),
            version=values["version"],
            kind=values["kind"],
            code=values["code"],
            tooth=values["tooth"],
            surfaces=values["surfaces"],
            # Columns that came later are not in older entries.
            detail=values["detail"],
            status=values["status"],
            since=date.fromisoformat(values["since"]),
            until=_day(values.get("until")),
            treatment_id=_key(values.get("treatment_id")),
            treatment=name,
            paint=paint,
            provider=provider,
            appointment_id=_key(values.get("appointment_id")),
            fulfils_id=_key(values.get("fulfils_id")),
            done_at=_moment(values.get("done_at")),
            fee=values.get("fee"),
            remark=values["remark"],
            act=values["act"],
            created_at=created_at,
        )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _key(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


def _versions(entries: Iterable[Mapping[str, Any]], names: Names) -> Iterable[Version]:
    """Yield each state of each row, the moments of a row's entries being its borders."""
    rows: dict[UUID, dict[str, Any]] = {}
    began: dict[UUID, datetime] = {}
    first: dict[UUID, datetime] = {}
    for entry in entries:
        row, at = entry["row_id"], entry["at"]
        if row in rows and rows[row].get("deleted_at") is None:
            yield Version(names.row(rows[row], first[row]), began[row], at)
        rows[row] = {**rows.get(row, {}), **(entry["after"] or {})}
        if entry["op"] == "D":
            del rows[row]
            continue
        first.setdefault(row, at)
        began[row] = at
    for row, values in rows.items():
        if values.get("deleted_at") is None:
            yield Version(names.row(values, first[row]), began[row], None)
