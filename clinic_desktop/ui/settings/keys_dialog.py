"""Choosing another key for one act: pressed, not typed, with whoever has it already named."""

from PySide6.QtWidgets import QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keymap.keymap import normal
from clinic_desktop.ui.keymap.table import SCOPES, Act
from clinic_desktop.ui.settings.key_catch import KeyCatch
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.labels import Label


def named(act: Act) -> str:
    """Return an act with the place where its key acts."""
    words = _(act.does)
    return _("{place}: {act}").format(place=_(SCOPES[act.scope]), act=words[:1].upper() + words[1:])


class KeyDialog(Dialog):
    """Waits for a key; the sentence below says at once whether it is free."""

    def __init__(self, desk: Desk, parent: QWidget, act: Act, *, key: str = "") -> None:
        super().__init__(
            named(act),
            theme=desk.theme,
            parent=parent,
            sentence=_("Press the key that is to do it."),
            icon="keyboard",
            width=520,
        )
        self._desk, self._act = desk, act
        self.line = KeyCatch(_("Press a key"), theme=desk.theme, whole=True)
        self.told = Label(theme=desk.theme, role="text_2", wrap=True)
        self.body.addWidget(self.line)
        self.body.addWidget(self.told)
        self.use = self.set_primary(_("Use this key"), self._use)
        self.line.pressed.connect(self._pressed)
        self.line.setText(key)
        self._pressed(key)

    def _pressed(self, key: str) -> None:
        keymap, act = self._desk.keymap, self._act
        now = keymap.first(act)
        self.use.setText(_("Use this key"))
        if not key:
            sentence, role, fits = _("Now: {key}.").format(key=now) if now else "", "text_2", False
        elif refusal := keymap.refusal(act, key):
            sentence, role, fits = refusal, "danger", False
        elif (other := keymap.taken_by(act, key)) is not None:
            self.use.setText(_("Swap the keys"))
            sentence = _("{key} is “{act}” now.").format(key=key, act=named(other)) + " "
            after = keymap.after_swap(act, key)
            if after:
                sentence += _("Swapped, that gets {key}.").format(key=after)
            else:
                sentence += _("Swapped, that has no key until it is given one.")
            role, fits = "warning", True
        else:
            sentence, role, fits = _("{key} is free.").format(key=key), "text_2", True
        self.told.setText(sentence)
        self.told.set_role(role)
        self.use.setEnabled(fits)
        if key:
            announce(self.line, sentence)

    def _use(self) -> None:
        keymap, key = self._desk.keymap, normal(self.line.text())
        if not key or keymap.refusal(self._act, key):
            return
        if keymap.taken_by(self._act, key) is not None:
            kept = keymap.swap(self._act, key)
        else:
            kept = keymap.choose(self._act, key)
        tell_kept(self._desk, kept=kept, sentence=_("{act} is {key} from now on.").format(
            act=named(self._act), key=key))  # fmt: skip
        self.accept()


def tell_kept(desk: Desk, *, kept: bool, sentence: str) -> None:
    """Say what holds from now on, and whether it will still hold tomorrow."""
    if kept:
        desk.messages.say(sentence, "keyboard")
    else:
        desk.messages.warn(
            _("{sentence} It could not be kept on this computer and ends with the program.").format(
                sentence=sentence
            )
        )
