"""How ``readings.zip`` was made: by the reader and the engine as they were before they had version numbers.

    git archive ace74ca | tar -x -C /tmp/former
    cd /tmp/former && PYTHONPATH=/tmp/former DJANGO_SETTINGS_MODULE=config.settings.test \
        python REPOSITORY/tests/corpora/former/making.py REPOSITORY/tests/corpora

It runs the code of that commit, not this one's: each document is read in a child and analysed as its run would have
been, for a person of its patient's sex and age.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

SHEETS, LETTERS = 80, 20
TODAY = date(2026, 11, 30)


def chosen(corpora: Path) -> Iterator[tuple[str, str, bytes, dict[str, Any]]]:
    """Key, name of the file, bytes and patient of each document, spread over layouts and languages."""
    with ZipFile(corpora / "labs" / "a.zip") as archive:
        names = sorted(one for one in archive.namelist() if one.startswith("pages/"))
        for index in range(SHEETS):
            name = names[index * len(names) // SHEETS]
            truth = json.loads(archive.read(f"truth/{Path(name).stem}.json"))["patient"]
            person = {"name": truth.get("name", ""), "birth": truth["birth"], "sex": truth.get("sex", "")}
            yield f"labs/a.zip/{name}", Path(name).name, archive.read(name), person
    with gzip.open(corpora / "masking" / "letters.jsonl.gz", "rt") as lines:
        letters = [json.loads(line) for line in lines]
    for index in range(LETTERS):
        letter = letters[index * len(letters) // LETTERS]
        person = {"name": letter["known"]["names"][0], "birth": letter["known"]["birth_date"] or "", "sex": ""}
        yield f"masking/{letter['id']}", f"{letter['id']}.txt", letter["text"].encode(), person


def main(corpora: Path) -> None:
    """Write readings.zip beside this file."""
    import django

    django.setup()
    from analysis.domain.engine import analyse
    from analysis.domain.spans import SourcePage
    from analysis.domain.subject import Subject
    from analysis.services import case_records
    from analysis.services.result_dates import with_dates
    from cases.adapters.reading import read_in_child
    from cases.domain.documents.document_text import reading_to_json
    from cases.services.documents import DocumentText

    nobody = UUID(int=0)
    with ZipFile(Path(__file__).parent / "readings.zip", "w", ZIP_DEFLATED, compresslevel=9) as written:
        for number, (key, name, raw, person) in enumerate(chosen(corpora)):
            with tempfile.TemporaryDirectory() as folder:
                source = Path(folder) / name
                source.write_bytes(raw)
                kind = "application/pdf" if name.endswith("pdf") else "text/plain"
                read = read_in_child(source=source, workdir=Path(folder) / "out", name=name, declared_type=kind)
            pages = tuple(SourcePage(nobody, page.number, page.text, page.confidence) for page in read.pages)
            born = date.fromisoformat(person["birth"]) if person["birth"] else None
            age = TODAY.year - born.year - ((TODAY.month, TODAY.day) < (born.month, born.day)) if born else None
            sex = {"F": "female", "M": "male"}.get(person["sex"])
            found = analyse(pages, Subject(sex=sex, age_years=age)).findings
            text = DocumentText(
                document_id=nobody,
                case_id=nobody,
                patient_id=nobody,
                verdict=read.verdict,
                pages=read.pages,
                deidentified=None,
                uploaded_on=TODAY,
            )
            asked = case_records.Source(
                document_id=nobody,
                case_id=nobody,
                patient_id=nobody,
                readable=True,
                partial=False,
                pages=pages,
                masked=(),
                text=text,
            )
            made: dict[str, Any] = {
                "document": key,
                "name": name,
                "media_type": kind,
                "person": person,
                "reading": reading_to_json(read),
            }
            with mock.patch("identity.services.get_account", return_value=SimpleNamespace(date_of_birth=born)):
                made["findings"] = [_finding(one) for one in with_dates(found, asked)]
            written.writestr(f"{number:03}.json", json.dumps(made, ensure_ascii=False))


def _finding(one: Any) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "title": one.title,
        "detail": one.detail,
        "severity": one.severity.value,
        "confidence": one.confidence,
        "knowledge_release": one.knowledge_release,
        "codes": [code.as_json() for code in one.codes],
        "spans": [span.as_json() for span in one.spans],
        "data": dict(one.data),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
