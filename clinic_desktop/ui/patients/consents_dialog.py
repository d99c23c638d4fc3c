"""What a patient said about being contacted: each way and purpose, set by one key, with history."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QMenu, QWidget

from clinic_desktop.domain.dates import format_date, parse_date
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.labels import ANSWERS, CHANNELS, HOW_SAID, PURPOSES
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import N_, _
from clinic_desktop.services import patients
from clinic_desktop.services.patients.list_schemas import ConsentRow, NewConsent
from clinic_desktop.services.patients.schemas import PatientCard
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.editors import Choice
from clinic_desktop.ui.widgets.fields import Field
from clinic_desktop.ui.widgets.hiding import hide_unless
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.line import LineEdit
from clinic_desktop.ui.widgets.painting import TagSpec, draw_tag, draw_text, tag_height, tag_width

if TYPE_CHECKING:  # asked on a worker; the window knows it by name
    from clinic_desktop.services.context import Context

TAGS: Final = {
    "given": ("success", "check"),
    "refused": ("danger", "ban"),
    "unknown": ("unknown", "circle-help"),
}
_HISTORY: Final = 6
_FOR: Final = {
    "care": N_("For care"),
    "reminders": N_("For reminders"),
    "marketing": N_("For news, offers"),
}
_HOW_OFFERED: Final = ("spoken", "phone", "form", "message")


def consent_tag(row: ConsentRow | None) -> TagSpec:
    """Return the tag of what was last said; where nothing was said it is hatched."""
    answer = row.answer if row is not None else "unknown"
    kind, icon = TAGS[answer]
    return TagSpec(kind, _(ANSWERS[answer]), icon)


def consent_facts(rows: Sequence[ConsentRow]) -> list[tuple[str, str | TagSpec]]:
    """Return for each purpose by which ways the patient may be contacted, and by which not."""
    facts: list[tuple[str, str | TagSpec]] = []
    for purpose in PURPOSES:
        said = {row.channel: row.answer for row in rows if row.purpose == purpose}
        yes = [_(name) for key, name in CHANNELS.items() if said.get(key) == "given"]
        no = [_(name) for key, name in CHANNELS.items() if said.get(key) == "refused"]
        parts = [_("Yes: {ways}").format(ways=", ".join(yes))] if yes else []
        parts += [_("No: {ways}").format(ways=", ".join(no))] if no else []
        unknown = TagSpec("unknown", _("Not asked"), "circle-help")
        facts.append((_(_FOR[purpose]), " · ".join(parts) if parts else unknown))
    return facts


class ConsentsDialog(Dialog):
    """Y, N and U write down yes, no and not known for the cell in focus, at once."""

    def __init__(self, desk: Desk, parent: QWidget, card: PatientCard) -> None:
        super().__init__(
            _("May we contact {name}?").format(name=card.name),
            theme=desk.theme,
            parent=parent,
            sentence=_(
                "Arrows choose; Y writes down yes, N no, U not known. Not known is not yes."
            ),
            icon="message-square",
            width=680,
            close_words=_("Close"),
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk, self._card = desk, card
        self._looks = Looks.of(desk)
        self._busy = False
        self.cells: dict[tuple[str, str], ConsentCell] = {}
        self._lay_out(desk.theme, writes=desk.who.may("patients.write"))
        self._ask()

    def _lay_out(self, theme: Theme, *, writes: bool) -> None:
        prefers = _("Prefers: {channel}").format(channel=_(CHANNELS[self._card.prefers]))
        self.body.addWidget(Label(prefers, theme=theme, role="text_2"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        for column, words in enumerate(PURPOSES.values(), start=1):
            grid.addWidget(Label(_(words), theme=theme, size="small", role="text_2"), 0, column)
        for row, (channel, words) in enumerate(CHANNELS.items(), start=1):
            grid.addWidget(Label(_(words), theme=theme), row, 0)
            for column, purpose in enumerate(PURPOSES, start=1):
                cell = ConsentCell(theme, channel, purpose, writes=writes)
                cell.moved.connect(self._move)
                cell.said.connect(self._say)
                self.cells[channel, purpose] = cell
                grid.addWidget(cell, row, column)
        for column in range(1, len(PURPOSES) + 1):
            grid.setColumnStretch(column, 1)
        self.body.addLayout(grid)
        offered = [(_(HOW_SAID[how]), how) for how in _HOW_OFFERED]
        self.how = Choice(offered, theme=theme, value="spoken")
        self.day = LineEdit(theme=theme, placeholder=_("Today"))
        self.remark = LineEdit(theme=theme, longest=500)
        self.day_field = Field(_("When it was said"), self.day, theme=theme, optional=True)
        self._form = QWidget()
        row_of = QHBoxLayout(self._form)
        row_of.setContentsMargins(0, 0, 0, 0)
        row_of.setSpacing(12)
        row_of.addWidget(Field(_("How it was said"), self.how, theme=theme))
        row_of.addWidget(self.day_field)
        row_of.addWidget(Field(_("Remark"), self.remark, theme=theme, optional=True), 1)
        hide_unless(self._form, writes)
        self.body.addWidget(self._form)
        self.refusal = Label(theme=theme, role="danger", wrap=True)
        self.refusal.hide()
        self.body.addWidget(self.refusal)
        self.history = Label(theme=theme, size="small", role="text_2", wrap=True, tabular=True)
        self.history.setAccessibleName(_("What was said before"))
        self.body.addWidget(self.history)

    def _ask(self) -> None:
        patient = self._card.id

        def ask(ctx: "Context") -> tuple[tuple[ConsentRow, ...], tuple[ConsentRow, ...]]:
            return patients.consents(ctx, patient), patients.consent_history(ctx, patient)

        self.desk.operations.query(self, ask, self._show, failed=self._refused, key="consents")

    def _show(self, found: tuple[Sequence[ConsentRow], Sequence[ConsentRow]]) -> None:
        last, before = found
        by_cell = {(row.channel, row.purpose): row for row in last}
        for key, cell in self.cells.items():
            cell.show_row(by_cell.get(key), self._looks)
        self.history.setText("\n".join(map(self._line, before[:_HISTORY])))
        if self.focusWidget() not in self.cells.values() and not self._typing():
            next(iter(self.cells.values())).setFocus()

    def _typing(self) -> bool:
        return any(editor.hasFocus() for editor in (self.how, self.day, self.remark))

    def _line(self, row: ConsentRow) -> str:
        parts = [
            self._looks.day(row.said_on),
            _(CHANNELS[row.channel]),
            _(PURPOSES[row.purpose]),
            _(ANSWERS[row.answer]),
            _(HOW_SAID[row.how]),
            row.remark,
            row.by,
        ]
        return " · ".join(part for part in parts if part)

    # -- keys -------------------------------------------------------------------------------

    def _move(self, channel: str, purpose: str, down: int, right: int) -> None:
        rows, columns = list(CHANNELS), list(PURPOSES)
        row = min(max(rows.index(channel) + down, 0), len(rows) - 1)
        column = min(max(columns.index(purpose) + right, 0), len(columns) - 1)
        self.cells[rows[row], columns[column]].setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, channel: str, purpose: str, answer: str) -> None:
        if self._busy:
            return
        self.refusal.hide()
        try:
            said_on = self._said_on()
        except InvalidError as refused:
            self.day_field.show_error(str(refused))
            self.day.setFocus()
            return
        new = NewConsent(
            id=new_id(), patient_id=self._card.id, channel=channel, purpose=purpose, answer=answer,
            how=self.how.value() or "spoken", said_on=said_on, remark=self.remark.text(),
        )  # fmt: skip
        self._busy = True
        self.desk.operations.change(
            self,
            lambda ctx: patients.record_consent(ctx, new),
            lambda _new: self._done(new),
            failed=self._refused,
        )

    def _said_on(self) -> date | None:
        typed = self.day.text().strip()
        if not typed:
            return None
        locale, today = self._looks.locale, self._looks.today
        day = parse_date(typed, locale=locale, today=today, latest=today)
        self.day.setText(format_date(day, locale))
        return day

    def _done(self, new: NewConsent) -> None:
        self._busy = False
        self.desk.messages.say(
            _("{channel}, {purpose}: “{answer}” is written down.").format(
                channel=_(CHANNELS[new.channel]),
                purpose=_(PURPOSES[new.purpose]),
                answer=_(ANSWERS[new.answer]),
            ),
            "message-square",
        )
        self._ask()

    def _refused(self, error: Exception) -> None:
        self._busy = False
        self.refusal.setText(str(error))
        self.refusal.show()


class ConsentCell(QAbstractButton):
    """One way and purpose: what was last said, and when."""

    moved = Signal(str, str, int, int)
    said = Signal(str, str, str)

    def __init__(self, theme: Theme, channel: str, purpose: str, *, writes: bool) -> None:
        super().__init__()
        self.theme, self._key, self._writes = theme, (channel, purpose), writes
        self._tag, self._day = consent_tag(None), ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self._offer)
        theme.changed.connect(self.update)
        self._describe()

    def show_row(self, row: ConsentRow | None, looks: Looks) -> None:
        """Show what was said last."""
        self._tag = consent_tag(row)
        self._day = looks.day(row.said_on) if row is not None else ""
        self._describe()
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """Return the answer in words."""
        return self._tag.text

    def _describe(self) -> None:
        channel, purpose = self._key
        said = f"{self._tag.text}, {self._day}" if self._day else self._tag.text
        self.setAccessibleName(f"{_(CHANNELS[channel])}, {_(PURPOSES[purpose])}: {said}")

    def _offer(self) -> None:
        if not self._writes:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for key, (answer, words) in zip("YNU", ANSWERS.items(), strict=True):
            menu.addAction(f"{_(words)}\t{key}").triggered.connect(
                lambda _on=False, answer=answer: self.said.emit(*self._key, answer)
            )
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the answers."""
        self._offer()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by the arrows, write down by a letter, offer the answers on Enter."""
        steps = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        answers = {Qt.Key.Key_Y: "given", Qt.Key.Key_N: "refused", Qt.Key.Key_U: "unknown"}
        key = Qt.Key(event.key())
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if key in steps:
            self.moved.emit(*self._key, *steps[key])
        elif key in answers and plain and self._writes:
            self.said.emit(*self._key, answers[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self._offer()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Return the room for the tag and the day beside it."""
        day = self.theme.face("small", True).metrics.horizontalAdvance(self._day)
        wide = tag_width(self._tag, self.theme) + (day + 6 if self._day else 0)
        return QSize(round(wide) + 14, self.theme.height("control"))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the answer and its day in a frame."""
        theme, painter = self.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.hasFocus()
        painter.setPen(QPen(theme.color("focus" if focused else "border"), 2 if focused else 1))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.radius("control"),
            theme.radius("control"),
        )  # fmt: skip
        high = tag_height(theme)
        wide = min(tag_width(self._tag, theme), self.width() - 14)
        top = (self.height() - high) // 2
        draw_tag(painter, QRectF(7, top, wide, high), self._tag, theme)
        if self._day:
            room = QRectF(7 + wide + 6, 0, self.width() - wide - 20, self.height())
            draw_text(painter, room, self._day, theme.face("small", True), theme.color("text_2"))
        painter.end()
