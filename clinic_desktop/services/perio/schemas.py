"""Periodontal exams in and out; teeth in FDI numbers, measures in mm."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from clinic_desktop.domain.perio.exam import Cell, Exam, Standing, ToothReading
from clinic_desktop.domain.perio.facts import Background, Complexity
from clinic_desktop.domain.perio.margins import MarginSign
from clinic_desktop.domain.perio.rules import Measure, Path
from clinic_desktop.services.schemas import Input, Line, Row, Text

Smoking = Literal["", "none", "light", "heavy"]
Diabetes = Literal["", "none", "controlled", "uncontrolled"]


class ExamRow(Row):
    """An exam without its sites; ``person`` made it, ``signer`` signed it.

    ``brought_from`` is the clinic where they did, when an archive brought the exam in.
    """

    id: UUID
    version: int
    patient_id: UUID
    brought_from: str = ""
    person: str
    on_day: date
    path: Path
    status: str
    plaque_looked: bool
    calculus_looked: bool
    lost_teeth: int | None
    bone_loss: int | None
    smoking: str
    diabetes: str
    complexity: tuple[Complexity, ...]
    stage: str
    grade: str
    extent: str
    proposed: str
    reason: str
    remark: str
    created_at: datetime
    signed_at: datetime | None
    signer: str | None

    @property
    def signed(self) -> bool:
        """Whether nothing of it changes any more."""
        return self.status == "signed"


@dataclass(frozen=True)
class ExamData:
    """An exam with all its teeth; ``resume`` is the cell that follows the one typed last."""

    head: ExamRow
    teeth: tuple[ToothReading, ...]
    resume: Cell | None

    @cached_property
    def exam(self) -> Exam:
        """The readings by tooth; a mark of plaque says that plaque was looked for."""
        return Exam(
            {one.tooth: one for one in self.teeth},
            plaque_looked=self.head.plaque_looked or any(any(one.plaque) for one in self.teeth),
            calculus_looked=self.head.calculus_looked
            or any(any(one.calculus) for one in self.teeth),
        )

    def background(self, born: date | None) -> Background:
        """Return what is known beside the probe on the day of the exam."""
        head = self.head
        age = None
        if born is not None:
            before = (head.on_day.month, head.on_day.day) < (born.month, born.day)
            age = max(0, head.on_day.year - born.year - before)
        return Background(
            age=age,
            lost_teeth=head.lost_teeth,
            bone_loss=head.bone_loss,
            smoking=head.smoking,
            diabetes=head.diabetes,
            complexity=frozenset(head.complexity),
        )


@dataclass(frozen=True)
class PatientPerio:
    """A patient's exams, the newest first, and what else the screen needs."""

    patient_id: UUID
    born: date | None
    today: date
    exams: tuple[ExamData, ...]
    margin_sign: MarginSign = MarginSign.PLUS

    @property
    def draft(self) -> ExamData | None:
        """The exam under way."""
        return next((one for one in self.exams if not one.head.signed), None)

    @property
    def signed(self) -> tuple[ExamData, ...]:
        """The exams that are signed, the newest first."""
        return tuple(one for one in self.exams if one.head.signed)


class CellWrite(Input):
    """A cell as it was typed; ``before`` is what the person saw there.

    The value of a mark is True or False, of a measure a number or None for "taken out again".
    """

    tooth: int
    measure: Measure
    place: Annotated[int, Field(ge=0, le=5)] = 0
    value: bool | int | None
    before: bool | int | None = None

    @property
    def cell(self) -> Cell:
        """The cell."""
        return Cell(self.tooth, self.measure, self.place)


class Clash(Row):
    """A cell that somebody else had filled otherwise; theirs stands, and ``who`` they are."""

    write: CellWrite
    theirs: bool | int | None
    who: str = ""


class Typed(Row):
    """What became of cells that were typed."""

    at: datetime
    clashes: tuple[Clash, ...]


class ExamChange(Input):
    """What is said of an exam beside its sites; what is not given stays as it is."""

    path: Path | None = None
    plaque_looked: bool | None = None
    calculus_looked: bool | None = None
    remark: Annotated[Text, Field(max_length=4000)] | None = None

    def changes(self) -> dict[str, Any]:
        """Return the columns that change."""
        return self.model_dump(exclude_none=True)


class BackgroundValues(Input):
    """What is known beside the probe; None and an empty text say "not recorded"."""

    lost_teeth: Annotated[int, Field(ge=0, le=32)] | None = None
    bone_loss: Annotated[int, Field(ge=0, le=100)] | None = None
    smoking: Smoking = ""
    diabetes: Diabetes = ""
    complexity: tuple[Complexity, ...] = ()


class Decision(Input):
    """Stage, grade and extent as a clinician decides; another than proposed needs a reason."""

    stage: Literal["", "0", "1", "2", "3", "4"]
    grade: Literal["", "A", "B", "C"] = ""
    extent: Literal["", "localized", "generalized", "molar_incisor"] = ""
    reason: Annotated[Line, Field(max_length=1000)] = ""

    @property
    def text(self) -> str:
        """The decision as a proposal is kept: ``3 B generalized``."""
        return f"{self.stage} {self.grade} {self.extent}".rstrip()


class NewExam(Input):
    """An exam to begin; ``id`` is made by the screen, so that beginning twice is one act."""

    id: UUID
    patient_id: UUID
    path: Path = Path.RIGHT_LEFT


class StandingChange(Input):
    """Whether a tooth is there to be probed."""

    tooth: int
    standing: Standing
