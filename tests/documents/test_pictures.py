"""The logo on paper: in its box, flat, without what was hidden in the file."""

from io import BytesIO

import pytest
from PIL import Image

from clinic_desktop.documents.pictures import printed
from clinic_desktop.errors import InvalidError
from tests.documents.samples import logo

BOX = (147.4, 51.0)


def made(mode: str, size: tuple[int, int] = (300, 100), kind: str = "PNG") -> bytes:
    stream = BytesIO()
    Image.new(mode, size, 0).save(stream, kind)
    return stream.getvalue()


class TestPrinted:
    @pytest.mark.parametrize("size", [(300, 100), (100, 300), (4000, 10), (10, 4000), (1, 1)])
    def test_fits_into_its_box_and_keeps_its_shape(self, size: tuple[int, int]) -> None:
        picture = printed(made("RGB", size), *BOX)
        assert picture.width <= BOX[0] + 0.01
        assert picture.height <= BOX[1] + 0.01
        if min(size) > 50:
            assert picture.width / picture.height == pytest.approx(size[0] / size[1], rel=0.01)

    @pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
    def test_any_kind_becomes_plain_colour(self, mode: str) -> None:
        with Image.open(BytesIO(printed(made(mode), *BOX).data)) as image:
            assert (image.format, image.mode) == ("JPEG", "RGB")

    def test_what_is_clear_becomes_paper(self) -> None:
        with Image.open(BytesIO(printed(made("RGBA"), *BOX).data)) as image:
            assert image.getpixel((20, 20)) == (255, 255, 255)

    def test_has_no_more_dots_than_paper_shows(self) -> None:
        with Image.open(BytesIO(printed(logo(5200, 1800), *BOX).data)) as image:
            assert image.width <= 820

    def test_drops_where_a_photo_was_taken(self) -> None:
        stream = BytesIO()
        exif = Image.Exif()
        exif[0x010E] = "hidden words"
        Image.new("RGB", (300, 100)).save(stream, "JPEG", exif=exif)
        assert b"hidden words" in stream.getvalue()
        assert b"hidden words" not in printed(stream.getvalue(), *BOX).data

    def test_refuses_what_is_no_picture(self) -> None:
        with pytest.raises(InvalidError):
            printed(b"<svg/>", *BOX)
