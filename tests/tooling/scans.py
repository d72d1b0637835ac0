"""The same papers as a scanner or a telephone gives them: pixels only, crooked, grainy, shaded."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tests.tooling.clinical import PAGE_HEIGHT, PAGE_WIDTH, lab_report
from tests.tooling.facts import Document

if TYPE_CHECKING:
    from PIL.Image import Image

GPS_LATITUDE = (48.0, 8.0, 14.0)
CAMERA = "MARKER_CAMERA Phone 15"
PAPER = (250, 249, 245)


def page_images(pdf: bytes, *, dpi: int) -> list[Image]:
    """Every page of a PDF as an RGB image."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def _grain(image: Image, *, sigma: float, seed: int) -> Image:
    from PIL import Image as images

    noise = np.random.default_rng(seed).normal(0.0, sigma, (image.height, image.width, 1))
    pixels = np.clip(np.asarray(image, dtype=np.float32) + noise, 0, 255).astype(np.uint8)
    return images.fromarray(pixels)


def scanned(document: Document | None = None, *, dpi: int = 150, skew: float = 0.6, turned: int = 0) -> Document:
    """An image-only PDF: the pages rasterised, turned by `skew` degrees, with scanner grain, as JPEG inside.

    With `turned` of 90, 180 or 270 the sheets were fed that many degrees counter-clockwise.
    """
    from PIL import Image as images
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    document = document or lab_report()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), invariant=1)
    for number, page in enumerate(page_images(document.content, dpi=dpi)):
        sheet = page.rotate(skew, resample=images.Resampling.BICUBIC, fillcolor=PAPER)
        sheet = sheet.rotate(turned, expand=True)
        jpeg = io.BytesIO()
        _grain(sheet, sigma=6.0, seed=number + 1).save(jpeg, "JPEG", quality=82)
        size = (PAGE_HEIGHT, PAGE_WIDTH) if turned in {90, 270} else (PAGE_WIDTH, PAGE_HEIGHT)
        canvas.setPageSize(size)
        canvas.drawImage(ImageReader(io.BytesIO(jpeg.getvalue())), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    name = "scan-" + document.name
    return Document(content=buffer.getvalue(), known=replace(document.known, name=name))


def _shade(image: Image) -> Image:
    """Light from the upper left: the lower right corner keeps 68 % of it."""
    from PIL import Image as images

    down = np.linspace(0.0, 1.0, image.height, dtype=np.float32)[:, None]
    across = np.linspace(0.0, 1.0, image.width, dtype=np.float32)[None, :]
    light = 1.0 - 0.16 * (down + across)
    pixels = np.asarray(image, dtype=np.float32) * light[:, :, None]
    return images.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _exif(orientation: int) -> bytes:
    from PIL import Image as images

    exif = images.Exif()
    exif[0x0112] = orientation
    exif[0x0110] = CAMERA
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", GPS_LATITUDE
    gps[3], gps[4] = "E", (11.0, 34.0, 31.0)
    return exif.tobytes()


def photographed(document: Document | None = None, *, dpi: int = 150, turned: bool = False) -> Document:
    """A JPEG photo of the first page on a desk: perspective, shade, grain, camera and GPS metadata.

    With `turned` the pixels lie on their side and EXIF orientation 6 says so, as telephones do.
    """
    from PIL import Image as images

    document = document or lab_report()
    page = page_images(document.content, dpi=dpi)[0]
    width, height = page.size
    margin = width // 14
    desk = images.new("RGB", (width + 2 * margin, height + 2 * margin), (116, 92, 70))
    desk.paste(page, (margin, margin))
    corners = (0, 0, margin // 2, desk.height, desk.width, desk.height - margin // 3, desk.width - margin // 3, 0)
    view = desk.transform(desk.size, images.Transform.QUAD, corners, resample=images.Resampling.BICUBIC)
    photo = _grain(_shade(view), sigma=4.0, seed=7)
    if turned:
        photo = photo.transpose(images.Transpose.ROTATE_90)
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", quality=85, exif=_exif(6 if turned else 1), comment=b"MARKER_COMMENT")
    known = replace(document.known, name="photo-of-lab-report.jpg", media_type="image/jpeg", pages=1)
    return Document(content=buffer.getvalue(), known=known)


def scanned_tiff(document: Document | None = None, *, dpi: int = 150) -> Document:
    """All pages as frames of one TIFF with DPI tags, as fax gateways send them."""
    document = document or lab_report()
    frames = [page.convert("L") for page in page_images(document.content, dpi=dpi)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:], compression="tiff_deflate", dpi=(dpi, dpi))
    known = replace(document.known, name="fax.tiff", media_type="image/tiff", pages=len(frames))
    return Document(content=buffer.getvalue(), known=known)


def screenshot_png(document: Document | None = None, *, dpi: int = 110) -> Document:
    """The first page as a clean PNG."""
    document = document or lab_report()
    buffer = io.BytesIO()
    page_images(document.content, dpi=dpi)[0].save(buffer, "PNG")
    known = replace(document.known, name="screenshot.png", media_type="image/png", pages=1)
    return Document(content=buffer.getvalue(), known=known)
