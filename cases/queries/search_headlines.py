"""Where words stand in pages: PostgreSQL stems, in statements that store nothing and get texts as parameters."""

from collections.abc import Sequence

from cases.db import database
from cases.domain.index.search_query import MARKS, Asked, places_of, runs_of, unmarked
from cases.queries.lexemes import CONFIGURATIONS

Places = dict[int, list[tuple[int, int]]]
_MARKED = f"HighlightAll=true, StartSel={MARKS[0]}, StopSel={MARKS[1]}"


def pages_that_say(texts: Sequence[str], asked: Asked, languages: Sequence[str]) -> Places:
    """By index, the pages that say all words and phrases in one of the languages, and where.

    A page without a mark (its words are all left out by the stemmer) is not found.
    """
    found: Places = {}
    for language in languages:
        for number, places in _in_language(texts, asked, CONFIGURATIONS[language]).items():
            found.setdefault(number, []).extend(places)
    return {number: sorted(set(places)) for number, places in found.items() if places}


def _in_language(texts: Sequence[str], asked: Asked, configuration: str) -> Places:
    given = {"texts": [unmarked(text.replace("\x00", " ")) for text in texts], "options": _MARKED}
    terms = [("plainto_tsquery", asked.words)] if asked.words else []
    terms += [("phraseto_tsquery", phrase) for phrase in asked.phrases]
    wanted = []
    for at, (function, text) in enumerate(terms):
        given[f"term{at}"] = text
        wanted.append(f"{function}('{configuration}', %(term{at})s)")
    marked = ", ".join(f"ts_headline('{configuration}', page, {one}, %(options)s)" for one in wanted)
    statement = (
        f"SELECT number - 1, {marked} FROM unnest(%(texts)s::text[]) WITH ORDINALITY AS t(page, number)"
        f" WHERE to_tsvector('{configuration}', page) @@ ({' && '.join(wanted)})"
    )
    found: Places = {}
    with database.prepared() as cursor:
        cursor.execute(statement, given)
        for number, *columns in cursor.fetchall():
            for (function, _), column in zip(terms, columns, strict=True):
                places = places_of(column)
                if function == "phraseto_tsquery":
                    places = runs_of(places, given["texts"][number])
                found.setdefault(number, []).extend(places)
    return found
