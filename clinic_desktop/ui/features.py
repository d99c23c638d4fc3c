"""What the window is made of: every screen and palette source, put together once.

Each is loaded when it is first shown, so that the window is there before them.
"""

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.features_settings import sections
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.shell.registry import (
    PaletteSource,
    PatientAction,
    RailCount,
    Registry,
    ScreenEntry,
    StatusItem,
    StatusSource,
)

if TYPE_CHECKING:  # a session builds its registry here
    from clinic_desktop.services.context import Context
    from clinic_desktop.ui.session import Session


def registry(session: "Session") -> Registry:
    """Return everything that the windows of this session show."""
    return Registry(
        screens=_screens(session),
        sources=[_patients_in_palette, _invoices_in_palette, _staff_in_palette],
        patient_actions=_patient_actions(),
        statuses=_statuses(),
        new_patient=lambda desk: desk.navigator.open_screen("new_patient"),
    )


def _screens(session: "Session") -> list[ScreenEntry]:
    def settings(desk: Desk) -> Screen:
        from clinic_desktop.ui.settings.screen import SettingsScreen

        return SettingsScreen(desk, sections(session))

    def patient(desk: Desk) -> Screen:
        from clinic_desktop.ui.features_record import patient_screen

        return patient_screen(desk, session.home)

    def calendar(desk: Desk) -> Screen:
        return _calendar(desk, session.home)

    return [
        ScreenEntry("today", N_("Today"), "sun", _today, permission="schedule.read", rail="top"),
        ScreenEntry(
            "calendar",
            N_("Calendar"),
            "calendar",
            calendar,
            permission="schedule.read",
            rail="top",
        ),
        ScreenEntry(
            "day_sheet", N_("Day sheet"), "printer", _day_sheet, "schedule.read", under="calendar"
        ),
        ScreenEntry(
            "week_sheet",
            N_("Week overview"),
            "printer",
            _week_sheet,
            "schedule.read",
            under="calendar",
        ),
        ScreenEntry("patients", N_("Patients"), "users", _patients, "patients.read", "top"),
        ScreenEntry(
            "patient", N_("Patient"), "user", patient, permission="patients.read", under="patients"
        ),
        ScreenEntry(
            "new_patient",
            N_("New patient"),
            "user-plus",
            _new_patient,
            "patients.write",
            under="patients",
        ),
        ScreenEntry(
            "duplicates",
            N_("Possible duplicates"),
            "layers",
            _duplicates,
            "patients.read",
            under="patients",
        ),
        ScreenEntry("import", N_("Import"), "upload", _import, "settings.write", under="patients"),
        ScreenEntry(
            "to_book",
            N_("Planned treatment"),
            "list-checks",
            _to_book,
            "schedule.write",
            under="calendar",
        ),
        ScreenEntry(
            "broken",
            N_("Broken appointments"),
            "calendar-x",
            _broken,
            "schedule.read",
            under="calendar",
        ),
        ScreenEntry(
            "waiting",
            N_("Waiting list"),
            "list-checks",
            _waiting,
            "schedule.read",
            under="calendar",
        ),
        ScreenEntry(
            "recalls", N_("Call list"), "phone-call", _recalls, "schedule.read", under="patients"
        ),
        ScreenEntry("billing", N_("Billing"), "wallet", _billing, "billing.read", "top"),
        ScreenEntry(
            "stock",
            N_("Stock"),
            "package",
            _stock,
            "stock.read",
            "top",
            RailCount(_to_reorder, frozenset({"product", "stock_balance", "stock_movement"})),
        ),
        ScreenEntry("settings", N_("Settings"), "settings", settings, rail="bottom"),
    ]


def _patient_actions() -> list[PatientAction]:
    return [
        PatientAction(
            N_("Open the record"),
            "user",
            lambda desk, patient: desk.navigator.open_patient(patient),
        ),
        PatientAction(
            N_("Book an appointment"),
            "calendar-plus",
            lambda desk, patient: desk.navigator.book(patient),
            "N",
            "schedule.write",
        ),
        PatientAction(
            N_("Open the chart"),
            "tooth",
            lambda desk, patient: desk.navigator.open_patient(patient, "chart"),
            "Alt+2",
            "clinical.read",
        ),
        PatientAction(
            N_("Open the periodontal chart"),
            "activity",
            lambda desk, patient: desk.navigator.open_patient(patient, "perio"),
            "Alt+3",
            "clinical.read",
        ),
        PatientAction(
            N_("Prescribe"),
            "pill",
            lambda desk, patient: desk.navigator.open_patient(patient, "prescribe"),
            permission="prescriptions.write",
        ),
        PatientAction(
            N_("Open the ledger"),
            "wallet",
            lambda desk, patient: desk.navigator.open_patient(patient, "ledger"),
            permission="billing.read",
        ),
        PatientAction(
            N_("Export this record"), "download", _export_record, permission="patients.export"
        ),
    ]


def _waiting(desk: Desk) -> Screen:
    from clinic_desktop.ui.waiting.view import WaitingScreen

    return WaitingScreen(desk)


def _to_book(desk: Desk) -> Screen:
    from clinic_desktop.ui.to_book.planned import PlannedScreen

    return PlannedScreen(desk)


def _broken(desk: Desk) -> Screen:
    from clinic_desktop.ui.to_book.broken import BrokenScreen

    return BrokenScreen(desk)


def _recalls(desk: Desk) -> Screen:
    from clinic_desktop.ui.recalls.view import RecallScreen

    return RecallScreen(desk)


def _export_record(desk: Desk, patient: UUID) -> None:
    from PySide6.QtWidgets import QApplication

    from clinic_desktop.ui.exports.saving import RecordDialog

    window = QApplication.activeWindow()
    if window is not None:
        RecordDialog(desk, patient, parent=window).open()


def _statuses() -> list[StatusSource]:
    return [
        StatusSource(
            "sync",
            lambda: StatusItem(
                "cloud-off",
                _("No hosted copy"),
                tip=_("Nothing is sent elsewhere: this clinic has no hosted copy to sync with."),
            ),
        ),
        StatusSource(
            "backup",
            lambda: StatusItem("shield-alert", _("Backup not known"), "unknown"),
            _backup_status,
            frozenset({"backup_run"}),
            _open_backup,
        ),
    ]


def _backup_status(ctx: "Context") -> StatusItem:
    from clinic_desktop.ui.backup.words import ask_status

    return ask_status(ctx)


def _open_backup(desk: Desk) -> None:
    desk.navigator.open_screen("settings", section="backup")


def _patients(desk: Desk) -> Screen:
    from clinic_desktop.ui.patients.view import PatientsScreen

    return PatientsScreen(desk)


def _duplicates(desk: Desk) -> Screen:
    from clinic_desktop.ui.patients.duplicates import DuplicatesScreen

    return DuplicatesScreen(desk)


def _new_patient(desk: Desk) -> Screen:
    from clinic_desktop.ui.patients.register import RegisterScreen

    return RegisterScreen(desk)


def _import(desk: Desk) -> Screen:
    from clinic_desktop.ui.imports.view import ImportScreen

    return ImportScreen(desk)


def _patients_in_palette(desk: Desk) -> PaletteSource:
    from clinic_desktop.ui.patients.palette import PatientsInPalette

    return PatientsInPalette(desk)


def _invoices_in_palette(desk: Desk) -> PaletteSource:
    from clinic_desktop.ui.billing.palette import InvoicesInPalette

    return InvoicesInPalette(desk)


def _staff_in_palette(desk: Desk) -> PaletteSource:
    from clinic_desktop.ui.staff.palette import StaffInPalette

    return StaffInPalette(desk)


def _calendar(desk: Desk, home: Path) -> Screen:
    from clinic_desktop.ui.appointments.view import CalendarScreen
    from clinic_desktop.ui.shell.layout import Layout
    from clinic_desktop.ui.waiting.who_to_call import call_from

    return CalendarScreen(desk, Layout(home, desk.who.person_id), whom=call_from(desk))


def _day_sheet(desk: Desk) -> Screen:
    from clinic_desktop.ui.appointments.day_sheet import DaySheetScreen

    return DaySheetScreen(desk)


def _week_sheet(desk: Desk) -> Screen:
    from clinic_desktop.ui.appointments.week_sheet import WeekSheetScreen

    return WeekSheetScreen(desk)


def _today(desk: Desk) -> Screen:
    from clinic_desktop.ui.today.view import TodayScreen

    return TodayScreen(desk)


def _billing(desk: Desk) -> Screen:
    from clinic_desktop.ui.billing.view import BillingScreen

    return BillingScreen(desk)


def _stock(desk: Desk) -> Screen:
    from clinic_desktop.ui.inventory.view import StockScreen

    return StockScreen(desk)


def _to_reorder(ctx: "Context") -> int:
    from clinic_desktop.services.inventory.service import below_reorder

    return below_reorder(ctx)
