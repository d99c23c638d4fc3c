"""Drawn X-rays for patients of the sample clinic, put in as a hygienist would put them in."""

import random
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFilter
from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.context import Context
from clinic_desktop.services.documents import attachments
from clinic_desktop.services.documents.schemas import About, NewAttachment

_SIZE: Final = (900, 640)
_PEOPLE: Final = 6
_SIDES: Final = (("Bitewing right", (15, 16, 17)), ("Bitewing left", (25, 26, 27)))
# Those of today first: they are the ones whose records are opened.
_WHOSE: Final = text(
    """
    SELECT p.id FROM patient p
    LEFT JOIN appointment a ON a.clinic_id = p.clinic_id AND a.patient_id = p.id
         AND a.local_start::date = CAST(:today AS date)
    WHERE p.clinic_id = :clinic
    GROUP BY p.id, p.number
    ORDER BY min(a.starts_at) NULLS LAST, p.number
    LIMIT :count
    """
)


def add_pictures(ctx: Context, seed: int) -> int:
    """Attach two drawn bitewings to a few patients; return how many there are."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    today = ctx.now.astimezone(ctx.zone).date()
    keys = {"clinic": ctx.clinic_id, "today": today, "count": _PEOPLE}
    stored = 0
    for (patient,) in ctx.connection.execute(_WHOSE, keys).all():
        for title, teeth in _SIDES:
            about = About(kind="intraoral", title=title, taken_on=today, teeth=teeth)
            new = NewAttachment(id=new_id(), patient_id=patient, about=about)
            attachments.attach_bytes(ctx, new, bitewing(rng), f"{title}.jpg")
            stored += 1
    return stored


def bitewing(rng: random.Random) -> bytes:
    """Return a drawing that looks like one from afar, marked as made up."""
    image = Image.new("L", _SIZE, 22)
    draw = ImageDraw.Draw(image)
    for row, (crown, root) in enumerate(((60, -1), (360, 1))):
        for place in range(5):
            left = 40 + place * 168 + rng.randint(-10, 10)
            shade = 175 + rng.randint(-15, 25)
            draw.rounded_rectangle((left, crown, left + 140, crown + 215), 46, fill=shade)
            edge = crown + (205 if row else 10)
            for foot in (left + 18, left + 82):
                tip = (foot + 20, edge + root * 240)
                draw.polygon([(foot, edge), (foot + 42, edge), tip], fill=shade - 45)
            draw.ellipse((left + 50, crown + 80, left + 90, crown + 150), fill=shade - 60)
            if rng.random() < 0.4:
                top = crown + (10 if row else 155)
                draw.rectangle((left + 40, top, left + 100, top + 50), fill=250)
    soft = image.filter(ImageFilter.GaussianBlur(5))
    ImageDraw.Draw(soft).text((12, _SIZE[1] - 22), "SAMPLE", fill=200)
    stream = BytesIO()
    soft.save(stream, "JPEG", quality=85)
    return stream.getvalue()
