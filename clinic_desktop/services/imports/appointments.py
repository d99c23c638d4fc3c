"""Appointments from a file: past ones as history, coming ones as bookings."""

from bisect import bisect_left
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import select, text

from clinic_desktop.domain.folding import fold, words_in
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.imported.amounts import read_count
from clinic_desktop.domain.imported.dates import joined, read_clock
from clinic_desktop.domain.local_time import instant_of
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _
from clinic_desktop.models import Chair, Provider
from clinic_desktop.services.imports.batches import as_json
from clinic_desktop.services.imports.whose import OfPatients
from clinic_desktop.services.imports.writer import Cells, Entry
from clinic_desktop.services.schemas import clean, clean_line

_LONGEST_MINUTES: Final = 24 * 60
_YEARS: Final = 40
_USUAL_MINUTES: Final = 30
_STATUSES: Final = {
    **dict.fromkeys(
        ["done", "complete", "completed", "realizada", "realizado", "concluida", "concluido",
        "atendida", "atendido", "efectuada", "finalizada", "hecha"],
        "done",
    ),
    **dict.fromkeys(["cancelled", "canceled", "anulada", "anulado", "cancelada", "cancelado",
    "desmarcada"],
                    "cancelled"),
    **dict.fromkeys(["missed", "noshow", "broken", "faltou", "falta", "ausente"], "missed"),
    **dict.fromkeys(["confirmed", "confirmada", "confirmado"], "confirmed"),
}  # fmt: skip
_TAKEN: Final = text(
    """
    SELECT e.n FROM unnest(CAST(:n AS int[]), CAST(:resources AS uuid[]),
                           CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]))
         AS e(n, resource_id, starts_at, ends_at)
    WHERE EXISTS (
        SELECT FROM appointment_resource r
        WHERE r.clinic_id = :clinic AND r.resource_id = e.resource_id AND r.blocking
          AND r.own_time && tstzmultirange(tstzrange(e.starts_at, e.ends_at, '[)')))
    """
)
_INSERT: Final = text(
    """
    INSERT INTO appointment (clinic_id, id, patient_id, provider_id, chair_id, starts_at, ends_at,
                             local_start, zone, status, reason, remark, source)
    SELECT :clinic, r.id, r.patient_id, r.provider_id, r.chair_id, r.starts_at, r.ends_at,
           r.local_start, :zone, r.status, r.reason, r.remark, 'import'
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(
        id uuid, patient_id uuid, provider_id uuid, chair_id uuid, starts_at timestamptz,
        ends_at timestamptz, local_start timestamp, status text, reason text, remark text)
    """
)


class AppointmentWriter(OfPatients):
    """Times are the clinic's; what overlaps somebody's time is told instead of refused later."""

    kind: ClassVar[str] = "appointments"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._providers = self._named(Provider, ("name", "short_name"))
        self._chairs = self._named(Chair, ("name",))
        self._held: dict[UUID, list[tuple[datetime, datetime]]] = {}

    def _named(self, model: Any, fields: tuple[str, ...]) -> dict[str, UUID]:
        rows = self.ctx.connection.execute(
            select(model.id, *(getattr(model, name) for name in fields)).where(
                model.clinic_id == self.ctx.clinic_id, model.deleted_at.is_(None)
            )
        )
        return {_plain(name): row[0] for row in rows for name in row[1:]}

    def read(self, row: int, people: dict[int, Cells]) -> list[Entry]:
        """Return the appointment of a row, its patient still to be found."""
        cells = people[0]
        who = self.who(row, cells)
        local, ends = self._times(row, cells)
        provider = self._providers.get(_plain(cells.get("provider", "")))
        if provider is None:
            raise self.refuse(
                row,
                "provider",
                _("“{name}” is not a provider of this clinic. Add them first.").format(
                    name=cells.get("provider", "")[:60]
                ),
            )
        starts = self._instant(row, local)
        values = {
            "provider_id": provider,
            "chair_id": self._chair(row, cells),
            "local_start": local,
            "starts_at": starts,
            "ends_at": starts + (ends - local),
            "remark": clean(cells.get("remark", ""))[:2000],
            **self._status(cells, starts),
        }
        return [Entry(row, new_id(), who["name"], values, extra={"who": who})]

    def _times(self, row: int, cells: Cells) -> tuple[datetime, datetime]:
        typed = cells.get("starts", "")
        first, last = self.today.replace(day=1), self.today.replace(day=1)
        day = self.day(
            row,
            cells,
            "starts",
            earliest=first.replace(year=first.year - _YEARS),
            latest=last.replace(year=last.year + 5),
        )
        if day is None:
            raise self.refuse(row, "starts", _("The day is missing."))
        try:
            clock = read_clock(cells.get("clock", "")) or read_clock(typed)
            if clock is None:
                raise self.refuse(row, "clock", _("The time of day is missing."))
            local = joined(day, clock)
            end = read_clock(cells.get("ends", ""))
            minutes = read_count(cells.get("minutes", "")) or _USUAL_MINUTES
        except ClinicError as error:
            raise self.refuse(row, "clock", str(error)) from error
        ends = joined(day, end) if end is not None else local + timedelta(minutes=minutes)
        if not timedelta() < ends - local <= timedelta(minutes=_LONGEST_MINUTES):
            raise self.refuse(row, "ends", _("The appointment ends before it starts."))
        return local, ends

    def _instant(self, row: int, local: datetime) -> datetime:
        try:
            return instant_of(local, self.ctx.zone, locale=self.ctx.who.locale)
        except ClinicError as error:
            raise self.refuse(row, "starts", str(error)) from error

    def _chair(self, row: int, cells: Cells) -> UUID | None:
        named = cells.get("chair", "")
        chair = self._chairs.get(_plain(named))
        if named and chair is None:
            sentence = _("“{name}” is not a room of this clinic; the row is taken without one.")
            self.doubt(row, "chair", sentence.format(name=named[:60]))
        return chair

    def _status(self, cells: Cells, starts: datetime) -> dict[str, str]:
        past = starts < self.ctx.now
        words = "".join(words_in(fold(cells.get("status", ""))))
        status = _STATUSES.get(words, "done" if past else "pending")
        if not past and status in ("done", "missed"):
            status = "pending"
        reason = clean_line(cells.get("status", "")) if status == "cancelled" else ""
        return {"status": status, "reason": reason[:500]}

    # -- settling and writing ---------------------------------------------------------------

    def settle(self, entries: list[Entry]) -> list[Entry]:
        """Leave out rows without a patient, and those whose provider or chair is taken."""
        known = self.found(entries)
        taken = self._taken(known)
        kept: list[Entry] = []
        for place, entry in enumerate(known):
            blocks = entry.values["status"] not in ("cancelled", "missed")
            if blocks and (place in taken or self._overlaps(entry)):
                self.refuse(entry.row, "starts", _("Provider or room are taken at this time."))
                continue
            if blocks:
                self._hold(entry)
            kept.append(entry)
        return kept

    @staticmethod
    def _resources(entry: Entry) -> list[UUID]:
        values = entry.values
        return [one for one in (values["provider_id"], values["chair_id"]) if one is not None]

    def _taken(self, entries: list[Entry]) -> set[int]:
        asked = [
            (place, resource, entry.values["starts_at"], entry.values["ends_at"])
            for place, entry in enumerate(entries)
            for resource in self._resources(entry)
        ]
        if not asked:
            return set()
        n, resources, starts, ends = (list(column) for column in zip(*asked, strict=True))
        with self.ctx.fresh() as before:
            rows = before.connection.execute(
                _TAKEN,
                {
                    "clinic": self.ctx.clinic_id,
                    "n": n,
                    "resources": resources,
                    "starts": starts,
                    "ends": ends,
                },
            )
            return set(rows.scalars())

    def _overlaps(self, entry: Entry) -> bool:
        """Return whether an earlier row of the file holds the time; spans held never overlap."""
        start, end = entry.values["starts_at"], entry.values["ends_at"]
        for resource in self._resources(entry):
            held = self._held.get(resource, [])
            place = bisect_left(held, (start, end))
            if place < len(held) and held[place][0] < end:
                return True
            if place and held[place - 1][1] > start:
                return True
        return False

    def _hold(self, entry: Entry) -> None:
        span = (entry.values["starts_at"], entry.values["ends_at"])
        for resource in self._resources(entry):
            held = self._held.setdefault(resource, [])
            held.insert(bisect_left(held, span), span)

    def write(self, entries: list[Entry]) -> None:
        """Book a batch."""
        self.ctx.connection.execute(
            _INSERT,
            {
                "clinic": self.ctx.clinic_id,
                "zone": self.ctx.who.zone,
                "rows": as_json([{"id": e.id, **e.values} for e in entries]),
            },
        )
        self.made += [entry.id for entry in entries]

    def shown(self, entry: Entry) -> tuple[str, ...]:
        """Return day, time and status."""
        local: datetime = entry.values["local_start"]
        return f"{local:%Y-%m-%d %H:%M}", entry.values["status"]


def _plain(name: str) -> str:
    return " ".join(words_in(fold(name)))
