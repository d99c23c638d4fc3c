"""Products, movements and what treatments use; the database keeps stock from going negative."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import IntegrityError

from clinic_desktop.db.failures import constraint_of
from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.models import Product, StockBalance, StockMovement
from clinic_desktop.services.context import Context
from clinic_desktop.services.inventory.schemas import (
    MovementRow,
    NewMovement,
    ProductRow,
    ProductValues,
    Shortage,
)
from clinic_desktop.services.rows import add_row, change_row

_DIRECTION: Final = {"purchase": 1, "return": 1, "use": -1, "sale": -1, "waste": -1, "transfer": -1}

_LIST = (
    select(
        Product.id,
        Product.version,
        Product.sku,
        Product.barcode,
        Product.name,
        Product.unit,
        Product.reorder_level,
        Product.cost,
        Product.active,
        StockBalance.quantity,
    )
    .outerjoin(
        StockBalance,
        (StockBalance.clinic_id == Product.clinic_id) & (StockBalance.product_id == Product.id),
    )
    .where(Product.clinic_id == bindparam("clinic"), Product.deleted_at.is_(None))
    .order_by(Product.name, Product.id)
)
_LOW = text(
    """
    SELECT count(*) FROM product p
    JOIN stock_balance b ON b.clinic_id = p.clinic_id AND b.product_id = p.id
    WHERE p.clinic_id = :clinic AND p.active AND p.deleted_at IS NULL
      AND b.quantity <= p.reorder_level
    """
)
# Locks the balances in one order before anything moves, so that two chairs finishing at the same
# moment neither deadlock nor take the same last cartridge.
_NEEDED = Prepared(
    text(
        """
        SELECT p.id, p.name, b.quantity AS remains, n.quantity AS needed
        FROM unnest(CAST(:products AS uuid[]), CAST(:quantities AS int[]))
             AS n(product_id, quantity)
        JOIN product p ON p.clinic_id = :clinic AND p.id = n.product_id
        LEFT JOIN stock_balance b ON b.clinic_id = :clinic AND b.product_id = p.id
        WHERE p.clinic_id = :clinic AND p.id = ANY(CAST(:products AS uuid[]))
        ORDER BY p.id
        """
    )
)
# All movements of an act in one statement; their balances move in the order given.
_USE = Prepared(
    text(
        """
        INSERT INTO stock_movement (clinic_id, id, product_id, kind, quantity, chart_item_id)
        SELECT :clinic, u.id, u.product_id, 'use', u.quantity, u.item
        FROM unnest(CAST(:ids AS uuid[]), CAST(:products AS uuid[]), CAST(:quantities AS int[]),
                    CAST(:items AS uuid[])) WITH ORDINALITY AS u(id, product_id, quantity, item, n)
        ORDER BY u.n
        """
    )
)


def products(ctx: Context, *, inactive: bool = False) -> tuple[ProductRow, ...]:
    """Return the products with what is left of each."""
    ctx.need(Permission.STOCK_READ)
    rows = ctx.connection.execute(_LIST, {"clinic": ctx.clinic_id})
    return tuple(row for row in map(ProductRow.model_validate, rows) if row.active or inactive)


def below_reorder(ctx: Context) -> int:
    """Return how many products are known to be at or under their reorder level."""
    ctx.need(Permission.STOCK_READ)
    return int(ctx.connection.execute(_LOW, {"clinic": ctx.clinic_id}).scalar_one())


def add_product(ctx: Context, product_id: UUID, values: ProductValues) -> None:
    """Add a product; its stock is unknown until it is counted."""
    ctx.need(Permission.STOCK_WRITE)
    try:
        add_row(ctx, Product, id=product_id, **values.model_dump())
    except IntegrityError as error:
        raise _sku_taken(error, values.sku) from error


def change_product(ctx: Context, product_id: UUID, version: int, values: ProductValues) -> int:
    """Change a product; return the new version."""
    ctx.need(Permission.STOCK_WRITE)
    try:
        return change_row(ctx, Product, id=product_id, version=version, **values.model_dump())
    except IntegrityError as error:
        raise _sku_taken(error, values.sku) from error


def _sku_taken(error: IntegrityError, sku: str) -> Exception:
    if constraint_of(error) != "product_clinic_id_sku_key":
        return error
    return ConflictError(_("The number {sku} is another product's.").format(sku=sku), field="sku")


def movements(ctx: Context, product_id: UUID, *, limit: int = 100) -> tuple[MovementRow, ...]:
    """Return a product's ledger, latest first."""
    ctx.need(Permission.STOCK_READ)
    statement = (
        select(
            StockMovement.id,
            StockMovement.kind,
            StockMovement.quantity,
            StockMovement.reason,
            StockMovement.created_at,
        )
        .where(StockMovement.clinic_id == ctx.clinic_id, StockMovement.product_id == product_id)
        .order_by(StockMovement.created_at.desc(), StockMovement.id.desc())
        .limit(limit)
    )
    return tuple(MovementRow.model_validate(row) for row in ctx.connection.execute(statement))


def move_stock(ctx: Context, movement: NewMovement) -> None:
    """Record stock that came or went; raises ConflictError (``quantity``) for too little left."""
    ctx.need(Permission.STOCK_WRITE)
    _move(
        ctx,
        id=movement.id,
        product_id=movement.product_id,
        kind=movement.kind,
        quantity=_DIRECTION[movement.kind] * movement.quantity,
        reason=movement.reason,
    )


def _move(
    ctx: Context,
    *,
    id: UUID,  # noqa: A002 - the row's key
    product_id: UUID,
    kind: str,
    quantity: int,
    reason: str,
) -> None:
    try:
        add_row(
            ctx,
            StockMovement,
            id=id,
            product_id=product_id,
            kind=kind,
            quantity=quantity,
            reason=reason,
        )
    except IntegrityError as error:
        if constraint_of(error) != "stock_balance_never_negative_check":
            raise
        with ctx.fresh() as reading:
            left = _left(reading, product_id)
        raise ConflictError(
            _("Only {left} left. Take {left}, or count the stock first.").format(left=left or 0),
            field="quantity",
        ) from error


def take_back(ctx: Context, *, id: UUID, movement_id: UUID) -> None:  # noqa: A002 - the row's key
    """Take a movement back with another; both stay. Raises ConflictError for too little left."""
    ctx.need(Permission.STOCK_WRITE)
    row = ctx.connection.execute(
        select(StockMovement.product_id, StockMovement.kind, StockMovement.quantity).where(
            StockMovement.clinic_id == ctx.clinic_id, StockMovement.id == movement_id
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError(_("This movement is not there."))
    kind = "count" if row.kind == "count" else "return"
    _move(ctx, id=id, product_id=row.product_id, kind=kind, quantity=-row.quantity, reason="")


def give_back(ctx: Context, item_ids: Sequence[UUID]) -> int:
    """Return to stock what work that was not done had taken; return how many movements that is."""
    ctx.need(Permission.CLINICAL_REVERSE, Permission.STOCK_WRITE)
    used = ctx.connection.execute(
        select(StockMovement.product_id, StockMovement.chart_item_id, StockMovement.quantity).where(
            StockMovement.clinic_id == ctx.clinic_id,
            StockMovement.chart_item_id.in_(item_ids),
        )
    ).all()
    taken: dict[tuple[UUID, UUID], int] = {}
    for row in used:
        key = (row.product_id, row.chart_item_id)
        taken[key] = taken.get(key, 0) + row.quantity
    back = [(key, -quantity) for key, quantity in taken.items() if quantity < 0]
    for (product_id, item_id), quantity in back:
        add_row(
            ctx,
            StockMovement,
            id=new_id(),
            product_id=product_id,
            kind="return",
            quantity=quantity,
            chart_item_id=item_id,
        )
    return len(back)


def _left(ctx: Context, product_id: UUID) -> int | None:
    found: int | None = ctx.connection.execute(
        select(StockBalance.quantity).where(
            StockBalance.clinic_id == ctx.clinic_id, StockBalance.product_id == product_id
        )
    ).scalar()
    return found


def count_stock(ctx: Context, *, id: UUID, product_id: UUID, counted: int) -> None:  # noqa: A002 - the row's key
    """Record what a count found; the difference to the ledger becomes a movement of its own."""
    ctx.need(Permission.STOCK_WRITE)
    left = _left(ctx, product_id)
    add_row(
        ctx,
        StockMovement,
        id=id,
        product_id=product_id,
        kind="count",
        quantity=counted - (left or 0),
    )


def use_materials(ctx: Context, needed: Sequence[tuple[UUID, int, UUID]]) -> tuple[Shortage, ...]:
    """Take materials for completed work: (product, quantity, chart item) of each.

    Never takes more than is left, because the work is done whatever the books say: what was
    missing is returned, so that somebody counts. A product never counted stays unknown.
    """
    ctx.need(Permission.CLINICAL_COMPLETE, Permission.STOCK_WRITE)
    if not needed:
        return ()
    totals: dict[UUID, int] = {}
    for product_id, quantity, _item in needed:
        totals[product_id] = totals.get(product_id, 0) + quantity
    rows = _NEEDED.all(
        ctx.connection,
        clinic=ctx.clinic_id,
        products=list(totals),
        quantities=list(totals.values()),
    )
    remains = {product_id: left for product_id, _name, left, _needed in rows}
    used: list[tuple[UUID, UUID, int, UUID]] = []
    for product_id, quantity, item in sorted(needed, key=lambda one: one[0]):
        left = remains.get(product_id)
        taken = quantity if left is None else min(quantity, left)
        if taken == 0:
            continue
        if left is not None:
            remains[product_id] = left - taken
        used.append((new_id(), product_id, -taken, item))
    if used:
        ids, products, quantities, items = map(list, zip(*used, strict=True))
        _USE.count(
            ctx.connection,
            clinic=ctx.clinic_id,
            ids=ids,
            products=products,
            quantities=quantities,
            items=items,
        )
    return tuple(
        Shortage(product_id=product_id, name=name, needed=wanted, left=left)
        for product_id, name, left, wanted in rows
        if left is not None and left < wanted
    )
