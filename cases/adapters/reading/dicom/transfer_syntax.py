"""Which ways of storing pixels can be decoded with what is installed, and how the others are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pydicom import FileDataset

_JPEG_EXTENDED: Final = "1.2.840.10008.1.2.4.51"


def why_undecodable(data: FileDataset) -> str:
    """Nothing for a transfer syntax that can be decoded; else a sentence with its name, and what to ask for."""
    from pydicom.pixels.decoders.base import get_decoder

    syntax = data.file_meta.get("TransferSyntaxUID")
    if syntax is None:
        return ""
    try:
        known = bool(get_decoder(syntax).is_available)
    except NotImplementedError:
        known = False
    # The free decoders read this one's 8-bit half only.
    if known and not (syntax == _JPEG_EXTENDED and int(data.get("BitsStored", 8)) > 8):
        return ""
    name = syntax.name if syntax.name != str(syntax) else "an unknown transfer syntax"
    return f"the image is stored as {name} ({syntax}), which cannot be decoded here; ask for it uncompressed"[:300]
