"""A patient's whole record as an encrypted archive, with the summary that a person reads."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from clinic_desktop.documents.formats import Formats
from clinic_desktop.documents.of_clinic import head_of, language_of
from clinic_desktop.documents.papers import ClinicHead
from clinic_desktop.documents.summary import SummaryPaper, SummarySection, render_summary
from clinic_desktop.domain.names import full_name
from clinic_desktop.domain.perio.evidence import stage_words
from clinic_desktop.domain.perio.exam import Exam
from clinic_desktop.domain.perio.figures import figure_rows
from clinic_desktop.domain.perio.indices import indices
from clinic_desktop.domain.perio.margins import MarginSign
from clinic_desktop.domain.phones import show_phone
from clinic_desktop.domain.teeth.numbering import Notation
from clinic_desktop.i18n import _, in_language
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.context import Context
from clinic_desktop.services.exports.archive import seal
from clinic_desktop.services.exports.perio import exams_of_record
from clinic_desktop.services.exports.record import gather
from clinic_desktop.services.exports.schemas import RecordData


def record_archive(ctx: Context, patient_id: UUID, passphrase: str) -> bytes:
    """Return everything about a patient, encrypted; the export is written to the access log.

    Raises NotFoundError, NotAllowedError, InvalidError (``passphrase``).
    """
    record = gather(ctx, patient_id)
    card = clinic.clinic_card(ctx)
    with in_language(language_of(record.patient["language"], card)):
        paper = summary_of(
            record,
            head_of(card),
            ctx.now,
            notation=card.notation,
            sign=MarginSign(card.margin_sign),
        )
        summary = render_summary(paper)
    return seal(record, summary, passphrase)


def summary_of(
    record: RecordData,
    head: ClinicHead,
    now: datetime,
    *,
    notation: str = Notation.FDI,
    sign: MarginSign = MarginSign.PLUS,
) -> SummaryPaper:
    """Return what stands on the summary, in the language in force."""
    told = _Told(record, Formats(head))
    row = record.patient
    return SummaryPaper(
        head=head,
        name=full_name(row["given"], row["family"]),
        number=row["number"],
        facts=tuple(told.facts()),
        sections=tuple(told.sections()),
        made_at=now,
        note=_("All that this clinic holds about the patient on {date}.").format(
            date=told.formats.date_and_time(now)
        ),
        notation=notation,
        margin_sign=sign,
    )


class _Told:
    """The rows of a record as a person reads them."""

    def __init__(self, record: RecordData, formats: Formats) -> None:
        self.record = record
        self.formats = formats
        self._names = {row["id"]: row["name"] for rows in record.names.values() for row in rows}

    def day(self, text: str | None) -> str:
        """Return the date of a stored day or instant."""
        if not text:
            return ""
        if len(text) == len("2026-01-01"):
            return self.formats.short_date(date.fromisoformat(text))
        return self.formats.date_and_time(datetime.fromisoformat(text))

    def facts(self) -> Iterator[tuple[str, str]]:
        """Yield what is known of the person."""
        row = self.record.patient
        place = ", ".join(
            part for part in (row["address"], row["postcode"], row["city"], row["country"]) if part
        )
        guardians = self.record.rows("guardian")
        guardian = ", ".join(full_name(one["given"], one["family"]) for one in guardians)
        for name, value in (
            (_("Other name"), row["other_name"]),
            (_("Birth date"), self.day(row["born"])),
            (_("Phone"), show_phone(row["phone"]) if row["phone"] else row["no_phone_reason"]),
            (_("E-mail"), row["email"]),
            (_("Address"), place),
            (_("Guardian"), guardian),
            (_("Note"), row["sticky_note"]),
        ):
            if value:
                yield name, value

    def sections(self) -> Iterator[SummarySection]:
        """Yield every part of the record, empty ones too: that nothing is known is told."""
        for title, table, words in (
            (_("Alerts"), "patient_alert", self._alert),
            (_("Appointments"), "appointment", self._appointment),
            (_("Chart"), "chart_item", self._charted),
            (_("Periodontal exams"), "perio_exam", self._examined),
            (_("Notes"), "note_version", self._note),
            (_("Prescriptions"), "prescription_item", self._prescribed),
            (_("Account"), "posting", self._posted),
            (_("Invoices"), "invoice", self._billed),
            (_("Documents"), "document", self._paper),
            (_("Images"), "attachment", self._image),
        ):
            rows = self.record.rows(table)
            figures: tuple[Exam, ...] = ()
            if table == "perio_exam":
                exams = exams_of_record(self.record)
                rows = tuple(one.row for one in exams)
                figures = tuple(one.exam for one in exams)
            lines = tuple(line for row in rows if (line := words(row)))
            none = _("Nothing is recorded.")
            yield SummarySection(title=title, lines=lines, none=none, figures=figures)

    def _alert(self, row: dict[str, Any]) -> tuple[str, str]:
        return self.day(row["noted_on"]), row["text"]

    def _appointment(self, row: dict[str, Any]) -> tuple[str, str]:
        who = self._names.get(row["provider_id"], "")
        parts = (who, row["status"], row["remark"])
        return self.day(row["starts_at"]), " · ".join(part for part in parts if part)

    def _charted(self, row: dict[str, Any]) -> tuple[str, str]:
        words = self._names.get(row["treatment_id"] or "", row["code"])
        place = f"{row['tooth'] or ''} {row['surfaces']}".strip()
        parts = (place, words, row["status"], row["remark"])
        return self.day(row["since"]), " · ".join(part for part in parts if part)

    def _examined(self, row: dict[str, Any]) -> tuple[str, str]:
        """Return who made and signed an exam, its indices with their n, what was decided."""
        exam = next(one for one in exams_of_record(self.record) if one.row["id"] == row["id"])
        signed = _("Draft, not signed.")
        if row["signer"]:
            signed = _("Signed by {name}, {moment}.").format(
                name=row["signer"], moment=self.day(row["signed_at"])
            )
        elsewhere = ""
        if row["brought_from"]:
            elsewhere = _("From the record of {clinic}.").format(clinic=row["brought_from"])
        figures = [f"{name} {value}" for name, (value,) in figure_rows([indices(exam.exam)])]
        decided = _("Stage and grade: not decided.")
        if row["stage"]:
            decided = _("Decided: {what}.").format(what=stage_words(*exam.decided))
        reason = _("Reason: {reason}").format(reason=row["reason"]) if row["reason"] else ""
        head = " ".join(part for part in (signed, elsewhere) if part)
        parts = (row["author"], head, " · ".join(figures), decided, reason, row["remark"])
        return self.day(row["on_day"]), "\n".join(part for part in parts if part)

    def _note(self, row: dict[str, Any]) -> tuple[str, str]:
        notes = {one["id"]: one for one in self.record.rows("note")}
        author = self._names.get(notes.get(row["note_id"], {}).get("author_id", ""), "")
        return self.day(row["created_at"]), f"{author}\n{row['body']}" if author else row["body"]

    def _prescribed(self, row: dict[str, Any]) -> tuple[str, str]:
        papers = {one["id"]: one for one in self.record.rows("prescription")}
        issued = papers.get(row["prescription_id"], {}).get("issued_at")
        parts = (row["drug"], row["form"], row["dose"], row["instructions"])
        return self.day(issued), " · ".join(part for part in parts if part)

    def _posted(self, row: dict[str, Any]) -> tuple[str, str] | None:
        if row["account"] != "receivable":
            return None
        entries = {one["id"]: one for one in self.record.rows("journal_entry")}
        entry = entries[row["journal_entry_id"]]
        words = row["text"] or entry["memo"] or entry["kind"]
        return self.day(entry["day"]), f"{words} · {self.formats.money(row['amount'])}"

    def _billed(self, row: dict[str, Any]) -> tuple[str, str]:
        number = f"{row['series']}/{row['year']}/{row['number']}" if row["number"] else _("draft")
        return self.day(row["issued_on"]), f"{number} · {self.formats.money(row['total'])}"

    def _paper(self, row: dict[str, Any]) -> tuple[str, str]:
        return self.day(row["created_at"]), row["title"]

    def _image(self, row: dict[str, Any]) -> tuple[str, str]:
        words = " · ".join(part for part in (row["title"], row["note"]) if part)
        return self.day(row["taken_on"] or row["created_at"]), words
