"""What one person made of the table of keys: which key does an act, and who has a key already."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.keymap.table import ACTS, WINDOW, Act, overlapping

log = logging.getLogger(__name__)

_STAY: Final = N_("{key} means the same in every list, field and window, and stays free.")
_ALTGR: Final = N_("Ctrl and Alt together are AltGr, with which people type: take one of the two.")
_LETTER: Final = N_(
    "A letter alone would act wherever it is typed. Take it with Ctrl or Alt, or one of F2 to F12."
)
_NOT_A_KEY: Final = N_("That is no key of its own: press it together with a letter or digit.")
_FIXED: Final = N_("{key} is “{act}” and must stay: {why}")
# What Qt's own fields and lists answer to, and the places on the screen.
_ENDS: Final = (
    "Esc Return Enter Tab Shift+Tab Backtab Space Del Backspace Ins Left Right Up Down Home End "
    "PgUp PgDown Ctrl+C Ctrl+V Ctrl+X Ctrl+A Shift+Ins Shift+Del Ctrl+Left Ctrl+Right Ctrl+Up "
    "Ctrl+Down Ctrl+Home Ctrl+End Ctrl+Backspace Ctrl+Del Alt+F4 Menu Ctrl+Tab Ctrl+Shift+Tab "
    "Alt+Up Alt+Down Alt+Left Alt+Right Alt+Home Alt+Shift+Up Alt+Shift+Down Alt+Return Alt+Enter "
    "Ctrl+Return Ctrl+Enter Ctrl+Shift+C Ctrl+Q Shift+F10"
)
_PLACES: Final = {f"Ctrl+{n}" for n in range(1, 8)} | {f"Alt+{n}" for n in range(1, 10)}
_RESERVED: Final = frozenset(_ENDS.split(" ")) | _PLACES
_ALONE: Final = frozenset(
    {Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr,
     Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_unknown}
)  # fmt: skip
_PLAIN: Final = re.compile(r"^(Shift\+)?.$", re.DOTALL)


def normal(key: str) -> str:
    """Return a key as Qt writes it, empty for what is none."""
    return QKeySequence(key).toString()


def key_of(event: QKeyEvent) -> str:
    """Return the key of a press as Qt writes it, empty while only Ctrl, Shift or Alt is held."""
    if event.key() in _ALONE:
        return ""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    pressed = Qt.Key(event.key())
    if pressed == Qt.Key.Key_Backtab:
        return "Shift+Tab"
    # The layout needed Shift for a sign such as +: the sign is meant, not Shift with it.
    sign = event.text()
    if held == Qt.KeyboardModifier.ShiftModifier and sign.strip() and not sign.isalnum():
        held = Qt.KeyboardModifier.NoModifier
    return QKeySequence(int(held.value) | int(pressed)).toString()


class Keymap(QObject):
    """Knows the keys of every act; ``keep`` stores the changes and says whether that worked."""

    changed = Signal()

    def __init__(
        self,
        kept: object = None,
        keep: Callable[[dict[str, list[str]]], bool] | None = None,
        acts: Sequence[Act] = ACTS,
    ) -> None:
        super().__init__()
        self.acts = tuple(acts)
        self._keep = keep
        self._of_scope: dict[tuple[str, str], Act] = {
            (act.scope, normal(key)): act for act in self.acts for key in act.keys
        }
        self._chosen: dict[str, str] = {}
        self._foreign: dict[str, list[str]] = {}
        self._take(kept if isinstance(kept, Mapping) else {})
        self.was_changed = self.is_changed()
        """Whether widgets may have been given other keys than the usual ones."""

    def _take(self, kept: Mapping[str, Any]) -> None:
        """Take what was kept; what cannot be used any more falls back to the usual key."""
        known = {act.id: act for act in self.acts}
        for name, keys in kept.items():
            if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
                log.warning("The kept key of %s cannot be read.", name)
            elif name not in known:
                self._foreign[name] = keys  # of a newer version, which finds it again
            elif not keys or not self.refusal(known[name], normal(keys[0])):
                self._chosen[name] = normal(keys[0]) if keys else ""
        for act in self.acts:
            if act.id in self._chosen and self.taken_by(act, self._chosen[act.id]) is not None:
                log.warning("The kept key of %s is another's by now.", act.id)
                del self._chosen[act.id]

    # -- asking -----------------------------------------------------------------------------

    def is_changed(self, act: Act | None = None) -> bool:
        """Return whether the person chose another key, for this act or for any."""
        return bool(self._chosen) if act is None else act.id in self._chosen

    def keys(self, act: Act) -> tuple[str, ...]:
        """Return the keys that do it now, as Qt writes them; none when it was cleared."""
        if act.id in self._chosen:
            return (self._chosen[act.id],) if self._chosen[act.id] else ()
        return act.keys

    def first(self, act: Act) -> str:
        """Return the key as it is shown, empty for none."""
        keys = self.keys(act)
        return keys[0] if keys else act.shown

    def act(self, act_id: str) -> Act:
        """Return the act of that id."""
        return next(act for act in self.acts if act.id == act_id)

    def find(self, scopes: Sequence[str], usual: str) -> Act | None:
        """Return the act that ``usual`` is the usual key of, in the nearest of these scopes."""
        name = normal(usual)
        for scope in (*scopes, WINDOW):
            if (scope, name) in self._of_scope:
                return self._of_scope[scope, name]
        return None

    def now(self, scopes: Sequence[str], usual: str) -> str:
        """Return the key in place of the usual one, empty when the act has none."""
        if not self._chosen:
            return usual
        act = self.find(scopes, usual)
        if act is None or act.id not in self._chosen:
            return usual
        return self._chosen[act.id]

    def meant(self, scopes: Sequence[str], pressed: str) -> str | None:
        """Return the usual key of the act that a pressed key does now.

        Empty when the key's usual act has another by now, None when no act has to do with it.
        """
        for scope in scopes:
            for act in self.acts:
                if act.scope == scope and pressed in map(normal, self.keys(act)):
                    return act.keys[0] if act.keys else None
            if (scope, pressed) in self._of_scope:
                return ""
        return None

    def taken_by(self, act: Act, key: str) -> Act | None:
        """Return another act that this key does where ``act`` would be heard too."""
        if not key:
            return None
        for other in self.acts:
            heard = other.id != act.id and overlapping(act.scope, other.scope)
            if heard and key in map(normal, self.keys(other)):
                return other
        return None

    def refusal(self, act: Act, key: str) -> str:
        """Return why this act cannot have that key at all, empty when it can."""
        if act.fixed:
            return _(_FIXED).format(key=self.first(act), act=_(act.does), why=_(act.fixed))
        if not key:
            return _(_NOT_A_KEY)
        if key in _RESERVED and key not in map(normal, act.keys):
            return _(_STAY).format(key=key)
        if "Ctrl+" in key and "Alt+" in key:
            return _(_ALTGR)
        if act.scope == WINDOW and _PLAIN.match(key):
            return _(_LETTER)
        other = self.taken_by(act, key)
        if other is not None and other.fixed:
            return _(_FIXED).format(key=key, act=_(other.does), why=_(other.fixed))
        return ""

    # -- choosing ---------------------------------------------------------------------------

    def choose(self, act: Act, key: str) -> bool:
        """Give an act another key; the caller has asked ``refusal`` and ``taken_by``.

        False when it could not be kept: it holds until the program ends.
        """
        self._put(act, key)
        return self._done()

    def swap(self, act: Act, key: str) -> bool:
        """Give an act a key that another has, and that one what this act had, if it may."""
        other, left = self.taken_by(act, key), self.after_swap(act, key)
        self._put(act, key)
        if other is not None:
            self._put(other, left)
        return self._done()

    def after_swap(self, act: Act, key: str) -> str:
        """Return what the other one would have after a swap, empty when that would not fit."""
        other, had = self.taken_by(act, key), normal(self.first(act))
        if other is None or not had or self.refusal(other, had):
            return ""
        # The key is free once ``act`` gave it up, unless a third one has it where ``other`` acts.
        third = [
            one
            for one in self.acts
            if one.id not in (act.id, other.id)
            and overlapping(one.scope, other.scope)
            and had in map(normal, self.keys(one))
        ]
        return "" if third else had

    def clear(self, act: Act) -> bool:
        """Leave an act without a key."""
        self._put(act, "")
        return self._done()

    def reset_all(self) -> bool:
        """Give every act its usual key back."""
        self._chosen.clear()
        return self._done()

    def _put(self, act: Act, key: str) -> None:
        if key == (normal(act.keys[0]) if act.keys else ""):
            self._chosen.pop(act.id, None)
        else:
            self._chosen[act.id] = key

    def _done(self) -> bool:
        kept = self.was_changed = True
        if self._keep is not None:
            chosen = {name: [key] if key else [] for name, key in self._chosen.items()}
            kept = self._keep({**self._foreign, **chosen})
        self.changed.emit()
        return kept


# -- what a widget asks ---------------------------------------------------------------------


def _upwards(widget: QWidget) -> Iterator[QWidget]:
    above: QWidget | None = widget
    while above is not None:
        yield above
        above = above.parentWidget()


def scopes_of(widget: QWidget) -> list[str]:
    """Return the scopes in which a widget stands, the nearest first."""
    found = [one.property("key_scope") for one in _upwards(widget)]
    return [scope for scope in found if isinstance(scope, str)]


def keymap_of(widget: QWidget) -> Keymap | None:
    """Return the keys of the window in which a widget or a dialog stands, None before sign-in."""
    for one in _upwards(widget):
        keymap = getattr(one, "keymap", None)
        if isinstance(keymap, Keymap):
            return keymap
    return None


def key_now(widget: QWidget, usual: str) -> str:
    """Return the key to show in place of the usual one, empty when the act has none."""
    keymap = keymap_of(widget)
    if keymap is None or not keymap.is_changed():
        return usual
    return keymap.now(scopes_of(widget), usual)


def meant_key(widget: QWidget, event: QKeyEvent) -> str:
    """Return the usual key of what was pressed, for a view that hears its keys itself."""
    held = event.modifiers() & ~(
        Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
    )
    plain = event.text().upper() if held == Qt.KeyboardModifier.NoModifier else ""
    keymap = keymap_of(widget)
    if keymap is None or not keymap.is_changed():
        return plain
    meant = keymap.meant(scopes_of(widget), key_of(event))
    return plain if meant is None else meant
