"""Draws every widget in every theme, to be looked at: ``python -m tests.ui.gallery FOLDER``."""

import os
import sys
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDateEdit,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QRadioButton,
    QSpinBox,
    QTimeEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.ui.theme.theme import THEMES, Theme
from clinic_desktop.ui.widgets.buttons import KINDS, Button
from clinic_desktop.ui.widgets.cells import (
    Cell,
    Level,
    Roles,
    money_cell,
    name_cell,
    none_cell,
    number_cell,
    tag_cell,
    unknown_cell,
)
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import (
    Choice,
    DateField,
    Field,
    LineEdit,
    MoneyField,
    SearchField,
    TextArea,
)
from clinic_desktop.ui.widgets.focus_ring import FocusRing
from clinic_desktop.ui.widgets.labels import KeyHint, Label, Tag
from clinic_desktop.ui.widgets.painting import TAG_KINDS
from clinic_desktop.ui.widgets.panel import Panel, StatePanel
from clinic_desktop.ui.widgets.pictures import Avatar
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.side import SideSplit
from clinic_desktop.ui.widgets.states import HatchBox
from clinic_desktop.ui.widgets.table import TableView
from clinic_desktop.ui.widgets.tabs import Tabs


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def buttons_and_labels(theme: Theme) -> QWidget:
    """Buttons of every kind and state, labels of every size, tags of every kind."""
    page = QWidget()
    column = QVBoxLayout(page)
    for small in (False, True):
        made = [
            Button(f"{kind} act", theme=theme, icon="printer", key="Ctrl+P", kind=kind, small=small)
            for kind in KINDS
        ]
        off = Button("Sign & print", theme=theme, key="Ctrl+Enter", kind="primary", small=small)
        off.setEnabled(False)
        chosen = Button("Only mine", theme=theme, icon="funnel", small=small)
        chosen.setCheckable(True)
        chosen.setChecked(True)
        alone = Button(theme=theme, icon="phone", name="Call", small=small)
        column.addLayout(_row(*made, off, chosen, alone))
    for size in ("micro", "small", "body", "strong", "large", "heading", "title", "figure"):
        column.addLayout(
            _row(
                Label(f"{size} Inês Carvalho-Lindqvist", theme=theme, size=size),
                Label("1,111.00 €  0O1l", theme=theme, size=size, tabular=True, role="text_2"),
                Label("A-2026-004217", theme=theme, size=size, identifier=True, role="text_3"),
                Label("محمد الحسيني 陳美玲 😀 <b>x</b>", theme=theme, size=size),
            )
        )
    icons = ("info", "circle-check", None, "triangle-alert", "octagon-alert", "circle-help")
    column.addLayout(
        _row(
            *(
                Tag(kind, icons[n % 6], f"{kind} word", theme=theme)
                for n, kind in enumerate(TAG_KINDS)
            )
        )
    )
    column.addLayout(
        _row(
            Avatar("SK", theme=theme),
            Avatar("IC", theme=theme, size=44),
            KeyHint("Ctrl+K", theme=theme),
            KeyHint("F", theme=theme),
        )
    )
    wrapped = Label(
        "The server did not answer in 5 seconds. Your work is safe on this PC, and it will be "
        "sent by itself when the server is back. " * 2,
        theme=theme,
        wrap=True,
        role="text_2",
    )
    wrapped.setFixedWidth(360)
    cut = Label("Bartholomew Featherstonehaugh-Okonkwo " * 4, theme=theme, wrap=True, lines=2)
    cut.setFixedWidth(240)
    column.addLayout(_row(wrapped, cut))
    return page


def _lab(panel: StatePanel, theme: Theme) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(12, 0, 12, 0)
    for words in ("Crown 14, Norddental · due 13 Mar", "Aligner set 4, Ortholine · due 16 Mar"):
        column.addWidget(Label(words, theme=theme, role="text_2"))
    column.addStretch(1)
    return box


def states(theme: Theme) -> QWidget:
    """The five states of a panel and the fields, as in the mockup of that name."""
    page = QWidget()
    grid = QGridLayout(page)
    grid.setContentsMargins(16, 16, 16, 16)
    grid.setSpacing(16)
    notes = ("after 120 ms", "the answer is really nothing", "with what is still known")
    made = []
    for place, title in enumerate(("Loading", "Empty", "Failed", "Unknown", "Stale", "Fields")):
        panel = StatePanel(title, theme=theme, note=notes[place % 3])
        panel.set_note_right()
        grid.addWidget(panel, place // 3, place % 3)
        grid.setColumnStretch(place % 3, 1)
        made.append(panel)
    made[0].show_loading("Asking the server for lab cases…")
    made[0]._show_skeleton()
    made[0]._show_sentence()
    made[1].show_empty(
        "No lab case is open",
        Button("New lab case", theme=theme, icon="plus", key="N"),
        detail="Cases appear here when an appointment needs the lab.",
    )
    made[2].show_content(_lab(made[2], theme))
    made[2].show_failed(
        "The server did not answer in 5 seconds. Your work is safe on this PC.",
        print,
        seen="13:40",
        details=print,
    )
    made[3].show_unknown("Nobody has asked about allergies yet.", title="Not asked yet")
    made[4].show_content(_lab(made[4], theme))
    made[4].mark_stale("13:40")
    made[4].show_loading()
    made[4]._busy.start()
    made[5].show_content(_fields(theme))
    return page


def _fields(theme: Theme) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(12, 12, 12, 12)
    today = date(2026, 3, 12)
    born = Field(
        "Birth date",
        DateField(theme=theme, locale="en_IE", today=today, latest=today),
        theme=theme,
        required=True,
    )
    born.editor.setText("31.02.1984")
    born.validate()
    mobile = Field("Mobile", LineEdit("086 555 0142", theme=theme), theme=theme)
    mobile.show_warning("Erik Carvalho-Lindqvist has this number too.", "Same family?", print)
    mail = Field(
        "E-mail", LineEdit(theme=theme, placeholder="name@example.org"), theme=theme, optional=True
    )
    fee = Field(
        "Amount",
        MoneyField(theme=theme, currency="EUR", locale="en_IE", value=18400),
        theme=theme,
        hint="Open 344.00",
    )
    choice = Field(
        "Language",
        Choice([("Portuguese", "pt"), ("English", "en")], theme=theme, value="pt"),
        theme=theme,
    )
    for field in (born, mobile, mail, fee, choice):
        column.addWidget(field)
    column.addStretch(1)
    return box


def controls(theme: Theme) -> QWidget:
    """Everything else a form holds, and the controls of Qt as the style sheet dresses them."""
    page = QWidget()
    column = QVBoxLayout(page)
    search = SearchField("Search patients, screens, actions", theme=theme, key="Ctrl+K")
    large = SearchField("Name, birth date, phone", theme=theme, large=True)
    large.setText("lin car")
    large.set_note("9 matches, 38 ms")
    column.addLayout(_row(search, large))
    board = Segmented([("Board", "b"), ("List", "l")], theme=theme, icons={"b": "layout-dashboard"})
    money = Segmented(
        [(w, w) for w in ("All", "Clinical", "Money", "Messages")],
        theme=theme,
        value="Money",
        small=True,
    )
    off = Segmented([("One", 1), ("Two", 2)], theme=theme)
    off.setEnabled(False)
    column.addLayout(_row(board, money, off))
    ticks = [
        QCheckBox("Checked"),
        QCheckBox("Not"),
        QCheckBox("Off"),
        QRadioButton("Chosen"),
        QRadioButton("Not"),
    ]
    ticks[0].setChecked(True)
    ticks[2].setChecked(True)
    ticks[2].setEnabled(False)
    ticks[3].setChecked(True)
    column.addLayout(_row(*ticks, QSpinBox(), QTimeEdit(), QDateEdit()))
    tabs = Tabs([(w, w) for w in ("Overview", "Chart", "Plan", "Ledger")], theme=theme)
    tabs.set_value("Chart")
    tabs.set_note("Plan", "1 open")
    column.addWidget(tabs)
    bar = QProgressBar()
    bar.setTextVisible(False)
    bar.setValue(44)
    column.addWidget(bar)
    area = TextArea("Prefers the chair half raised.\nLikes to see each image. " * 9, theme=theme)
    off_line = LineEdit("Not now", theme=theme)
    off_line.setEnabled(False)
    tool = QToolButton()
    tool.setIcon(theme.icon("ellipsis-vertical"))
    column.addLayout(
        _row(Field("Note", area, theme=theme), Field("Off", off_line, theme=theme), tool)
    )
    bad = Field("Role", Choice([("One", 1)], theme=theme), theme=theme, required=True)
    bad.validate()
    column.addWidget(bad)
    column.addWidget(HatchBox(theme))
    area.setFocus()
    return page


HEADS = ("Name", "Born, age", "No.", "Phone", "Last visit", "Balance €", "Alerts", "Status")
PEOPLE = (
    ("Inês Carvalho-Lindqvist", "3 Sep 1984", "41", "10482", ("warning", "Arrived", "door-open")),
    ("Erik Carvalho-Lindqvist", "11 May 2017", "8", "10483", None),
    ("محمد الحسيني", "22 Jul 1991", "34", "08815", ("info", "Recall due", "bell")),
    ("陳美玲 Chen Mei-ling", "30 Jan 1968", "58", "02219", None),
    ("<b>Robert</b> & sons", "5 Apr 1940", "85", "01102", ("dashed", "Inactive", None)),
)


class People(QAbstractTableModel):
    """The list of the patients' mockup, with every kind of cell."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[object] = [self._person(*one) for one in PEOPLE]
        self.rows += ["Sounds like “lin car”", self._person(*PEOPLE[1]), None, None]

    def _person(self, name, born, age, number, status) -> list[Cell]:
        start = name.find("Car")
        marks = [(start, 3), (name.find("Lin"), 3)] if start >= 0 else []
        return [
            name_cell(name, highlights=marks),
            Cell(born, after=f" · {age}", tabular=True),
            number_cell(number),
            Cell("+353 86 555 0142", tabular=True) if status else none_cell(),
            Cell("27 Jan 2026", role="text_2", tabular=True)
            if status
            else unknown_cell("Not loaded"),
            money_cell("144.00", due=True) if status else unknown_cell("?", right=True),
            Cell("3", icon="circle-alert", icon_role="danger", tabular=True)
            if status
            else Cell("none", role="text_3"),
            tag_cell(*status) if status else Cell("Active", level=Level(0.4, 0.6, "warning")),
        ]

    def rowCount(self, parent=None) -> int:
        return len(self.rows)

    def columnCount(self, parent=None) -> int:
        return len(HEADS)

    def headerData(self, section, orientation, role=0):
        if role == Qt.ItemDataRole.TextAlignmentRole and section == 5:
            return Qt.AlignmentFlag.AlignRight
        return HEADS[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index, role=0):
        row = self.rows[index.row()]
        if row is None:
            return True if role == Roles.LOADING else None
        if isinstance(row, str):
            return row if role == Roles.GROUP else None
        cell = row[index.column()]
        if role == Roles.CELL:
            return cell
        return cell.spoken() if role == Qt.ItemDataRole.DisplayRole else None


def table(theme: Theme) -> QWidget:
    """A table in a panel, its first row chosen and current."""
    page = QWidget()
    column = QVBoxLayout(page)
    panel = StatePanel("", theme=theme)
    view = TableView(theme=theme, name="Patients")
    view.people = People()
    view.setModel(view.people)
    view.fit_columns()
    view.horizontalHeader().setSortIndicatorShown(True)
    view.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
    panel.show_content(view)
    column.addWidget(panel)
    two = TableView(theme=theme, two_lines=True)
    two.many = _Lines()
    two.setModel(two.many)
    two.fit_columns(stretch=0)
    column.addWidget(two)
    view.setFocus()
    view.choose_row(0)
    two.choose_row(1)
    return page


class _Lines(People):
    def _person(self, name, born, age, number, status) -> list[Cell]:
        made = super()._person(name, born, age, number, status)
        made[0] = Cell(name, second=f"{born}, Dr Echeverría", band="svc_hygiene", size="strong")
        made[3] = Cell("Extraction, impacted", second="Declined 12 Jan", strike=True, icon="plus")
        return made


def conflict(theme: Theme) -> QWidget:
    """A dialog over a window with a side panel, as in the mockup of that name."""
    page = QWidget()
    column = QVBoxLayout(page)
    work, side = Panel("Work", theme=theme), Panel("Side", theme=theme)
    side.set_content(buttons_and_labels(theme))
    column.addWidget(SideSplit(work, side, theme=theme))
    dialog = Dialog(
        "Two versions of Inês Carvalho-Lindqvist",
        theme=theme,
        parent=page,
        sentence="Rui Tavares saved this record at 14:02 while you were editing it.",
        icon="git-compare-arrows",
        icon_role="warning",
        width=720,
        close_words="Keep editing",
    )
    dialog.body.addWidget(_fields(theme))
    dialog.add_act("All mine", print, key="Alt+M")
    dialog.add_act("All theirs", print, key="Alt+T")
    dialog.set_primary("Save the chosen lines", print)
    page.dialog = dialog
    return page


PAGES = {
    "conflict": (conflict, 1100, 700),
    "table": (table, 1100, 760),
    "basics": (buttons_and_labels, 1180, 620),
    "states": (states, 1300, 860),
    "controls": (controls, 900, 620),
}


def draw(folder: Path, only: str = "") -> None:
    """Write one picture for each page and theme."""
    app = QApplication.instance() or QApplication(sys.argv)
    theme = Theme(density=os.environ.get("DENSITY", "regular"))
    theme.apply(app)
    FocusRing(app, theme)
    folder.mkdir(parents=True, exist_ok=True)
    for name in THEMES:
        theme.use(name)
        for page, (make, width, height) in PAGES.items():
            if only and page != only:
                continue
            widget = make(theme)
            theme.dress(widget)
            widget.resize(width, height)
            widget.show()
            if hasattr(widget, "dialog"):
                widget.dialog.open()
            for _turn in range(20):
                app.processEvents()
            scale = os.environ.get("QT_SCALE_FACTOR", "1")
            if hasattr(widget, "dialog"):
                widget.dialog.grab().save(str(folder / f"{page}-dialog-{name}.png"))
                widget.dialog.close()
            widget.grab().save(str(folder / f"{page}-{name}-{scale}.png"))
            widget.close()


if __name__ == "__main__":
    draw(Path(sys.argv[1]), *sys.argv[2:3])
