"""From the entries of a patient's chart to the picture of the mouth on one date."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol
from uuid import UUID

from clinic_desktop.domain.chart_details import implied
from clinic_desktop.domain.teeth.answered import Charted, answered
from clinic_desktop.domain.teeth.chart import (
    STATE_CODES,
    ChartMark,
    MarkStatus,
    ToothChart,
    ToothState,
    ToothView,
    chart_for_age,
)
from clinic_desktop.domain.teeth.dentition import expected_teeth
from clinic_desktop.domain.teeth.numbering import Species, tooth
from clinic_desktop.domain.vocabulary import label_of, terms

EXAMINED: Final = "EXAMINED"
"""The state that says: looked at. On no tooth it is the whole mouth."""
# Shipped treatments in which every tooth is looked at, once they are done.
EXAMINATIONS: Final = frozenset({EXAMINED, "EXM-010", "EXM-020"})
# Work that is still to come says nothing about what is there.
_TO_COME: Final = frozenset({MarkStatus.PLANNED, MarkStatus.REFERRED})
_ALSO_STATES: Final = {"ABUT_IMP": ToothState.IMPLANT}
# What stands in the place of a lost tooth stays in the picture when the tooth is gone.
_REPLACES: Final = frozenset(
    {"BR_PONT", "DENT_F", "DENT_P", "SPACE", "IMPLANT", "ABUT_IMP", "SPLINT", "ORTHO"}
)


class Item(Protocol):
    """An entry of the chart in force on the date; ``paint`` is None without a treatment."""

    @property
    def id(self) -> UUID: ...
    @property
    def code(self) -> str: ...
    @property
    def tooth(self) -> int | None: ...
    @property
    def surfaces(self) -> str: ...
    @property
    def detail(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def since(self) -> date: ...
    @property
    def treatment(self) -> str | None: ...
    @property
    def paint(self) -> str | None: ...


def paint_of(item: Item) -> str:
    """Return the vocabulary code an entry is drawn as, or an empty text."""
    if item.paint is not None:
        return item.paint
    return item.code if item.code in terms() else ""


def mark_of(item: Item) -> ChartMark:
    """Return an entry as a mark of the picture."""
    paint = paint_of(item)
    return ChartMark(
        tooth=item.tooth,
        surfaces=item.surfaces,
        code=item.code,
        status=MarkStatus(item.status),
        paint=paint,
        label=item.treatment or label_of(item.code),
        id=item.id,
        detail=item.detail or (implied(paint, item.treatment) if item.treatment else ""),
    )


def age_months(born: date, on: date) -> int:
    """Return the completed months of life on a date, 0 before birth."""
    months = 12 * (on.year - born.year) + on.month - born.month
    return max(0, months - (on.day < born.day))


def chart_of_items(
    items: Sequence[Item], *, born: date | None, on: date, species: str = Species.HUMAN
) -> ToothChart:
    """Return the picture of the mouth on a date.

    ``items`` are those in force then, oldest first. A tooth is drawn as there only when something
    was found or done on it, or when an examination of the whole mouth is recorded and the tooth
    had usually come by then: what nobody looked at stays not examined.
    """
    age = None if born is None else age_months(born, on)
    entries = [_Entry(mark_of(item), item.since) for item in items]
    mouth = tuple(one.mark for one in entries if one.mark.tooth is None)
    looked_at = _looked_at(entries, born, species)
    usual = chart_for_age(age, species=species)
    views = {
        fdi: _View(fdi, [one for one in entries if one.mark.tooth == fdi])
        for fdi in usual.numbers | {one.mark.tooth for one in entries if one.mark.tooth is not None}
    }
    teeth = [
        view.shown(taken_as_there=fdi in looked_at and not _gave_way(view, views))
        for fdi, view in views.items()
        if not _left_out(view, views)
    ]
    return ToothChart(
        teeth=(), mouth=tuple(mark for mark in mouth if mark.code != EXAMINED)
    ).with_views(*teeth)


def settled(items: Sequence[Item]) -> frozenset[UUID]:
    """Return the ids of findings that were treated since, and of what went with a lost tooth."""
    by_tooth: dict[int, list[_Entry]] = {}
    for item in items:
        if item.tooth is not None:
            by_tooth.setdefault(item.tooth, []).append(_Entry(mark_of(item), item.since))
    return frozenset().union(*(_View(fdi, found).settled() for fdi, found in by_tooth.items()))


def _is_examination(mark: ChartMark) -> bool:
    return mark.code in EXAMINATIONS and mark.status not in {
        *_TO_COME,
        MarkStatus.IN_PROGRESS,
    }


def _looked_at(entries: Iterable["_Entry"], born: date | None, species: str) -> frozenset[int]:
    """Return the teeth that had usually come when the whole mouth was last examined."""
    days = [one.since for one in entries if one.mark.tooth is None and _is_examination(one.mark)]
    if not days:
        return frozenset()
    if species != Species.HUMAN:
        age = None if born is None else age_months(born, max(days))
        return chart_for_age(age, species=species).numbers
    if born is None:
        return chart_for_age(None).numbers
    expected = expected_teeth(age_months(born, max(days)))
    return frozenset(one.tooth for one in expected if one.erupted)


@dataclass(frozen=True, slots=True)
class _Entry:
    mark: ChartMark
    since: date

    @property
    def sets_state(self) -> ToothState | None:
        """The state this entry put the tooth into, or None."""
        if self.mark.status in _TO_COME or self.mark.status is MarkStatus.IN_PROGRESS:
            return None
        # A crown on an implant tells of the implant below it.
        return _ALSO_STATES.get(self.mark.paint) or STATE_CODES.get(self.mark.paint)

    @property
    def is_only_state(self) -> bool:
        """Whether it is drawn as the state of the tooth and not as a mark on it."""
        return self.sets_state not in {None, ToothState.IMPLANT}

    @property
    def shows_tooth(self) -> bool:
        """Whether somebody who charted this saw the tooth."""
        to_come = self.mark.status in _TO_COME
        return not (to_come and self.mark.paint in _REPLACES)


class _View:
    """One tooth while the picture is put together."""

    def __init__(self, fdi: int, entries: list[_Entry]) -> None:
        self.fdi = fdi
        self._entries = entries
        self._state: ToothState | None = None
        self._detail = ""
        self._since = -1
        for place, one in enumerate(entries):
            if one.sets_state is not None:
                self._state, self._since = one.sets_state, place
                self._detail = one.mark.detail if one.is_only_state else ""

    @property
    def seen(self) -> bool:
        """Whether anything says that this tooth was looked at."""
        return any(one.shows_tooth for one in self._entries)

    @property
    def gone(self) -> bool:
        return self._state is ToothState.MISSING

    def shown(self, *, taken_as_there: bool) -> ToothView:
        state = self._state
        if state is None:
            there = self.seen or taken_as_there
            state = ToothState.PRESENT if there else ToothState.NOT_EXAMINED
        return ToothView(self.fdi, state, tuple(self._marks()), detail=self._detail)

    def _marks(self) -> Iterable[ChartMark]:
        """Return what is drawn on the tooth: nothing that went with it, or that was treated."""
        over = self.settled()
        for one in self._entries:
            if not one.is_only_state and one.mark.code != EXAMINED and one.mark.id not in over:
                yield one.mark

    def settled(self) -> frozenset[UUID]:
        """Return the ids of entries that say nothing about the tooth as it is now."""
        treated = answered([Charted(one.mark, one.since) for one in self._entries])
        lost = {
            one.mark.id
            for place, one in enumerate(self._entries)
            if one.mark.id is not None and one.sets_state is None and self._lost(place, one)
        }
        return treated | lost

    def _lost(self, place: int, one: _Entry) -> bool:
        """Return whether a mark went with the tooth."""
        if one.mark.paint in _REPLACES:
            return False
        if self.gone and one.mark.status is MarkStatus.CONDITION:
            return True
        return self._state in {ToothState.MISSING, ToothState.IMPLANT} and place < self._since


def _other(view: _View, views: dict[int, _View]) -> _View | None:
    """Return the milk tooth of a permanent one, or the other way round, where it is shown."""
    counterpart = tooth(view.fdi).counterpart
    return views.get(counterpart) if counterpart is not None else None


def _gave_way(view: _View, views: dict[int, _View]) -> bool:
    """Return whether a milk tooth still stands where this permanent one usually is by now."""
    other = _other(view, views)
    return (
        other is not None
        and not tooth(view.fdi).primary
        and other.seen
        and not other.gone
        and not view.seen
    )


def _left_out(view: _View, views: dict[int, _View]) -> bool:
    """Return whether a milk tooth nobody wrote about makes room for its successor, seen there."""
    other = _other(view, views)
    return tooth(view.fdi).primary and not view.seen and other is not None and other.seen
