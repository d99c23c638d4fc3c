"""Stock by keys and clicks, on the real ledger of movements."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from clinic_desktop.services.inventory import service as inventory
from clinic_desktop.services.inventory.schemas import ProductValues
from clinic_desktop.ui.conflict import ConflictDialog
from clinic_desktop.ui.inventory.product_dialog import ProductDialog
from clinic_desktop.ui.inventory.stock_model import Column, MovementColumn
from clinic_desktop.ui.inventory.view import StockScreen
from clinic_desktop.ui.widgets.cells import Roles


@pytest.fixture
def goods(make):
    return {
        "art": make.product("ART4", "Articaine 4 %", counted=46, reorder_level=50, cost=62),
        "glv": make.product(
            "GLV-M", "Gloves <b>M</b> & co", counted=230, reorder_level=40, cost=900,
            unit="pair", barcode="4006381333931",
        ),
        "bur": make.product("BUR", "Burs", counted=None, cost=8900, unit="piece"),
    }  # fmt: skip


def left(signed_in, product):
    with signed_in.reading() as ctx:
        rows = {row.id: row.quantity for row in inventory.products(ctx, inactive=True)}
    return rows[product]


class TestTable:
    def test_what_is_left(self, goods, stage) -> None:
        one = stage(StockScreen)
        table = one.screen.table
        assert one.texts(table, Column.NAME) == ["Articaine 4 %", "Burs", "Gloves <b>M</b> & co"]
        assert one.texts(table, Column.STATE) == ["Reorder", "Not counted", "In stock"]
        assert one.texts(table, Column.LEFT) == ["46", "?", "230"]
        level = one.screen.model.index(0, Column.LEVEL).data(Roles.CELL).level
        assert level.role == "warning"
        assert level.part < level.mark

    def test_unknown_is_left_out_of_the_value_in_words(self, goods, stage) -> None:
        text = stage(StockScreen).screen.worth.text().replace("\u00a0", " ")
        assert text == "Stock value € 2,098.52, without 1 product not known"

    def test_filters(self, goods, stage) -> None:
        one = stage(StockScreen)
        parts = one.screen.which.findChildren(QAbstractButton)
        assert [part.text() for part in parts] == [
            "All 3",
            "Reorder 1",
            "Not counted 1",
            "Put away 0",
        ]
        one.click(parts[2])
        assert one.texts(one.screen.table, Column.NAME) == ["Burs"]

    def test_search_and_none(self, goods, stage) -> None:
        one = stage(StockScreen)
        one.key(Qt.Key.Key_B)
        one.type("gloves <b")
        one.qtbot.waitUntil(lambda: one.screen.model.rowCount() == 1)
        one.type("zzz")
        one.qtbot.waitUntil(lambda: one.screen.panel.state == "empty")

    def test_a_scanner_needs_no_focus(self, goods, stage) -> None:
        one = stage(StockScreen)
        one.screen.table.setFocus()
        for digit in "4006381333931":
            one.type(digit)
        one.key(Qt.Key.Key_Return)
        assert one.screen.product().sku == "GLV-M"
        assert one.screen.search.text() == ""
        assert one.screen.table.hasFocus()

    def test_nothing_kept(self, stage) -> None:
        assert stage(StockScreen).screen.panel.state == "empty"


class TestMove:
    def test_use_is_two_strokes(self, goods, stage, signed_in) -> None:
        one = stage(StockScreen)
        one.key(Qt.Key.Key_U)
        one.key(Qt.Key.Key_Return)
        one.settle()
        assert left(signed_in, goods["art"]) == 45
        assert "Articaine 4 %" in one.said
        assert one.screen.table.hasFocus()
        assert one.texts(one.screen.side.table, MovementColumn.QUANTITY)[0] == "−1"

    def test_twice_is_once(self, goods, stage, signed_in) -> None:
        one = stage(StockScreen)
        one.key(Qt.Key.Key_U)
        one.key(Qt.Key.Key_Return)
        one.key(Qt.Key.Key_Return)
        one.settle()
        assert left(signed_in, goods["art"]) == 45

    def test_taken_back(self, goods, stage, signed_in) -> None:
        one = stage(StockScreen)
        one.key(Qt.Key.Key_R)
        one.type("12")
        one.key(Qt.Key.Key_Return)
        one.settle()
        assert left(signed_in, goods["art"]) == 58
        one.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        one.settle()
        assert left(signed_in, goods["art"]) == 46
        one.qtbot.waitUntil(
            lambda: (
                [row.kind for row in one.screen.side.model.rows()]
                == ["return", "purchase", "count"]
            )
        )

    def test_never_more_than_there_is(self, goods, stage, signed_in) -> None:
        one = stage(StockScreen)
        one.key(Qt.Key.Key_W)
        one.type("47")
        one.screen.side.acts.reason.setFocus()
        one.type("dropped <b>&")
        one.key(Qt.Key.Key_Return)
        one.settle()
        acts = one.screen.side.acts
        assert "Only 46 left" in acts.fields["quantity"].sentence()
        assert acts.reason.text() == "dropped <b>&"
        one.type("46")
        one.key(Qt.Key.Key_Return)
        one.settle()
        assert left(signed_in, goods["art"]) == 0
        assert "dropped <b>&" in one.texts(one.screen.side.table, MovementColumn.WHAT)[0]
        assert one.texts(one.screen.table, Column.STATE)[0] == "None left"

    @pytest.mark.parametrize("typed", ["0", "-1", "abc", "1000001", "1.5", ""])
    def test_what_is_no_quantity(self, goods, stage, signed_in, typed) -> None:
        one = stage(StockScreen)
        one.key(Qt.Key.Key_U)
        one.into(one.screen.side.acts.quantity, typed)
        one.key(Qt.Key.Key_Return)
        one.settle()
        assert one.screen.side.acts.fields["quantity"].sentence()
        assert left(signed_in, goods["art"]) == 46

    def test_counting_the_unknown(self, goods, stage, signed_in) -> None:
        one = stage(StockScreen)
        one.key(Qt.Key.Key_Down)
        assert one.screen.product().name == "Burs"
        assert one.screen.side.on_hand.text() == "Not known"
        one.key(Qt.Key.Key_C)
        one.type("0")
        one.key(Qt.Key.Key_Return)
        one.settle()
        assert left(signed_in, goods["bur"]) == 0
        assert one.desk.messages.undo_left == 0

    def test_esc_leaves_it(self, goods, stage, signed_in) -> None:
        one = stage(StockScreen)
        one.key(Qt.Key.Key_U)
        one.key(Qt.Key.Key_Escape)
        assert not one.screen.side.acts.is_open()
        assert one.screen.table.hasFocus()
        assert left(signed_in, goods["art"]) == 46

    def test_another_pcs_use_appears_and_the_row_stays_chosen(self, goods, stage, sign_in) -> None:
        one = stage(StockScreen)
        one.key(Qt.Key.Key_End)
        front = sign_in("u_front", device="pc-2")
        with front.writing() as ctx:
            inventory.add_product(
                ctx, goods["art"].__class__(int=7), ProductValues(sku="AAA", name="AAA", unit="x")
            )
        one.qtbot.waitUntil(lambda: one.screen.model.rowCount() == 4, timeout=5000)
        assert one.screen.product().sku == "GLV-M"


class TestProduct:
    def test_new(self, stage, signed_in) -> None:
        one = stage(StockScreen)
        one.screen.new_product()
        dialog = one.screen.findChild(ProductDialog)
        one.qtbot.waitUntil(dialog.name.hasFocus)
        one.type("Composite & <i>A2</i>")
        one.into(dialog.sku, "CMP-A2")
        one.into(dialog.unit, "capsule")
        one.into(dialog.cost, "1.234,50")
        one.primary()
        one.settle()
        one.qtbot.waitUntil(lambda: one.screen.model.rowCount() == 1)
        (row,) = one.screen.model.rows()
        assert (row.name, row.cost, row.quantity) == ("Composite & <i>A2</i>", 123450, None)
        assert one.screen.product().id == row.id

    def test_what_is_missing_and_taken_is_said_there(self, goods, stage) -> None:
        one = stage(StockScreen)
        one.key(Qt.Key.Key_N)
        dialog = one.screen.findChild(ProductDialog)
        one.qtbot.waitUntil(dialog.name.hasFocus)
        one.primary()
        assert "needed" in dialog.form.fields["name"].sentence()
        for name, text in (("name", "Other"), ("sku", "ART4"), ("unit", "box")):
            one.into(dialog.form.fields[name].editor, text)
        one.into(dialog.cost, "abc")
        one.primary()
        assert dialog.form.fields["cost"].state() == "error"
        one.into(dialog.cost, "")
        one.primary()
        one.settle()
        assert "ART4" in dialog.form.fields["sku"].sentence()
        assert dialog.name.text() == "Other"

    @pytest.mark.parametrize("unseen", ["\0", "\x01\x02", "\u200b", "\u202e"])
    def test_names_that_nobody_can_see(self, goods, stage, unseen) -> None:
        one = stage(StockScreen)
        one.key(Qt.Key.Key_N)
        dialog = one.screen.findChild(ProductDialog)
        one.qtbot.waitUntil(dialog.name.hasFocus)
        for name in ("name", "sku", "unit"):
            dialog.form.fields[name].editor.setText(unseen)
        one.primary()
        one.settle()
        for name in ("name", "sku", "unit"):
            assert "is needed" in dialog.form.fields[name].sentence()

    def test_half_typed_movement_is_kept_until_it_is_left(self, goods, stage, drafts_store) -> None:
        one = stage(StockScreen)
        one.screen.table.setFocus()
        one.key(Qt.Key.Key_W)
        acts = one.screen.side.acts
        one.into(acts.quantity, "7")
        one.into(acts.reason, "dropped")
        one.drafts.keep_all()
        other = stage(StockScreen)
        other.screen.table.setFocus()
        other.key(Qt.Key.Key_W)
        acts = other.screen.side.acts
        assert (acts.quantity.text(), acts.reason.text()) == ("7", "dropped")
        other.key(Qt.Key.Key_Escape)
        other.screen.table.setFocus()
        other.key(Qt.Key.Key_W)
        assert (acts.quantity.text(), acts.reason.text()) == ("", "")

    def test_half_typed_is_kept(self, goods, stage) -> None:
        one = stage(StockScreen)
        one.key(Qt.Key.Key_N)
        dialog = one.screen.findChild(ProductDialog)
        one.qtbot.waitUntil(dialog.name.hasFocus)
        one.type("Half")
        one.key(Qt.Key.Key_Escape)
        one.window.activateWindow()
        one.qtbot.waitUntil(one.screen.table.hasFocus)
        one.key(Qt.Key.Key_N)
        again = next(d for d in one.screen.findChildren(ProductDialog) if d.isVisible())
        assert again.name.text() == "Half"

    def test_two_versions(self, goods, stage, sign_in) -> None:
        one = stage(StockScreen)
        one.key(Qt.Key.Key_Return)
        dialog = one.screen.findChild(ProductDialog)
        one.qtbot.waitUntil(dialog.name.hasFocus)
        one.into(dialog.name, "Articaine mine")
        front = sign_in("u_front", device="pc-2")
        with front.writing() as ctx:
            row = next(r for r in inventory.products(ctx) if r.id == goods["art"])
            inventory.change_product(
                ctx, row.id, row.version,
                ProductValues(sku="ART4", name="Articaine theirs", unit="cartridge",
                              reorder_level=70, cost=62),
            )  # fmt: skip
        one.primary()
        one.settle()
        conflict = dialog.findChild(ConflictDialog)
        assert [line.field for line in conflict.missing()] == ["name"]
        one.key(Qt.Key.Key_M, Qt.KeyboardModifier.AltModifier)
        one.primary()
        one.settle()
        with front.reading() as ctx:
            saved = next(r for r in inventory.products(ctx) if r.id == goods["art"])
        assert saved.name == "Articaine mine"

    def test_put_away_and_taken_back(self, goods, stage, signed_in) -> None:
        one = stage(StockScreen)
        one.screen.put_away()
        one.settle()
        assert one.screen.model.rowCount() == 2
        one.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        one.settle()
        assert one.screen.model.rowCount() == 3


class TestRights:
    def test_who_only_reads(self, goods, stage, sign_in) -> None:
        one = stage(StockScreen, sign_in("u_front"))
        assert one.screen.new.isVisible()
        # Nobody of the roles shipped reads stock without writing it; the screen would hold.
        assert one.screen.side.acts.isVisible()


def test_how_many_are_to_be_ordered(goods, signed_in) -> None:
    with signed_in.reading() as ctx:
        assert inventory.below_reorder(ctx) == 1
