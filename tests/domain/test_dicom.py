"""X-ray files: window, inversion, frames, spacing, whose they say they are."""

from datetime import date
from io import BytesIO

import numpy as np
import pytest
from pydicom.uid import JPEGLosslessSV1

from clinic_desktop.domain import dicom
from clinic_desktop.domain.pictures import inspect
from clinic_desktop.errors import InvalidError
from tests import files

RAMP = np.array([[0, 1000, 2000, 4000]], dtype=np.uint16)


def grey(frame: int = 0, values=RAMP, **tags):
    return dicom.grey(BytesIO(files.dicom(values, **tags)), frame)


class TestGrey:
    def test_whole_range_without_a_window(self) -> None:
        assert grey().tolist() == [[0, 63, 127, 255]]

    def test_window(self) -> None:
        assert grey(WindowCenter=1500, WindowWidth=1001).tolist() == [[0, 0, 255, 255]]

    def test_first_of_several_windows(self) -> None:
        several = grey(WindowCenter=[1500, 9], WindowWidth=[1001, 9])
        assert several.tolist() == [[0, 0, 255, 255]]

    def test_monochrome1_is_inverted(self) -> None:
        assert grey(PhotometricInterpretation="MONOCHROME1").tolist() == [[255, 192, 128, 0]]

    def test_rescale(self) -> None:
        shown = grey(RescaleSlope=2, RescaleIntercept=-100, WindowCenter=1900.5, WindowWidth=4001)
        assert shown.tolist()[0][0] == 0
        assert shown.tolist()[0][3] == 255

    def test_frames(self) -> None:
        stack = np.stack([np.full((4, 4), 10 * n, np.uint8) for n in range(1, 4)])
        stack[:, 0, 0] = 0
        stack[:, 3, 3] = 255
        file = files.dicom(stack)
        assert dicom.describe(BytesIO(file)).frames == 3
        assert dicom.grey(BytesIO(file)).shape == (4, 4)
        assert dicom.grey(BytesIO(file), 2)[1, 1] == 30
        assert dicom.grey(BytesIO(file), 99)[1, 1] == 30

    def test_cut_short(self) -> None:
        with pytest.raises(InvalidError, match="damaged"):
            dicom.grey(BytesIO(files.dicom()[:-500]))

    def test_a_compression_that_cannot_be_read_is_said(self) -> None:
        packed = files.dicom(syntax=JPEGLosslessSV1)
        with pytest.raises(dicom.PackedError, match="JPEG Lossless"):
            dicom.grey(BytesIO(packed))
        assert inspect(BytesIO(packed), "x.dcm").thumbnail is None


class TestDescribe:
    def test_what_it_says(self) -> None:
        file = files.dicom(PixelSpacing=[0.03, 0.04], PatientBirthDate="19840903")
        said = dicom.describe(BytesIO(file))
        assert (said.modality, said.words) == ("IO", "Intraoral X-ray")
        assert (said.patient_name, said.patient_id) == ("Carvalho^Inês", "1")
        assert (said.born, said.taken_on) == (date(1984, 9, 3), date(2026, 3, 10))
        assert (said.width, said.height, said.mm_per_pixel) == (80, 60, (0.03, 0.04))
        names = {tag.name: tag.value for tag in said.tags}
        assert names["Modality"] == "IO"
        assert "Pixel Data" not in names

    def test_spacing_of_the_detector_and_none(self) -> None:
        imager = files.dicom(ImagerPixelSpacing=[0.02, 0.02])
        assert dicom.describe(BytesIO(imager)).mm_per_pixel == (0.02, 0.02)
        assert dicom.describe(BytesIO(files.dicom())).mm_per_pixel is None
        odd = files.dicom(PixelSpacing=[0, 0])
        assert dicom.describe(BytesIO(odd)).mm_per_pixel is None


class TestDifferences:
    def said(self, **tags):
        return dicom.describe(BytesIO(files.dicom(**tags)))

    def test_the_same_person(self) -> None:
        said = self.said(PatientID="000123", PatientBirthDate="19840903")
        names = "ines CARVALHO-Lindqvist Carvalho"
        assert dicom.differences(said, names=names, number="123", born=date(1984, 9, 3)) == []

    def test_somebody_else(self) -> None:
        said = self.said(PatientName="Park^Jin", PatientID="9", PatientBirthDate="19700101")
        found = dicom.differences(said, names="Inês Carvalho", number="1", born=date(1984, 9, 3))
        assert found == ["the name Park Jin", "the number 9", "the birth date 1970-01-01"]

    def test_what_is_not_said_is_no_difference(self) -> None:
        said = self.said(PatientName="", PatientID="")
        assert dicom.differences(said, names="A", number="1", born=date(1984, 9, 3)) == []
