"""What the words kept of a patient are called: status, sex, the way to reach them."""

from typing import Final

from clinic_desktop.i18n import N_

STATUSES: Final = {
    "active": N_("Active"),
    "inactive": N_("Inactive"),
    "deceased": N_("Deceased"),
    "archived": N_("Archived"),
}
SEXES: Final = {
    "female": N_("Female"),
    "male": N_("Male"),
    "other": N_("Other"),
    "unknown": N_("Not recorded"),
}
CHANNELS: Final = {
    "phone": N_("Phone call"),
    "sms": N_("SMS"),
    "whatsapp": N_("WhatsApp"),
    "email": N_("E-mail"),
    "letter": N_("Letter"),
}
