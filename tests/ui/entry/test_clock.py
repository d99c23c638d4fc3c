"""A clock that is an hour off: said at sign-in and later, and emergency access still begins."""

from datetime import timedelta

import pytest

from clinic_desktop.db import clock
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError
from clinic_desktop.services.staff import service as staff
from tests.cluster import PASSWORD
from tests.ui.entry.conftest import FRONT


@pytest.fixture
def set_clock(monkeypatch):
    """Set this computer's clock, which a test cannot do in earnest."""
    right = clock._here

    def to(**ahead: float) -> None:
        monkeypatch.setattr(clock, "_here", lambda: right() + timedelta(**ahead))

    return to


def enter(house, known):
    known(FRONT)
    house.open()
    house.enter(PASSWORD)
    return house.wait_in()


def said(session) -> str:
    return session.main.desk.messages.current.text


def test_it_is_said_at_sign_in(house, known, set_clock) -> None:
    set_clock(hours=1)
    session = enter(house, known)
    assert "60 minutes ahead of the server" in said(session)
    assert "Set the clock" in said(session)


def test_it_is_said_when_it_is_measured_again_and_once(house, known, set_clock) -> None:
    session = enter(house, known)
    assert "clock" not in said(session)
    set_clock(minutes=-3)
    session._clock_looks.timeout.emit()
    house.qtbot.waitUntil(lambda: "3 minutes behind the server" in said(session))
    session.main.desk.messages.clear()
    session._clock_looks.timeout.emit()
    house.wait_idle()
    assert "clock" not in said(session)


def test_a_minute_is_nobodys_business(house, known, set_clock) -> None:
    set_clock(seconds=70)
    assert "clock" not in said(enter(house, known))


def test_server_whose_clock_was_set_is_measured_again(signed_in) -> None:
    # What was measured at sign-in is an hour old by the server's clock of now.
    at, server = signed_in.clock._measured
    signed_in.clock._measured = (at, server - timedelta(hours=1))

    def take() -> None:
        with signed_in.writing() as ctx:
            staff.take_emergency_access(ctx, id=new_id(), reason="Bleeding", hours=1)

    with pytest.raises(ConflictError, match="clock was changed"):
        take()
    signed_in.ping()
    take()
