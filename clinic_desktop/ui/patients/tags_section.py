"""Settings: the clinic's own tags, each with a letter and a colour."""

from enum import IntEnum
from typing import Any
from uuid import UUID

from PySide6.QtCore import Slot

from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services import patients
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.list_schemas import TagUse, TagValues
from clinic_desktop.services.patients.tagging import COLOURS, COUNTED_UP_TO, letter_of
from clinic_desktop.ui.clinic.catalogue import CatalogueSection
from clinic_desktop.ui.clinic.record_list import Words
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.patients.tag_words import whole_tag
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.cells import Cell, number_cell, quiet, tag_cell
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.editors import Choice
from clinic_desktop.ui.widgets.fields import Field, LineEdit
from clinic_desktop.ui.widgets.rows_model import RowsModel


class Column(IntEnum):
    """The columns of the tags."""

    NAME = 0
    LETTER = 1
    PATIENTS = 2
    STATE = 3


class TagsSection(CatalogueSection[TagUse]):
    """Names, letters and colours; M gives the patients of one tag another instead."""

    title = N_("Tags of patients")
    topics = frozenset({"patient_tag"})
    sentence = N_("Tags that are put on patients with T. A letter stands beside every colour.")
    table_name = "patient_tag"

    def __init__(self, desk: Desk) -> None:
        theme = desk.theme
        colours = [(_(words), key) for key, words in COLOURS.items()]
        fields = {
            "name": Field(
                _("Name"), LineEdit(theme=theme, longest=40), theme=theme, required=True
            ),
            "letter": Field(
                _("Letter"), LineEdit(theme=theme, longest=2), theme=theme, optional=True
            ),
            "colour": Field(_("Colour"), Choice(colours, theme=theme), theme=theme),
        }  # fmt: skip
        super().__init__(
            desk,
            words=Words(many=_("Tags"), new=_("New tag"), none=_("There is no tag yet.")),
            model=RowsModel(
                {
                    Column.NAME: N_("Tag"),
                    Column.LETTER: N_("Letter"),
                    Column.PATIENTS: N_("Patients"),
                    Column.STATE: N_("State"),
                },
                _cell,
                key=lambda row: row.id,
                right=frozenset({Column.PATIENTS}),
            ),
            fields=fields,
        )
        self.merge = Button(_("Merge into…"), theme=theme, icon="layers", key="M", small=True)
        self.merge.clicked.connect(self.ask_merge)
        self.panel.add_head(self.merge)
        self.merge.setVisible(desk.who.may("patients.write"))
        if desk.who.may("patients.write"):
            bind(self.table, "M", self.ask_merge)

    def ask(self, ctx: Context) -> tuple[TagUse, ...]:
        """Return every tag, those removed last."""
        return patients.tags_in_use(ctx)

    def rows_of(self, found: Any) -> tuple[TagUse, ...]:
        """Return the tags."""
        rows: tuple[TagUse, ...] = found
        return rows

    def values_of(self, row: TagUse | None) -> dict[str, Any]:
        """Return the values of the fields."""
        if row is None:
            return {"colour": "plain"}
        return {"name": row.name, "letter": row.letter, "colour": row.colour}

    def name_of(self, row: TagUse) -> str:
        """Return the name."""
        return row.name

    def is_active(self, row: TagUse) -> bool:
        """Return whether it is in use."""
        return row.active

    def store(self, ctx: Context, record: UUID, row: TagUse | None, values: dict[str, Any]) -> None:
        """Add or change a tag, take it out of use, or bring it back."""
        active = values.pop("active", None)
        if row is not None and active is not None:
            act = patients.restore_tag if active else patients.remove_tag
            act(ctx, record, row.version)
            return
        typed = TagValues(**{**values, "letter": values.get("letter") or ""})
        if row is None:
            patients.add_tag(ctx, record, typed)
        else:
            patients.change_tag(ctx, record, row.version, typed)

    # -- merging ----------------------------------------------------------------------------

    @Slot()
    def ask_merge(self) -> None:
        """Ask which tag the patients of the chosen one are given instead."""
        row = self.record()
        others = [one for one in self.rows if one.active and row is not None and one.id != row.id]
        if row is None or not row.active:
            self.desk.messages.say(_("Choose a tag that is in use."), "info")
        elif not others:
            self.desk.messages.say(_("There is no other tag to merge it into."), "info")
        else:
            MergeTags(self.desk, self, row, others, self.refresh).open()

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the section."""
        return [*super().keys(), KeyHelp("M", _("merge into another"), self.words.many)]


class MergeTags(Dialog):
    """Gives the patients of one tag another, some at a time, until nobody carries the first."""

    def __init__(
        self, desk: Desk, parent: TagsSection, row: TagUse, others: list[TagUse], done: Any
    ) -> None:
        many = ngettext("{count} patient carries it.", "{count} patients carry it.", row.patients)
        super().__init__(
            _("Merge the tag “{name}”").format(name=row.name),
            theme=desk.theme,
            parent=parent,
            sentence=many.format(count=row.patients)
            + " "
            + _("They get the other tag, and this one leaves the list."),
            icon="layers",
            width=460,
            careful=True,
        )
        self.desk, self._row, self._done = desk, row, done
        self._given = 0
        self.into = Choice([(one.name, one.id) for one in others], theme=desk.theme)
        self.field = Field(_("Into which tag"), self.into, theme=desk.theme)
        self.body.addWidget(self.field)
        self.set_primary(_("Merge the tags"), self._merge, key="Ctrl+Enter")

    def _merge(self) -> None:
        into = self.into.value()
        if into is None:
            self.field.show_error(_("Choose the tag that stays."))
            self.into.setFocus()
            return
        self.set_busy(True)
        self._step(into)

    def _step(self, into: UUID) -> None:
        tag = self._row.id
        self.desk.operations.change(
            self,
            lambda ctx: patients.merge_tags(ctx, tag, into),
            lambda count: self._counted(into, count),
            failed=self._failed,
        )

    def _counted(self, into: UUID, count: int) -> None:
        self._given += count
        if count:
            self.set_sentence(_("{count} patients so far…").format(count=self._given))
            self._step(into)
            return
        words = ngettext("{count} patient got the tag.", "{count} patients got the tag.",
                         self._given)  # fmt: skip
        self.desk.messages.say(words.format(count=self._given), "layers")
        self._done()
        self.accept()

    def _failed(self, error: Exception) -> None:
        self.set_busy(False)
        self.field.show_error(str(error))


def _cell(row: TagUse, column: Column) -> Cell:
    if column == Column.NAME:
        return Cell(tags=(whole_tag(row),)) if row.active else quiet(Cell(row.name))
    if column == Column.LETTER:
        return number_cell(row.letter or letter_of(row.name))
    if column == Column.PATIENTS:
        more = row.patients > COUNTED_UP_TO
        text = f"{COUNTED_UP_TO:,}+" if more else f"{row.patients:,}"
        return Cell(text, tabular=True, right=True, role="text_2")
    if row.active:
        return tag_cell("soft", _("In use"), "check")
    return tag_cell("plain", _("Put away"), "archive")
