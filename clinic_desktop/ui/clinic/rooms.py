"""Settings: the chairs and rooms in which patients are seen."""

from enum import IntEnum
from typing import Any
from uuid import UUID

from clinic_desktop.i18n import N_, _
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import ChairRow, ChairValues
from clinic_desktop.services.context import Context
from clinic_desktop.services.leaving.schemas import Leaving
from clinic_desktop.ui.clinic.catalogue import CatalogueSection
from clinic_desktop.ui.clinic.record_list import Words
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.cells import Cell, name_cell, quiet, tag_cell
from clinic_desktop.ui.widgets.fields import Field, LineEdit, NumberField
from clinic_desktop.ui.widgets.rows_model import RowsModel


class Column(IntEnum):
    """The columns of the rooms."""

    NAME = 0
    PLACE = 1
    STATE = 2


class RoomsSection(CatalogueSection[ChairRow]):
    """The name of a room and its place among the others."""

    title = N_("Rooms and chairs")
    topics = frozenset({"chair"})
    logged = ("chair",)
    sentence = N_("Rooms and chairs in which patients are seen, in the order of the calendar.")
    table_name = "chair"

    def __init__(self, desk: Desk) -> None:
        theme = desk.theme
        fields = {
            "name": Field(
                _("Name"), LineEdit(theme=theme, longest=80), theme=theme, required=True
            ),
            "position": Field(
                _("Place in the order"), NumberField(theme=theme, least=0, most=999), theme=theme,
                required=True,
            ),
            "equipment": Field(
                _("What it has"), LineEdit(theme=theme, longest=400), theme=theme, optional=True
            ),
        }  # fmt: skip
        super().__init__(
            desk,
            words=Words(many=_("Rooms"), new=_("New room"), none=_("There is no room yet.")),
            model=RowsModel(
                {Column.NAME: N_("Room"), Column.PLACE: N_("Place"), Column.STATE: N_("State")},
                _cell,
                key=lambda row: row.id,
                right=frozenset({Column.PLACE}),
            ),
            fields=fields,
        )

    def ask(self, ctx: Context) -> tuple[ChairRow, ...]:
        """Return every room."""
        return clinic.chairs(ctx, inactive=True)

    def rows_of(self, found: Any) -> tuple[ChairRow, ...]:
        """Return the rooms, those put away last."""
        return tuple(sorted(found, key=lambda row: not row.active))

    def values_of(self, row: ChairRow | None) -> dict[str, Any]:
        """Return the values of the fields; a new room comes last."""
        if row is None:
            return {"position": max((one.position for one in self.rows), default=0) + 1}
        return {
            "name": row.name,
            "position": row.position,
            "equipment": ", ".join(row.equipment),
        }

    def name_of(self, row: ChairRow) -> str:
        """Return the name."""
        return row.name

    def is_active(self, row: ChairRow) -> bool:
        """Return whether it is in use."""
        return row.active

    def given_up(self, row: ChairRow) -> Leaving:
        """Return the chair: its bookings go to others first."""
        return Leaving(kind="chair", id=row.id, version=row.version, name=row.name)

    def store(
        self, ctx: Context, record: UUID, row: ChairRow | None, values: dict[str, Any]
    ) -> None:
        """Add or change a room."""
        typed = ChairValues(**{"active": row is None or row.active, **values})
        if row is None:
            clinic.add_chair(ctx, record, typed)
        else:
            clinic.change_chair(ctx, record, row.version, typed)


def _cell(row: ChairRow, column: Column) -> Cell:
    if column == Column.NAME:
        return name_cell(row.name) if row.active else quiet(name_cell(row.name))
    if column == Column.PLACE:
        return Cell(str(row.position), tabular=True, right=True, role="text_2")
    if row.active:
        return tag_cell("soft", _("In use"), "check")
    return tag_cell("plain", _("Put away"), "archive")
