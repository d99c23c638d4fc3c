"""What happened with a patient, in words: one line and a smaller one for each entry."""

from typing import Final

from clinic_desktop.domain.labels import CHANNELS, HOW_SAID, PURPOSES
from clinic_desktop.domain.perio.evidence import stage_words
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.patients.alerts import KINDS
from clinic_desktop.services.timeline.schemas import TimelineEntry
from clinic_desktop.ui.history.words import field_label
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.widgets.cells import Cell

# Each event: icon and sentence. {subject} are the record's own words, {by} who did it.
EVENTS: Final = {
    ("visit", "booked"): ("calendar-plus", N_("Visit booked")),
    ("visit", "confirmed"): ("circle-check", N_("Visit confirmed")),
    ("visit", "arrived"): ("door-open", N_("Arrived")),
    ("visit", "seated"): ("armchair", N_("Seated")),
    ("visit", "done"): ("check-check", N_("Visit done")),
    ("visit", "missed"): ("user-x", N_("Visit missed")),
    ("visit", "cancelled"): ("calendar-x", N_("Visit cancelled")),
    ("visit", "rescheduled"): ("corner-up-right", N_("Visit moved to another day")),
    ("note", "opened"): ("square-pen", N_("Note opened")),
    ("note", "amended"): ("square-pen", N_("Addendum opened")),
    ("note", "signed"): ("signature", N_("Note signed")),
    ("chart", "condition"): ("tooth", N_("Findings charted")),
    ("chart", "planned"): ("tooth", N_("Treatment planned")),
    ("chart", "in_progress"): ("tooth", N_("Treatment begun")),
    ("chart", "done"): ("tooth", N_("Treatment done")),
    ("chart", "existing"): ("tooth", N_("Earlier work charted")),
    ("chart", "elsewhere"): ("tooth", N_("Work of others charted")),
    ("chart", "referred"): ("tooth", N_("Referred")),
    ("perio", "begun"): ("activity", N_("Periodontal exam begun")),
    ("perio", "signed"): ("activity", N_("Periodontal exam signed")),
    ("money", "charge"): ("receipt", N_("Charged")),
    ("money", "payment"): ("banknote", N_("Paid")),
    ("money", "adjustment"): ("scale", N_("Adjusted")),
    ("money", "write_off"): ("scissors", N_("Written off")),
    ("money", "refund"): ("undo-2", N_("Refunded")),
    ("money", "deposit"): ("banknote", N_("Deposit taken")),
    ("money", "reversed"): ("undo-2", N_("Entry reversed")),
    ("invoice", "issued"): ("receipt-text", N_("Invoice issued")),
    ("prescription", "issued"): ("pill", N_("Prescription issued")),
    ("document", "stored"): ("file-text", N_("Document stored")),
    ("alert", "added"): ("triangle-alert", N_("Alert added")),
    ("alert", "withdrawn"): ("circle-check", N_("Alert withdrawn")),
    ("consent", "given"): ("circle-check", N_("Contact agreed to")),
    ("consent", "refused"): ("ban", N_("Contact refused")),
    ("consent", "unknown"): ("circle-help", N_("Consent no longer known")),
    ("record", "registered"): ("user-plus", N_("Registered")),
    ("record", "changed"): ("pencil", N_("Record changed")),
    ("record", "merged"): ("layers", N_("Another record merged into this one")),
    ("record", "unmerged"): ("unlink", N_("A merge taken apart")),
}
# Where an entry is opened: the record's tab.
TABS: Final = {
    "visit": "overview",
    "note": "notes",
    "chart": "chart",
    "perio": "perio",
    "money": "ledger",
    "invoice": "ledger",
    "prescription": "prescribe",
    "document": "documents",
}


def _of_alert(entry: TimelineEntry) -> list[str]:
    kind = _(KINDS.get(entry.detail, entry.detail))
    return [kind] if kind == entry.subject else [kind, entry.subject]


def _of_exam(entry: TimelineEntry) -> list[str]:
    return [stage_words(*entry.subject.split(","))] if entry.subject else []


# A visit that was booked says for when, one that has another time says which.
_WHEN: Final = {
    "booked": N_("Visit booked for {moment}"),
    "rescheduled": N_("Visit moved to {moment}"),
}
_SECOND: Final = {"alert": _of_alert, "perio": _of_exam}


def heading_of(entry: TimelineEntry, looks: Looks) -> str:
    """Return the day above its entries: Today, or the date."""
    return _("Today") if looks.is_today(entry.at) else looks.day(entry.at)


def line_of(entry: TimelineEntry, looks: Looks) -> Cell:
    """Return the entry: what happened, and below it what is known of it."""
    icon, words = EVENTS[entry.kind, entry.event]
    first, second = _(words), []
    if entry.kind == "visit":
        if entry.event in _WHEN and entry.about is not None:
            moment = looks.day_and_time(entry.about)
            first = _(_WHEN[entry.event]).format(moment=moment)
        second = [entry.subject, entry.detail]
    elif entry.kind == "chart":
        count = ngettext("{count} entry", "{count} entries", entry.count)
        second = [count.format(count=entry.count), entry.subject] if entry.count > 1 else [
            entry.subject
        ]  # fmt: skip
    elif entry.kind in _SECOND:
        second = _SECOND[entry.kind](entry)
    elif entry.kind == "consent":
        channel, purpose, how = entry.subject.split(",")
        second = [_(CHANNELS[channel]), _(PURPOSES[purpose]), _(HOW_SAID[how]), entry.detail]
    elif entry.event == "changed":
        fields = (field_label(name) for name in entry.subject.split(","))
        second = [", ".join(dict.fromkeys(fields))]
    elif entry.kind == "note":
        second = [_("Unsigned draft")] if entry.detail == "draft" else []
    elif entry.subject and entry.kind in ("invoice", "prescription", "record"):
        second = [_("No. {number}").format(number=entry.subject)]
    else:
        second = [entry.subject, entry.detail]
    if entry.by:
        second.append(entry.by)
    return Cell(first, second=" · ".join(dict.fromkeys(part for part in second if part)), icon=icon)
