"""The tour as a whole: home, program, steps, report."""

from pathlib import Path

from clinic_desktop.tour.report import Report
from clinic_desktop.tour.steps import STEPS
from clinic_desktop.tour.walk import REPORT_FILE, Home, clear, open_walk


def tour(
    *, out: Path, home: Path | None, theme: str, scale: int, locale: str, also: Path | None
) -> Report:
    """Walk through the working day and keep pictures, papers and the report in ``out``.

    ``home`` is None for a sample clinic of its own that is removed afterwards.
    """
    report = Report(theme=theme, scale=scale, locale=locale)
    clear(out)
    with Home(home) as folder:
        walk = open_walk(folder, out, report)
        try:
            walk.go(STEPS)
        finally:
            walk.program.close()
            if walk.garbage is not None:
                walk.garbage.close()
    report.write(out / REPORT_FILE, *([also] if also is not None else []))
    return report
