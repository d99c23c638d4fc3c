"""What one patient comes back for, on the overview: how often, when next, held back or not."""

from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.services.context import Context
from clinic_desktop.services.recalls import service as recalls
from clinic_desktop.services.recalls import types
from clinic_desktop.services.recalls.schemas import Pause, RecallRow, RecallTypeRow
from clinic_desktop.ui.calling.days import Days
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.recalls.dialogs import PauseDialog, RecallDialog
from clinic_desktop.ui.recalls.due_model import overdue_tag
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label, Tag
from clinic_desktop.ui.widgets.panel import StatePanel

Found = tuple[tuple[RecallRow, ...], tuple[RecallTypeRow, ...]]


def _read(ctx: Context, patient_id: UUID) -> Found:
    return recalls.recalls_of(ctx, patient_id), types.recall_types(ctx)


class RecallCard(StatePanel):
    """The recalls of a patient; each has a menu, and a new one can be set."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Recall"), theme=desk.theme)
        self.desk = desk
        self._patient_id: UUID | None = None
        self._types: tuple[RecallTypeRow, ...] = ()
        self._may = desk.who.may("schedule.write")
        zone = ZoneInfo(desk.who.zone)
        today = desk.operations.now().astimezone(zone).date()
        self._days = Days(today, zone, desk.who.locale)
        self.add = Button(theme=desk.theme, icon="plus", name=_("Set a recall"), small=True)
        self.add.clicked.connect(self.set_new)
        self.add_head(self.add)
        self.add.setVisible(self._may)
        self.rows: tuple[RecallRow, ...] = ()

    def show_patient(self, patient_id: UUID) -> None:
        """Ask for the recalls of a patient."""
        if patient_id != self._patient_id:
            self.rows = ()
            self.show_loading()
        self._patient_id = patient_id
        self._days.today = self.desk.operations.now().astimezone(self._days.zone).date()
        self.desk.operations.query(
            self,
            lambda ctx: _read(ctx, patient_id),
            lambda found: self._show(patient_id, found),
            failed=lambda error: self.show_failed(str(error), self._again),
            key="recalls",
        )

    def _again(self) -> None:
        if self._patient_id is not None:
            self.show_patient(self._patient_id)

    def _show(self, patient_id: UUID, found: Found) -> None:
        if patient_id != self._patient_id:
            return
        self.rows, self._types = found
        if not self.rows:
            self.show_empty(_("No recall is set"))
            return
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(8)
        for row in self.rows:
            column.addLayout(self._line(row))
        column.addStretch(1)
        self.show_content(holder)

    def _line(self, row: RecallRow) -> QHBoxLayout:
        theme = self.desk.theme
        line, words = QHBoxLayout(), QVBoxLayout()
        line.setSpacing(8)
        words.setSpacing(0)
        words.addWidget(Label(row.name, theme=theme, size="strong", wrap=True))
        second = [row.interval.words(), row.remark]
        words.addWidget(
            Label(" · ".join(filter(None, second)), theme=theme, size="small", role="text_2",
                  wrap=True)
        )  # fmt: skip
        line.addLayout(words, 1)
        line.addWidget(self._state(row))
        if self._may:
            more = Button(theme=theme, icon="ellipsis-vertical", small=True, kind="quiet",
                          name=_("More about {name}").format(name=row.name))  # fmt: skip
            more.clicked.connect(lambda _on=False: self._menu(row, more))
            line.addWidget(more)
        return line

    def _state(self, row: RecallRow) -> QWidget:
        theme = self.desk.theme
        if row.paused_on(self._days.today):
            tag = Tag("dashed", "octagon-pause", _("held back"), theme=theme)
            tag.setToolTip(row.pause_reason)
            return tag
        if row.replaced:
            return Tag("dashed", None, _("replaced"), theme=theme)
        if row.due_on is None:
            return Tag("unknown", "circle-help", _("No date"), theme=theme)
        spec = overdue_tag(row.due_on, self._days.today)
        tag = Tag(spec.kind, spec.icon, self._days.day(row.due_on), theme=theme)
        tag.setToolTip(spec.text)
        tag.setAccessibleName(f"{self._days.day(row.due_on)}, {spec.text}")
        return tag

    # -- acts -------------------------------------------------------------------------------

    def _menu(self, row: RecallRow, below: Button) -> None:
        menu = QMenu(self)
        menu.addAction(_("Change…")).triggered.connect(lambda _on=False: self.change(row))
        if row.paused_on(self._days.today):
            menu.addAction(_("Let it go on")).triggered.connect(
                lambda _on=False: self._let_go(Pause(id=row.id, version=row.version))
            )
        else:
            menu.addAction(_("Hold back…")).triggered.connect(lambda _on=False: self.hold(row))
        menu.addAction(_("Take away")).triggered.connect(lambda _on=False: self.take_away(row))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(below.mapToGlobal(below.rect().bottomLeft()))

    def set_new(self) -> None:
        """Set a recall that the patient does not have yet."""
        held = {row.recall_type_id for row in self.rows}
        offered = tuple(one for one in self._types if one.id not in held)
        if self._patient_id is None:
            return
        if not offered:
            self.desk.messages.say(_("The patient has every kind of recall already."), "info")
            return
        RecallDialog(
            self.desk, self._patient_id, offered, self._again, today=self._days.today, parent=self
        ).open()

    def change(self, row: RecallRow) -> None:
        """Change interval, date and remark."""
        if self._patient_id is not None:
            RecallDialog(
                self.desk,
                self._patient_id,
                self._types,
                self._again,
                row=row,
                today=self._days.today,
                parent=self,
            ).open()

    def hold(self, row: RecallRow) -> None:
        """Hold a recall back."""
        PauseDialog(
            self.desk,
            row.id,
            row.version,
            row.name,
            lambda _version: self._again(),
            today=self._days.today,
            parent=self,
        ).open()

    def _let_go(self, asked: Pause) -> None:
        self.desk.operations.change(
            self, lambda ctx: recalls.pause(ctx, asked), lambda _version: self._again()
        )

    def take_away(self, row: RecallRow) -> None:
        """Take a recall away; undo gives it back."""

        def done(version: int) -> None:
            def undo() -> None:
                self.desk.operations.change(
                    self,
                    lambda ctx: recalls.restore_recall(ctx, row.id, version),
                    lambda _version: self._again(),
                )

            words = _("{name} is taken away.").format(name=row.name)
            self.desk.messages.undoable(words, undo)
            self._again()

        self.desk.operations.change(
            self, lambda ctx: recalls.remove_recall(ctx, row.id, row.version), done
        )
