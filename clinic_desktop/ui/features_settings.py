"""The sections of the settings, put together once; each is loaded when it is first shown."""

from typing import TYPE_CHECKING

from clinic_desktop.i18n import N_
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.settings.section import Section, Sections

if TYPE_CHECKING:  # a session builds its settings here
    from clinic_desktop.ui.session import Session


def sections(session: "Session") -> Sections:
    """Return the sections of the settings."""
    found = Sections()

    def computer(desk: Desk) -> Section:
        from clinic_desktop.ui.settings.computer import ComputerSection

        return ComputerSection(desk, session.home)

    def images(desk: Desk) -> Section:
        from clinic_desktop.ui.images.settings import ImagesSection

        return ImagesSection(desk, session.home)

    def mine(desk: Desk) -> Section:
        from clinic_desktop.ui.staff.my_sign_in import MySignInSection

        return MySignInSection(desk, session)

    found.register_section(
        "mine", N_("My sign-in"), mine, icon="key-round",
        words=(N_("Password"), N_("PIN"), N_("Authenticator app")),
    )  # fmt: skip
    found.register_section(
        "clinic", N_("Clinic"), _clinic_card, "settings.write", icon="building-2",
        words=(N_("Logo"), N_("Address"), N_("Invoices"), N_("Paper"), N_("Formats")),
    )  # fmt: skip
    found.register_section(
        "services", N_("Services"), _services, "catalogue.write", icon="tag",
        words=(N_("Price list"), N_("Prices"), N_("Materials")),
    )  # fmt: skip
    found.register_section(
        "note_templates", N_("Note templates"), _note_templates, "catalogue.write",
        icon="clipboard-list", words=(N_("Notes"), N_("Prompts"), N_("Placeholders")),
    )  # fmt: skip
    found.register_section(
        "rooms", N_("Rooms and chairs"), _rooms, "catalogue.write", icon="armchair",
        words=(N_("Chair"),),
    )  # fmt: skip
    found.register_section(
        "providers", N_("Providers"), _providers, "catalogue.write", icon="stethoscope",
        words=(N_("Dentist"), N_("Hygienist")),
    )  # fmt: skip
    found.register_section(
        "hours", N_("Hours"), _hours, "catalogue.write", icon="clock",
        words=(N_("Breaks"), N_("Open")),
    )  # fmt: skip
    found.register_section(
        "tags", N_("Tags of patients"), _tags, "settings.write", icon="tag",
        words=(N_("Labels"), N_("Colours")),
    )  # fmt: skip
    found.register_section(
        "days_off", N_("Days off"), _days_off, "catalogue.write", icon="calendar-off",
        words=(N_("Holidays"), N_("Time off"), N_("Blocked")),
    )  # fmt: skip

    def calendars(desk: Desk) -> Section:
        from clinic_desktop.services.installation.local import LocalInstallation
        from clinic_desktop.ui.calendars.section import CalendarsSection

        place = session.door.place
        return CalendarsSection(desk, place.root if isinstance(place, LocalInstallation) else None)

    found.register_section(
        "calendars", N_("Calendars"), calendars, icon="calendar-days",
        words=(N_("iCalendar"), N_("Feed"), N_("Google"), N_("Outlook"), N_("Busy")),
    )  # fmt: skip
    found.register_section(
        "people", N_("People"), _people, "staff.read", icon="users",
        words=(N_("Staff"), N_("Invite")),
    )  # fmt: skip
    found.register_section(
        "roles", N_("Roles and rights"), _roles, "staff.read", icon="shield-check",
        words=(N_("Permissions"),),
    )  # fmt: skip
    found.register_section(
        "transfer", N_("Import and export"), _transfer, "settings.write", icon="upload",
        words=(N_("CSV"), N_("Excel"), N_("Other systems")),
    )  # fmt: skip
    found.register_section(
        "emergency", N_("Emergency access"), _emergency, icon="shield-alert",
        words=(N_("Reason"),),
    )  # fmt: skip

    def backup(desk: Desk) -> Section:
        from clinic_desktop.ui.backup.section import BackupSection

        return BackupSection(desk, session.door.place)

    found.register_section(
        "backup", N_("Backup"), backup, "settings.write", icon="shield-check",
        words=(N_("Restore"), N_("Recovery key"), N_("Places"), N_("Passphrase")),
    )  # fmt: skip

    def integrations(desk: Desk) -> Section:
        from clinic_desktop.ui.integrations.section import IntegrationsSection

        return IntegrationsSection(desk, session.home, session.door.place)

    found.register_section(
        "integrations", N_("Integrations"), integrations, "settings.write", icon="plug",
        words=(
            N_("Connections"), N_("Devices"), N_("Printers"), N_("S3"), N_("X-ray program"),
            N_("Scanner"), N_("Test"),
        ),
    )  # fmt: skip
    found.register_section(
        "erasure", N_("Keeping and erasing"), _erasure, "settings.write", icon="trash-2",
        words=(N_("Erase"), N_("GDPR"), N_("Years")),
    )  # fmt: skip
    found.register_section(
        "audit", N_("Audit"), _audit, "audit.read", icon="eye",
        words=(N_("Log"), N_("History"), N_("Who opened it")),
    )  # fmt: skip
    found.register_section(
        "computer", N_("This computer"), computer, icon="monitor",
        words=(N_("Language"), N_("Theme"), N_("Size")),
    )  # fmt: skip
    found.register_section(
        "keys", N_("Keys"), _keys, icon="keyboard",
        words=(N_("Shortcuts"), N_("Keyboard"), N_("Hotkeys")),
    )  # fmt: skip
    found.register_section(
        "images", N_("Images and X-ray"), images, icon="scan-line",
        words=(N_("Scanner"), N_("Camera"), N_("Folder"), N_("DICOM"), N_("X-ray program")),
    )  # fmt: skip
    return found


def _transfer(desk: Desk) -> Section:
    from clinic_desktop.ui.imports.section import TransferSection

    return TransferSection(desk)


def _erasure(desk: Desk) -> Section:
    from clinic_desktop.ui.erasure.section import ErasureSection

    return ErasureSection(desk)


def _audit(desk: Desk) -> Section:
    from clinic_desktop.ui.audit.section import AuditSection

    return AuditSection(desk)


def _clinic_card(desk: Desk) -> Section:
    from clinic_desktop.ui.clinic.card import ClinicSection

    return ClinicSection(desk)


def _services(desk: Desk) -> Section:
    from clinic_desktop.ui.clinic.services import ServicesSection

    return ServicesSection(desk)


def _note_templates(desk: Desk) -> Section:
    from clinic_desktop.ui.notes.templates_section import TemplatesSection

    return TemplatesSection(desk)


def _rooms(desk: Desk) -> Section:
    from clinic_desktop.ui.clinic.rooms import RoomsSection

    return RoomsSection(desk)


def _providers(desk: Desk) -> Section:
    from clinic_desktop.ui.clinic.providers import ProvidersSection

    return ProvidersSection(desk)


def _hours(desk: Desk) -> Section:
    from clinic_desktop.ui.clinic.hours import HoursSection

    return HoursSection(desk)


def _tags(desk: Desk) -> Section:
    from clinic_desktop.ui.patients.tags_section import TagsSection

    return TagsSection(desk)


def _days_off(desk: Desk) -> Section:
    from clinic_desktop.ui.clinic.special_times import SpecialTimesSection

    return SpecialTimesSection(desk)


def _people(desk: Desk) -> Section:
    from clinic_desktop.ui.staff.people import PeopleSection

    return PeopleSection(desk)


def _roles(desk: Desk) -> Section:
    from clinic_desktop.ui.staff.roles import RolesSection

    return RolesSection(desk)


def _keys(desk: Desk) -> Section:
    from clinic_desktop.ui.settings.keys import KeysSection

    return KeysSection(desk)


def _emergency(desk: Desk) -> Section:
    from clinic_desktop.ui.staff.emergency import EmergencySection

    return EmergencySection(desk)
