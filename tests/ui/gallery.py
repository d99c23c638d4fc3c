"""Draws every widget in every theme, to be looked at: ``python -m tests.ui.gallery FOLDER``."""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.ui.theme.theme import THEMES, Theme
from clinic_desktop.ui.widgets.buttons import KINDS, Button
from clinic_desktop.ui.widgets.labels import Avatar, KeyHint, Label, Tag
from clinic_desktop.ui.widgets.painting import TAG_KINDS


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


PAGES = {"basics": (buttons_and_labels, 1180, 620)}


def draw(folder: Path, only: str = "") -> None:
    """Write one picture for each page and theme."""
    app = QApplication.instance() or QApplication(sys.argv)
    theme = Theme()
    theme.apply(app)
    folder.mkdir(parents=True, exist_ok=True)
    for name in THEMES:
        theme.use(name)
        for page, (make, width, height) in PAGES.items():
            if only and page != only:
                continue
            widget = make(theme)
            widget.resize(width, height)
            widget.show()
            for _turn in range(20):
                app.processEvents()
            scale = os.environ.get("QT_SCALE_FACTOR", "1")
            widget.grab().save(str(folder / f"{page}-{name}-{scale}.png"))
            widget.close()


if __name__ == "__main__":
    draw(Path(sys.argv[1]), *sys.argv[2:3])
