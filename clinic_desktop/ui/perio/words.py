"""What the foot of the exam says of what was typed."""

from datetime import datetime

from clinic_desktop.i18n import _
from clinic_desktop.ui.perio.saving import Saving, State
from clinic_desktop.ui.written import Written


def saved_text(saving: Saving, written: Written) -> tuple[str, str, str]:
    """Return icon, sentence and colour role of the foot."""
    if saving.state is State.SAVING:
        return "refresh-cw", _("Saving…"), "text_2"
    if saving.state is State.SAVED and saving.at is not None:
        at: datetime = saving.at
        return "check", _("Saved {time}, each site").format(time=written.clock_exact(at)), "text_2"
    if saving.state is State.WAITING:
        return (
            "triangle-alert",
            _("Not saved yet. Kept here and sent by itself. Go on typing."),
            "warning",
        )
    if saving.state is State.FAILED:
        return "triangle-alert", _("Not saved: {why}").format(why=saving.sentence), "danger"
    return "check", _("Each site is saved as it is typed."), "text_3"
