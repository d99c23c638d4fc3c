"""What must be known of somebody's health, from the alerts; what is not recorded is hatched."""

from typing import Final

from clinic_desktop.i18n import _
from clinic_desktop.services.patients.alerts import NONE_KNOWN
from clinic_desktop.services.patients.schemas import PatientCard
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.widgets.facts import Facts
from clinic_desktop.ui.widgets.painting import TagSpec
from clinic_desktop.ui.widgets.panel import Panel

_MEDICINES: Final = ("medicine", "anticoagulant")


class MedicalCard(Panel):
    """Allergies, medicines, conditions, pregnancy; the date says when somebody last asked."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Medical"), theme=desk.theme)
        self.set_note_right()
        self.facts = Facts(desk.theme)
        self.facts.setContentsMargins(12, 8, 12, 8)
        self.body.addWidget(self.facts)

    def show_card(self, card: PatientCard, looks: Looks) -> None:
        """Show what the record says."""
        reviewed = card.alerts_reviewed_at
        self.set_note(looks.day(reviewed) if reviewed is not None else "")
        self.facts.set_facts(medical_facts(card, looks))


def medical_facts(card: PatientCard, looks: Looks) -> list[tuple[str, str | TagSpec]]:
    """Return the lines of the card; nothing recorded is said as such, never as healthy."""
    unknown = TagSpec("unknown", _("Not recorded"), "circle-help")
    none = next((alert for alert in card.alerts if alert.kind == NONE_KNOWN), None)
    allergies: str | TagSpec = _texts(card, ("allergy",)) or unknown
    if none is not None and isinstance(allergies, TagSpec):
        allergies = _("None known, asked {day}").format(day=looks.day(none.noted_on))
    facts: list[tuple[str, str | TagSpec]] = [
        (_("Allergies"), allergies),
        (_("Medicines"), _texts(card, _MEDICINES) or unknown),
        (_("Conditions"), _texts(card, ("condition",)) or unknown),
    ]
    pregnancy = _texts(card, ("pregnancy",))
    # A man is not asked; of somebody whose sex is not recorded it is not known either.
    if pregnancy or card.sex != "male":
        facts.append((_("Pregnancy"), pregnancy or unknown))
    premedication = _texts(card, ("premedication",))
    if premedication:
        facts.append((_("Premedication"), premedication))
    return facts


def _texts(card: PatientCard, kinds: tuple[str, ...]) -> str:
    return ", ".join(alert.text for alert in card.alerts if alert.kind in kinds)
