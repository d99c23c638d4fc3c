"""Each outside thing is listed with its state, and a test truly tries it."""

import os
import sys
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter

from clinic_desktop.config import Settings
from clinic_desktop.secrets import OwnerFile
from clinic_desktop.services.backup.schemas import PlaceResult, RunRow
from clinic_desktop.services.backup.settings import FolderPlace, Kept
from clinic_desktop.ui.integrations.links import contacts_of, links_of
from clinic_desktop.ui.integrations.memory import Contact, Memory
from clinic_desktop.ui.integrations.section import Column, IntegrationsSection, print_test
from tests.cluster import PASSWORD
from tests.places import place_of

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


@pytest.fixture
def disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


@pytest.fixture
def kept(tmp_path, disk) -> Kept:
    kept = Kept(tmp_path)
    kept.add_place(FolderPlace(name="Blue disk", kind="usb", folder=disk))
    return kept


@pytest.fixture
def scans(tmp_path):
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "one.png").write_bytes(b"x")
    program = {"name": "Pano", "command": f"{sys.executable} --version {{number}}"}
    Settings.load(tmp_path).save(tmp_path, scan_folder=str(folder), xray_programs=[program])
    return folder


@pytest.fixture
def section(qtbot, desk_of, database, tmp_path, kept, scans):
    place = place_of(database)
    place.root = tmp_path
    (tmp_path / "secrets").mkdir(exist_ok=True)
    OwnerFile(tmp_path / "secrets" / "clinic_backup").write(PASSWORD)
    made = IntegrationsSection(desk_of("u_admin"), tmp_path, place)
    made.resize(900, 600)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: made.model.rowCount() == 4 and made.panel.state == "content")
    made.table.setFocus()
    yield made
    made._tasks.close()


def choose(section, link_id: str) -> None:
    section.table.choose_row(section.model.row_of(link_id))
    assert section.chosen().id == link_id


def tried(qtbot, section, link_id: str) -> str:
    choose(section, link_id)
    qtbot.keyClick(section.table, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: bool(section.said.text()) and section.work is None, timeout=30_000)
    return section.said.text()


def cell(section, link_id: str, column: Column) -> str:
    return section.model.index(section.model.row_of(link_id), column).data()


class TestSection:
    def test_lists_only_what_exists(self, section) -> None:
        shown = [link.id for link in section.model.rows()]
        assert shown == ["server", "place:Blue disk", "xray:Pano", "scan"]
        assert cell(section, "server", Column.STATE) == "Answers"
        assert cell(section, "place:Blue disk", Column.STATE) == "Not tried yet"

    def test_the_database(self, qtbot, section) -> None:
        assert "The database answered in " in tried(qtbot, section, "server")

    def test_a_place_is_written_to_and_read(self, qtbot, section, disk) -> None:
        said = tried(qtbot, section, "place:Blue disk")
        assert "A file was written, read back and removed" in said
        assert "No backup lies there yet." in said
        assert cell(section, "place:Blue disk", Column.STATE) == "Answers"
        assert [one.name for one in disk.iterdir()] == [".clinic-desktop-backups"]

    def test_a_disk_that_is_not_there_says_so_and_it_is_remembered(
        self, qtbot, section, disk, tmp_path
    ) -> None:
        (disk / ".clinic-desktop-backups").unlink()
        disk.rmdir()
        assert "Plug the disk in" in tried(qtbot, section, "place:Blue disk")
        assert cell(section, "place:Blue disk", Column.STATE) == "Failed"
        assert "Plug the disk in" in cell(section, "place:Blue disk", Column.ERROR)
        assert Memory(tmp_path).read()["place:Blue disk"].good is False

    def test_the_scan_folder(self, qtbot, section, scans) -> None:
        assert "1 file waits in it" in tried(qtbot, section, "scan")
        (scans / "one.png").unlink()
        scans.rmdir()
        section.said.setText("")
        assert "is not there" in tried(qtbot, section, "scan")

    def test_an_xray_program(self, qtbot, section, tmp_path) -> None:
        assert "made-up patient Test, Patient" in tried(qtbot, section, "xray:Pano")
        program = {"name": "Pano", "command": str(tmp_path / "gone")}
        Settings.load(tmp_path).save(tmp_path, xray_programs=[program])
        section.reload()
        qtbot.waitUntil(lambda: section.model.row(2).where.endswith("gone"))
        section.said.setText("")
        assert "could not be started" in tried(qtbot, section, "xray:Pano")

    def test_stop_does_not_wait_for_a_share_that_hangs(self, qtbot, section, tmp_path) -> None:
        """A pipe nobody writes to stands for a share that never answers."""
        mark = tmp_path / "disk" / ".clinic-desktop-backups"
        mark.unlink()
        program = section.model.row(section.model.row_of("scan"))
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        hanging = type(program)(
            program.id, program.kind, program.words, program.name, program.where,
            lambda: pipe.read_text(encoding="utf-8"),
        )  # fmt: skip
        section.model.set_rows([hanging])
        section.table.choose_row(0)
        qtbot.keyClick(section.table, Qt.Key.Key_T)
        qtbot.waitUntil(lambda: section.work is not None)
        qtbot.mouseClick(section.work.stop_button, Qt.MouseButton.LeftButton)
        assert section.said.text().startswith("Stopped.")
        assert section.work is None
        with pipe.open("w", encoding="utf-8") as end:
            end.write("late")
        qtbot.wait(100)
        assert section.said.text().startswith("Stopped.")

    def test_enter_leads_to_where_it_is_set_up(self, qtbot, section) -> None:
        choose(section, "scan")
        with qtbot.waitSignal(section.desk.navigator.wanted) as told:
            qtbot.keyClick(section.table, Qt.Key.Key_Return)
        assert told.args == ["settings", {"section": "images"}]


class TestContact:
    def run(self, hours: float, *places: PlaceResult) -> RunRow:
        at = NOW - timedelta(hours=hours)
        return RunRow(
            kind="full", name="x", started_at=at, ended_at=at, good=True, sentence="", size=5,
            places=places,
        )  # fmt: skip

    def test_backups_tell_of_their_places(self) -> None:
        found = contacts_of(
            (
                self.run(1, PlaceResult(place="Disk", good=False, sentence="full")),
                self.run(9, PlaceResult(place="Disk", good=True)),
                self.run(30, PlaceResult(place="Disk", good=False, sentence="older")),
            )
        )["place:Disk"]
        assert found.error == "full"
        assert found.good is False
        assert found.good_at == NOW - timedelta(hours=9)

    def test_a_newer_test_counts(self, tmp_path) -> None:
        memory = Memory(tmp_path)
        memory.keep("scan", NOW, "is not there")
        memory.keep("scan", NOW + timedelta(hours=1))
        found = memory.read()["scan"]
        assert found.good is True
        assert found.error == "is not there"
        backup = Contact(error="full", error_at=NOW + timedelta(hours=2))
        assert backup.with_newer(found).good is False

    def test_damaged_memory(self, tmp_path) -> None:
        (tmp_path / "integrations.json").write_text("{")
        assert Memory(tmp_path).read() == {}
        Memory(tmp_path).keep("scan", NOW)
        assert Memory(tmp_path).read()["scan"].good is True


def test_without_places_of_its_own_only_what_is_here(qapp, tmp_path) -> None:
    assert [link.id for link in links_of(tmp_path, None, "db.clinic.lan")] == ["server"]


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_page_is_printed(qapp, tmp_path) -> None:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "page.pdf"))
    assert print_test(printer, "Test page of Harbour Street Dental")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    printer.setOutputFileName(str(tmp_path / "no" / "page.pdf"))
    assert not print_test(printer, "Test page")
