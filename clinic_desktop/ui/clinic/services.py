"""Settings: the price list."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final
from uuid import UUID

from clinic_desktop.domain.money import format_amount, symbol_of
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.context import Context, Who
from clinic_desktop.services.inventory import service as inventory
from clinic_desktop.services.inventory.schemas import ProductRow
from clinic_desktop.services.notes import templates as note_templates
from clinic_desktop.services.notes.schemas import TemplateRow
from clinic_desktop.services.treatments import service as treatments
from clinic_desktop.services.treatments.schemas import TreatmentRow, TreatmentValues
from clinic_desktop.ui.clinic.catalogue import CatalogueSection
from clinic_desktop.ui.clinic.colours import ColourChoice
from clinic_desktop.ui.clinic.materials import MaterialsEditor
from clinic_desktop.ui.clinic.record_list import Words
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.cells import (
    Cell,
    money_cell,
    name_cell,
    none_cell,
    number_cell,
    quiet,
    tag_cell,
)
from clinic_desktop.ui.widgets.fields import Choice, Field, LineEdit, MoneyField, NumberField
from clinic_desktop.ui.widgets.rows_model import RowsModel

AREAS: Final = {
    "none": N_("No place in the mouth"),
    "mouth": N_("Whole mouth"),
    "arch": N_("Arch"),
    "quadrant": N_("Quadrant"),
    "sextant": N_("Sextant"),
    "tooth_range": N_("Several teeth"),
    "tooth": N_("Tooth"),
    "surface": N_("Surfaces of a tooth"),
    "root": N_("Root"),
}


class Column(IntEnum):
    """The columns of the price list."""

    NAME = 0
    CODE = 1
    MINUTES = 2
    PRICE = 3
    STATE = 4


@dataclass(frozen=True)
class Found:
    """What one question brings."""

    rows: tuple[TreatmentRow, ...]
    products: tuple[ProductRow, ...]
    templates: tuple[TemplateRow, ...]


class ServicesSection(CatalogueSection[TreatmentRow]):
    """Name, price, minutes, colour, code, area and materials of every treatment."""

    title = N_("Services")
    topics = frozenset({"treatment", "treatment_material", "product", "note_template"})
    logged = ("treatment", "treatment_material")
    sentence = N_("What is planned or charged already keeps its price.")
    table_name = "treatment"
    field_places = {
        "name": (0, 0, 2),
        "code": (1, 0, 1),
        "category": (1, 1, 1),
        "price": (2, 0, 1),
        "minutes": (2, 1, 1),
        "area": (3, 0, 1),
        "colour": (3, 1, 1),
        "assist": (4, 0, 2),
        "skills": (5, 0, 1),
        "equipment": (5, 1, 1),
        "note_template_id": (6, 0, 2),
        "materials": (7, 0, 2),
    }

    def __init__(self, desk: Desk) -> None:
        theme, who = desk.theme, desk.who
        self.materials = MaterialsEditor(theme)
        self.template = Choice([], theme=theme)
        fields = {
            "name": Field(_("Name"), LineEdit(theme=theme, longest=160), theme=theme,
                          required=True),
            "code": Field(_("Code"), LineEdit(theme=theme, longest=20), theme=theme,
                          required=True),
            "category": Field(_("Group"), LineEdit(theme=theme, longest=40), theme=theme,
                              optional=True),
            "price": Field(
                _("Price"), MoneyField(theme=theme, currency=who.currency, locale=who.locale),
                theme=theme, required=True,
            ),
            "minutes": Field(
                _("Time"), NumberField(theme=theme, least=5, most=600, unit=_("min"), step=5),
                theme=theme, required=True,
            ),
            "area": Field(
                _("Where"), Choice([(_(words), area) for area, words in AREAS.items()],
                                   theme=theme), theme=theme,
            ),
            "colour": Field(_("Colour in the calendar"), ColourChoice(theme), theme=theme),
            "assist": Field(
                _("Assistant alone, in minutes"), LineEdit(theme=theme, longest=80), theme=theme,
                optional=True,
            ),
            "skills": Field(_("The provider can"), LineEdit(theme=theme, longest=400),
                            theme=theme, optional=True),
            "equipment": Field(_("The room has"), LineEdit(theme=theme, longest=400),
                               theme=theme, optional=True),
            "note_template_id": Field(_("Its note begins with"), self.template, theme=theme),
            "materials": Field(_("Taken from stock"), self.materials, theme=theme),
        }  # fmt: skip
        fields["assist"].editor.setProperty("placeholderText", "0-10, 50-60")
        super().__init__(
            desk,
            words=Words(
                many=_("Services"),
                new=_("New service"),
                none=_("The price list is empty."),
                search=_("Name or code"),
            ),
            model=_model(who),
            fields=fields,
        )

    def ask(self, ctx: Context) -> Found:
        """Return the price list and the products that can be used."""
        stock = ctx.who.may("stock.read")
        return Found(
            treatments.price_list(ctx, inactive=True),
            inventory.products(ctx, inactive=True) if stock else (),
            note_templates.templates(ctx, inactive=True),
        )

    def rows_of(self, found: Any) -> tuple[TreatmentRow, ...]:
        """Return the treatments, and offer products and templates."""
        self.materials.set_products(found.products)
        # What was put away stays on offer where it is used, so that saving does not lose it.
        used = {row.note_template_id for row in found.rows}
        offered = [(one.name, one.id) for one in found.templates if one.active or one.id in used]
        self.template.set_options([(_("Its name alone"), None), *offered])
        rows: tuple[TreatmentRow, ...] = found.rows
        return rows

    def values_of(self, row: TreatmentRow | None) -> dict[str, Any]:
        """Return the values of the fields."""
        if row is None:
            return {
                "minutes": 30,
                "area": "mouth",
                "colour": "svc_exam",
                "materials": (),
                "note_template_id": None,
            }
        values = {name: getattr(row, name) for name in self.form.fields}
        return {**values, "skills": ", ".join(row.skills), "equipment": ", ".join(row.equipment)}

    def name_of(self, row: TreatmentRow) -> str:
        """Return the name, with the code by which it is also found."""
        return row.name

    def is_active(self, row: TreatmentRow) -> bool:
        """Return whether it is offered."""
        return row.active

    def store(
        self, ctx: Context, record: UUID, row: TreatmentRow | None, values: dict[str, Any]
    ) -> None:
        """Add or change a treatment with its materials."""
        given = {name: value for name, value in values.items() if name != "materials"}
        typed = TreatmentValues(
            paint=row.paint if row is not None else "",
            **{"active": row.active if row is not None else True, **given},
        )
        if row is None:
            treatments.add_treatment(ctx, record, typed)
        else:
            treatments.change_treatment(ctx, record, row.version, typed)
        treatments.set_materials(ctx, record, values["materials"])


def _model(who: Who) -> RowsModel[TreatmentRow]:
    def cell(row: TreatmentRow, column: Column) -> Cell:
        found = _cell(who, row, column)
        return found if row.active or column == Column.STATE else quiet(found)

    titles = {
        Column.NAME: N_("Service"),
        Column.CODE: N_("Code"),
        Column.MINUTES: N_("Min"),
        Column.PRICE: _("Price {sign}").format(sign=symbol_of(who.currency, who.locale)),
        Column.STATE: "",
    }
    right = frozenset({Column.MINUTES, Column.PRICE})
    return RowsModel(titles, cell, key=lambda row: row.id, right=right)


def _cell(who: Who, row: TreatmentRow, column: Column) -> Cell:
    if column == Column.NAME:
        named = name_cell(row.name)
        return Cell(named.text, size=named.size, band=row.colour)
    if column == Column.CODE:
        return number_cell(row.code)
    if column == Column.MINUTES:
        return Cell(str(row.minutes), tabular=True, right=True)
    if column == Column.PRICE:
        return money_cell(format_amount(row.price, who.currency, who.locale), role="text")
    return none_cell() if row.active else tag_cell("plain", _("Put away"), "archive")
