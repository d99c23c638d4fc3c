"""The tokens reach the screen: contrast, fonts, icons, patterns, style sheet."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QFile
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QFontInfo,
    QFontMetricsF,
    QIcon,
    QImage,
    QPainter,
    QPalette,
    QRawFont,
)
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from clinic_desktop.resources import resource
from clinic_desktop.ui.theme.controls import PICTURES, register_pictures
from clinic_desktop.ui.theme.fonts import FILES
from clinic_desktop.ui.theme.icons import outline
from clinic_desktop.ui.theme.system import contrast_ratio, readable, system_colours
from clinic_desktop.ui.theme.theme import DENSITIES, THEMES, Theme
from clinic_desktop.ui.theme.tokens import tokens

CODE = Path(__file__).resolve().parents[3] / "clinic_desktop"
# A name in quotes where an icon is meant: icon="x", .icon("x"), .pixmap("x"), set_icon("x") ...
ICON_CALLS = re.compile(
    r"""(?:\bicon=|\.icon\(|\.pixmap\(|set_icon\(|set_lead\(|\bIcon\(\s*)["']([a-z0-9-]+)["']"""
)


class TestContrast:
    @pytest.mark.parametrize("name", THEMES)
    @pytest.mark.parametrize("pair", sorted(tokens().contrast_check))
    def test_every_checked_pair_meets_its_minimum(self, name: str, pair: str) -> None:
        theme = Theme(name)
        front, back = pair.split("/")
        found = contrast_ratio(theme.color(front), theme.color(back))
        assert found >= tokens().contrast_check[pair]["min"]
        assert found == pytest.approx(tokens().contrast_check[pair][name], abs=0.01)

    @pytest.mark.parametrize("name", THEMES)
    def test_the_three_themes_name_the_same_roles(self, name: str) -> None:
        assert tokens().color[name].keys() == tokens().color["light"].keys()


class TestState:
    def test_switching_dresses_windows_and_tells(
        self, theme: Theme, qapp: QApplication, qtbot: QtBot
    ) -> None:
        window = QWidget()
        qtbot.addWidget(window)
        theme.dress(window)
        told: list[str] = []
        theme.changed.connect(lambda: told.append(theme.name))
        theme.use("dark")
        assert told == ["dark"]
        assert qapp.palette().color(QPalette.ColorRole.Window) == theme.color("canvas")
        assert theme.color("canvas").name() == "#101716"
        assert "#101716" in window.styleSheet()

    def test_parts_and_dialogs_look_as_their_window(
        self, theme: Theme, qapp: QApplication, qtbot: QtBot
    ) -> None:
        """Also those that were put together before: the application itself has no sheet."""
        part, window = QWidget(), QWidget()
        button = QPushButton("Book", part)
        plain = button.sizeHint()
        qtbot.addWidget(window)
        theme.dress(window)
        QVBoxLayout(window).addWidget(part)
        dialog = QDialog(window)
        inner = QPushButton("Book", dialog)
        assert qapp.styleSheet() == ""
        assert button.sizeHint() == inner.sizeHint() != plain
        theme.use_density("touch")
        assert button.sizeHint().height() == inner.sizeHint().height() > plain.height()

    def test_themes_come_in_turn(self, theme: Theme) -> None:
        assert [theme.use_next() for _ in range(3)] == ["dark", "contrast", "light"]

    def test_unknown_names_raise(self, theme: Theme) -> None:
        with pytest.raises(ValueError, match="sepia"):
            theme.use("sepia")
        with pytest.raises(ValueError, match="huge"):
            theme.use_density("huge")

    def test_an_unknown_stored_choice_falls_back(self) -> None:
        assert Theme("sepia", "huge").name == "light"
        assert Theme("sepia", "huge").density == "regular"

    @pytest.mark.parametrize("density", DENSITIES)
    def test_density_sets_heights_and_text(self, theme: Theme, density: str) -> None:
        theme.use_density(density)
        spec = tokens().density[density]
        assert theme.height("row") == spec["row"]
        assert theme.font("body").pixelSize() == round(13 * spec["scale"])
        button = QPushButton("Seat")
        theme.dress(button)
        button.ensurePolished()
        assert button.sizeHint().height() == spec["control"]

    def test_less_motion_is_none(self, theme: Theme) -> None:
        assert theme.milliseconds("fast") == tokens().motion["fast"]
        theme.use_less_motion(True)
        assert theme.milliseconds("fast") == 0

    def test_a_scrim_lets_through_what_lies_below(self, theme: Theme) -> None:
        assert theme.color("scrim").alpha() == 0x66
        assert theme.color("scrim").name() == "#13201d"


class TestFonts:
    def test_every_shipped_font_is_registered(self, theme: Theme) -> None:
        families = QFontDatabase.families()
        wanted = {"Inter", "Noto Sans Arabic", "Droid Sans Fallback", "Noto Emoji"}
        assert wanted <= set(families)

    def test_every_font_file_has_its_licence(self) -> None:
        names = [path.name for path in resource("fonts").iterdir()]
        assert set(FILES) <= set(names)
        for file in FILES:
            family = re.split(r"[-.]", file)[0]
            assert any(name.startswith(family) and name.endswith(".txt") for name in names)

    @pytest.mark.parametrize("step", sorted(tokens().type))
    def test_every_step_is_inter_in_its_weight(self, theme: Theme, step: str) -> None:
        info = QFontInfo(theme.font(step))
        assert info.family() == "Inter"
        assert info.weight() == tokens().type[step].weight
        assert info.pixelSize() == tokens().type[step].size

    def test_tabular_figures_have_one_width(self, theme: Theme) -> None:
        plain = QFontMetricsF(theme.font("body"))
        tabular = QFontMetricsF(theme.font("body", tabular=True))
        assert plain.horizontalAdvance("1111") < plain.horizontalAdvance("0000")
        assert tabular.horizontalAdvance("1111") == tabular.horizontalAdvance("0000")

    @pytest.mark.parametrize(
        "text",
        [
            "Inês Þórdís",
            "Ελένη",
            "Ирина",
            "محمد",
            "پڑھ",
            "שלום",
            "नमस्ते",
            "ไทย",
            "陳美玲",
            "ひなた",
            "한글",
            "😀🦷",
            "→↓✓−≥",
        ],
    )
    def test_shipped_fonts_cover_the_script(self, text: str) -> None:
        faces = [QRawFont(str(resource("fonts", name)), 13) for name in FILES]
        for char in text.replace(" ", ""):
            assert any(face.supportsCharacter(ord(char)) for face in faces), hex(ord(char))

    def test_other_scripts_are_drawn(self, theme: Theme) -> None:
        def drawn(text: str) -> bytes:
            image = QImage(80, 24, QImage.Format.Format_RGB32)
            image.fill(0xFFFFFFFF)
            painter = QPainter(image)
            painter.setFont(theme.font("body"))
            painter.drawText(4, 18, text)
            painter.end()
            return bytes(image.constBits())

        missing = drawn("\U0010fffe")
        for text in (
            "محمد",
            "陳美玲",
            "😀",
            "한글",
            "Þórdís",
            "Ελένη",
            "Ирина",
            "שלום",
            "नमस्ते",
            "ไทย",
        ):
            assert drawn(text) not in (missing, drawn(" "))


class TestIcons:
    def test_every_icon_named_in_the_code_ships(self) -> None:
        named = {
            name
            for path in CODE.rglob("*.py")
            for name in ICON_CALLS.findall(path.read_text(encoding="utf-8"))
        }
        assert len(named) > 10
        assert [
            name for name in sorted(named) if not resource("icons", f"{name}.svg").exists()
        ] == []

    def test_every_icon_of_the_tokens_ships(self) -> None:
        groups = tokens().status
        named = [state["icon"] for group in groups.values() for state in group.values()
                 if isinstance(state, dict) and "icon" in state]  # fmt: skip
        for name in named:
            assert name == "none" or outline(name)

    def test_an_unknown_icon_raises(self, theme: Theme) -> None:
        with pytest.raises(LookupError, match="no-such-thing"):
            theme.pixmap("no-such-thing")

    @pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
    def test_drawn_in_its_colour_at_every_pixel_ratio(self, theme: Theme, dpr: float) -> None:
        pixmap = theme.pixmap("square", "danger", 16, dpr)
        assert (pixmap.width(), pixmap.devicePixelRatio()) == (16 * dpr, dpr)
        image = pixmap.toImage()
        strongest = max(
            (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())),
            key=QColor.alpha,
        )
        assert strongest.alpha() > 200
        assert abs(strongest.red() - theme.color("danger").red()) < 8

    def test_an_icon_has_its_disabled_form(self, theme: Theme) -> None:
        icon = theme.icon("printer", "danger")
        shown, off = (
            icon.pixmap(16, 16, mode).toImage() for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
        )
        assert shown != off
        assert icon.availableSizes()

    def test_drawn_once(self, theme: Theme) -> None:
        first = theme.pixmap("printer", "text", 16, 1.0)
        assert theme.pixmap("printer", "text", 16, 1.0).cacheKey() == first.cacheKey()

    def test_a_small_icon_has_a_stronger_stroke(self, theme: Theme) -> None:
        def ink(size: int) -> float:
            image = theme.pixmap("minus", "text", size, 4.0).toImage()
            middle = image.width() // 2
            return sum(image.pixelColor(middle, y).alphaF() for y in range(image.height())) / size

        assert ink(14) > ink(16)


class TestPatterns:
    @pytest.mark.parametrize("name", THEMES)
    @pytest.mark.parametrize(
        "pattern", ["unknown", "hatch", "hatch-45", "lines-v", "dots", "half", "assistant_time"]
    )
    @pytest.mark.parametrize("dpr", [1.0, 2.0])
    def test_neither_empty_nor_full(self, name: str, pattern: str, dpr: float) -> None:
        theme = Theme(name)
        image = QImage(round(60 * dpr), round(60 * dpr), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(dpr)
        image.fill(0)
        painter = QPainter(image)
        painter.fillRect(0, 0, 60, 60, theme.pattern(pattern, "svc_exam", dpr))
        painter.end()
        dark = sum(
            image.pixelColor(x, y).lightness() < 20
            for x in range(image.width())
            for y in range(image.height())
        )
        assert 0.1 < dark / (image.width() * image.height()) < 0.95

    def test_planned_leans_the_other_way_than_unknown(self, theme: Theme) -> None:
        def column(pattern: str, x: int) -> list[int]:
            image = QImage(20, 20, QImage.Format.Format_RGB32)
            image.fill(0xFFFFFFFF)
            painter = QPainter(image)
            painter.fillRect(0, 0, 20, 20, theme.pattern(pattern, "danger", 1.0))
            painter.end()
            return [image.pixelColor(x, y).green() for y in range(20)]

        def leans_down(pattern: str) -> bool:
            one, next_one = column(pattern, 6), column(pattern, 7)
            shifted = zip(next_one[2:18], one[1:17], strict=True)
            return all(abs(here - there) < 4 for here, there in shifted)

        assert leans_down("hatch-45")
        assert not leans_down("unknown")

    def test_a_wash_is_pale(self, theme: Theme) -> None:
        enamel, ink = theme.color("tooth_enamel"), theme.color("chart_existing")
        wash = theme.wash("chart_existing")
        assert ink.lightness() < wash.lightness() < enamel.lightness()


class TestStyleSheet:
    @pytest.mark.parametrize("name", THEMES)
    @pytest.mark.parametrize("density", DENSITIES)
    def test_is_read_without_a_warning(
        self, theme: Theme, name: str, density: str, qtlog: object
    ) -> None:
        theme.use(name)
        theme.use_density(density)
        window = QWidget()
        box = QCheckBox("Tick", window)
        box.setChecked(True)
        window.grab()
        assert "$" not in re.sub(r"/\*.*?\*/", "", theme.stylesheet())
        assert [record.message for record in qtlog.records] == []  # type: ignore[attr-defined]  # pytest-qt's fixture

    def test_its_pictures_are_in_memory(self, theme: Theme) -> None:
        found = register_pictures(theme.color)
        assert found.keys() == PICTURES.keys()
        for path in found.values():
            file = QFile(path)
            assert file.open(QFile.OpenModeFlag.ReadOnly)
            assert b"<svg" in bytes(file.readAll().data())

    def test_a_tick_is_drawn(self, theme: Theme) -> None:
        box = QCheckBox()
        theme.dress(box)
        empty = box.grab().toImage()
        box.setChecked(True)
        ticked = box.grab().toImage()
        colours = {
            ticked.pixelColor(x, y).name()
            for x in range(ticked.width())
            for y in range(ticked.height())
        }
        assert empty != ticked
        assert theme.color("accent").name() in colours
        assert "#ffffff" in colours


class TestSystemContrast:
    def test_the_systems_palette_replaces_ours(self, theme: Theme) -> None:
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Window, QColor("#202020"))
        palette.setColor(QPalette.ColorRole.WindowText, QColor("#FFFFFF"))
        palette.setColor(QPalette.ColorRole.Highlight, QColor("#8EE3F0"))
        palette.setColor(QPalette.ColorRole.HighlightedText, QColor("#263B50"))
        base = {role: QColor(value) for role, value in tokens().color["contrast"].items()}
        found = system_colours(palette, base)
        assert found.keys() == base.keys()
        assert found["surface"] == QColor("#202020")
        assert found["accent"] == QColor("#8EE3F0")
        assert found["chart_planned"] == base["chart_planned"]
        for pair in ("text/surface", "danger/surface", "on_danger_soft/danger_soft",
                     "on_accent/accent", "border_control/surface", "focus/surface"):  # fmt: skip
            front, back = pair.split("/")
            assert contrast_ratio(found[front], found[back]) >= 3

    def test_a_meaning_that_cannot_be_read_becomes_ink(self) -> None:
        white, black = QColor("#FFFFFF"), QColor("#000000")
        assert readable(QColor("#FFE500"), white, black) == black
        assert readable(QColor("#B00000"), white, black) == QColor("#B00000")
