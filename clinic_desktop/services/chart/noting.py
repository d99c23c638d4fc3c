"""The note that completing opens: a part for each piece of work, from its service's template."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.births import age_text
from clinic_desktop.domain.chart_details import detail_words
from clinic_desktop.domain.chart_words import PER_TOOTH
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.local_time import local_of
from clinic_desktop.domain.names import full_name
from clinic_desktop.domain.note_templates import filled, joined
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.teeth.numbering import written
from clinic_desktop.domain.teeth.surfaces import letters
from clinic_desktop.domain.times import format_time
from clinic_desktop.services.context import Context
from clinic_desktop.services.notes.opening import open_note, take_back
from clinic_desktop.services.notes.schemas import Left

# What else the same act completed and is still done, as the note told it.
_REST: Final = text(
    """
    SELECT c.tooth, c.surfaces, c.detail, c.code, t.name, t.area, t.paint, c.treatment_id,
           c.done_at, n.body AS template, v.name AS provider, p.given, p.family, p.born
    FROM chart_item c
    JOIN patient p ON p.clinic_id = c.clinic_id AND p.id = c.patient_id
    LEFT JOIN treatment t ON t.clinic_id = c.clinic_id AND t.id = c.treatment_id
    LEFT JOIN note_template n ON n.clinic_id = t.clinic_id AND n.id = t.note_template_id
         AND n.active AND n.deleted_at IS NULL
    LEFT JOIN provider v ON v.clinic_id = c.clinic_id AND v.id = c.provider_id
    WHERE c.clinic_id = :clinic AND c.patient_id = :patient AND c.act = :mark AND c.id <> :item
      AND c.kind = 'procedure' AND c.status = 'done' AND c.done_at IS NOT NULL
      AND c.deleted_at IS NULL
    ORDER BY c.created_at, c.id
    """
)
_COMPLETED: Final = "c:"


@dataclass(frozen=True, slots=True)
class Whose:
    """The patient that a note tells of."""

    given: str
    family: str
    born: date | None


class Work(Protocol):
    """One piece of completed work as a note tells it; without a template by its name alone."""

    @property
    def treatment_id(self) -> UUID | None: ...
    @property
    def name(self) -> str | None: ...
    @property
    def code(self) -> str: ...
    @property
    def area(self) -> str | None: ...
    @property
    def paint(self) -> str | None: ...
    @property
    def tooth(self) -> int | None: ...
    @property
    def surfaces(self) -> str: ...
    @property
    def detail(self) -> str: ...
    @property
    def provider(self) -> str | None: ...
    @property
    def template(self) -> str | None: ...


def open_for(
    ctx: Context,
    act: UUID,
    *,
    patient_id: UUID,
    appointment_id: UUID | None,
    whose: Whose,
    work: Sequence[Work],
) -> UUID | None:
    """Open the note of completed work in one's own name; None for somebody who writes none."""
    if not ctx.who.may(Permission.CLINICAL_WRITE):
        return None
    body = _told(ctx, whose, work, ctx.now)
    open_note(ctx, act, patient_id=patient_id, appointment_id=appointment_id, body=body)
    return act


def take_back_of(ctx: Context, mark: str, *, patient_id: UUID, item_id: UUID) -> Left:
    """Take one piece of work out of the note that its completion (``mark``) opened."""
    if not mark.startswith(_COMPLETED):
        return Left.NONE
    keys = {"clinic": ctx.clinic_id, "patient": patient_id, "mark": mark, "item": item_id}
    rows = ctx.connection.execute(_REST, keys).all()
    rest = ""
    if rows:
        whose = Whose(rows[0].given, rows[0].family, rows[0].born)
        work: list[Any] = list(rows)
        rest = _told(ctx, whose, work, rows[0].done_at)
    note_id = UUID(mark.removeprefix(_COMPLETED))
    return take_back(ctx, note_id, patient_id=patient_id, rest=rest)


def _told(ctx: Context, whose: Whose, work: Sequence[Work], done_at: datetime) -> str:
    """Return the note of the work: a part for each, what lies on many teeth told once."""
    local = local_of(done_at, ctx.zone)
    same = {
        "patient": full_name(whose.given, whose.family),
        "age": age_text(whose.born, local.date()) if whose.born is not None else "",
        "date": format_date(local.date(), ctx.who.locale),
        "time": format_time(local.time(), ctx.who.locale),
    }
    return joined(_part(ctx, same, pieces) for pieces in _grouped(work))


def _grouped(work: Iterable[Work]) -> list[list[Work]]:
    """Return the work in its order; a denture or a bridge is one piece for all its teeth."""
    found: dict[object, list[Work]] = {}
    for place, one in enumerate(work):
        alone = one.area in PER_TOOTH or one.tooth is None
        found.setdefault(place if alone else one.treatment_id, []).append(one)
    return list(found.values())


def _part(ctx: Context, same: dict[str, str], pieces: Sequence[Work]) -> str:
    first = pieces[0]
    teeth = [written(one.tooth, ctx.who.notation) for one in pieces if one.tooth is not None]
    surfaces = ""
    if first.tooth is not None and first.surfaces:
        surfaces = letters(first.surfaces, first.tooth, ctx.who.locale)
    name = first.name or first.code
    if not first.template:
        where = " ".join(filter(None, (", ".join(teeth), surfaces)))
        return f"{where} {name}.".strip()
    values = {
        **same,
        "tooth": ", ".join(teeth),
        "surfaces": surfaces,
        "procedure": name,
        "material": detail_words(first.paint or "", first.detail),
        "code": first.code,
        "provider": first.provider or ctx.who.name,
    }
    return filled(first.template, values)
