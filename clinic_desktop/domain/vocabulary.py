"""What a chart can say, and the neutral treatment codes, as shipped with the program."""

import csv
from dataclasses import dataclass
from functools import cache
from typing import Final

from clinic_desktop.i18n import language
from clinic_desktop.resources import resource

# Kinds of vocabulary that say what is there; the rest is work somebody did.
FINDINGS: Final = frozenset({"condition", "state", "finding", "note"})


@dataclass(frozen=True, slots=True)
class Term:
    """One word of the chart: a finding, a state or a restoration.

    ``names`` and ``words`` are by language, the word being the short form that is typed;
    ``scope`` says what it is on (surface, tooth, root, arch...), ``hint`` how it is drawn.
    """

    code: str
    kind: str
    names: dict[str, str]
    words: dict[str, str]
    scope: str
    hint: str
    key: str
    diagnosis: str
    fissure_diagnosis: str
    note: str

    @property
    def name(self) -> str:
        """The name in the language in force."""
        return self.names[language()]

    @property
    def word(self) -> str:
        """The short name in the language in force."""
        return self.words[language()]

    @property
    def is_finding(self) -> bool:
        """Whether it is found, not made."""
        return self.kind in FINDINGS


@dataclass(frozen=True, slots=True)
class Procedure:
    """One treatment of the neutral list; ``paint`` is the term it is drawn as, or empty.

    ``fits`` is empty, or the only teeth it is for: anterior, premolar, molar, primary, permanent.
    """

    code: str
    category: str
    names: dict[str, str]
    area: str
    paint: str
    minutes: int
    key: str
    fits: str

    @property
    def name(self) -> str:
        """The name in the language in force."""
        return self.names[language()]


def _translations(row: dict[str, str], column: str) -> dict[str, str]:
    return {code: row[f"{column}_{code}"] for code in ("en", "es", "pt")}


@cache
def terms() -> dict[str, Term]:
    """Return the vocabulary by code, in the order of the file."""
    with resource("reference", "chart_vocabulary.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Term(
                code=row["code"],
                kind=row["kind"],
                names=_translations(row, "name"),
                words=_translations(row, "word"),
                scope=row["scope"],
                hint=row["paint_hint"],
                key=row["fast_key"],
                diagnosis=row["icd10cm_default"],
                fissure_diagnosis=row["icd10cm_pit_fissure"],
                note=row["note"],
            )
            for row in csv.DictReader(file)
        }


@cache
def procedures() -> dict[str, Procedure]:
    """Return the neutral treatment codes, in the order of the file."""
    path = resource("reference", "procedure_codes_neutral.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Procedure(
                code=row["code"],
                category=row["category"],
                names=_translations(row, "name"),
                area=row["area"],
                paint=row["paint_vocabulary_code"],
                minutes=int(row["default_minutes"]),
                key=row["fast_key"],
                fits=row["fits"],
            )
            for row in csv.DictReader(file)
        }


def diagnosis_for(code: str, surfaces: str) -> str:
    """Return the usual ICD-10-CM code of a finding on these surfaces, or an empty text.

    Caries of chewing surfaces counts as pit and fissure caries.
    """
    term = terms().get(code)
    if term is None:
        return ""
    return (term.fissure_diagnosis if "O" in surfaces else "") or term.diagnosis


def label_of(code: str, fallback: str = "") -> str:
    """Return the name of a vocabulary or treatment code in the language in force."""
    term = terms().get(code)
    if term is not None:
        return term.name
    procedure = procedures().get(code)
    return procedure.name if procedure is not None else fallback or code
