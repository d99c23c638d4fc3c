"""People at a real clinic: invitations, rights, deactivation, emergency access."""

import pytest
from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError, InvalidError, NotAllowedError
from clinic_desktop.services.session import SignedIn
from clinic_desktop.services.staff import service as staff
from clinic_desktop.services.staff.schemas import NewPerson


def _role(ctx, code: str):
    return next(role for role in staff.roles(ctx) if role.code == code)


@pytest.fixture
def invited(signed_in, database):
    """A hygienist just invited, with the word to sign in with."""
    login = f"mira{new_id().hex[-8:]}"
    with signed_in.writing() as ctx:
        person = NewPerson(
            id=new_id(),
            name="Mira Holm",
            initials="MH",
            user_name=login,
            role_ids=(_role(ctx, "hygienist").id,),
        )
        return staff.invite(ctx, person)


def _sign_in(database, invitation, password=None) -> SignedIn:
    dsn = database.cluster.address.dsn(
        f"u_{invitation.user_name}", password or invitation.password, database.name
    )
    return SignedIn(dsn, device="pc-2")


class TestInvite:
    def test_word_signs_in_and_must_be_changed(self, database, invited) -> None:
        new = _sign_in(database, invited)
        assert new.who.must_change_password
        assert new.who.may("clinical.sign")
        with pytest.raises(InvalidError), new.writing() as ctx:
            staff.change_my_password(ctx, "password1")
        with new.writing() as ctx:
            staff.change_my_password(ctx, "seven green herons")
        new.close()
        again = _sign_in(database, invited, "seven green herons")
        assert not again.who.must_change_password
        again.close()

    def test_front_desk_may_not(self, sign_in) -> None:
        with pytest.raises(NotAllowedError), sign_in("u_front").writing() as ctx:
            staff.invite(
                ctx,
                NewPerson(id=new_id(), name="X", initials="X", user_name="x", role_ids=(new_id(),)),
            )

    def test_login_of_another_clinic_is_refused(self, signed_in) -> None:
        with pytest.raises(ConflictError, match="somebody else"), signed_in.writing() as ctx:
            staff.invite(
                ctx,
                NewPerson(
                    id=new_id(),
                    name="Otto",
                    initials="O",
                    user_name="other",
                    role_ids=(_role(ctx, "admin").id,),
                ),
            )


class TestDeactivate:
    def test_open_sessions_end(self, signed_in, database, invited) -> None:
        theirs = _sign_in(database, invited)
        with theirs.reading() as ctx:
            ctx.connection.execute(text("SELECT 1"))
        with signed_in.writing() as ctx:
            person = next(p for p in staff.people(ctx) if p.id == invited.person_id)
            assert staff.deactivate(ctx, person.id, person.version) >= 1
        with pytest.raises(Exception, match=r"not answer|not permitted|terminat"):
            _sign_in(database, invited)
        theirs.close()

    def test_last_admin_stays(self, signed_in) -> None:
        with pytest.raises(ConflictError, match="one administrator"), signed_in.writing() as ctx:
            staff.set_roles(ctx, ctx.who.person_id, (_role(ctx, "front_desk").id,))


class TestEmergency:
    def test_rights_for_a_while(self, sign_in) -> None:
        front = sign_in("u_front")
        assert not front.who.may("clinical.read")
        with front.writing() as ctx:
            staff.take_emergency_access(ctx, id=new_id(), reason="Patient collapsed", hours=1)
        assert front.refresh_who().may("clinical.read")

    def test_not_for_long_and_not_without_reason(self, sign_in) -> None:
        front = sign_in("u_front")
        with pytest.raises(InvalidError), front.writing() as ctx:
            staff.take_emergency_access(ctx, id=new_id(), reason=" ", hours=1)
        with pytest.raises(InvalidError), front.writing() as ctx:
            staff.take_emergency_access(ctx, id=new_id(), reason="x", hours=5)
