"""Search over 100,000 documents' texts, and in the papers of one case, beside plain PostgreSQL: `make bench W=search`.

Over all cases: ours is a nurse's search as the service makes it (stemmed, keyed, bounded to what a nurse may read, each
hit recorded). Its baseline are the same rows by the same index without a guard or a record; the other one is an index
of readable words. In one case: ours opens the sealed pages and stems them at each search; the baseline has them in
plain text beside a stored tsvector, and makes its highlights with ts_headline.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from tests.benchmarks.crypto import VOCABULARY, _word, own_servers

WORDS_A_DOCUMENT, PAGES, WORDS_A_PAGE = 250, 40, 300
QUERIES, ROUNDS = 20, 3
_LISTED = "SELECT id, reference, state, title_sealed FROM cases_case WHERE id IN (SELECT i.case_id FROM {table} i"
_NEWEST = " ORDER BY id DESC LIMIT 26"


class Corpus:
    """Words as they occur in papers: few of them often, most of them hardly ever."""

    def __init__(self, cursor: Any) -> None:
        from config.kernel.crypto.lexemes import keyed_lexemes

        self.chosen = random.Random(20261124)
        self.words = sorted({_word(self.chosen) for _ in range(VOCABULARY)})
        self._weights = [1 / (rank + 10) for rank in range(len(self.words))]
        cursor.execute("SELECT tsvector_to_array(to_tsvector('english', w)) FROM unnest(%s::text[]) AS w", [self.words])
        stems = [row[0] for row in cursor.fetchall()]
        self.plain = [" ".join(f"'{stem}'" for stem in found) for found in stems]
        self.keyed = [" ".join(f"'{one}'" for one in keyed_lexemes("case", "en", found)) for found in stems]

    def text(self, length: int) -> list[int]:
        """Numbers of words."""
        return self.chosen.choices(range(len(self.words)), self._weights, k=length)

    def one_of(self, first: int, end: int) -> str:
        return self.words[self.chosen.randrange(first, end)]


def fill(cursor: Any, corpus: Corpus, documents: int) -> None:
    """A document's text for each case, in the product's index and in one of readable words; indexes made at the end."""
    from tests.benchmarks import data

    data.load(cases=documents)
    cursor.execute("SET statement_timeout = 0; DROP INDEX cases_index_lexemes")
    cursor.execute("CREATE TABLE bench_plain (case_id uuid PRIMARY KEY, lexemes tsvector NOT NULL)")
    cursor.execute("CREATE TEMP TABLE bench_texts (case_id uuid, plain tsvector, keyed tsvector)")
    cursor.execute("SELECT id FROM cases_case")
    ids = [row[0] for row in cursor.fetchall()]
    with cursor.copy("COPY bench_texts FROM STDIN") as copy:
        for case_id in ids:
            said = set(corpus.text(WORDS_A_DOCUMENT))
            copy.write_row(
                (case_id, *(" ".join(known[word] for word in said) for known in (corpus.plain, corpus.keyed)))
            )
    cursor.execute("INSERT INTO bench_plain SELECT case_id, plain FROM bench_texts")
    cursor.execute(
        "INSERT INTO cases_caseindex (case_id, told, documents, lexemes)"
        " SELECT case_id, '', keyed, keyed FROM bench_texts"
    )
    for table in ("bench_plain", "cases_caseindex"):
        cursor.execute(f"CREATE INDEX ON {table} USING gin (lexemes) WITH (fastupdate = off)")
        cursor.execute(f"VACUUM ANALYZE {table}")


def over_all(cursor: Any, corpus: Corpus) -> dict[str, list[list[float]]]:
    """Milliseconds by kind of query: ours, the same index bare, readable words."""
    from cases.db import atomic
    from cases.queries import case_reads
    from cases.queries.lexemes import query_for
    from config.kernel.auth import acting_as
    from tests.factories import make_person

    nurse = make_person("nurse")

    def ours(words: str) -> int:
        with acting_as(nurse), atomic():
            return len(
                case_reads.searched_rows(nurse, query_for(words), after=None, limit=26, chosen=case_reads.ListFilter())
            )

    def bare(words: str) -> int:
        return _rows(
            cursor, _LISTED.format(table="cases_caseindex") + " WHERE i.lexemes @@ %s::tsquery)", queries[words]
        )

    def readable(words: str) -> int:
        return _rows(
            cursor,
            _LISTED.format(table="bench_plain") + " WHERE i.lexemes @@ websearch_to_tsquery('english', %s))",
            words,
        )

    frequent, middling, rare = (0, 20), (100, 500), (10_000, len(corpus.words))
    kinds = {
        "a rare word": [corpus.one_of(*rare) for _ in range(QUERIES)],
        "a middling word": [corpus.one_of(*middling) for _ in range(QUERIES)],
        "a frequent word": [corpus.one_of(*frequent) for _ in range(QUERIES)],
        "two words": [f"{corpus.one_of(*frequent)} {corpus.one_of(*middling)}" for _ in range(QUERIES)],
    }
    queries = {words: query_for(words) for found in kinds.values() for words in found}
    return {kind: by_turns((ours, bare, readable), asked) for kind, asked in kinds.items()}


def in_one_case(cursor: Any, corpus: Corpus) -> dict[str, list[list[float]]]:
    """Milliseconds by kind of query: ours, and plain text beside a stored tsvector."""
    from cases.services import casefile
    from config.kernel.auth import acting_as
    from tests.cases.support import Story

    story = Story()
    pages = [" ".join(corpus.words[word] for word in corpus.text(WORDS_A_PAGE)) for _ in range(PAGES)]
    _seal(story, pages)
    cursor.execute("CREATE TABLE bench_pages (case_id uuid, page text, said tsvector)")
    cursor.executemany(
        "INSERT INTO bench_pages VALUES (%s, %s, to_tsvector('english', %s))",
        [(story.id, page, page) for page in pages],
    )
    cursor.execute(
        "CREATE INDEX ON bench_pages USING gin (said); CREATE INDEX ON bench_pages (case_id); ANALYZE bench_pages"
    )

    def ours(words: str) -> int:
        with acting_as(story.patient):
            found = casefile.find_in_documents(principal=story.patient, case_id=story.id, words=words)
        return len({hit.page for hit in found.hits})

    def plain(words: str) -> int:
        function = "to_tsquery" if words.endswith("*") else "websearch_to_tsquery"
        asked = words.replace("*", ":*")
        cursor.execute(
            f"SELECT ts_headline('english', page, q, 'MaxFragments=20') FROM bench_pages, {function}('english', %s) q"
            " WHERE case_id = %s AND said @@ q",
            [asked, story.id],
        )
        return len(cursor.fetchall())

    said = pages[0].split()
    starts = corpus.chosen.sample(range(len(said) - 1), QUERIES)
    kinds = {
        "a rare word": sorted({word for word in said if sum(word in page.split() for page in pages) == 1})[:QUERIES],
        "a frequent word": [corpus.one_of(0, 20) for _ in range(QUERIES)],
        "a phrase": [f'"{said[at]} {said[at + 1]}"' for at in starts],
        "a beginning": [f"{said[at][:5]}*" for at in starts],
    }
    return {kind: by_turns((ours, plain), asked) for kind, asked in kinds.items()}


def _seal(story: Any, pages: list[str]) -> None:
    """The pages as four documents that were read and accepted."""
    from cases.domain.documents.document_text import Line, PageText, Reading, reading_to_json
    from cases.models import Document
    from cases.queries.sealed_contents import place
    from config.kernel.crypto import seal_json
    from identity import services as identity

    key, each = identity.data_key(subject_id=story.row.patient_id), PAGES // 4
    for first in range(0, PAGES, each):
        told = tuple(
            PageText(
                number=number,
                width_pt=595.0,
                height_pt=842.0,
                text=text,
                # A search needs no more of its lines.
                lines=(Line(text=text, start=0, end=len(text), x0=0.1, y0=0.1, x1=0.9, y1=0.9),),
                engine="text-layer",
            )
            for number, text in enumerate(pages[first : first + each], start=1)
        )
        reading = Reading(media_type="application/pdf", verdict="complete", reasons=(), pages=told, metadata={})
        row: Document = story.put_document()
        row.reading_sealed = seal_json(key, place("document", "reading", row.id), reading_to_json(reading))
        row.page_count = each
        row.save()


def _rows(cursor: Any, statement: str, value: str) -> int:
    cursor.execute(statement + _NEWEST, [value])
    return len(cursor.fetchall())


def by_turns(acts: tuple[Callable[[str], int], ...], asked: list[str]) -> list[list[float]]:
    """Milliseconds of each act for every query in every round, one act after the other."""
    taken: list[list[float]] = [[] for _ in acts]
    for _ in range(ROUNDS):
        for words in asked:
            for act, told in zip(acts, taken, strict=True):
                begun = time.perf_counter()
                act(words)
                told.append((time.perf_counter() - begun) * 1000)
    return taken


def _told(taken: list[float]) -> str:
    return f"{median(taken):.1f} / {sorted(taken)[int(len(taken) * 0.95)]:.1f} ms"


def _row(kind: str, taken: list[list[float]]) -> str:
    ours, *others = taken
    told = [f"{_told(other)} | {median(ours) / median(other):.2f}" for other in others]
    return f"| {kind} | {_told(ours)} | {' | '.join(told)} |"


def main() -> int:
    """Prints both tables; p50 / p95 of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    options = parser.parse_args()
    with own_servers():
        from django.db import connections

        cursor = connections["cases"].cursor()
        corpus = Corpus(cursor)
        fill(cursor, corpus, options.documents)
        everywhere, here = over_all(cursor, corpus), in_one_case(cursor, corpus)
    asked = f"{QUERIES} queries of a kind, {ROUNDS} rounds by turns"
    print(f"{options.documents:,} documents of {WORDS_A_DOCUMENT} words, {asked}; p50 / p95\n")
    print("| over all cases | ours | same index, no guards | × | readable words | × |\n|---|---|---|---|---|---|")
    print("\n".join(_row(kind, taken) for kind, taken in everywhere.items()))
    print(f"\n| in one case of {PAGES} pages, with places | ours | plain text | × |\n|---|---|---|---|")
    print("\n".join(_row(kind, taken) for kind, taken in here.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
