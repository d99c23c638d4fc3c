"""Settings: those whose time is booked."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any
from uuid import UUID

from clinic_desktop.i18n import N_, _
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import (
    PROVIDER_KINDS,
    ChairRow,
    ProviderRow,
    ProviderValues,
)
from clinic_desktop.services.context import Context
from clinic_desktop.services.leaving.schemas import Leaving
from clinic_desktop.services.staff import service as staff
from clinic_desktop.services.staff.schemas import PersonRow
from clinic_desktop.ui.clinic.catalogue import CatalogueSection
from clinic_desktop.ui.clinic.colours import ColourChoice
from clinic_desktop.ui.clinic.record_list import Words
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.cells import Cell, none_cell, quiet, tag_cell
from clinic_desktop.ui.widgets.fields import Choice, Field, LineEdit, NumberField
from clinic_desktop.ui.widgets.rows_model import RowsModel


class Column(IntEnum):
    """The columns of the providers."""

    NAME = 0
    KIND = 1
    REGISTRATION = 2
    STATE = 3


@dataclass(frozen=True)
class Found:
    """What one question brings."""

    rows: tuple[ProviderRow, ...]
    chairs: tuple[ChairRow, ...]
    people: tuple[PersonRow, ...]


class ProvidersSection(CatalogueSection[ProviderRow]):
    """Name on papers and on screen, kind, registration, colour, usual room, who signs in."""

    title = N_("Providers")
    topics = frozenset({"provider", "chair", "person"})
    logged = ("provider",)
    sentence = N_(
        "Each has a column in the calendar. A provider prescribes after the next sign-in."
    )
    table_name = "provider"
    field_places = {
        "name": (0, 0, 2),
        "short_name": (1, 0, 1),
        "kind": (1, 1, 1),
        "registration": (2, 0, 1),
        "colour": (2, 1, 1),
        "chair_id": (3, 0, 1),
        "position": (3, 1, 1),
        "skills": (4, 0, 2),
        "person_id": (5, 0, 2),
    }

    def __init__(self, desk: Desk) -> None:
        theme = desk.theme
        kinds = [(_(words), kind) for kind, words in PROVIDER_KINDS.items()]
        self.chair = Choice([], theme=theme)
        self.person = Choice([], theme=theme)
        fields = {
            "name": Field(_("Name on papers"), LineEdit(theme=theme, longest=120), theme=theme,
                          required=True),
            "short_name": Field(_("Name in the calendar"), LineEdit(theme=theme, longest=40),
                                theme=theme, required=True),
            "kind": Field(_("Kind"), Choice(kinds, theme=theme), theme=theme),
            "registration": Field(_("Registration number"), LineEdit(theme=theme, longest=60),
                                  theme=theme, optional=True),
            "colour": Field(_("Colour"), ColourChoice(theme), theme=theme),
            "position": Field(_("Place in the order"),
                              NumberField(theme=theme, least=0, most=999), theme=theme,
                              required=True),
            "chair_id": Field(_("Usual room"), self.chair, theme=theme),
            "skills": Field(_("Can also"), LineEdit(theme=theme, longest=400), theme=theme,
                            optional=True),
            "person_id": Field(_("Signs in as"), self.person, theme=theme),
        }  # fmt: skip
        super().__init__(
            desk,
            words=Words(
                many=_("Providers"), new=_("New provider"), none=_("There is no provider yet.")
            ),
            model=RowsModel(
                {
                    Column.NAME: N_("Provider"),
                    Column.KIND: N_("Kind"),
                    Column.REGISTRATION: N_("Registration"),
                    Column.STATE: N_("State"),
                },
                _cell,
                key=lambda row: row.id,
            ),
            fields=fields,
        )

    def ask(self, ctx: Context) -> Found:
        """Return every provider, and the rooms and people to choose from."""
        return Found(
            clinic.providers(ctx, inactive=True),
            clinic.chairs(ctx, inactive=True),
            staff.people(ctx),
        )

    def rows_of(self, found: Any) -> tuple[ProviderRow, ...]:
        """Return the providers, those put away last, and offer rooms and people."""
        # What was put away stays on offer where it is used, so that saving does not lose it.
        chairs = {row.chair_id for row in found.rows}
        people = {row.person_id for row in found.rows}
        self.chair.set_options([(_("None"), None), *_offered(found.chairs, chairs)])
        self.person.set_options(
            [(_("Nobody: books time only"), None), *_offered(found.people, people)]
        )
        return tuple(sorted(found.rows, key=lambda row: not row.active))

    def values_of(self, row: ProviderRow | None) -> dict[str, Any]:
        """Return the values of the fields; a new provider comes last."""
        if row is None:
            last = max((one.position for one in self.rows), default=0)
            return {"kind": "dentist", "colour": "svc_exam", "position": last + 1}
        values = {name: getattr(row, name) for name in self.form.fields}
        return {**values, "skills": ", ".join(row.skills)}

    def name_of(self, row: ProviderRow) -> str:
        """Return the name."""
        return row.name

    def is_active(self, row: ProviderRow) -> bool:
        """Return whether time is booked with them."""
        return row.active

    def given_up(self, row: ProviderRow) -> Leaving:
        """Return the provider: their bookings go to others first."""
        return Leaving(kind="provider", id=row.id, version=row.version, name=row.short_name)

    def store(
        self, ctx: Context, record: UUID, row: ProviderRow | None, values: dict[str, Any]
    ) -> None:
        """Add or change a provider."""
        typed = ProviderValues(**{"active": row is None or row.active, **values})
        if row is None:
            clinic.add_provider(ctx, record, typed)
        else:
            clinic.change_provider(ctx, record, row.version, typed)


def _offered(
    rows: tuple[ChairRow, ...] | tuple[PersonRow, ...], used: set[UUID | None]
) -> list[tuple[str, UUID]]:
    return [
        (row.name if row.active else _("{name}, put away").format(name=row.name), row.id)
        for row in rows
        if row.active or row.id in used
    ]


def _cell(row: ProviderRow, column: Column) -> Cell:
    found = _active_cell(row, column)
    return found if row.active or column == Column.STATE else quiet(found)


def _active_cell(row: ProviderRow, column: Column) -> Cell:
    if column == Column.NAME:
        return Cell(row.name, size="strong", band=row.colour)
    if column == Column.KIND:
        return Cell(_(PROVIDER_KINDS[row.kind]), role="text_2")
    if column == Column.REGISTRATION:
        return Cell(row.registration, identifier=True) if row.registration else none_cell()
    if row.active:
        return tag_cell("soft", _("In use"), "check")
    return tag_cell("plain", _("Put away"), "archive")
