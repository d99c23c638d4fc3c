"""Where the logs stand is noted at every coming and going, and away from the data as well."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinic_desktop import config
from clinic_desktop.config import ComputerProfile, SampleProfile
from clinic_desktop.db.connect import open_connection
from clinic_desktop.services.installation import provision, sign_in
from clinic_desktop.services.installation.local import MIGRATOR, LocalInstallation
from clinic_desktop.services.installation.place import local_installation
from clinic_desktop.services.installation.sign_in import Doorkeeper
from clinic_desktop.services.session import SignedIn
from tests.cluster import PASSWORD
from tests.factories import Factory
from tests.places import open_folder

COMPUTER = ComputerProfile(name="computer")


@pytest.fixture(scope="module")
def place() -> Iterator[LocalInstallation]:
    with open_folder() as folder:
        made = local_installation(folder, COMPUTER, fast=True).start()
        made.anchors.outside.unlink(missing_ok=True)
        provision.make_clinic(
            made.machine(MIGRATOR),
            provision.NewClinic(name="Harbour Street Dental"),
            provision.NewAdmin(name="Maeve Quinn", initials="MQ", login="u_mq", password=PASSWORD),
        )
        yield made
        made.leave()


def _noted(place: LocalInstallation) -> tuple[int, bool]:
    """Return the entry noted last by both files, and whether it is where the log stands."""
    with place._noting:  # whoever notes aside has finished then
        ((first, *others),) = place.anchors.read().values()
    assert others == []
    with open_connection(place.superuser()) as connection:
        (head,) = connection.execute("SELECT seq FROM clinic.log_head").fetchone()
    return first.seq, first.seq == head


def _soon_noted(place: LocalInstallation) -> bool:
    """Wait for what is noted aside."""
    for _attempt in range(400):
        if place.anchors.read() and _noted(place)[1]:
            return True
        threading.Event().wait(0.05)
    return False


def _change_something(place: LocalInstallation) -> None:
    """Change the log without a sign-in that would note it."""
    raw = SignedIn(place.person("u_mq", PASSWORD), device="pc-2")
    Factory(raw).patient()
    raw.close()


def test_at_sign_in_sign_out_and_leaving(place, tmp_path) -> None:
    signed_in = sign_in.sign_in(
        place, Doorkeeper.of(tmp_path), user_name="mq", password=PASSWORD, device="pc-1"
    )
    assert _soon_noted(place)
    _change_something(place)
    assert not _noted(place)[1]
    signed_in.close()
    assert _soon_noted(place)
    _change_something(place)
    place.leave()
    place.start()
    assert _noted(place)[1]


def test_what_is_in_the_way_holds_nobody_up(place) -> None:
    outside = place.anchors.outside
    before = outside.read_text()
    outside.write_text("{")
    try:
        place.note_logs().join()
        place.leave()
        place.start()
    finally:
        outside.write_text(before)


def test_memory_is_away_from_the_data_and_not_for_samples(tmp_path, monkeypatch) -> None:
    memory = tmp_path / "memory"
    monkeypatch.setenv("CLINIC_DESKTOP_MEMORY", str(memory))
    outside = local_installation(tmp_path, COMPUTER).anchors.outside
    assert outside.parent == memory
    assert local_installation(tmp_path / "other", COMPUTER).anchors.outside != outside
    assert local_installation(tmp_path, SampleProfile(name="sample")).anchors.outside is None
    monkeypatch.delenv("CLINIC_DESKTOP_MEMORY")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert config.remembered(tmp_path) == config.remembered(Path(f"{tmp_path}/."))
    assert tmp_path / "config" / "clinic-desktop" in config.remembered(tmp_path).parents
