"""PUBLIC: the subjects of this context. Others call `cases.services.<subject>`, and nothing below a subject."""
