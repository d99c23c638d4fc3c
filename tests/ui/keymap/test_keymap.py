"""Who has which key: chosen, refused, swapped, cleared, kept and found again."""

import json
from itertools import combinations
from uuid import UUID

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from clinic_desktop.ui.keymap.keymap import Keymap, key_of, normal
from clinic_desktop.ui.keymap.table import ACTS, SCOPES, overlapping
from clinic_desktop.ui.shell.layout import Layout


@pytest.fixture
def keymap(qapp) -> Keymap:
    return Keymap()


class TestTable:
    def test_no_key_does_two_things_where_both_would_be_heard(self) -> None:
        twice = [
            (one.id, other.id, key)
            for one, other in combinations(ACTS, 2)
            if overlapping(one.scope, other.scope)
            for key in set(map(normal, one.keys)) & set(map(normal, other.keys))
        ]
        assert twice == []

    def test_ids_are_given_once_and_scopes_have_words(self) -> None:
        assert len({act.id for act in ACTS}) == len(ACTS)
        assert {act.scope for act in ACTS} == set(SCOPES)

    def test_every_act_has_a_key_or_says_why_not(self) -> None:
        assert [act.id for act in ACTS if not act.keys and not (act.fixed and act.shown)] == []
        assert [act.id for act in ACTS for key in act.keys if not normal(key)] == []


class TestChoosing:
    def test_another_key_takes_the_place_of_the_usual_one(self, qtbot, keymap) -> None:
        act = keymap.act("today.seat")
        with qtbot.waitSignal(keymap.changed):
            assert keymap.choose(act, "Q")
        assert keymap.keys(act) == ("Q",)
        assert keymap.now(["today"], "S") == "Q"
        assert keymap.now(["calendar"], "S") == "S"
        assert keymap.meant(["today"], "Q") == "S"
        assert keymap.meant(["today"], "S") == ""
        assert keymap.meant(["today"], "Z") is None

    def test_the_usual_key_again_is_no_change(self, keymap) -> None:
        act = keymap.act("window.print")
        keymap.choose(act, "Ctrl+J")
        assert keymap.is_changed(act)
        keymap.choose(act, "Ctrl+P")
        assert not keymap.is_changed()

    def test_the_nearest_scope_is_meant(self, keymap) -> None:
        keymap.choose(keymap.act("images.about"), "Q")
        assert keymap.now(["images", "patient"], "E") == "Q"
        assert keymap.now(["overview", "patient"], "E") == "E"

    def test_cleared(self, keymap) -> None:
        act = keymap.act("window.touch")
        keymap.clear(act)
        assert keymap.keys(act) == ()
        assert keymap.now(["today"], "Ctrl+Shift+T") == ""
        keymap.reset_all()
        assert keymap.keys(act) == ("Ctrl+Shift+T",)


class TestTaken:
    def test_names_who_has_it_only_where_both_are_heard(self, keymap) -> None:
        seat = keymap.act("today.seat")
        assert keymap.taken_by(seat, "A") is keymap.act("today.arrived")
        assert keymap.taken_by(seat, "Q") is None
        assert keymap.taken_by(seat, "Ctrl+P") is keymap.act("window.print")
        assert keymap.taken_by(keymap.act("ledger.reverse"), "E") is keymap.act("patient.edit")
        assert keymap.taken_by(keymap.act("images.scans"), "Y") is None

    def test_swap(self, keymap) -> None:
        seat, arrived = keymap.act("today.seat"), keymap.act("today.arrived")
        assert keymap.after_swap(seat, "A") == "S"
        keymap.swap(seat, "A")
        assert (keymap.keys(seat), keymap.keys(arrived)) == (("A",), ("S",))
        assert keymap.now(["today"], "S") == "A"
        assert keymap.now(["today"], "A") == "S"

    def test_swap_that_would_not_fit_leaves_the_other_without(self, keymap) -> None:
        """A letter alone cannot go to what acts everywhere."""
        seat, printing = keymap.act("today.seat"), keymap.act("window.print")
        assert keymap.after_swap(seat, "Ctrl+P") == ""
        keymap.swap(seat, "Ctrl+P")
        assert keymap.keys(printing) == ()
        assert keymap.keys(seat) == ("Ctrl+P",)

    def test_swap_does_not_give_the_other_what_a_third_has(self, keymap) -> None:
        side = keymap.act("window.side")
        keymap.choose(keymap.act("ledger.reverse"), "F9")
        keymap.choose(keymap.act("stock.use"), "Ctrl+J")
        assert keymap.after_swap(keymap.act("ledger.reverse"), "F7") == "F9"
        keymap.choose(keymap.act("today.seat"), "F9")
        assert keymap.after_swap(keymap.act("ledger.reverse"), "F7") == ""
        keymap.swap(keymap.act("ledger.reverse"), "F7")
        assert keymap.keys(side) == ()


class TestRefused:
    @pytest.mark.parametrize(
        ("act", "key", "why"),
        [
            ("window.lock", "Ctrl+J", "must stay: Whoever leaves in a hurry"),
            ("today.seat", "Ctrl+K", "“Find a patient, action or screen” and must stay"),
            ("today.seat", "Esc", "stays free"),
            ("today.seat", "Ctrl+3", "stays free"),
            ("window.print", "P", "A letter alone"),
            ("window.print", "Shift+P", "A letter alone"),
            ("window.print", "Ctrl+Alt+P", "AltGr"),
            ("window.print", "", "no key of its own"),
        ],
    )
    def test_says_why(self, keymap, act, key, why) -> None:
        assert why in keymap.refusal(keymap.act(act), key)

    @pytest.mark.parametrize(
        ("act", "key"), [("today.seat", "Q"), ("window.print", "F9"), ("stock.use", "Ctrl+J")]
    )
    def test_what_is_free_is_free(self, keymap, act, key) -> None:
        assert keymap.refusal(keymap.act(act), key) == ""


class TestKept:
    def kept_in(self, folder) -> tuple[Layout, Keymap]:
        layout = Layout(folder, UUID(int=1))
        kept = layout.recall("keys").get("chosen")
        return layout, Keymap(kept, lambda chosen: layout.remember("keys", {"chosen": chosen}))

    def test_found_again_and_of_this_person_only(self, qapp, tmp_path) -> None:
        _layout, keymap = self.kept_in(tmp_path)
        keymap.choose(keymap.act("today.seat"), "Q")
        keymap.clear(keymap.act("window.touch"))
        _layout, again = self.kept_in(tmp_path)
        assert again.keys(again.act("today.seat")) == ("Q",)
        assert again.keys(again.act("window.touch")) == ()
        assert Layout(tmp_path, UUID(int=2)).recall("keys") == {}
        again.reset_all()
        _layout, third = self.kept_in(tmp_path)
        assert not third.is_changed()

    def test_a_folder_that_refuses_is_told(self, qapp, tmp_path) -> None:
        (tmp_path / "file").write_text("")
        _layout, keymap = self.kept_in(tmp_path / "file")
        assert not keymap.choose(keymap.act("today.seat"), "Q")
        assert keymap.keys(keymap.act("today.seat")) == ("Q",)

    def test_acts_of_a_newer_version_stay_in_the_file(self, qapp, tmp_path) -> None:
        layout, _keymap = self.kept_in(tmp_path)
        layout.remember("keys", {"chosen": {"sterile.load": ["L"], "today.seat": ["Q"]}})
        _layout, keymap = self.kept_in(tmp_path)
        keymap.clear(keymap.act("window.touch"))
        written = json.loads((tmp_path / "layout.json").read_text())[str(UUID(int=1))]["keys"]
        assert written["chosen"] == {
            "sterile.load": ["L"], "today.seat": ["Q"], "window.touch": [],
        }  # fmt: skip

    @pytest.mark.parametrize(
        "kept",
        [
            {"today.seat": "Q"}, {"today.seat": [7]}, ["today.seat"], None, 3,
            {"window.lock": ["Ctrl+J"]}, {"today.seat": ["Esc"]}, {"today.seat": ["A"]},
            {"window.print": ["???Ctrl"]},
        ],
    )  # fmt: skip
    def test_what_cannot_be_used_falls_back_to_the_usual_keys(self, qapp, kept) -> None:
        keymap = Keymap(kept)
        assert keymap.keys(keymap.act("today.seat")) == ("S",)
        assert keymap.keys(keymap.act("today.arrived")) == ("A",)
        assert keymap.keys(keymap.act("window.lock")) == ("Ctrl+L",)
        assert keymap.keys(keymap.act("window.print")) == ("Ctrl+P",)


class TestKeyOf:
    @pytest.mark.parametrize(
        ("key", "held", "text", "expected"),
        [
            (Qt.Key.Key_Q, Qt.KeyboardModifier.NoModifier, "q", "Q"),
            (Qt.Key.Key_Q, Qt.KeyboardModifier.ShiftModifier, "Q", "Shift+Q"),
            (Qt.Key.Key_Plus, Qt.KeyboardModifier.ShiftModifier, "+", "+"),
            (Qt.Key.Key_Plus, Qt.KeyboardModifier.KeypadModifier, "+", "+"),
            (Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier, "\n", "Ctrl+J"),
            (Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier, "", ""),
            (Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier, "", "Shift+F9"),
        ],
    )
    def test_as_qt_writes_it(self, key, held, text, expected) -> None:
        assert key_of(QKeyEvent(QEvent.Type.KeyPress, key, held, text)) == expected
