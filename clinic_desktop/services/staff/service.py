"""People, their roles and their sign-in; the database lets an administrator alone do this."""

import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text, true
from sqlalchemy.exc import DBAPIError

from clinic_desktop.db.failures import code_of, constraint_of
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.passwords import check_password, login_of, user_name_of
from clinic_desktop.domain.permissions import EMERGENCY_HOURS, Permission
from clinic_desktop.errors import ConflictError, InvalidError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.models import EmergencyAccess, Person, PersonRole, StaffRole
from clinic_desktop.services.context import Context
from clinic_desktop.services.rows import add_row, change_row
from clinic_desktop.services.schemas import clean
from clinic_desktop.services.staff.schemas import (
    EmergencyRow,
    Invitation,
    NewPerson,
    PersonChange,
    PersonRow,
    RoleRow,
)

INVITATION_HOURS: Final = 7 * 24
# Letters and digits that nobody confuses when a word is read out.
_SAID_CLEARLY: Final = "abcdefghjkmnpqrstuvwxyz23456789"
# The trigger's own refusal; a check of the table would name its constraint.
_NOT_NOW: Final = ("23514", "")

_GIVE_LOGIN = text("SELECT give_login(:clinic, :person, :login, :verifier, :hours)")
_END_LOGIN = text("SELECT end_login(:clinic, :person)")
_MY_PASSWORD = text("SELECT change_my_password(:verifier)")
_CLEAR_SECRET = text("SELECT clear_secret(:clinic, :person, :kind)")


def _verifier(ctx: Context, login: str, password: str) -> str:
    """Return the SCRAM verifier; the password itself never reaches the server."""
    raw = ctx.connection.connection.driver_connection
    found: bytes = raw.pgconn.encrypt_password(  # type: ignore[union-attr]  # psycopg's
        password.encode(), login.encode(), b"scram-sha-256"
    )
    return found.decode()


def _password_word() -> str:
    groups = ("".join(secrets.choice(_SAID_CLEARLY) for _n in range(4)) for _g in range(4))
    return "-".join(groups)


def people(ctx: Context) -> tuple[PersonRow, ...]:
    """Return everybody of the clinic, those who left last."""
    ctx.need(Permission.STAFF_READ)
    held = (
        select(
            func.coalesce(func.array_agg(StaffRole.id), text("'{}'::uuid[]")).label("role_ids"),
            func.coalesce(func.array_agg(StaffRole.name), text("'{}'::text[]")).label("role_names"),
        )
        .select_from(PersonRole)
        .join(
            StaffRole,
            (StaffRole.clinic_id == PersonRole.clinic_id)
            & (StaffRole.id == PersonRole.staff_role_id),
        )
        .where(
            PersonRole.clinic_id == Person.clinic_id,
            PersonRole.person_id == Person.id,
            PersonRole.deleted_at.is_(None),
        )
        .correlate(Person)
        .lateral("held")
    )
    statement = (
        select(
            Person.id,
            Person.version,
            Person.name,
            Person.initials,
            Person.job,
            Person.email,
            Person.language,
            Person.login,
            Person.active,
            Person.must_change_password,
            held.c.role_ids,
            held.c.role_names,
        )
        .join(held, true())
        .where(Person.clinic_id == ctx.clinic_id, Person.deleted_at.is_(None))
        .order_by(Person.active.desc(), Person.name)
    )
    return tuple(PersonRow.model_validate(row) for row in ctx.connection.execute(statement))


def roles(ctx: Context) -> tuple[RoleRow, ...]:
    """Return the clinic's roles."""
    ctx.need(Permission.STAFF_READ)
    statement = (
        select(
            StaffRole.id, StaffRole.version, StaffRole.code, StaffRole.name, StaffRole.permissions
        )
        .where(StaffRole.clinic_id == ctx.clinic_id, StaffRole.deleted_at.is_(None))
        .order_by(StaffRole.created_at, StaffRole.id)
    )
    return tuple(RoleRow.model_validate(row) for row in ctx.connection.execute(statement))


def invite(ctx: Context, person: NewPerson) -> Invitation:
    """Add a person with roles and give them a word to sign in with once, within a week.

    Raises InvalidError at ``user_name``, ConflictError when it is somebody else's.
    """
    ctx.need(Permission.STAFF_WRITE)
    login = login_of(person.user_name)
    if not person.role_ids:
        raise InvalidError(_("Choose at least one role."), field="role_ids")
    if not person.name:
        raise InvalidError(_("Type the name."), field="name")
    added = add_row(
        ctx,
        Person,
        id=person.id,
        name=person.name,
        initials=person.initials or person.name[:2],
        job=person.job,
        email=person.email,
        language=person.language,
    )
    if added:
        for role_id in dict.fromkeys(person.role_ids):
            add_row(ctx, PersonRole, id=new_id(), person_id=person.id, staff_role_id=role_id)
    return _give_word(ctx, person.id, login)


def _give_word(ctx: Context, person_id: UUID, login: str) -> Invitation:
    password = _password_word()
    ctx.connection.execute(
        _GIVE_LOGIN,
        {
            "clinic": ctx.clinic_id,
            "person": person_id,
            "login": login,
            "verifier": _verifier(ctx, login, password),
            "hours": INVITATION_HOURS,
        },
    )
    return Invitation(
        person_id=person_id,
        user_name=user_name_of(login),
        password=password,
        ends_at=ctx.now + timedelta(hours=INVITATION_HOURS),
    )


def new_password_word(ctx: Context, person_id: UUID) -> Invitation:
    """Give somebody who forgot the password a new word, as at the beginning."""
    ctx.need(Permission.STAFF_WRITE)
    return _give_word(ctx, person_id, _login(ctx, person_id))


def _login(ctx: Context, person_id: UUID) -> str:
    login = ctx.connection.execute(
        select(Person.login).where(Person.clinic_id == ctx.clinic_id, Person.id == person_id)
    ).scalar()
    if login is None:
        raise NotFoundError(_("This person has no sign-in."))
    return str(login)


def change_person(ctx: Context, change: PersonChange) -> int:
    """Change a person's details; return the new version. Raises StaleError."""
    ctx.need(Permission.STAFF_WRITE)
    values = change.model_dump(exclude={"id", "version"})
    return change_row(ctx, Person, id=change.id, version=change.version, **values)


def set_roles(ctx: Context, person_id: UUID, role_ids: tuple[UUID, ...]) -> None:
    """Give a person these roles and no others; the last administrator keeps the role."""
    ctx.need(Permission.STAFF_WRITE)
    held = {
        row.staff_role_id: row
        for row in ctx.connection.execute(
            select(PersonRole.id, PersonRole.version, PersonRole.staff_role_id).where(
                PersonRole.clinic_id == ctx.clinic_id,
                PersonRole.person_id == person_id,
                PersonRole.deleted_at.is_(None),
            )
        )
    }
    for role_id in set(role_ids) - held.keys():
        add_row(ctx, PersonRole, id=new_id(), person_id=person_id, staff_role_id=role_id)
    for role_id in held.keys() - set(role_ids):
        row = held[role_id]
        change_row(ctx, PersonRole, id=row.id, version=row.version, deleted_at=ctx.now)


def change_role(ctx: Context, role_id: UUID, version: int, permissions: frozenset[str]) -> int:
    """Change what a role allows; everybody who has it follows at once."""
    ctx.need(Permission.STAFF_WRITE)
    known = sorted(str(Permission(name)) for name in permissions | {str(Permission.MEMBER)})
    return change_row(ctx, StaffRole, id=role_id, version=version, permissions=known)


def deactivate(ctx: Context, person_id: UUID, version: int) -> int:
    """End somebody's work at the clinic: rights, sign-in and open sessions end with it.

    Returns how many open connections were ended.
    """
    ctx.need(Permission.STAFF_WRITE)
    if person_id == ctx.who.person_id:
        raise ConflictError(_("You cannot deactivate yourself. Ask another administrator."))
    change_row(ctx, Person, id=person_id, version=version, active=False)
    ended = ctx.connection.execute(_END_LOGIN, {"clinic": ctx.clinic_id, "person": person_id})
    return int(ended.scalar_one())


def reactivate(ctx: Context, person_id: UUID, version: int) -> Invitation:
    """Take somebody back, with a new word to sign in with."""
    ctx.need(Permission.STAFF_WRITE)
    change_row(ctx, Person, id=person_id, version=version, active=True)
    return _give_word(ctx, person_id, _login(ctx, person_id))


def clear_second_factor(ctx: Context, person_id: UUID) -> None:
    """Take away a lost authenticator app; it is never read."""
    ctx.need(Permission.STAFF_WRITE)
    ctx.connection.execute(
        _CLEAR_SECRET, {"clinic": ctx.clinic_id, "person": person_id, "kind": "totp"}
    )


def change_my_password(ctx: Context, password: str) -> None:
    """Change one's own password; raises InvalidError at ``password``."""
    check_password(password, login=ctx.who.login, name=ctx.who.name)
    ctx.connection.execute(_MY_PASSWORD, {"verifier": _verifier(ctx, ctx.who.login, password)})


def take_emergency_access(ctx: Context, *, id: UUID, reason: str, hours: int = 1) -> None:  # noqa: A002 - the row's key
    """Take the rights to read charts in an emergency, for up to four hours, with the reason.

    45 CFR 164.312(a)(2)(ii) asks for an emergency access procedure. Sign-in data are refreshed by
    the caller; the rights end by themselves.
    """
    reason = clean(reason)
    if not reason:
        raise InvalidError(_("Write why the access is needed."), field="reason")
    if not 1 <= hours <= EMERGENCY_HOURS:
        raise InvalidError(
            _("Emergency access lasts {count} hours at most.").format(count=EMERGENCY_HOURS),
            field="hours",
        )
    try:
        add_row(
            ctx,
            EmergencyAccess,
            id=id,
            person_id=ctx.who.person_id,
            reason=reason,
            starts_at=ctx.now,
            ends_at=ctx.now + timedelta(hours=hours),
        )
    except DBAPIError as error:
        if (code_of(error), constraint_of(error)) != _NOT_NOW:
            raise
        raise ConflictError(
            _("The server’s clock was changed meanwhile. Nothing was taken: try again.")
        ) from error


def emergency_accesses(ctx: Context, *, limit: int = 100) -> tuple[EmergencyRow, ...]:
    """Return who took emergency access, latest first."""
    ctx.need(Permission.STAFF_READ)
    statement = (
        select(
            EmergencyAccess.id,
            Person.name.label("person_name"),
            EmergencyAccess.reason,
            EmergencyAccess.starts_at,
            EmergencyAccess.ends_at,
        )
        .join(
            Person,
            (Person.clinic_id == EmergencyAccess.clinic_id)
            & (Person.id == EmergencyAccess.person_id),
        )
        .where(EmergencyAccess.clinic_id == ctx.clinic_id)
        .order_by(EmergencyAccess.starts_at.desc())
        .limit(limit)
    )
    return tuple(EmergencyRow.model_validate(row) for row in ctx.connection.execute(statement))
