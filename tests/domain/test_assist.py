"""Minutes of an assistant alone."""

import pytest

from clinic_desktop.domain import assist
from clinic_desktop.domain.schedule import Span
from clinic_desktop.errors import InvalidError


def test_read_and_written() -> None:
    spans = assist.read_assist(" 50 – 60, 0-10;5-15 ")
    assert spans == (Span(0, 15), Span(50, 60))
    assert assist.write_assist(spans) == "0-15,50-60"
    assert assist.read_assist("") == ()


@pytest.mark.parametrize("text", ["10", "10-10", "20-10", "a-b", "0-10 5", "-5-10", "0-99999"])
def test_refused(text: str) -> None:
    with pytest.raises(InvalidError, match="0-10, 50-60"):
        assist.read_assist(text)


def test_treatments_one_after_another() -> None:
    assert assist.one_after_another([(30, "0-10"), (20, ""), (60, "50-90")]) == "0-10,100-110"


def test_own_minutes() -> None:
    assert assist.own_minutes(Span(600, 660), "0-10,50-60") == (Span(610, 650),)
    assert assist.own_minutes(Span(600, 660), "") == (Span(600, 660),)
    with pytest.raises(InvalidError, match="no minutes of their own"):
        assist.check_assist((Span(0, 60),), 60)
