"""The matrix of rights: moved through and changed by keys, taken back, refused to others."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.services.staff import service as staff
from clinic_desktop.ui.staff.roles import RolesSection
from clinic_desktop.ui.staff.roles_model import RightsModel, lines
from tests.ui.undoing import take_back

KEY = Qt.Key


@pytest.fixture
def open_roles(stand):
    def one(login: str = "u_admin"):
        place = stand(login)
        section = RolesSection(place.desk)
        place.show(section)
        place.qtbot.waitUntil(lambda: section.model.columnCount() > 0, timeout=10_000)
        section.start_focus()
        return place, section

    return one


def go_to(section, permission: str, code: str) -> None:
    row = section.model.lines.index(Permission(permission))
    column = [role.code for role in section.model.roles].index(code)
    section.view.setCurrentIndex(section.model.index(row, column))


def held(signed_in, code: str) -> frozenset[str]:
    with signed_in.reading() as ctx:
        return next(r for r in staff.roles(ctx) if r.code == code).permissions


class TestModel:
    def test_every_permission_has_one_line(self) -> None:
        shown = [line for line in lines() if isinstance(line, Permission)]
        assert sorted(shown) == sorted(set(Permission) - {Permission.MEMBER})

    def test_cells(self, signed_in, qtbot) -> None:
        model = RightsModel()
        QAbstractItemModelTester(model)
        with signed_in.reading() as ctx, qtbot.waitSignal(model.modelReset):
            model.set_roles(staff.roles(ctx))
        for column, role in enumerate(model.roles):
            assert model.headerData(column, Qt.Orientation.Horizontal) == role.name
            for row, line in enumerate(model.lines):
                shown = model.index(row, column).data()
                if not isinstance(line, Permission):
                    assert shown is None
                else:
                    assert shown == ("Yes" if line.value in role.permissions else "No")


class TestChange:
    def test_space_gives_and_undo_takes_back(self, open_roles, signed_in) -> None:
        place, section = open_roles()
        go_to(section, "clinical.read", "front_desk")
        place.press(KEY.Key_Space)
        place.said("Front desk may now: Read charts and notes.")
        assert "clinical.read" in held(signed_in, "front_desk")
        place.press(KEY.Key_Down)
        place.press(KEY.Key_Space)
        place.said("Front desk may now: Chart and write notes.")
        take_back(place.qtbot, place.desk)
        place.said("Front desk may no longer: Chart and write notes.")
        assert "clinical.write" not in held(signed_in, "front_desk")
        assert "clinical.read" in held(signed_in, "front_desk")

    def test_a_click_on_the_tick(self, open_roles, signed_in) -> None:
        place, section = open_roles()
        go_to(section, "stock.write", "assistant")
        section.view.scrollTo(section.view.currentIndex())
        rect = section.view.visualRect(section.view.currentIndex())
        place.qtbot.mouseClick(
            section.view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center()
        )
        place.said("Assistant may no longer: Move stock.")
        assert "stock.write" not in held(signed_in, "assistant")

    def test_administrators_keep_everything(self, open_roles, signed_in) -> None:
        place, section = open_roles()
        go_to(section, "billing.refund", "admin")
        place.press(KEY.Key_Space)
        place.said("this role stays whole")
        assert "billing.refund" in held(signed_in, "admin")

    def test_others_only_look(self, open_roles, signed_in) -> None:
        place, section = open_roles("u_manager")
        go_to(section, "billing.refund", "front_desk")
        place.press(KEY.Key_Return)
        place.said("Only an administrator")
        assert "billing.refund" not in held(signed_in, "front_desk")

    def test_somebody_was_first(self, open_roles, signed_in) -> None:
        place, section = open_roles()
        place.operations.changed.disconnect()
        with signed_in.writing() as ctx:
            role = next(r for r in staff.roles(ctx) if r.code == "outreach")
            staff.change_role(ctx, role.id, role.version, role.permissions | {"stock.read"})
        go_to(section, "billing.read", "outreach")
        place.press(KEY.Key_Space)
        place.said("Somebody saved this record first")
        place.qtbot.waitUntil(
            lambda: any("stock.read" in r.permissions for r in section.model.roles
                        if r.code == "outreach"),
            timeout=10_000,
        )  # fmt: skip
        assert "billing.read" not in held(signed_in, "outreach")
