"""Files that tests hand in: made here, whole, cut, lying and dangerous."""

import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid
from reportlab.pdfgen.canvas import Canvas

IO_IMAGE = UID("1.2.840.10008.5.1.4.1.1.1.3")  # Digital Intra-Oral X-Ray Image Storage


def picture(kind: str = "JPEG", size: tuple[int, int] = (400, 300), shade: int = 90) -> bytes:
    stream = BytesIO()
    ramp = np.linspace(0, shade, size[0], dtype=np.uint8)
    Image.fromarray(np.tile(ramp, (size[1], 1))).convert("RGB").save(stream, kind)
    return stream.getvalue()


def pdf(text: str = "A letter", pages: int = 2) -> bytes:
    stream = BytesIO()
    canvas = Canvas(stream)
    for number in range(pages):
        canvas.drawString(72, 700, f"{text} {number + 1}")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def png_saying(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + data + chunk(b"IEND", b"")


def dicom(
    values: np.ndarray[Any, Any] | None = None,
    *,
    syntax: UID = ExplicitVRLittleEndian,
    **tags: Any,
) -> bytes:
    """A DICOM file; ``values`` are its pixels (frames, rows, columns) or (rows, columns)."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = IO_IMAGE
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = syntax
    dataset = FileDataset("x", Dataset(), file_meta=meta, preamble=b"\0" * 128)
    pixels = np.arange(60 * 80, dtype=np.uint16).reshape(60, 80) if values is None else values
    if pixels.ndim == 3:
        dataset.NumberOfFrames = pixels.shape[0]
    dataset.SOPClassUID, dataset.SOPInstanceUID = IO_IMAGE, meta.MediaStorageSOPInstanceUID
    dataset.Modality, dataset.PatientName, dataset.PatientID = "IO", "Carvalho^Inês", "1"
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.Rows, dataset.Columns = pixels.shape[-2:]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    bits = pixels.dtype.itemsize * 8
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = bits, bits, bits - 1
    dataset.PixelRepresentation = 0
    dataset.StudyDate = "20260310"
    dataset.PixelData = pixels.tobytes()
    dataset["PixelData"].VR = "OW"
    if syntax.is_compressed:
        dataset.PixelData = encapsulate([dataset.PixelData])
        dataset["PixelData"].is_undefined_length = True
    for name, value in tags.items():
        setattr(dataset, name, value)
    stream = BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()
