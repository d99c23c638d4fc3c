"""Busy times and holidays from the days off, by keys and clicks on a real clinic."""

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.working_time import service as working_time
from clinic_desktop.services.working_time.schemas import SpecialTimeValues
from clinic_desktop.ui.calendars.busy_dialog import BusyDialog
from clinic_desktop.ui.calendars.holidays_dialog import HolidaysDialog
from clinic_desktop.ui.calendars.told import Column
from clinic_desktop.ui.clinic.special_times import SpecialTimesSection
from tests.services.calendars.conftest import event

CONTROL = Qt.KeyboardModifier.ControlModifier


def stored(signed_in):
    with signed_in.reading() as ctx:
        return [(row.kind, row.label, row.source) for row in working_time.special_times(ctx)]


def dialog_of(one, kind):
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, kind)
    one.settle()
    return dialog


def opened(one, section, key, kind):
    section.refresh()
    one.settle()
    go_back(one, section)
    # An empty list has no table to hear a key: the button is there in any case.
    if section.table.isVisible():
        one.qtbot.keyClick(section.table, key)
    else:
        one.click(section.holidays if kind is HolidaysDialog else section.bring)
    return dialog_of(one, kind)


def go_back(one, section):
    one.window.activateWindow()
    one.qtbot.waitUntil(one.window.isActiveWindow)
    section.table.setFocus()


class TestBusyDialog:
    def test_looked_at_brought_in_and_taken_back(
        self, open_section, signed_in, park, monday, ics
    ) -> None:
        one, section = open_section(SpecialTimesSection)
        dialog = opened(one, section, Qt.Key.Key_B, BusyDialog)
        assert not dialog.go.isEnabled()
        dialog.take(str(ics(event("a", monday), event("b", monday + timedelta(days=1), None),
                            event("c", monday).replace("DTSTART", "DTSTORT"))))  # fmt: skip
        one.settle()
        assert stored(signed_in) == []
        assert one.texts(dialog.panel.table, Column.KIND) == ["Not read", "New", "New"]
        assert "“Private” has 2 busy times" in dialog.told.text()
        one.qtbot.keyClick(dialog.panel.table, Qt.Key.Key_Return, CONTROL)
        one.settle()
        assert not dialog.isVisible()
        assert stored(signed_in) == [
            ("blockout", "Busy", "Private"),
            ("time_off", "Busy", "Private"),
        ]
        assert one.said == "“Private”: 2 times blocked."
        assert one.texts(section.table, 3) == ["Busy, from “Private”"] * 2
        go_back(one, section)
        one.key(Qt.Key.Key_Z, CONTROL)
        one.settle()
        assert stored(signed_in) == []

    def test_bookings_come_first_and_may_stay(
        self, open_section, signed_in, park, monday, ics, book
    ) -> None:
        book(park, 10)
        one, section = open_section(SpecialTimesSection)
        dialog = opened(one, section, Qt.Key.Key_B, BusyDialog)
        dialog.take(str(ics(event("a", monday, 9, hours=3))))
        one.settle()
        assert one.texts(dialog.panel.table, Column.KIND) == ["Booking", "New"]
        assert "Zofia Wiśniewska" in one.texts(dialog.panel.table, Column.WORDS)[0]
        one.click(dialog.go)
        one.settle()
        assert "Zofia Wiśniewska" in dialog.told.text()
        assert stored(signed_in) == []
        one.click(dialog.keep)
        one.settle()
        assert len(stored(signed_in)) == 1
        with signed_in.reading() as ctx:
            assert len(appointments.day(ctx, monday).visits) == 1

    def test_what_was_changed_here_stays_unless_space_says_otherwise(
        self, open_section, signed_in, park, monday, ics, make
    ) -> None:
        one, section = open_section(SpecialTimesSection)
        path = str(ics(event("a", monday)))

        def look() -> BusyDialog:
            dialog = opened(one, section, Qt.Key.Key_B, BusyDialog)
            dialog.take(path)
            one.settle()
            return dialog

        dialog = look()
        one.qtbot.keyClick(dialog.panel.table, Qt.Key.Key_Return, CONTROL)
        one.settle()
        with signed_in.writing() as ctx:
            (row,) = working_time.special_times(ctx)
            values = SpecialTimeValues(
                provider_id=park, kind="blockout", label="Meeting",
                starts=row.starts + timedelta(hours=2), ends=row.ends + timedelta(hours=2),
            )  # fmt: skip
            working_time.change_special(ctx, row.id, row.version, values)
        dialog = look()
        assert one.texts(dialog.panel.table, Column.KIND) == ["Changed here"]
        (words,) = one.texts(dialog.panel.table, Column.WORDS)
        assert words.startswith("Meeting · changed here by Maeve Quinn, stays (there: ")
        assert not dialog.go.isEnabled()
        assert "Space takes the time of the calendar." in dialog.told.text()
        assert dialog.panel.table.hasFocus()
        one.qtbot.keyClick(dialog.panel.table, Qt.Key.Key_Space)
        assert one.texts(dialog.panel.table, Column.KIND) == ["The calendar's"]
        assert dialog.go.isEnabled()
        one.qtbot.keyClick(dialog.panel.table, Qt.Key.Key_Return, CONTROL)
        one.settle()
        assert [label for _kind, label, _source in stored(signed_in)] == ["Busy"]
        go_back(one, section)
        one.key(Qt.Key.Key_Z, CONTROL)
        one.settle()
        assert [label for _kind, label, _source in stored(signed_in)] == ["Meeting"]

    def test_titles_are_kept_only_where_somebody_wants_them(
        self, open_section, signed_in, park, monday, ics
    ) -> None:
        one, section = open_section(SpecialTimesSection)
        dialog = opened(one, section, Qt.Key.Key_B, BusyDialog)
        dialog.take(str(ics(event("a", monday))))
        one.settle()
        assert one.texts(dialog.panel.table, Column.WORDS) == ["Busy"]
        one.click(dialog.titles)
        one.settle()
        assert one.texts(dialog.panel.table, Column.WORDS) == ["Title of a"]
        one.click(dialog.go)
        one.settle()
        assert stored(signed_in) == [("blockout", "Title of a", "Private")]

    def test_what_is_no_calendar_says_so_and_can_be_tried_again(
        self, open_section, park, monday, ics, tmp_path
    ) -> None:
        path = tmp_path / "page.ics"
        path.write_text("<html>Sign in")
        one, section = open_section(SpecialTimesSection)
        dialog = opened(one, section, Qt.Key.Key_B, BusyDialog)
        dialog.take(str(path))
        one.settle()
        assert dialog.panel.state == "failed"
        assert not dialog.go.isEnabled()
        dialog.take(str(ics(event("a", monday))))
        one.settle()
        assert dialog.go.isEnabled()

    def test_the_same_again_has_nothing_to_do(
        self, open_section, signed_in, park, monday, ics
    ) -> None:
        path = str(ics(event("a", monday)))
        one, section = open_section(SpecialTimesSection)
        for _time in range(2):
            dialog = opened(one, section, Qt.Key.Key_B, BusyDialog)
            dialog.take(path)
            one.settle()
            if dialog.go.isEnabled():
                one.click(dialog.go)
                one.settle()
        assert "1 as they were" in dialog.told.text()
        assert dialog.panel.state == "empty"
        dialog.reject()
        assert len(stored(signed_in)) == 1


class TestHolidaysDialog:
    def test_of_the_clinic_s_country_one_left_out(self, open_section, signed_in) -> None:
        one, section = open_section(SpecialTimesSection)
        dialog = opened(one, section, Qt.Key.Key_H, HolidaysDialog)
        one.settle()
        assert dialog.country.value() == "IE"
        assert "Saint Stephen's Day" in one.texts(dialog.panel.table, Column.WORDS)
        count = len(dialog.chosen())
        kinds = one.texts(dialog.panel.table, Column.KIND)
        # Those of this year that are over are left out by themselves.
        assert kinds.count("New") == count
        row = kinds.index("New")
        dialog.panel.table.choose_row(row)
        dialog.panel.table.setFocus()
        one.qtbot.keyClick(dialog.panel.table, Qt.Key.Key_Space)
        assert len(dialog.chosen()) == count - 1
        assert one.texts(dialog.panel.table, Column.KIND)[row] == "Left out"
        one.qtbot.keyClick(dialog.panel.table, Qt.Key.Key_Space)
        one.qtbot.keyClick(dialog.panel.table, Qt.Key.Key_Space)
        one.click(dialog.go)
        one.settle()
        with signed_in.reading() as ctx:
            since = signed_in.clock.now().date().replace(month=1, day=1)
            rows = working_time.special_times(ctx, since=since)
        assert len(rows) == count - 1
        dialog = opened(one, section, Qt.Key.Key_H, HolidaysDialog)
        assert one.texts(dialog.panel.table, Column.KIND).count("Already there") == count - 1
        dialog.reject()
        go_back(one, section)
        one.key(Qt.Key.Key_Z, CONTROL)
        one.settle()
        assert stored(signed_in) == []

    def test_regions_of_another_country(self, open_section) -> None:
        one, section = open_section(SpecialTimesSection)
        dialog = opened(one, section, Qt.Key.Key_H, HolidaysDialog)
        dialog.country.set_value("ES")
        dialog.country.chosen.emit("ES")
        one.settle()
        assert dialog.region.isEnabled()
        whole = {row.day for row in dialog.found.rows}
        dialog.region.set_value("CT")
        dialog.region.chosen.emit("CT")
        one.settle()
        assert {row.day for row in dialog.found.rows} != whole
        dialog.reject()

    def test_from_a_file_with_bookings_in_the_way(
        self, open_section, signed_in, park, monday, ics, book
    ) -> None:
        book(park, 10)
        one, section = open_section(SpecialTimesSection)
        dialog = opened(one, section, Qt.Key.Key_H, HolidaysDialog)
        dialog.take(str(ics(event("a", monday, None), event("b", monday, 9))))
        one.settle()
        assert one.texts(dialog.panel.table, Column.KIND) == ["Booking", "New"]
        one.click(dialog.go)
        one.settle()
        assert "Zofia" in dialog.told.text()
        one.click(dialog.keep)
        one.settle()
        assert stored(signed_in) == [("holiday", "Title of a", "")]

    def test_years_the_wrong_way_round(self, open_section) -> None:
        one, section = open_section(SpecialTimesSection)
        dialog = opened(one, section, Qt.Key.Key_H, HolidaysDialog)
        dialog.first.set_value(dialog.first.itemData(3))
        dialog.first.chosen.emit(dialog.first.value())
        one.settle()
        assert dialog.panel.state == "failed"
        assert not dialog.go.isEnabled()
        dialog.reject()
