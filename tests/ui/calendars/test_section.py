"""Settings: what feeds tell, writing them, keeping them in a folder; calendars brought in."""

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.services.calendars import busy, feeds
from clinic_desktop.services.calendars.schemas import BusyWanted, Shown
from clinic_desktop.services.working_time import service as working_time
from clinic_desktop.ui.calendars.section import CalendarsSection, Column
from tests.services.calendars.conftest import event

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def kept(tmp_path):
    return lambda desk: CalendarsSection(desk, tmp_path / "data")


@pytest.fixture(autouse=True)
def titled(kept):
    kept.title = CalendarsSection.title


class TestFeeds:
    def test_nothing_but_busy_until_somebody_chooses(self, open_section, signed_in, kept) -> None:
        one, section = open_section(kept)
        assert section.feeds.shown.value() == Shown.BUSY
        assert not section.feeds.save_button.isVisible()
        section.feeds.shown.setFocus()
        one.key(Qt.Key.Key_Down)
        one.key(Qt.Key.Key_Down)
        assert "Names of patients leave the clinic" in section.feeds.meaning.text()
        one.key(Qt.Key.Key_S, CONTROL)
        one.settle()
        with signed_in.reading() as ctx:
            assert feeds.rules(ctx).shown == Shown.NAMES
        assert not section.feeds.save_button.isVisible()

    def test_who_may_not_decide_sees_it_and_may_write(
        self, open_section, sign_in, kept, park, book, tmp_path
    ) -> None:
        book(park, 10)
        one, section = open_section(kept, sign_in("u_front"))
        assert not section.feeds.shown.isEnabled()
        assert not section.feeds.folder_button.isVisible()
        assert not section.bring_button.isEnabled()
        section.feeds.write_to(str(tmp_path / "park.ics"))
        one.settle()
        assert one.said == "1 appointment of Dr Hyejin Park written to park.ics."
        assert b"SUMMARY:Busy" in (tmp_path / "park.ics").read_bytes()

    def test_a_place_that_cannot_be_written_to(self, open_section, kept, park, tmp_path) -> None:
        one, section = open_section(kept)
        section.feeds.write_to(str(tmp_path / "none" / "park.ics"))
        one.settle()
        assert section.feeds.refusal.isVisible()

    def test_kept_in_a_folder_and_no_longer(self, open_section, kept, park, tmp_path) -> None:
        folder = tmp_path / "feeds"
        folder.mkdir()
        one, section = open_section(kept)
        assert "No folder is kept" in section.feeds.kept.text()
        section.feeds.keep_in(str(folder))
        one.settle()
        assert [file.suffix for file in folder.iterdir()] == [".ics"]
        assert "Every 15 minutes into" in section.feeds.kept.text()
        one.click(section.feeds.no_folder)
        one.settle()
        assert "No folder is kept" in section.feeds.kept.text()


class TestCalendars:
    @pytest.fixture
    def brought(self, signed_in, park, monday, ics):
        wanted = BusyWanted(
            path=str(ics(event("a", monday), event("b", monday, 12))), provider_id=park,
            first=monday, last=monday,
        )  # fmt: skip
        with signed_in.writing() as ctx:
            busy.take_in(ctx, busy.preview(ctx, wanted).plan)

    def test_listed_taken_away_and_brought_back(
        self, open_section, signed_in, kept, brought
    ) -> None:
        one, section = open_section(kept)
        assert one.texts(section.table, Column.WHOSE) == ["Dr Hyejin Park"]
        assert one.texts(section.table, Column.COUNT) == ["2"]
        section.table.setFocus()
        one.key(Qt.Key.Key_Delete)
        one.settle()
        assert section.panel.state == "empty"
        one.window.setFocus()
        one.key(Qt.Key.Key_Z, CONTROL)
        one.settle()
        with signed_in.reading() as ctx:
            assert len(working_time.special_times(ctx)) == 2
