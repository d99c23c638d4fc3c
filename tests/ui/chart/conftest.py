"""The chart tab in a window over a real clinic."""

from tests.ui.record_fixtures import clinic, open_as, open_chart

__all__ = ["clinic", "open_as", "open_chart"]
