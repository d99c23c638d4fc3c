"""The lock: on every window and dialog, back by PIN or password, one person after the other."""

import threading
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.installation.sign_in import set_pin
from clinic_desktop.services.staff import service as staff
from clinic_desktop.services.staff.schemas import NewPerson
from clinic_desktop.ui.lock import IdleWatch
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import LineEdit
from clinic_desktop.ui.widgets.labels import Tag
from tests.cluster import PASSWORD
from tests.ui.entry.conftest import DENTIST, FRONT

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def front(house, known):
    """The front desk at work."""
    known(FRONT, DENTIST)
    house.open()
    house.enter(PASSWORD)
    return house.wait_in()


def paper(session):
    return session.main.stack.screen_shown()


def lock(house, session) -> None:
    session.main.activateWindow()
    house.qtbot.keyClick(session.main, KEY.Key_L, CONTROL)
    house.wait_page()


class TestIdle:
    def test_notices_that_nobody_is_there(self, qtbot) -> None:
        watch = IdleWatch(QApplication.instance())
        with qtbot.waitSignal(watch.idle, timeout=2000):
            watch.start(120)
        assert not watch._looks.isActive()

    def test_keys_and_mouse_keep_it_open(self, qtbot, theme) -> None:
        watch = IdleWatch(QApplication.instance())
        line = LineEdit(theme=theme)
        qtbot.addWidget(line)
        line.show()
        told: list[float] = []
        watch.idle.connect(lambda: told.append(time.monotonic()))
        began = time.monotonic()
        watch.start(400)
        while time.monotonic() - began < 0.9:
            qtbot.keyClick(line, KEY.Key_A)
            qtbot.mouseMove(line)
            QTest.qWait(40)
        assert told == []
        qtbot.waitUntil(lambda: bool(told), timeout=2000)

    def test_clinics_minutes_are_kept(self, house, front) -> None:
        assert front.who.lock_minutes == 10
        assert house.guard.watch._limit_ms == 10 * 60_000

    def test_locks_every_window_and_dialog_and_keeps_what_is_typed(self, house, front) -> None:
        front.windows.open_second()
        dialog = Dialog("A form", theme=house.theme, parent=front.main)
        line = LineEdit(theme=house.theme)
        dialog.body.addWidget(line)
        dialog.open()
        line.setText("half a sentence in a dialog")
        menu = QMenu(front.main)
        menu.addAction("One")
        menu.popup(front.main.pos())
        paper(front).line.setText("half a note")
        paper(front).keeper.touched()
        windows = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
        assert len(windows) >= 3
        house.guard.watch.start(100)
        house.wait_page()
        shown = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.isWindow()]
        assert shown == [house.frame]
        assert house.frame.ink.accessibleDescription() == (
            "Locked after 10 minutes. Your half-written form is kept."
        )
        assert "1 form not saved, kept" in house.page.cards[0].face.detail
        assert "Locked at" in house.page.cards[0].face.detail
        house.enter(PASSWORD)
        house.wait_in()
        assert not house.frame.isVisible()
        assert dialog.isVisible()
        assert line.text() == "half a sentence in a dialog"
        assert not menu.isVisible()
        assert paper(front).line.text() == "half a note"
        assert len(front.windows.windows) == 2
        dialog.reject()


class TestLateAnswers:
    def shown(self) -> list:
        return [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.isWindow()]

    def test_dialog_of_an_answer_that_comes_after_locking_waits(self, house, front) -> None:
        gate, opened, seen = threading.Event(), [], []

        def slow(ctx):
            assert gate.wait(10)
            return ctx.who.name

        def done(name: str) -> None:
            dialog = Dialog(f"Allergies of {name}", theme=house.theme, parent=paper(front))
            dialog.open()
            # Nothing of it may have reached the screen, not for one frame.
            seen.append(dialog.testAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen))
            opened.append(dialog)

        front.operations.change(paper(front), slow, done)
        lock(house, front)
        gate.set()
        house.qtbot.waitUntil(lambda: bool(opened))
        house.qtbot.waitUntil(lambda: not opened[0].isVisible())
        assert seen == [True]
        assert self.shown() == [house.frame]
        assert QApplication.activeModalWidget() is None
        house.be_active(house.frame)
        house.page.start_focus()
        house.enter(PASSWORD)
        house.wait_in()
        assert opened[0].isVisible()
        assert not opened[0].testAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        house.be_active(opened[0])
        house.press(KEY.Key_Escape)
        assert not opened[0].isVisible()

    def test_dialog_that_its_answer_has_closed_stays_closed(self, house, front) -> None:
        gate = threading.Event()
        dialog = Dialog("A form", theme=house.theme, parent=front.main)
        dialog.open()
        front.operations.change(dialog, lambda _ctx: gate.wait(10), lambda _result: dialog.accept())
        front.lock_wanted.emit()
        house.wait_page()
        gate.set()
        house.qtbot.waitUntil(lambda: front.operations.quiet)
        house.enter(PASSWORD)
        house.wait_in()
        assert not dialog.isVisible()

    def test_somebody_elses_windows_are_not_hidden(self, house, front) -> None:
        front.switch_wanted.emit()
        house.wait_page()
        house.enter(PASSWORD)
        dentist = house.wait_in()
        dialog = Dialog("A form", theme=house.theme, parent=dentist.main)
        dialog.open()
        QApplication.processEvents()
        assert dialog.isVisible()
        dialog.reject()


class TestComingBack:
    def test_pin_resumes(self, house, front) -> None:
        with front.signed_in.writing() as ctx:
            set_pin(ctx, "4821")
        front.pin_changed()
        house.qtbot.waitUntil(lambda: front.lock.takes_pin)
        lock(house, front)
        assert house.page.with_pin
        house.enter("1111")
        house.wait_idle()
        assert house.page.fields["pin"].sentence() == "This PIN is not right. 4 tries left."
        house.enter("4821")
        assert house.wait_in() is front

    def test_five_wrong_pins_ask_for_the_password(self, house, front) -> None:
        with front.signed_in.writing() as ctx:
            set_pin(ctx, "4821")
        front.pin_changed()
        house.qtbot.waitUntil(lambda: front.lock.takes_pin)
        lock(house, front)
        for _n in range(5):
            house.enter("1111")
            house.wait_idle()
        assert not house.page.with_pin
        assert "wrong five times" in house.page._refusal.accessibleName()
        assert QApplication.focusWidget() is house.page.secret
        house.enter(PASSWORD)
        assert house.wait_in() is front

    def test_wrong_password_stays_locked(self, house, front) -> None:
        lock(house, front)
        house.enter("not this one")
        house.wait_idle()
        assert "not right" in house.page.fields["password"].sentence()
        assert not front.main.isVisible()

    def test_resuming_needs_no_new_connection_with_a_pin(self, house, front, database) -> None:
        with front.signed_in.writing() as ctx:
            set_pin(ctx, "4821")
        front.pin_changed()
        house.qtbot.waitUntil(lambda: front.lock.takes_pin)
        lock(house, front)
        right = house.reception.door.place.person
        house.reception.door.place.person = lambda *_names: {**right("u_front", ""), "host": "/x"}
        house.enter("4821")
        assert house.wait_in() is front
        house.reception.door.place.person = right


class TestSwitching:
    def test_first_session_waits_for_its_person(self, house, front) -> None:
        paper(front).line.setText("the front desk's note")
        paper(front).keeper.touched()
        front.switch_wanted.emit()
        house.wait_page()
        assert house.page.face().login == "u_dentist"
        house.enter(PASSWORD)
        dentist = house.wait_in()
        assert dentist is not front
        assert paper(dentist).line.text() == ""
        assert dentist.main.stack.allowed("charts")
        assert not front.main.isVisible()
        lock(house, dentist)
        details = {card.face.login: card.face for card in house.page.cards}
        assert details["u_front"].open
        assert "1 form not saved" in details["u_front"].detail
        assert details["u_dentist"].open
        house.page.cards[[c.face.login for c in house.page.cards].index("u_front")].setChecked(True)
        house.page.start_focus()
        house.enter(PASSWORD)
        assert house.wait_in() is front
        assert paper(front).line.text() == "the front desk's note"

    def test_each_has_the_theme_they_left(self, house, front) -> None:
        house.theme.use("dark")
        front.switch_wanted.emit()
        house.wait_page()
        house.theme.use("contrast")
        house.page.start_focus()
        house.page.cards[0].setChecked(True)
        house.page.start_focus()
        house.enter(PASSWORD)
        house.wait_in()
        assert house.theme.name == "dark"

    def test_closing_the_last_window_leaves_the_others_behind_the_lock(self, house, front) -> None:
        front.switch_wanted.emit()
        house.wait_page()
        house.enter(PASSWORD)
        dentist = house.wait_in()
        dentist.main.close()
        house.wait_page()
        assert list(house.guard.sessions) == ["u_front"]
        assert house.quits == []
        house.enter(PASSWORD)
        house.wait_in().main.close()
        house.qtbot.waitUntil(lambda: house.quits == [True])

    def test_signing_out_ends_the_session_and_keeps_the_draft(self, house, front) -> None:
        paper(front).line.setText("half a note")
        paper(front).keeper.touched()
        front.sign_out_wanted.emit()
        house.wait_page()
        assert house.guard.sessions == {}
        house.enter(PASSWORD)
        assert paper(house.wait_in()).line.text() == "half a note"


class TestPutOut:
    @pytest.fixture
    def leaver(self, house, signed_in):
        """Somebody at work whose login belongs to this test alone."""
        user_name = f"mira{new_id().hex[-10:]}"
        with signed_in.writing() as ctx:
            role = next(r for r in staff.roles(ctx) if r.code == "front_desk")
            person = NewPerson(
                id=new_id(), name="Mira Holm", initials="MH", user_name=user_name,
                role_ids=(role.id,),
            )  # fmt: skip
            invitation = staff.invite(ctx, person)
        house.open()
        house.type(user_name)
        house.press(KEY.Key_Tab)
        house.enter(invitation.password)
        house.qtbot.waitUntil(lambda: house.page_is("OwnPasswordPage"), timeout=10_000)
        house.type("seven green herons")
        house.press(KEY.Key_Tab)
        house.enter("seven green herons")
        return house.wait_in()

    def deactivate(self, signed_in, person_id) -> None:
        with signed_in.writing() as ctx:
            version = next(p.version for p in staff.people(ctx) if p.id == person_id)
            staff.deactivate(ctx, person_id, version)

    def test_window_says_so_and_drafts_are_kept(self, house, leaver, signed_in) -> None:
        paper(leaver).line.setText("half a note")
        paper(leaver).keeper.touched()
        login = leaver.who.login
        self.deactivate(signed_in, leaver.who.person_id)
        house.wait_page()
        assert login not in house.guard.sessions
        note = house.page._refusal.accessibleName()
        assert "What you typed is kept on this computer." in note
        assert "ended" in note or "do not work at this clinic" in note

    def test_also_while_it_is_locked(self, house, leaver, signed_in) -> None:
        lock(house, leaver)
        self.deactivate(signed_in, leaver.who.person_id)
        house.qtbot.waitUntil(lambda: house.guard.sessions == {}, timeout=15_000)
        assert house.frame.isVisible()


class TestWindows:
    """Two windows stay two windows, whatever opens them anew."""

    def names(self, session) -> list[str]:
        return [window.name for window in session.windows.windows]

    def test_emergency_access_opens_both_again_where_they_were(self, house, front) -> None:
        front.windows.open_second()
        before = list(front.windows.windows)
        paper(front).line.setText("half a note")
        paper(front).keeper.touched()
        with front.signed_in.writing() as ctx:
            staff.take_emergency_access(ctx, id=new_id(), reason="Bleeding", hours=1)
        house.qtbot.waitUntil(lambda: front.main not in before, timeout=10_000)
        assert self.names(front) == ["main", "second"]
        assert all(window.isVisible() for window in front.windows.windows)
        assert all(window.stack.name == "paper" for window in front.windows.windows)
        assert paper(front).line.text() == "half a note"

    def test_second_window_opens_at_the_next_sign_in(self, house, front) -> None:
        front.windows.open_second()
        front.sign_out_wanted.emit()
        house.wait_page()
        house.enter(PASSWORD)
        again = house.wait_in()
        assert self.names(again) == ["main", "second"]
        again.windows.windows[1].close()
        again.sign_out_wanted.emit()
        house.wait_page()
        house.enter(PASSWORD)
        assert self.names(house.wait_in()) == ["main"]


class TestRights:
    def test_new_rights_are_told_and_there_after_the_lock(self, house, front, signed_in) -> None:
        assert not front.main.stack.allowed("charts")
        with signed_in.writing() as ctx:
            role = next(r for r in staff.roles(ctx) if r.code == "front_desk")
            more = role.permissions | {"clinical.read"}
            staff.change_role(ctx, role.id, role.version, more)
        house.qtbot.waitUntil(
            lambda: "rights were changed" in front.main.desk.messages.current.text, timeout=10_000
        )
        lock(house, front)
        house.enter(PASSWORD)
        house.wait_in()
        assert front.main.stack.allowed("charts")

    def test_emergency_access_opens_shows_its_end_and_ends(self, house, front) -> None:
        with front.signed_in.writing() as ctx:
            staff.take_emergency_access(ctx, id=new_id(), reason="Bleeding", hours=1)
        house.qtbot.waitUntil(lambda: front.main.stack.allowed("charts"), timeout=10_000)
        notice = front.main.top.findChild(Tag, "emergency")
        assert notice.isVisible()
        assert "Emergency access until" in notice.accessibleName()
        assert "written down" in front.main.desk.messages.current.text
        # The hour passes: the rights end in the database, the window follows.
        with open_connection(house.database.superuser()) as connection:
            connection.execute(
                "UPDATE clinic.staff_right SET until = now() WHERE until IS NOT NULL"
            )
            connection.execute("SET session_replication_role = replica")
            connection.execute(
                "UPDATE clinic.emergency_access SET starts_at = now() - interval '2 hours',"
                " ends_at = now() - interval '1 hour'"
            )
        front.rights_changed()
        house.qtbot.waitUntil(lambda: not front.main.stack.allowed("charts"), timeout=10_000)
        assert "has ended" in front.main.desk.messages.current.text
