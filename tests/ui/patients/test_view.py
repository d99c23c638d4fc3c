"""The list of patients, driven by keys on a real server."""

from datetime import date

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services import patients
from clinic_desktop.services.patients.schemas import NewPatient, PatientChange
from clinic_desktop.ui.intent import BookingIntent
from clinic_desktop.ui.patients.columns import Column
from clinic_desktop.ui.widgets.cells import Roles


@pytest.fixture
def people(make_named):
    """Five people, two of whom sound alike."""
    return {
        "ines": make_named(
            "Inês", "Carvalho-Lindqvist", phone="086 555 0142", born=date(1984, 9, 3)
        ),
        "linnea": make_named("Linnea", "Carlsson", phone="087 555 0197"),
        "lynn": make_named("Lynn", "Kaar"),
        "otto": make_named("Otto", "Hall"),
        "mei": make_named("美玲", "陳", other_name="Mei-Ling Chen"),
    }


@pytest.fixture
def listed(desktop, people):
    """The list with everybody in it."""
    screen = desktop.go("patients")
    desktop.wait(lambda: len(screen.model.patients()) == 5)
    return screen


def names(screen) -> list[str]:
    return [row.name for row in screen.model.patients()]


class TestSearch:
    def test_focus_begins_in_the_search_and_everybody_is_listed(self, desktop, listed) -> None:
        assert listed.search.hasFocus()
        assert names(listed) == [
            "Linnea Carlsson",
            "Inês Carvalho-Lindqvist",
            "陳美玲",
            "Otto Hall",
            "Lynn Kaar",
        ]
        desktop.wait(lambda: listed.peek.state == "content")

    def test_typed_found_and_opened_by_enter(self, desktop, listed, people) -> None:
        desktop.write("lin car")
        desktop.wait(
            lambda: names(listed) == ["Linnea Carlsson", "Inês Carvalho-Lindqvist", "Lynn Kaar"]
        )
        assert [r.sounds_like for r in listed.model.patients()] == [False, False, True]
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: desktop.window.stack.name == "patient")
        desktop.wait(lambda: desktop.screen().patient_in_view() is not None)
        assert desktop.screen().patient_in_view().patient_id == people["linnea"]

    def test_enter_before_the_answer_opens_what_was_typed(self, desktop, listed, people) -> None:
        desktop.write("hall")
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: desktop.window.stack.name == "patient")
        desktop.wait(lambda: desktop.screen().patient_in_view() is not None)
        assert desktop.screen().patient_in_view().patient_id == people["otto"]

    def test_accents_other_scripts_figures_and_dates(self, desktop, listed, people) -> None:
        for typed, found in (
            ("inês", "ines"),
            ("美", "mei"),
            ("5550197", "linnea"),
            ("3.9.84", "ines"),
        ):
            desktop.key(Qt.Key.Key_Escape)
            desktop.write(typed)
            desktop.wait(
                lambda found=found: (
                    [r.id for r in listed.model.patients() if not r.sounds_like] == [people[found]]
                )
            )

    def test_hits_are_marked(self, desktop, listed) -> None:
        desktop.write("lin car")
        desktop.wait(lambda: len(listed.model.patients()) == 3)
        cell = listed.model.index(1, Column.NAME).data(Roles.CELL)
        assert cell.highlights == ((5, 3), (14, 3))
        assert listed.model.index(2, 0).data(Roles.GROUP) == "Sounds like “lin car”"

    def test_nobody_found_says_so_and_offers_to_register(self, desktop, listed) -> None:
        desktop.write("zzzz qqqq")
        desktop.wait(lambda: listed.panel.state == "empty")
        assert listed.search.text() == "zzzz qqqq"
        desktop.key(Qt.Key.Key_Escape)
        desktop.wait(lambda: len(listed.model.patients()) == 5 and listed.panel.state == "content")

    def test_fast_typing_shows_the_last_question_only(self, desktop, listed) -> None:
        for typed in ("l", "li", "lin", "linn", "linne"):
            listed.search.setText(typed)
            listed.search.searched.emit(typed)
        desktop.wait(lambda: names(listed)[:1] == ["Linnea Carlsson"])
        desktop.wait(lambda: not listed.desk.operations._under_way)
        assert [r.name for r in listed.model.patients() if not r.sounds_like] == ["Linnea Carlsson"]


class TestKeys:
    def test_down_up_and_booking(self, desktop, listed, people) -> None:
        desktop.key(Qt.Key.Key_Down)
        assert listed.table.hasFocus()
        desktop.key(Qt.Key.Key_Down)
        assert listed.patient_in_view().name == "Inês Carvalho-Lindqvist"
        desktop.key("n")
        desktop.wait(lambda: desktop.window.stack.name == "calendar")
        assert desktop.screen().asked == [{"book_for": BookingIntent(people["ines"])}]

    def test_up_on_the_first_row_returns_to_the_search(self, desktop, listed) -> None:
        desktop.key(Qt.Key.Key_Down)
        desktop.key(Qt.Key.Key_Up)
        assert listed.search.hasFocus()

    def test_type_ahead(self, desktop, listed) -> None:
        desktop.key(Qt.Key.Key_Down)
        desktop.key("o")
        assert listed.patient_in_view().name == "Otto Hall"

    def test_chart_opens_for_those_who_may(self, open_desktop, people) -> None:
        desktop = open_desktop("u_dentist")
        screen = desktop.go("patients")
        desktop.wait(lambda: len(screen.model.patients()) == 5)
        desktop.key("2", Qt.KeyboardModifier.AltModifier)
        desktop.wait(lambda: desktop.window.stack.name == "patient")
        desktop.wait(lambda: desktop.screen().tabs.value() == "chart")


class TestLive:
    def test_a_change_elsewhere_appears_and_keeps_the_choice(
        self, desktop, listed, people, sign_in
    ) -> None:
        desktop.key(Qt.Key.Key_Down)
        desktop.key(Qt.Key.Key_End)
        assert listed.patient_in_view().patient_id == people["lynn"]
        with sign_in("u_dentist").writing() as ctx:
            asked = PatientChange(id=people["otto"], version=1, phone="086 555 0100")
            patients.change(ctx, asked)
        desktop.wait(lambda: listed.model.index(3, Column.PHONE).data() == "+353 86 555 0100")
        assert listed.patient_in_view().patient_id == people["lynn"]
        assert listed.model.index(3, 0).data(Roles.FLASH)
        desktop.wait(lambda: not listed.model.index(3, 0).data(Roles.FLASH))

    def test_somebody_new_keeps_choice_and_typed_text(
        self, desktop, listed, people, make_named
    ) -> None:
        desktop.write("l")
        desktop.wait(lambda: len(listed.model.patients()) == 4)
        place = listed.model.place_of(people["lynn"])
        listed.table.choose_row(place)
        make_named("Lars", "Aho")
        desktop.wait(lambda: "Lars Aho" in names(listed))
        assert listed.search.text() == "l"
        assert listed.patient_in_view().patient_id == people["lynn"]


class TestPages:
    def test_more_come_as_one_scrolls(self, desktop, make_named, signed_in, people) -> None:
        with signed_in.writing() as ctx:
            for number in range(130):
                new = NewPatient(
                    id=new_id(),
                    given=f"Ana{number:03}",
                    family="Zuse",
                    born=date(1990, 1, 1),
                    no_phone_reason="x",
                )
                patients.register(ctx, new)
        screen = desktop.go("patients")
        desktop.wait(lambda: len(screen.model.patients()) == 100)
        assert screen.model.index(screen.model.rowCount() - 1, 0).data(Roles.LOADING)
        desktop.key(Qt.Key.Key_Down)
        desktop.key(Qt.Key.Key_End)
        screen.table.scrollToBottom()
        desktop.wait(lambda: len(screen.model.patients()) == 135)
        assert not screen.model.more
        assert len(set(names(screen))) == 135


class TestRights:
    def test_nothing_above_the_list_lies_over_the_search(self, desktop, listed) -> None:
        """At 200 % the window is 720 wide: the last buttons keep their icons alone."""
        head = listed.head
        assert head.columns.text() == "Columns"
        head.resize(560, head.height())
        assert not head.columns.text()
        assert head.columns.accessibleName() == "Columns"
        desktop.wait(lambda: head.search.geometry().right() < head.filter.geometry().left())
        head.resize(1300, head.height())
        assert head.columns.text() == "Columns"

    def test_accounts_are_hidden_from_those_who_may_not(self, open_desktop, people) -> None:
        desktop = open_desktop("u_assistant")
        screen = desktop.go("patients")
        desktop.wait(lambda: len(screen.model.patients()) == 5)
        assert screen.table.isColumnHidden(Column.BALANCE)
