"""The line below a section's title: who changed it last, and the way to everything before."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import _
from clinic_desktop.services.history.schemas import Saved
from clinic_desktop.services.history.section import last_change
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keymap.binding import bind_within
from clinic_desktop.ui.settings.section import Section
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label

if TYPE_CHECKING:  # the window is painted before the database libraries are loaded
    from clinic_desktop.services.session import Topic

KEY = "Alt+H"


class ChangedLine(QWidget):
    """Asks when its section is shown and when one of the section's tables changed."""

    def __init__(self, desk: Desk, section: Section) -> None:
        super().__init__()
        self._desk, self._section = desk, section
        self.words = Label(theme=desk.theme, size="small", role="text_2", wrap=True)
        self.history = Button(_("History"), theme=desk.theme, key=KEY, kind="link", small=True)
        self.history.clicked.connect(section.show_changes)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words)
        row.addWidget(self.history)
        row.addStretch(1)
        bind_within(section, KEY, section.show_changes)
        desk.operations.changed.connect(self._changed)
        section.changed_here.connect(self.ask)
        self.hide()

    @property
    def known(self) -> bool:
        """Whether somebody changed the section and it can be seen what."""
        return bool(self.words.text())

    @Slot(object)
    def _changed(self, topics: "frozenset[Topic] | None") -> None:
        if not self._section.isVisible():
            return  # asked when it is shown again
        if topics is None or any(topic.table in self._section.logged for topic in topics):
            self.ask()

    @Slot()
    def ask(self) -> None:
        """Find out who changed the section last."""
        section = self._section
        if section.logged:
            tables = section.logged
            self._desk.operations.query(
                self, lambda ctx: last_change(ctx, tables), self._show, key="last",
                failed=lambda _error: self._tell(_("Who changed this last is not known now.")),
            )  # fmt: skip
        else:
            last = section.last_change()
            self._show(Saved(by=last[0], at=last[1]) if last is not None else None)

    def _show(self, saved: Saved | None) -> None:
        if saved is None:
            self._tell("")
            return
        who = self._desk.who
        at = saved.at.astimezone(ZoneInfo(who.zone))
        self._tell(
            _("Changed by {who}, {day}, {time}.").format(
                who=saved.by or _("the program"),
                day=format_date(at.date(), who.locale),
                time=format_time(at.time()),
            )
        )

    def _tell(self, sentence: str) -> None:
        self.words.setText(sentence)
        self.setVisible(bool(sentence))
