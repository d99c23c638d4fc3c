"""The catalogues of translations: what the program says, and what is still untranslated.

``python -m tests.catalogues`` adds new texts to resources/i18n/*.po and takes away those that are
gone; translations are then written into the files.
"""

import io
import sys
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "resources" / "i18n"
LANGUAGES = ("es", "pt")
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}


@cache
def extracted() -> dict[str, tuple[str, str | None]]:
    """Return every text of the program: place of first use and plural form, by source text."""
    found: dict[str, tuple[str, str | None]] = {}
    for name, line, message, _comments, _context in extract_from_dir(
        str(ROOT / "clinic_desktop"), method_map=[("**.py", "python")], keywords=KEYWORDS
    ):
        single, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, None)
        if single and single not in found:
            found[single] = (f"{name}:{line}", plural)
    return found


def catalogue(language: str) -> Catalog:
    """Return the stored catalogue, empty when there is none."""
    path = FOLDER / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


@cache
def translations(language: str) -> dict[str, tuple[str, ...]]:
    """Return source text -> translations, for what is translated."""
    found = {}
    for message in catalogue(language):
        source = message.id[0] if isinstance(message.id, tuple | list) else message.id
        texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if source and all(texts):
            found[str(source)] = tuple(texts)
    return found


def update(language: str) -> int:
    """Write the catalogue anew from what the program says; return how many wait for words."""
    known = translations(language)
    fresh = Catalog(locale=language, project="Clinic Desktop", fuzzy=False, charset="utf-8")
    waiting = 0
    for source, (_place, plural) in sorted(extracted().items()):
        texts = known.get(source, ("", "") if plural else ("",))
        waiting += not all(texts)
        if plural:
            fresh.add((source, plural), tuple((*texts, *texts)[:2]))
        else:
            fresh.add(source, texts[0])
    buffer = io.BytesIO()
    write_po(buffer, fresh, width=100, omit_header=False, no_location=True)
    lines = buffer.getvalue().decode().splitlines()
    # Dates and tools would make every update a change.
    kept = [
        line
        for line in lines
        if not line.startswith(('"POT-Creation', '"PO-Revision', '"Generated'))
    ]
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{language}.po").write_text("\n".join(kept) + "\n", encoding="utf-8")
    return waiting


if __name__ == "__main__":
    for code in sys.argv[1:] or LANGUAGES:
        sys.stdout.write(f"{code}: {update(code)} of {len(extracted())} texts wait for words\n")
