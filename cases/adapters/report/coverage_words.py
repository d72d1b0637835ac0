"""How far the documents were read, in the report's words; for the patient in English, German, Spanish and French."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from cases.domain.report.signed_report import ReadingCounts, SignedReport

#: Heads of the table of documents, the first that of their names.
HEADS: Final = (
    "What was read",
    "Pages",
    "As text",
    "From pictures",
    "Without text",
    "Places not read",
    "Two readings",
    "Withheld",
)


@dataclass(frozen=True, slots=True)
class _Told:
    """Sentences for the patient; a word with its singular first."""

    read: str
    whole: str
    gaps: str
    parts: Mapping[str, tuple[str, str]]
    ask: str


_PLAIN: Final[Mapping[str, _Told]] = {
    "en": _Told(
        read="A program read {pages} of your documents; the specialist had the documents themselves.",
        whole="It found no place that it could not read.",
        gaps="What it did not read, or not surely: {parts}.",
        parts={
            "pages": ("{} page", "{} pages"),
            "in_part": ("{} document in part", "{} documents in part"),
            "pages_without_text": ("{} page without text", "{} pages without text"),
            "places_not_read": ("{} place", "{} places"),
            "two_readings": ("{} place with two readings", "{} places with two readings"),
            "lines_not_read": ("{} line that looks like a result", "{} lines that look like results"),
            "not_taken": ("{} entry of records that came as data", "{} entries of records that came as data"),
            "files_not_taken": ("{} file of an archive", "{} files of archives"),
        },
        ask="If something important to you stands there, tell your doctor.",
    ),
    "de": _Told(
        read="Ein Programm hat {pages} Ihrer Unterlagen gelesen; der Fachärztin oder dem Facharzt lagen die "
        "Unterlagen selbst vor.",
        whole="Es fand keine Stelle, die es nicht lesen konnte.",
        gaps="Was es nicht oder nicht sicher gelesen hat: {parts}.",
        parts={
            "pages": ("{} Seite", "{} Seiten"),
            "in_part": ("{} Dokument teilweise", "{} Dokumente teilweise"),
            "pages_without_text": ("{} Seite ohne Text", "{} Seiten ohne Text"),
            "places_not_read": ("{} Stelle", "{} Stellen"),
            "two_readings": ("{} Stelle mit zwei Lesarten", "{} Stellen mit zwei Lesarten"),
            "lines_not_read": (
                "{} Zeile, die wie ein Ergebnis aussieht",
                "{} Zeilen, die wie Ergebnisse aussehen",
            ),
            "not_taken": ("{} Eintrag aus elektronischen Akten", "{} Einträge aus elektronischen Akten"),
            "files_not_taken": ("{} Datei aus einem Archiv", "{} Dateien aus Archiven"),
        },
        ask="Wenn dort etwas steht, das Ihnen wichtig ist, sagen Sie es Ihrer Ärztin oder Ihrem Arzt.",
    ),
    "es": _Told(
        read="Un programa leyó {pages} de sus documentos; el especialista tenía los documentos mismos.",
        whole="No encontró ningún lugar que no pudiera leer.",
        gaps="Lo que no leyó, o no con seguridad: {parts}.",
        parts={
            "pages": ("{} página", "{} páginas"),
            "in_part": ("{} documento en parte", "{} documentos en parte"),
            "pages_without_text": ("{} página sin texto", "{} páginas sin texto"),
            "places_not_read": ("{} lugar", "{} lugares"),
            "two_readings": ("{} lugar con dos lecturas", "{} lugares con dos lecturas"),
            "lines_not_read": ("{} línea que parece un resultado", "{} líneas que parecen resultados"),
            "not_taken": ("{} entrada de registros electrónicos", "{} entradas de registros electrónicos"),
            "files_not_taken": ("{} archivo de una carpeta comprimida", "{} archivos de carpetas comprimidas"),
        },
        ask="Si allí hay algo importante para usted, dígaselo a su médico.",
    ),
    "fr": _Told(
        read="Un programme a lu {pages} de vos documents ; le spécialiste avait les documents eux-mêmes.",
        whole="Il n'a trouvé aucun endroit qu'il n'ait pas pu lire.",
        gaps="Ce qu'il n'a pas lu, ou pas avec certitude : {parts}.",
        parts={
            "pages": ("{} page", "{} pages"),
            "in_part": ("{} document en partie", "{} documents en partie"),
            "pages_without_text": ("{} page sans texte", "{} pages sans texte"),
            "places_not_read": ("{} endroit", "{} endroits"),
            "two_readings": ("{} endroit avec deux lectures", "{} endroits avec deux lectures"),
            "lines_not_read": ("{} ligne qui ressemble à un résultat", "{} lignes qui ressemblent à des résultats"),
            "not_taken": ("{} entrée de dossiers électroniques", "{} entrées de dossiers électroniques"),
            "files_not_taken": ("{} fichier d'une archive", "{} fichiers d'archives"),
        },
        ask="Si quelque chose d'important pour vous s'y trouve, dites-le à votre médecin.",
    ),
}


def row(counts: ReadingCounts) -> tuple[str, ...]:
    """The numbers of a document below ``HEADS``, without its name."""
    numbers = (
        counts.pages,
        counts.pages_as_text,
        counts.pages_recognised,
        counts.pages_without_text,
        counts.places_not_read,
        counts.two_readings,
        counts.pages_withheld,
    )
    return tuple(map(str, numbers))


def sentence(counts: ReadingCounts) -> str:
    """The same numbers in one line."""
    part = "read in part; " if counts.in_part else ""
    return (
        f"{part}pages {counts.pages}: as text {counts.pages_as_text}, recognised from pictures "
        f"{counts.pages_recognised}, without text {counts.pages_without_text}; places not read "
        f"{counts.places_not_read}, places with two readings {counts.two_readings}, pages withheld from programs "
        f"outside {counts.pages_withheld}"
    )


def stands(report: SignedReport) -> str:
    """What of all that was read the specialist let stand."""
    read = report.reading
    return (
        f"Of what was read the specialist accepted: values {sum(one.values for one in read)}, medicines "
        f"{sum(one.medicines for one in read)}. Lines that look like results and were not understood: "
        f"{sum(one.lines_not_read for one in read)}."
    )


def not_taken_over(report: SignedReport) -> list[str]:
    """What imports did not take over, by kind and reason, and the files of archives that became no document."""
    told = [f"{one.kind} × {one.count}: {one.reason}" for one in report.not_taken_over]
    files = report.files_not_taken_over
    return [*told, *([f"Files of archives × {files}: not readable or refused"] if files else [])]


def for_patient(report: SignedReport) -> str:
    """How far the documents were read, in the patient's language; nothing of a version that kept no numbers."""
    if not report.reading:
        return ""
    told = _PLAIN.get(report.language.split("-")[0].lower(), _PLAIN["en"])
    read = sum(one.pages_as_text + one.pages_recognised for one in report.reading)
    gaps = ", ".join(_gaps(report, told))
    return " ".join(
        [
            told.read.format(pages=_counted(told, "pages", read)),
            *([told.gaps.format(parts=gaps), told.ask] if gaps else [told.whole]),
        ]
    )


def _gaps(report: SignedReport, told: _Told) -> Iterator[str]:
    numbers = {
        "in_part": sum(one.in_part for one in report.reading),
        "pages_without_text": sum(one.pages_without_text for one in report.reading),
        "places_not_read": sum(one.places_not_read for one in report.reading),
        "two_readings": sum(one.two_readings for one in report.reading),
        "lines_not_read": sum(one.lines_not_read for one in report.reading),
        "not_taken": sum(one.count for one in report.not_taken_over),
        "files_not_taken": report.files_not_taken_over,
    }
    yield from (_counted(told, name, number) for name, number in numbers.items() if number)


def _counted(told: _Told, name: str, number: int) -> str:
    one, many = told.parts[name]
    return (one if number == 1 else many).format(number)
