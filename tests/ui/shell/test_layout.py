"""What is remembered of a window, and what happens when the disk refuses."""

from uuid import UUID

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QHeaderView, QLabel, QSplitter, QTableWidget, QWidget

from clinic_desktop.ui.shell.layout import (
    Layout,
    decode,
    dress,
    encode,
    remember_parts,
    restore_parts,
)

ANA, RUI = UUID(int=1), UUID(int=2)


class TestLayout:
    def test_each_person_and_window_has_its_own(self, tmp_path):
        Layout(tmp_path, ANA).remember("main", {"screen": "today"})
        Layout(tmp_path, ANA).remember("second", {"screen": "calendar"})
        Layout(tmp_path, RUI).remember("main", {"screen": "stock"})
        assert Layout(tmp_path, ANA).recall("main") == {"screen": "today"}
        assert Layout(tmp_path, ANA).recall("second") == {"screen": "calendar"}
        assert Layout(tmp_path, RUI).recall("main") == {"screen": "stock"}
        assert Layout(tmp_path, RUI).recall("second") == {}

    @pytest.mark.parametrize("text", ["", "[]", '{"x": 1}'])
    def test_unusable_file_is_no_layout(self, tmp_path, text):
        (tmp_path / "layout.json").write_text(text)
        assert Layout(tmp_path, ANA).recall("main") == {}

    def test_folder_that_cannot_be_written_costs_the_layout_only(self, tmp_path, caplog):
        home = tmp_path / "home"
        home.write_text("a file where the folder should be")
        Layout(home, ANA).remember("main", {"screen": "today"})
        assert "layout was not kept" in caplog.text

    def test_bytes_survive(self):
        assert decode(encode(QByteArray(b"\x00\xff"))) == QByteArray(b"\x00\xff")
        assert decode(None).isEmpty()


class TestParts:
    @pytest.fixture
    def made(self, qtbot):
        def make() -> tuple[QWidget, QSplitter, QHeaderView]:
            root = QSplitter()
            qtbot.addWidget(root)
            root.setObjectName("outer")
            split = QSplitter()
            split.setObjectName("patients.split")
            table = QTableWidget(1, 2)
            head = table.horizontalHeader()
            head.setObjectName("patients.head")
            split.addWidget(table)
            split.addWidget(QLabel("x"))
            root.addWidget(split)
            root.resize(800, 400)
            root.show()
            return root, split, head

        return make

    def test_splitters_and_heads_with_a_name(self, made):
        root, split, head = made()
        split.setSizes([600, 180])
        head.resizeSection(0, 222)
        parts = remember_parts(root)
        assert set(parts) == {"patients.split", "patients.head"}
        again, other_split, other_head = made()
        restore_parts(again, parts)
        assert other_split.sizes() == split.sizes()
        assert other_head.sectionSize(0) == 222
        restore_parts(again, "nonsense")


class TestDress:
    def test_takes_what_is_known_and_leaves_what_is_not(self, theme):
        dress(theme, {"theme": "dark", "density": "touch"})
        assert (theme.name, theme.density) == ("dark", "touch")
        dress(theme, {"theme": "pink", "density": 7})
        assert (theme.name, theme.density) == ("dark", "touch")
