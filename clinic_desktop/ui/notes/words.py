"""A note in words: its head, its text with the addenda, and why nobody can change it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from clinic_desktop.i18n import _
from clinic_desktop.ui.written import Written

if TYPE_CHECKING:  # the window is painted before pydantic is loaded
    from clinic_desktop.services.notes.schemas import NoteRow


def title_of(note: "NoteRow", written: Written) -> str:
    """Return when a note was begun and by whom."""
    return _("{moment} · {name}").format(moment=written.moment(note.created_at), name=note.author)


def addenda_of(note: "NoteRow", notes: "Sequence[NoteRow]") -> "list[NoteRow]":
    """Return the addenda to a note, the oldest first."""
    found = (one for one in notes if one.amends_id == note.id)
    return sorted(found, key=lambda one: one.created_at)


def whole_text(note: "NoteRow", addenda: "Sequence[NoteRow]", written: Written) -> str:
    """Return the text of a note with its addenda below it."""
    return "\n\n".join([note.body, *(_addendum(one, written) for one in addenda)])


def _addendum(note: "NoteRow", written: Written) -> str:
    state = _("signed") if note.status == "signed" else _("not signed")
    head = _("Addendum, {moment}, {name}, {state}:").format(
        moment=written.moment(note.created_at), name=note.author, state=state
    )
    return f"{head}\n{note.body}"


def why_locked(note: "NoteRow", written: Written) -> str:
    """Return why a note that is read cannot be changed."""
    if note.status == "signed" and note.signed_at is not None:
        return _("Signed by {name}, {moment}. Locked.").format(
            name=note.signer, moment=written.moment(note.signed_at)
        )
    return _("A draft of {name}: only its author changes it. Write a note of your own.").format(
        name=note.author
    )
