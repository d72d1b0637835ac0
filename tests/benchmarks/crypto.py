"""A sealed field's reading, and search by keyed lexemes beside a plain tsvector, in one run.

`python -m tests.benchmarks.crypto` (`make bench W=crypto`).
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

READ_LIMIT_US = 15.0
SEARCH_LIMIT = 2.0
VOCABULARY = 20_000
WORDS_A_CASE = 60


@contextmanager
def own_servers() -> Iterator[None]:
    """PostgreSQL and Valkey in a folder that is thrown away, migrated, with Django set up."""
    with tempfile.TemporaryDirectory(prefix="sop-bench-") as folder:
        os.environ |= {
            "SOP_DATA_DIR": folder,
            "SOP_EMBEDDED": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "LOG_LEVEL": "WARNING",
        }
        for name in ("DATABASE_URL", "REDIS_URL", "SOP_TEST_SUFFIX"):
            os.environ.pop(name, None)
        from config.runtime.embedded import Stack, database_url, redis_url

        os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = database_url(), redis_url()
        try:
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate_all", verbosity=0)
            yield
        finally:
            from django.db import connections

            connections.close_all()
            Stack(Path(folder)).stop()


def field_read(*, rounds: int = 7, times: int = 20_000) -> float:
    """Processor microseconds to read one field of 200 bytes as services do: the remembered key, its place, opened."""
    from config.kernel.crypto import Place, open_text, seal_text
    from config.kernel.db import uuid7
    from identity import services as identity

    subject, row_id = uuid7(), uuid7()
    sealed = seal_text(identity.data_key(subject_id=subject), Place("cases_case", "title", row_id), "x" * 200)
    measured = []
    for _ in range(rounds):
        begun = time.process_time()
        for _ in range(times):
            open_text(identity.data_key(subject_id=subject), Place("cases_case", "title", row_id), sealed)
        measured.append((time.process_time() - begun) / times * 1e6)
    return median(measured)


class Searches:
    """The same cases twice: in the product's index, and in a plain tsvector."""

    def __init__(self, cases: int) -> None:
        from django.db import connections

        from config.kernel.crypto.lexemes import keyed_lexemes
        from tests.benchmarks import data

        data.load(cases=cases)
        self.chosen = random.Random(20261123)
        self.words = sorted({_word(self.chosen) for _ in range(VOCABULARY)})
        self.cursor = connections["cases"].cursor()
        self.cursor.execute(
            "SELECT tsvector_to_array(to_tsvector('english', w)) FROM unnest(%s::text[]) AS w", [self.words]
        )
        stems = [row[0] for row in self.cursor.fetchall()]
        plain = [" ".join(f"'{stem}'" for stem in found) for found in stems]
        blind = [" ".join(f"'{one}'" for one in keyed_lexemes("case", "en", found)) for found in stems]
        self._fill(plain, blind)

    def _fill(self, plain: list[str], blind: list[str]) -> None:
        # Indexes are made after the rows, for both alike: row by row would take minutes.
        self.cursor.execute("SET statement_timeout = 0; DROP INDEX cases_index_lexemes")
        self.cursor.execute("CREATE TABLE bench_plain (case_id uuid PRIMARY KEY, lexemes tsvector NOT NULL)")
        self.cursor.execute("SELECT id FROM cases_case")
        ids = [row[0] for row in self.cursor.fetchall()]
        # Words occur as in texts: few of them often, most of them hardly ever.
        weights = [1 / (rank + 10) for rank in range(len(self.words))]
        texts = [self.chosen.choices(range(len(self.words)), weights, k=WORDS_A_CASE) for _ in ids]
        for table, columns, lexemes in (
            ("bench_plain", "case_id, lexemes", plain),
            ("cases_caseindex", "case_id, lexemes, told, documents", blind),
        ):
            with self.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for case_id, text in zip(ids, texts, strict=True):
                    row = (case_id, " ".join(lexemes[word] for word in text))
                    copy.write_row(row if table == "bench_plain" else (*row, "", ""))
        for table in ("bench_plain", "cases_caseindex"):
            self.cursor.execute(f"CREATE INDEX ON {table} USING gin (lexemes) WITH (fastupdate = off)")
        self.cursor.execute("VACUUM ANALYZE bench_plain")
        self.cursor.execute("VACUUM ANALYZE cases_caseindex")

    def queries(self, number: int) -> list[str]:
        """One rare, one middling and one frequent word each, and pairs of a frequent with a middling one."""
        found: list[str] = []
        for _ in range(number):
            rare = self.words[self.chosen.randrange(2_000, len(self.words))]
            middling, frequent = (self.words[self.chosen.randrange(*span)] for span in ((100, 500), (0, 20)))
            found += [rare, middling, frequent, f"{frequent} {middling}"]
        return found

    def blind(self, words: str) -> int:
        """As the product: stem and key the words, then search."""
        from cases.queries.lexemes import query_for

        return self._page("cases_caseindex", "%(query)s::tsquery", query_for(words))

    def plain(self, words: str) -> int:
        """What it would be on readable text."""
        return self._page("bench_plain", "websearch_to_tsquery('english', %(query)s)", words)

    def _page(self, table: str, query: str, value: str) -> int:
        """The newest 25 that a nurse may read; the audit row, equal in both, is left out."""
        from cases.db import database

        with database.prepared() as cursor:
            cursor.execute(
                "SELECT id, reference, state, title_sealed FROM cases_case WHERE state IN ('SUBMITTED', 'TRIAGE')"
                f" AND id IN (SELECT i.case_id FROM {table} i WHERE i.lexemes @@ {query}) ORDER BY id DESC LIMIT 26",
                {"query": value},
                prepare=False,
            )
            return len(cursor.fetchall())


def timed(act: Callable[[str], int], queries: list[str]) -> tuple[float, list[int]]:
    """Milliseconds for each query, and how many rows each found."""
    begun = time.perf_counter()
    found = [act(words) for words in queries]
    return (time.perf_counter() - begun) / len(queries) * 1000, found


def search(cases: int, *, rounds: int = 3) -> tuple[float, float, list[tuple[str, float, float]]]:
    """Milliseconds a search, blind and plain (medians of rounds by turns), and the same by kind of query."""
    both = Searches(cases)
    queries = both.queries(10)
    assert timed(both.blind, queries)[1] == timed(both.plain, queries)[1], "both find the same"
    measured: dict[str, list[float]] = {"blind": [], "plain": []}
    kinds: dict[str, dict[str, list[float]]] = {}
    for _ in range(rounds):
        for name in measured:
            measured[name].append(timed(getattr(both, name), queries)[0])
            for index, kind in enumerate(("rare", "middling", "frequent", "two words")):
                took = timed(getattr(both, name), queries[index::4])[0]
                kinds.setdefault(kind, {}).setdefault(name, []).append(took)
    by_kind = [(kind, median(found["blind"]), median(found["plain"])) for kind, found in kinds.items()]
    return median(measured["blind"]), median(measured["plain"]), by_kind


def _word(chosen: random.Random) -> str:
    syllables = ("ka", "lo", "mi", "ter", "vas", "cor", "pneu", "hem", "ox", "ul", "rin", "gast", "dol", "phil", "xen")
    return "".join(chosen.choices(syllables, k=chosen.randrange(3, 6)))


def main() -> int:
    """Prints both, and fails when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    options = parser.parse_args()
    with own_servers():
        read: Any = field_read()
        blind, plain, kinds = search(options.cases)
    told = sys.stdout.write
    told("\n| measure | ours | limit |\n|---|---|---|\n")
    told(f"| sealed field of 200 bytes | {read:.1f} µs of processor | ≤ {READ_LIMIT_US} µs |\n")
    ratio = blind / plain
    told(f"| search over {options.cases:,} cases | {blind:.2f} ms | plain {plain:.2f} ms × {ratio:.2f} (≤ 2) |\n")
    for kind, ours, theirs in kinds:
        told(f"| … {kind} | {ours:.2f} ms | {theirs:.2f} ms × {ours / theirs:.2f} |\n")
    return int(read > READ_LIMIT_US or ratio > SEARCH_LIMIT)


if __name__ == "__main__":
    sys.exit(main())
