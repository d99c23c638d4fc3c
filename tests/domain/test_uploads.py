"""Files handed in: told by their bytes, refused with a sentence before they are decoded."""

import contextlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_desktop.domain import uploads
from clinic_desktop.domain.pictures import THUMBNAIL, inspect, picture
from clinic_desktop.errors import InvalidError
from tests import files


def seen(data: bytes, name: str):
    return inspect(BytesIO(data), name)


class TestTaken:
    @pytest.mark.parametrize(
        ("kind", "name", "media"),
        [
            ("JPEG", "a.jpg", uploads.JPEG),
            ("PNG", "a.png", uploads.PNG),
            ("TIFF", "a.tif", uploads.TIFF),
            ("BMP", "a.bmp", uploads.BMP),
            ("WEBP", "a.webp", uploads.WEBP),
            ("PNG", "camera.JPG", uploads.PNG),
            ("JPEG", "no ending", uploads.JPEG),
        ],
    )
    def test_pictures(self, kind, name, media) -> None:
        found = seen(files.picture(kind), name)
        assert (found.media_type, found.width, found.height, found.frames) == (media, 400, 300, 1)
        assert found.thumbnail is not None
        small = picture(BytesIO(found.thumbnail), uploads.JPEG)
        assert max(small.shape[:2]) == THUMBNAIL

    def test_papers_and_x_rays(self) -> None:
        paper = seen(files.pdf(pages=3), "letter.pdf")
        assert (paper.media_type, paper.frames) == (uploads.PDF, 3)
        assert paper.thumbnail is not None
        x_ray = seen(files.dicom(), "1.2.840.113619")
        assert (x_ray.media_type, x_ray.width, x_ray.height) == (uploads.DICOM, 80, 60)


class TestRefused:
    @pytest.mark.parametrize(
        ("data", "name", "words"),
        [
            (b"MZ\x90\0" + b"\0" * 400, "x.jpg", "says .jpg but holds a program"),
            (b"\x7fELF" + b"\0" * 400, "x.png", "says .png but holds a program"),
            (b"#!/bin/sh\nrm -rf /", "x.pdf", "says .pdf but holds a program"),
            (b"<svg onload='x()'/>", "x.svg", "a page or drawing made of text"),
            (b"\xef\xbb\xbf <!DOCTYPE html>", "x.jpg", "a page or drawing made of text"),
            (b"PK\x03\x04" + b"\0" * 300, "x.jpg", "a packed folder"),
            (b"\0" * 500, "x.jpg", "something this program does not know"),
            (b"", "x.jpg", "is empty"),
        ],
    )
    def test_what_is_not_on_the_list(self, data, name, words) -> None:
        with pytest.raises(InvalidError, match=words) as caught:
            seen(data, name)
        assert "was not stored" in str(caught.value).lower()

    def test_lies_within_the_list(self) -> None:
        with pytest.raises(InvalidError, match=r"says \.jpg but holds a PDF document"):
            seen(files.pdf(), "x.jpg")
        with pytest.raises(InvalidError, match=r"says \.pdf but holds a JPEG picture"):
            seen(files.picture(), "x.pdf")
        with pytest.raises(InvalidError, match=r"says \.exe but holds a JPEG picture"):
            seen(files.picture(), "x.jpg.exe")

    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (files.picture() + b"PK\x03\x04 stuff PK\x05\x06" + b"\0" * 18, "x.jpg"),
            (files.picture() + b"\n<script>x()</script>", "x.jpg"),
            (files.picture("PNG") + b"%PDF-1.7 ...", "x.png"),
            (files.pdf() + b"PK\x03\x04 PK\x05\x06" + b"\0" * 18, "x.pdf"),
            (b"MZ" + files.dicom()[2:], "x.dcm"),
            (b"<html>" + files.dicom()[6:], "x.dcm"),
        ],
    )
    def test_two_things_at_once(self, data, name) -> None:
        with pytest.raises(InvalidError, match="something else at once"):
            seen(data, name)

    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (files.picture()[:-400], "x.jpg"),
            (files.picture("PNG")[:-200], "x.png"),
            (files.picture("TIFF")[:5000], "x.tif"),
            (files.pdf()[:-300], "x.pdf"),
            (b"%PDF-1.7 nothing %%EOF", "x.pdf"),
            (files.dicom()[:-900], "x.dcm"),
            (files.dicom()[:200], "x.dcm"),
        ],
    )
    def test_cut_short(self, data, name) -> None:
        with pytest.raises(InvalidError, match=r"damaged or not complete|holds no image"):
            seen(data, name)

    @pytest.mark.parametrize(
        ("data", "name", "words"),
        [
            (files.png_saying(60_000, 60_000), "x.png", "more than 50 million pixels"),
            (files.png_saying(12_000, 12_000), "x.png", "144 million pixels"),
            (files.png_saying(8_000, 8_000), "x.png", "64 million pixels"),
            (files.dicom(Rows=60_000, Columns=60_000), "x.dcm", "3600 million pixels"),
        ],
        ids=["60000", "12000", "8000", "dicom"],
    )
    def test_too_many_pixels_before_decoding(self, data, name, words) -> None:
        with pytest.raises(InvalidError, match=words):
            seen(data, name)

    def test_too_large_before_reading(self) -> None:
        class Huge(BytesIO):
            def seek(self, offset: int, whence: int = 0) -> int:
                return 2**31 if whence == 2 else super().seek(offset, whence)

            def read(self, size: int | None = -1) -> bytes:
                raise AssertionError("read before its size was looked at")

        with pytest.raises(InvalidError, match="2048 MB"):
            inspect(Huge(), "x.jpg")


class TestCleanName:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\x\\a.jpg", "a.jpg"),
            ("C:a.jpg", "a.jpg"),
            ("a.jpg:hidden.exe", "a.jpg"),
            ("a\0.jpg", "a"),
            ("..", "file"),
            ("...hidden", "hidden"),
            ("CON.txt", "_CON.txt"),
            ("gpj.\u202eexe", "gpj.exe"),
            ("a<b>|c?.png", "abc.png"),
            ("x" * 400 + ".jpg", "x" * 196 + ".jpg"),
            ("", "file"),
            ("Olá 陳.pdf", "Olá 陳.pdf"),
        ],
    )
    def test_cleaned(self, given, kept) -> None:
        assert uploads.clean_name(given) == kept

    @given(st.text(max_size=400))
    def test_never_a_path(self, text) -> None:
        name = uploads.clean_name(text)
        assert name
        assert name not in {".", ".."}
        assert not set(name) & set('/\\:\0<>"|?*\n\r')
        assert len(name) <= uploads.LONGEST_NAME
        assert uploads.clean_name(name) == name


WHOLE = {
    "x.jpg": files.picture(),
    "x.png": files.picture("PNG"),
    "x.tif": files.picture("TIFF"),
    "x.bmp": files.picture("BMP", (60, 40)),
    "x.webp": files.picture("WEBP"),
    "x.pdf": files.pdf(),
    "x.dcm": files.dicom(),
}


class TestDamage:
    """Whatever is changed in a file: it is taken, or refused with a sentence."""

    @settings(max_examples=150, deadline=None)
    @given(
        st.sampled_from(sorted(WHOLE)),
        st.lists(st.tuples(st.integers(0, 1200), st.binary(min_size=1, max_size=4)), max_size=4),
        st.integers(0, 400),
    )
    def test_changed_bytes(self, name, changes, cut) -> None:
        data = bytearray(WHOLE[name])
        for at, new in changes:
            data[at % len(data) : at % len(data) + len(new)] = new
        with contextlib.suppress(InvalidError):
            seen(bytes(data[: len(data) - cut]), name)
