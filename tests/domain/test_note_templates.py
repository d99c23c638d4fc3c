"""Places of a note template: what is filled, what stays open, what is refused and how."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.domain.note_templates import (
    FILLED,
    check_body,
    filled,
    joined,
    next_place,
    open_words,
    places,
    written,
)
from clinic_desktop.domain.usual_notes import usual_templates
from clinic_desktop.domain.vocabulary import procedures
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import LANGUAGES, in_language

BODY = "{tooth} {surfaces}: {procedure}.\nAnaesthetic: {? anaesthetic: none / articaine 4 %}"


class TestFilled:
    def test_what_is_known_is_filled_and_the_rest_stays_open(self) -> None:
        text = filled(BODY, {"tooth": "36", "procedure": "Composite filling", "surfaces": ""})
        assert text == (
            "36 {surfaces}: Composite filling.\nAnaesthetic: {? anaesthetic: none / articaine 4 %}"
        )
        assert open_words(text) == ("surfaces", "anaesthetic")

    def test_a_prompt_offers_its_answers(self) -> None:
        assert places(BODY)[-1].choices == ("none", "articaine 4 %")

    def test_the_words_of_every_language_are_known_in_every_other(self) -> None:
        for language in LANGUAGES:
            with in_language(language):
                body = " ".join(written(key) for key in FILLED)
            assert [place.key for place in places(body)] == list(FILLED)
            check_body(body)

    def test_braces_around_anything_else_are_just_braces(self) -> None:
        assert open_words("{tooht} {} {{tooth} set {a, b}") == ("tooth",)

    @given(st.text(max_size=200))
    def test_any_text_is_read_and_what_is_not_a_place_is_kept(self, text) -> None:
        assert filled(text, {}) == text
        for place in places(text):
            assert text[place.start] == "{"
            assert text[place.end - 1] == "}"


class TestCheck:
    @pytest.mark.parametrize(
        ("body", "sentence"),
        [
            ("{tooht} filled", r"{tooht} is not known\. Did you mean {tooth}\?"),
            ("{weather}", r"{weather} is not known\. Known are {patient}, .*{\? weather}"),
            ("{tooth} {", r"A “{” stands alone"),
            ("tooth}", r"A “}” stands alone"),
            ("{? }", "Write after the question mark"),
            ("{?: a / b}", "Write after the question mark"),
        ],
    )
    def test_refused_by_name(self, body, sentence) -> None:
        with pytest.raises(InvalidError, match=sentence) as refused:
            check_body(body)
        assert refused.value.field == "body"

    def test_what_is_written_as_it_should_be(self) -> None:
        check_body(BODY)
        check_body("No place at all.")


class TestNext:
    def test_tab_goes_through_the_open_places_and_then_leaves(self) -> None:
        first, second = "{tooth} and {? shade}".index("{"), "{tooth} and {? shade}".rindex("{")
        text = "{tooth} and {? shade}"
        place = next_place(text, 0, 0)
        assert place is not None
        assert (place.start, place.words) == (first, "tooth")
        place = next_place(text, place.start, place.end)
        assert place is not None
        assert (place.start, place.words) == (second, "shade")
        assert next_place(text, place.start, place.end) is None

    def test_from_behind_the_last_it_begins_again(self) -> None:
        place = next_place("{tooth} done", 12, 12)
        assert place is not None
        assert place.start == 0

    def test_nothing_open(self) -> None:
        assert next_place("all said", 0, 0) is None


def test_parts_are_one_note_and_nothing_is_said_twice() -> None:
    assert joined(["36 MO.", " ", "Advice.", "Advice."]) == "36 MO.\n\nAdvice."


@pytest.mark.parametrize("locale", ["en_IE", "es_MX", "pt-BR", "de_DE"])
def test_the_usual_templates_are_whole(locale) -> None:
    found = usual_templates(locale)
    assert len({one.name for one in found}) == len(found) == 12
    for one in found:
        check_body(one.body)
        assert set(one.procedures) <= procedures().keys()
    named = [code for one in found for code in one.procedures]
    assert len(named) == len(set(named))


def test_each_language_says_the_same() -> None:
    english = usual_templates("en")
    for language in ("es", "pt"):
        for one, other in zip(english, usual_templates(language), strict=True):
            assert one.name != other.name
            assert [p.key for p in places(one.body)] == [p.key for p in places(other.body)]
            assert [len(p.choices) for p in places(one.body)] == [
                len(p.choices) for p in places(other.body)
            ]
