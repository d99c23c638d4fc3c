"""Every text a person reads is translated, with the same placeholders."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinic_desktop.i18n import LANGUAGES, _, in_language, ngettext
from tests import catalogues

# Calls whose first text is shown to people.
SHOWN = {
    "setText", "setToolTip", "setAccessibleName", "setAccessibleDescription",
    "setPlaceholderText",
    "setWindowTitle", "setTitle", "setStatusTip", "Label", "Button", "Panel", "StatePanel",
    "QLabel", "QPushButton", "QAction", "say", "warn", "undoable", "show_error", "show_empty",
    "show_unknown",
    "ClinicError", "InvalidError", "ConflictError", "NotFoundError", "SetupError",
    "NotAllowedError", "UnreachableError", "BusyError", "StaleError",
}  # fmt: skip
# Marks that are the same in every language.
SAME_EVERYWHERE = re.compile(r"^[\W\d_]*$|^(FDI|PIN|PDF|X|OK|A4|Letter|Clinic Desktop)$")


def _placeholders(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
class TestCatalogues:
    def test_complete(self, language) -> None:
        known = catalogues.translations(language)
        waiting = [
            f"{place}: {text!r}"
            for text, (place, _p) in catalogues.extracted().items()
            if text not in known
        ]
        assert waiting == []

    def test_same_placeholders(self, language) -> None:
        known = catalogues.translations(language)
        wrong = [
            (source, text)
            for source, (_place, plural) in catalogues.extracted().items()
            for text in known.get(source, ())
            if _placeholders(text) - _placeholders(source) - _placeholders(plural or "")
            or (plural is None and _placeholders(text) != _placeholders(source))
        ]
        assert wrong == []

    def test_program_reads_them(self, language) -> None:
        source, texts = next(
            (s, t)
            for s, t in catalogues.translations(language).items()
            if t[0] != s and len(t) == 1
        )
        with in_language(language):
            assert _(source) == texts[0]
        assert _(source) == source

    def test_plural(self, language) -> None:
        with in_language(language):
            one = ngettext("{count} tooth", "{count} teeth", 1)
            many = ngettext("{count} tooth", "{count} teeth", 5)
        assert one != many


def _literals() -> Iterator[str]:
    """Yield texts that reach a person without passing the catalogues."""
    for path in sorted((catalogues.ROOT / "clinic_desktop").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            function = node.func
            name = (
                function.attr
                if isinstance(function, ast.Attribute)
                else getattr(function, "id", "")
            )
            first = node.args[0]
            if (
                name in SHOWN
                and isinstance(first, ast.Constant)
                and isinstance(first.value, str)
                and not SAME_EVERYWHERE.match(first.value)
            ):
                yield f"{path.relative_to(catalogues.ROOT)}:{node.lineno} {first.value!r}"


def test_no_text_goes_around_the_catalogues() -> None:
    assert list(_literals()) == []


def test_every_language_shipped_has_a_catalogue() -> None:
    assert {*LANGUAGES} == {"en", *(Path(p).stem for p in catalogues.FOLDER.glob("*.po"))}
