"""Why something was not read, in words for people: English, German, Spanish and French."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cases.domain.documents.document_text import UNREAD_WORDS, UnreadReason

LANGUAGES: Final = ("en", "de", "es", "fr")

#: By code: the reasons of the reader, of runs that gave nothing, and what is said of a page or a value.
_ENGLISH: Final[Mapping[str, str]] = {
    **{reason.value: words for reason, words in UNREAD_WORDS.items()},
    "two_readings": "two readings",
    "insufficient_data": "there is too little text to judge",
    "low_quality_input": "the document could not be read well enough to judge",
    "out_of_scope": "nothing in it is of a kind that the program judges",
    "models_disagree": "the programs disagree",
    "not_checked": "it was not checked",
    "consent_withdrawn": "the patient does not agree that programs read the documents",
    "engine_failed": "the program failed",
    "text_out_of_bounds": "the text takes too long to be judged",
    "not_run": "no program has judged it",
    "under_way": "the program has not finished",
}
_GERMAN: Final[Mapping[str, str]] = {
    UnreadReason.PICTURE_NOT_RECOGNISED: "ein Bild, das Text zeigen kann, in dem aber kein Text erkannt wurde",
    UnreadReason.FORM_NOT_READABLE: "ein Formular, dessen Inhalt dieses Programm nicht lesen kann",
    UnreadReason.OVERLAPPING_GLYPHS: "übereinander gedruckte Buchstaben, die falsch gelesen sein können",
    UnreadReason.NO_UNICODE: "Buchstaben, die die Datei zeichnet, ohne zu sagen, welche es sind",
    UnreadReason.INVISIBLE_TEXT: "Text, den die Datei enthält und die Seite nicht zeigt",
    "two_readings": "zwei Lesarten",
    "insufficient_data": "es steht zu wenig Text da, um ihn zu beurteilen",
    "low_quality_input": "das Dokument war nicht gut genug lesbar, um es zu beurteilen",
    "out_of_scope": "darin steht nichts von der Art, die das Programm beurteilt",
    "models_disagree": "die Programme sind sich nicht einig",
    "not_checked": "es wurde nicht geprüft",
    "consent_withdrawn": "die Patientin oder der Patient stimmt nicht zu, dass Programme die Unterlagen lesen",
    "engine_failed": "das Programm hat versagt",
    "text_out_of_bounds": "es dauert zu lange, den Text zu beurteilen",
    "not_run": "kein Programm hat es beurteilt",
    "under_way": "das Programm ist noch nicht fertig",
}
_SPANISH: Final[Mapping[str, str]] = {
    UnreadReason.PICTURE_NOT_RECOGNISED: "una imagen que puede mostrar texto y en la que no se reconoció ninguno",
    UnreadReason.FORM_NOT_READABLE: "un formulario cuyo contenido este programa no puede leer",
    UnreadReason.OVERLAPPING_GLYPHS: "letras impresas unas sobre otras, que pueden haberse leído mal",
    UnreadReason.NO_UNICODE: "letras que el archivo dibuja sin decir cuáles son",
    UnreadReason.INVISIBLE_TEXT: "texto que el archivo contiene y la página no muestra",
    "two_readings": "dos lecturas",
    "insufficient_data": "hay demasiado poco texto para valorarlo",
    "low_quality_input": "el documento no se pudo leer lo bastante bien para valorarlo",
    "out_of_scope": "no contiene nada de lo que el programa valora",
    "models_disagree": "los programas no coinciden",
    "not_checked": "no se comprobó",
    "consent_withdrawn": "el paciente no acepta que programas lean los documentos",
    "engine_failed": "el programa falló",
    "text_out_of_bounds": "valorar el texto lleva demasiado tiempo",
    "not_run": "ningún programa lo ha valorado",
    "under_way": "el programa aún no ha terminado",
}
_FRENCH: Final[Mapping[str, str]] = {
    UnreadReason.PICTURE_NOT_RECOGNISED: "une image qui montre peut-être du texte, où aucun texte n'a été reconnu",
    UnreadReason.FORM_NOT_READABLE: "un formulaire dont ce programme ne peut pas lire le contenu",
    UnreadReason.OVERLAPPING_GLYPHS: "des lettres imprimées les unes sur les autres, peut-être mal lues",
    UnreadReason.NO_UNICODE: "des lettres que le fichier dessine sans dire lesquelles",
    UnreadReason.INVISIBLE_TEXT: "du texte que le fichier contient et que la page ne montre pas",
    "two_readings": "deux lectures",
    "insufficient_data": "il y a trop peu de texte pour l'évaluer",
    "low_quality_input": "le document n'a pas pu être lu assez bien pour être évalué",
    "out_of_scope": "il ne contient rien de ce que le programme évalue",
    "models_disagree": "les programmes ne sont pas d'accord",
    "not_checked": "cela n'a pas été vérifié",
    "consent_withdrawn": "le patient n'accepte pas que des programmes lisent les documents",
    "engine_failed": "le programme a échoué",
    "text_out_of_bounds": "évaluer le texte prend trop de temps",
    "not_run": "aucun programme ne l'a évalué",
    "under_way": "le programme n'a pas encore terminé",
}
WORDS: Final[Mapping[str, Mapping[str, str]]] = {"en": _ENGLISH, "de": _GERMAN, "es": _SPANISH, "fr": _FRENCH}


def words_of(code: str, language: str) -> str:
    """What a code says in a language (``de``, ``de-AT``); English for one that is not among ours.

    A code that nobody has put into words is shown as words, never left out.
    """
    told = WORDS.get(language.split("-")[0].lower(), _ENGLISH)
    return told.get(code) or _ENGLISH.get(code) or code.replace("_", " ")
