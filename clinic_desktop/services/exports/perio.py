"""Periodontal exams of an archive: as they leave, as a person reads them, and as they come in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import text

from clinic_desktop.domain.perio.exam import Exam, ToothReading
from clinic_desktop.domain.teeth.dentition import arch_key
from clinic_desktop.services.context import Context
from clinic_desktop.services.exports.schemas import RecordData, Rows
from clinic_desktop.services.perio.reading import reading_of

_UNKNOWN: Final = "?"
_LONGEST_NAME: Final = 200
_MARKED: Final = ("plaque", "calculus")
# Signed there, as one act with bringing it in: afterwards the database refuses every change.
_SIGN: Final = text(
    """
    UPDATE perio_exam e
    SET status = 'signed', signed_at = CAST(:at AS timestamptz), signer = :signer,
        version = e.version + 1
    WHERE e.clinic_id = :clinic AND e.id = CAST(:exam AS uuid)
    """
)


@dataclass(frozen=True)
class RecordExam:
    """An exam of a record, with the names of those who made and signed it."""

    row: dict[str, Any]
    exam: Exam

    @property
    def on(self) -> date:
        """The day of the exam."""
        return date.fromisoformat(self.row["on_day"])

    @property
    def signed_at(self) -> datetime | None:
        """When it was signed, None for a draft."""
        at = self.row["signed_at"]
        return datetime.fromisoformat(at) if at else None

    @property
    def decided(self) -> tuple[str, str, str]:
        """Stage, grade and extent as decided; empty texts are "not decided"."""
        return self.row["stage"], self.row["grade"], self.row["extent"]


def told(tables: dict[str, Rows], people: Rows) -> None:
    """Write into the exams of a record who made and signed them, by name.

    Where an exam goes on stays with the tooth typed last alone: older places say nothing.
    """
    names = {row["id"]: row["name"] for row in people}
    tables["perio_exam"] = tuple(
        {
            **row,
            "author": row["author"] or names.get(row["person_id"], _UNKNOWN),
            "signer": row["signer"] or names.get(row["signed_by"] or "", ""),
        }
        for row in tables["perio_exam"]
    )
    last: dict[str, tuple[str, str]] = {}
    for row in tables["perio_tooth"]:
        if row["resume"]:
            here = (row["updated_at"], row["id"])
            last[row["exam_id"]] = max(here, last.get(row["exam_id"], here))
    tables["perio_tooth"] = tuple(
        row if not row["resume"] or last[row["exam_id"]][1] == row["id"] else {**row, "resume": ""}
        for row in tables["perio_tooth"]
    )


def exams_of_record(record: RecordData) -> tuple[RecordExam, ...]:
    """Return the exams of a record, the newest first."""
    teeth: defaultdict[str, list[ToothReading]] = defaultdict(list)
    for row in record.rows("perio_tooth"):
        teeth[row["exam_id"]].append(reading_of(SimpleNamespace(**row)))
    rows = sorted(
        record.rows("perio_exam"), key=lambda row: (row["on_day"], row["created_at"]), reverse=True
    )
    return tuple(RecordExam(row, _exam(row, teeth[row["id"]])) for row in rows)


def _exam(row: dict[str, Any], teeth: Iterable[ToothReading]) -> Exam:
    found = {one.tooth: one for one in sorted(teeth, key=lambda one: arch_key(one.tooth))}
    marks = {name: any(any(getattr(one, name)) for one in found.values()) for name in _MARKED}
    return Exam(
        found,
        plaque_looked=row["plaque_looked"] or marks["plaque"],
        calculus_looked=row["calculus_looked"] or marks["calculus"],
    )


def as_drafts(ctx: Context, record: RecordData) -> list[dict[str, Any]]:
    """Return the exams as they are written first: drafts in the name of who brings them in."""
    found = []
    for row in record.rows("perio_exam"):
        signed = row["status"] == "signed"
        found.append(
            {
                **row,
                "person_id": str(ctx.who.person_id),
                "brought_from": row.get("brought_from") or _clinic(record),
                "author": row.get("author") or _name(record, row["person_id"]),
                "status": "draft",
                "signed_at": None,
                "signed_by": None,
                "signer": "",
                # Signing makes one more of it: then it is the version it was.
                "version": row["version"] - 1 if signed else row["version"],
            }
        )
    return found


def freeze(ctx: Context, record: RecordData) -> None:
    """Sign the exams that were signed where they come from, in the names of those who did."""
    for row in record.rows("perio_exam"):
        if row["status"] == "signed":
            ctx.connection.execute(
                _SIGN,
                {
                    "clinic": ctx.clinic_id,
                    "exam": row["id"],
                    "at": row["signed_at"],
                    "signer": row.get("signer") or _name(record, row["signed_by"]),
                },
            )


def _clinic(record: RecordData) -> str:
    return (record.clinic["name"] or _UNKNOWN)[:_LONGEST_NAME]


def _name(record: RecordData, person: str | None) -> str:
    names = {row["id"]: row["name"] for row in record.names.get("person", ())}
    return str(names.get(person or "", _UNKNOWN))[:_LONGEST_NAME]
