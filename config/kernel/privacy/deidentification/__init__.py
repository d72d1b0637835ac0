"""The one engine that takes out of a text what identifies people.

Masked, a text keeps its length, so that offsets stay true; or each place is replaced by a word. Both find the same.
"""

from config.kernel.privacy.deidentification.check import residual
from config.kernel.privacy.deidentification.engine import masked_text, places, without
from config.kernel.privacy.deidentification.identifiers import Identifiers, NotDeidentified
from config.kernel.privacy.deidentification.words import folded

__all__ = ["Identifiers", "NotDeidentified", "folded", "masked_text", "places", "residual", "without"]
