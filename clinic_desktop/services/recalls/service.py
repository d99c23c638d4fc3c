"""Who is due for what: advanced by completed work, called about, held back, set by hand."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from clinic_desktop.db.failures import constraint_of
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.local_time import local_of
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.recalls import FOR_GOOD, LONGEST, OUTCOMES, WAYS, Interval
from clinic_desktop.errors import ConflictError, InvalidError, NotFoundError
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.models import Recall, RecallAttempt
from clinic_desktop.services.context import Context
from clinic_desktop.services.recalls import statements
from clinic_desktop.services.recalls.schemas import (
    Attempt,
    DueCount,
    DueRow,
    DueSearch,
    NewAttempt,
    NewRecall,
    Pause,
    RecallChange,
    RecallRow,
)
from clinic_desktop.services.recalls.types import recall_types
from clinic_desktop.services.rows import add_row, change_row, restore_row

COUNTED_UP_TO: Final = 10_000
_BEFORE_ALL: Final = date(1850, 1, 1)
_NO_ONE: Final = UUID(int=0)


def today(ctx: Context) -> date:
    """Return the clinic's own date."""
    return local_of(ctx.now, ctx.zone).date()


# -- what completed work does -----------------------------------------------------------------


def advance(ctx: Context, patient_id: UUID, treatment_ids: Sequence[UUID]) -> None:
    """Begin anew the intervals that these completed treatments complete; others are left alone."""
    treatments = list(dict.fromkeys(treatment_ids))
    if treatments:
        statements.ADVANCE.count(
            ctx.connection,
            clinic=ctx.clinic_id,
            patient=patient_id,
            treatments=treatments,
            day=today(ctx),
            # A treatment completes few types; spare keys cost nothing.
            ids=[new_id() for _one in range(4 * len(treatments))],
        )


def set_back(ctx: Context, patient_id: UUID, treatment_id: UUID, day: date) -> None:
    """Set back what work completed on a day had advanced: it was not done after all.

    Call it when the work is no longer completed. Other work of that day keeps the date; a due date
    that somebody set since stays.
    """
    key = {"clinic": ctx.clinic_id, "patient": patient_id}
    found = ctx.connection.execute(
        statements.ADVANCED_ON,
        {**key, "treatment": treatment_id, "day": day, "zone": str(ctx.zone)},
    ).all()
    if not found:
        return
    log = [dict(row) for row in ctx.connection.execute(statements.LOG, key).mappings()]
    for recall in found:
        own = [entry for entry in log if entry["row_id"] == recall.id]
        last_on, due_on = _before(own, day, frozenset(recall.worked_on))
        kept = recall.due_on if _due_set_since(own, recall.due_on) else due_on
        change_row(ctx, Recall, id=recall.id, version=recall.version, last_on=last_on, due_on=kept)


def _before(
    log: Sequence[Mapping[str, Any]], day: date, worked_on: frozenset[date]
) -> tuple[date | None, date | None]:
    """Return last and due date before a day, past days whose work was taken back as well.

    Both are None when the recall began with that day: nothing was done yet.
    """
    last_on: date | None = day
    due_on: date | None = None
    for entry in log:
        if _day(entry["after"]["last_on"]) != last_on:
            continue
        if entry["op"] == "I":
            return (None, None) if last_on == day else (last_on, due_on)
        last_on = _day(entry["before"].get("last_on"))
        due_on = _day(entry["before"].get("due_on", entry["after"].get("due_on")))
        if last_on is None or last_on in worked_on:
            break
    return (None, None) if last_on == day else (last_on, due_on)


def _due_set_since(log: Sequence[Mapping[str, Any]], due_on: date | None) -> bool:
    """Return whether the due date is another than the last advance gave."""
    return bool(log) and _day(log[0]["after"].get("due_on")) not in {None, due_on}


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


# -- the call list ----------------------------------------------------------------------------


def due(ctx: Context, search: DueSearch) -> tuple[DueRow, ...]:
    """Return who waits for a call, the longest overdue first, from where the last page ended."""
    ctx.need(Permission.SCHEDULE_READ)
    after_day, after_id = search.after or (_BEFORE_ALL, _NO_ONE)
    rows = statements.DUE.all(
        ctx.connection,
        clinic=ctx.clinic_id,
        today=today(ctx),
        now=ctx.now,
        until=search.until,
        after_day=after_day,
        after_id=after_id,
        type=search.recall_type_id,
        with_booked=search.booked,
        with_declined=search.declined,
        limit=search.limit,
    )
    return tuple(DueRow._make((*row[:-1], tuple(row[-1]))) for row in rows)


def due_counts(ctx: Context, until: date) -> tuple[DueCount, ...]:
    """Return how many wait of each type; counting ends at COUNTED_UP_TO altogether."""
    ctx.need(Permission.SCHEDULE_READ)
    rows = ctx.connection.execute(
        statements.COUNTS,
        {
            "clinic": ctx.clinic_id,
            "today": today(ctx),
            "now": ctx.now,
            "until": until,
            "most": COUNTED_UP_TO,
        },
    )
    return tuple(DueCount.model_validate(row) for row in rows)


def add_attempt(ctx: Context, new: NewAttempt) -> bool:
    """Record a try to reach somebody; False when the same ``id`` is there already."""
    ctx.need(Permission.SCHEDULE_WRITE)
    if new.outcome not in OUTCOMES or new.channel not in WAYS:
        raise ValueError(f"{new.outcome} {new.channel}")
    if new.outcome == "booked" and new.appointment_id is None:
        raise ValueError("a booking names its appointment")
    return add_row(
        ctx,
        RecallAttempt,
        person_id=ctx.who.person_id,
        at=ctx.now,
        **new.model_dump(),
    )


# -- one patient ------------------------------------------------------------------------------


def recalls_of(ctx: Context, patient_id: UUID) -> tuple[RecallRow, ...]:
    """Return what a patient comes back for, the next due first, each with its attempts."""
    ctx.need(Permission.SCHEDULE_READ)
    rows = ctx.connection.execute(
        statements.OF_PATIENT,
        {"clinic": ctx.clinic_id, "patient": patient_id, "today": today(ctx)},
    ).mappings()
    return tuple(
        RecallRow(
            **{**row, "attempts": tuple(Attempt.model_validate(a) for a in row["attempts"] or ())}
        )
        for row in rows
    )


def set_recall(ctx: Context, new: NewRecall) -> UUID:
    """Set a recall by hand and return its id; one that was taken away comes back.

    Raises InvalidError for an interval or date that cannot be, ConflictError when the patient has
    this recall already.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    values = _values(ctx, new, due_on=_due(ctx, new))
    key = {"clinic": ctx.clinic_id, "patient": new.patient_id, "type": new.recall_type_id}
    held = ctx.connection.execute(statements.HAS, key).one_or_none()
    if held is not None and held.deleted_at is None and held.id != new.id:
        raise ConflictError(_("The patient has this recall already."), field="type")
    if held is not None and held.deleted_at is not None:
        version = restore_row(ctx, Recall, id=held.id, version=held.version)
        change_row(ctx, Recall, id=held.id, version=version, **values)
        return UUID(str(held.id))
    try:
        add_row(
            ctx,
            Recall,
            id=new.id,
            patient_id=new.patient_id,
            recall_type_id=new.recall_type_id,
            **values,
        )
    except IntegrityError as error:
        # Somebody set the same one at the same moment.
        if constraint_of(error) != "recall_clinic_id_patient_id_recall_type_id_key":
            raise
        raise ConflictError(_("The patient has this recall already."), field="type") from error
    return new.id


def _due(ctx: Context, new: NewRecall) -> date:
    if new.due_on is not None:
        return new.due_on
    kind = next((one for one in recall_types(ctx) if one.id == new.recall_type_id), None)
    if kind is None:
        raise NotFoundError(_("This kind of recall is no longer there."), field="type")
    interval = kind.interval if new.every is None else Interval(new.every, new.unit)
    return interval.after(today(ctx))


def change_recall(ctx: Context, change: RecallChange) -> int:
    """Change interval, due date and remark; return the new version.

    Raises InvalidError for an interval or date that cannot be, StaleError when somebody saved
    first.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    values = _values(ctx, change, due_on=change.due_on)
    return change_row(ctx, Recall, id=change.id, version=change.version, **values)


def _values(
    ctx: Context, given: RecallChange | NewRecall, *, due_on: date | None
) -> dict[str, object]:
    if given.every is not None:
        check_interval(given.every, given.unit)
    if due_on is not None and not _BEFORE_ALL <= due_on < FOR_GOOD:
        raise InvalidError(
            _("{day} cannot be a due date.").format(day=format_date(due_on, ctx.who.locale)),
            field="due_on",
        )
    return {
        "every": given.every,
        "unit": given.unit if given.every is not None else None,
        "due_on": due_on,
        "remark": given.remark,
    }


def check_interval(every: int, unit: str) -> None:
    """Refuse an interval that no recall has, in words."""
    if unit not in LONGEST:
        raise ValueError(unit)
    if not 1 <= every <= LONGEST[unit]:
        words = (
            ngettext("From 1 to {count} week.", "From 1 to {count} weeks.", LONGEST[unit])
            if unit == "week"
            else ngettext("From 1 to {count} month.", "From 1 to {count} months.", LONGEST[unit])
        )
        raise InvalidError(words.format(count=LONGEST[unit]), field="every")


def pause(ctx: Context, asked: Pause) -> int:
    """Hold a recall back until a day, or let it go again; return the new version."""
    ctx.need(Permission.SCHEDULE_WRITE)
    if asked.until is not None:
        if not asked.reason:
            raise InvalidError(_("Say why it is held back."), field="reason")
        if not today(ctx) < asked.until <= FOR_GOOD:
            raise InvalidError(_("Choose a day that is still to come."), field="until")
    return change_row(
        ctx,
        Recall,
        id=asked.id,
        version=asked.version,
        paused_until=asked.until,
        pause_reason=asked.reason if asked.until is not None else "",
    )


def remove_recall(ctx: Context, recall_id: UUID, version: int) -> int:
    """Take a recall away from a patient; completed work does not bring it back by itself."""
    ctx.need(Permission.SCHEDULE_WRITE)
    return change_row(ctx, Recall, id=recall_id, version=version, deleted_at=ctx.now)


def restore_recall(ctx: Context, recall_id: UUID, version: int) -> int:
    """Give a recall back that was taken away."""
    ctx.need(Permission.SCHEDULE_WRITE)
    return restore_row(ctx, Recall, id=recall_id, version=version)
