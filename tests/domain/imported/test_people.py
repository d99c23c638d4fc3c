"""Names, titles, codes and phones as other systems write them."""

import pytest

from clinic_desktop.domain.imported.people import (
    PersonName,
    guess_sex_codes,
    read_phones,
    read_sex,
    split_name,
)


@pytest.mark.parametrize(
    ("text", "given", "family", "sex"),
    [
        ("Carvalho-Lindqvist, Inês (Sra.)", "Inês", "Carvalho-Lindqvist", "female"),
        ("REIS João", "João", "REIS", ""),
        ("Sr. João Reis", "João", "Reis", "male"),
        ("Dra. Ana de la Peña", "Ana", "de la Peña", "female"),
        ("María José García Núñez", "María José", "García Núñez", ""),
        ("Ana dos Santos Reis", "Ana", "dos Santos Reis", ""),
        ("Dª Rosa Gil", "Rosa", "Gil", "female"),
        ("D. Luis Gil", "Luis", "Gil", "male"),
        ("Da Silva, Rui", "Rui", "Da Silva", ""),
        ("José Luis García", "José Luis", "García", ""),
        ("Madonna", "Madonna", "", ""),
        ("O'Brien , Liam ", "Liam", "O'Brien", ""),
        ("陳美玲", "陳美玲", "", ""),
        ("", "", "", ""),
        (",", "", "", ""),
    ],
)
def test_split_name(text, given, family, sex) -> None:
    assert split_name(text, two_families=True) == PersonName(given, family, sex)


def test_one_family_where_that_is_use() -> None:
    assert split_name("Mary Anne Byrne", two_families=False) == PersonName("Mary Anne", "Byrne")


@pytest.mark.parametrize(
    ("column", "meant"),
    [
        (["M", "F"], {"M": "male", "F": "female"}),
        (["M", "H"], {"M": "female", "H": "male"}),
        (["V", "M"], {"M": "female", "V": "male"}),
        (["M"], {"M": "unknown"}),
        (["1", "2", "0"], {"1": "male", "2": "female", "0": "unknown"}),
        (["Mujer", "Homem", "Other"], {"Mujer": "female", "Homem": "male", "Other": "other"}),
    ],
)
def test_sex(column, meant) -> None:
    codes = guess_sex_codes(column)
    assert {text: read_sex(text, codes) for text in column} == meant


def test_unknown_word_is_no_sex() -> None:
    assert read_sex("azul", guess_sex_codes([])) is None


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("912 345 678 / 21 234 56 78 (mãe)", ["+351912345678", "+351212345678"], []),
        ("912345678.0", ["+351912345678"], []),
        ("00351 912345678", ["+351912345678"], []),
        ("Mãe: 912-345-678; trabalho 213 456 789", ["+351912345678", "+351213456789"], []),
        ("12345", [], ["12345"]),
        ("não tem", [], []),
    ],
)
def test_phones(text, good, bad) -> None:
    assert read_phones(text, "PT") == (good, bad)
