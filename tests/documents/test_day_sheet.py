"""The day on paper: every visit of every column, whatever the day brings."""

from clinic_desktop.documents.day_sheet import render_day_sheet
from clinic_desktop.documents.papers import DayColumn
from clinic_desktop.documents.preview import Preview
from tests.documents.reading import texts, whole_text, words
from tests.documents.samples import day_sheet, head, visit


def column(title: str, count: int) -> DayColumn:
    visits = tuple(visit(name=f"{title}{n} Name", begins=f"{n:02}:00") for n in range(count))
    return DayColumn(title=title, subtitle="Chair 1", visits=visits)


class TestRenderDaySheet:
    def test_shows_time_name_age_service_letters_and_phone(self) -> None:
        text = words(whole_text(render_day_sheet(day_sheet(column("Park", 1)))))
        for expected in (
            "Thursday 12 March 2026",
            "Park",
            "Chair 1",
            "00:00",
            "Park0 Name · 34 y",
            "Composite filling",
            "+353 21 555 0100",
            "Contains patient data",
            "As of 12 March 2026, 14:19",
        ):
            assert expected in text, expected

    def test_lies_on_its_side(self) -> None:
        with Preview(render_day_sheet(day_sheet(column("Park", 1)))) as preview:
            assert preview.sizes[0].width > preview.sizes[0].height

    def test_long_days_and_many_columns_lose_nobody(self) -> None:
        columns = [column(f"P{n}x", count) for n, count in enumerate((30, 0, 3, 12, 7, 1))]
        pages = texts(render_day_sheet(day_sheet(*columns)))
        text = "\n".join(pages)
        for n, count in enumerate((30, 0, 3, 12, 7, 1)):
            for number in range(count):
                assert text.count(f"P{n}x{number} Name") == 1
        assert all("Thursday 12 March 2026" in page for page in pages)

    def test_breaks_have_no_name(self) -> None:
        lunch = visit(name="", age="", phone="", alerts="", service="Lunch")
        text = whole_text(render_day_sheet(day_sheet(DayColumn(title="Park", visits=(lunch,)))))
        assert "Lunch" in text

    def test_an_empty_day_says_so(self) -> None:
        assert "Nothing is booked on this day." in whole_text(render_day_sheet(day_sheet()))

    def test_absurd_names_stay_in_their_column(self) -> None:
        long = visit(name="x" * 2000, service="y " * 900, phone="1" * 300, alerts="ABP")
        columns = [DayColumn(title="t" * 300, visits=(long, visit()))] * 4
        data = render_day_sheet(day_sheet(*columns, head=head(paper="Letter")))
        assert "x" * 40 in whole_text(data)

    def test_is_the_same_file_for_the_same_day(self) -> None:
        paper = day_sheet(column("Park", 3))
        assert render_day_sheet(paper) == render_day_sheet(paper)
