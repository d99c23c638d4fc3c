"""The table and its delegate: every kind of cell, every key, absurd content."""

from typing import Any

import pytest
from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QImage,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.ui.theme.theme import THEMES, Theme
from clinic_desktop.ui.widgets.cells import (
    Cell,
    Level,
    Roles,
    money_cell,
    name_cell,
    none_cell,
    number_cell,
    quiet,
    tag_cell,
    unknown_cell,
)
from clinic_desktop.ui.widgets.painting import TagSpec
from clinic_desktop.ui.widgets.table import TableView
from tests.ui.widgets.test_basics import ABSURD

Row = list[Cell] | str | None
PEOPLE: list[Row] = [
    [name_cell("Inês Carvalho", highlights=[(5, 3)]), money_cell("144.00", due=True)],
    [name_cell("Erik", "8 y, guardian Inês"), money_cell("0.00")],
    "Sounds like “lin”",
    [quiet(name_cell("Lynn")), unknown_cell("Not loaded", right=True)],
    None,
]


class Rows(QAbstractTableModel):
    """Rows of cells; a text is a heading, None is still loading."""

    def __init__(self, rows: list[Row]) -> None:
        super().__init__()
        self.rows = rows

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        if parent is not None and parent.isValid():
            return 0
        return max((len(row) for row in self.rows if isinstance(row, list)), default=1)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
        return f"Column {section}" if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
        row = self.rows[index.row()]
        if row is None:
            return True if role == Roles.LOADING else None
        if isinstance(row, str):
            return row if role == Roles.GROUP else None
        if role == Roles.CELL:
            return row[index.column()]
        return row[index.column()].spoken() if role == Qt.ItemDataRole.DisplayRole else None


@pytest.fixture
def shown(qtbot: QtBot, theme: Theme):
    def make(model: QAbstractItemModel, **more: Any) -> TableView:
        window = QWidget()
        column = QVBoxLayout(window)
        view = TableView(theme=theme, name="Patients", **more)
        column.addWidget(view)
        model.setParent(window)
        QAbstractItemModelTester(model, model)
        view.setModel(model)
        window.resize(640, 320)
        qtbot.addWidget(window)
        view.window_kept = window
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        return view

    return make


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


class TestPainting:
    @pytest.mark.parametrize("text", ABSURD)
    @pytest.mark.parametrize("two_lines", [False, True])
    def test_absurd_text_everywhere(
        self, qtbot: QtBot, theme: Theme, shown, text: str, two_lines: bool
    ) -> None:
        cells = [
            Cell(text, second=text, after=text, highlights=((0, 3), (500, 9), (-4, 2))),
            Cell(text, right=True, tabular=True, strike=True, icon="phone", band="svc_endo"),
            Cell(text, tags=(TagSpec("danger", text, "pill"), TagSpec("unknown", text))),
            Cell(text, level=Level(7.5, -3.0, "warning")),
            unknown_cell(text or "?"),
            number_cell(text),
        ]
        view = shown(Rows([cells, text or "x", None]), two_lines=two_lines)
        view.fit_columns()
        view.choose_row(0)
        view.grab()
        assert view.horizontalHeader().length() < 6 * 440

    @pytest.mark.parametrize("name", THEMES)
    def test_every_kind_of_cell_in_every_theme(self, theme: Theme, shown, name: str) -> None:
        theme.use(name)
        view = shown(Rows(PEOPLE), two_lines=True)
        found = colours(view.grab().toImage())
        assert theme.color("surface").name() in found
        assert theme.color("text").name() in found
        assert theme.color("unknown_line").name() in found

    def test_markup_is_shown_literally(self, theme: Theme, shown) -> None:
        view = shown(Rows([[Cell("<b>Ana</b>")], [Cell("Ana")]]))
        marked, plain = (
            view.cell_delegate.natural_width(view.model().index(row, 0)) for row in (0, 1)
        )
        assert marked > plain + 20

    def test_a_chosen_row_has_its_bar(self, theme: Theme, shown) -> None:
        view = shown(Rows(PEOPLE))
        view.choose_row(1)
        view.clearFocus()
        image = view.viewport().grab().toImage()
        middle = view.visualRect(view.model().index(1, 0)).center().y()
        assert image.pixelColor(1, middle) == theme.color("accent")
        assert image.pixelColor(200, middle) == theme.color("accent_soft")

    def test_in_contrast_a_chosen_row_is_framed(self, theme: Theme, shown) -> None:
        theme.use("contrast")
        view = shown(Rows(PEOPLE))
        view.choose_row(1)
        view.clearFocus()
        image = view.viewport().grab().toImage()
        box = view.visualRect(view.model().index(1, 0))
        assert image.pixelColor(200, box.top() + 1) == theme.color("accent")
        assert image.pixelColor(2, box.center().y()) == theme.color("accent")

    def test_a_row_on_its_way_is_bars(self, theme: Theme, shown) -> None:
        view = shown(Rows([None, None]))
        assert theme.color("sunken").name() in colours(view.viewport().grab().toImage())

    def test_a_row_changed_elsewhere_shows_its_bar(self, theme: Theme, shown) -> None:
        class Changed(Rows):
            def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
                return True if role == Roles.FLASH else super().data(index, role)

        view = shown(Changed(PEOPLE[:2]))
        middle = view.visualRect(view.model().index(0, 0)).center().y()
        assert view.viewport().grab().toImage().pixelColor(1, middle) == theme.color("focus")

    def test_the_focused_row_has_the_ring(self, qtbot: QtBot, theme: Theme, shown) -> None:
        view = shown(Rows(PEOPLE))
        view.setFocus()
        qtbot.waitUntil(view.hasFocus)
        box = view.visualRect(view.currentIndex())
        image = view.viewport().grab().toImage()
        assert image.pixelColor(100, box.top() + 1) == theme.color("focus")

    @pytest.mark.parametrize(
        ("density", "height"), [("compact", 28), ("regular", 36), ("touch", 52)]
    )
    def test_rows_are_as_high_as_the_density_says(
        self, theme: Theme, shown, density: str, height: int
    ) -> None:
        one, two = shown(Rows(PEOPLE[:2])), shown(Rows(PEOPLE), two_lines=True)
        theme.use_density(density)
        assert one.rowHeight(0) == height
        assert two.rowHeight(0) == height + 12
        assert two.rowHeight(2) == height

    def test_columns_fit_their_content(self, theme: Theme, shown) -> None:
        view = shown(Rows([[Cell("x" * 30), Cell("y"), Cell("z" * 500)]]))
        view.fit_columns(stretch=1)
        assert view.columnWidth(0) > 150
        assert view.columnWidth(2) == 420

    def test_the_column_that_takes_the_rest_stays_readable(self, qtbot: QtBot, shown) -> None:
        view = shown(Rows(PEOPLE))
        view.fit_columns(stretch=0)
        rest = view.viewport().width() - view.columnWidth(1)
        assert view.columnWidth(0) == rest
        view.resize(180, 300)
        assert view.columnWidth(0) >= 160
        qtbot.waitUntil(lambda: view.horizontalScrollBar().maximum() > 0)
        view.resize(640, 300)
        assert view.columnWidth(0) == view.viewport().width() - view.columnWidth(1)


class TestSpoken:
    def test_every_part_of_a_cell_is_in_words(self) -> None:
        cell = Cell("Inês", second="41 y", after=" · F", tags=(TagSpec("warning", "Arrived"),))
        assert cell.spoken() == "Inês, F, 41 y, Arrived"
        assert unknown_cell("Not loaded").spoken() == "Not loaded"
        assert unknown_cell().spoken() == "Not recorded"
        assert tag_cell("info", "Recall due").spoken() == "Recall due"
        assert none_cell().spoken() == "—"


class TestKeys:
    def test_focus_arrives_on_the_first_row(self, qtbot: QtBot, shown) -> None:
        view = shown(Rows(["Heading", *PEOPLE]))
        view.setFocus()
        qtbot.waitUntil(view.hasFocus)
        assert view.currentIndex().row() == 1

    def test_arrows_step_over_headings_and_rows_on_their_way(self, qtbot: QtBot, shown) -> None:
        view = shown(Rows([*PEOPLE, PEOPLE[0]]))
        view.choose_row(1)
        qtbot.keyClick(view, Qt.Key.Key_Down)
        assert view.currentIndex().row() == 3
        qtbot.keyClick(view, Qt.Key.Key_Down)
        assert view.currentIndex().row() == 5
        qtbot.keyClick(view, Qt.Key.Key_Up)
        qtbot.keyClick(view, Qt.Key.Key_Up)
        assert view.currentIndex().row() == 1

    def test_up_on_the_first_row_goes_back_to_the_search(self, qtbot: QtBot, shown) -> None:
        view = shown(Rows(PEOPLE))
        view.choose_row(0)
        with qtbot.waitSignal(view.went_up):
            qtbot.keyClick(view, Qt.Key.Key_Up)

    def test_home_and_end(self, qtbot: QtBot, shown) -> None:
        view = shown(Rows([PEOPLE[0]] * 30))
        qtbot.keyClick(view, Qt.Key.Key_End)
        assert view.currentIndex().row() == 29
        qtbot.keyClick(view, Qt.Key.Key_Home)
        assert view.currentIndex().row() == 0

    def test_enter_opens_and_alt_enter_shows_details(self, qtbot: QtBot, shown) -> None:
        view = shown(Rows(PEOPLE))
        view.choose_row(1)
        with qtbot.waitSignal(view.opened) as told:
            qtbot.keyClick(view, Qt.Key.Key_Return)
        assert (told.args[0].row(), told.args[0].column()) == (1, 0)
        with qtbot.waitSignal(view.details):
            qtbot.keyClick(view, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)

    def test_a_double_click_opens_but_not_a_heading(self, qtbot: QtBot, shown) -> None:
        view = shown(Rows(PEOPLE))
        opened: list[int] = []
        view.opened.connect(lambda index: opened.append(index.row()))
        for row in (2, 1):
            at = view.visualRect(view.model().index(row, 1)).center()
            qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
            qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
        assert opened == [1]

    def test_copy_takes_rows(self, qtbot: QtBot, shown) -> None:
        view = shown(Rows(PEOPLE[:2]), many=True)
        view.choose_row(0)
        qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QGuiApplication.clipboard().text() == (
            "Inês Carvalho\t144.00\nErik, 8 y, guardian Inês\t0.00"
        )

    def test_the_row_is_told(self, qtbot: QtBot, shown) -> None:
        view = shown(Rows(PEOPLE))
        view.choose_row(0)
        with qtbot.waitSignal(view.row_changed) as told:
            qtbot.keyClick(view, Qt.Key.Key_Down)
        assert told.args[0].row() == 1

    def test_the_pointer_tones_its_row(self, qtbot: QtBot, theme: Theme, shown) -> None:
        view = shown(Rows(PEOPLE))
        first = view.visualRect(view.model().index(0, 1)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=first)
        at = view.visualRect(view.model().index(1, 1)).center()
        qtbot.mouseMove(view.viewport(), at)
        qtbot.waitUntil(lambda: view.hovered_row == 1)
        image = view.viewport().grab().toImage()
        assert image.pixelColor(300, at.y() + 10) == theme.color("hover")

    def test_an_empty_table_takes_every_key(self, qtbot: QtBot, shown) -> None:
        view = shown(Rows([]))
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_End, Qt.Key.Key_Home,
                    Qt.Key.Key_Return, Qt.Key.Key_Space):  # fmt: skip
            qtbot.keyClick(view, key)
        view.copy_rows()
        assert not view.current_row().isValid()

    def test_a_menu_is_asked_for_by_key_and_pointer(self, qtbot: QtBot, shown) -> None:
        view = shown(Rows(PEOPLE))
        view.choose_row(1)
        for reason, at in (
            (QContextMenuEvent.Reason.Keyboard, QPoint(0, 0)),
            (QContextMenuEvent.Reason.Mouse, view.visualRect(view.currentIndex()).center()),
        ):
            with qtbot.waitSignal(view.menu_asked) as told:
                event = QContextMenuEvent(reason, at, view.viewport().mapToGlobal(at))
                QGuiApplication.sendEvent(view.viewport(), event)
            assert told.args[0].row() == 1

    def test_the_sorted_column_has_its_arrow(self, theme: Theme, shown) -> None:
        view = shown(Rows(PEOPLE))
        header = view.horizontalHeader()
        before = header.viewport().grab().toImage()
        header.setSortIndicatorShown(True)
        for column in (0, 1):
            header.setSortIndicator(column, Qt.SortOrder.DescendingOrder)
            assert header.viewport().grab().toImage() != before

    def test_a_model_of_plain_texts_is_drawn(self, shown) -> None:
        model = QStandardItemModel(2, 2)
        model.setItem(0, 0, QStandardItem("<b>Ana</b>"))
        amount = QStandardItem("12.00")
        amount.setTextAlignment(Qt.AlignmentFlag.AlignRight)
        model.setItem(0, 1, amount)
        view = shown(model)
        view.fit_columns(stretch=0)
        view.grab()
        assert view.cell_delegate._cell(model.index(0, 1)).right

    def test_another_model_takes_its_place(self, shown) -> None:
        view = shown(Rows(PEOPLE))
        view.setModel(None)
        view.fit_columns()
        view.choose_row(0)
        view.grab()
        view.setModel(Rows(PEOPLE[:1]))
        assert view.model().rowCount() == 1


def test_a_cell_that_is_cut_says_the_whole_to_a_resting_pointer(shown) -> None:
    view = shown(Rows(PEOPLE))
    index, delegate = view.model().index(1, 0), view.itemDelegate()
    assert delegate.tip_of(index, 10_000) == ""
    assert delegate.tip_of(index, 30) == index.data()
    assert "guardian Inês" in index.data()
