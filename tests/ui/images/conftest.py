"""A patient's images in a window over a real clinic."""

from collections.abc import Callable

import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.documents import attachments
from clinic_desktop.services.documents.schemas import About, NewAttachment
from clinic_desktop.ui.images.view import ImagesTab
from tests import files
from tests.ui.record import Opened
from tests.ui.record_fixtures import clinic

__all__ = ["clinic", "open_images", "put"]


@pytest.fixture
def put(clinic, sign_in) -> Callable[..., object]:
    """``put(data, "a.jpg", kind="photo")``: attach to the clinic's patient, as somebody else."""

    def one(data: bytes | None = None, name: str = "a.jpg", patient=None, **about):
        new = NewAttachment(
            id=new_id(),
            patient_id=patient or clinic.patient,
            about=About(**about) if about else None,
        )
        with sign_in("u_front", device="other").writing() as ctx:
            return attachments.attach_bytes(ctx, new, data or files.picture(), name)

    return one


@pytest.fixture
def open_images(clinic, sign_in, theme, tmp_path, qtbot):
    """Open the patient's images and wait until they are there."""
    opened: list[Opened] = []

    def one(login: str = "u_dentist", *, state: str = "content", patient=None, **more):
        window = Opened(sign_in(login), theme, tmp_path, {"images": ImagesTab}, **more)
        opened.append(window)
        qtbot.waitExposed(window.window)
        window.window.activateWindow()
        tab = window.open(patient or clinic.patient, "images")
        qtbot.waitUntil(lambda: tab.panel.state == state)
        return window, tab

    yield one
    for window in opened:
        window.close()
