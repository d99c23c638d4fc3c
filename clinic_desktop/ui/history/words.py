"""Tables, fields and values of the log in words that people read."""

from datetime import date, datetime, time
from typing import Final

from clinic_desktop.domain.labels import (
    ANSWERS,
    CHANNELS,
    HOW_SAID,
    PURPOSES,
    SEXES,
    SPECIES,
    STATUSES,
)
from clinic_desktop.domain.perio.evidence import DIABETES, EXTENTS, SMOKING
from clinic_desktop.domain.perio.margins import SIGNS
from clinic_desktop.domain.perio.words import STANDINGS
from clinic_desktop.domain.phones import show_phone
from clinic_desktop.domain.record_words import field_label, table_label
from clinic_desktop.domain.times import format_time
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.i18n import LANGUAGES, N_, _
from clinic_desktop.services.history.schemas import FieldChange, Value
from clinic_desktop.services.patients.alerts import KINDS
from clinic_desktop.services.patients.tagging import COLOURS
from clinic_desktop.ui.written import Written

__all__ = ["MADE", "field_label", "table_label", "value_text"]

_CHOICES: Final[dict[tuple[str, str], dict[str, str]]] = {
    ("patient", "sex"): SEXES,
    ("patient", "species"): SPECIES,
    ("patient", "prefers"): CHANNELS,
    ("patient", "status"): STATUSES,
    ("patient_alert", "kind"): KINDS,
    ("patient_consent", "channel"): CHANNELS,
    ("patient_consent", "purpose"): PURPOSES,
    ("patient_consent", "answer"): ANSWERS,
    ("patient_consent", "how"): HOW_SAID,
    ("patient_tag", "colour"): COLOURS,
    ("patient_alert", "severity"): {
        "stop": N_("Stop"),
        "caution": N_("Caution"),
        "context": N_("Context"),
    },
    ("appointment", "status"): {
        VisitStatus.PENDING: N_("Not confirmed"),
        VisitStatus.CONFIRMED: N_("Confirmed"),
        VisitStatus.ARRIVED: N_("Arrived"),
        VisitStatus.IN_CHAIR: N_("In chair"),
        VisitStatus.DONE: N_("Done"),
        VisitStatus.MISSED: N_("Missed"),
        VisitStatus.CANCELLED: N_("Cancelled"),
        VisitStatus.RESCHEDULED: N_("Moved to another day"),
    },
    ("note", "status"): {"draft": N_("Draft"), "signed": N_("Signed")},
    ("perio_exam", "status"): {"draft": N_("Draft"), "signed": N_("Signed")},
    ("clinic", "margin_sign"): {key.value: words for key, words in SIGNS.items()},
    ("perio_exam", "smoking"): SMOKING,
    ("perio_exam", "diabetes"): DIABETES,
    ("perio_exam", "extent"): EXTENTS,
    ("perio_tooth", "standing"): {key.value: word for key, word in STANDINGS.items()},
    ("invoice", "status"): {"draft": N_("Draft"), "issued": N_("Issued")},
    ("prescription", "status"): {"draft": N_("Draft"), "issued": N_("Issued")},
    ("chart_item", "status"): {
        "condition": N_("Condition"),
        "planned": N_("Planned"),
        "in_progress": N_("In progress"),
        "done": N_("Done"),
        "existing": N_("Existing here"),
        "elsewhere": N_("Existing elsewhere"),
        "referred": N_("Referred"),
    },
}
MADE: Final = {
    "added": N_("Added"),
    "changed": N_("Changed"),
    "removed": N_("Removed"),
    "returned": N_("Put back"),
}


def value_text(table: str, change: FieldChange, value: Value, written: Written) -> str:
    """Return a value as it is written on the screen; empty for none."""
    text = value.text
    if text is None:
        return ""
    choice = _CHOICES.get((table, change.field), {}).get(text)
    if choice is not None:
        return _(choice)
    if change.field == "phone":
        return show_phone(text)
    if change.field == "language":
        return LANGUAGES.get(text, text)
    match change.kind:
        case "money":
            return written.money(int(text))
        case "flag":
            return _("Yes") if text == "yes" else _("No")
        case "date":
            return written.day(date.fromisoformat(text))
        case "time":
            return format_time(time.fromisoformat(text), written.locale)
        case "moment":
            return written.moment(datetime.fromisoformat(text))
        case _:
            return text
