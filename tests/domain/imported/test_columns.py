"""Dates, amounts, headers and lines of a column as other systems write them."""

from datetime import date, time

import pytest

from clinic_desktop.domain.imported.aliases import PATIENTS
from clinic_desktop.domain.imported.amounts import guess_mark, read_amount, read_count
from clinic_desktop.domain.imported.dates import DateStyle, guess_style, read_clock, read_day
from clinic_desktop.domain.imported.headers import guess_field
from clinic_desktop.domain.imported.lines import is_blank, is_total
from clinic_desktop.errors import InvalidError

TODAY = date(2026, 3, 12)


class TestDates:
    def test_order_is_told_by_a_day_beyond_twelve(self) -> None:
        assert guess_style(["03/04/1990", "25/03/1990"], "mdy") == DateStyle("dmy", certain=True)
        assert guess_style(["03/04/1990", "03/25/1990"], "dmy") == DateStyle("mdy", certain=True)
        assert guess_style(["1990-04-03"], "dmy").order == "ymd"

    def test_ambiguous_ones_are_counted(self) -> None:
        style = guess_style(["03/04/1990", "05/06/1991", "07/07/1990"], "dmy")
        assert (style.certain, style.ambiguous) == (False, 2)
        mixed = guess_style(["25/03/1990", "03/26/1990", "27/03/1990", "02/03/1990"], "dmy")
        assert (mixed.mixed, mixed.order, mixed.ambiguous) == (True, "dmy", 1)

    @pytest.mark.parametrize(
        ("text", "order", "day"),
        [
            ("03/09/1984", "dmy", date(1984, 9, 3)),
            ("03/09/1984", "mdy", date(1984, 3, 9)),
            ("13/25/1984", "dmy", None),
            ("09/25/1984", "dmy", date(1984, 9, 25)),
            ("3.9.84", "dmy", date(1984, 9, 3)),
            ("01/01/30", "dmy", date(1930, 1, 1)),
            ("1984-09-03 00:00:00", "dmy", date(1984, 9, 3)),
            ("19840903", "dmy", date(1984, 9, 3)),
            ("30928", "dmy", date(1984, 9, 3)),
            ("3 de setembro de 1984", "dmy", date(1984, 9, 3)),
            ("Sep 3, 1984", "mdy", date(1984, 9, 3)),
        ],
    )
    def test_read(self, text, order, day) -> None:
        style = DateStyle(order, certain=True)
        limits = {"today": TODAY, "earliest": date(1900, 1, 1), "latest": TODAY}
        if day is None:
            with pytest.raises(InvalidError):
                read_day(text, style, **limits)
        else:
            assert read_day(text, style, **limits) == day

    @pytest.mark.parametrize("text", ["", "00/00/0000", "0000-00-00", "-"])
    def test_nothing(self, text) -> None:
        style = DateStyle("dmy", certain=True)
        assert read_day(text, style, today=TODAY, earliest=date.min, latest=TODAY) is None

    @pytest.mark.parametrize(
        ("text", "clock"),
        [("9:30", time(9, 30)), ("2026-03-12 14:05", time(14, 5)), ("02:15 PM", time(14, 15)),
         ("14h30", time(14, 30)), ("12/03/2026", None)],
    )  # fmt: skip
    def test_clock(self, text, clock) -> None:
        assert read_clock(text) == clock


class TestAmounts:
    @pytest.mark.parametrize(
        ("values", "mark"),
        [
            (["1.234,50"], ","),
            (["1,234.50"], "."),
            (["12,5", "7"], ","),
            (["1.234"], ","),
            (["7"], "#"),
        ],
    )
    def test_mark(self, values, mark) -> None:
        assert guess_mark(values, "#") == mark

    @pytest.mark.parametrize(
        ("text", "mark", "minor"),
        [("1.234,50 €", ",", 123450), ("(12.50)", ".", -1250), ("80,00 CR", ",", -8000),
         ("€ 5", ".", 500), ("-3,1", ",", -310), ("", ".", None), ("12,50-", ",", -1250)],
    )  # fmt: skip
    def test_read(self, text, mark, minor) -> None:
        assert read_amount(text, mark, "EUR") == minor

    @pytest.mark.parametrize("text", ["abc", "1.2345", "9" * 20])
    def test_no_amount(self, text) -> None:
        with pytest.raises(InvalidError):
            read_amount(text, ".", "EUR")

    def test_count(self) -> None:
        assert (read_count("12.0"), read_count("")) == (12, None)
        with pytest.raises(InvalidError):
            read_count("3.5")


class TestHeaders:
    @pytest.mark.parametrize(
        ("header", "field", "person"),
        [
            ("N.º Processo", "number", 0), ("Apellidos y nombre", "name", 0), ("DOB", "born", 0),
            ("Client", "name", 0),
            ("F. Nacimiento", "born", 0), ("Data Nasc.", "born", 0), ("Telemóvel", "mobile", 0),
            ("Teléfono móvil", "mobile", 0), ("LName", "family", 0), ("FName", "given", 0),
            ("Filho 2 data nasc", "born", 2), ("Child 1", "name", 1),
            ("Correo electrónico", "email", 0),
            ("Segundo Apellido", "family2", 0), ("Patient Email Address", "email", 0),
            ("Favourite colour", "", 0),
        ],
    )  # fmt: skip
    def test_guess(self, header, field, person) -> None:
        found = guess_field(header, (), PATIENTS, by_value=False)
        assert (found.field, found.person) == (field, person)

    def test_by_value_where_there_is_no_header(self) -> None:
        found = guess_field("", ["a@example.org"], PATIENTS, by_value=True)
        assert (found.field, found.confidence) == ("email", "likely")


class TestLines:
    def test_blank(self) -> None:
        assert is_blank(["", " ", "-----"])
        assert not is_blank(["", "a"])

    @pytest.mark.parametrize(
        "cells", [["Total de utentes: ", "3"], ["TOTAL", "", "", "1.234,50"], ["Página 1 de 3"]]
    )
    def test_total(self, cells) -> None:
        assert is_total(cells)

    def test_somebody_called_so_is_no_total(self) -> None:
        assert not is_total(["Total", "Ana", "1984-09-03", "912345678", "F"])
