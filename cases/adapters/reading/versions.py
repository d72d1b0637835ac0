"""Which reader this is: a document that an older one read is read again."""

from typing import Final

#: Raised by one with every change after which a document may be read otherwise. 0: before readers had numbers.
READER_VERSION: Final = 1
