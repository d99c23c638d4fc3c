"""The window that these tests look at."""

from tests.ui.stage import drafts_store, stage

__all__ = ["drafts_store", "stage"]
