"""How charged work is named: tooth and surfaces as the clinic writes them, then the treatment."""

from clinic_desktop.domain.teeth.numbering import written
from clinic_desktop.domain.teeth.surfaces import letters


def charge_title(text: str, *, tooth: int | None, surfaces: str, notation: str, locale: str) -> str:
    """Return a charge on one line: ``36 MOD Composite, 3 surfaces``."""
    if tooth is None:
        return text
    parts = [written(tooth, notation)]
    if surfaces:
        parts.append(letters(surfaces, tooth, locale))
    return " ".join([*parts, text])
