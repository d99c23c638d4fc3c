"""The runs of the past, and taking one of them back."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TextClause, text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.names import full_name
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, NotFoundError
from clinic_desktop.i18n import N_, _
from clinic_desktop.models import ImportRun
from clinic_desktop.services.context import Context
from clinic_desktop.services.imports.schemas import Kept, RunRow, Undone
from clinic_desktop.services.imports.targets import TARGETS
from clinic_desktop.services.progress import SILENT, Steps
from clinic_desktop.services.rows import change_row

_NAMED: Final = 200
_BATCH: Final = 2_000

_RUNS: Final = text(
    """
    SELECT r.id, r.version, r.created_at, coalesce(p.name, '') AS by, r.kind, r.file_name,
           r.file_size, r.state, r.records, r.added, r.known, r.refused, r.kept, r.undone_at
    FROM import_run r
    LEFT JOIN person p ON p.clinic_id = r.clinic_id AND p.id = r.person_id
    WHERE r.clinic_id = :clinic AND r.deleted_at IS NULL
    ORDER BY r.created_at DESC LIMIT 200
    """
)
_RUN: Final = text(
    """
    SELECT r.kind, r.state, r.version, r.made, r.created_at,
           (SELECT max(l.seq) FROM change_log l
            WHERE l.clinic_id = :clinic AND l.tbl = 'import_run' AND l.row_id = r.id) AS sealed
    FROM import_run r WHERE r.clinic_id = :clinic AND r.id = :run AND r.deleted_at IS NULL
    """
)
_PATIENCE: Final = text(
    "SELECT set_config('statement_timeout', '15min', true), "
    "set_config('idle_in_transaction_session_timeout', '2min', true)"
)


@dataclass(frozen=True)
class _Way:
    """How a kind is taken back: what holds a row here, how the others go.

    ``held`` answers id, two parts of a name and why; entries of the log behind the run's own are
    what happened since, whoever may read them.
    """

    held: TextClause
    remove: tuple[TextClause, ...]


_PATIENTS: Final = _Way(
    held=text(
        """
        SELECT p.id, p.given AS one, p.family AS other,
               CASE WHEN p.deleted_at IS NOT NULL THEN 'gone' ELSE coalesce(
                   (SELECT string_agg(DISTINCT l.tbl, ',') FROM change_log l
                    WHERE l.clinic_id = :clinic AND l.patient_id = p.id AND l.seq > :sealed),
                   'guardian') END AS why
        FROM patient p
        WHERE p.clinic_id = :clinic AND p.id = ANY (CAST(:ids AS uuid[]))
          AND (p.deleted_at IS NOT NULL
               OR EXISTS (SELECT FROM change_log l
                          WHERE l.clinic_id = :clinic AND l.patient_id = p.id AND l.seq > :sealed)
               OR EXISTS (SELECT FROM patient w
                          WHERE w.clinic_id = :clinic AND w.guardian_id = p.id
                            AND w.created_at <> :at AND w.deleted_at IS NULL))
        """
    ),
    remove=(
        text(
            """
            UPDATE patient_alert SET deleted_at = now(), version = version + 1
            WHERE clinic_id = :clinic AND patient_id = ANY (CAST(:ids AS uuid[]))
              AND deleted_at IS NULL
            """
        ),
        # The number is free again for the next file; the log keeps which one it was.
        text(
            """
            UPDATE patient SET deleted_at = now(), version = version + 1, number = 'x' || id
            WHERE clinic_id = :clinic AND id = ANY (CAST(:ids AS uuid[]))
            """
        ),
        text(
            """
            UPDATE household h SET deleted_at = now(), version = version + 1
            WHERE h.clinic_id = :clinic AND h.created_at = :at AND h.deleted_at IS NULL
              AND NOT EXISTS (SELECT FROM patient p WHERE p.clinic_id = :clinic
                              AND p.household_id = h.id AND p.deleted_at IS NULL)
            """
        ),
    ),
)
_APPOINTMENTS: Final = _Way(
    held=text(
        """
        SELECT a.id, p.given AS one, p.family AS other,
               CASE WHEN a.deleted_at IS NOT NULL THEN 'gone' ELSE 'appointment' END AS why
        FROM appointment a
        JOIN patient p ON p.clinic_id = a.clinic_id AND p.id = a.patient_id
        WHERE a.clinic_id = :clinic AND a.id = ANY (CAST(:ids AS uuid[]))
          AND (a.version > 1 OR EXISTS (
                SELECT FROM appointment_treatment t
                WHERE t.clinic_id = :clinic AND t.appointment_id = a.id AND t.deleted_at IS NULL))
        """
    ),
    remove=(
        text(
            """
            UPDATE appointment SET deleted_at = now(), version = version + 1
            WHERE clinic_id = :clinic AND id = ANY (CAST(:ids AS uuid[]))
            """
        ),
    ),
)
_TREATMENTS: Final = _Way(
    held=text(
        """
        SELECT t.id, t.code AS one, t.name AS other,
               CASE WHEN t.deleted_at IS NOT NULL THEN 'gone'
                    WHEN t.version > 1 THEN 'treatment' ELSE 'used' END AS why
        FROM treatment t
        WHERE t.clinic_id = :clinic AND t.id = ANY (CAST(:ids AS uuid[]))
          AND (t.version > 1
               OR EXISTS (SELECT FROM appointment_treatment u
                          WHERE u.clinic_id = :clinic AND u.treatment_id = t.id)
               OR EXISTS (SELECT FROM treatment_material u
                          WHERE u.clinic_id = :clinic AND u.treatment_id = t.id)
               OR EXISTS (SELECT FROM chart_item u
                          WHERE u.clinic_id = :clinic AND u.treatment_id = t.id))
        """
    ),
    remove=(
        text(
            """
            UPDATE treatment SET deleted_at = now(), version = version + 1,
                   code = left(md5(id::text), 20)
            WHERE clinic_id = :clinic AND id = ANY (CAST(:ids AS uuid[]))
            """
        ),
    ),
)
_STOCK: Final = _Way(
    held=text(
        """
        SELECT t.id, t.sku AS one, t.name AS other,
               CASE WHEN t.deleted_at IS NOT NULL THEN 'gone'
                    WHEN t.version > 1 THEN 'product' ELSE 'used' END AS why
        FROM product t
        WHERE t.clinic_id = :clinic AND t.id = ANY (CAST(:ids AS uuid[]))
          AND (t.version > 1
               OR EXISTS (SELECT FROM stock_movement u
                          WHERE u.clinic_id = :clinic AND u.product_id = t.id
                            AND u.created_at <> :at)
               OR EXISTS (SELECT FROM treatment_material u
                          WHERE u.clinic_id = :clinic AND u.product_id = t.id))
        """
    ),
    remove=(
        text(
            """
            UPDATE product SET deleted_at = now(), version = version + 1, sku = 'x' || id
            WHERE clinic_id = :clinic AND id = ANY (CAST(:ids AS uuid[]))
            """
        ),
    ),
)
_BALANCES: Final = _Way(
    held=text(
        """
        SELECT e.id, p.given AS one, p.family AS other, 'reversed' AS why
        FROM journal_entry e
        JOIN patient p ON p.clinic_id = e.clinic_id AND p.id = e.patient_id
        WHERE e.clinic_id = :clinic AND e.id = ANY (CAST(:ids AS uuid[]))
          AND EXISTS (SELECT FROM journal_entry r
                      WHERE r.clinic_id = :clinic AND r.reverses_id = e.id)
        """
    ),
    # Books are never deleted from: each entry is reversed by another one, today.
    remove=(
        text(
            """
            INSERT INTO journal_entry (clinic_id, id, patient_id, kind, day, act, memo, reverses_id)
            SELECT :clinic, f.id, e.patient_id, e.kind, :today, 'undo:' || e.act, :memo, e.id
            FROM unnest(CAST(:ids AS uuid[]), CAST(:new_ids AS uuid[])) AS f(entry, id)
            JOIN journal_entry e ON e.clinic_id = :clinic AND e.id = f.entry
            """
        ),
        text(
            """
            INSERT INTO posting (clinic_id, id, journal_entry_id, account, patient_id, provider_id,
                                 amount, text)
            SELECT :clinic, gen_random_uuid(), f.id, p.account, p.patient_id, p.provider_id,
                   -p.amount, p.text
            FROM unnest(CAST(:ids AS uuid[]), CAST(:new_ids AS uuid[])) AS f(entry, id)
            JOIN posting p ON p.clinic_id = :clinic AND p.journal_entry_id = f.entry
            """
        ),
    ),
)
_WAYS: Final[dict[str, _Way]] = {
    "patients": _PATIENTS,
    "appointments": _APPOINTMENTS,
    "treatments": _TREATMENTS,
    "stock": _STOCK,
    "balances": _BALANCES,
}
_WHY: Final[dict[str, str]] = {
    "gone": N_("is deleted already"),
    "reversed": N_("is reversed already"),
    "guardian": N_("is somebody’s guardian now"),
    "used": N_("is in use now"),
    "patient": N_("the record was changed since"),
    "appointment": N_("has an appointment or its changes since"),
    "product": N_("was changed since"),
    "treatment": N_("was changed since"),
    "patient_alert": N_("an alert was changed since"),
    "journal_entry": N_("the account was used since"),
    "chart_item": N_("something was charted since"),
    "note": N_("a note was written since"),
    "prescription": N_("something was prescribed since"),
    "document": N_("a document was stored since"),
    "invoice": N_("an invoice was written since"),
}


def runs(ctx: Context) -> tuple[RunRow, ...]:
    """Return the imports of the clinic, latest first."""
    ctx.need(Permission.SETTINGS_WRITE)
    rows = ctx.connection.execute(_RUNS, {"clinic": ctx.clinic_id})
    return tuple(RunRow.model_validate(row) for row in rows)


def undo(ctx: Context, run_id: UUID, steps: Steps = SILENT) -> Undone:
    """Take back what a run added; what was changed since stays, and is named with the reason.

    Raises NotFoundError, ConflictError for a run that is taken back already.
    """
    ctx.need(Permission.SETTINGS_WRITE)
    found = ctx.connection.execute(_RUN, {"clinic": ctx.clinic_id, "run": run_id}).one_or_none()
    if found is None:
        raise NotFoundError(_("This import is no longer in the records."))
    ctx.need(TARGETS[found.kind].permission)
    if found.state != "done":
        raise ConflictError(_("This import is taken back already."))
    ctx.connection.execute(_PATIENCE)
    kept = _take_back(ctx, found, steps)
    change_row(
        ctx,
        ImportRun,
        id=run_id,
        version=found.version,
        state="undone",
        undone_at=ctx.now,
        undone_by=ctx.who.person_id,
        kept=len(kept),
    )
    return Undone(removed=len(found.made) - len(kept), kept=len(kept), stays=tuple(kept[:_NAMED]))


def _take_back(ctx: Context, run: Any, steps: Steps) -> list[Kept]:
    way = _WAYS[run.kind]
    common = {"clinic": ctx.clinic_id, "sealed": run.sealed, "at": run.created_at}
    common |= {"today": ctx.now.astimezone(ctx.zone).date(), "memo": _("Import taken back")}
    kept: list[Kept] = []
    for start in range(0, len(run.made), _BATCH):
        ids = run.made[start : start + _BATCH]
        steps.tell(start, len(run.made))
        for row in _execute(ctx, way.held, {**common, "ids": ids}):
            reasons = [_(_WHY.get(word, N_("was changed since"))) for word in row.why.split(",")]
            name = full_name(row.one, row.other)
            kept.append(Kept(id=row.id, name=name, reason=", ".join(dict.fromkeys(reasons))))
        held = {one.id for one in kept}
        going = [one for one in ids if one not in held]
        values = {**common, "ids": going, "new_ids": [new_id() for _one in going]}
        for statement in way.remove:
            _execute(ctx, statement, values)
    steps.tell(len(run.made), len(run.made))
    return kept


def _execute(ctx: Context, statement: TextClause, values: dict[str, Any]) -> Any:
    """Run a statement with the values that it names."""
    wanted = statement.compile().params
    return ctx.connection.execute(statement, {k: v for k, v in values.items() if k in wanted})
