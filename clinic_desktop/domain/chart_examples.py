"""Examples of the chart's line, in the numbers of the teeth that this patient has."""

import re
from typing import Final

from clinic_desktop.domain.teeth.numbering import (
    SUPERNUMERARY,
    Species,
    species_of,
    written,
)

# The examples are written in FDI numbers; those of dates and details are none.
_TOOTH: Final = re.compile(r"(?<![\d/@])([1-4][1-8])(s([23])?)?(?![\d/])")
# Which tooth of an animal stands for a person's: alike in kind and place (carnassial for the
# first molar), so that every example can be typed as it is written.
_OF_ANIMALS: Final = {
    Species.DOG: {13: 104, 14: 106, 16: 108, 18: 110, 23: 204, 26: 208, 36: 309, 37: 310,
                  46: 409, 48: 411},
    Species.CAT: {13: 104, 14: 106, 16: 108, 18: 109, 23: 204, 26: 208, 36: 309, 37: 308,
                  46: 407, 48: 409},
}  # fmt: skip
_NUMBERS: Final = {Species.DOG: 1000, Species.CAT: 2000}
# Surfaces and roots that an animal's tooth calls otherwise.
_ROOT: Final = re.compile(r"\bmb\b")


def example(line: str, notation: str) -> str:
    """Return an example, given in FDI numbers, as it is typed for a patient of this notation."""
    species = species_of(notation)

    def number(found: re.Match[str]) -> str:
        fdi, extra = int(found[1]), int(found[3] or 1) if found[2] else 0
        if species is Species.HUMAN:
            return written(fdi + extra * SUPERNUMERARY, notation).lower()
        own = written(_NUMBERS[species] + _OF_ANIMALS[species][fdi], notation)
        return f"{own}{found[2] or ''}".lower()

    told = _TOOTH.sub(number, line)
    return told if species is Species.HUMAN else _ROOT.sub("m", told)


def usual_example(notation: str) -> str:
    """Return the example that is shown where there is room for one: ``36 mod comp``."""
    return example("36 mod comp", notation)
