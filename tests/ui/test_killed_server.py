"""The server of this computer is killed under an open program, and comes back by itself."""

import os
import signal
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.i18n import use_language
from clinic_desktop.services import patients
from tests.places import open_folder
from tests.ui.test_app import KEY, Driver

CTRL = Qt.KeyboardModifier.ControlModifier
PASSWORD = "seven green herons"


@pytest.fixture
def driver(qtbot, theme):
    """A clinic on this computer, set up by keys; its administrator is at work."""
    hook = sys.excepthook
    with open_folder() as folder:
        one = Driver(qtbot, theme, folder)
        one.press(KEY.Key_Return)
        one.wait_page("ClinicPage")
        one.fill("Harbour Street Dental")
        one.press(KEY.Key_Return)
        one.wait_page("PersonPage")
        one.fill("Maeve Quinn", "maeve", PASSWORD, PASSWORD)
        one.press(KEY.Key_Return)
        one.wait_in()
        yield one
        one.close()
    sys.excepthook = hook
    use_language("en")


def server(driver: Driver):
    (place,) = driver.program.reception._started
    return place.server


def kill(driver: Driver) -> int:
    """Kill the postmaster as a power cut of its own would, and return its number."""
    pid = int(server(driver).layout.pid_file.read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    return pid


def test_it_is_started_again_and_what_is_typed_is_saved(driver) -> None:
    session = driver.program.guard.active
    main, wait = session.main, driver.qtbot.waitUntil
    main.desk.navigator.open_screen("new_patient")
    wait(lambda: main.stack.name == "new_patient")
    screen = main.stack.screen_shown()
    driver.be_active(main)
    wait(lambda: screen.form.given.hasFocus())
    for text in ("Ana", "Reis", "3.9.84"):
        driver.type(text)
        driver.press(KEY.Key_Return)
    driver.type("086 555 0142")
    pid = kill(driver)
    lost = []
    session.operations.connection.connect(lost.append)
    # Pressed while nobody answers: the form keeps its text and says so.
    driver.press(KEY.Key_Return, CTRL)
    wait(lambda: lost[:1] == [False] or main.stack.name == "patient", timeout=20_000)
    wait(lambda: session.operations.connected and session.operations.quiet, timeout=60_000)
    assert server(driver).running() is not None
    assert int(server(driver).layout.pid_file.read_text().split()[0]) != pid
    if main.stack.name == "new_patient":
        assert screen.form.given.text() == "Ana"
        screen.form.given.setFocus()
        driver.press(KEY.Key_Return, CTRL)
    wait(lambda: main.stack.name == "patient", timeout=20_000)
    with session.signed_in.reading() as ctx:
        assert [row.name for row in patients.find(ctx, "ana reis")] == ["Ana Reis"]
    # And live refresh is there again.
    told = []
    session.operations.changed.connect(told.append)
    with session.signed_in.writing() as ctx:
        ctx.connection.exec_driver_sql(
            "UPDATE clinic.patient SET sticky_note = 'x', version = version + 1"
        )
    wait(lambda: any(topics is not None for topics in told), timeout=20_000)


def test_a_locked_session_comes_back_by_password(driver) -> None:
    session = driver.program.guard.active
    driver.be_active(session.main)
    driver.qtbot.keyClick(session.main, KEY.Key_L, CTRL)
    driver.qtbot.waitUntil(lambda: driver.program.guard.active is None)
    # The program's own small question would find it too: here only the password may.
    session.operations.reach.close(5000)
    session.operations.reach.try_now = lambda: None
    kill(driver)
    driver.be_active(driver.program.frame)
    driver.page.start_focus()
    driver.type(PASSWORD)
    driver.press(KEY.Key_Return)
    assert driver.wait_in() is session
    assert QApplication.activeWindow() is not None
    with session.signed_in.reading() as ctx:
        assert ctx.who.name == "Maeve Quinn"
