"""One's own password, PIN and authenticator; emergency access with its reason."""

import pyotp
import pytest
from PySide6.QtCore import Qt

from clinic_desktop.services.installation.resume import change_password
from clinic_desktop.services.installation.sign_in import lock_of
from clinic_desktop.services.staff import mine
from clinic_desktop.services.staff import service as staff
from clinic_desktop.ui.entry.tasks import Tasks
from clinic_desktop.ui.staff.emergency import EmergencyDialog, EmergencySection
from clinic_desktop.ui.staff.my_sign_in import MySignInSection
from tests.cluster import PASSWORD

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


class Account:
    """The part of a session that the section needs."""

    def __init__(self, place) -> None:
        self.place = place
        self.tasks = Tasks()
        self.pins = 0

    def change_password(self, *, old, new, again, done, failed) -> None:
        self.tasks.run(
            self.tasks,
            lambda _tell: change_password(self.place.signed_in, old=old, new=new, again=again),
            lambda _none: done(),
            failed,
        )

    def pin_changed(self) -> None:
        self.pins += 1


@pytest.fixture
def open_mine(stand):
    made = []

    def one(login: str = "u_front"):
        place = stand(login)
        account = Account(place)
        made.append(account.tasks)
        section = MySignInSection(place.desk, account)
        place.show(section)
        place.qtbot.waitUntil(lambda: section.pin.state.accessibleName() != "Not loaded")
        return place, section, account

    yield one
    for tasks in made:
        assert tasks.close()


class TestPassword:
    def test_refused_at_its_field(self, open_mine) -> None:
        place, section, _account = open_mine()
        card = section.password
        for old, new, again, name, words in (
            ("wrong one", "seven green herons", "seven green herons", "old", "not your password"),
            (PASSWORD, "short", "short", "password", "at least 8"),
            (PASSWORD, "seven green herons", "else", "again", "not the same"),
        ):
            for line, text in ((card.old, old), (card.new, new), (card.again, again)):
                line.setFocus()
                line.selectAll()
                place.type(text)
            place.press(KEY.Key_Return)
            place.qtbot.waitUntil(
                lambda n=name, w=words: w in card.fields[n].sentence(), timeout=10_000
            )
            assert card.save.isEnabled()

    def test_nothing_typed_here_is_a_draft(self, open_mine) -> None:
        place, section, _account = open_mine()
        section.password.old.setFocus()
        place.type("seven green herons")
        place.desk.drafts.keep_all()
        assert len(place.desk.drafts._store) == 0


class TestPin:
    def test_set_and_removed(self, open_mine, sign_in) -> None:
        place, section, account = open_mine()
        card = section.pin
        card.pin.setFocus()
        for pin, again, words in (
            ("12", "12", "4 to 12 digits"),
            ("1234", "1234", "not one digit repeated or counted"),
        ):
            card.pin.setFocus()
            card.pin.selectAll()
            place.type(pin)
            card.again.setFocus()
            card.again.selectAll()
            place.type(again)
            place.press(KEY.Key_Return)
            assert words in card.fields["pin"].sentence()
        for line in (card.pin, card.again):
            line.setFocus()
            line.selectAll()
            place.type("4821")
        place.press(KEY.Key_Return)
        place.said("The PIN is kept.")
        assert account.pins == 1
        place.qtbot.waitUntil(lambda: card.remove.isVisible())
        with place.signed_in.reading() as ctx:
            assert lock_of(ctx).takes_pin
        assert card.pin.text() == ""
        place.qtbot.mouseClick(card.remove, Qt.MouseButton.LeftButton)
        place.said("The PIN is removed.")
        with place.signed_in.reading() as ctx:
            assert not lock_of(ctx).takes_pin


class TestAuthenticator:
    def test_is_needed_for_administrators_and_set_up_by_scanning(self, open_mine) -> None:
        place, section, _account = open_mine("u_admin")
        card = section.app
        assert card.state.accessibleName() == "Needed"
        place.qtbot.mouseClick(card.begin, Qt.MouseButton.LeftButton)
        seed = card.letters.text().replace(" ", "")
        assert len(card.qr._rows) > 20
        wrong = f"{(int(pyotp.TOTP(seed).now()) + 7) % 1_000_000:06}"
        place.type(wrong)
        place.press(KEY.Key_Return)
        place.qtbot.waitUntil(lambda: "not right" in card.fields["code"].sentence())
        with place.signed_in.reading() as ctx:
            assert not mine.my_factors(ctx).totp
        card.code.selectAll()
        place.type(pyotp.TOTP(seed).now())
        place.press(KEY.Key_Return)
        place.said("asks for the app")
        place.qtbot.waitUntil(lambda: card.state.accessibleName() == "On")
        assert card.letters.text() == ""
        with place.signed_in.reading() as ctx:
            assert mine.my_factors(ctx).totp


class TestEmergency:
    def test_reason_and_end(self, stand, signed_in) -> None:
        place = stand("u_front")
        section = EmergencySection(place.desk)
        place.show(section)
        place.qtbot.waitUntil(lambda: section.taken.state == "empty", timeout=10_000)
        place.press(KEY.Key_Space)
        dialog = place.dialog(EmergencyDialog)
        place.press(KEY.Key_Return, CONTROL)
        assert dialog.field.sentence() == "Reason is needed."
        for unseen in ("\0", "\u200b", "\u202e"):
            dialog.reason.setPlainText(unseen)
            place.press(KEY.Key_Return, CONTROL)
            assert dialog.field.sentence() == "Reason is needed."
        dialog.reason.clear()
        # Half-typed is kept.
        place.type("Bleed")
        place.press(KEY.Key_Escape)
        place.be_active(place.window)
        section.start_focus()
        place.press(KEY.Key_Space)
        dialog = place.dialog(EmergencyDialog)
        assert dialog.reason.text() == "Bleed"
        dialog.reason.clear()
        place.type("Bleeding after an extraction elsewhere")
        dialog.hours.set_value(2)
        place.press(KEY.Key_Return, CONTROL)
        place.qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=10_000)
        place.qtbot.waitUntil(lambda: section.taken.state == "content", timeout=10_000)
        place.qtbot.waitUntil(lambda: section.state.accessibleName().startswith("Until"))
        with place.signed_in.reading() as ctx:
            running = mine.my_emergency(ctx)
        assert running is not None
        assert (running.ends_at - running.starts_at).total_seconds() == 7200
        with signed_in.reading() as ctx:
            seen = staff.emergency_accesses(ctx)
        assert [(row.person_name, row.reason) for row in seen] == [
            ("Siobhán Keane", "Bleeding after an extraction elsewhere")
        ]
        # Back before the time is over, by key.
        place.be_active(place.window)
        section.end.setFocus()
        place.press(KEY.Key_Space)
        place.qtbot.waitUntil(lambda: section.state.accessibleName() == "Not taken", timeout=10_000)
        assert not section.end.isVisible()
        with place.signed_in.reading() as ctx:
            assert mine.my_emergency(ctx) is None
        assert not place.signed_in.refresh_who().may("clinical.read")
        with signed_in.reading() as ctx:
            (seen,) = staff.emergency_accesses(ctx)
        assert seen.ends_at < running.ends_at
