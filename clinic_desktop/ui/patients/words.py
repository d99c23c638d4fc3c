"""How facts about patients are put into words: births, visits, money, alerts, statuses."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from clinic_desktop.domain.births import age_in_years, age_text
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.labels import CHANNELS, SEXES, SPECIES, STATUSES
from clinic_desktop.domain.money import format_amount, format_money
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.patients.alerts import KINDS, NONE_KNOWN
from clinic_desktop.services.patients.schemas import AlertRow, PatientCard
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.painting import TagSpec

__all__ = [
    "CHANNELS",
    "HERE",
    "SEXES",
    "SEX_LETTERS",
    "SPECIES",
    "STATUSES",
    "VISITS",
    "Looks",
    "alert_tag",
    "alert_tags",
    "balance_words",
    "facts_line",
    "without_guardian",
]

ADULT: Final = 18
SEX_LETTERS: Final = {"female": N_("F"), "male": N_("M"), "other": N_("X")}
VISITS: Final = {
    "pending": ("dashed", "circle-dashed", N_("Not confirmed")),
    "confirmed": ("soft", "circle-check", N_("Confirmed")),
    "arrived": ("warning", "door-open", N_("Arrived")),
    "in_chair": ("accent", "armchair", N_("In chair")),
    "done": ("soft", "check-check", N_("Done")),
    "missed": ("danger", "user-x", N_("Missed")),
}
HERE: Final = ("arrived", "in_chair")
_TAGS: Final = {"stop": "danger", "caution": "warning", "context": "plain"}
_ICONS: Final = {
    "allergy": "circle-alert",
    "anticoagulant": "droplet",
    "pregnancy": "baby",
    "premedication": "heart-pulse",
    "medicine": "pill",
    "condition": "triangle-alert",
    NONE_KNOWN: "check",
    "other": "info",
}
# The words of these say by themselves what they are.
_PLAIN_KINDS: Final = frozenset({"allergy", "condition", "medicine", "other"})


@dataclass(frozen=True)
class Looks:
    """The clinic's zone, way of writing and day."""

    zone: ZoneInfo
    locale: str
    currency: str
    today: date

    @classmethod
    def of(cls, desk: Desk) -> "Looks":
        """Return the looks of now."""
        zone = ZoneInfo(desk.who.zone)
        today = desk.operations.now().astimezone(zone).date()
        return cls(zone, desk.who.locale, desk.who.currency, today)

    def day(self, moment: datetime | date) -> str:
        """Return a day: 12 Mar 2026."""
        if isinstance(moment, datetime):
            moment = moment.astimezone(self.zone).date()
        return format_date(moment, self.locale)

    def time(self, moment: datetime) -> str:
        """Return a time of day."""
        return format_time(moment.astimezone(self.zone).time(), self.locale)

    def day_and_time(self, moment: datetime) -> str:
        """Return a day with its time: 12 Mar 2026, 14:00."""
        return _("{day}, {time}").format(day=self.day(moment), time=self.time(moment))

    def is_today(self, moment: datetime) -> bool:
        """Return whether it is on the clinic's day."""
        return moment.astimezone(self.zone).date() == self.today

    def age(self, born: date, *, estimated: bool = False) -> str:
        """Return an age in words: 41 y."""
        return age_text(born, self.today, estimated=estimated)

    def years(self, born: date) -> str:
        """Return an age in completed years, as a figure."""
        return str(age_in_years(born, self.today))

    def amount(self, minor: int) -> str:
        """Return an amount without its currency."""
        return format_amount(minor, self.currency, self.locale)

    def money(self, minor: int) -> str:
        """Return an amount with its currency."""
        return format_money(minor, self.currency, self.locale)


def facts_line(card: PatientCard, looks: Looks, *, born: bool = True) -> str:
    """Return the line below a name: 41 y · F · born 3 Sep 1984 · No. 10482; Dog · 6 y · …"""
    parts = [] if card.species == "human" else [_(SPECIES[card.species])]
    if card.born is not None:
        parts.append(looks.age(card.born, estimated=card.born_estimated))
    letter = SEX_LETTERS.get(card.sex)
    if letter is not None:
        parts.append(_(letter))
    if born and card.born is not None and not card.born_estimated:
        parts.append(_("born {day}").format(day=looks.day(card.born)))
    parts.append(_("No. {number}").format(number=card.number))
    return " · ".join(parts)


def without_guardian(card: PatientCard, looks: Looks) -> str | None:
    """Return a sentence where somebody has to answer for this patient and nobody is named."""
    if card.guardian_id is not None:
        return None
    if card.species != "human":
        return _("An animal, and no guardian is named.")
    if card.born is not None and age_in_years(card.born, looks.today) < ADULT:
        return _("Under age, and no guardian is named.")
    return None


def alert_tag(alert: AlertRow, looks: Looks) -> TagSpec:
    """Return the tag of an alert; "none known" is a fact with its day."""
    if alert.kind == NONE_KNOWN:
        words = _("No known allergies, asked {day}").format(day=looks.day(alert.noted_on))
        return TagSpec("plain", words, "check")
    words = alert.text
    if alert.kind not in _PLAIN_KINDS:
        words = _("{kind}: {text}").format(kind=_(KINDS[alert.kind]), text=alert.text)
    return TagSpec(_TAGS[alert.severity], words, _ICONS[alert.kind])


def alert_tags(card: PatientCard, looks: Looks) -> tuple[TagSpec, ...]:
    """Return the tags of a card, stop first; a hatched one where nobody has asked."""
    order = list(_TAGS)
    alerts = sorted(card.alerts, key=lambda alert: order.index(alert.severity))
    tags = tuple(alert_tag(alert, looks) for alert in alerts)
    if tags:
        return tags
    if not card.asked:
        return (TagSpec("unknown", _("Allergies: not asked yet"), "circle-help"),)
    return (TagSpec("plain", _("No alerts"), "check"),)


def balance_words(minor: int, looks: Looks) -> tuple[str, str]:
    """Return the label and the amount of a balance: what is to pay, or a credit."""
    if minor < 0:
        return _("In credit"), looks.money(-minor)
    return _("To pay"), looks.money(minor)
