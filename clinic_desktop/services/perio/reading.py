"""Reading a patient's exams; opening them is written to the access log."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, text

from clinic_desktop.domain.perio.exam import Cell, Standing, ToothReading
from clinic_desktop.domain.perio.grade import Earlier
from clinic_desktop.domain.perio.margins import MarginSign
from clinic_desktop.domain.perio.proposal import Proposal, propose
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import places
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.teeth.dentition import arch_key
from clinic_desktop.domain.teeth.numbering import teeth
from clinic_desktop.errors import NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.services.context import Context
from clinic_desktop.services.perio.schemas import ExamData, ExamRow, PatientPerio

_EXAMS: Final = text(
    """
    SELECT e.id, e.version, e.patient_id, e.brought_from,
           CASE e.brought_from WHEN '' THEN a.name ELSE e.author END AS person,
           e.on_day, e.path, e.status,
           e.plaque_looked, e.calculus_looked, e.lost_teeth, e.bone_loss, e.smoking, e.diabetes,
           e.complexity, e.stage, e.grade, e.extent, e.proposed, e.reason, e.remark,
           e.created_at, e.signed_at, coalesce(NULLIF(e.signer, ''), s.name) AS signer
    FROM perio_exam e
    JOIN person a ON a.clinic_id = e.clinic_id AND a.id = e.person_id
    LEFT JOIN person s ON s.clinic_id = e.clinic_id AND s.id = e.signed_by
    WHERE e.clinic_id = :clinic AND e.patient_id = :patient AND e.deleted_at IS NULL
    ORDER BY e.on_day DESC, e.created_at DESC, e.id DESC
    """
)
_TEETH: Final = text(
    """
    SELECT t.exam_id, t.tooth, t.standing, t.depth, t.margin, t.mgj, t.bleeding, t.suppuration,
           t.plaque, t.calculus, t.furcation, t.mobility, t.resume, t.updated_at
    FROM perio_tooth t
    WHERE t.clinic_id = :clinic AND t.patient_id = :patient AND t.deleted_at IS NULL
      AND t.exam_id = ANY(CAST(:exams AS uuid[]))
    ORDER BY t.updated_at, t.tooth
    """
).bindparams(bindparam("exams"))
_BORN: Final = text(
    """
    SELECT p.born, c.margin_sign, log_access(p.clinic_id, p.id, 'open', 'perio')
    FROM patient p JOIN clinic c ON c.id = p.clinic_id
    WHERE p.clinic_id = :clinic AND p.id = :patient
    """
)
_SIX: Final = ("depth", "margin", "mgj", "bleeding", "suppuration", "plaque", "calculus")
_RESUME: Final = re.compile(r"^(\d{2,3}):([a-z]+):(\d)$")


def exams_of(ctx: Context, patient_id: UUID) -> PatientPerio:
    """Return a patient's exams with all their sites. Raises NotFoundError."""
    ctx.need(Permission.CLINICAL_READ)
    keys = {"clinic": ctx.clinic_id, "patient": patient_id}
    patient = ctx.connection.execute(_BORN, keys).one_or_none()
    if patient is None:
        raise NotFoundError(_("This patient is not there."))
    return PatientPerio(
        patient_id=patient_id,
        born=patient.born,
        today=ctx.now.astimezone(ctx.zone).date(),
        exams=_read(ctx, patient_id),
        margin_sign=MarginSign(patient.margin_sign),
    )


def _read(ctx: Context, patient_id: UUID) -> tuple[ExamData, ...]:
    keys: dict[str, Any] = {"clinic": ctx.clinic_id, "patient": patient_id}
    heads = [ExamRow.model_validate(row) for row in ctx.connection.execute(_EXAMS, keys)]
    keys["exams"] = [head.id for head in heads]
    rows: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in ctx.connection.execute(_TEETH, keys):
        rows[row.exam_id].append(row)
    return tuple(ExamData(head, _readings(rows[head.id]), _resume(rows[head.id])) for head in heads)


def _readings(rows: Sequence[Any]) -> tuple[ToothReading, ...]:
    return tuple(sorted(map(reading_of, rows), key=lambda one: arch_key(one.tooth)))


def reading_of(row: Any) -> ToothReading:
    """Return a stored row as what was found."""
    six: dict[str, Any] = {name: tuple(getattr(row, name)) for name in _SIX}
    return ToothReading(
        row.tooth,
        Standing(row.standing),
        **six,
        furcation=tuple(row.furcation),
        mobility=row.mobility,
    )


def _resume(rows: Sequence[Any]) -> Cell | None:
    """Return where the exam goes on: after what was typed last. The rows come in that order."""
    told = next((row.resume for row in reversed(rows) if row.resume), "")
    return cell_of(told)


def cell_of(told: str) -> Cell | None:
    """Return the cell that ``16:depth:3`` names, None for none."""
    found = _RESUME.match(told)
    if found is None or found[2] not in set(Measure):
        return None
    cell = Cell(int(found[1]), Measure(found[2]), int(found[3]))
    if cell.tooth not in teeth():
        return None
    return cell if cell.place in places(cell.tooth, cell.measure) else None


def told_of(cell: Cell | None) -> str:
    """Return a cell as it is stored: ``16:depth:3``."""
    return f"{cell.tooth}:{cell.measure.value}:{int(cell.place)}" if cell is not None else ""


def proposal_of(data: ExamData, others: Sequence[ExamData], born: date | None) -> Proposal:
    """Return what an exam proposes, in the light of those signed before it."""
    head = data.head
    earlier = [
        Earlier(one.head.on_day, one.exam)
        for one in others
        if one.head.signed and one.head.id != head.id and one.head.on_day < head.on_day
    ]
    return propose(data.exam, data.background(born), on=head.on_day, earlier=earlier)
