"""Bringing in what other systems export: looked at, tried dry, done whole, undone."""

from clinic_desktop.services.imports.look import look
from clinic_desktop.services.imports.runs import runs, undo
from clinic_desktop.services.imports.service import check, run

__all__ = ["check", "look", "run", "runs", "undo"]
