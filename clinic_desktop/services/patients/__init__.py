"""Patients: found, registered, opened, changed, with what must be known before touching them."""

from clinic_desktop.services.patients.alerts import (
    add_alert,
    alerts,
    review_alerts,
    withdraw_alert,
)
from clinic_desktop.services.patients.cards import last_save, open_patient, overview
from clinic_desktop.services.patients.duplicates import possible_duplicates
from clinic_desktop.services.patients.lists import count, list_page, some
from clinic_desktop.services.patients.merge import merge, merges, preview_merge, unmerge, where_is
from clinic_desktop.services.patients.pairs import (
    duplicate_pairs,
    maybe_the_same,
    not_the_same,
)
from clinic_desktop.services.patients.search import find
from clinic_desktop.services.patients.service import change, register

__all__ = [
    "add_alert",
    "alerts",
    "change",
    "count",
    "duplicate_pairs",
    "find",
    "last_save",
    "list_page",
    "maybe_the_same",
    "merge",
    "merges",
    "not_the_same",
    "open_patient",
    "overview",
    "possible_duplicates",
    "preview_merge",
    "register",
    "review_alerts",
    "some",
    "unmerge",
    "where_is",
    "withdraw_alert",
]
