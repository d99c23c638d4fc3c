"""Stock on the real ledger: counts, shortages, and the unknown that is not zero."""

import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError
from clinic_desktop.services.inventory import service as inventory
from clinic_desktop.services.inventory.schemas import NewMovement, ProductValues


def _left(signed_in, product):
    with signed_in.reading() as ctx:
        return next(p.quantity for p in inventory.products(ctx) if p.id == product)


def _move(signed_in, product, kind: str, quantity: int) -> None:
    with signed_in.writing() as ctx:
        inventory.move_stock(
            ctx, NewMovement(id=new_id(), product_id=product, kind=kind, quantity=quantity)
        )


class TestMovements:
    def test_purchase_and_use(self, signed_in, make) -> None:
        product = make.product(counted=5)
        _move(signed_in, product, "purchase", 10)
        _move(signed_in, product, "use", 3)
        assert _left(signed_in, product) == 12

    def test_never_negative(self, signed_in, make) -> None:
        product = make.product(counted=2)
        with pytest.raises(ConflictError, match="Only 2 left"):
            _move(signed_in, product, "use", 3)
        assert _left(signed_in, product) == 2

    def test_unknown_stays_unknown_until_counted(self, signed_in, make) -> None:
        product = make.product(counted=None)
        _move(signed_in, product, "purchase", 10)
        assert _left(signed_in, product) is None
        with signed_in.writing() as ctx:
            inventory.count_stock(ctx, id=new_id(), product_id=product, counted=0)
        assert _left(signed_in, product) == 0

    def test_number_taken(self, signed_in, make) -> None:
        make.product(sku="ART4")
        with pytest.raises(ConflictError, match="ART4"), signed_in.writing() as ctx:
            inventory.add_product(
                ctx, new_id(), ProductValues(sku="ART4", name="Other", unit="box")
            )


class TestUseMaterials:
    def test_shortage_is_told_and_nothing_goes_below_zero(self, signed_in, make) -> None:
        short, plenty, unknown = (
            make.product(sku="A", name="Short", counted=1),
            make.product(sku="B", name="Plenty", counted=9),
            make.product(sku="C", name="Unknown", counted=None),
        )
        with signed_in.writing() as ctx:
            told = inventory.use_materials(
                ctx, [(short, 2, None), (plenty, 2, None), (unknown, 2, None)]
            )
        assert [(one.name, one.needed, one.left) for one in told] == [("Short", 2, 1)]
        assert [_left(signed_in, p) for p in (short, plenty, unknown)] == [0, 7, None]
