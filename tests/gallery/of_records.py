"""Patients and the safety of their data: list, record, forms, images, import, the settings."""

from collections.abc import Callable
from typing import Any, Final

from tests.gallery.case import NARROW, Case
from tests.gallery.records import Records
from tests.gallery.states import failed, loading
from tests.gallery.window import Window

BOTH: Final = (100, 200)
FAST: Final = ("light",)
SECTIONS: Final = (
    "mine", "clinic", "services", "rooms", "providers", "hours", "tags",
    "people", "roles", "transfer", "emergency", "backup", "integrations", "erasure", "audit",
    "computer", "keys", "images",
)  # fmt: skip

Show = Callable[[Window, Any], None]


def _screen(name: str) -> Show:
    """Return what opens a screen and waits for what it shows."""

    def show(window: Window, _scene: Records) -> None:
        window.lead(name)

    return show


def _tab(name: str) -> Show:
    def show(window: Window, scene: Records) -> None:
        window.open_tab(scene.patient, name)
        window.settle()

    return show


def _found(window: Window, scene: Records) -> None:
    _screen("patients")(window, scene)
    window.write("lin")
    window.wait(lambda: window.screen.model.rowCount() < len(scene.patients), "those found")
    window.settle()


def _edit(window: Window, scene: Records) -> None:
    _tab("overview")(window, scene)
    window.screen.open_edit()
    window.settle()


def _alerts(window: Window, scene: Records) -> None:
    _tab("overview")(window, scene)
    window.screen.open_alerts()
    window.settle()


def _registered(window: Window, scene: Records) -> None:
    """Somebody who may be known already, with a date that cannot be."""
    _screen("new_patient")(window, scene)
    window.write("Ines")
    window.key("Tab")
    window.write("Carvalho Lindqvist")
    window.key("Tab", "Tab")
    window.write("31/02/1985")
    window.key("Tab")
    window.settle()


def _brought(window: Window, scene: Records) -> None:
    window.open("import")
    window.screen.take(str(scene.list))
    window.settle()


def _section(key: str) -> Show:
    def show(window: Window, _scene: Records) -> None:
        window.open("settings", section=key)
        window.settle()

    return show


CASES: Final = (
    Case("patients", "records", _screen("patients"), scales=BOTH),
    Case("patients-narrow", "records", _screen("patients"), size=NARROW),
    Case("patients-touch", "records", _screen("patients"), touch=True),
    Case("patients-found", "records", _found, scales=BOTH),
    Case("patients-empty", "nobody", _screen("duplicates")),
    Case("patients-loading", "records", loading("patients"), themes=FAST, held="patient"),
    Case("patients-failed", "records", failed("patients"), themes=FAST, held="patient"),
    Case("record", "records", _tab("overview"), login="u_dentist", scales=BOTH),
    Case("record-timeline", "records", _tab("timeline"), login="u_dentist"),
    Case("record-edit", "records", _edit, scales=BOTH),
    Case("record-alerts", "records", _alerts, scales=BOTH),
    Case("record-new", "records", _registered, scales=BOTH),
    Case("record-images", "records", _tab("images"), login="u_dentist", scales=BOTH),
    Case("record-documents", "records", _tab("documents"), login="u_dentist"),
    Case("duplicates", "records", _screen("duplicates")),
    Case("import", "records", _brought, login="u_admin", scales=BOTH),
    *(
        Case(f"settings-{key}", "records", _section(key), login="u_admin", scales=BOTH)
        for key in SECTIONS
    ),
)
