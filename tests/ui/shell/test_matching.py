"""Finding typed words in titles."""

import pytest

from clinic_desktop.ui.shell.matching import find


@pytest.mark.parametrize(
    ("title", "typed", "found"),
    [
        ("Inês Carvalho-Lindqvist", "ines", (0, ((0, 4),))),
        ("Marines Oduya-Price", "ines", (1, ((3, 4),))),
        ("Thu Hà Ines Tran", "tran thu", (0, ((0, 3), (12, 4)))),
        ("New appointment", "apo", None),
        ("Straße", "strasse", (0, ((0, 6),))),
        ("🦷 Ana", "ana", (0, ((2, 3),))),
        ("Anything", "", (0, ())),
        ("Lin", "in lin", (1, ((0, 3), (1, 2)))),
    ],
)
def test_find(title, typed, found):
    assert find(title, typed) == found


def test_beginning_of_a_word_is_preferred_to_an_earlier_inside():
    assert find("Marines Ines", "ines") == (0, ((8, 4),))
