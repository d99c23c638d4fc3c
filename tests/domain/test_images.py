"""Pictures handed in: known by their content, refused with a sentence."""

import contextlib
import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from clinic_desktop.domain.images import LARGEST_FILE, Picture, check_picture
from clinic_desktop.errors import InvalidError


def made(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB") -> bytes:
    stream = BytesIO()
    Image.new(mode, size, 1).save(stream, kind)
    return stream.getvalue()


def png_saying(width: int, height: int) -> bytes:
    """A PNG that says a size and holds nothing of it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + data + chunk(b"IEND", b"")


def jpeg_saying(width: int, height: int) -> bytes:
    data = bytearray(made("JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


class TestCheckPicture:
    @pytest.mark.parametrize(("kind", "name"), [("PNG", "png"), ("JPEG", "jpeg")])
    def test_takes_png_and_jpeg(self, kind: str, name: str) -> None:
        assert check_picture(made(kind)) == Picture(name, 40, 20)

    @pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16"])
    def test_takes_every_kind_of_png(self, mode: str) -> None:
        assert check_picture(made("PNG", mode=mode)).width == 40

    def test_takes_a_jpeg_for_printing_presses(self) -> None:
        assert check_picture(made("JPEG", mode="CMYK")).kind == "jpeg"

    @pytest.mark.parametrize(
        "data",
        [
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
            b"\xef\xbb\xbf  <?xml version='1.0'?><svg/>",
            b"<!DOCTYPE html><html></html>",
            b"<HTML><body>",
            b"<!-- a comment --><svg></svg>",
        ],
    )
    def test_refuses_drawings_and_pages_made_of_text(self, data: bytes) -> None:
        with pytest.raises(InvalidError, match="can hold a program") as caught:
            check_picture(data)
        assert caught.value.field == "logo"

    @pytest.mark.parametrize(
        "data", [b"GIF89a", made("GIF"), made("BMP"), made("TIFF"), made("WEBP"), b"MZ", b"%PDF-"]
    )
    def test_refuses_other_files_whatever_their_name(self, data: bytes) -> None:
        with pytest.raises(InvalidError, match="not a PNG or JPEG"):
            check_picture(data)

    def test_refuses_nothing(self) -> None:
        with pytest.raises(InvalidError, match="empty"):
            check_picture(b"", field="photo")

    def test_refuses_a_large_file_before_looking_into_it(self) -> None:
        with pytest.raises(InvalidError, match=r"5\.0 MB.*5 MB at most"):
            check_picture(made("PNG") + b"\0" * LARGEST_FILE)

    @pytest.mark.parametrize(
        "data",
        [
            png_saying(13_000, 13_000),
            png_saying(2_000_000_000, 2_000_000_000),
            jpeg_saying(60_000, 60_000),
        ],
    )
    def test_refuses_many_pixels_before_decoding(self, data: bytes) -> None:
        with pytest.raises(InvalidError, match="million pixels"):
            check_picture(data)

    @pytest.mark.parametrize("kind", ["PNG", "JPEG"])
    def test_refuses_a_file_that_is_cut(self, kind: str) -> None:
        whole = made(kind, (400, 300))
        for end in (9, 15, 24, len(whole) // 2):
            with pytest.raises(InvalidError):
                check_picture(whole[:end])

    def test_refuses_a_jpeg_without_a_frame(self) -> None:
        with pytest.raises(InvalidError, match="damaged"):
            check_picture(b"\xff\xd8\xff\xff\xff\xda\x00\x02" + b"\0" * 40)

    @settings(max_examples=150, deadline=None)
    @given(st.binary(max_size=300), st.sampled_from([b"", made("PNG")[:60], made("JPEG")[:200]]))
    def test_answers_any_bytes_with_a_sentence(self, data: bytes, start: bytes) -> None:
        # A few bytes can be what a picture cut in its last checksum lacks.
        with contextlib.suppress(InvalidError):
            assert check_picture(start + data).width == 40

    @settings(max_examples=150, deadline=None)
    @given(st.integers(0, 800), st.integers(0, 255), st.sampled_from(["PNG", "JPEG"]))
    def test_never_breaks_on_a_changed_byte(self, at: int, value: int, kind: str) -> None:
        data = bytearray(made(kind))
        data[at % len(data)] = value
        # Either a picture or a sentence; anything else that is raised fails the test.
        with contextlib.suppress(InvalidError):
            assert check_picture(bytes(data)).width > 0
