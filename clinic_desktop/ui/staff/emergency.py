"""Emergency access: rights to read for a few hours, with a reason that stays on record."""

from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import EMERGENCY_HOURS, EMERGENCY_RIGHTS, LABELS
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.context import Context
from clinic_desktop.services.staff import service as staff
from clinic_desktop.services.staff.mine import end_my_emergency, my_emergency
from clinic_desktop.services.staff.schemas import EmergencyRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import keep_texts
from clinic_desktop.ui.settings.section import Section
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Field, TextArea
from clinic_desktop.ui.widgets.hiding import hide_unless
from clinic_desktop.ui.widgets.labels import Label, Tag
from clinic_desktop.ui.widgets.panel import Panel, StatePanel
from clinic_desktop.ui.widgets.segmented import Segmented

SHOWN: Final = 50


class EmergencySection(Section):
    """Taking it, and who took it."""

    title = N_("Emergency access")
    topics = frozenset({"emergency_access"})
    sentence = N_("When somebody has to be treated and the chart is closed to you.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._zone = ZoneInfo(desk.who.zone)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        card = Panel(_("For yourself"), theme=desk.theme, padded=True)
        self.state = Tag("plain", None, _("Not taken"), theme=desk.theme)
        card.add_head(self.state)
        rights = ", ".join(_(LABELS[right]) for right in EMERGENCY_RIGHTS)
        words = _(
            "It adds: {rights}. It ends by itself or when you end it, and an administrator sees "
            "when and why."
        ).format(rights=rights)
        card.body.addWidget(Label(words, theme=desk.theme, role="text_2", wrap=True))
        self.take = Button(_("Take emergency access…"), theme=desk.theme, icon="shield-alert")
        self.take.clicked.connect(self.ask)
        row = QHBoxLayout()
        row.addWidget(self.take)
        self.end = Button(_("End it now"), theme=desk.theme, icon="shield")
        self.end.clicked.connect(self.end_now)
        self.end.hide()
        row.addWidget(self.end)
        row.addStretch(1)
        card.body.addLayout(row)
        column.addWidget(card)
        self.taken = StatePanel(_("Who took it"), theme=desk.theme)
        hide_unless(self.taken, desk.who.may("staff.read"))
        column.addWidget(self.taken)
        column.addStretch(1)

    def reload(self) -> None:
        """Ask whether it runs, and who took it before."""
        self.desk.operations.query(self, my_emergency, self._show_mine, key="mine")
        if self.desk.who.may("staff.read"):
            self.taken.show_loading()
            self.desk.operations.query(
                self,
                lambda ctx: staff.emergency_accesses(ctx, limit=SHOWN),
                self._show_taken,
                failed=lambda error: self.taken.show_failed(str(error), self.reload),
                key="taken",
            )

    def _show_mine(self, row: EmergencyRow | None) -> None:
        self.end.setVisible(row is not None)
        if row is None:
            self.state.set_tag("plain", None, _("Not taken"))
        else:
            end = format_time(row.ends_at.astimezone(self._zone).time())
            self.state.set_tag("warning", "shield-alert", _("Until {time}").format(time=end))

    def _show_taken(self, rows: tuple[EmergencyRow, ...]) -> None:
        if not rows:
            self.taken.show_empty(_("Nobody has taken it yet."))
            return
        self.taken.show_content(self._list(rows))

    def _list(self, rows: tuple[EmergencyRow, ...]) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(10)
        for row in rows:
            start = row.starts_at.astimezone(self._zone)
            end = row.ends_at.astimezone(self._zone)
            when = _("{date}, {start} to {end}").format(
                date=format_date(start.date(), self.desk.who.locale),
                start=format_time(start.time()),
                end=format_time(end.time()),
            )
            head = f"{row.person_name} · {when}"
            column.addWidget(Label(head, theme=self.desk.theme, size="strong", wrap=True))
            column.addWidget(
                Label(row.reason, theme=self.desk.theme, role="text_2", wrap=True, lines=3)
            )
        return holder

    def ask(self) -> None:
        """Ask for reason and end."""
        EmergencyDialog(self.desk, parent=self).open()

    def end_now(self) -> None:
        """Give the rights back before the time is over; the session hears of it and follows."""
        self.end.setEnabled(False)

        def failed(error: Exception) -> None:
            self.end.setEnabled(True)
            self.desk.messages.warn(str(error))

        def done(_none: None) -> None:
            self.end.setEnabled(True)
            self.take.setFocus()
            self.reload()

        self.desk.operations.change(self, end_my_emergency, done, failed=failed)

    def start_focus(self) -> None:
        """Begin on the button."""
        self.take.setFocus()


class EmergencyDialog(Dialog):
    """Why, and for how long."""

    def __init__(self, desk: Desk, *, parent: QWidget) -> None:
        super().__init__(
            _("Take emergency access"),
            theme=desk.theme,
            parent=parent,
            sentence=_("Everything you open meanwhile is written down with this reason."),
            icon="shield-alert",
            icon_role="warning",
            width=520,
        )
        self._desk = desk
        # One id for the form, so that a second Enter is the same act.
        self._id = new_id()
        self.reason = TextArea(theme=desk.theme, lines=3, longest=500)
        self.field = Field(_("Reason"), self.reason, theme=desk.theme, required=True, name="reason")
        self.body.addWidget(self.field)
        self.body.addWidget(Label(_("For how long"), theme=desk.theme, size="small", role="text_2"))
        hours = [
            (ngettext("{count} hour", "{count} hours", n).format(count=n), n)
            for n in range(1, EMERGENCY_HOURS + 1)
        ]
        self.hours = Segmented(hours, theme=desk.theme, name=_("For how long"))
        self.body.addWidget(self.hours)
        self._draft = keep_texts(
            desk.drafts, form="emergency", key="", editors={"reason": self.reason}, parent=self
        )
        self.leaving.connect(self._draft.keep_now)
        self.set_primary(_("Take it"), self._take)

    def _take(self) -> None:
        if not self.field.validate():
            self.reason.setFocus()
            return
        self.set_busy(True)
        reason, hours = self.reason.text(), int(self.hours.value())

        def call(ctx: Context) -> None:
            staff.take_emergency_access(ctx, id=self._id, reason=reason, hours=hours)

        def failed(error: Exception) -> None:
            self.set_busy(False)
            self.field.show_error(str(error))
            # Where the server's clock was the reason, the next try has its time of now.
            self._desk.operations.try_now()

        def done(_none: None) -> None:
            self._draft.forget()
            self.accept()

        # The session hears of it like of any other change and opens what it allows.
        self._desk.operations.change(self, call, done, failed=failed)
