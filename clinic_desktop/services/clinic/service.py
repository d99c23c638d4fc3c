"""Reading and changing the clinic's card, chairs, providers and hours."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from clinic_desktop.db.failures import constraint_of
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.images import check_picture
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, InvalidError, StaleError
from clinic_desktop.i18n import _
from clinic_desktop.models import Chair, Clinic, ClinicModel, Provider, Setting, WorkingTime
from clinic_desktop.services.clinic.schemas import (
    ChairRow,
    ChairValues,
    ClinicCard,
    ClinicValues,
    InvoiceRules,
    InvoiceRuleValues,
    ProviderRow,
    ProviderValues,
    WorkingSpan,
)
from clinic_desktop.services.context import Context
from clinic_desktop.services.rows import add_row, change_row
from clinic_desktop.services.working_time import bookings
from clinic_desktop.services.working_time.service import with_change


def _columns(model: type[ClinicModel], schema: type[Any]) -> list[Any]:
    return [getattr(model, name) for name in schema.model_fields]


_CARD = select(*_columns(Clinic, ClinicCard)).where(Clinic.id == bindparam("clinic"))
_CHAIRS = (
    select(*_columns(Chair, ChairRow))
    .where(Chair.clinic_id == bindparam("clinic"), Chair.deleted_at.is_(None))
    .order_by(Chair.position, Chair.name)
)
_PROVIDERS = (
    select(*_columns(Provider, ProviderRow))
    .where(Provider.clinic_id == bindparam("clinic"), Provider.deleted_at.is_(None))
    .order_by(Provider.position, Provider.name)
)
_INVOICE_RULES: Final = "invoice"
_SETTING = select(Setting.id, Setting.version, Setting.value).where(
    Setting.clinic_id == bindparam("clinic"),
    Setting.name == bindparam("name"),
    Setting.deleted_at.is_(None),
)
_SPANS = (
    select(*_columns(WorkingTime, WorkingSpan))
    .where(WorkingTime.clinic_id == bindparam("clinic"), WorkingTime.deleted_at.is_(None))
    .order_by(WorkingTime.weekday, WorkingTime.starts)
)


def clinic_card(ctx: Context) -> ClinicCard:
    """Return the clinic's card, logo included."""
    row = ctx.connection.execute(_CARD, {"clinic": ctx.clinic_id}).one()
    return ClinicCard.model_validate(row)


def change_clinic(ctx: Context, version: int, values: ClinicValues) -> int:
    """Change the clinic's card; return the new version. Raises StaleError."""
    ctx.need(Permission.SETTINGS_WRITE)
    return change_row(ctx, Clinic, id=ctx.clinic_id, version=version, **values.model_dump())


def set_logo(ctx: Context, version: int, content: bytes | None) -> int:
    """Set the logo of the papers, a PNG or JPEG checked by its content, or take it away."""
    ctx.need(Permission.SETTINGS_WRITE)
    if content is not None:
        check_picture(content)
    return change_row(ctx, Clinic, id=ctx.clinic_id, version=version, logo=content)


def invoice_rules(ctx: Context) -> InvoiceRules:
    """Return what every invoice of the clinic says beside its lines."""
    row = ctx.connection.execute(
        _SETTING, {"clinic": ctx.clinic_id, "name": _INVOICE_RULES}
    ).one_or_none()
    return InvoiceRules() if row is None else InvoiceRules(version=row.version, **row.value)


def change_invoice_rules(ctx: Context, version: int, values: InvoiceRuleValues) -> None:
    """Change what every invoice says; papers already stored stay as they are. Raises StaleError."""
    ctx.need(Permission.SETTINGS_WRITE)
    row = ctx.connection.execute(
        _SETTING, {"clinic": ctx.clinic_id, "name": _INVOICE_RULES}
    ).one_or_none()
    if row is not None:
        change_row(ctx, Setting, id=row.id, version=version, value=values.model_dump())
    else:
        add_row(ctx, Setting, id=new_id(), name=_INVOICE_RULES, value=values.model_dump())


def chairs(ctx: Context, *, inactive: bool = False) -> tuple[ChairRow, ...]:
    """Return the chairs in their order."""
    ctx.need(Permission.CATALOGUE_READ)
    rows = ctx.connection.execute(_CHAIRS, {"clinic": ctx.clinic_id})
    return tuple(row for row in map(ChairRow.model_validate, rows) if row.active or inactive)


def add_chair(ctx: Context, chair_id: UUID, values: ChairValues) -> None:
    """Add a chair; raises ConflictError (``name``) when the name is taken."""
    ctx.need(Permission.CATALOGUE_WRITE)
    try:
        add_row(ctx, Chair, id=chair_id, **values.model_dump())
    except IntegrityError as error:
        raise _name_taken(error, values.name) from error


def change_chair(ctx: Context, chair_id: UUID, version: int, values: ChairValues) -> int:
    """Change a chair; return the new version.

    Raises BookingsAheadError when it is put away with bookings ahead.
    """
    ctx.need(Permission.CATALOGUE_WRITE)
    if not values.active:
        _must_be_free(ctx, values.name, chair_id=chair_id)
    try:
        return change_row(ctx, Chair, id=chair_id, version=version, **values.model_dump())
    except IntegrityError as error:
        raise _name_taken(error, values.name) from error


def _must_be_free(
    ctx: Context, name: str, *, provider_id: UUID | None = None, chair_id: UUID | None = None
) -> None:
    """Raise BookingsAheadError when there are any; the database refuses as well."""
    bookings.hold(ctx)
    found = bookings.ahead(ctx, provider_id=provider_id, chair_id=chair_id)
    if found:
        raise bookings.refusal(ctx, found, leaving=name)


def _name_taken(error: IntegrityError, name: str) -> Exception:
    if constraint_of(error) != "chair_clinic_id_name_key":
        return error
    return ConflictError(_("There is a room named {name} already.").format(name=name), field="name")


def providers(ctx: Context, *, inactive: bool = False) -> tuple[ProviderRow, ...]:
    """Return the providers in the order of their columns."""
    ctx.need(Permission.CATALOGUE_READ)
    rows = ctx.connection.execute(_PROVIDERS, {"clinic": ctx.clinic_id})
    return tuple(row for row in map(ProviderRow.model_validate, rows) if row.active or inactive)


def add_provider(ctx: Context, provider_id: UUID, values: ProviderValues) -> None:
    """Add a provider."""
    ctx.need(Permission.CATALOGUE_WRITE)
    add_row(ctx, Provider, id=provider_id, **values.model_dump())


def change_provider(ctx: Context, provider_id: UUID, version: int, values: ProviderValues) -> int:
    """Change a provider; return the new version.

    Raises BookingsAheadError when they are put away with bookings ahead.
    """
    ctx.need(Permission.CATALOGUE_WRITE)
    if not values.active:
        _must_be_free(ctx, values.short_name, provider_id=provider_id)
    return change_row(ctx, Provider, id=provider_id, version=version, **values.model_dump())


def working_spans(ctx: Context) -> tuple[WorkingSpan, ...]:
    """Return every weekly span of the clinic, its providers and chairs."""
    ctx.need(Permission.CATALOGUE_READ)
    rows = ctx.connection.execute(_SPANS, {"clinic": ctx.clinic_id})
    return tuple(map(WorkingSpan.model_validate, rows))


def set_hours(
    ctx: Context,
    spans: tuple[WorkingSpan, ...],
    *,
    provider_id: UUID | None = None,
    chair_id: UUID | None = None,
    before: tuple[WorkingSpan, ...] | None = None,
    keep_bookings: bool = False,
) -> None:
    """Set the weekly hours of a provider, a chair or the clinic, in place of the old ones.

    ``before`` are the hours as they were read. Raises StaleError when they are others by now,
    InvalidError (``hours``) when a span ends before it starts or two of a kind overlap,
    BookingsAheadError unless ``keep_bookings`` when bookings would newly lie outside them.
    """
    ctx.need(Permission.CATALOGUE_WRITE)
    _check(spans)
    if before is not None:
        mine = (provider_id, chair_id)
        now = {one for one in working_spans(ctx) if (one.provider_id, one.chair_id) == mine}
        if now != set(before):
            raise StaleError(_("Somebody changed these hours first. Yours are kept here."))
    with_change(
        ctx,
        lambda: _replace_hours(ctx, spans, provider_id=provider_id, chair_id=chair_id),
        keep_bookings=keep_bookings,
    )


def _replace_hours(
    ctx: Context,
    spans: tuple[WorkingSpan, ...],
    *,
    provider_id: UUID | None,
    chair_id: UUID | None,
) -> None:
    owner = {"provider_id": provider_id, "chair_id": chair_id}
    held = ctx.connection.execute(
        select(WorkingTime.id, WorkingTime.version).where(
            WorkingTime.clinic_id == ctx.clinic_id,
            WorkingTime.provider_id.is_not_distinct_from(provider_id),
            WorkingTime.chair_id.is_not_distinct_from(chair_id),
            WorkingTime.deleted_at.is_(None),
        )
    ).all()
    for row in held:
        change_row(ctx, WorkingTime, id=row.id, version=row.version, deleted_at=ctx.now)
    for span in spans:
        add_row(ctx, WorkingTime, id=new_id(), **{**span.model_dump(), **owner})


def _check(spans: tuple[WorkingSpan, ...]) -> None:
    for index, span in enumerate(spans):
        if span.ends <= span.starts:
            raise InvalidError(
                _("{ends} is not after {starts}.").format(
                    ends=f"{span.ends:%H:%M}", starts=f"{span.starts:%H:%M}"
                ),
                field="hours",
            )
        for other in spans[index + 1 :]:
            same = (other.weekday, other.kind) == (span.weekday, span.kind)
            if same and span.starts < other.ends and other.starts < span.ends:
                raise InvalidError(
                    _("Two spans of one day overlap at {time}.").format(
                        time=f"{max(span.starts, other.starts):%H:%M}"
                    ),
                    field="hours",
                )
