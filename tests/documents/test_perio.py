"""The paper of a periodontal exam: one page, every figure, what is not known said."""

from datetime import UTC, date, datetime

import pytest

from clinic_desktop.documents.perio import Beside, PerioPaper, render_perio
from clinic_desktop.domain.perio.exam import Exam, Standing, ToothReading
from clinic_desktop.domain.perio.facts import Background
from clinic_desktop.domain.perio.proposal import propose
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.teeth.dentition import PERMANENT
from clinic_desktop.i18n import in_language
from tests.documents.reading import texts, words
from tests.documents.samples import head

DAY = date(2026, 3, 12)


def mouth(*, deep: int = 7, probed: tuple[int, ...] = PERMANENT) -> Exam:
    teeth = {}
    for fdi in PERMANENT:
        one = ToothReading(fdi, Standing.MISSING if fdi == 18 else Standing.THERE)
        if fdi in probed:
            depth = (deep if fdi == 16 else 3, 2, 3, 4 if fdi == 36 else 3, 2, 3)
            one = ToothReading(
                fdi, one.standing, depth=depth, margin=(1, 0, -1, 0, 0, 0),
                bleeding=(fdi % 3 == 0,) * 6,
            )  # fmt: skip
        teeth[fdi] = one
    teeth[16] = teeth[16].with_value(Measure.FURCATION, 0, 2).with_value(Measure.MOBILITY, 0, 1)
    return Exam(teeth, plaque_looked=False)


def paper(exam: Exam | None = None, **values) -> PerioPaper:
    exam = exam or mouth()
    return PerioPaper(
        **{
            "head": head(),
            "patient_name": "Suharti",
            "patient_number": "11764",
            "patient_born": date(1987, 4, 21),
            "on": DAY,
            "person": "Rui Tavares",
            "exam": exam,
            "proposal": propose(exam, Background(age=38, smoking="light"), on=DAY),
            "made_at": datetime(2026, 3, 12, 14, 19, tzinfo=UTC),
            **values,
        }
    )


class TestPaper:
    @pytest.mark.parametrize("language", ["en", "es", "pt"])
    @pytest.mark.parametrize("size", ["A4", "Letter"])
    def test_one_page_in_every_language(self, language, size) -> None:
        before = Beside(on=date(2025, 9, 4), exam=mouth(deep=4))
        with in_language(language):
            found = texts(render_perio(paper(head=head(paper=size), before=before, reason="x" * 300,
                                             decided=("3", "C", "generalized"))))  # fmt: skip
        assert len(found) == 1

    def test_what_stands_there(self) -> None:
        (text,) = texts(render_perio(paper(signer="Dr Amara Nwosu", signed_at=datetime(
            2026, 3, 12, 14, 19, tzinfo=UTC), decided=("3", "B", "localized"),
            reason="Bone in radiographs")))  # fmt: skip
        said = words(text)
        for wanted in (
            "Suharti", "Exam of", "12 March 2026", "Decided: Stage III, grade B, localized.",
            "Reason: Bone in radiographs", "Signed by Dr Amara Nwosu", "Proposed by the figures:",
            "Furcation class II: 16 buccal furcation.", "not looked for", "of 186",
        ):  # fmt: skip
            assert wanted in said, wanted

    def test_nobody_probed_is_no_zero(self) -> None:
        exam = Exam({fdi: ToothReading(fdi) for fdi in PERMANENT})
        (text,) = texts(render_perio(paper(exam)))
        said = words(text)
        assert "not examined" in said
        assert "0 %" not in said
        assert "Draft, not signed." in said
        assert "Not enough data for a stage" in said

    def test_twice_is_the_same_file(self) -> None:
        assert render_perio(paper()) == render_perio(paper())
