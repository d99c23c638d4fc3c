"""Registering patients and changing their records."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import IntegrityError

from clinic_desktop.db.failures import constraint_of
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.names import full_name, search_words, sort_key
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, InvalidError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.models import Household, Patient
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients import checks
from clinic_desktop.services.patients.schemas import NewPatient, PatientChange, Registered
from clinic_desktop.services.rows import add_row, change_row

_BRIEF: Final = select(Patient.number, Patient.given, Patient.family).where(
    Patient.clinic_id == bindparam("clinic"), Patient.id == bindparam("patient")
)
_FAMILY: Final = select(Patient.household_id, Patient.given, Patient.family, Patient.version).where(
    Patient.clinic_id == bindparam("clinic"),
    Patient.id == bindparam("patient"),
    Patient.deleted_at.is_(None),
)
# What the keys are made of, and the two of which one must be there.
_KEYED: Final = (
    "given",
    "family",
    "other_name",
    "phone",
    "no_phone_reason",
    "email",
    "born",
    "number",
)
_CURRENT: Final = select(
    *(getattr(Patient, name) for name in (*_KEYED, "status", "deceased_on"))
).where(
    Patient.clinic_id == bindparam("clinic"),
    Patient.id == bindparam("patient"),
    Patient.deleted_at.is_(None),
)

_CHARTED: Final = text(
    """
    SELECT 1 FROM patient p WHERE p.clinic_id = :clinic AND p.id = :patient
    AND p.species <> :species AND EXISTS (
        SELECT FROM chart_item c WHERE c.clinic_id = p.clinic_id AND c.patient_id = p.id
        AND c.tooth IS NOT NULL AND c.deleted_at IS NULL)
    """
)


def register(ctx: Context, new: NewPatient) -> Registered:
    """Register a patient and return the number the record got.

    The same ``id`` sent twice is one act: the second answer says ``again``. Raises InvalidError
    with the field for what cannot be kept; look-alikes are never refused, only proposed by
    ``possible_duplicates``.
    """
    ctx.need(Permission.PATIENTS_WRITE)
    there = _brief(ctx, new.id, again=True)
    if there is not None:
        return there
    values = _checked(ctx, new)
    if new.same_family_as is not None:
        values["household_id"] = _household_of(ctx, new.same_family_as)
    made = add_row(
        ctx,
        Patient,
        id=new.id,
        number="",
        language=new.language,
        guardian_id=new.guardian_id,
        **values,
        **keys_of(ctx, {**values, "number": ""}),
    )
    registered = _brief(ctx, new.id, again=not made)
    if registered is None:
        raise NotFoundError(_("The record is no longer there."))
    return registered


def _checked(ctx: Context, new: NewPatient) -> dict[str, Any]:
    today = ctx.now.astimezone(ctx.zone).date()
    given, family = checks.given_name(new.given), checks.family_name(new.family)
    if new.born is None:
        raise InvalidError(_("A birth date or an age is needed."), field="born")
    born = checks.birth_date(new.born, today, ctx.who.locale)
    phone = checks.phone_number(new.phone, ctx.who.country)
    return {
        "given": given,
        "family": family,
        "other_name": checks.text_of("other_name", new.other_name),
        "sex": checks.choice("sex", new.sex),
        "species": checks.choice("species", new.species),
        "born": born,
        "born_estimated": new.born_estimated,
        "phone": phone,
        "no_phone_reason": checks.reason_for_no_phone(phone, new.no_phone_reason),
        "email": checks.email_address(new.email),
    }


def keys_of(ctx: Context, values: dict[str, Any]) -> dict[str, Any]:
    """Return the columns that order and find the record."""
    return {
        "sort_key": sort_key(values["given"], values["family"], locale=ctx.who.locale),
        "words": search_words(
            given=values["given"],
            family=values["family"],
            other_name=values["other_name"],
            phone=values["phone"],
            email=values["email"],
            born=values["born"],
            number=values["number"],
        ),
    }


def _brief(ctx: Context, patient_id: UUID, *, again: bool) -> Registered | None:
    found = ctx.connection.execute(
        _BRIEF, {"clinic": ctx.clinic_id, "patient": patient_id}
    ).one_or_none()
    if found is None:
        return None
    name = full_name(found.given, found.family)
    return Registered(id=patient_id, number=found.number, name=name, again=again)


def _household_of(ctx: Context, relative_id: UUID) -> UUID:
    """Return the relative's household; without one they become the payer of a new one."""
    relative = ctx.connection.execute(
        _FAMILY, {"clinic": ctx.clinic_id, "patient": relative_id}
    ).one_or_none()
    if relative is None:
        raise NotFoundError(_("The other member of the family is no longer in the records."))
    if relative.household_id is not None:
        return UUID(str(relative.household_id))
    household_id = new_id()
    name = relative.family or relative.given
    add_row(ctx, Household, id=household_id, name=name, payer_id=relative_id)
    change_row(ctx, Patient, id=relative_id, version=relative.version, household_id=household_id)
    return household_id


def change(ctx: Context, asked: PatientChange) -> int:
    """Change fields of a record and return its new version.

    Raises StaleError when somebody saved first, InvalidError with the field for what cannot be
    kept.
    """
    ctx.need(Permission.PATIENTS_WRITE)
    values = asked.model_dump(exclude_unset=True, exclude={"id", "version"})
    if not values:
        return asked.version
    current = ctx.connection.execute(
        _CURRENT, {"clinic": ctx.clinic_id, "patient": asked.id}
    ).one_or_none()
    if current is None:
        raise NotFoundError(_("The record is no longer there."))
    values = _changed(ctx, values)
    if "species" in values:
        _same_teeth(ctx, asked.id, values["species"])
    whole = {**current._asdict(), **values}
    if {"phone", "no_phone_reason"} & values.keys():
        reason = checks.reason_for_no_phone(whole["phone"], whole["no_phone_reason"])
        values["no_phone_reason"] = reason
    if {"status", "deceased_on", "born"} & values.keys():
        values |= _death(ctx, whole, said="deceased_on" in values)
    if set(_KEYED) & values.keys():
        values |= keys_of(ctx, whole)
    try:
        return change_row(ctx, Patient, id=asked.id, version=asked.version, **values)
    except IntegrityError as error:
        if constraint_of(error) == "patient_not_own_guardian_check":
            raise ConflictError(_("Nobody is their own guardian.")) from error
        raise


def _same_teeth(ctx: Context, patient_id: UUID, species: str) -> None:
    """Refuse another species where teeth are charted: they have other numbers."""
    keys = {"clinic": ctx.clinic_id, "patient": patient_id, "species": species}
    if ctx.connection.execute(_CHARTED, keys).first() is not None:
        raise InvalidError(
            _("Teeth are charted already. Take those entries back first."), field="species"
        )


def _death(ctx: Context, whole: dict[str, Any], *, said: bool) -> dict[str, Any]:
    """Return the day of death as it is kept: only of somebody who is dead, and after the birth."""
    day = whole["deceased_on"]
    if day is None:
        return {}
    if whole["status"] not in ("deceased", "archived"):
        if said:
            raise InvalidError(
                _("A day of death is kept with the status Deceased."), field="deceased_on"
            )
        # Whoever turns out to be alive has no day of death.
        return {"deceased_on": None}
    today = ctx.now.astimezone(ctx.zone).date()
    if day > today:
        raise InvalidError(_("This day is still to come."), field="deceased_on")
    if whole["born"] is not None and day < whole["born"]:
        raise InvalidError(_("This is before the day of birth."), field="deceased_on")
    return {}


def _changed(ctx: Context, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values as they are kept, each checked."""
    today = ctx.now.astimezone(ctx.zone).date()
    kept: dict[str, Any] = {}
    for field, value in values.items():
        match field:
            case "given":
                kept[field] = checks.given_name(value)
            case "family":
                kept[field] = checks.family_name(value)
            case "phone":
                kept[field] = checks.phone_number(value, ctx.who.country)
            case "email":
                kept[field] = checks.email_address(value)
            case "born":
                kept[field] = checks.birth_date(value, today, ctx.who.locale)
            case "sex" | "species" | "prefers" | "status":
                kept[field] = checks.choice(field, value)
            case "born_estimated" | "language" | "deceased_on":
                kept[field] = value
            case _:
                kept[field] = checks.text_of(field, value)
    return kept
