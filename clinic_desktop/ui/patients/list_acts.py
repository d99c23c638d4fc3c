"""What is done with the chosen patient of the list: by a key, from the menu of a row."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QModelIndex, QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.services.patients.schemas import PatientRow
from clinic_desktop.ui.keymap.binding import bind_within
from clinic_desktop.ui.patients.at_hand import pick_tags, toggle_star
from clinic_desktop.ui.patients.list_filters import ListFilters
from clinic_desktop.ui.patients.question import Question
from clinic_desktop.ui.patients.table_model import PatientTableModel
from clinic_desktop.ui.screen import KeyHelp, Screen
from clinic_desktop.ui.widgets.asking_files import ask_where, papers_folder
from clinic_desktop.ui.widgets.table import TableView


class ListActs(QObject):
    """The acts of a list of patients, as far as the person may do them.

    ``pay`` opens a payment, where there is such a screen; ``open_record`` opens a tab of a record;
    ``below_saved`` is where the saved filters are shown.
    """

    def __init__(
        self,
        screen: Screen,
        table: TableView,
        model: PatientTableModel,
        filters: ListFilters,
        *,
        below_saved: Callable[[], QPoint],
        pay: Callable[[UUID], None] | None,
        open_record: Callable[[UUID, str], None],
    ) -> None:
        super().__init__(screen)
        self._screen, self._desk = screen, screen.desk
        self._table, self._model, self._filters = table, model, filters
        self._below_saved = below_saved
        self._pay, self._open = pay, open_record
        self._bind_keys()

    def _bind_keys(self) -> None:
        screen, table, desk = self._screen, self._table, self._desk
        may = desk.who.may
        acts: list[tuple[str, QWidget, Callable[[], None]]] = []
        if may("clinical.read"):
            acts.append(("Alt+2", screen, self._open_chart))
        if may("schedule.write"):
            acts.append(("N", table, lambda: self._on_patient(desk.navigator.book)))
        if self._pay is not None:
            acts.append(("Y", table, lambda: self._on_patient(self._pay)))
        if may("patients.write"):
            acts.append(("T", table, self._pick_tags))
        acts += [
            ("S", table, self._toggle_star),
            ("Alt+F", screen, self._filters.open_form),
            ("Alt+S", screen, lambda: self._filters.popup(self._below_saved())),
        ]
        for keys, widget, act in acts:
            bind_within(widget, keys, act)

    def keys(self) -> list[KeyHelp]:
        """Return the keys of search and list."""
        may = self._desk.who.may
        keys = [KeyHelp("↓", _("to the list")), KeyHelp("Enter", _("open"))]
        if may("clinical.read"):
            keys.append(KeyHelp("Alt+2", _("chart")))
        keys.append(KeyHelp("Esc", _("clear")))
        if may("schedule.write"):
            keys.append(KeyHelp("N", _("book"), _("List")))
        if self._pay is not None:
            keys.append(KeyHelp("Y", _("pay"), _("List")))
        keys.append(KeyHelp("S", _("star or take the star away"), _("List")))
        if may("patients.write"):
            keys.append(KeyHelp("T", _("tags"), _("List")))
        keys.append(KeyHelp("Alt+F", _("filter")))
        keys.append(KeyHelp("Alt+S", _("saved filters; then their number")))
        return keys

    def popup(self, index: QModelIndex, place: QPoint) -> None:
        """Show the menu of a row."""
        row = self._model.row_at(index.row())
        if row is None:
            return
        may, menu = self._desk.who.may, QMenu(self._screen)

        def offer(words: str, key: str, act: Callable[[], None]) -> None:
            menu.addAction(f"{words}\t{key}").triggered.connect(lambda _on=False: act())

        offer(_("Open"), "Enter", lambda: self._open(row.id, "overview"))
        if may("clinical.read"):
            offer(_("Chart"), "Alt+2", lambda: self._open(row.id, "chart"))
        if may("schedule.write"):
            offer(_("Book"), "N", lambda: self._desk.navigator.book(row.id))
        if self._pay is not None:
            offer(_("Pay"), "Y", lambda: self._on_patient(self._pay))
        starred = row.id in self._filters.marks.stars
        offer(_("Take the star away") if starred else _("Star"), "S", self._toggle_star)
        if may("patients.write"):
            offer(_("Tags…"), "T", self._pick_tags)
        offer(_("Copy"), "Ctrl+C", self._table.copy_rows)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def export(self, question: Question) -> None:
        """Write the list, as it is searched and filtered, to a file."""
        from clinic_desktop.ui.exports.saving import export_list

        screen = self._screen

        def write(path: str) -> None:
            export_list(screen, self._desk, path, typed=question.typed, chosen=question.chosen)

        ask_where(
            screen,
            _("Export this list"),
            write,
            name="patients.xlsx",
            filters=[_("Excel (*.xlsx)"), _("CSV (*.csv)")],
            folder=papers_folder(),
        )

    # -- on the chosen row ------------------------------------------------------------------

    def _chosen(self) -> PatientRow | None:
        return self._model.row_at(self._table.current_row().row())

    def _on_patient(self, act: Callable[[UUID], None] | None) -> None:
        row = self._chosen()
        if row is not None and act is not None:
            act(row.id)

    def _open_chart(self) -> None:
        self._on_patient(lambda patient: self._open(patient, "chart"))

    def _toggle_star(self) -> None:
        row = self._chosen()
        if row is not None:
            on = row.id not in self._filters.marks.stars
            toggle_star(
                self._desk, self._screen, row.id, row.name, on=on, done=self._screen.refresh
            )

    def _pick_tags(self) -> None:
        row = self._chosen()
        if row is not None:
            pick_tags(self._desk, self._screen, row.id, row.name, row.tags)
