"""How a reader checks the report: the QR code that holds its signed manifest."""

from __future__ import annotations

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Table, TableStyle

from cases.adapters.report import typography as type_
from cases.adapters.report.blocks import Blocks
from cases.adapters.report.canvas import Squares
from cases.adapters.report.tags import draw_layout

# About ninety modules a side, more than half a millimetre each: with more error correction they would be smaller,
# which costs telephones more than it gives them (and the signature shows every misread character).
_SIDE = 54 * mm
_GUTTER = 6 * mm


def how_to_check(proof: str, blocks: Blocks) -> list[Flowable]:
    """The code beside what it is for."""
    page = proof.partition("#")[0]
    words = [
        *blocks.text(
            "This code holds the signed manifest of this report: its number and version, the fingerprints of the "
            "signed opinion and of the electronic (FHIR) file, who signed, and when. It does not name the patient."
        ),
        *blocks.labelled(
            "On the web:", f"scan the code, or open {page} and choose this file. It never leaves your device."
        ),
        *blocks.labelled(
            "Without a network:",
            "the command verify_report checks this file against the platform's published keys, byte for byte.",
        ),
        *blocks.text(
            "A report that was replaced by a newer version stays genuine. Ask at the address above, or look at a "
            "signed status list, to learn whether a newer version exists.",
            type_.NOTE,
        ),
    ]
    picture = Squares(_modules(proof), _SIDE, "QR code with the signed manifest of this report")
    table = Table([[picture, words]], colWidths=[_SIDE + _GUTTER, blocks.width - _SIDE - _GUTTER], renderCB=draw_layout)
    table.setStyle(
        TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), type_.REGULAR),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    return [KeepTogether([blocks.heading("How to check this report"), table])]


def _modules(text: str) -> list[list[bool]]:
    """The code's squares, dark or not."""
    code = QrCodeWidget(text, barLevel="L").qr
    code.make()
    count = range(code.getModuleCount())
    return [[bool(code.isDark(row, column)) for column in count] for row in count]
