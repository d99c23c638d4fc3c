"""The server's disk is full while a form is saved: the sentence stands there, the text too."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.db.connect import open_connection
from clinic_desktop.services import patients

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def small_disk(database) -> Iterator[Path]:
    """Put the patients' table on a disk of one megabyte."""
    folder = Path(tempfile.mkdtemp(prefix="clinic-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("only root can mount a small disk")
    place = folder / "space"
    place.mkdir(mode=0o777)
    name = folder.name.replace("-", "_")
    owner = database.cluster.server.layout.data.stat()
    try:
        subprocess.run(["chown", f"{owner.st_uid}:{owner.st_gid}", place], check=True)
        with open_connection(database.superuser()) as connection:
            connection.execute(f"CREATE TABLESPACE {name} LOCATION '{place}'".encode())
            connection.execute(f"ALTER TABLE clinic.patient SET TABLESPACE {name}".encode())
        yield folder
        (folder / "filler").unlink(missing_ok=True)
        with open_connection(database.superuser()) as connection:
            connection.execute(b"ALTER TABLE clinic.patient SET TABLESPACE pg_default")
            connection.execute(b"CHECKPOINT")
            connection.execute(f"DROP TABLESPACE {name}".encode())
    finally:
        # The server may still hold the files of the table that has moved away.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def fill(folder: Path) -> None:
    """Write until nothing more goes onto the disk."""
    with (folder / "filler").open("wb", buffering=0) as file:
        while True:
            try:
                file.write(b"x" * 4096)
            except OSError:
                return


def test_nothing_typed_is_lost(small_disk, desktop, sign_in) -> None:
    desktop.go("patients")
    desktop.key(Qt.Key.Key_N, CTRL, SHIFT)
    desktop.wait(lambda: desktop.window.stack.name == "new_patient")
    form = desktop.screen()
    desktop.wait(lambda: form.form.given.hasFocus())
    for text in ("Ana", "Reis", "3.9.84"):
        desktop.write(text)
        desktop.key(Qt.Key.Key_Return)
    desktop.write("086 555 0142")
    fill(small_disk)
    desktop.key(Qt.Key.Key_Return, CTRL)
    desktop.wait(lambda: "disk is full" in desktop.desk.messages.current.text)
    assert "disk is full" in form._note.text()
    assert [form.form.given.text(), form.form.phone.text()] == ["Ana", "086 555 0142"]
    assert desktop.operations.connected
    assert form.save.isEnabled()
    (small_disk / "filler").unlink()
    desktop.key(Qt.Key.Key_Return, CTRL)
    desktop.wait(lambda: desktop.window.stack.name == "patient")
    with sign_in("u_front").reading() as ctx:
        assert [row.name for row in patients.find(ctx, "ana reis")] == ["Ana Reis"]
