"""The chart drawn for paper: black on white, sharp, with the list of what it shows."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import QWidget

from clinic_desktop.documents.chart import ChartEntry, ChartPicture, ChartSection
from clinic_desktop.documents.of_chart import DrawnChart
from clinic_desktop.domain.teeth.chart import ToothChart
from clinic_desktop.i18n import _
from clinic_desktop.ui.chart.chart_painter import ChartPainter, Scene
from clinic_desktop.ui.chart.composing import Writing
from clinic_desktop.ui.chart.inks import make_inks
from clinic_desktop.ui.chart.layout import lay_out, sizes_for
from clinic_desktop.ui.chart.legend import Legend
from clinic_desktop.ui.chart.letter_badge import letter_of
from clinic_desktop.ui.chart.list_rows import ListFilter, Listing, rows_of
from clinic_desktop.ui.chart.shown import Shown
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.written import Written

if TYPE_CHECKING:  # the window is painted before pydantic is loaded
    from clinic_desktop.services.chart.schemas import ChartItemRow

_SIZE: Final = QSizeF(1080, 500)
# About 300 dots an inch on a lying page.
_SHARP: Final = 3
_LEGEND: Final = 1080


def drawn_chart(shown: Shown, writing: Writing, written: Written, known: str) -> DrawnChart:
    """Return what is shown as pictures and lists: today, a past date, or two dates."""
    theme = Theme("light", "regular")
    day = written.day(shown.day or shown.history.today)
    pictures = [ChartPicture(caption=day, png=picture_of(shown.side(now=False), writing, theme))]
    title = _("Tooth chart as of {day}").format(day=day)
    if shown.compare and shown.day is not None:
        other = written.day(shown.other or shown.history.today)
        title = _("Tooth chart, {day} and {other}").format(day=day, other=other)
        png = picture_of(shown.side(now=True), writing, theme)
        pictures.append(ChartPicture(caption=other, png=png))
    return DrawnChart(
        title=title,
        note=known,
        pictures=tuple(pictures),
        legend=_legend(theme),
        sections=tuple(_sections(shown, writing, written)),
    )


def picture_of(chart: ToothChart, writing: Writing, theme: Theme) -> bytes:
    """Return a chart as PNG on white."""
    image = _white(_SIZE)
    painter = QPainter(image)
    layout = lay_out(chart, sizes_for(chart), _SIZE)
    scene = Scene(notation=writing.notation)
    ChartPainter(make_inks(theme), contrast=False).paint(painter, layout, scene)
    painter.end()
    return _png(image)


def _legend(theme: Theme) -> bytes:
    legend = Legend(theme)
    legend.resize(_LEGEND, legend.heightForWidth(_LEGEND))
    image = _white(QSizeF(legend.size()))
    painter = QPainter(image)
    legend.render(painter, QPoint(0, 0), QRegion(), QWidget.RenderFlag.DrawChildren)
    painter.end()
    legend.deleteLater()
    return _png(image)


def _white(size: QSizeF) -> QImage:
    image = QImage((size * _SHARP).toSize(), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SHARP)
    image.fill(Qt.GlobalColor.white)
    return image


def _png(image: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # Not every build of Qt takes the format's name as text.
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes, Qt takes text
    return bytes(data.data())


def _sections(shown: Shown, writing: Writing, written: Written) -> list[ChartSection]:
    """Return what is on the picture as lists; of two dates what was there and what came since."""
    wanted: tuple[tuple[str, tuple[ChartItemRow, ...]], ...]
    if shown.compare:
        wanted = ((_("There on the earlier date"), shown.then), (_("Since then"), shown.since))
    else:
        wanted = ((_("Charted"), shown.then),)
    listing = Listing(day=written.day, clock=lambda _item: "", today=shown.history.today)
    return [
        ChartSection(title=title, entries=entries)
        for title, items in wanted
        if (entries := _entries(items, listing, writing))
    ]


def _entries(
    items: "tuple[ChartItemRow, ...]", listing: Listing, writing: Writing
) -> tuple[ChartEntry, ...]:
    since = {item.id: item.since for item in items}
    return tuple(
        ChartEntry(
            where=writing.where(row.tooth, row.surfaces),
            what=row.title,
            status=f"{letter_of(row.status, row.paint)}  {row.second}",
            when=listing.day(since[row.id]),
        )
        for row in rows_of(items, ListFilter.ALL, listing)
        if row.status is not None and row.id is not None
    )
