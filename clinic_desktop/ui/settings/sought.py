"""What the search of the settings finds besides sections: each setting, by its name and others.

``label`` is the untranslated label of a field or the title of a card, as its section writes it;
``words`` are other words for the same thing. Translated like every text, so that each language
has its own.
"""

from dataclasses import dataclass
from typing import Final

from clinic_desktop.i18n import N_


@dataclass(frozen=True)
class Sought:
    """A setting that can be found."""

    label: str
    words: tuple[str, ...] = ()


SOUGHT: Final[dict[str, tuple[Sought, ...]]] = {
    "clinic": (
        Sought(N_("Name"), (N_("Practice"),)),
        Sought(N_("Site"), (N_("Branch"),)),
        Sought(N_("Address"), (N_("Street"), N_("City"))),
        Sought(N_("Phone"), (N_("Telephone"),)),
        Sought(N_("E-mail"), (N_("Mail"),)),
        Sought(N_("Tax number"), (N_("VAT"),)),
        Sought(N_("Account for transfers (IBAN)"), (N_("Bank"),)),
        Sought(N_("Line at the foot of papers"), (N_("Footer"), N_("Legal"))),
        Sought(N_("Why invoices carry no tax"), (N_("Exemption"), N_("VAT"))),
        Sought(N_("Days to pay"), (N_("Due date"), N_("Payment term"))),
        Sought(N_("Other ways to pay"), (N_("Card"), N_("Cash"))),
        Sought(N_("Formats"), (N_("Date format"), N_("Number format"), N_("Region"))),
        Sought(N_("Tooth numbers"), (N_("Notation"), N_("FDI"), N_("Universal"), N_("Palmer"))),
        Sought(N_("Sign of margins"), (N_("Recession"), N_("Perio"), N_("CEJ"))),
        Sought(N_("Paper"), (N_("A4"), N_("Letter"), N_("Paper size"))),
        Sought(N_("Grid of the calendar"), (N_("Slots"), N_("Minutes"))),
        Sought(N_("Lock after"), (N_("Timeout"), N_("Idle"), N_("Screen lock"))),
    ),
    "calendars": (
        Sought(N_("What a feed tells"), (N_("iCalendar"), N_("Feed"))),
        Sought(N_("Whose appointments"), (N_("Provider"), N_("Feed"))),
        Sought(N_("Calendars brought in"), (N_("Busy times"), N_("iCalendar"))),
    ),
    "emergency": (Sought(N_("For yourself"), (N_("Break glass"),)), Sought(N_("Who took it"))),
    "roles": (Sought(N_("Rights of each role"), (N_("Permissions"), N_("Access"))),),
    "backup": (
        Sought(N_("The newest backup"), (N_("Back up now"), N_("Test now"))),
        Sought(N_("Recovery key"), (N_("Passphrase"), N_("Encryption"))),
        Sought(N_("Places"), (N_("USB"), N_("S3"), N_("Share"), N_("Retention"))),
        Sought(N_("What was done"), (N_("Log"),)),
    ),
    "erasure": (
        Sought(N_("Invoices and receipts"), (N_("Years"), N_("Legal"))),
        Sought(N_("Records of treatment"), (N_("Years"), N_("GDPR"))),
    ),
    "computer": (
        Sought(N_("Language before sign-in"), (N_("Translation"),)),
        Sought(N_("Theme before sign-in"), (N_("Dark"), N_("Light"), N_("Contrast"))),
        Sought(N_("Size of everything"), (N_("Scale"), N_("Zoom"), N_("Font size"))),
        Sought(N_("Name of this computer"), (N_("Device"),)),
    ),
    "images": (
        Sought(N_("Scan folder"), (N_("Scanner"), N_("Camera"), N_("Sensor"))),
    ),
}  # fmt: skip
