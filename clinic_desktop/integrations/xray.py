"""X-ray programs of this computer: opened as a command line with the patient's data, no shell."""

import re
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Final

from clinic_desktop.errors import InvalidError, SetupError
from clinic_desktop.i18n import _

PLACEHOLDERS: Final = ("number", "family", "given", "born", "sex")
_FIELD: Final = re.compile(r"\{([^{}]*)\}")
_BORN: Final = re.compile(r"^(?:%[dmYyjB]|[-./ ])+$")
# What shells, option parsers and the programs' own line readers would take for more than text.
_REFUSED: Final = frozenset("\"'`;|&<>$%^!*?~\\/{}[]()=,#@\n\r\t")
_LONGEST: Final = 120
# Windows runs these by its command interpreter, which reads the arguments once more.
_SCRIPTS: Final = (".bat", ".cmd")
_SEXES: Final = {"female": "F", "male": "M"}


@dataclass(frozen=True)
class XrayPatient:
    """What an X-ray program may be told."""

    number: str
    family: str
    given: str
    born: date | None
    sex: str


EXAMPLE: Final = XrayPatient("00001", "Test", "Patient", date(1980, 1, 31), "female")


def arguments(command: str, patient: XrayPatient) -> list[str]:
    """Return program and arguments, each one whole, however many blanks a name has.

    Quotation marks keep blanks together; a backslash is itself, as in paths of Windows. Raises
    InvalidError (``command``) for an unknown placeholder, an open quotation mark, no program.
    """
    parts = _split(command)
    if not parts:
        raise InvalidError(_("Write the program and what it is given."), field="command")
    if _FIELD.search(parts[0]):
        raise InvalidError(_("The program itself cannot hold a patient's data."), field="command")
    return [parts[0], *(_filled(part, patient) for part in parts[1:])]


def start(command: str, patient: XrayPatient) -> str:
    """Start the program and return its name; its end is not waited for.

    Raises InvalidError as ``arguments``, SetupError when this computer does not start it.
    """
    line = arguments(command, patient)
    program = Path(line[0])
    if program.suffix.lower() in _SCRIPTS:
        raise InvalidError(
            _("{program} is a script. Name the program itself.").format(program=program.name),
            field="command",
        )
    if not program.is_absolute():
        raise InvalidError(
            _("Write the program with its whole path, for example C:\\Xray\\xray.exe."),
            field="command",
        )
    try:
        _run(line, program.parent)
    except OSError as error:
        sentence = _("{program} could not be started: {reason}. Look at its path in the settings.")
        raise SetupError(
            sentence.format(program=program.name, reason=error.strerror or type(error).__name__),
            field="command",
        ) from error
    return program.name


def _run(line: Sequence[str], folder: Path) -> None:
    process = subprocess.Popen(  # noqa: S603 - the program is chosen in this computer's settings; no shell reads the line
        line,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        close_fds=True,
        start_new_session=sys.platform != "win32",
    )
    # Somebody has to hear of its end, or it stays in the system's list of processes.
    Thread(target=process.wait, daemon=True).start()


def _split(command: str) -> list[str]:
    parts: list[str] = []
    part, quoted, begun = "", False, False
    for char in command.strip():
        if char == '"':
            quoted, begun = not quoted, True
        elif char.isspace() and not quoted:
            if begun or part:
                parts.append(part)
            part, begun = "", False
        else:
            part += char
    if quoted:
        raise InvalidError(_("A quotation mark is open at the end."), field="command")
    if begun or part:
        parts.append(part)
    return parts


def _filled(part: str, patient: XrayPatient) -> str:
    filled = _FIELD.sub(lambda found: _value(found[1], patient), part)
    if part.startswith("{"):
        # A value that begins like an option would be taken for one.
        filled = filled.lstrip("-+")
    return filled


def _value(field: str, patient: XrayPatient) -> str:
    name, colon, form = field.partition(":")
    if name not in PLACEHOLDERS or (colon and name != "born"):
        known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
        raise InvalidError(
            _("{field} is not known. There are {known}.").format(field=f"{{{field}}}", known=known),
            field="command",
        )
    if name == "born":
        if not _BORN.match(form or "%Y-%m-%d"):
            raise InvalidError(
                _("Write the birth date for example as {example}.").format(
                    example="{born:%d.%m.%Y}"
                ),
                field="command",
            )
        return "" if patient.born is None else patient.born.strftime(form or "%Y-%m-%d")
    if name == "sex":
        return _SEXES.get(patient.sex, "O")
    return cleaned(getattr(patient, name))


def cleaned(text: str) -> str:
    """Return a patient's data without what would be read as more than text."""
    kept = (
        " " if c in _REFUSED else c
        for c in unicodedata.normalize("NFC", text)
        if c in _REFUSED or unicodedata.category(c)[0] != "C"
    )
    return " ".join("".join(kept).split())[:_LONGEST]
