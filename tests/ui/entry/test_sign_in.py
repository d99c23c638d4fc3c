"""Signing in by keys: names of this PC, password, waits, second factor, a first password."""

import time

import pyotp
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.config import server_profile
from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.installation.sign_in import confirm_totp, new_totp_seed
from clinic_desktop.services.staff import service as staff
from clinic_desktop.services.staff.schemas import NewPerson
from clinic_desktop.ui.app import told_of_fonts
from clinic_desktop.ui.session import Session
from tests.cluster import PASSWORD
from tests.ui.entry.conftest import DENTIST, FRONT, small_registry

KEY = Qt.Key


class TestNames:
    def test_last_one_is_chosen_and_the_password_is_typed_at_once(self, house, known) -> None:
        known(FRONT, DENTIST)
        house.open()
        assert [card.face.name for card in house.page.cards] == [
            "Siobhán Keane",
            "Dr Amara Nwosu",
            "Somebody else",
        ]
        assert QApplication.focusWidget() is house.page.secret
        house.enter(PASSWORD)
        session = house.wait_in()
        assert session.who.name == "Siobhán Keane"
        assert not house.frame.isVisible()

    def test_arrows_go_through_the_list_from_the_field(self, house, known) -> None:
        known(FRONT, DENTIST)
        house.open()
        house.press(KEY.Key_Down)
        assert house.page.face().login == "u_dentist"
        house.press(KEY.Key_Down)
        assert house.page.face().login == ""
        assert QApplication.focusWidget() is house.page.user_name
        house.press(KEY.Key_Down)
        house.press(KEY.Key_Up)
        house.enter(PASSWORD)
        assert house.wait_in().who.name == "Dr Amara Nwosu"

    def test_somebody_else_types_a_user_name(self, house) -> None:
        house.open()
        assert [card.face.login for card in house.page.cards] == [""]
        session = house.sign_in("Manager")
        assert session.who.name == "Ana Reis"
        assert [one["login"] for one in house.reception.door.doorkeeper.names] == ["u_manager"]

    def test_name_is_taken_off_the_list(self, house, known, qtbot) -> None:
        known(FRONT, DENTIST)
        house.open()
        qtbot.mouseClick(house.page.forget, Qt.MouseButton.LeftButton)
        assert [card.face.login for card in house.page.cards] == ["u_dentist", ""]

    def test_markup_in_a_name_is_text(self, house, known) -> None:
        known(("u_x", "<img width=20000> & <b>Zoë</b>", "<b"))
        house.open()
        card = house.page.cards[0]
        assert card.accessibleName() == "<img width=20000> & <b>Zoë</b>"
        assert card.width() < 700


class TestFonts:
    def test_missing_ones_are_told_in_the_window_once(self, house, known, monkeypatch) -> None:
        known(FRONT)
        missing = ["Inter-Regular.ttf", "NotoSansThai-Bold.ttf"]

        def session(entered):
            return Session(
                entered, theme=house.theme, tasks=house.tasks, home=house.home,
                features=small_registry, notice=told_of_fonts(missing),
            )  # fmt: skip

        house.guard._make_session = session
        house.open()
        house.enter(PASSWORD)
        said = house.wait_in().main.desk.messages.current
        assert said.kind == "warning"
        assert said.text.startswith(
            "2 fonts of the program cannot be used (Inter-Regular.ttf, NotoSansThai-Bold.ttf)"
        )
        assert told_of_fonts([]) == ""


class TestRefused:
    def test_wrong_password_is_told_below_the_field(self, house, known) -> None:
        known(FRONT)
        house.open()
        house.enter("not this one")
        house.wait_idle()
        field = house.page.fields["password"]
        assert field.sentence() == "The name or the password is not right."
        assert house.page.secret.text() == ""
        assert QApplication.focusWidget() is house.page.secret
        assert "not right" in house.page.secret.accessibleDescription()
        house.enter(PASSWORD)
        house.wait_in()

    def test_page_works_again_after_a_mistake_of_the_program(
        self, house, known, monkeypatch
    ) -> None:
        known(FRONT)
        house.open()
        with monkeypatch.context() as broken:
            broken.setattr(house.reception.door.place, "person", lambda *_names: 1 / 0)
            house.enter(PASSWORD)
            house.wait_idle()
        assert [type(bug).__name__ for bug in house.bugs] == ["ZeroDivisionError"]
        house.bugs.clear()
        assert "made a mistake" in house.page._refusal.accessibleName()
        assert house.page.secret.text() == PASSWORD
        house.be_active(house.frame)
        house.page.start_focus()
        house.press(KEY.Key_Return)
        house.wait_in()

    @pytest.mark.parametrize("typed", ["abc\0def ghi", "abc\x1bdefgh"])
    def test_characters_that_no_password_can_have_are_told_at_the_field(
        self, house, known, typed
    ) -> None:
        known(FRONT)
        house.open()
        house.page.secret.setText(typed)
        house.press(KEY.Key_Return)
        house.wait_idle()
        assert "cannot be part of a password" in house.page.fields["password"].sentence()
        assert house.reception.door.doorkeeper.failures == {}
        assert not house.page.busy

    def test_fourth_try_waits_and_counts_down(self, house, known, qtbot) -> None:
        known(FRONT)
        house.open()
        for _n in range(3):
            house.enter("not this one")
            house.wait_idle()
        field, button = house.page.fields["password"], house.page.primary
        qtbot.waitUntil(lambda: "Wait 1 second," in field.sentence(), timeout=4000)
        assert not button.isEnabled()
        house.enter(PASSWORD)
        assert not house.tasks.busy
        qtbot.waitUntil(button.isEnabled, timeout=4000)
        assert field.sentence() == ""
        house.press(KEY.Key_Return)
        house.wait_in()

    def test_what_is_no_user_name_is_told_there(self, house) -> None:
        house.open()
        house.type("maria mueller")
        house.press(KEY.Key_Tab)
        house.enter(PASSWORD)
        house.wait_idle()
        assert "without blanks" in house.page.fields["user_name"].sentence()
        assert QApplication.focusWidget() is house.page.user_name

    def test_server_that_does_not_answer_is_told_above(self, house, known) -> None:
        known(FRONT)
        house.open()
        place = house.reception.door.place
        right = place.person
        place.person = lambda login, password: {**right(login, password), "host": "/nowhere"}
        house.enter(PASSWORD)
        house.wait_idle()
        assert "does not answer" in house.page._refusal.accessibleName()
        assert house.page._refusal.isVisible()


class TestSecondFactor:
    def test_is_asked_after_the_password(self, house, sign_in, known) -> None:
        seed = new_totp_seed()
        with sign_in("u_front").writing() as ctx:
            confirm_totp(ctx, seed, pyotp.TOTP(seed).at(ctx.now))
        known(FRONT)
        house.open()
        assert not house.page.code.isVisible()
        house.enter(PASSWORD)
        house.wait_idle()
        assert house.page.code.isVisible()
        assert QApplication.focusWidget() is house.page.code
        assert house.page.secret.text() == PASSWORD
        house.enter(f"{(int(pyotp.TOTP(seed).now()) + 7) % 1_000_000:06}")
        house.wait_idle()
        assert "not right" in house.page.fields["code"].sentence()
        house.page.code.clear()
        house.enter(pyotp.TOTP(seed).now())
        house.wait_in()

    def test_administrator_on_a_server_sets_it_up_first(self, house) -> None:
        house.open()
        house.reception.door.profile = server_profile(
            name="clinic", host="localhost", port="", database="clinic", root_certificate=""
        )
        house.type("admin")
        house.press(KEY.Key_Tab)
        house.enter(PASSWORD)
        house.qtbot.waitUntil(lambda: house.page_is("SecondFactorPage"), timeout=10_000)
        seed = house.page.letters.text().replace(" ", "")
        house.enter(f"{(int(pyotp.TOTP(seed).now()) + 7) % 1_000_000:06}")
        house.wait_idle()
        assert "not right" in house.page.fields["code"].sentence()
        house.page.code.clear()
        house.enter(pyotp.TOTP(seed).now())
        session = house.wait_in()
        assert session.who.name == "Maeve Quinn"
        assert "authenticator" not in session.main.desk.messages.current.text

    def test_administrator_on_one_pc_is_reminded(self, house) -> None:
        house.open()
        session = house.sign_in("admin")
        assert "set up the authenticator app" in session.main.desk.messages.current.text


class TestFirstPassword:
    @pytest.fixture
    def invitation(self, signed_in):
        user_name = f"mira{new_id().hex[-10:]}"
        with signed_in.writing() as ctx:
            role = next(r for r in staff.roles(ctx) if r.code == "hygienist")
            person = NewPerson(
                id=new_id(), name="Mira Holm", initials="MH", user_name=user_name,
                role_ids=(role.id,),
            )  # fmt: skip
            return staff.invite(ctx, person)

    def begin(self, house, invitation) -> None:
        house.open()
        house.type(invitation.user_name)
        house.press(KEY.Key_Tab)
        house.enter(invitation.password)
        house.qtbot.waitUntil(lambda: house.page_is("OwnPasswordPage"), timeout=10_000)

    def test_word_of_the_invitation_asks_for_a_password(self, house, invitation) -> None:
        self.begin(house, invitation)
        assert house.guard.active is None
        house.type("short")
        house.press(KEY.Key_Tab)
        house.enter("short")
        house.wait_idle()
        assert "at least 8" in house.page.fields["password"].sentence()
        for line, text in ((house.page.password, "seven green herons"), (house.page.again, "else")):
            line.setFocus()
            line.selectAll()
            house.type(text)
        house.press(KEY.Key_Return)
        house.wait_idle()
        assert "not the same" in house.page.fields["again"].sentence()
        house.page.again.selectAll()
        house.enter("seven green herons")
        session = house.wait_in()
        assert session.who.name == "Mira Holm"
        assert not session.who.must_change_password

    def test_going_back_signs_nobody_in(self, house, invitation) -> None:
        self.begin(house, invitation)
        house.press(KEY.Key_Escape)
        assert house.page_is("SignInPage")
        assert house.guard.sessions == {}


class TestLanguage:
    def test_page_is_shown_again_in_another_language(self, house, known) -> None:
        known(FRONT)
        house.open()
        house.frame.language_chosen.connect(house.reception.show_again)
        house.frame.language_chosen.emit("pt")
        assert house.page_is("SignInPage")
        assert house.page.face().login == "u_front"


def test_signing_in_is_quick(house, known) -> None:
    """Four round trips and a password check; a generous limit that a shared machine keeps."""
    known(FRONT)
    house.open()
    began = time.monotonic()
    house.enter(PASSWORD)
    house.wait_in()
    assert time.monotonic() - began < 8
