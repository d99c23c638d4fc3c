"""Days off by keys and clicks, and hours that would leave bookings outside."""

from datetime import datetime, time, timedelta

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import Booking
from clinic_desktop.services.appointments.slot_schemas import SlotSearch
from clinic_desktop.services.appointments.slots import free_slots
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.treatments import service as treatments
from clinic_desktop.services.working_time import service as working_time
from clinic_desktop.ui.clinic.hours import HoursSection
from clinic_desktop.ui.clinic.leaving import LeavingDialog
from clinic_desktop.ui.clinic.providers import ProvidersSection
from clinic_desktop.ui.clinic.rooms import RoomsSection
from clinic_desktop.ui.clinic.services import ServicesSection
from clinic_desktop.ui.clinic.special_times import Column, SpecialTimesSection
from tests.ui.clinic.test_sections import CONTROL, editor, open_section

__all__ = ["open_section"]


def dates(signed_in):
    with signed_in.reading() as ctx:
        return working_time.special_times(ctx)


@pytest.fixture
def monday(signed_in):
    today = signed_in.clock.now().date()
    return today + timedelta(days=14 - today.weekday())


@pytest.fixture
def booked(make, signed_in, monday):
    """Dr Park has Zofia at ten on that Monday."""
    chair = make.chair("Chair 3")
    park = make.provider("Dr Hyejin Park", short_name="Dr Park", chair_id=chair)
    with signed_in.writing() as ctx:
        appointments.book(
            ctx,
            Booking(
                id=new_id(), patient_id=make.patient("Zofia", "Wiśniewska"), provider_id=park,
                chair_id=chair, local_start=datetime.combine(monday, time(10)), minutes=30,
            ),
        )  # fmt: skip
    return park


def begin(one, section, day, kind_steps=0):
    section.begin_new()
    for _step in range(kind_steps):
        one.key(Qt.Key.Key_Down)
    one.into(editor(section, "starts"), f"{day:%d.%m.%Y}")


class TestDaysOff:
    def test_added_seen_removed_and_brought_back(
        self, make, open_section, signed_in, monday
    ) -> None:
        park = make.provider("Dr Hyejin Park", short_name="Dr Park")
        one, section = open_section(SpecialTimesSection)
        begin(one, section, monday)
        editor(section, "whose").setFocus()
        one.key(Qt.Key.Key_Down)
        one.into(editor(section, "ends"), f"{monday + timedelta(days=1):%d.%m.%Y}")
        one.into(editor(section, "label"), "Congress & <b>")
        one.primary()
        one.settle()
        (row,) = dates(signed_in)
        assert (row.kind, row.provider_id, row.label) == ("time_off", park, "Congress & <b>")
        assert row.starts == datetime.combine(monday, time())
        assert row.ends == datetime.combine(monday + timedelta(days=2), time())
        assert one.texts(section.table, Column.WHOSE) == ["Dr Park"]
        section.table.setFocus()
        one.key(Qt.Key.Key_Delete)
        one.settle()
        assert dates(signed_in) == ()
        one.key(Qt.Key.Key_Z, CONTROL)
        one.settle()
        assert [back.id for back in dates(signed_in)] == [row.id]

    def test_some_hours_of_the_clinic(self, open_section, signed_in, monday) -> None:
        one, section = open_section(SpecialTimesSection)
        begin(one, section, monday, kind_steps=2)
        one.into(editor(section, "hours"), "14-16")
        one.into(editor(section, "label"), "Meeting")
        one.primary()
        one.settle()
        (row,) = dates(signed_in)
        assert (row.kind, row.starts.time(), row.ends.time()) == ("blockout", time(14), time(16))
        assert editor(section, "hours").text() == "14:00–16:00"

    @pytest.mark.parametrize(
        ("hours", "words"),
        [
            ("22-2", "crosses midnight"),
            ("8-9, 10-11", "one span"),
            ("late", "such as"),
        ],
    )
    def test_what_is_no_span(self, open_section, signed_in, monday, hours, words) -> None:
        one, section = open_section(SpecialTimesSection)
        begin(one, section, monday)
        one.into(editor(section, "hours"), hours)
        one.primary()
        one.settle()
        assert words in section.form.fields["hours"].sentence()
        assert dates(signed_in) == ()

    def test_a_refusal_stands_at_its_field(self, open_section, signed_in, monday) -> None:
        one, section = open_section(SpecialTimesSection)
        begin(one, section, monday)
        one.primary()
        one.settle()
        assert "who is away" in section.form.fields["whose"].sentence()
        assert dates(signed_in) == ()

    def test_bookings_are_listed_before_it_is_saved(
        self, booked, open_section, signed_in, monday
    ) -> None:
        one, section = open_section(SpecialTimesSection)
        begin(one, section, monday, kind_steps=1)
        one.primary()
        one.settle()
        assert "Zofia Wiśniewska" in section.refusal.text()
        assert dates(signed_in) == ()
        assert section.keep.isVisible()
        one.click(section.keep)
        one.settle()
        assert [row.kind for row in dates(signed_in)] == ["holiday"]
        assert not section.keep.isVisible()


class TestHours:
    def test_of_a_room(self, make, open_section, signed_in) -> None:
        chair = make.chair("Chair 9")
        one, section = open_section(HoursSection)
        section.whose.setFocus()
        while section.whose.value() != chair:
            one.key(Qt.Key.Key_Down)
        assert "in use all day" in section.follows.text()
        one.into(section.week.line("open0"), "9-13")
        one.primary()
        one.settle()
        with signed_in.reading() as ctx:
            mine = [span for span in clinic.working_spans(ctx) if span.chair_id == chair]
        assert [(span.weekday, span.starts) for span in mine] == [(0, time(9))]

    def test_bookings_are_listed_before_they_change(self, booked, open_section, signed_in) -> None:
        one, section = open_section(HoursSection)
        one.into(section.week.line("open0"), "14-18")
        one.primary()
        one.settle()
        assert "Zofia Wiśniewska" in section.refusal.text()
        one.click(section.keep)
        one.settle()
        with signed_in.reading() as ctx:
            mondays = [span.starts for span in clinic.working_spans(ctx) if span.weekday == 0]
            assert mondays == [time(14)]
            assert len(working_time.stranded(ctx)) == 1


def test_a_provider_with_bookings_stays(booked, open_section, signed_in) -> None:
    one, section = open_section(ProvidersSection)
    section.table.setFocus()
    one.key(Qt.Key.Key_Delete)
    one.qtbot.waitUntil(lambda: section.findChild(LeavingDialog) is not None)
    one.settle()
    section.findChild(LeavingDialog).reject()
    with signed_in.reading() as ctx:
        assert [row.id for row in clinic.providers(ctx)] == [booked]


def test_what_a_service_asks_for(make, open_section, signed_in) -> None:
    service = make.treatment("END-001", "Root canal", minutes=60)
    park = make.provider("Dr Hyejin Park", short_name="Dr Park")
    chair = make.chair("Chair 9")
    one, section = open_section(ServicesSection)
    one.into(editor(section, "assist"), "50 - 60; 0-10")
    one.into(editor(section, "skills"), "Endodontics, , endodontics")
    one.into(editor(section, "equipment"), "Microscope")
    one.primary()
    one.settle()
    _one, section = _one_more(open_section, ProvidersSection, "skills", "ENDODONTICS")
    _one, section = _one_more(open_section, RoomsSection, "equipment", "Microscope", chair)
    with signed_in.reading() as ctx:
        needs = appointments.needs_of(ctx, (service,))
        search = SlotSearch(
            minutes=needs.minutes, assist=needs.assist, skills=needs.skills,
            equipment=needs.equipment, first_day=ctx.now.date() + timedelta(days=30), limit=3,
        )  # fmt: skip
        found = free_slots(ctx, search)
        none = free_slots(ctx, search.model_copy(update={"skills": frozenset({"surgery"})}))
    assert (needs.assist, needs.skills) == ("0-10,50-60", frozenset({"endodontics"}))
    assert {(slot.provider_id, slot.chair_id) for slot in found} == {(park, chair)}
    assert none == ()


def _one_more(open_section, kind, field, text, record=None):
    one, section = open_section(kind)
    if record is not None:
        section.open_at(record=record)
        one.settle()
    one.into(editor(section, field), text)
    one.primary()
    one.settle()
    return one, section


@pytest.mark.parametrize("typed", ["0-60", "10", "20-10"])
def test_minutes_of_an_assistant_that_cannot_be(make, open_section, signed_in, typed) -> None:
    make.treatment("END-001", "Root canal", minutes=60)
    one, section = open_section(ServicesSection)
    one.into(editor(section, "assist"), typed)
    one.primary()
    one.settle()
    assert section.form.fields["assist"].sentence()
    with signed_in.reading() as ctx:
        (row,) = treatments.price_list(ctx)
    assert row.assist == ""
