"""One appointment around a change of clocks: the same time on screen, in search, print and feed."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from clinic_desktop.db.connect import open_connection
from clinic_desktop.documents.of_day import day_sheet_paper
from clinic_desktop.documents.of_week import week_paper
from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.models import SpecialTime, WorkingTime
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.slot_schemas import SlotSearch
from clinic_desktop.services.appointments.slots import free_slots
from clinic_desktop.services.calendars import feeds
from tests.documents.reading import whole_text

ZONES = ("Europe/Madrid", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe")
NINE = time(9)


@pytest.fixture(params=ZONES)
def zone(request, database) -> ZoneInfo:
    """The clinic in another zone."""
    with open_connection(database.superuser()) as connection:
        connection.execute("SET ROLE clinic_owner")
        connection.execute(
            "UPDATE clinic.clinic SET zone = %s, version = version + 1", (request.param,)
        )
    return ZoneInfo(request.param)


def change_of(zone: ZoneInfo, after: date) -> date:
    """Return the next day with fewer or more minutes; any day where clocks are never changed."""
    days = (after + timedelta(days=number) for number in range(2, 300))
    return next((day for day in days if LocalDay(day, zone).minutes != 1440), after)


def test_nine_is_nine_everywhere(zone, sign_in, make, place) -> None:
    front = sign_in("u_front")
    change = change_of(zone, place.monday)
    days = [change + timedelta(days=number) for number in (-1, 0, 1)]
    for weekday in range(7):
        make.row(
            WorkingTime, provider_id=place.park, weekday=weekday, starts=time(8), ends=time(18)
        )
    for day in days:
        with front.writing() as ctx:
            booking = place.booking(0, local_start=datetime.combine(day, NINE), minutes=60)
            appointments.book(ctx, booking)
    with front.reading() as ctx:
        feed = Calendar.from_ical(feeds.feed(ctx, place.park).content)
        told = {one["DTSTART"].dt for one in feed.walk("VEVENT")}
        for day in days:
            at = datetime.combine(day, NINE)
            (seen,) = appointments.day(ctx, day).visits
            assert seen.local_start == at
            assert seen.starts_at == at.replace(tzinfo=zone)
            search = SlotSearch(
                minutes=60, first_day=day, days=1, provider_id=place.park, limit=100
            )
            free = {slot.local_start.time() for slot in free_slots(ctx, search)}
            assert {time(8), time(10)} <= free
            assert not {time(8, 15), NINE, time(9, 45)} & free
            assert "09:00" in whole_text(day_sheet_paper(ctx, day))
            assert "09:00" in whole_text(week_paper(ctx, day, provider_id=place.park))
            assert at.replace(tzinfo=zone) in told
    zones = {str(one["TZID"]) for one in feed.walk("VTIMEZONE")}
    assert zones == {zone.key}


def test_the_second_of_two_equal_hours_is_told_on_paper(sign_in, make, place, database) -> None:
    """In Dublin the clocks show 01:00 to 02:00 twice on 26 October 2031."""
    day = date(2031, 10, 26)
    make.row(
        SpecialTime, provider_id=place.park, kind="open",
        starts=datetime.combine(day, time()), ends=datetime.combine(day, time(9)),
    )  # fmt: skip
    front = sign_in("u_front")
    # Booked in the order that is not theirs.
    for hour, second, patient in ((1, True, place.ines), (1, False, place.zofia)):
        local = datetime.combine(day, time(hour, 15 if second else 30))
        with front.writing() as ctx:
            booking = place.booking(0, local_start=local, second_hour=second, patient_id=patient)
            appointments.book(ctx, booking)
    with front.reading() as ctx:
        sheet = " ".join(whole_text(day_sheet_paper(ctx, day)).split())
        week = " ".join(whole_text(week_paper(ctx, day, provider_id=place.park)).split())
    # 01:30 comes first, then 01:15 for the second time.
    assert sheet.index("Zofia") < sheet.index("Inês")
    assert "01:15 again: the clocks have gone back" in sheet
    assert "01:30 again" not in sheet
    assert "01:15 again" in week
