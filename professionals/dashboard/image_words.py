"""What the stack viewer says."""

from django.utils.translation import gettext_lazy as _

IMAGES = {
    "images": _("pictures"),
    "slice": _("Slice"),
    "of": _("of"),
    "loading": _("Loading"),
    "loaded": _("loaded"),
    "notLoaded": _("This picture could not be loaded"),
    "window": _("Window"),
    "zoom": _("Zoom"),
    "place": _("Position"),
    "unknown": _("unknown"),
    "noSpacing": _("Length unknown: the file gives no pixel spacing"),
    "atDetector": _("at the detector; in the body it is shorter"),
    "value": _("Value"),
    "full": _("Full range"),
    "fromFile": _("From the file"),
    "own": _("As set by hand"),
    "soft_tissue": _("Soft tissue"),
    "lung": _("Lung"),
    "bone": _("Bone"),
    "heldBack": _("files wait for a coordinator who confirms whose they are"),
    "locked": _("files hold another doctor's reading; they open after your first read"),
    "burned_said": _("The file says that text is written into the pictures: it may name the patient."),
    "burned_found": _("Text was found in the pictures: it may name the patient."),
    "burned_possible": _("Pictures of this kind often have a name written into them."),
    "private": _("private elements of the header were left out"),
    "nothing": _("There is nothing to show"),
    "none": _("No images."),
    "measureHint": _("Set two points: drag, or move the cross by the arrow keys and press Enter twice."),
    "point": _("Point set"),
}

# Key → what it does, as the help lists them.
KEYS = (
    ("↑ ↓", _("one slice back or on")),
    ("Page ↑ ↓", _("ten slices back or on")),
    ("Home End", _("first and last slice")),
    ("[ ]", _("window narrower, wider")),
    (", .", _("window lower, higher")),
    ("1–9", _("window presets, in the order of the list")),
    ("+ −", _("larger, smaller")),
    ("Shift + ← ↑ → ↓", _("move the picture")),
    ("S W P M", _("what dragging does: scroll, window, move, measure")),
    ("← ↑ → ↓ Enter", _("while measuring: move the cross, set a point")),
    ("I", _("invert")),
    ("R", _("as at the beginning")),
    ("Esc", _("take the measurement away")),
)
