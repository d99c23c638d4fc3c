"""The outside things there are, and how each is tried. Runs off the GUI thread."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from PySide6.QtPrintSupport import QPrinterInfo

from clinic_desktop.config import Settings
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.integrations import xray
from clinic_desktop.integrations.folder import FolderStore
from clinic_desktop.integrations.stored import Store
from clinic_desktop.services.backup.retention import made_at, stamp
from clinic_desktop.services.backup.schemas import RunRow
from clinic_desktop.services.backup.settings import FolderPlace, Kept, S3Place
from clinic_desktop.ui.integrations.memory import Contact

Kind = Literal["server", "place", "xray", "scan", "printer"]
KINDS: Final[dict[str, str]] = {
    "server": N_("Database"),
    "usb": N_("USB disk for backups"),
    "folder": N_("Folder for backups"),
    "share": N_("Network share for backups"),
    "s3": N_("S3 storage for backups"),
    "xray": N_("X-ray program"),
    "scan": N_("Scan folder"),
    "printer": N_("Printer"),
}
ICONS: Final = {
    "server": "server", "place": "hard-drive", "xray": "scan-line", "scan": "folder",
    "printer": "printer",
}  # fmt: skip
# The section of the settings in which it is chosen.
SECTIONS: Final = {"place": "backup", "xray": "images", "scan": "images"}


@dataclass(frozen=True)
class Link:
    """One outside thing. ``words`` is an untranslated kind; ``where`` its address or path."""

    id: str
    kind: Kind
    words: str
    name: str
    where: str
    test: Callable[[], str] | None = None
    """Tries it and returns a sentence, or raises ClinicError; None: tried on the GUI thread."""


def links_of(home: Path, kept: Kept | None, server: str) -> list[Link]:
    """Return what exists here; ``kept`` is None where another computer makes the backups.

    Raises SetupError when a file of settings is damaged.
    """
    found = [Link("server", "server", KINDS["server"], server or _("On this computer"), server)]
    if kept is not None:
        found += [_place(kept, place) for place in kept.read().places]
    settings = Settings.load(home)
    found += [
        Link(
            f"xray:{one.name}", "xray", KINDS["xray"], one.name, one.command,
            lambda command=one.command: _try_xray(command),  # type: ignore[misc]  # its default is a str
        )
        for one in settings.xray_programs
    ]  # fmt: skip
    if settings.scan_folder:
        folder = settings.scan_folder
        found.append(
            Link("scan", "scan", KINDS["scan"], Path(folder).name or folder, folder,
                 lambda: _try_scan(Path(folder)))
        )  # fmt: skip
    found += [
        Link(f"printer:{name}", "printer", KINDS["printer"], name, "")
        for name in QPrinterInfo.availablePrinterNames()
    ]
    return found


def _place(kept: Kept, place: FolderPlace | S3Place) -> Link:
    where = str(place.folder) if isinstance(place, FolderPlace) else place.bucket
    if isinstance(place, S3Place) and place.endpoint:
        where = f"{place.endpoint} · {where}"
    return Link(
        f"place:{place.name}", "place", KINDS[place.kind], place.name, where,
        lambda: _try_place(kept.store(place)),
    )  # fmt: skip


def _try_place(store: Store) -> str:
    """Write, read back and remove a small file, then look at what lies there."""
    begun = time.monotonic()
    store.check()
    names = [one.name for one in store.names()]
    seconds = time.monotonic() - begun
    dumps = sorted(
        made_at(found) for name in names if name.endswith("-full.age") and (found := stamp(name))
    )
    tried = _("A file was written, read back and removed in {seconds} s.").format(
        seconds=f"{seconds:.1f}"
    )
    if not dumps:
        return tried + " " + _("No backup lies there yet.")
    count = ngettext("{count} backup lies there", "{count} backups lie there", len(dumps))
    return (
        tried
        + " "
        + _("{count}, the newest of {day}.").format(
            count=count.format(count=len(dumps)), day=f"{dumps[-1]:%Y-%m-%d}"
        )
    )


def _try_xray(command: str) -> str:
    program = xray.start(command, xray.EXAMPLE)
    return _("{program} was started with the made-up patient Test, Patient.").format(
        program=program
    )


def _try_scan(folder: Path) -> str:
    waiting = FolderStore(folder).waiting()
    if not waiting:
        return _("The folder answers. Nothing waits in it.")
    return ngettext(
        "The folder answers. {count} file waits in it.",
        "The folder answers. {count} files wait in it.",
        waiting,
    ).format(count=waiting)


def contacts_of(runs: tuple[RunRow, ...]) -> Mapping[str, Contact]:
    """Return what the backups themselves found of each place, by the id of the link."""
    found: dict[str, Contact] = {}
    for run in runs:
        for one in run.places:
            seen = (
                Contact(good_at=run.ended_at)
                if one.good
                else Contact(error=one.sentence, error_at=run.ended_at)
            )
            name = f"place:{one.place}"
            found[name] = found.get(name, Contact()).with_newer(seen)
    return found


def no_printer(name: str) -> SetupError:
    """Return the refusal of a printer that takes no page."""
    return SetupError(
        _("{name} does not take the page. Is it switched on and has it paper?").format(name=name)
    )
