"""How reading a document can end other than well: refused (the sender can act) or failed (the machine gave up)."""

from __future__ import annotations

from typing import Literal

RefusalCode = Literal[
    "empty",
    "too_large",
    "wrong_type",
    "encrypted_pdf",
    "active_content",
    "polyglot",
    "malware",
    "damaged",
    "too_many_pixels",
    "expands_too_much",
]
FailureReason = Literal["timeout", "memory", "crashed", "output_too_large", "malformed_output"]

ADVICE: dict[RefusalCode, str] = {
    "empty": "The file has no content. Choose the file again, or export it again from where it came from.",
    "too_large": "The file is larger than the limit. Split it, or scan it at 200 dpi, and upload the parts.",
    "wrong_type": "This kind of file cannot be read. Print it as PDF, or upload a JPEG, PNG, DICOM or plain text file.",
    "encrypted_pdf": "The PDF asks for a password. Open it, print or save it as a PDF without password, upload that.",
    "active_content": "The PDF carries programs. Open it, choose Print and Save as PDF, and upload the new file.",
    "polyglot": "The file hides a second file inside. Open it, save a fresh copy, and upload the copy.",
    "malware": "The file was recognised as malicious and was not kept. Check the device that it came from.",
    "damaged": "The file is incomplete or damaged. Open it to check it, then save or scan it again.",
    "too_many_pixels": "The image has more pixels than can be read. Scan or export it at 300 dpi or less.",
    "expands_too_much": "The file unpacks to far more data than it holds. Export it again without compression.",
}


class Refused(Exception):
    """The document cannot be taken. `code` is for programs, `advice` tells a person what to do."""

    def __init__(self, code: RefusalCode, advice: str = "") -> None:
        self.code: RefusalCode = code
        self.advice = advice or ADVICE[code]
        super().__init__(f"{code}: {self.advice}")


class ReadingFailed(Exception):
    """The reader ended before it had anything to give. `reason` is one of FailureReason; a retry may help."""

    def __init__(self, reason: FailureReason) -> None:
        self.reason: FailureReason = reason
        super().__init__(reason)
