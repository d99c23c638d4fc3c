"""Typed times of day."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.domain.times import format_time, parse_time
from clinic_desktop.errors import InvalidError


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("9", time(9)), ("930", time(9, 30)), ("0930", time(9, 30)), ("9:30", time(9, 30)),
        ("9.30", time(9, 30)), ("9h30", time(9, 30)), ("14h", time(14)), ("2:30 pm", time(14, 30)),
        ("12 am", time(0)), ("12 p.m.", time(12)), ("٩:٣٠", time(9, 30)), (" 0:05 ", time(0, 5)),
    ],
)  # fmt: skip
def test_usual_ways(text: str, found: time) -> None:
    assert parse_time(text) == found


@given(moment=st.times())
def test_what_is_written_can_be_read(moment: time) -> None:
    assert parse_time(format_time(moment)) == moment.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("25", "A day has hours from 0 to 23."),
        ("9:75", "An hour has minutes from 0 to 59."),
        ("14 pm", "With am or pm the hour is from 1 to 12."),
        ("noon", "Write the time in hours and minutes, for example 09:30."),
        ("", "Write the time in hours and minutes, for example 09:30."),
        ("1:2:3", "Write the time in hours and minutes, for example 09:30."),
    ],
)
def test_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_time(text)
    assert str(caught.value) == sentence
