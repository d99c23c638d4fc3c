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
SPECIES: Final = {
    "human": N_("Person"),
    "dog": N_("Dog"),
    "cat": N_("Cat"),
}
PURPOSES: Final = {
    "care": N_("Care"),
    "reminders": N_("Reminders"),
    "marketing": N_("News and offers"),
}
ANSWERS: Final = {
    "given": N_("Yes"),
    "refused": N_("No"),
    "unknown": N_("Not known"),
}
HOW_SAID: Final = {
    "spoken": N_("In person"),
    "phone": N_("On the phone"),
    "form": N_("On a form"),
    "message": N_("In a message"),
    "imported": N_("From another program"),
}
CHANNELS: Final = {
    "phone": N_("Phone call"),
    "sms": N_("SMS"),
    "whatsapp": N_("WhatsApp"),
    "email": N_("E-mail"),
    "letter": N_("Letter"),
}
