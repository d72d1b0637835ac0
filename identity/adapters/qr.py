"""QR codes as SVG: no image library, and sharp at every size."""


def qr_svg(text: str) -> str:
    """An SVG document that shows ``text`` as a QR code."""
    import qrcode
    from qrcode.image.svg import SvgPathImage

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=2)
    code.add_data(text)
    return code.make_image(image_factory=SvgPathImage).to_string(encoding="unicode")
