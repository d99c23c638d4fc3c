"""Small forms about one recall: setting it, its interval and date, and holding it back."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.recalls import FOR_GOOD, LONGEST, Interval
from clinic_desktop.i18n import _
from clinic_desktop.services.recalls import service as recalls
from clinic_desktop.services.recalls.schemas import (
    NewRecall,
    Pause,
    RecallChange,
    RecallRow,
    RecallTypeRow,
)
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Choice, DateField, Field, LineEdit, NumberField

_USUAL: Final = "usual"


class RecallDialog(Dialog):
    """A recall of one patient: of which type, how often, when next; Ctrl+Enter saves."""

    def __init__(
        self,
        desk: Desk,
        patient_id: UUID,
        types: tuple[RecallTypeRow, ...],
        on_saved: Callable[[], None],
        *,
        row: RecallRow | None = None,
        today: date,
        parent: QWidget,
    ) -> None:
        """``row`` is the recall to change; without one a new one is set."""
        title = _("Set a recall") if row is None else row.name
        super().__init__(title, theme=desk.theme, parent=parent, icon="bell", width=460)
        self._desk, self._patient_id, self._row, self._on_saved = desk, patient_id, row, on_saved
        # The same form sent twice is the same recall.
        self._id = new_id()
        self._types = {one.id: one for one in types}
        theme, who = desk.theme, desk.who
        self.kind = Choice([(one.name, one.id) for one in types], theme=theme)
        self.often = Choice(theme=theme)
        self.every = NumberField(theme=theme, least=1, most=max(LONGEST.values()), value=6)
        self.due = DateField(theme=theme, locale=who.locale, today=today)
        self.remark = LineEdit(theme=theme)
        self.fields = {
            "type": Field(_("For"), self.kind, theme=theme, name="type"),
            "unit": Field(_("How often"), self.often, theme=theme, name="unit"),
            "every": Field(_("Count"), self.every, theme=theme, name="every"),
            "due_on": Field(_("Due on"), self.due, theme=theme, name="due_on"),
            "remark": Field(_("Remark"), self.remark, theme=theme, name="remark"),
        }
        for field in self.fields.values():
            self.body.addWidget(field)
        self.kind.chosen.connect(lambda _id: self._offer_intervals())
        self.often.chosen.connect(self._unit_chosen)
        if row is not None:
            self.fields["type"].hide()
            self.kind.set_value(row.recall_type_id)
            self.due.set_value(row.due_on)
            self.remark.setText(row.remark)
        self._offer_intervals()
        self.set_primary(_("Save"), self.save)
        (self.kind if row is None else self.often).setFocus()

    def _offer_intervals(self) -> None:
        kind = self._types.get(self.kind.value())
        usual = kind.interval.words() if kind is not None else ""
        self.often.set_options(
            [
                (_("As usual, {interval}").format(interval=usual), _USUAL),
                (_("Months"), "month"),
                (_("Weeks"), "week"),
            ]
        )
        own = self._row is not None and self._row.own_interval
        self.often.set_value(self._row.unit if own and self._row else _USUAL)
        if own and self._row is not None:
            self.every.set_value(self._row.every)
        self._unit_chosen(self.often.value())

    def _unit_chosen(self, unit: str) -> None:
        self.fields["every"].setVisible(unit != _USUAL)

    def save(self) -> None:
        """Save what is set; a refusal stands at its field."""
        if not _right(self.fields):
            return
        unit = self.often.value()
        every = None if unit == _USUAL else self.every.value()
        values = {
            "every": every,
            "unit": "month" if unit == _USUAL else unit,
            "due_on": self.due.value(),
            "remark": self.remark.text(),
        }
        row = self._row
        if row is None:
            new = NewRecall(
                id=self._id,
                patient_id=self._patient_id,
                recall_type_id=self.kind.value(),
                **values,
            )
            self._send(lambda ctx: recalls.set_recall(ctx, new))
        else:
            change = RecallChange(id=row.id, version=row.version, **values)
            self._send(lambda ctx: recalls.change_recall(ctx, change))

    def _send(self, call: Callable[..., object]) -> None:
        self._desk.operations.change(self, call, self._done, failed=self._failed)

    def _done(self, _answer: object) -> None:
        self.accept()
        self._on_saved()

    def _failed(self, error: Exception) -> None:
        _put(self.fields, error)


class PauseDialog(Dialog):
    """Until when a recall is held back, and why."""

    def __init__(
        self,
        desk: Desk,
        row_id: UUID,
        version: int,
        name: str,
        on_saved: Callable[[int], None],
        *,
        today: date,
        parent: QWidget,
    ) -> None:
        super().__init__(
            _("Hold back: {name}").format(name=name),
            theme=desk.theme,
            parent=parent,
            sentence=_("Nobody is asked to call until then."),
            icon="octagon-pause",
            width=440,
        )
        self._desk, self._id, self._version, self._on_saved = desk, row_id, version, on_saved
        theme = desk.theme
        self.until = Choice(
            [
                (_("3 months"), Interval(3, "month").after(today)),
                (_("6 months"), Interval(6, "month").after(today)),
                (_("a year"), Interval(12, "month").after(today)),
                (_("for good"), FOR_GOOD),
            ],
            theme=theme,
            value=Interval(3, "month").after(today),
        )
        self.reason = LineEdit(theme=theme)
        self.fields = {
            "until": Field(_("For"), self.until, theme=theme, name="until"),
            "reason": Field(_("Reason"), self.reason, theme=theme, required=True, name="reason"),
        }
        for field in self.fields.values():
            self.body.addWidget(field)
        self.set_primary(_("Hold back"), self.save)
        self.until.setFocus()

    def save(self) -> None:
        """Hold it back."""
        if not _right(self.fields):
            return
        asked = Pause(
            id=self._id,
            version=self._version,
            until=self.until.value(),
            reason=self.reason.text(),
        )
        self._desk.operations.change(
            self, lambda ctx: recalls.pause(ctx, asked), self._done, failed=self._failed
        )

    def _done(self, version: int) -> None:
        self.accept()
        self._on_saved(version)

    def _failed(self, error: Exception) -> None:
        _put(self.fields, error)


def _right(fields: Mapping[str, Field]) -> bool:
    """Return whether nothing is wrong in what is seen; each field says what is."""
    wrong = [field for field in fields.values() if field.isVisible() and not field.validate()]
    return not wrong


def _put(fields: Mapping[str, Field], error: Exception) -> None:
    """Show a refusal at its field; what belongs to none stands below the last one."""
    field = fields.get(getattr(error, "field", None) or "") or list(fields.values())[-1]
    field.show_error(str(error))
    field.editor.setFocus()
