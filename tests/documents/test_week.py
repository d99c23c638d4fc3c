"""The week on paper: everybody of it, whatever the names, the days and the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic_desktop.documents.of_week import week_of, week_paper
from clinic_desktop.documents.papers import WeekColumn, WeekDay, WeekPaper, WeekVisit
from clinic_desktop.documents.preview import Preview
from clinic_desktop.documents.week import render_week
from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.models import WorkingTime
from tests.documents.reading import texts, whole_text, words
from tests.documents.samples import MOMENT, head

MONDAY = date(2026, 3, 9)
DUBLIN = ZoneInfo("Europe/Dublin")


def visit(start: int, minutes: int = 30, name: str = "Zofia Wiśniewska", service: str = "Exam"):
    return WeekVisit(
        start=start, end=start + minutes, begins=f"{start // 60:02}:{start % 60:02}",
        name=name, service=service,
    )  # fmt: skip


def day(on: date, *columns: WeekColumn) -> WeekDay:
    local = LocalDay(on, DUBLIN)
    hours = tuple((mark.minute, f"{mark.local:%H:%M}") for mark in local.hours)
    return WeekDay(day=on, columns=columns, hours=hours)


def column(*visits: WeekVisit, title: str = "Dr Park") -> WeekColumn:
    return WeekColumn(title=title, visits=visits, working=((480, 1080),))


def paper(*days: WeekDay, whose: str = "Dr Hyejin Park", **more) -> WeekPaper:
    values = {
        "head": head(), "whose": whose, "first": days[0].day if days else MONDAY,
        "last": (days[0].day if days else MONDAY) + timedelta(days=6), "made_at": MOMENT,
        "first_hour": 8, "last_hour": 18, "days": days,
    }  # fmt: skip
    return WeekPaper(**{**values, **more})


class TestRenderWeek:
    def test_who_comes_when_to_whom(self) -> None:
        text = words(whole_text(render_week(paper(day(MONDAY, column(visit(540)))))))
        for expected in (
            "9–15 March 2026", "Dr Hyejin Park", "Mon 9", "09:00 Zofia Wiśniewska", "08:00",
            "17:00", "Contains patient data", "As of 12 March 2026, 14:19",
        ):  # fmt: skip
            assert expected in text.replace("Mar 2026", "March 2026"), expected

    def test_lies_on_its_side_on_one_page(self) -> None:
        days = [day(MONDAY + timedelta(days=n), column(visit(540))) for n in range(7)]
        with Preview(render_week(paper(*days))) as preview:
            (size,) = preview.sizes
            assert size.width > size.height

    def test_many_providers_lose_nobody(self) -> None:
        days = [
            day(
                MONDAY + timedelta(days=n),
                *(column(visit(480 + 5 * who, 5 + who, name=f"P{n}x{who}x"), title=f"Dr {who}")
                  for who in range(30)),
            )
            for n in range(2)
        ]  # fmt: skip
        pages = texts(render_week(paper(*days, whose="")))
        text = "".join(pages).replace("\n", "")
        for n in range(2):
            for who in range(30):
                assert f"P{n}x{who}x" in text, (n, who)
        assert "All providers" in pages[0]

    def test_a_long_name_is_cut_where_everybody_sees_it(self) -> None:
        long = "Maximiliana Alexandrina von und zu Hohenstein-Sonderhausen-Wolfenbüttel " * 3
        days = [
            day(MONDAY + timedelta(days=n), column(visit(540, name=long, service="y " * 400)))
            for n in range(6)
        ]
        text = words(whole_text(render_week(paper(*days))))
        assert "…" in text
        assert "What ends in … is written in full on the day sheet." in text
        # Nothing is left out between what stands there and the sign.
        assert "Maximiliana" in text

    def test_what_is_too_short_for_words_is_named_at_the_end(self) -> None:
        shorts = [visit(540 + 5 * n, 5, name=f"Short{n}") for n in range(6)]
        text = words(whole_text(render_week(paper(day(MONDAY, column(*shorts))))))
        assert "6 visits have no room for their words where they stand:" in text
        for n in range(6):
            assert f"Short{n}" in text

    def test_at_the_same_time_they_stand_beside_one_another(self) -> None:
        both = column(visit(540, 60, name="Ana"), visit(555, 60, name="Ben"))
        text = whole_text(render_week(paper(day(MONDAY, both))))
        assert "Ana" in text
        assert "Ben" in text

    @pytest.mark.parametrize("on", [date(2027, 3, 28), date(2027, 10, 31)])
    def test_hours_of_a_day_when_clocks_change(self, on) -> None:
        """All that the clocks show that day stands there, an hour twice or not at all."""
        before = on - timedelta(days=1)
        days = (day(before, column(visit(10))), day(on, column(visit(10))))
        text = whole_text(render_week(paper(*days, first_hour=0, last_hour=6)))
        shown = [text.count(f"0{hour}:00") for hour in (1, 2)]
        # Once at the left for the day before, the rest in the column of the day itself.
        assert shown == ([1 + 2, 1 + 1] if on.month == 10 else [1 + 0, 1 + 1])

    def test_an_empty_week_says_so(self) -> None:
        assert "Nobody works in this week" in whole_text(render_week(paper()))

    def test_scripts_keep_the_time_in_front(self) -> None:
        for name in ("محمد عبد الله", "陳美玲", "कमला", "O’Brien 🦷"):
            data = render_week(paper(day(MONDAY, column(visit(540, 60, name=name)))))
            assert "09:00" in whole_text(data)

    def test_is_the_same_file_for_the_same_week(self) -> None:
        one = paper(day(MONDAY, column(visit(540))))
        assert render_week(one) == render_week(one)


class TestWeekPaper:
    DAY = date(2031, 3, 12)

    @pytest.fixture
    def booked(self, make):
        provider = make.provider("Dr Amara Nwosu", short_name="Dr Nwosu")
        other = make.provider("Dr Hyejin Park", short_name="Dr Park")
        for one in (provider, other):
            make.row(
                WorkingTime, provider_id=one, weekday=self.DAY.weekday(), starts=time(8),
                ends=time(18),
            )  # fmt: skip
        ines = make.patient("Inês", "Carvalho")
        for who, hour, status in ((provider, 9, "confirmed"), (provider, 20, "cancelled")):
            make.appointment(
                ines, who, starts_at=datetime.combine(self.DAY, time(hour), UTC), status=status,
                reason="unwell" if status == "cancelled" else "",
            )  # fmt: skip
        make.appointment(
            make.patient("Otto", "Hall"), other,
            starts_at=datetime.combine(self.DAY, time(11), UTC),
        )  # fmt: skip
        return provider

    def test_of_all_and_of_one(self, booked, signed_in) -> None:
        with signed_in.reading() as ctx:
            everybody = words(whole_text(week_paper(ctx, self.DAY)))
            mine = words(whole_text(week_paper(ctx, self.DAY, provider_id=booked)))
        for expected in ("09:00 Inês", "11:00 Otto", "Dr Nwosu", "Dr Park"):
            assert expected in everybody, expected
        assert "Otto" not in mine
        assert "Dr Amara Nwosu" in mine
        # What is cancelled does not make the day longer.
        assert "20:00" not in everybody

    def test_days_without_anybody_are_left_out(self, booked, signed_in) -> None:
        with signed_in.reading() as ctx:
            text = words(whole_text(week_paper(ctx, self.DAY)))
        assert "Wed 12" in text
        assert "Sun 16" not in text

    def test_needs_the_right_to_see_the_calendar(self, booked, sign_in) -> None:
        with sign_in("u_other").reading() as ctx:
            assert "Inês" not in whole_text(week_paper(ctx, self.DAY))

    def test_weeks_begin_as_the_clinic_counts(self) -> None:
        assert week_of(date(2026, 3, 12), "en_IE") == MONDAY
        assert week_of(date(2026, 3, 12), "pt_BR") == date(2026, 3, 8)
