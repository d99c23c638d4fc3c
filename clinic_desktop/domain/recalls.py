"""Recall intervals, and the usual types with what completes them.

Months are counted from the day itself, not from the last due date: six months after 31 August is
28 February, and twelve months after it 31 August again. Source of the types: recall_types.csv in
resources/reference, its intervals after NICE CG19.
"""

import csv
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.resources import resource

LONGEST: Final = {"week": 104, "month": 240}
# The calendar's last day: a recall held back until then is held back for good.
FOR_GOOD: Final = date(2199, 12, 31)

OUTCOMES: Final[dict[str, str]] = {
    "no_answer": N_("No answer"),
    "message_left": N_("Message left"),
    "will_call": N_("Will call back"),
    "declined": N_("Does not want to come"),
    "wrong_number": N_("Wrong number"),
    "booked": N_("Booked"),
}
WAYS: Final[dict[str, str]] = {
    "phone": N_("Phone"),
    "sms": N_("Text message"),
    "whatsapp": N_("WhatsApp"),
    "email": N_("E-mail"),
    "post": N_("Letter"),
    "in_person": N_("In person"),
}

_NAMES: Final = {
    "EXAM": N_("Recall examination"),
    "HYG": N_("Hygiene"),
    "PERIO": N_("Periodontal maintenance"),
    "CHILD": N_("Child prevention"),
    "BW": N_("Bitewing images"),
    "PAN": N_("Panoramic image"),
    "IMPL": N_("Implant review"),
    "ORTHO": N_("Orthodontic review"),
    "DENT": N_("Denture review"),
    "MHX": N_("Medical history update"),
}
# Codes of the neutral price list that, completed, begin the interval anew.
_COMPLETED_BY: Final = {
    "EXAM": ("EXM-010", "EXM-020"),
    "HYG": ("PRV-010", "PER-010"),
    "PERIO": ("PER-020", "PER-030", "PER-040"),
    "CHILD": ("PRV-020", "PRV-030"),
    "BW": ("IMG-020",),
    "PAN": ("IMG-040",),
}
_REPLACES: Final = {"PERIO": "HYG"}
_UNDER_AGE: Final = {"CHILD": 18}


@dataclass(frozen=True, slots=True)
class Interval:
    """How often: ``every`` weeks or months."""

    every: int
    unit: str

    def after(self, day: date) -> date:
        """Return the day that lies this long after another; month ends stay within their month."""
        if self.unit == "week":
            return day + timedelta(weeks=self.every)
        years, month = divmod(day.year * 12 + day.month - 1 + self.every, 12)
        return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))

    def words(self) -> str:
        """Return ``every 6 months`` in the interface language."""
        if self.unit == "week":
            return ngettext("every week", "every {count} weeks", self.every).format(
                count=self.every
            )
        return ngettext("every month", "every {count} months", self.every).format(count=self.every)


@dataclass(frozen=True, slots=True)
class UsualType:
    """A type that a clinic begins with."""

    code: str
    name: str
    interval: Interval
    completed_by: tuple[str, ...] = ()
    replaces: str = ""
    under_age: int | None = None


@cache
def _read() -> tuple[UsualType, ...]:
    path = resource("reference", "recall_types.csv")
    with path.open(encoding="utf-8", newline="") as file:
        found = []
        for row in csv.DictReader(file):
            count, _space, unit = row["default_interval"].partition(" ")
            # What has no interval of its own, such as vaccines, comes with its own module.
            if row["code"] not in _NAMES or not count.isdecimal():
                continue
            code = row["code"]
            found.append(
                UsualType(
                    code=code,
                    name=_NAMES[code],
                    interval=Interval(int(count), unit.rstrip("s")),
                    completed_by=_COMPLETED_BY.get(code, ()),
                    replaces=_REPLACES.get(code, ""),
                    under_age=_UNDER_AGE.get(code),
                )
            )
        return tuple(found)


def usual_types() -> tuple[UsualType, ...]:
    """Return the types of the reference data; those that others replace come first."""
    return tuple(sorted(_read(), key=lambda one: bool(one.replaces)))


def name_of(one: UsualType) -> str:
    """Return what a usual type is called, in the language in force."""
    return _(one.name)
