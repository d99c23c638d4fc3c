"""Beginning an exam, typing into it, deciding and signing; a signed one the database freezes."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.perio.entry import check
from clinic_desktop.domain.perio.exam import Cell, Exam, Standing, ToothReading, Value
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import OF_TEETH, is_flag, places
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.teeth.chart import ToothChart, ToothState
from clinic_desktop.domain.teeth.numbering import Species, tooth, written
from clinic_desktop.domain.teeth.of_items import chart_of_items
from clinic_desktop.errors import InvalidError, NotFoundError, StaleError
from clinic_desktop.i18n import _
from clinic_desktop.models import PerioExam, PerioTooth
from clinic_desktop.services.chart import service as chart
from clinic_desktop.services.context import Context
from clinic_desktop.services.perio.reading import exams_of, proposal_of, reading_of, told_of
from clinic_desktop.services.perio.schemas import (
    BackgroundValues,
    CellWrite,
    Clash,
    Decision,
    ExamChange,
    ExamData,
    NewExam,
    StandingChange,
    Typed,
)
from clinic_desktop.services.rows import add_row, add_rows, change_row, restore_row

# One at a time for a patient, so that two who begin at once type into one exam.
_ALONE: Final = text("SELECT pg_advisory_xact_lock(uuid_hash_extended(:patient, 7))")
_DRAFT: Final = text(
    """
    SELECT e.id FROM perio_exam e
    WHERE e.clinic_id = :clinic AND e.patient_id = :patient AND e.status = 'draft'
      AND e.deleted_at IS NULL
    ORDER BY e.created_at LIMIT 1
    """
)
_WHOSE: Final = text("SELECT patient_id FROM perio_exam WHERE clinic_id = :clinic AND id = :exam")
_TEETH: Final = text(
    """
    SELECT t.id, t.version, t.tooth, t.standing, t.depth, t.margin, t.mgj, t.bleeding,
           t.suppuration, t.plaque, t.calculus, t.furcation, t.mobility
    FROM perio_tooth t
    WHERE t.clinic_id = :clinic AND t.exam_id = :exam AND t.tooth = ANY(CAST(:teeth AS smallint[]))
      AND t.deleted_at IS NULL
    ORDER BY t.tooth
    FOR UPDATE
    """
).bindparams(bindparam("teeth"))
_HAND: Final = text(
    """
    SELECT coalesce(s.name, h.login)
    FROM (SELECT perio_hand(:clinic, :row, :measure, :place) AS login) h
    LEFT JOIN person s ON s.clinic_id = :clinic AND s.login = h.login
    WHERE h.login IS NOT NULL
    """
)
# Who changed an exam or one of its teeth last, of everybody but this person.
_OTHER: Final = text(
    """
    SELECT coalesce(s.name, l.login) FROM change_log l
    LEFT JOIN person s ON s.clinic_id = l.clinic_id AND s.id = l.person_id
    WHERE l.clinic_id = :clinic AND l.login <> :login AND (l.tbl = 'perio_exam'
      AND l.row_id = :exam OR l.tbl = 'perio_tooth' AND l.row_id IN (
        SELECT t.id FROM perio_tooth t WHERE t.clinic_id = :clinic AND t.exam_id = :exam))
    ORDER BY l.seq DESC LIMIT 1
    """
)
_NOT_THERE: Final = frozenset({ToothState.MISSING, ToothState.UNERUPTED, ToothState.IMPACTED})


def begin(ctx: Context, new: NewExam) -> UUID:
    """Begin an exam of today, or return the id of the one that is under way already.

    Which teeth there are to probe is taken from today's chart; a tooth that nobody has looked at
    is probed. Raises NotFoundError, InvalidError for an animal.
    """
    ctx.need(Permission.CLINICAL_WRITE)
    ctx.connection.execute(_ALONE, {"patient": new.patient_id})
    keys = {"clinic": ctx.clinic_id, "patient": new.patient_id}
    under_way: UUID | None = ctx.connection.execute(_DRAFT, keys).scalar_one_or_none()
    if under_way is not None:
        return under_way
    history = chart.history_of(ctx, new.patient_id)
    if history.species != Species.HUMAN:
        raise InvalidError(_("Periodontal exams are made of people’s teeth only."))
    picture = chart_of_items(history.on(history.today), born=history.born, on=history.today)
    if not add_row(
        ctx,
        PerioExam,
        id=new.id,
        patient_id=new.patient_id,
        person_id=ctx.who.person_id,
        on_day=history.today,
        path=new.path.value,
    ):
        return new.id
    add_rows(
        ctx,
        PerioTooth,
        [
            {
                "id": new_id(),
                "patient_id": new.patient_id,
                "exam_id": new.id,
                "tooth": fdi,
                "standing": standing.value,
            }
            for fdi, standing in standings(picture).items()
        ],
    )
    return new.id


def standings(picture: ToothChart) -> dict[int, Standing]:
    """Return the tooth of each place of the arches and whether it is there to be probed.

    Where milk tooth and successor share a place, the one that stands there; a supernumerary tooth
    has a place of its own beside its anchor while it is there.
    """
    shared: defaultdict[tuple[bool, int], dict[int, Standing]] = defaultdict(dict)
    chosen: dict[int, Standing] = {}
    for view in picture.teeth:
        found, standing = tooth(view.tooth), _standing(view.state)
        if not found.supernumerary:
            shared[found.upper, found.column][view.tooth] = standing
        elif standing is not Standing.MISSING:
            chosen[view.tooth] = standing
    for here in shared.values():
        # The permanent tooth first; it has the lower number.
        order = sorted(here, key=lambda fdi: (here[fdi] is Standing.MISSING, fdi))
        chosen[order[0]] = here[order[0]]
    return chosen


def _standing(state: ToothState) -> Standing:
    if state in _NOT_THERE:
        return Standing.MISSING
    return Standing.IMPLANT if state is ToothState.IMPLANT else Standing.THERE


def write(
    ctx: Context, exam_id: UUID, cells: Sequence[CellWrite], *, resume: Cell | None = None
) -> Typed:
    """Store cells in the order in which they were typed; sent twice, they are stored once.

    A cell that somebody else filled since it was seen stays as they left it and is returned.
    Raises InvalidError (``cell``) for what a cell cannot hold, ConflictError once it is signed.
    """
    ctx.need(Permission.CLINICAL_WRITE)
    for one in cells:
        check(one.cell, one.value, ctx.who.notation)
    rows = _locked(ctx, exam_id, {one.tooth for one in cells})
    clashes: list[Clash] = []
    for fdi, row in rows.items():
        before = after = reading_of(row)
        for one in cells:
            if one.tooth != fdi:
                continue
            _grades_of_teeth(one, after, ctx.who.notation)
            stands: Value = after.value(one.measure, one.place)
            seen = bool(one.before) if is_flag(one.measure) else one.before
            if stands in (one.value, seen):
                after = after.with_value(one.measure, one.place, one.value)
            else:
                who = _hand(ctx, row.id, one)
                clashes.append(Clash(write=one, theirs=stands, who=who))
        changed = {
            measure.value: _stored(after, measure)
            for measure in Measure
            if _stored(after, measure) != _stored(before, measure)
        }
        if changed:
            change_row(
                ctx, PerioTooth, id=row.id, version=row.version, resume=told_of(resume), **changed
            )
    return Typed(at=ctx.now, clashes=tuple(clashes))


def _grades_of_teeth(one: CellWrite, reading: ToothReading, notation: str) -> None:
    """Refuse a furcation or a mobility of an implant; taking an old one out is not refused."""
    if (
        one.measure in OF_TEETH
        and reading.standing is Standing.IMPLANT
        and one.value is not None
        and one.value != reading.value(one.measure, one.place)
    ):
        raise InvalidError(
            _("{tooth} is an implant: it has no furcation, and no grade of mobility.").format(
                tooth=written(one.tooth, notation)
            ),
            field="cell",
        )


def _hand(ctx: Context, row: UUID, one: CellWrite) -> str:
    """Return who filled a cell last."""
    keys = {"clinic": ctx.clinic_id, "row": row, "measure": one.measure.value, "place": one.place}
    return str(ctx.connection.execute(_HAND, keys).scalar_one_or_none() or _("Somebody"))


def _stored(reading: Any, measure: Measure) -> Any:
    found = getattr(reading, measure.value)
    return list(found) if isinstance(found, tuple) else found


def _locked(ctx: Context, exam_id: UUID, teeth: set[int]) -> dict[int, Any]:
    keys = {"clinic": ctx.clinic_id, "exam": exam_id, "teeth": sorted(teeth)}
    rows = {row.tooth: row for row in ctx.connection.execute(_TEETH, keys)}
    gone = teeth - rows.keys()
    if gone:
        raise NotFoundError(_("The exam has no tooth {n}.").format(n=min(gone)), field="cell")
    return rows


def stand(ctx: Context, exam_id: UUID, change: StandingChange) -> None:
    """Say whether a tooth is there to be probed; what was entered is kept but not counted.

    A supernumerary tooth that the exam does not have yet is added to it.
    """
    ctx.need(Permission.CLINICAL_WRITE)
    if tooth(change.tooth).supernumerary:
        _add_extra(ctx, exam_id, change.tooth)
    row = _locked(ctx, exam_id, {change.tooth})[change.tooth]
    if row.standing != change.standing.value:
        change_row(ctx, PerioTooth, id=row.id, version=row.version, standing=change.standing.value)


def _add_extra(ctx: Context, exam_id: UUID, fdi: int) -> None:
    """Give the exam a row for an extra tooth that was found while it is under way."""
    patient = ctx.connection.execute(
        _WHOSE, {"clinic": ctx.clinic_id, "exam": exam_id}
    ).scalar_one_or_none()
    if patient is None:
        raise NotFoundError(_("This exam is not there."))
    ctx.connection.execute(_ALONE, {"patient": patient})
    keys = {"clinic": ctx.clinic_id, "exam": exam_id, "teeth": [fdi]}
    if ctx.connection.execute(_TEETH, keys).first() is None:
        add_row(ctx, PerioTooth, id=new_id(), patient_id=patient, exam_id=exam_id, tooth=fdi)


def _change(ctx: Context, exam_id: UUID, version: int, **values: Any) -> int:
    """Change an exam as it was read; raises StaleError that names who changed it first."""
    try:
        return change_row(ctx, PerioExam, id=exam_id, version=version, **values)
    except StaleError as error:
        raise _changed_first(ctx, exam_id) from error


def _changed_first(ctx: Context, exam_id: UUID) -> StaleError:
    keys = {"clinic": ctx.clinic_id, "exam": exam_id, "login": ctx.who.login}
    who = ctx.connection.execute(_OTHER, keys).scalar_one_or_none() or _("Somebody")
    sentence = _("{who} changed this exam meanwhile. It is shown as it is now: look again.")
    return StaleError(sentence.format(who=who))


def _as_seen(ctx: Context, data: ExamData, seen: Exam | None) -> None:
    """Raise StaleError where somebody else typed what this person has not seen."""
    if seen is not None and seen.teeth != data.exam.teeth:
        raise _changed_first(ctx, data.head.id)


def change(ctx: Context, exam_id: UUID, version: int, said: ExamChange) -> int:
    """Change the path, what was looked for, or the remark; return the new version."""
    ctx.need(Permission.CLINICAL_WRITE)
    return _change(ctx, exam_id, version, **said.changes())


def tell(ctx: Context, exam_id: UUID, version: int, known: BackgroundValues) -> int:
    """Record what is known beside the probe; return the new version."""
    ctx.need(Permission.CLINICAL_WRITE)
    values = known.model_dump(mode="json")
    return _change(ctx, exam_id, version, **values)


def _data(ctx: Context, exam_id: UUID) -> tuple[ExamData, Any]:
    """Return an exam and all those of its patient."""
    keys = {"clinic": ctx.clinic_id, "exam": exam_id}
    patient = ctx.connection.execute(_WHOSE, keys).scalar_one_or_none()
    every = exams_of(ctx, patient) if patient is not None else None
    found = next((one for one in every.exams if one.head.id == exam_id), None) if every else None
    if found is None:
        raise NotFoundError(_("This exam is not there."))
    return found, every


def decide(ctx: Context, exam_id: UUID, version: int, decision: Decision) -> int:
    """Keep stage, grade and extent as decided, beside what the figures propose now.

    Raises InvalidError: ``reason`` when it differs from the proposal without one, ``stage`` for a
    stage without grade or extent.
    """
    ctx.need(Permission.CLINICAL_WRITE)
    data, every = _data(ctx, exam_id)
    if (decision.stage in ("", "0")) == bool(decision.grade and decision.extent):
        raise InvalidError(_("A stage has a grade and an extent."), field="stage")
    proposed = proposal_of(data, every.exams, every.born).text
    if decision.stage and decision.text != proposed and not decision.reason:
        raise InvalidError(
            _("This differs from what the figures propose: say why."), field="reason"
        )
    return _change(
        ctx,
        exam_id,
        version,
        stage=decision.stage,
        grade=decision.grade,
        extent=decision.extent,
        reason=decision.reason if decision.stage else "",
        proposed=proposed if decision.stage else "",
    )


def sign(ctx: Context, exam_id: UUID, version: int, seen: Exam | None = None) -> None:
    """Sign an exam in one's own name; from then on nothing of it changes. Twice is once.

    ``seen`` is the exam as it stands before who signs. Raises InvalidError for one in which nothing
    was entered, StaleError when it is another by now.
    """
    ctx.need(Permission.CLINICAL_SIGN)
    data, _every = _data(ctx, exam_id)
    if data.head.signed:
        return
    if data.head.version != version:
        raise _changed_first(ctx, exam_id)
    _as_seen(ctx, data, seen)
    if _untouched(data.exam):
        raise InvalidError(_("Nothing was entered in this exam: there is nothing to sign."))
    _change(
        ctx,
        exam_id,
        version,
        status="signed",
        signed_by=ctx.who.person_id,
        signed_at=ctx.now,
    )


def _untouched(exam: Exam) -> bool:
    return exam.untouched and not exam.plaque_looked


def discard(ctx: Context, exam_id: UUID, version: int, seen: Exam | None = None) -> int:
    """Discard a draft; ``bring_back`` undoes it. Returns the new version.

    ``seen`` is the exam as it stands before who discards. Raises StaleError, with the name of who
    changed it, when it is another by now.
    """
    ctx.need(Permission.CLINICAL_WRITE)
    if seen is not None:
        _as_seen(ctx, _data(ctx, exam_id)[0], seen)
    return _change(ctx, exam_id, version, deleted_at=ctx.now)


def bring_back(ctx: Context, exam_id: UUID, version: int) -> int:
    """Bring a discarded draft back; return the new version.

    Raises StaleError that names who brought it back or changed it first.
    """
    ctx.need(Permission.CLINICAL_WRITE)
    try:
        return restore_row(ctx, PerioExam, id=exam_id, version=version)
    except StaleError as error:
        raise _changed_first(ctx, exam_id) from error


def zero_margins(ctx: Context, exam_id: UUID) -> int:
    """Say of every probed site without a margin that it lies at the junction; return how many.

    An empty margin is unknown: this is somebody's statement that they looked.
    """
    ctx.need(Permission.CLINICAL_WRITE)
    data, _every = _data(ctx, exam_id)
    blank = [
        CellWrite(tooth=one.tooth, measure=Measure.MARGIN, place=place, value=0)
        for one in data.exam.probed
        for place in places(one.tooth, Measure.MARGIN)
        if one.depth[place] is not None and one.margin[place] is None
    ]
    write(ctx, exam_id, blank, resume=data.resume)
    return len(blank)
