"""Periodontal exams as observations: what was measured, never more than that."""

from collections.abc import Iterator
from typing import Any, Final

from clinic_desktop.domain.perio.exam import Standing, ToothReading
from clinic_desktop.domain.perio.indices import indices
from clinic_desktop.domain.perio.rules import FLAGS, Measure
from clinic_desktop.domain.perio.sites import Furca, Site
from clinic_desktop.services.exports.fhir_parts import concept, filled, subject
from clinic_desktop.services.exports.perio import RecordExam, exams_of_record
from clinic_desktop.services.exports.schemas import RecordData

_UNITS: Final = "http://unitsofmeasure.org"
_STANDS: Final = {Standing.THERE: "tooth", Standing.IMPLANT: "implant at"}


def perio_resources(record: RecordData) -> Iterator[dict[str, Any]]:
    """Yield an observation for each exam with its indices, and one for each tooth probed."""
    teeth = {(row["exam_id"], row["tooth"]): row["id"] for row in record.rows("perio_tooth")}
    for one in exams_of_record(record):
        head = one.row
        common = {
            "resourceType": "Observation",
            "status": "final" if head["status"] == "signed" else "preliminary",
            "subject": subject(record),
            "effectiveDateTime": head["on_day"],
        }
        members = []
        for reading in one.exam.probed:
            found = list(_of_tooth(reading))
            if found:
                key = teeth[head["id"], reading.tooth]
                members.append({"reference": f"urn:uuid:{key}"})
                place = {"text": f"{_STANDS[reading.standing]} {reading.tooth}"}
                code = concept("periodontal tooth", "perio-tooth")
                yield {**common, "id": key, "code": code, "bodySite": place, "component": found}
        yield filled(
            {
                **common,
                "id": head["id"],
                "code": concept("periodontal examination", "perio-exam"),
                "issued": head["signed_at"],
                "performer": [{"display": head["signer"] or head["author"]}],
                "hasMember": members,
                "component": list(_of_exam(one)),
                "note": [{"text": text} for text in (head["reason"], head["remark"]) if text],
            }
        )


def _of_tooth(reading: ToothReading) -> Iterator[dict[str, Any]]:
    """Yield what was measured and marked; a site nobody measured has no component."""
    for measure in (Measure.DEPTH, Measure.MARGIN, Measure.MGJ):
        for site in Site:
            mm = reading.value(measure, site)
            if mm is not None:
                yield _part(f"{measure} {site.name}", valueQuantity=_quantity(mm, "mm"))
    for flag in FLAGS:
        for site in Site:
            if reading.value(flag, site):
                yield _part(f"{flag} {site.name}", valueBoolean=True)
    for place in Furca:
        grade = reading.furcation[place]
        if grade is not None:
            yield _part(f"furcation {place.name}", valueInteger=grade)
    if reading.mobility is not None:
        yield _part("mobility", valueInteger=reading.mobility)


def _of_exam(one: RecordExam) -> Iterator[dict[str, Any]]:
    found = indices(one.exam)
    for name, share in (("bleeding", found.bleeding), ("plaque", found.plaque)):
        if share is not None and share.percent is not None:
            yield _part(f"{name} share", valueQuantity=_quantity(round(share.percent, 1), "%"))
            yield _part(f"{name} sites examined", valueInteger=share.n)
    stage, grade, extent = one.decided
    if stage:
        yield _part("stage, grade, extent", valueString=f"{stage} {grade} {extent}".strip())


def _part(words: str, **value: Any) -> dict[str, Any]:
    return {"code": concept(words, words.replace(", ", "-").replace(" ", "-")), **value}


def _quantity(value: float | bool, unit: str) -> dict[str, Any]:
    return {"value": str(value), "unit": unit, "system": _UNITS, "code": unit}
