"""The names of the knowledge tables, for those who must not say them."""

from analysis.domain import knowledge
from analysis.services.knowledge_editions import knowledge_in_force

_NAMES = {"analytes": ("name", "synonyms"), "medicines": ("generic", "names"), "combinations": ("name",)}


def clinical_words() -> frozenset[str]:
    """Every name of an examination, a medicine or a class of medicines that is known now, as it is written."""
    with knowledge_in_force():
        return _words()


@knowledge.per_release
def _words() -> frozenset[str]:
    found = {
        name
        for table, columns in _NAMES.items()
        for row in knowledge.rows(table)
        for column in columns
        for name in knowledge.words(row[column])
    }
    return frozenset(found | {row["class"].replace("_", " ") for row in knowledge.rows("classes")})
