"""What a form is told when the program itself failed."""

from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _


def mistake() -> ClinicError:
    """Return the sentence for the form; the crash dialog tells the rest.

    A form that waits since the press has to hear of it, or it would stay switched off.
    """
    return ClinicError(_("The program made a mistake. Your text is kept."))
