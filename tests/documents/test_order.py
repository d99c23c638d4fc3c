"""The order of sight, compared with an implementation of UAX 9 that is not ours."""

import unicodedata

import pytest
from bidi import get_display
from bidi.mirror import MIRRORED
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.documents.order import base_level, in_sight, isolate, turns

STEERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def ours(text: str) -> str:
    """The order of sight before brackets are mirrored, which the other one does not do."""
    return "".join(
        MIRRORED.get(char, char) if leftward and unicodedata.mirrored(char) else char
        for char, leftward in in_sight(text, base_level(text))
    )


def theirs(text: str) -> str:
    shown = get_display(text, base_dir="LR"[base_level(text)])
    return "".join(char for char in shown if char not in STEERING)


class TestInSight:
    @given(st.text("ab אבجد12.,+$% ()[]<>", max_size=20))
    def test_agrees_on_letters_numbers_and_brackets(self, text: str) -> None:
        assert ours(text) == theirs(text)

    @given(st.text("ab אב1.\u0301\u202a\u202b\u202c\u202d\u202e\u200e\u200f", max_size=20))
    def test_agrees_on_embedding_and_override(self, text: str) -> None:
        assert ours(text) == theirs(text)

    # Without brackets: the other one asks the inside of an isolate what stands before a bracket.
    @given(st.text("abאב1.\u2066\u2067\u2068\u2069", max_size=20))
    def test_agrees_on_isolates(self, text: str) -> None:
        assert ours(text) == theirs(text)

    def test_a_bracket_after_an_isolate_follows_the_letter_before_it(self) -> None:
        """UAX 9, N0: an isolate counts as a neutral sign, so that the letter is what decides."""
        assert ours("aא\u20661\u2069(1)") == "a)1(1א"

    def test_mirrors_brackets_that_turn(self) -> None:
        placed = in_sight("א(ב)", 1)
        assert "".join(char for char, _ in placed) == "(ב)א"
        assert all(leftward for _, leftward in placed)

    def test_survives_deep_nesting(self) -> None:
        text = "\u2068" * 500 + "אב" + "\u2069" * 500
        assert ours(text) == "בא"

    @given(st.text(max_size=60))
    def test_loses_no_letter(self, text: str) -> None:
        kept = [char for char in text if unicodedata.bidirectional(char) in {"L", "R", "AL", "EN"}]
        shown = [char for char, _ in in_sight(text, base_level(text))]
        assert all(shown.count(char) >= kept.count(char) for char in kept)


class TestBaseLevel:
    @pytest.mark.parametrize(
        ("text", "level"),
        [("", 0), ("12 +", 0), ("abc", 0), ("אב", 1), ("12 محمد", 1), ("\u2067אב\u2069 abc", 0)],
    )
    def test_is_that_of_the_first_letter_outside_isolates(self, text: str, level: int) -> None:
        assert base_level(text) == level


class TestTurns:
    def test_tells_what_needs_the_algorithm(self) -> None:
        assert not turns("Inês 王小明 😀 1.000")
        assert turns("محمد")
        assert turns("a\u202eb")


class TestIsolate:
    def test_a_name_does_not_move_what_stands_beside_it(self) -> None:
        text = f"Dr {isolate('محمد')}, 12 years"
        shown = "".join(char for char, _ in in_sight(text, base_level(text)))
        assert shown == "Dr دمحم, 12 years"
