"""Patients from a file: read, compared with the records, registered a thousand at a time."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.births import age_in_years, earliest_birth
from clinic_desktop.domain.folding import fold, words_in
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.imported.people import (
    PersonName,
    SexCodes,
    read_phones,
    read_sex,
    split_name,
    title_of,
)
from clinic_desktop.domain.names import (
    full_name,
    search_words,
    sort_key,
    tidy,
)
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _
from clinic_desktop.services.imports.already import alike, numbered
from clinic_desktop.services.imports.batches import as_json
from clinic_desktop.services.imports.tags import TagBook
from clinic_desktop.services.imports.writer import Cells, Entry, Writer
from clinic_desktop.services.patients import checks
from clinic_desktop.services.patients.schemas import Duplicate
from clinic_desktop.services.schemas import clean, clean_line

ADULT: Final = 18
_TWO_FAMILIES: Final = ("es", "pt", "gl", "ca")
_LARGEST_NUMBER: Final = 9_999_999
_NO_ALLERGY: Final = frozenset(
    {"", "no", "nao", "n", "none", "ninguna", "nenhuma", "nkda", "nka", "0", "-", "niega", "nega"}
)
_NOBODY_KNOWS: Final = frozenset({"?", "desconocido", "desconhecido", "unknown", "n/a", "nd"})
_STATUSES: Final = {
    **dict.fromkeys(
        ("inactive", "inactivo", "inativo", "nonpatient", "0", "no", "nao"), "inactive"
    ),
    **dict.fromkeys(("archived", "archivado", "arquivado", "baja", "deleted"), "archived"),
    **dict.fromkeys(("deceased", "fallecido", "falecido", "dead", "obito", "exitus"), "deceased"),
}

_RESERVE: Final = text("SELECT reserve_patient_numbers(:clinic, :count, :least)")
_INDEX_WORDS: Final = text("SET CONSTRAINTS clinic.word_stage_index IMMEDIATE")
_HOUSEHOLDS: Final = text(
    """
    INSERT INTO household (clinic_id, id, name, payer_id)
    SELECT :clinic, r.id, r.name, r.payer_id
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(id uuid, name text, payer_id uuid)
    """
)
_COLUMNS: Final = (
    "id uuid, number text, given text, family text, other_name text, sex text, born date, "
    "phone text, no_phone_reason text, email text, address text, city text, postcode text, "
    "country text, language text, status text, household_id uuid, guardian_id uuid, "
    "sticky_note text, sort_key text, words text[], tags uuid[]"
)
_NAMES: Final = ", ".join(part.split()[0] for part in _COLUMNS.split(", "))
_INSERT: Final = text(
    f"INSERT INTO patient (clinic_id, {_NAMES}) SELECT :clinic, {_NAMES} "  # noqa: S608 - our own names
    f"FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r({_COLUMNS})"
)
_ALERTS: Final = text(
    """
    INSERT INTO patient_alert (clinic_id, id, patient_id, kind, severity, text, substance, noted_on)
    SELECT :clinic, r.id, r.patient_id, r.kind, r.severity, r.text, r.substance, :today
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(
        id uuid, patient_id uuid, kind text, severity text, text text, substance text)
    """
)


@dataclass(slots=True)
class _Family:
    """Members of one household as they come in; it is made when the second one does."""

    first: UUID
    name: str
    id: UUID | None = None


class PatientWriter(Writer):
    """Each person of a row becomes a record; the first one's phone and address serve the others."""

    kind: ClassVar[str] = "patients"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        who = self.ctx.who
        self._two_families = who.locale.partition("_")[0] in _TWO_FAMILIES or who.country in (
            "ES", "PT", "BR", "MX", "AR", "CO", "CL", "PE", "AO", "MZ",
        )  # fmt: skip
        self._earliest = earliest_birth(self.today)
        self._seen: dict[tuple[str, date | str], int] = {}
        self._families: dict[str, _Family] = {}
        self._households: list[dict[str, Any]] = []
        self._numbers: set[str] = set()
        self._tags = TagBook(self.ctx)

    # -- reading ----------------------------------------------------------------------------

    def read(self, row: int, people: dict[int, Cells]) -> list[Entry]:
        """Return the members of the row that have a name."""
        head = people.get(0, {})
        found: list[Entry] = []
        for person, cells in sorted(people.items()):
            if person and not any(cells.get(name) for name in ("name", "given", "family")):
                continue
            found.append(self._person(row, person, cells, head))
        if len(found) > 1:
            key = f"\0{row}"
            for entry in found:
                entry.extra["household"] = entry.extra["household"] or key
                self._guard(entry, found[0])
        return found

    def _guard(self, entry: Entry, first: Entry) -> None:
        """Make the adult of the row the guardian of its children."""
        born, other = entry.values["born"], first.values["born"]
        if entry is first or born is None:
            return
        adult = other is None or age_in_years(other, self.today) >= ADULT
        if adult and age_in_years(born, self.today) < ADULT:
            entry.extra["guardian"] = first

    def _person(self, row: int, person: int, cells: Cells, head: Cells) -> Entry:
        name = self._name(row, person, cells, head)
        values: dict[str, Any] = {
            "given": name.given,
            "family": name.family,
            "other_name": tidy(cells.get("other_name", ""))[:200],
            "sex": self._sex(row, person, cells) or name.sex or "unknown",
            "born": self.day(
                row, cells, "born", earliest=self._earliest, latest=self.today, person=person
            ),
            "language": _language(cells.get("language", "")),
            "status": _STATUSES.get(fold(cells.get("status", "")).strip(), "active"),
        }
        notes = [clean(cells.get("note", ""))]
        source = cells if not person else {**head, **{k: v for k, v in cells.items() if v}}
        self._reach(row, person, source, values, notes)
        tags = self._tagged(row, person, cells, notes)
        values["sticky_note"] = "\n".join(note for note in notes if note)[:4000]
        return Entry(
            row=row,
            id=new_id(),
            name=full_name(name.given, name.family),
            values=values,
            key=clean_line(cells.get("number", ""))[:100],
            extra={
                "household": clean_line(cells.get("household", "")),
                "allergies": clean_line(cells.get("allergies", ""))[:500],
                "tags": tags,
            },
        )

    def _name(self, row: int, person: int, cells: Cells, head: Cells) -> PersonName:
        if cells.get("name"):
            name = split_name(cells["name"], two_families=self._two_families, alone=bool(person))
            family = name.family or (tidy(head.get("family", "")) if person else "")
            if person and not family and head.get("name"):
                # A child in the row of a parent is often given by the first name alone.
                family = split_name(head["name"], two_families=self._two_families).family
            name = PersonName(name.given, family, name.sex)
        else:
            family = " ".join(
                part for part in (cells.get("family", ""), cells.get("family2", "")) if part
            )
            given = cells.get("given", "")
            name = PersonName(given, family) if given else PersonName(family, "")
        if cells.get("title"):
            name = PersonName(name.given, name.family, title_of(cells["title"]) or name.sex)
        column = "name" if cells.get("name") else "given"
        try:
            given = checks.given_name(clean_line(name.given))
            family = checks.family_name(clean_line(name.family))
        except ClinicError as error:
            raise self.refuse(row, column, str(error), person) from error
        return PersonName(given, family, name.sex)

    def _sex(self, row: int, person: int, cells: Cells) -> str:
        typed = cells.get("sex", "")
        if not typed:
            return ""
        found = read_sex(typed, SexCodes(self.style("sex", person) or None))
        if found is None:
            self.doubt(
                row, "sex", _("“{text}” is not known as a sex.").format(text=typed[:40]), person
            )
        return found or "unknown"

    def _reach(
        self, row: int, person: int, cells: Cells, values: dict[str, Any], notes: list[str]
    ) -> None:
        """Fill in phone, e-mail and address; what cannot be used stays readable in the note."""
        numbers: list[str] = []
        for column in ("mobile", "phone"):
            good, bad = read_phones(cells.get(column, ""), self.ctx.who.country)
            numbers += [number for number in good if number not in numbers]
            for number in bad:
                notes.append(_("Phone as imported: {number}").format(number=number))
                sentence = _("“{text}” cannot be dialled; it is kept in the note.")
                self.doubt(row, column, sentence.format(text=number), person)
        values["phone"] = numbers[0] if numbers else ""
        values["no_phone_reason"] = "" if numbers else _("None in the imported file")
        if numbers[1:]:
            notes.append(_("Other phones: {numbers}").format(numbers=", ".join(numbers[1:])))
        email = clean_line(cells.get("email", ""))
        try:
            values["email"] = checks.email_address(email)
        except ClinicError:
            values["email"] = ""
            notes.append(_("E-mail as imported: {email}").format(email=email[:200]))
            sentence = _("“{text}” is no e-mail address; it is kept in the note.")
            self.doubt(row, "email", sentence.format(text=email[:40]), person)
        for column, longest in (("address", 500), ("city", 120), ("postcode", 20), ("country", 80)):
            typed = cells.get(column, "")
            values[column] = clean_line(typed)[:longest] if typed else ""

    def _tagged(self, row: int, person: int, cells: Cells, notes: list[str]) -> tuple[str, ...]:
        """Return the tags of a row; what cannot be one stays readable in the note."""
        names, left = self._tags.told_apart(cells.get("tags", ""))
        for name in left:
            notes.append(_("Tag as imported: {name}").format(name=name[:100]))
            sentence = _("“{name}” is too long for a tag, or one too many; it is kept in the note.")
            self.doubt(row, "tags", sentence.format(name=name[:40]), person)
        return names

    # -- settling ---------------------------------------------------------------------------

    def settle(self, entries: list[Entry]) -> list[Entry]:
        """Leave out who is in the records or stood in the file before; give record numbers."""
        taken = numbered(self.ctx, entries)
        known = alike(self.ctx, entries) if self.plan.known == "skip" else {}
        new: list[Entry] = []
        for place, entry in enumerate(entries):
            number = entry.key.zfill(5) if entry.key.isdecimal() else entry.key
            if self._is_there(entry, taken.get(number), known.get(place)):
                continue
            usable = 0 < len(number) <= 20 and number not in taken and number not in self._numbers
            if number.isdecimal() and int(number) > _LARGEST_NUMBER:
                usable = False
            entry.values["number"] = number if usable else ""
            if usable:
                self._numbers.add(number)
            new.append(entry)
        return new

    def _is_there(self, entry: Entry, numbered: Any, alike: Duplicate | None) -> bool:
        """Tell of and return whether the person of an entry is known already."""
        values = entry.values
        if self.plan.known == "add":
            return False
        name = fold(f"{values['given']} {values['family']}")
        if (
            numbered is not None
            and numbered.there
            and fold(f"{numbered.given} {numbered.family}") == name
        ):
            self.remember(entry.key, numbered.id)
            there = full_name(numbered.given, numbered.family)
            self.is_known(entry.row, entry.name, f"{numbered.number} · {there}")
            return True
        if alike is not None:
            self.remember(entry.key, alike.id)
            self.is_known(entry.row, entry.name, f"{alike.number} · {alike.name}", alike.reasons)
            return True
        key = (name, values["born"] or values["phone"])
        if key[1] and key in self._seen:
            self.is_known(entry.row, entry.name, _("row {row}").format(row=self._seen[key]))
            return True
        self._seen[key] = entry.row
        return False

    # -- writing ----------------------------------------------------------------------------

    def write(self, entries: list[Entry]) -> None:
        """Register a batch, with households first and alerts after."""
        self._number(entries)
        for entry in entries:
            self._place_in_family(entry)
        chosen = {entry.id for entry in entries}
        rows, alerts = [], []
        for entry in entries:
            values = entry.values
            guardian = entry.extra.get("guardian")
            values["guardian_id"] = guardian.id if guardian and guardian.id in chosen else None
            values["household_id"] = entry.extra.get("household_id")
            values["tags"] = self._tags.ids_of(entry.extra["tags"])
            rows.append({"id": entry.id, **values, **self._found_by(values)})
            alert = _alert(entry)
            if alert is not None:
                alerts.append(alert)
            self.made.append(entry.id)
            self.remember(entry.key, entry.id)
        clinic = self.ctx.clinic_id
        execute = self.ctx.connection.execute
        if self._households:
            execute(_HOUSEHOLDS, {"clinic": clinic, "rows": as_json(self._households)})
            self._households = []
        execute(_INSERT, {"clinic": clinic, "rows": as_json(rows)})
        if alerts:
            execute(_ALERTS, {"clinic": clinic, "rows": as_json(alerts), "today": self.today})

    def finish(self) -> None:
        """Have the words of all batches indexed at once, before the log is sealed."""
        self.ctx.connection.execute(_INDEX_WORDS)

    def _number(self, entries: list[Entry]) -> None:
        """Take record numbers for those without one, past every number of the file so far."""
        unnumbered = [entry for entry in entries if not entry.values["number"]]
        brought = [int(e.values["number"]) for e in entries if e.values["number"].isdecimal()]
        if not unnumbered and not brought:
            return
        with self.ctx.fresh() as alone:
            first = alone.connection.execute(
                _RESERVE,
                {
                    "clinic": self.ctx.clinic_id,
                    "count": len(unnumbered),
                    "least": max(brought, default=0),
                },
            ).scalar_one()
        for number, entry in enumerate(unnumbered, start=first):
            entry.values["number"] = f"{number:05d}"
            self._numbers.add(entry.values["number"])

    def _place_in_family(self, entry: Entry) -> None:
        key = entry.extra["household"]
        if not key:
            return
        family = self._families.get(key)
        if family is None:
            self._families[key] = _Family(entry.id, entry.values["family"] or entry.values["given"])
            family = self._families[key]
        if family.id is None:
            family.id = new_id()
            self._households.append(
                {"id": family.id, "name": family.name, "payer_id": family.first}
            )
        entry.extra["household_id"] = family.id

    def _found_by(self, values: dict[str, Any]) -> dict[str, Any]:
        names = {k: values[k] for k in ("given", "family")}
        return {
            "sort_key": sort_key(**names, locale=self.ctx.who.locale),
            "words": search_words(
                **names,
                other_name=values["other_name"],
                phone=values["phone"],
                email=values["email"],
                born=values["born"],
                number=values["number"],
            ),
        }


def _alert(entry: Entry) -> dict[str, Any] | None:
    """Return the alert that an allergy column gives: what it names, or that none is known."""
    said = entry.extra["allergies"]
    if not said or fold(said) in _NOBODY_KNOWS:
        return None
    none = fold(said).strip(" .") in _NO_ALLERGY
    return {
        "id": new_id(),
        "patient_id": entry.id,
        "kind": "no_known_allergies" if none else "allergy",
        "severity": "context" if none else "stop",
        "text": _("No known allergies") if none else said,
        "substance": "" if none else said,
    }


def _language(said: str) -> str:
    word = words_in(fold(said))[:1]
    known = {
        "en": ("en", "eng", "english", "ingles"),
        "es": ("es", "spa", "spanish", "espanol", "espanhol", "castellano"),
        "pt": ("pt", "por", "portuguese", "portugues"),
    }
    return next((code for code, names in known.items() if word and word[0] in names), "")
