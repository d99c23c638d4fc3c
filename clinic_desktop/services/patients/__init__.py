"""Patients: found, registered, opened, changed, with what must be known before touching them."""

from clinic_desktop.services.patients.alerts import (
    add_alert,
    alerts,
    review_alerts,
    withdraw_alert,
)
from clinic_desktop.services.patients.cards import last_save, open_patient, overview
from clinic_desktop.services.patients.consenting import (
    consent_history,
    consents,
    may_contact,
    record_consent,
)
from clinic_desktop.services.patients.duplicates import possible_duplicates
from clinic_desktop.services.patients.families import (
    join_family,
    leave_family,
    set_guardian,
    set_payer,
)
from clinic_desktop.services.patients.filtering import matching
from clinic_desktop.services.patients.lists import count, list_page, some
from clinic_desktop.services.patients.merge import merge, merges, preview_merge, unmerge, where_is
from clinic_desktop.services.patients.pairs import (
    duplicate_pairs,
    maybe_the_same,
    not_the_same,
)
from clinic_desktop.services.patients.photos import photo, read_picture, set_photo, show_photo
from clinic_desktop.services.patients.saved_filters import (
    change_filter,
    filters,
    remove_filter,
    restore_filter,
    save_filter,
)
from clinic_desktop.services.patients.search import find
from clinic_desktop.services.patients.service import change, register
from clinic_desktop.services.patients.starring import beginning, opened_last, set_star, stars
from clinic_desktop.services.patients.tagging import (
    add_tag,
    change_tag,
    merge_tags,
    remove_tag,
    restore_tag,
    set_tag,
    tags,
    tags_in_use,
)

__all__ = [
    "add_alert",
    "add_tag",
    "alerts",
    "beginning",
    "change",
    "change_filter",
    "change_tag",
    "consent_history",
    "consents",
    "count",
    "duplicate_pairs",
    "filters",
    "find",
    "join_family",
    "last_save",
    "leave_family",
    "list_page",
    "matching",
    "may_contact",
    "maybe_the_same",
    "merge",
    "merge_tags",
    "merges",
    "not_the_same",
    "open_patient",
    "opened_last",
    "overview",
    "photo",
    "possible_duplicates",
    "preview_merge",
    "read_picture",
    "record_consent",
    "register",
    "remove_filter",
    "remove_tag",
    "restore_filter",
    "restore_tag",
    "review_alerts",
    "save_filter",
    "set_guardian",
    "set_payer",
    "set_photo",
    "set_star",
    "set_tag",
    "show_photo",
    "some",
    "stars",
    "tags",
    "tags_in_use",
    "unmerge",
    "where_is",
    "withdraw_alert",
]
