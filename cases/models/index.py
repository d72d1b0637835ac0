"""The search index: keyed lexemes of what a case says. No word of it stands here."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from cases.models.case import Case


class CaseIndex(models.Model):
    """What one case says (``told``), what its documents say, and both together, which is what is searched."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="search_index")
    told = SearchVectorField(default="")
    documents = SearchVectorField(default="")
    lexemes = SearchVectorField(default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # Without a pending list: a search never pays for what others wrote.
            GinIndex(fields=["lexemes"], name="cases_index_lexemes", fastupdate=False)
        ]

    def __str__(self) -> str:
        return f"index of {self.case_id}"
