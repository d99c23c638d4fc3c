"""Hours as people write them."""

from datetime import time

import pytest

from clinic_desktop.domain.hours_text import TypedSpan, format_spans, parse_spans
from clinic_desktop.errors import InvalidError


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("8-12", "08:00–12:00"),
        ("13:00–17:30, 8-12", "08:00–12:00, 13:00–17:30"),
        ("0830-1200; 1 pm - 5 pm", "08:30–12:00, 13:00–17:00"),
        ("8h30 a 12h", "08:30–12:00"),
        ("9 to 17", "09:00–17:00"),
        ("9-12, 12-17", "09:00–12:00, 12:00–17:00"),
    ],
)
def test_read_and_written_out(text, shown) -> None:
    assert format_spans(parse_spans(text)) == shown
    assert parse_spans(shown) == parse_spans(text)


def test_a_break_has_a_word() -> None:
    found = parse_spans("12-13 Lunch & <b>rest</b>", labels=True)
    assert found == (TypedSpan(time(12), time(13), "Lunch & <b>rest</b>"),)
    assert parse_spans(format_spans(found), labels=True) == found


@pytest.mark.parametrize(
    "text", ["12", "12-8", "8-8", "25-26", "8-12 Lunch", "8-12, 11-13", "all day", "8:70-9", "-"]
)
def test_refused(text) -> None:
    with pytest.raises(InvalidError):
        parse_spans(text)
