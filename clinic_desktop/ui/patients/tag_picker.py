"""Putting tags on a patient: typed, chosen with the arrows, put on and taken off with Enter."""

from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from clinic_desktop.domain.folding import fold
from clinic_desktop.i18n import _
from clinic_desktop.services import patients
from clinic_desktop.services.patients.list_schemas import TagRow
from clinic_desktop.ui.clinic.colours import swatch
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.line_over_list import PAGE, LineOverList
from clinic_desktop.ui.widgets.painting import TAG_KINDS

_TAG: Final = int(Qt.ItemDataRole.UserRole)


class TagPicker(Dialog):
    """Every press is kept at once and can be undone; Esc goes back to where it was opened."""

    def __init__(
        self, desk: Desk, parent: QWidget, patient_id: UUID, name: str, carried: tuple[UUID, ...]
    ) -> None:
        super().__init__(
            _("Tags of {name}").format(name=name),
            theme=desk.theme,
            parent=parent,
            sentence=_("Type, choose with the arrows; Enter puts a tag on or takes it off."),
            icon="tag",
            width=420,
            close_words=_("Close"),
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk, self._patient, self._name = desk, patient_id, name
        self._owner = parent
        self._carried = set(carried)
        self._tags: tuple[TagRow, ...] = ()
        self._busy = False
        self.list = QListWidget()
        self.line = LineOverList(
            self.list, theme=desk.theme, longest=60, placeholder=_("Name of a tag")
        )
        self.line.setAccessibleName(_("Name of a tag"))
        self.list.setAccessibleName(_("Tags"))
        self.list.setMinimumHeight(34 * PAGE)
        self.note = Label(theme=desk.theme, size="small", role="text_2", wrap=True)
        for widget in (self.line, self.list, self.note):
            self.body.addWidget(widget)
        self.line.textChanged.connect(self._fill)
        self.line.returnPressed.connect(self.toggle)
        self.list.itemClicked.connect(lambda _item: self.toggle())
        self.note.setText(_("Asking for the tags…"))
        desk.operations.query(self, patients.tags, self._show, failed=self._failed, key="tags")

    def _show(self, tags: tuple[TagRow, ...]) -> None:
        self._tags = tags
        self._fill()

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self.note.setText(str(error))

    def _fill(self) -> None:
        """List what fits the typed words; the first is chosen, or the one chosen before."""
        before = self.chosen()
        wanted = fold(self.line.text()).strip()
        self.list.clear()
        for tag in self._tags:
            if wanted and wanted not in fold(tag.name):
                continue
            item = QListWidgetItem(swatch(self.theme, _line_of(tag)), _words(tag))
            item.setData(_TAG, str(tag.id))
            on = tag.id in self._carried
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            self.list.addItem(item)
            if tag.id == before:
                self.list.setCurrentItem(item)
        if self.list.currentRow() < 0 and self.list.count():
            self.list.setCurrentRow(0)
        if not self._tags:
            self.note.setText(_("The clinic has no tags yet. They are made in the settings."))
        elif not self.list.count():
            self.note.setText(_("No tag is called “{text}”.").format(text=self.line.text()))
        else:
            self.note.setText("")

    def chosen(self) -> UUID | None:
        """Return the tag that Enter would put on or take off."""
        item = self.list.currentItem()
        return UUID(item.data(_TAG)) if item is not None else None

    def toggle(self) -> None:
        """Put the chosen tag on, or take it off."""
        tag = self.chosen()
        if tag is None or self._busy:
            return
        self._busy = True
        on, patient = tag not in self._carried, self._patient
        self.desk.operations.change(
            self,
            lambda ctx: patients.set_tag(ctx, patient, tag, on=on),
            lambda _changed: self._done(tag, on=on),
            failed=self._failed,
        )

    def _done(self, tag: UUID, *, on: bool) -> None:
        self._busy = False
        (self._carried.add if on else self._carried.discard)(tag)
        self._fill()
        name = next((one.name for one in self._tags if one.id == tag), "?")
        told_tag(self.desk, self._owner, self._patient, tag, name, self._name, on=on)


def told_tag(
    desk: Desk, owner: QWidget, patient: UUID, tag: UUID, name: str, whose: str, *, on: bool
) -> None:
    """Say in the undo bar what was put on or taken off."""
    operations, messages = desk.operations, desk.messages

    def undo() -> None:
        operations.change(
            owner,
            lambda ctx: patients.set_tag(ctx, patient, tag, on=not on),
            lambda _changed: messages.say(_("Changed back."), "undo-2"),
        )

    words = _("{name}: tag {tag} put on.") if on else _("{name}: tag {tag} taken off.")
    messages.undoable(words.format(name=whose, tag=name), undo)


def _words(tag: TagRow) -> str:
    return f"{tag.letter} · {tag.name}"


def _line_of(tag: TagRow) -> str:
    fill, line, _text = TAG_KINDS[tag.colour]
    return line if tag.colour != "plain" else fill
