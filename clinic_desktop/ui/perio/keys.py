"""The keys of the periodontal chart, for F1 and for the line at the bottom."""

from clinic_desktop.domain.perio.rules import PATH_WORDS, Path
from clinic_desktop.i18n import _
from clinic_desktop.ui.screen import KeyHelp


def perio_keys() -> list[KeyHelp]:
    """Return the keys in the order in which they are needed."""
    return [
        KeyHelp("0…9", _("depth, and on to the next site")),
        KeyHelp("+", _("adds 10 to the next digit")),
        KeyHelp("B", _("bleeding")),
        KeyHelp("U", _("suppuration")),
        KeyHelp("L", _("plaque")),
        KeyHelp("K", _("calculus")),
        KeyHelp("M", _("row of the margin, and back")),
        KeyHelp("-", _("sign of the next margin; a digit alone is recession")),
        KeyHelp("F", _("row of the furcations, and back")),
        KeyHelp("O", _("row of the mobility, and back")),
        KeyHelp("J", _("row of the mucogingival junction, and back")),
        KeyHelp("Space", _("three sites at once, and one again")),
        KeyHelp("Backspace", _("goes back and takes out")),
        KeyHelp("Enter", _("skips to the next tooth")),
        KeyHelp("←↑↓→", _("moves without writing")),
        KeyHelp("H", _("the other half of the mouth, where one is shown at a time")),
        KeyHelp("PgUp, PgDown", _("shows more above or below; the cursor stays")),
        KeyHelp("Ctrl+V", _("depths from the clipboard: 323 4 3 10")),
        KeyHelp("Ctrl+Enter", _("sign the exam, or begin a new one")),
        KeyHelp("Ctrl+P", _("print the exam")),
    ]


def path_hint(path: Path) -> str:
    """Return the line at the bottom: the way of the probe and what becomes of it."""
    return _("Path: {path} · missing teeth are skipped · resumes here after a restart").format(
        path=_(PATH_WORDS[path])
    )
