"""Settings > Audit on a real clinic: filtered, sorted by a click, exported, opened."""

import csv
import io
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services import patients
from clinic_desktop.services.audit.schemas import AuditColumn
from clinic_desktop.services.patients.schemas import NewPatient, PatientChange
from clinic_desktop.ui.audit.cells import TITLES
from clinic_desktop.ui.audit.opened import OpenedDialog
from clinic_desktop.ui.audit.section import AuditSection


@pytest.fixture
def ana(sign_in):
    """A patient whom the front desk registered and the dentist changed."""
    new = NewPatient(
        id=new_id(), given="Ana", family="Reis", born=date(1984, 3, 9), phone="0865550142"
    )
    with sign_in("u_front", device="front-1").writing() as ctx:
        patients.register(ctx, new)
    with sign_in("u_dentist", device="chair-2").writing() as ctx:
        version = patients.open_patient(ctx, new.id).version
        patients.change(ctx, PatientChange(id=new.id, version=version, city="Cork"))
    return new.id


@pytest.fixture
def section(desk_of, ana, qtbot):
    found = AuditSection(desk_of("u_manager"))
    qtbot.addWidget(found)
    found.resize(1100, 700)
    found.show()
    qtbot.waitUntil(lambda: bool(found.model.rows()), timeout=10_000)
    qtbot.waitUntil(lambda: found.person.count() > 2, timeout=10_000)
    return found


class TestSection:
    def test_filters_and_sorts(self, section, qtbot) -> None:
        assert [row.device for row in section.model.rows()[:2]] == ["chair-2", "front-1"]
        who = section.person.findData("u_front")
        section.person.setCurrentIndex(who)
        section.person.chosen.emit("u_front")
        qtbot.waitUntil(lambda: {row.login for row in section.model.rows()} == {"u_front"})
        section.person.setCurrentIndex(0)
        header = section.table.horizontalHeader()
        place = list(TITLES).index(AuditColumn.PC)
        at = header.sectionViewportPosition(place) + 8
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at, 8))
        qtbot.waitUntil(lambda: len({row.login for row in section.model.rows()}) > 1)
        devices = [row.device for row in section.model.rows()]
        assert devices == sorted(devices)
        assert section.sort.currentData() == AuditColumn.PC

    def test_cells_in_words(self, section) -> None:
        words = [section.model.index(0, column).data() for column in range(len(TITLES))]
        assert words[1:6] == [
            "Dr Amara Nwosu", "chair-2", "Changed", "Patient, City", "Ana Reis, No. 00001",
        ]  # fmt: skip
        assert words[6] == "See patients"

    def test_who_opened(self, section, ana, qtbot) -> None:
        section.source.set_value("opened")
        section._other_source()
        qtbot.waitUntil(lambda: "Opened" in str(section.model.index(0, 3).data()))
        dialog = OpenedDialog(section.desk, section, ana, "Ana Reis")
        dialog.open()
        qtbot.waitUntil(lambda: bool(dialog.model.rows()))
        assert dialog.model.index(0, 1).data() == "Dr Amara Nwosu"
        dialog.reject()

    @pytest.mark.parametrize("form", ["csv", "pdf"])
    def test_export(self, section, qtbot, tmp_path, form) -> None:
        path = tmp_path / f"log.{form}"
        section.save_at(form, str(path))
        qtbot.waitUntil(path.exists, timeout=20_000)
        qtbot.waitUntil(section.csv.isEnabled)
        if form == "csv":
            lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
            assert lines[1][1] == "Dr Amara Nwosu"
        else:
            assert path.read_bytes().startswith(b"%PDF")

    def test_a_place_that_takes_nothing(self, section, qtbot, tmp_path) -> None:
        section.save_at("csv", str(tmp_path / "missing" / "log.csv"))
        qtbot.waitUntil(lambda: "not saved" in section.desk.messages.current.text)
        assert section.csv.isEnabled()
