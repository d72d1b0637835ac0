"""What the reader says is missing of a document, in German, Spanish and French; it speaks English itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cases.domain.documents.coverage_words import WORDS
from cases.domain.documents.document_text import UNREAD_WORDS

_Said = tuple[str, str, str]
_LANGUAGES: Final = ("de", "es", "fr")
_PAGE: Final[Mapping[str, str]] = {"de": "Seite", "es": "página", "fr": "page"}
#: By the reader's sentence, in which ``{}`` stands for what differs from file to file.
_SENTENCES: Final[Mapping[str, _Said]] = {
    "no text could be recognised": (
        "kein Text wurde erkannt",
        "no se reconoció ningún texto",
        "aucun texte n'a été reconnu",
    ),
    "recognised with low confidence": (
        "unsicher erkannt",
        "reconocida con poca seguridad",
        "reconnue avec peu de certitude",
    ),
    "not read, time ran out": (
        "nicht gelesen, die Zeit reichte nicht",
        "no leída, faltó tiempo",
        "non lue, le temps a manqué",
    ),
    "not read, text recognition gave no answer": (
        "nicht gelesen, die Texterkennung gab keine Antwort",
        "no leída, el reconocimiento de texto no respondió",
        "non lue, la reconnaissance de texte n'a pas répondu",
    ),
    "not read, no text recognition is installed": (
        "nicht gelesen, hier ist keine Texterkennung eingerichtet",
        "no leída, aquí no hay reconocimiento de texto instalado",
        "non lue, aucune reconnaissance de texte n'est installée ici",
    ),
    "not read, text recognition stopped ({})": (
        "nicht gelesen, die Texterkennung brach ab ({})",
        "no leída, el reconocimiento de texto se detuvo ({})",
        "non lue, la reconnaissance de texte s'est arrêtée ({})",
    ),
    "time ran out before these scanned pages were drawn and read: {}": (
        "die Zeit reichte nicht, diese gescannten Seiten zu lesen: {}",
        "faltó tiempo para leer estas páginas escaneadas: {}",
        "le temps a manqué pour lire ces pages numérisées : {}",
    ),
    "only the first {} of {} pages were read": (
        "nur die ersten {} von {} Seiten wurden gelesen",
        "solo se leyeron las primeras {} de {} páginas",
        "seules les {} premières pages sur {} ont été lues",
    ),
    "files attached inside the PDF were not read": (
        "Dateien, die im PDF stecken, wurden nicht gelesen",
        "no se leyeron los archivos adjuntos dentro del PDF",
        "les fichiers joints dans le PDF n'ont pas été lus",
    ),
    "is damaged": ("ist beschädigt", "está dañada", "est endommagée"),
    "has too much text to read": (
        "enthält zu viel Text, um ihn zu lesen",
        "tiene demasiado texto para leerlo",
        "contient trop de texte pour être lue",
    ),
    "its drawings lie within one another too deep to be read to the end": (
        "ihre Zeichnungen sind zu tief verschachtelt, um sie zu Ende zu lesen",
        "sus dibujos están anidados demasiado hondo para leerlos hasta el final",
        "ses dessins sont imbriqués trop profondément pour être lus jusqu'au bout",
    ),
    "the file's structure could not be checked: something may be missing": (
        "der Aufbau der Datei konnte nicht geprüft werden: es kann etwas fehlen",
        "no se pudo comprobar la estructura del archivo: puede faltar algo",
        "la structure du fichier n'a pas pu être vérifiée : il peut manquer quelque chose",
    ),
    "the file says that it has {} pages and holds {}: pages may be missing": (
        "die Datei gibt {} Seiten an und enthält {}: es können Seiten fehlen",
        "el archivo dice tener {} páginas y contiene {}: pueden faltar páginas",
        "le fichier annonce {} pages et en contient {} : des pages peuvent manquer",
    ),
    "its content is missing": ("ihr Inhalt fehlt", "falta su contenido", "son contenu manque"),
    "its content is damaged or too long, and may have been read in part": (
        "ihr Inhalt ist beschädigt oder zu lang und vielleicht nur zum Teil gelesen",
        "su contenido está dañado o es demasiado largo, y quizá solo se leyó en parte",
        "son contenu est endommagé ou trop long, et n'a peut-être été lu qu'en partie",
    ),
    "its content could not be read": (
        "ihr Inhalt konnte nicht gelesen werden",
        "no se pudo leer su contenido",
        "son contenu n'a pas pu être lu",
    ),
    "has form fields or comments that were not read": (
        "enthält Formularfelder oder Anmerkungen, die nicht gelesen wurden",
        "tiene campos de formulario o comentarios que no se leyeron",
        "contient des champs de formulaire ou des commentaires qui n'ont pas été lus",
    ),
    "the file breaks off: the lower part of the picture is missing; take or send the picture again": (
        "die Datei bricht ab: der untere Teil des Bildes fehlt; nehmen Sie es noch einmal auf, oder senden Sie es neu",
        "el archivo se corta: falta la parte inferior de la imagen; tómela o envíela de nuevo",
        "le fichier s'interrompt : le bas de l'image manque ; reprenez ou renvoyez l'image",
    ),
    "a moving picture of {} frames: words were looked for on the first one only": (
        "ein bewegtes Bild mit {} Einzelbildern: Text wurde nur auf dem ersten gesucht",
        "una imagen animada de {} fotogramas: solo se buscó texto en el primero",
        "une image animée de {} vues : le texte n'a été cherché que sur la première",
    ),
    "the file does not say how its letters are written; they were read as {}": (
        "die Datei sagt nicht, wie ihre Buchstaben geschrieben sind; sie wurden als {} gelesen",
        "el archivo no dice cómo están escritas sus letras; se leyeron como {}",
        "le fichier ne dit pas comment ses lettres sont écrites ; elles ont été lues comme {}",
    ),
    "{} statements of the structured report are not shown": (
        "{} Aussagen des strukturierten Berichts werden nicht gezeigt",
        "no se muestran {} afirmaciones del informe estructurado",
        "{} énoncés du rapport structuré ne sont pas affichés",
    ),
}


def reader_words(reason: str, language: str) -> str:
    """A reason of the reader in a language; in its own words where nobody has put it into others, never left out."""
    tongue = language.split("-")[0].lower()
    if tongue not in _LANGUAGES:
        return reason
    lead, colon, rest = reason.partition(": ")
    if colon and lead.startswith("page ") and lead[5:].isdecimal():
        return f"{_PAGE[tongue]} {lead[5:]}: {_told(rest, tongue)}"
    return _told(reason, tongue)


def _told(sentence: str, language: str) -> str:
    if all(part in _UNREAD for part in sentence.split("; ")):
        return "; ".join(WORDS[language][_UNREAD[part]] for part in sentence.split("; "))
    for english, others in _SENTENCES.items():
        if (filled := _filled(english, sentence)) is not None:
            return others[_LANGUAGES.index(language)].format(*filled)
    return sentence


def _filled(template: str, sentence: str) -> list[str] | None:
    """What stands at the places of the template; ``None`` for another sentence."""
    first, *others = template.split("{}")
    if not sentence.startswith(first):
        return None
    rest, found = sentence[len(first) :], []
    for number, part in enumerate(others, start=1):
        if number == len(others):
            if not rest.endswith(part):
                return None
            found.append(rest[: len(rest) - len(part)])
            return found
        value, here, rest = rest.partition(part)
        if not here:
            return None
        found.append(value)
    return found if not rest else None


_UNREAD: Final = {words: reason.value for reason, words in UNREAD_WORDS.items()}
