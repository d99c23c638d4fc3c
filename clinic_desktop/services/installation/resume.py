"""An open session comes back after a lock, takes a new password, or learns why it ended."""

from clinic_desktop.db.refusal import NOT_PROVED
from clinic_desktop.domain.passwords import check_characters, check_password
from clinic_desktop.errors import ClinicError, InvalidError, NotAllowedError
from clinic_desktop.i18n import _
from clinic_desktop.services.installation.place import Installation
from clinic_desktop.services.installation.sign_in import Doorkeeper, let_in, must_not_wait
from clinic_desktop.services.session import SignedIn
from clinic_desktop.services.staff import service as staff


def resume_with_password(
    installation: Installation, doorkeeper: Doorkeeper, signed_in: SignedIn, *, password: str
) -> None:
    """Return when the password is the one of the person whose session is locked.

    The server is asked, so that somebody whose work at the clinic ended stays out. Raises
    InvalidError and NotAllowedError (field ``password``), UnreachableError.
    """
    login = signed_in.who.login
    must_not_wait(doorkeeper, login)
    if not password:
        raise InvalidError(_("Type your password."), field="password")
    check_characters(password)
    let_in(
        installation,
        doorkeeper,
        login=login,
        password=password,
        device="",
        clinic_id=signed_in.who.clinic_id,
    ).close()
    signed_in.use_address(installation.person(login, ""))
    doorkeeper.let_in(login, signed_in.who.name, signed_in.who.initials)
    signed_in.use_password(password)


def change_password(signed_in: SignedIn, *, old: str | None, new: str, again: str) -> None:
    """Change the person's own password; the open session goes on with the new one.

    ``old`` is None where the sign-in with it is a moment ago. Raises InvalidError at ``old``,
    ``password`` or ``again``.
    """
    who = signed_in.who
    check_characters(old or "", field="old")
    check_password(new, login=who.login, name=who.name)
    if new != again:
        raise InvalidError(_("The two are not the same. Type it again."), field="again")
    if old is not None and not signed_in.knows(old):
        raise InvalidError(_("This is not your password of today."), field="old")
    if signed_in.knows(new):
        raise InvalidError(_("This is the password you have now."), field="password")
    with signed_in.writing() as ctx:
        staff.change_my_password(ctx, new)
    signed_in.use_password(new)
    signed_in.refresh_who()


def why_out(signed_in: SignedIn) -> ClinicError | None:
    """Return why the server lets this person in no more, or None when it does or is silent."""
    error = _connect_anew(signed_in)
    if error is None:
        return None
    if isinstance(error, NotAllowedError):
        return error
    refusal = signed_in.refusal()
    clinic = signed_in.who.clinic_name
    if refusal.login_closed:
        return NotAllowedError(
            _("Your sign-in at {clinic} was ended by an administrator.").format(clinic=clinic)
        )
    if refusal.code == NOT_PROVED:
        return NotAllowedError(_("Your password was changed. Sign in with the new one."))
    return None


def _connect_anew(signed_in: SignedIn) -> ClinicError | None:
    """Ask who the person is, twice: the first line may be one that was cut before."""
    found: ClinicError | None = None
    for _try in range(2):
        try:
            signed_in.refresh_who()
        except ClinicError as error:
            found = error
        else:
            return None
    return found
