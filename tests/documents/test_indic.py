"""Devanagari: letters that join and change places."""

import pytest

from clinic_desktop.documents.fonts import font
from clinic_desktop.documents.indic import is_devanagari, joined_codes


def drawn(text: str) -> list[str]:
    """The text that each glyph stands for, in the order in which they are drawn."""
    found = font("NotoSansDevanagari-Regular")
    assert found is not None
    return [found.text_of(code) for code in joined_codes(found, text)]


class TestJoinedCodes:
    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            ("नमन", ["न", "म", "न"]),
            # The short i is drawn before its letter, and before a whole conjunct.
            ("कि", ["ि", "क"]),
            ("न्दि", ["ि", "न्", "द"]),
            # An r before a letter becomes a hook over the end of the syllable.
            ("र्मा", ["म", "ा", "र्"]),
            # Conjuncts with glyphs of their own.
            ("क्ष", ["क्ष"]),
            ("ज्ञ", ["ज्ञ"]),
            ("प्र", ["प्र"]),
            # Half letters.
            ("स्त", ["स्", "त"]),
            # A halant at the end stays.
            ("त्", ["त", "्"]),
        ],
    )
    def test_draws_syllables_as_the_script_asks(self, text: str, parts: list[str]) -> None:
        assert drawn(text) == parts

    def test_leaves_what_is_no_syllable(self) -> None:
        assert drawn("ॐ १२ ा") == ["ॐ", " ", "१", "२", " ", "ा"]

    @pytest.mark.parametrize("text", ["राजेंद्र वर्मा", "फ़िरोज़", "कृष्ण त्रिपाठी", "हृदय रुचि"])
    def test_draws_every_character_once(self, text: str) -> None:
        assert sorted("".join(drawn(text))) == sorted(text)


class TestIsDevanagari:
    def test_knows_its_own(self) -> None:
        assert is_devanagari("क")
        assert is_devanagari("\u200d")
        assert not is_devanagari("k")
