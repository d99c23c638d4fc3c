"""The tables of the clinic; importing this registers the whole schema."""

from clinic_desktop.models.appointment import (
    Appointment,
    AppointmentResource,
    AppointmentTreatment,
    BrokenVisit,
)
from clinic_desktop.models.backup import BackupRun
from clinic_desktop.models.base import ClinicModel, DerivedModel, Model, Protection
from clinic_desktop.models.billing import Invoice, InvoiceLine, JournalEntry, Posting
from clinic_desktop.models.chart import ChartItem
from clinic_desktop.models.clinic import Chair, Clinic, Counter, Setting, SpecialTime, WorkingTime
from clinic_desktop.models.contact import ContactAttempt
from clinic_desktop.models.document import (
    Attachment,
    AttachmentMark,
    Document,
    FilePiece,
    StoredFile,
)
from clinic_desktop.models.erasure import Erasure, RecordErasure
from clinic_desktop.models.imports import ImportRun
from clinic_desktop.models.inventory import Product, StockBalance, StockMovement
from clinic_desktop.models.listing import PatientFilter, PatientKey, PatientStar, PatientTag
from clinic_desktop.models.log import AccessLog, ChangeLog, ChangeStage, ChangeValue, LogHead
from clinic_desktop.models.merging import PatientDistinct, PatientMerge, RecordMove
from clinic_desktop.models.note import Note, NoteTemplate, NoteVersion
from clinic_desktop.models.patient import (
    Household,
    Patient,
    PatientAlert,
    PatientConsent,
    PatientPhoto,
    PatientWord,
    WordStage,
)
from clinic_desktop.models.perio import PerioExam, PerioTooth
from clinic_desktop.models.prescription import Prescription, PrescriptionItem
from clinic_desktop.models.recall import Recall, RecallAttempt, RecallType, RecallTypeTreatment
from clinic_desktop.models.series import AppointmentSeries, SeriesTreatment
from clinic_desktop.models.staff import (
    EmergencyAccess,
    Person,
    PersonRole,
    PersonSecret,
    Provider,
    StaffRight,
    StaffRole,
)
from clinic_desktop.models.treatment import Treatment, TreatmentMaterial
from clinic_desktop.models.waiting import WaitingOffer, WaitingRequest

__all__ = [
    "AccessLog",
    "Appointment",
    "AppointmentResource",
    "AppointmentSeries",
    "AppointmentTreatment",
    "Attachment",
    "AttachmentMark",
    "BackupRun",
    "BrokenVisit",
    "Chair",
    "ChangeLog",
    "ChangeStage",
    "ChangeValue",
    "ChartItem",
    "Clinic",
    "ClinicModel",
    "ContactAttempt",
    "Counter",
    "DerivedModel",
    "Document",
    "EmergencyAccess",
    "Erasure",
    "FilePiece",
    "Household",
    "ImportRun",
    "Invoice",
    "InvoiceLine",
    "JournalEntry",
    "LogHead",
    "Model",
    "Note",
    "NoteTemplate",
    "NoteVersion",
    "Patient",
    "PatientAlert",
    "PatientConsent",
    "PatientDistinct",
    "PatientFilter",
    "PatientKey",
    "PatientMerge",
    "PatientPhoto",
    "PatientStar",
    "PatientTag",
    "PatientWord",
    "PerioExam",
    "PerioTooth",
    "Person",
    "PersonRole",
    "PersonSecret",
    "Posting",
    "Prescription",
    "PrescriptionItem",
    "Product",
    "Protection",
    "Provider",
    "Recall",
    "RecallAttempt",
    "RecallType",
    "RecallTypeTreatment",
    "RecordErasure",
    "RecordMove",
    "SeriesTreatment",
    "Setting",
    "SpecialTime",
    "StaffRight",
    "StaffRole",
    "StockBalance",
    "StockMovement",
    "StoredFile",
    "Treatment",
    "TreatmentMaterial",
    "WaitingOffer",
    "WaitingRequest",
    "WordStage",
    "WorkingTime",
]
