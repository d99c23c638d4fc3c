"""The shipped vocabulary and treatment codes are whole, unique and named in three languages."""

import csv

import pytest

from clinic_desktop.domain.vocabulary import diagnosis_for, label_of, procedures, terms
from clinic_desktop.i18n import LANGUAGES, in_language
from clinic_desktop.resources import resource


class TestTerms:
    def test_all_62_with_names_and_words_in_every_language(self) -> None:
        assert len(terms()) == 62
        for term in terms().values():
            for language in LANGUAGES:
                assert term.names[language]
                assert term.words[language]

    def test_shortcuts_are_unique(self) -> None:
        keys = [term.key for term in terms().values()]
        assert len(keys) == len(set(keys))

    def test_names_follow_the_language(self) -> None:
        assert label_of("CROWN") == "crown"
        with in_language("pt"):
            assert label_of("CROWN") == "coroa"
        assert label_of("X-1", "Whitening tray") == "Whitening tray"


class TestProcedures:
    def test_all_107_named_in_every_language(self) -> None:
        assert len(procedures()) == 107
        for one in procedures().values():
            assert all(one.names[language] for language in LANGUAGES)

    def test_are_drawn_as_words_of_the_vocabulary(self) -> None:
        for one in procedures().values():
            assert one.paint == "" or one.paint in terms()


class TestDiagnosis:
    def test_chewing_surfaces_have_codes_of_their_own(self) -> None:
        assert diagnosis_for("I5", "O") == "K02.52"
        assert diagnosis_for("I5", "D") == "K02.62"
        assert diagnosis_for("CARIES", "O") == "K02.9"
        assert diagnosis_for("COMP", "O") == ""
        assert diagnosis_for("nothing", "") == ""


class TestShippedFiles:
    @pytest.mark.parametrize(
        "name",
        ["formulary.csv", "interactions.csv", "icd10cm_dental_subset.csv", "triadan.csv"],
    )
    def test_are_tables_with_equal_rows(self, name: str) -> None:
        with resource("reference", name).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        assert len(rows) > 10
        assert {len(row) for row in rows} == {len(rows[0])}
