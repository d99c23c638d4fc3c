"""The form of one record: its fields, its draft, and two versions when somebody saved first."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.money import format_amount
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import _
from clinic_desktop.services.history.service import Saved
from clinic_desktop.ui.conflict import ConflictDialog, ConflictLine, Side
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import DraftKeeper
from clinic_desktop.ui.widgets.fields import (
    Choice,
    DateField,
    Field,
    LineEdit,
    MoneyField,
    NumberField,
    TextArea,
)


class Versioned(Protocol):
    """A stored row that knows how often it was saved."""

    @property
    def version(self) -> int: ...


class ValueEditor(QWidget):
    """An editor of something that is no line: a list, a colour. ``edited`` when a person acts."""

    edited = Signal()

    def value(self) -> Any:
        """Return what is chosen."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show another value, in silence."""
        raise NotImplementedError

    def words(self, value: Any) -> str:
        """Return a value in words, for two versions side by side."""
        raise NotImplementedError

    def kept(self) -> str:
        """Return what is chosen as text, for a draft."""
        raise NotImplementedError

    def restore(self, text: str) -> None:
        """Show what was kept as a draft."""
        raise NotImplementedError


class RecordForm(QObject):
    """Fields by name over one record, new or stored.

    The id of a new record is made when the form begins, so that saving twice is one record. What
    is half-typed is kept under ``form`` and the record's id.
    """

    touched = Signal()

    def __init__(self, desk: Desk, form: str, fields: Mapping[str, Field], parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._form = form
        self._parent = parent
        self.fields = dict(fields)
        self.id: UUID = new_id()
        self.row: Any = None
        self.drafts: DraftKeeper | None = None
        for field in self.fields.values():
            field.edited.connect(self.touched)
            if isinstance(field.editor, QCheckBox):
                field.editor.clicked.connect(self.touched)
            elif isinstance(field.editor, ValueEditor):
                field.editor.edited.connect(self.touched)

    # -- whose ------------------------------------------------------------------------------

    def begin(self, row: Any, values: Mapping[str, Any]) -> bool:
        """Show a record (None for a new one) with these values; return whether a draft was kept.

        ``row`` has ``id`` and ``version``.
        """
        self.keep()
        if self.drafts is not None:
            self.drafts.deleteLater()
        self.row = row
        self.id = new_id() if row is None else row.id
        key = "new" if row is None else str(row.id)
        self.drafts = DraftKeeper(
            self._desk.drafts, form=self._form, key=key, read=self.typed, parent=self
        )
        self.touched.connect(self.drafts.touched)
        for name, field in self.fields.items():
            field.clear()
            write(field.editor, values.get(name))
        kept = self.drafts.recall()
        for name, text in (kept or {}).items():
            if name in self.fields:
                _write_typed(self.fields[name].editor, text)
        return kept is not None

    def restore(self, typed: Mapping[str, str]) -> None:
        """Put back what was typed, as if it were typed now."""
        for name, text in typed.items():
            _write_typed(self.fields[name].editor, text)
        self.touched.emit()

    def drop(self) -> None:
        """Be nobody's: the record that was shown is stored."""
        self.row = None
        if self.drafts is not None:
            self.drafts.deleteLater()
            self.drafts = None

    def keep(self) -> None:
        """Keep what is half-typed."""
        if self.drafts is not None:
            self.drafts.keep_now()

    def saved(self) -> None:
        """Forget the draft: everything is stored."""
        if self.drafts is not None:
            self.drafts.forget()

    # -- values -----------------------------------------------------------------------------

    def validate(self) -> bool:
        """Show what is wrong and go to the first such field; return whether nothing is."""
        wrong = [field for field in self.fields.values() if not field.validate()]
        if wrong:
            wrong[0].editor.setFocus()
        return not wrong

    def values(self) -> dict[str, Any]:
        """Return what is typed; call it when everything is valid."""
        return {name: read(field.editor) for name, field in self.fields.items()}

    def typed(self) -> dict[str, str]:
        """Return what stands in the fields, as text."""
        return {name: _typed(field.editor) for name, field in self.fields.items()}

    def differs(self, values: Mapping[str, Any]) -> bool:
        """Return whether something else is typed than these values."""
        return any(
            self.text(name, values.get(name)) != _shown(field.editor)
            for name, field in self.fields.items()
        )

    def refuse(self, error: Exception) -> bool:
        """Show a refusal at its field; return whether it belongs to one."""
        field = self.fields.get(getattr(error, "field", None) or "")
        if field is None:
            return False
        field.show_error(str(error))
        field.editor.setFocus()
        return True

    # -- two versions -----------------------------------------------------------------------

    def text(self, name: str, value: Any) -> str:
        """Return a value as its field would show it."""
        editor, who = self.fields[name].editor, self._desk.who
        if isinstance(editor, ValueEditor):
            return editor.words(value)
        if isinstance(editor, Choice):
            places = (n for n in range(editor.count()) if editor.itemData(n) == value)
            place = next(places, -1)
            return editor.itemText(place) if place >= 0 else str(value or "")
        if value is None:
            return ""
        if isinstance(editor, MoneyField):
            return format_amount(int(value), who.currency, who.locale)
        if isinstance(editor, DateField):
            return format_date(value, who.locale)
        if isinstance(editor, QCheckBox):
            return _("Yes") if value else _("No")
        return str(value)

    def compare(
        self,
        *,
        record: str,
        before: Mapping[str, Any],
        theirs: Mapping[str, Any],
        newer: Versioned,
        saved: Saved | None,
        again: Callable[[], None],
    ) -> None:
        """Show both versions; what is chosen is put into the fields and saved by ``again``."""
        lines = [
            ConflictLine(
                name,
                field.label() or _accessible(field),
                self.text(name, before.get(name)),
                _shown(field.editor),
                self.text(name, theirs.get(name)),
            )
            for name, field in self.fields.items()
        ]
        at = self._desk.operations.now() if saved is None else saved.at
        dialog = ConflictDialog(
            record=record,
            lines=lines,
            who=_("Somebody else") if saved is None else saved.by,
            saved_at=format_time(at.astimezone(ZoneInfo(self._desk.who.zone)).time()),
            theme=self._desk.theme,
            parent=self._parent,
        )

        def chosen(sides: dict[str, Side]) -> None:
            for name, side in sides.items():
                if side is Side.THEIRS:
                    write(self.fields[name].editor, theirs.get(name))
            self.row = newer
            again()

        dialog.chosen.connect(chosen)
        dialog.open()


def _accessible(field: Field) -> str:
    return field.editor.accessibleName()


def read(editor: QWidget) -> Any:
    """Return an editor's value; raises InvalidError where it cannot be read."""
    if isinstance(editor, Choice | DateField | MoneyField | NumberField | ValueEditor):
        return editor.value()
    if isinstance(editor, QCheckBox):
        return editor.isChecked()
    if isinstance(editor, LineEdit | TextArea):
        return editor.text()
    raise TypeError(type(editor).__name__)


def write(editor: QWidget, value: Any) -> None:
    """Show a value without telling anybody that somebody typed."""
    if isinstance(editor, Choice | DateField | MoneyField | NumberField | ValueEditor):
        editor.set_value(value)
    elif isinstance(editor, QCheckBox):
        editor.setChecked(bool(value))
    elif isinstance(editor, LineEdit | TextArea):
        _set_text(editor, "" if value is None else str(value))
    else:
        raise TypeError(type(editor).__name__)


def _set_text(editor: LineEdit | TextArea, text: str) -> None:
    # A text area does not tell typing from writing; a line does.
    silent = isinstance(editor, TextArea)
    if silent:
        editor.blockSignals(True)
    editor.setText(text)
    if silent:
        editor.blockSignals(False)


def _typed(editor: QWidget) -> str:
    if isinstance(editor, ValueEditor):
        return editor.kept()
    if isinstance(editor, Choice):
        return "" if editor.value() is None else str(editor.value())
    if isinstance(editor, QCheckBox):
        return "1" if editor.isChecked() else ""
    assert isinstance(editor, LineEdit | TextArea)  # noqa: S101 - the kinds of editors there are
    return editor.text()


def _write_typed(editor: QWidget, text: str) -> None:
    """Put back what was half-typed, also what cannot be read as a value."""
    if isinstance(editor, ValueEditor):
        editor.restore(text)
        return
    if isinstance(editor, Choice):
        values = (editor.itemData(place) for place in range(editor.count()))
        write(editor, next((v for v in values if ("" if v is None else str(v)) == text), None))
    elif isinstance(editor, QCheckBox):
        write(editor, text == "1")
    elif isinstance(editor, LineEdit | TextArea):
        _set_text(editor, text)


def _shown(editor: QWidget) -> str:
    if isinstance(editor, ValueEditor):
        return editor.words(editor.value())
    if isinstance(editor, Choice):
        return editor.currentText()
    if isinstance(editor, QCheckBox):
        return _("Yes") if editor.isChecked() else _("No")
    assert isinstance(editor, LineEdit | TextArea)  # noqa: S101 - the kinds of editors there are
    return editor.text()
