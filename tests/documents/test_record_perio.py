"""The periodontal part of a record's summary: exams with their figures, or that there are none."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from clinic_desktop.documents.of_record import summary_of
from clinic_desktop.documents.summary import render_summary
from clinic_desktop.domain.perio.exam import Exam, ToothReading
from clinic_desktop.domain.perio.margins import MarginSign
from clinic_desktop.domain.teeth.dentition import PERMANENT
from clinic_desktop.i18n import in_language
from clinic_desktop.models import Patient
from clinic_desktop.services.exports.schemas import RecordData
from tests.documents.reading import texts, words
from tests.documents.samples import head
from tests.documents.test_perio import mouth

PATIENT = UUID("0190a000-0000-7000-8000-00000000aa01")
LONG = "Suharti Wongsawatkulchai-Montgomery de la Fuente y Echeverría-Lindqvist"
LISTS = (
    "depth", "margin", "mgj", "bleeding", "suppuration", "plaque", "calculus", "furcation",
)  # fmt: skip


def exam_row(key: str, **values) -> dict:
    return {
        "id": key,
        "on_day": "2026-03-12",
        "created_at": "2026-03-12T10:00:00+00:00",
        "author": "Rui Tavares",
        "signer": "",
        "signed_at": None,
        "status": "draft",
        "stage": "",
        "grade": "",
        "extent": "",
        "reason": "",
        "remark": "",
        "brought_from": "",
        "plaque_looked": False,
        "calculus_looked": False,
        **values,
    }


def tooth_rows(exam: Exam, key: str) -> tuple[dict, ...]:
    return tuple(
        {
            "id": str(uuid4()),
            "exam_id": key,
            "tooth": fdi,
            "standing": one.standing.value,
            "mobility": one.mobility,
            **{name: list(getattr(one, name)) for name in LISTS},
        }
        for fdi, one in exam.teeth.items()
    )


SIGNED = {
    "signer": "Dr Amara Nwosu",
    "signed_at": "2026-03-12T14:19:00+00:00",
    "status": "signed",
    "stage": "3",
    "grade": "C",
    "extent": "localized",
    "reason": "Bone in radiographs",
    "plaque_looked": True,
}


def summary(*exams: tuple[dict, Exam], sign: MarginSign = MarginSign.PLUS, **names) -> list[str]:
    row = {column.name: "" for column in Patient.__table__.columns}
    row |= {"id": str(PATIENT), "given": "Inês", "family": "Reis", "number": "11764", "tags": []}
    record = RecordData(
        patient_id=PATIENT,
        tables={
            "patient": ({**row, **names},),
            "perio_exam": tuple(head for head, _exam in exams),
            "perio_tooth": tuple(
                each for head, exam in exams for each in tooth_rows(exam, head["id"])
            ),
        },
        names={},
        clinic={"name": "Harbour Street Dental"},
        files={},
    )
    made = datetime(2026, 5, 3, 9, tzinfo=UTC)
    return texts(render_summary(summary_of(record, head(), made, sign=sign)))


def test_a_signed_exam_says_who_what_and_why() -> None:
    said = words(" ".join(summary((exam_row("a", **SIGNED), mouth()))))
    for wanted in (
        "Periodontal exams 12 Mar 2026 Rui Tavares Signed by Dr Amara Nwosu, 12 March 2026, 14:19.",
        "Bleeding 32 % of 186", "Plaque 0 % of 186", "Calculus not looked for",
        "Decided: Stage III, grade C, localized.", "Reason: Bone in radiographs",
        "Depth · buccal", "Depth · palatal", "Depth · lingual", "Teeth probed 31",
        "Margin: + recession, − coronal to the CEJ",
    ):  # fmt: skip
        assert wanted in said, (wanted, said)


def test_its_figures_are_those_of_the_exam() -> None:
    said = summary((exam_row("a", **SIGNED), mouth(deep=9)))[0]
    rows = [words(line) for line in said.splitlines()]
    (depths,) = [row for row in rows if row.startswith("Depth · buccal 3 2 3 3 2 9")]
    # 17 is the first that is probed, 18 is missing; the mesial site of 16 stands last of its three.
    assert depths.split()[3:9] == ["3", "2", "3", "3", "2", "9"]


def test_a_draft_says_so_and_what_nobody_measured_is_no_zero() -> None:
    exam = Exam({fdi: ToothReading(fdi) for fdi in PERMANENT})
    said = words(" ".join(summary((exam_row("a"), exam))))
    assert "Draft, not signed." in said
    assert "Bleeding not examined" in said
    assert "Stage and grade: not decided." in said
    assert "0 %" not in said


def test_no_exam_is_told() -> None:
    assert "Periodontal exams Nothing is recorded." in words(" ".join(summary()))


def test_the_newest_first_each_with_its_figures() -> None:
    later = exam_row("b", on_day="2026-05-02")
    said = words(" ".join(summary((exam_row("a", **SIGNED), mouth()), (later, mouth(deep=4)))))
    assert said.index("2 May 2026") < said.index("12 Mar 2026")
    assert said.count("Depth · buccal") == 4


def test_by_the_sign_of_the_clinic() -> None:
    said = words(" ".join(summary((exam_row("a"), mouth()), sign=MarginSign.MINUS)))
    assert "Margin (rec. −)" in said
    assert "Margin: − recession, + coronal to the CEJ" in said


@pytest.mark.parametrize("language", ["en", "es", "pt"])
def test_long_names_and_many_exams_take_pages_and_lose_nothing(language) -> None:
    exams = [
        (exam_row(str(number), on_day=date(2026, 1, 1 + number).isoformat(),
                  **{**SIGNED, "signer": LONG, "reason": "x " * 400}, author=LONG,
                  brought_from=LONG), mouth())
        for number in range(5)
    ]  # fmt: skip
    with in_language(language):
        pages = summary(*exams, given=LONG, family=LONG)
    said = words(" ".join(pages))
    assert len(pages) > 2
    assert said.count("x x x x x x x x") >= 5
    assert said.count("Wongsawatkulchai") >= 15
