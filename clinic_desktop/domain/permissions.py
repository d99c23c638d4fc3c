"""The catalogue of named permissions and the roles a clinic starts with."""

from enum import StrEnum
from typing import Final

from clinic_desktop.i18n import N_


class Permission(StrEnum):
    """What a person may do; the database asks for these names in its row policies."""

    MEMBER = "member"
    PATIENTS_READ = "patients.read"
    PATIENTS_WRITE = "patients.write"
    PATIENTS_EXPORT = "patients.export"
    PATIENTS_MERGE = "patients.merge"
    PATIENTS_ERASE = "patients.erase"
    SCHEDULE_READ = "schedule.read"
    SCHEDULE_WRITE = "schedule.write"
    SCHEDULE_SQUEEZE = "schedule.squeeze"
    SCHEDULE_OVERRIDE = "schedule.override"
    CLINICAL_READ = "clinical.read"
    CLINICAL_WRITE = "clinical.write"
    CLINICAL_COMPLETE = "clinical.complete"
    CLINICAL_REVERSE = "clinical.reverse"
    CLINICAL_SIGN = "clinical.sign"
    PRESCRIPTIONS_READ = "prescriptions.read"
    PRESCRIPTIONS_WRITE = "prescriptions.write"
    DOCUMENTS_READ = "documents.read"
    DOCUMENTS_WRITE = "documents.write"
    BILLING_READ = "billing.read"
    BILLING_POST = "billing.post"
    BILLING_ISSUE = "billing.issue"
    BILLING_REFUND = "billing.refund"
    BILLING_CLOSE = "billing.close"
    STOCK_READ = "stock.read"
    STOCK_WRITE = "stock.write"
    CATALOGUE_READ = "catalogue.read"
    CATALOGUE_WRITE = "catalogue.write"
    REPORTS_READ = "reports.read"
    STAFF_READ = "staff.read"
    STAFF_WRITE = "staff.write"
    SETTINGS_WRITE = "settings.write"
    AUDIT_READ = "audit.read"


P = Permission

# Everybody of a clinic sees who works there, its price list and its rooms.
_EVERYBODY: Final = (P.MEMBER, P.CATALOGUE_READ, P.STAFF_READ, P.SCHEDULE_READ)
_FRONT_DESK: Final = (
    *_EVERYBODY,
    P.PATIENTS_READ,
    P.PATIENTS_WRITE,
    P.SCHEDULE_WRITE,
    P.DOCUMENTS_READ,
    P.DOCUMENTS_WRITE,
    P.BILLING_READ,
    P.BILLING_POST,
    P.BILLING_ISSUE,
    P.STOCK_READ,
    P.STOCK_WRITE,
)
_CHAIRSIDE: Final = (
    *_EVERYBODY,
    P.PATIENTS_READ,
    P.PATIENTS_WRITE,
    P.SCHEDULE_WRITE,
    P.CLINICAL_READ,
    P.CLINICAL_WRITE,
    P.PRESCRIPTIONS_READ,
    P.DOCUMENTS_READ,
    P.DOCUMENTS_WRITE,
    P.STOCK_READ,
    P.STOCK_WRITE,
)
_HYGIENIST: Final = (*_CHAIRSIDE, P.CLINICAL_COMPLETE, P.CLINICAL_SIGN, P.BILLING_READ)
_DENTIST: Final = (
    *_HYGIENIST,
    P.CLINICAL_REVERSE,
    P.PRESCRIPTIONS_WRITE,
    P.SCHEDULE_SQUEEZE,
    P.SCHEDULE_OVERRIDE,
    P.BILLING_ISSUE,
)
_MANAGER: Final = (
    *_FRONT_DESK,
    P.PATIENTS_EXPORT,
    P.PATIENTS_MERGE,
    P.SCHEDULE_SQUEEZE,
    P.SCHEDULE_OVERRIDE,
    P.BILLING_REFUND,
    P.BILLING_CLOSE,
    P.CATALOGUE_WRITE,
    P.REPORTS_READ,
    P.SETTINGS_WRITE,
    P.AUDIT_READ,
)

ROLES: Final[dict[str, tuple[str, tuple[Permission, ...]]]] = {
    "front_desk": (N_("Front desk"), _FRONT_DESK),
    "assistant": (N_("Assistant"), _CHAIRSIDE),
    "hygienist": (N_("Hygienist"), _HYGIENIST),
    "dentist": (N_("Dentist"), _DENTIST),
    "manager": (N_("Manager"), _MANAGER),
    "admin": (N_("Administrator"), tuple(Permission)),
    "outreach": (N_("Outreach"), (*_EVERYBODY, P.PATIENTS_READ, P.REPORTS_READ)),
    "compliance": (
        N_("Compliance, read only"),
        (*_EVERYBODY, P.PATIENTS_READ, P.CLINICAL_READ, P.BILLING_READ, P.AUDIT_READ),
    ),
}

# What the machine logins may do in each clinic; neither reads notes nor moves money.
MACHINE_RIGHTS: Final[dict[str, tuple[Permission, ...]]] = {
    "clinic_api": (
        *_EVERYBODY,
        P.PATIENTS_READ,
        P.SCHEDULE_WRITE,
    ),
    "clinic_worker": (
        *_EVERYBODY,
        P.PATIENTS_READ,
        P.STOCK_READ,
        P.BILLING_READ,
        P.AUDIT_READ,
    ),
}

# What emergency access adds to a person's rights, and for how long at most.
EMERGENCY_RIGHTS: Final = (P.PATIENTS_READ, P.CLINICAL_READ, P.PRESCRIPTIONS_READ, P.DOCUMENTS_READ)
EMERGENCY_HOURS: Final = 4

LABELS: Final[dict[Permission, str]] = {
    P.MEMBER: N_("Belong to the clinic"),
    P.PATIENTS_READ: N_("See patients"),
    P.PATIENTS_WRITE: N_("Register and change patients"),
    P.PATIENTS_EXPORT: N_("Export patients"),
    P.PATIENTS_MERGE: N_("Merge records of one patient"),
    P.PATIENTS_ERASE: N_("Erase a patient for good"),
    P.SCHEDULE_READ: N_("See the calendar"),
    P.SCHEDULE_WRITE: N_("Book and move appointments"),
    P.SCHEDULE_SQUEEZE: N_("Squeeze in an emergency"),
    P.SCHEDULE_OVERRIDE: N_("Book outside working hours"),
    P.CLINICAL_READ: N_("Read charts and notes"),
    P.CLINICAL_WRITE: N_("Chart and write notes"),
    P.CLINICAL_COMPLETE: N_("Complete treatment"),
    P.CLINICAL_REVERSE: N_("Take back completed treatment"),
    P.CLINICAL_SIGN: N_("Sign notes"),
    P.PRESCRIPTIONS_READ: N_("Read prescriptions"),
    P.PRESCRIPTIONS_WRITE: N_("Prescribe"),
    P.DOCUMENTS_READ: N_("Read documents"),
    P.DOCUMENTS_WRITE: N_("Store documents"),
    P.BILLING_READ: N_("See accounts"),
    P.BILLING_POST: N_("Post charges and payments"),
    P.BILLING_ISSUE: N_("Issue invoices"),
    P.BILLING_REFUND: N_("Refund and write off"),
    P.BILLING_CLOSE: N_("Close the day"),
    P.STOCK_READ: N_("See stock"),
    P.STOCK_WRITE: N_("Move stock"),
    P.CATALOGUE_READ: N_("See services and rooms"),
    P.CATALOGUE_WRITE: N_("Change services, rooms and hours"),
    P.REPORTS_READ: N_("See reports"),
    P.STAFF_READ: N_("See staff"),
    P.STAFF_WRITE: N_("Manage staff and roles"),
    P.SETTINGS_WRITE: N_("Change settings"),
    P.AUDIT_READ: N_("Read the audit log"),
}
