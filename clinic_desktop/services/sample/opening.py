"""The sample clinic: made when it is wanted, thrown away freely, nothing shared between two."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from psycopg import sql

from clinic_desktop import files
from clinic_desktop.config import SampleProfile
from clinic_desktop.db import cluster
from clinic_desktop.db.connect import open_connection
from clinic_desktop.db.embedded.locks import alone
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.secrets import OwnerFile
from clinic_desktop.services.installation.local import LocalInstallation
from clinic_desktop.services.schemas import Row

Tell = Callable[[str], None]

PATIENTS: Final = 300
SEED: Final = 20_260_312
# Another program may be filling the same sample clinic at this moment.
WAIT_SECONDS: Final = 600.0


class SamplePerson(Row):
    """Somebody of the sample clinic, with the password made for this installation alone."""

    login: str
    name: str
    initials: str
    job: str = ""
    role: str = ""
    password: str


def sample_of(home: Path) -> LocalInstallation:
    """Return the sample clinic's installation below the home, not started yet."""
    return LocalInstallation(SampleProfile(name="sample").folder(home))


def open_sample(
    installation: LocalInstallation, tell: Tell, *, patients: int = PATIENTS, seed: int = SEED
) -> tuple[SamplePerson, ...]:
    """Start the sample clinic, filling it when it is new or was left half-filled.

    Returns its people, front desk first. Raises SetupError. Raising from ``tell`` stops the
    filling; what was filled by then is thrown away at the next start.
    """
    installation.start(tell)
    with alone(installation.root / "sample.lock", seconds=WAIT_SECONDS):
        if not _is_filled(installation):
            if installation.has_clinic():
                _throw_away(installation)
                installation.start(tell)
            _fill(installation, tell, patients=patients, seed=seed)
    return sample_people(installation)


def sample_people(installation: LocalInstallation) -> tuple[SamplePerson, ...]:
    """Return who can be chosen in the sample clinic; raises SetupError when the file is damaged."""
    secret = _people_file(installation)
    try:
        return tuple(SamplePerson.model_validate(one) for one in json.loads(secret.read() or "[]"))
    except (OSError, ValueError) as error:
        raise SetupError(
            _(
                "The passwords of the sample clinic in {file} cannot be read. "
                "Remove the folder {folder}, and a new sample clinic is made."
            ).format(file=secret.path, folder=installation.root)
        ) from error


def _people_file(installation: LocalInstallation) -> OwnerFile:
    return OwnerFile(installation.root / "secrets" / "people.json")


def _marker(installation: LocalInstallation) -> Path:
    return installation.root / "sample.json"


def _is_filled(installation: LocalInstallation) -> bool:
    return _marker(installation).exists() and _people_file(installation).path.exists()


def _fill(installation: LocalInstallation, tell: Tell, *, patients: int, seed: int) -> None:
    # The generator is loaded only when there is something to generate.
    from clinic_desktop.services.sample.load import fill

    tell(_("Inventing a clinic with {count} patients…").format(count=patients))
    fill(installation, patients=patients, seed=seed, progress=tell)
    try:
        # Written last: without it the next start begins anew.
        files.replace_text(
            _marker(installation), json.dumps({"patients": patients, "seed": seed}) + "\n"
        )
    except OSError as error:
        raise files.refusal(error, installation.root) from error


def _throw_away(installation: LocalInstallation) -> None:
    """Drop what a filling that was stopped half-way left: the database and its people's logins."""
    server = installation.address.superuser_dsn()
    cluster.drop_database(server, installation.database)
    with open_connection(server) as connection:
        people = connection.execute(
            "SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'u_')"
        ).fetchall()
        for (login,) in people:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(login)))
    _people_file(installation).remove()
    # What is thrown away on purpose is not missed.
    installation.anchors.path.unlink(missing_ok=True)
