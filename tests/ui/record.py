"""A patient's record in a real window over a real server, as a dentist or somebody else has it."""

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.vocabulary import procedures
from clinic_desktop.i18n import N_
from clinic_desktop.models import ChartItem
from clinic_desktop.services.session import SignedIn
from clinic_desktop.services.treatments import service as treatments
from clinic_desktop.services.treatments.schemas import Material, TreatmentValues
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.operations import Operations
from clinic_desktop.ui.patients.record_tabs import TabEntry
from clinic_desktop.ui.patients.tab import PatientTab
from clinic_desktop.ui.patients.workspace import PatientScreen
from clinic_desktop.ui.shell.registry import Registry, ScreenEntry
from clinic_desktop.ui.windows import Windows
from tests.factories import Factory

PRICES = {
    "RST-020": 14000,
    "RST-030": 8500,
    "RST-070": 52000,
    "RST-080": 50000,
    "RST-090": 48000,
    "PRV-040": 4500,
    "END-040": 34000,
    "END-050": 36000,
    "END-060": 38000,
    "SUR-010": 9000,
    "SUR-040": 6000,
    "IMP-010": 120000,
    "PER-080": 30000,
    "EXM-020": 4000,
    "IMG-010": 2500,
    "IMG-040": 6000,
}


class Record(PatientScreen):
    """The record with the tabs a test is about."""

    @property
    def shown(self) -> Any:
        return self.tab()

    def made(self, key: str) -> Any:
        return self._tabs.made.get(key)


class Clinic:
    """The test clinic with a price list, a provider, stock, and one patient with a chart."""

    def __init__(self, make: Factory, signed_in: SignedIn) -> None:
        self.make = make
        self.admin = signed_in
        self.provider = make.provider(login="u_dentist")
        self.treatments = {code: new_id() for code in PRICES}
        self.product = make.product(counted=3)
        with signed_in.writing() as ctx:
            for code, price in PRICES.items():
                known = procedures()[code]
                values = TreatmentValues(
                    code=code, name=known.name, area=known.area, paint=known.paint, price=price
                )
                treatments.add_treatment(ctx, self.treatments[code], values)
            treatments.set_materials(
                ctx,
                self.treatments["RST-020"],
                (Material(product_id=self.product, quantity=1),),
            )
            self.today = ctx.now.astimezone(ctx.zone).date()
        self.patient = make.patient("Inês", "Carvalho-Lindqvist")

    def visit(self, patient: UUID | None = None, *, status: str = "in_chair") -> UUID:
        """An appointment of today."""
        at_two = datetime.combine(self.today, time(14), ZoneInfo("Europe/Dublin"))
        return self.make.appointment(
            patient or self.patient, self.provider, starts_at=at_two, status=status
        )

    def item(
        self,
        code: str,
        tooth: int | None = None,
        surfaces: str = "",
        status: str = "condition",
        *,
        patient: UUID | None = None,
        since: date | None = None,
        **values: Any,
    ) -> UUID:
        """An entry of the chart; a code of the price list is a procedure of it."""
        treatment = self.treatments.get(code)
        kind = "procedure" if treatment else values.pop("kind", "condition")
        if treatment and status in {"planned", "in_progress", "done"}:
            values.setdefault("fee", PRICES[code])
            values.setdefault("provider_id", self.provider)
        return self.make.row(
            ChartItem,
            id=new_id(),
            patient_id=patient or self.patient,
            kind=kind,
            code=code,
            tooth=tooth,
            surfaces=surfaces,
            status=status,
            since=since or self.today,
            treatment_id=treatment,
            **values,
        )


class Opened:
    """A window of one person; ``close`` ends it."""

    def __init__(
        self,
        signed_in: SignedIn,
        theme: Any,
        home: Path,
        tabs: dict[str, Callable[..., PatientTab]],
        size: tuple[int, int] = (1440, 900),
        drafts: Drafts | None = None,
    ) -> None:
        self.operations = Operations(signed_in)
        self.bugs: list[Exception] = []
        self.operations.bug.connect(self.bugs.append)
        self.drafts = drafts or Drafts(
            person_id=signed_in.who.person_id, key=Fernet.generate_key(), store={}
        )
        entries = [TabEntry(key, key, made) for key, made in tabs.items()]
        entry = ScreenEntry("patient", N_("Patient"), "users", lambda desk: Record(desk, entries))
        self.windows = Windows(
            operations=self.operations,
            theme=theme,
            drafts=self.drafts,
            who=signed_in.who,
            registry=Registry(screens=[entry]),
            home=home,
        )
        self.window = self.windows.open()
        self.window.setMinimumSize(300, 300)
        self.window.resize(*size)
        self.desk = self.window.desk

    def open(self, patient: UUID, tab: str = "chart") -> Any:
        self.desk.navigator.open_patient(patient, tab)
        self.window.activateWindow()
        return self.record.made(tab)

    @property
    def record(self) -> Record:
        screen = self.window.stack.screen_shown()
        assert isinstance(screen, Record)
        return screen

    @property
    def message(self) -> str:
        return self.desk.messages.current.text

    def close(self) -> None:
        self.windows.close()
        assert self.operations.close()
        self.operations.deleteLater()
        self.windows.deleteLater()
        for bug in self.bugs:
            raise bug
