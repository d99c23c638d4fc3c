"""Holidays from rules and files, shown before they close the clinic."""

from datetime import date, datetime, time, timedelta

import pytest

from clinic_desktop.errors import InvalidError, NotAllowedError
from clinic_desktop.models import Clinic
from clinic_desktop.services.calendars import holidays
from clinic_desktop.services.calendars.schemas import HolidayRules
from clinic_desktop.services.rows import change_row
from clinic_desktop.services.working_time import service as working_time
from clinic_desktop.services.working_time.schemas import BookingsAheadError, Holiday
from tests.services.calendars.conftest import event


def rules(country: str, region: str = "", first: int = 2027, last: int | None = None):
    return HolidayRules(country=country, region=region, first_year=first, last_year=last or first)


def in_locale(signed_in, locale: str) -> None:
    with signed_in.writing() as ctx:
        version = ctx.connection.exec_driver_sql("SELECT version FROM clinic").scalar_one()
        change_row(ctx, Clinic, id=ctx.clinic_id, version=version, locale=locale)
    signed_in.refresh_who()


class TestRules:
    @pytest.mark.parametrize(
        ("locale", "country", "region", "day", "name"),
        [
            ("en_IE", "IE", "", date(2027, 3, 17), "Saint Patrick's Day"),
            ("es_ES", "ES", "MD", date(2027, 11, 1), "Todos los Santos"),
            ("en_IE", "ES", "MD", date(2027, 11, 1), "All Saints' Day"),
            ("pt_BR", "BR", "SP", date(2027, 7, 9), "Revolução Constitucionalista"),
            ("pt_PT", "PT", "", date(2027, 4, 25), "Dia da Liberdade"),
            # Where the library has no names in the clinic's language, they are the country's own.
            ("es_ES", "PT", "", date(2027, 4, 25), "Dia da Liberdade"),
            ("en_IE", "DE", "BY", date(2027, 1, 6), "Epiphany"),
        ],
    )  # fmt: skip
    def test_named_in_the_clinic_s_language(
        self, signed_in, locale, country, region, day, name
    ) -> None:
        in_locale(signed_in, locale)
        with signed_in.reading() as ctx:
            found = {
                row.day: row.name for row in holidays.by_rules(ctx, rules(country, region)).rows
            }
        assert found[day] == name

    def test_regions_differ(self, signed_in) -> None:
        with signed_in.reading() as ctx:
            madrid, barcelona = (
                {row.day for row in holidays.by_rules(ctx, rules("ES", one)).rows}
                for one in ("MD", "CT")
            )
        assert madrid - barcelona
        assert barcelona - madrid

    def test_several_years_in_order(self, signed_in) -> None:
        with signed_in.reading() as ctx:
            rows = holidays.by_rules(ctx, rules("IE", last=2029)).rows
        days = [row.day for row in rows]
        assert days == sorted(set(days))
        assert {day.year for day in days} == {2027, 2028, 2029}

    @pytest.mark.parametrize(
        ("wanted", "words"),
        [
            (rules("XX"), "not known here"),
            (rules("ES", "NOWHERE"), "not known here"),
            (rules("IE", first=2027, last=2026), "the first one first"),
            (rules("IE", first=2027, last=2060), "up to 10 years"),
            (rules("ES", first=1951), "do not reach"),
        ],
    )
    def test_what_the_library_does_not_know(self, signed_in, wanted, words) -> None:
        with signed_in.reading() as ctx, pytest.raises(InvalidError, match=words):
            holidays.by_rules(ctx, wanted)

    def test_only_who_may_change_hours(self, sign_in) -> None:
        with sign_in("u_front").reading() as ctx, pytest.raises(NotAllowedError):
            holidays.by_rules(ctx, rules("IE"))

    def test_countries_and_regions_to_choose_from(self) -> None:
        assert dict(holidays.countries("es_ES"))["Alemania"] == "DE"
        assert dict(holidays.regions("ES"))["Andalucía"] == "AN"
        assert holidays.regions("IE") == ()
        assert holidays.regions("no such") == ()


class TestFile:
    def test_whole_days_also_where_they_count_as_free(self, signed_in, ics) -> None:
        path = ics(
            event("a", date(2026, 12, 25), None, "TRANSP:TRANSPARENT", "RRULE:FREQ=YEARLY"),
            event("b", date(2027, 8, 2), None, "DTEND;VALUE=DATE:20270804"),
            event("c", date(2027, 8, 2), 9),
            event("d", date(2030, 1, 1), None),
        )
        with signed_in.reading() as ctx:
            found = holidays.from_file(ctx, path, 2027, 2028)
        assert [(row.day, row.name) for row in found.rows] == [
            (date(2027, 8, 2), "Title of b"), (date(2027, 8, 3), "Title of b"),
            (date(2027, 12, 25), "Title of a"), (date(2028, 12, 25), "Title of a"),
        ]  # fmt: skip
        assert found.timed == 1

    def test_two_on_one_day_and_one_of_a_year(self, signed_in, ics) -> None:
        path = ics(
            event("a", date(2027, 5, 1), None), event("b", date(2027, 5, 1), None),
            event("c", date(2027, 1, 1), None, "DTEND;VALUE=DATE:20280101"),
        )  # fmt: skip
        with signed_in.reading() as ctx:
            found = holidays.from_file(ctx, path, 2027, 2027)
        assert [row.name for row in found.rows] == ["Title of a; Title of b"]
        assert ["longer than a month" in one.sentence for one in found.problems] == [True]


class TestStoring:
    def test_once_however_often_and_from_wherever(self, signed_in, ics) -> None:
        def add():
            with signed_in.reading() as ctx:
                found = holidays.by_rules(ctx, rules("IE"))
            new = [Holiday(day=row.day, name=row.name) for row in found.rows if not row.there]
            with signed_in.writing() as ctx:
                return len(found.rows), len(working_time.add_holidays(ctx, new))

        count, added = add()
        assert added == count
        assert add() == (count, 0)
        path = ics(event("x", date(2027, 12, 25), None), event("y", date(2027, 12, 27), None))
        with signed_in.reading() as ctx:
            there = {row.day: row.there for row in holidays.from_file(ctx, path, 2027, 2027).rows}
        assert there[date(2027, 12, 25)]

    def test_bookings_on_them_are_listed(self, signed_in, park, monday, ics, book) -> None:
        book(park, 10)
        path = ics(event("x", monday, None), event("y", monday + timedelta(days=1), None))
        with signed_in.reading() as ctx:
            found = holidays.from_file(ctx, path, monday.year, monday.year + 1)
        assert [row.patient for row in found.stranded] == ["Zofia Wiśniewska"]
        new = [Holiday(day=row.day, name=row.name) for row in found.rows]
        with pytest.raises(BookingsAheadError, match="Zofia"), signed_in.writing() as ctx:
            working_time.add_holidays(ctx, new)
        with signed_in.writing() as ctx:
            ids = working_time.add_holidays(ctx, new, keep_bookings=True)
        with signed_in.reading() as ctx:
            first = working_time.special_times(ctx)[0]
            assert holidays.from_file(ctx, path, monday.year, monday.year + 1).stranded == ()
        assert (first.starts, first.label) == (datetime.combine(monday, time()), "Title of x")
        with signed_in.writing() as ctx:
            working_time.remove_specials(ctx, ids)
        with signed_in.reading() as ctx:
            assert working_time.special_times(ctx) == ()
