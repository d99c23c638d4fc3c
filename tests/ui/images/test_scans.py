"""The scan folder: what arrives is offered, stored and put away; what is wrong with it is said."""

import pytest

from clinic_desktop.config import Settings
from clinic_desktop.ui.images.scan_folder import ScanFolder
from clinic_desktop.ui.images.view import ImagesTab
from tests import files
from tests.ui.record import Opened


@pytest.fixture
def folder(tmp_path):
    found = tmp_path / "scans"
    found.mkdir()
    return found


class TestScanFolder:
    def test_a_file_waits_once_it_stopped_growing(self, folder, qtbot, qapp) -> None:
        watched = ScanFolder(qapp)
        watched.use(str(folder))
        with qtbot.waitSignal(watched.changed):
            (folder / "a.jpg").write_bytes(b"half")
        with (folder / "a.jpg").open("ab") as growing:
            growing.write(b"more")
        qtbot.waitUntil(lambda: [path.name for path in watched.waiting] == ["a.jpg"])
        watched.use("")
        assert watched.waiting == ()

    def test_only_what_scanners_make(self, folder, qtbot, qapp) -> None:
        (folder / "a.exe").write_bytes(b"MZ")
        (folder / "b.pdf").write_bytes(files.pdf())
        (folder / "empty.jpg").write_bytes(b"")
        (folder / "link.jpg").symlink_to("/etc/passwd")
        (folder / "folder.jpg").mkdir()
        watched = ScanFolder(qapp)
        watched.use(str(folder))
        qtbot.waitUntil(lambda: [path.name for path in watched.waiting] == ["b.pdf"])
        watched.use("")

    def test_gone(self, folder, qtbot, qapp) -> None:
        watched = ScanFolder(qapp)
        watched.use(str(folder / "nowhere"))
        assert not watched.reachable
        watched.use("")
        assert watched.reachable

    def test_put_away_twice_under_one_name(self, folder, qapp) -> None:
        watched = ScanFolder(qapp)
        for _round in range(2):
            (folder / "a.jpg").write_bytes(b"x")
            assert watched.put_away(folder / "a.jpg")
        assert sorted(p.name for p in (folder / "added").iterdir()) == ["a 2.jpg", "a.jpg"]


class TestInTheRecord:
    def test_added_by_one_key(self, clinic, sign_in, theme, tmp_path, folder, qtbot) -> None:
        Settings.load(tmp_path).save(tmp_path, scan_folder=str(folder))
        (folder / "scan1.jpg").write_bytes(files.picture())
        window = Opened(
            sign_in("u_dentist"), theme, tmp_path,
            {"images": lambda desk: ImagesTab(desk, home=tmp_path)},
        )  # fmt: skip
        qtbot.waitExposed(window.window)
        window.window.activateWindow()
        tab = window.open(clinic.patient, "images")
        qtbot.waitUntil(lambda: tab.panel.state == "empty" and tab.strip.isVisible())
        qtbot.waitUntil(lambda: tab.strip.words.text() == "1 scan waits: scan1.jpg")
        tab.strip.add.click()
        qtbot.waitUntil(lambda: [row.title for row in tab.model.rows()] == ["scan1"])
        qtbot.waitUntil(lambda: not tab.strip.isVisible())
        assert [p.name for p in (folder / "added").iterdir()] == ["scan1.jpg"]
        window.close()
