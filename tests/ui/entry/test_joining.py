"""Joining a clinic's server by keys: tried, trusted, signed in to, kept; refusals in place."""

import sys
from pathlib import Path

import pyotp
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop import config
from clinic_desktop.i18n import use_language
from tests.cluster import PASSWORD
from tests.services.test_first_run import Server, server
from tests.ui.test_app import Driver

__all__ = ["server"]

KEY = Qt.Key


@pytest.fixture
def driver(qtbot, theme, tmp_path, server: Server):
    hook = sys.excepthook
    one = Driver(qtbot, theme, tmp_path)
    yield one
    one.close()
    sys.excepthook = hook
    use_language("en")


def wait_answer(driver: Driver) -> None:
    driver.qtbot.waitUntil(lambda: not driver.page.busy, timeout=20_000)


def test_from_the_address_to_the_window(driver, server: Server, tmp_path: Path) -> None:
    profile = server.profile
    driver.press(KEY.Key_2)
    driver.press(KEY.Key_Return)
    driver.wait_page("ServerPage")
    driver.fill("localhost", str(profile.port), "empty")
    driver.press(KEY.Key_Return)
    wait_answer(driver)
    assert "does not trust" in driver.page.fields["root_certificate"].sentence()
    assert QApplication.focusWidget() is driver.page.certificate
    driver.fill(str(profile.root_certificate))
    driver.press(KEY.Key_Return)
    driver.wait_page("JoinPage")
    assert "localhost was found and can be trusted" in driver.page.sentence.text()

    driver.fill("otto", "not this one")
    driver.press(KEY.Key_Return)
    wait_answer(driver)
    assert "not the one that localhost knows" in driver.page.fields["password"].sentence()
    driver.fill(PASSWORD)
    driver.press(KEY.Key_Return)
    driver.wait_page("ServerPage")
    wait_answer(driver)
    assert "holds no clinic" in driver.page.fields["database"].sentence()
    assert config.load_profiles(tmp_path) == ()

    driver.fill("clinic")
    driver.press(KEY.Key_Return)
    driver.wait_page("JoinPage")
    assert driver.page.user_name.text() == "otto"
    driver.page.password.setFocus()
    driver.fill(PASSWORD)
    driver.press(KEY.Key_Return)
    driver.wait_page("SecondFactorPage")
    assert config.load_profiles(tmp_path) == (profile,)
    seed = driver.page.letters.text().replace(" ", "")
    driver.fill(pyotp.TOTP(seed).now())
    driver.press(KEY.Key_Return)
    assert driver.wait_in().who.clinic_name == "Northgate Dental"
