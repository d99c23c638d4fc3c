"""The report of pairs that may be one person: compared, merged, or kept as two people."""

from collections.abc import Callable
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from clinic_desktop.domain.phones import show_phone
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services import patients
from clinic_desktop.services.patients.duplicates import REASONS
from clinic_desktop.services.patients.schemas import DuplicatePair, PairSide
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.patients.duplicates_search import PairSearch
from clinic_desktop.ui.patients.merge_dialog import ask_merge
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.screen import KeyHelp, PatientInView, Screen
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.cells import Cell
from clinic_desktop.ui.widgets.hiding import hide_unless
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.painting import TagSpec
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import RowsModel, keep_place
from clinic_desktop.ui.widgets.table import TableView


class Column(IntEnum):
    """The columns from left to right."""

    SCORE = 0
    ONE = 1
    OTHER = 2
    WHY = 3


TITLES: Final = {
    Column.SCORE: N_("Alike"),
    Column.ONE: N_("One record"),
    Column.OTHER: N_("The other record"),
    Column.WHY: N_("Why"),
}
_LIKELY: Final = 75


class DuplicatesScreen(Screen):
    """Pairs appear as they are found, the likeliest on top."""

    title = N_("Possible duplicates")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.search = PairSearch(desk, self)
        self.search.changed.connect(self._show)
        self.search.failed.connect(self._failed)
        self._may_merge = desk.who.may("patients.merge")
        self._may_write = desk.who.may("patients.write")
        self.model: RowsModel[DuplicatePair] = RowsModel(
            TITLES, self._cell, key=lambda pair: pair.key
        )
        self._build()
        self._bind_keys()

    def _build(self) -> None:
        theme = self.desk.theme
        self.table = TableView(theme=theme, two_lines=True, name=_("Possible duplicates"))
        self.table.setModel(self.model)
        self.table.setProperty("keys_area", _("List"))
        self.table.opened.connect(lambda _index: self.compare())
        self.table.menu_asked.connect(self._menu)
        self.panel = StatePanel(theme=theme)
        self._note = Label(theme=theme, size="small", role="text_2", tabular=True)
        self.panel.add_foot(self._note, 1)
        back = Button(_("Patients"), theme=theme, icon="arrow-left")
        back.clicked.connect(lambda: self.desk.navigator.open_screen("patients"))
        self._count = Label(theme=theme, role="text_2", tabular=True)
        self.stop = Button(_("Stop"), theme=theme)
        self.stop.clicked.connect(self.search.stop)
        self.again = Button(_("Look again"), theme=theme, icon="refresh-cw")
        self.again.clicked.connect(self._look_again)
        self.apart = Button(_("Not the same person"), theme=theme, key="X")
        self.apart.clicked.connect(self.keep_apart)
        self.merge = Button(
            _("Compare and merge"), theme=theme, icon="layers", key="Enter", kind="primary"
        )
        self.merge.clicked.connect(self.compare)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(back)
        head.addWidget(Label(_("Possible duplicates"), theme=theme, size="title"))
        head.addWidget(self._count, 1)
        for button in (self.stop, self.again, self.apart, self.merge):
            head.addWidget(button)
        hide_unless(self.apart, self._may_write)
        hide_unless(self.merge, self._may_merge)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.panel, 1)

    def _bind_keys(self) -> None:
        acts: list[tuple[str, Callable[[], None]]] = [
            ("X", self.keep_apart), ("1", lambda: self._open(0)), ("2", lambda: self._open(1)),
        ]  # fmt: skip
        for keys, act in acts:
            bind(self.table, keys, act)

    # -- showing ----------------------------------------------------------------------------

    def reload(self) -> None:
        """Go through the clinic again."""
        self.panel.show_loading(_("Comparing records…"))
        self.search.start()

    def _look_again(self) -> None:
        self.search.start()

    def _show(self) -> None:
        pairs = self.search.pairs()
        keep_place(self.table, self.model, pairs)
        self._tell(len(pairs))
        if pairs:
            self.panel.show_content(self.table)
            self.table.fit_columns(stretch=Column.WHY)
            if not self.table.current_row().isValid():
                self.table.choose_row(0)
        elif self.search.running:
            self.panel.show_loading(_("Comparing records…"))
        else:
            self.panel.show_empty(
                _("No two records look like one person"),
                detail=_("Pairs that somebody kept apart are not shown."),
            )
        for button in (self.apart, self.merge):
            button.setEnabled(bool(pairs))

    def _tell(self, count: int) -> None:
        search = self.search
        self.stop.setVisible(search.running)
        self.again.setVisible(not search.running)
        self._count.setText(ngettext("{count} pair", "{count} pairs", count).format(count=count))
        parts = []
        if search.running:
            done, all_parts = search.part()
            parts.append(
                _("Comparing, part {part} of {parts}").format(part=done + 1, parts=all_parts)
            )
        elif not search.complete:
            parts.append(_("Stopped: not every record was compared"))
        else:
            parts.append(_("Every record was compared"))
        if search.skipped:
            words = ngettext(
                "{count} record shares its phone or birth date with too many to be compared by it",
                "{count} records share a phone or birth date with too many to be compared by it",
                search.skipped,
            )
            parts.append(words.format(count=search.skipped))
        self._note.setText(" · ".join(parts))

    def _failed(self, error: Exception) -> None:
        self.panel.show_failed(str(error), self.reload)
        self._tell(len(self.search.pairs()))

    def _cell(self, pair: DuplicatePair, column: Column) -> Cell:
        if column is Column.SCORE:
            likely = pair.score >= _LIKELY
            word = _("likely") if likely else _("perhaps")
            return Cell(f"{pair.score} %", second=word, size="strong", tabular=True)
        if column is Column.WHY:
            return Cell(tags=tuple(TagSpec("soft", _(REASONS[one])) for one in pair.reasons))
        return self._side(pair.first if column is Column.ONE else pair.second)

    def _side(self, side: PairSide) -> Cell:
        looks = Looks.of(self.desk)
        born = looks.day(side.born) if side.born is not None else _("birth date not recorded")
        parts = (_("No. {number}").format(number=side.number), born, show_phone(side.phone))
        return Cell(side.name, second=" · ".join(p for p in parts if p), size="strong")

    # -- acts -------------------------------------------------------------------------------

    def pair(self) -> DuplicatePair | None:
        """Return the chosen pair."""
        return self.model.row(self.table.current_row().row())

    def compare(self) -> None:
        """Show both records side by side, to be merged."""
        pair = self.pair()
        if pair is None:
            return
        if not self._may_merge:
            self._open(0)
            return
        first, second = pair.first.id, pair.second.id
        ask_merge(
            self.desk,
            self,
            first,
            second,
            lambda survivor: self.search.leave_out_record(second if survivor == first else first),
        )

    def keep_apart(self) -> None:
        """Remember that the two are two people."""
        pair = self.pair()
        if pair is None or not self._may_write:
            return
        one, other, key = pair.first.id, pair.second.id, pair.key

        def again() -> None:
            self.desk.operations.change(
                self,
                lambda ctx: patients.maybe_the_same(ctx, one, other),
                lambda _none: self.search.take_in(key),
            )

        def done(_none: None) -> None:
            self.search.leave_out(key)
            self.desk.messages.undoable(
                _("{name} and {other} are kept as two people.").format(
                    name=_named(pair.first), other=_named(pair.second)
                ),
                again,
            )

        self.desk.operations.change(self, lambda ctx: patients.not_the_same(ctx, one, other), done)

    def _open(self, which: int) -> None:
        pair = self.pair()
        if pair is not None:
            self.desk.navigator.open_patient(pair.key[which])

    def _menu(self, _index: QModelIndex, place: QPoint) -> None:
        pair = self.pair()
        if pair is None:
            return
        menu = QMenu(self)
        acts: list[tuple[str, str, bool, Callable[[], None]]] = [
            (_("Compare and merge"), "Enter", self._may_merge, self.compare),
            (_("Not the same person"), "X", self._may_write, self.keep_apart),
            (_("Open {name}").format(name=_named(pair.first)), "1", True, lambda: self._open(0)),
            (_("Open {name}").format(name=_named(pair.second)), "2", True, lambda: self._open(1)),
        ]
        for words, key, allowed, act in acts:
            if allowed:
                action = menu.addAction(f"{words}\t{key}")
                action.triggered.connect(lambda _on=False, act=act: act())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    # -- what the window asks ---------------------------------------------------------------

    def open_at(self, **_where: Any) -> None:
        """Go to the list."""

    def start_focus(self) -> None:
        """Begin in the list."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> list[QWidget]:
        """Return the list."""
        return [self.table]

    def patient_in_view(self) -> PatientInView | None:
        """Return the first of the chosen pair."""
        pair = self.pair()
        return PatientInView(pair.first.id, pair.first.name) if pair is not None else None

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the list."""
        keys = [KeyHelp("1", _("open the one")), KeyHelp("2", _("open the other"))]
        if self._may_write:
            keys.insert(0, KeyHelp("X", _("not the same person")))
        if self._may_merge:
            keys.insert(0, KeyHelp("Enter", _("compare and merge")))
        return keys


def _named(side: PairSide) -> str:
    return _("{name}, No. {number}").format(name=side.name, number=side.number)
