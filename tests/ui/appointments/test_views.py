"""Days and columns by one key each, remembered for the person; saved views on function keys."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from clinic_desktop.ui.appointments.choices import Kind
from clinic_desktop.ui.appointments.columns import By
from clinic_desktop.ui.appointments.dialogs import GoToDialog, SaveViewDialog
from tests.ui.appointments.conftest import DAY
from tests.ui.undoing import take_back

CONTROL = Qt.KeyboardModifier.ControlModifier
K = Qt.Key


def settled(qtbot, screen) -> None:
    qtbot.waitUntil(lambda: screen.desk.operations.quiet)


def press(qtbot, screen, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(screen.sheet, key, modifier)
    settled(qtbot, screen)


def days(screen) -> list[date]:
    return [column.sheet.day for column in screen.grid.geometry_of_day.columns]


def titles(screen) -> list[str]:
    return [column.title for column in screen.grid.geometry_of_day.columns]


class TestDays:
    def test_one_key_each(self, calendar, qtbot) -> None:
        day = DAY.date()
        assert titles(calendar) == ["Dr Amara Nwosu", "Dr Tomás Echeverría"]
        press(qtbot, calendar, K.Key_3)
        assert days(calendar) == [day, day + timedelta(days=1), day + timedelta(days=2)]
        press(qtbot, calendar, K.Key_7)
        assert days(calendar) == [date(2031, 3, 10) + timedelta(days=n) for n in range(7)]
        assert titles(calendar)[0] == "Mon 10"
        assert calendar.grid.current_day() == day, "the day that was worked with"
        assert calendar.bar.date.text() == "10–16 Mar 2031"
        press(qtbot, calendar, K.Key_0)
        assert calendar.is_month
        assert calendar.bar.date.text() == "March 2031"
        assert calendar.month.day == day
        press(qtbot, calendar, K.Key_1)
        assert days(calendar) == [day] * 2

    def test_a_step_is_as_long_as_the_view(self, calendar, qtbot) -> None:
        day = DAY.date()
        press(qtbot, calendar, K.Key_PageDown)
        assert days(calendar)[0] == day + timedelta(days=1)
        press(qtbot, calendar, K.Key_PageUp)
        press(qtbot, calendar, K.Key_7)
        press(qtbot, calendar, K.Key_PageDown)
        assert days(calendar)[0] == date(2031, 3, 17)
        press(qtbot, calendar, K.Key_0)
        press(qtbot, calendar, K.Key_PageDown)
        assert calendar.bar.date.text() == "April 2031"
        press(qtbot, calendar, K.Key_T)
        assert calendar.month.day == calendar._walking.today

    def test_go_to_a_date(self, calendar, qtbot) -> None:
        press(qtbot, calendar, K.Key_G)
        dialog = calendar.findChild(GoToDialog)
        qtbot.waitUntil(dialog.isActiveWindow)
        qtbot.keyClicks(dialog.date, "99.99.2031")
        qtbot.keyClick(dialog.date, K.Key_Return)
        assert dialog.isVisible(), "what is no date is said at the field"
        dialog.date.selectAll()
        qtbot.keyClicks(dialog.date, "24.12.2031")
        qtbot.keyClick(dialog.date, K.Key_Return)
        settled(qtbot, calendar)
        assert days(calendar)[0] == date(2031, 12, 24)

    def test_a_weekend_without_work_is_left_out(self, calendar, qtbot, clinic, signed_in) -> None:
        from sqlalchemy import text

        with signed_in.writing() as ctx:
            ctx.connection.execute(
                text("UPDATE working_time SET deleted_at = now(), version = version + 1 "
                     "WHERE weekday = 6")
            )  # fmt: skip
        press(qtbot, calendar, K.Key_7)
        assert [day.weekday() for day in days(calendar)] == [0, 1, 2, 3, 4, 5]
        clinic.visit(10, days=4)
        calendar.refresh()
        settled(qtbot, calendar)
        assert [day.weekday() for day in days(calendar)] == [0, 1, 2, 3, 4, 5, 6]

    def test_the_clocks_change_within_the_week(self, calendar, qtbot, clinic) -> None:
        # On 30 March 2031 the clocks of Dublin go forward: nine is nine on every day.
        sunday = (date(2031, 3, 30) - DAY.date()).days
        clinic.visit(10, days=sunday)  # 9:00 + 1, for the hour that is skipped
        clinic.visit(10, days=sunday - 1)
        calendar.open_at(date=date(2031, 3, 28))
        settled(qtbot, calendar)
        press(qtbot, calendar, K.Key_7)
        blocks = calendar.grid.geometry_of_day.blocks
        spans = {block.visit.local_start: block.span.start for block in blocks}
        assert {start.hour * 60 for start in spans} == set(spans.values())


class TestColumns:
    def test_one_key_turns_to_chairs(self, calendar, qtbot, clinic) -> None:
        clinic.visit(9, chair_id=clinic.chair)
        homeless = clinic.visit(10)
        press(qtbot, calendar, K.Key_R)
        assert titles(calendar)[-2:] == ["Chair 2", "No chair yet"]
        block = calendar.grid.geometry_of_day.block_of(homeless)
        assert calendar.grid.geometry_of_day.columns[block.column].title == "No chair yet"
        press(qtbot, calendar, K.Key_R)
        assert titles(calendar) == ["Dr Amara Nwosu", "Dr Tomás Echeverría"]

    def test_whom_the_week_shows(self, calendar, qtbot, clinic) -> None:
        press(qtbot, calendar, K.Key_Right)
        press(qtbot, calendar, K.Key_7)
        assert {
            column.provider.provider_id for column in calendar.grid.geometry_of_day.columns
        } == {clinic.other}
        assert calendar.bar.who.accessibleName() == "Shown: Dr Tomás Echeverría"
        calendar.bar.shown_chosen.emit(())
        settled(qtbot, calendar)
        assert len(days(calendar)) == 14
        assert titles(calendar)[:2] == ["Mon 10 · Dr Amara Nwosu", "Mon 10 · Dr Tomás Echeverría"]


class TestMenus:
    def choose(self, qtbot, button, menu, words: str) -> None:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(menu.isVisible)
        action = next(one for one in menu.actions() if one.text() == words)
        menu.close()
        action.trigger()

    def test_who_and_zoom(self, calendar, qtbot, clinic) -> None:
        bar = calendar.bar
        self.choose(qtbot, bar.who, bar.menus["who"], "Dr Tomás Echeverría")
        settled(qtbot, calendar)
        assert titles(calendar) == ["Dr Tomás Echeverría"]
        self.choose(qtbot, bar.who, bar.menus["who"], "Dr Amara Nwosu")
        settled(qtbot, calendar)
        assert bar.who.text() == "2 of 2"
        self.choose(qtbot, bar.who, bar.menus["who"], "All providers")
        settled(qtbot, calendar)
        assert calendar.choices.view.shown == ()
        self.choose(qtbot, bar.zoom, bar.menus["zoom"], "5 min")
        assert calendar.grid.slot == 5

    def test_a_reload_does_not_pull_an_open_menu_away(self, calendar, qtbot) -> None:
        bar = calendar.bar
        qtbot.mouseClick(bar.who, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(bar.menus["who"].isVisible)
        actions = bar.menus["who"].actions()
        calendar.refresh()
        settled(qtbot, calendar)
        assert bar.menus["who"].isVisible()
        assert bar.menus["who"].actions() == actions
        bar.menus["who"].close()


class TestRemembered:
    def test_another_window_begins_where_this_one_was(self, open_calendar, qtbot) -> None:
        first = open_calendar("u_front")
        for key in (K.Key_R, K.Key_3, K.Key_Plus):
            press(qtbot, first, key)
        second = open_calendar("u_front")
        view = second.choices.view
        assert (view.kind, view.by, view.slot) == (Kind.THREE, By.CHAIR, 10)
        assert second.grid.slot == 10
        assert second.bar.kind.value() is Kind.THREE

    def test_another_person_has_their_own(self, open_calendar, qtbot) -> None:
        press(qtbot, open_calendar("u_front"), K.Key_7)
        assert open_calendar("u_manager").choices.view.kind is Kind.DAY

    def test_what_somebody_wrote_into_the_file_is_as_usual(self, open_calendar, tmp_path) -> None:
        screen = open_calendar("u_front")
        screen.choices._layout.remember(
            "calendar", {"view": {"kind": "year", "slot": "x", "shown": [3]}, "parked": ["?"]}
        )
        again = open_calendar("u_front")
        assert again.choices.view.kind is Kind.DAY
        assert again.choices.parked() == ()


class TestSavedViews:
    def save(self, qtbot, screen, name: str, key: str | None = None) -> None:
        screen.save_now()
        qtbot.waitUntil(lambda: any(one.isVisible() for one in screen.findChildren(SaveViewDialog)))
        dialog = next(one for one in screen.findChildren(SaveViewDialog) if one.isVisible())
        qtbot.waitUntil(dialog.isActiveWindow)
        qtbot.keyClicks(dialog.name, name)
        if key is not None:
            dialog.key.set_value(key)
        qtbot.keyClick(dialog.name, K.Key_Return)
        qtbot.waitUntil(lambda: not dialog.isVisible())
        screen.start_focus()

    def test_saved_and_called_by_its_key(self, open_calendar, qtbot, clinic) -> None:
        screen = open_calendar("u_front")
        press(qtbot, screen, K.Key_F2)
        assert "F2 has no view yet" in screen.desk.messages.current.text
        press(qtbot, screen, K.Key_7)
        press(qtbot, screen, K.Key_Minus)
        self.save(qtbot, screen, "Amara's week")
        assert "Amara's week" in screen.desk.messages.current.text
        press(qtbot, screen, K.Key_1)
        press(qtbot, screen, K.Key_Plus)
        again = open_calendar("u_front")
        press(qtbot, again, K.Key_F2)
        view = again.choices.view
        assert (view.kind, view.slot, view.shown) == (Kind.WEEK, 30, (clinic.one,))
        assert len(days(again)) == 7

    def test_the_name_is_asked_for(self, calendar, qtbot) -> None:
        calendar.save_now()
        dialog = calendar.findChild(SaveViewDialog)
        qtbot.waitUntil(dialog.isActiveWindow)
        qtbot.keyClick(dialog.name, K.Key_Return)
        assert dialog.isVisible()

    def test_a_key_in_use_is_told_and_undone(self, calendar, qtbot) -> None:
        self.save(qtbot, calendar, "First")
        self.save(qtbot, calendar, "Second", "F2")
        assert [one.name for one in calendar.choices.saved()] == ["Second"]
        take_back(qtbot, calendar.desk)
        assert [one.name for one in calendar.choices.saved()] == ["First"]

    def test_forgotten_and_undone(self, calendar, qtbot) -> None:
        self.save(qtbot, calendar, "First")
        calendar.bar.view_removed.emit("F2")
        assert calendar.choices.saved() == []
        take_back(qtbot, calendar.desk)
        assert [one.key for one in calendar.choices.saved()] == ["F2"]


class TestReachedByKeys:
    @pytest.mark.parametrize("key", [K.Key_1, K.Key_3, K.Key_7, K.Key_0])
    @pytest.mark.parametrize("by", [By.PROVIDER, By.CHAIR])
    def test_each_appointment_in_every_view(self, calendar, qtbot, clinic, key, by) -> None:
        made = {clinic.visit(9), clinic.visit(9, clinic.other), clinic.visit(12, minutes=5)}
        press(qtbot, calendar, key)
        if by is By.CHAIR:
            press(qtbot, calendar, K.Key_R)
        calendar.bar.shown_chosen.emit(())
        settled(qtbot, calendar)
        seen = set()
        for _turn in range(8):
            press(qtbot, calendar, K.Key_J)
            visit = calendar.sheet.chosen()
            assert visit is not None
            assert visit.patient in calendar.sheet.accessibleDescription()
            seen.add(visit.id)
        assert seen >= made

    @pytest.mark.parametrize("key", [K.Key_1, K.Key_7, K.Key_0])
    def test_names_for_screen_readers(self, calendar, qtbot, clinic, key) -> None:
        visit = clinic.visit(9)
        press(qtbot, calendar, key)
        calendar.refresh()
        settled(qtbot, calendar)
        calendar.sheet.choose(visit)
        interface = QAccessible.queryAccessibleInterface(calendar.sheet)
        parts = [interface.child(place) for place in range(interface.childCount())]
        names = [part.text(QAccessible.Text.Name) for part in parts]
        assert all(names)
        if key == K.Key_1:
            assert names == [
                "Dr Amara Nwosu, Chair 2 · 5 % booked",
                "Dr Tomás Echeverría, 0 % booked",
            ]
        inside = [part.child(0) for part in parts if part.childCount()]
        assert [one.text(QAccessible.Text.Name) for one in inside] == [
            "09:00, 30 min, Zofia Wiśniewska, Dr Amara Nwosu, not confirmed"
        ]
        assert inside[0].state().selected
        assert inside[0].rect().isValid()
        assert interface.focusChild() is inside[0]
