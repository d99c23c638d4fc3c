"""Settings: the note templates, with what each would say beside what is typed."""

from collections.abc import Mapping
from datetime import date, time
from enum import IntEnum
from typing import Any, Final
from uuid import UUID

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from clinic_desktop.domain.births import age_text
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.note_templates import (
    FILLED,
    LONGEST,
    check_body,
    filled,
    open_words,
    written,
)
from clinic_desktop.domain.times import format_time
from clinic_desktop.domain.vocabulary import procedures, terms
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.context import Context
from clinic_desktop.services.notes import templates
from clinic_desktop.services.notes.schemas import TemplateRow, TemplateValues
from clinic_desktop.services.treatments.service import price_list
from clinic_desktop.ui.clinic.catalogue import CatalogueSection
from clinic_desktop.ui.clinic.record_list import Words
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.notes.places import PlacesText
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.cells import Cell, name_cell, none_cell, quiet, tag_cell
from clinic_desktop.ui.widgets.fields import Field, LineEdit
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.pick import Option, PickDialog
from clinic_desktop.ui.widgets.rows_model import RowsModel

# The day of the preview, and somebody of 34 years.
_DAY, _TIME, _BORN = date(2026, 9, 3), time(14, 5), date(1992, 3, 1)
# How much of a text stands in the list, and is read out with its name.
_EXCERPT: Final = 100


class Column(IntEnum):
    """The columns of the templates."""

    NAME = 0
    USED = 1
    STATE = 2


class TemplatesSection(CatalogueSection[TemplateRow]):
    """Name and text of each template, a preview below, and how many services open it."""

    title = N_("Note templates")
    topics = frozenset({"note_template", "treatment"})
    logged = ("note_template",)
    sentence = N_(
        "What a note begins with when work is completed. Each service names its template; notes "
        "that were begun keep their words."
    )
    table_name = "note_template"

    def __init__(self, desk: Desk) -> None:
        theme = desk.theme
        self.body = PlacesText(theme=theme, lines=9, longest=LONGEST, answers=False)
        self._used: dict[UUID, int] = {}
        fields = {
            "name": Field(
                _("Name"), LineEdit(theme=theme, longest=120), theme=theme, required=True
            ),
            "body": Field(_("Text"), self.body, theme=theme, required=True, check=self._problem),
        }  # fmt: skip
        self.places = Button(_("Insert a place"), theme=theme, icon="plus", key="Alt+P", small=True)
        self.preview = Label(theme=theme, role="text_2", wrap=True)
        self.left_open = Label(theme=theme, size="small", role="warning", wrap=True)
        super().__init__(
            desk,
            words=Words(
                many=_("Note templates"),
                new=_("New template"),
                none=_("There is no template yet."),
                search=_("Name or words of a template"),
            ),
            model=RowsModel(
                {
                    Column.NAME: N_("Template"),
                    Column.USED: N_("Services"),
                    Column.STATE: N_("State"),
                },
                self._cell,
                key=lambda row: row.id,
                right=frozenset({Column.USED}),
            ),
            fields=fields,
        )
        self.body.textChanged.connect(self._show_preview)
        self.places.clicked.connect(self.ask_place)
        shortcut = QShortcut(QKeySequence("Alt+P"), self)
        shortcut.activated.connect(self.ask_place)
        self._show_preview()

    def lay_out_fields(self, column: QVBoxLayout, fields: Mapping[str, Field]) -> None:
        """Put the preview below the text, with the way to insert a place."""
        for field in fields.values():
            column.addWidget(field)
        theme = self.desk.theme
        row = QHBoxLayout()
        row.addWidget(self.places)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(
            Label(
                _("A question for the author begins with a question mark, its answers are parted "
                  "by strokes: {example}").format(example=_example()),
                theme=theme, size="small", role="text_3", wrap=True,
            )
        )  # fmt: skip
        column.addWidget(Label(_("Preview"), theme=theme, size="small", role="text_2", weight=600))
        column.addWidget(self.preview)
        column.addWidget(self.left_open)

    # -- the text -----------------------------------------------------------------------------

    def _problem(self) -> str | None:
        try:
            check_body(self.body.text())
        except InvalidError as refused:
            return str(refused)
        return None

    def _begin(self, row: TemplateRow | None) -> None:
        """Show a record; its text is put there in silence."""
        super()._begin(row)
        self.body.mark()
        self._show_preview()

    def _show_preview(self) -> None:
        """Show what the note would begin with, and what its author would still have to say."""
        text = filled(self.body.text(), _examples(self.desk.who.locale))
        self.preview.setText(text.strip() or _("Nothing written yet"))
        left = open_words(text)
        words = _("Stays open for the author: {words}.").format(words=", ".join(left))
        self.left_open.setText(words if left else "")
        self.left_open.setVisible(bool(left))

    def ask_place(self) -> None:
        """Ask which place to put where the cursor is."""
        if self.form.drafts is None:
            return
        dialog = PickDialog(
            _("Insert a place"),
            [Option(written(key), key, _(means)) for key, (_word, means) in FILLED.items()],
            theme=self.desk.theme,
            parent=self,
            icon="text-cursor-input",
            placeholder=_("What is to stand there"),
        )
        dialog.picked.connect(self._insert_place)
        dialog.finished.connect(dialog.deleteLater)
        self.dialog = dialog
        dialog.open()

    def _insert_place(self, key: str) -> None:
        self.body.textCursor().insertText(written(key))
        self.body.setFocus()

    # -- rows ---------------------------------------------------------------------------------

    def ask(self, ctx: Context) -> tuple[tuple[TemplateRow, ...], dict[UUID, int]]:
        """Return every template, and how many services open each."""
        used: dict[UUID, int] = {}
        for one in price_list(ctx):
            if one.note_template_id is not None:
                used[one.note_template_id] = used.get(one.note_template_id, 0) + 1
        return templates.templates(ctx, inactive=True), used

    def rows_of(self, found: Any) -> tuple[TemplateRow, ...]:
        """Return the templates, those put away last."""
        rows, self._used = found
        return tuple(sorted(rows, key=lambda row: not row.active))

    def values_of(self, row: TemplateRow | None) -> dict[str, Any]:
        """Return the values of the fields."""
        return {} if row is None else {"name": row.name, "body": row.body}

    def name_of(self, row: TemplateRow) -> str:
        """Return the name."""
        return row.name

    def searched(self, row: TemplateRow) -> str:
        """Return name and text: one remembers a template by its words."""
        return f"{row.name} {row.body}"

    def is_active(self, row: TemplateRow) -> bool:
        """Return whether it is offered."""
        return row.active

    def store(
        self, ctx: Context, record: UUID, row: TemplateRow | None, values: dict[str, Any]
    ) -> None:
        """Add or change a template."""
        typed = TemplateValues(**{"active": row is None or row.active, **values})
        if row is None:
            templates.add_template(ctx, record, typed)
        else:
            templates.change_template(ctx, record, row.version, typed)

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the section."""
        return [*super().keys(), KeyHelp("Alt+P", _("insert a place"))]

    def _cell(self, row: TemplateRow, column: Column) -> Cell:
        if column == Column.NAME:
            second = " ".join(row.body.split())[:_EXCERPT]
            return name_cell(row.name, second) if row.active else quiet(name_cell(row.name, second))
        if column == Column.USED:
            count = self._used.get(row.id, 0)
            if not count:
                return none_cell(right=True)
            return Cell(str(count), tabular=True, right=True, role="text_2")
        if row.active:
            return tag_cell("soft", _("In use"), "check")
        return tag_cell("plain", _("Put away"), "archive")


def _example() -> str:
    return "{? " + _("shade") + ": A2 / A3}"


def _examples(locale: str) -> dict[str, str]:
    """Return what the preview shows in each place; nobody takes it for a patient of the clinic."""
    filling = procedures()["RST-020"]
    return {
        "patient": _("Name of the patient"),
        "age": age_text(_BORN, _DAY),
        "date": format_date(_DAY, locale),
        "time": format_time(_TIME, locale),
        "provider": _("Name of the provider"),
        "tooth": "36",
        "surfaces": "MOD",
        "procedure": filling.name,
        "material": terms()["COMP"].word,
        "code": filling.code,
    }
