"""How clinical French, Spanish, German and English deny, allow and stop: sentences that are in no corpus."""

import pytest

from analysis.domain.scope import Said, ScopedText
from analysis.domain.scope.triggers import language_of, tokens_of

#: [denied], (not denied); a < before a medicine.
SENTENCES = [
    "Recherche d'[hématurie] négative.",
    "L'hypothèse d'une [vascularite] a été abandonnée.",
    "Dépourvu de [lésion cutanée].",
    "Absence d'[adénopathie] palpable. (Splénomégalie) de 3 cm.",
    "Pas d'évolution de la (sclérose en plaques).",
    "Une (thrombose) n'est pas exclue.",
    "Elle ne se plaint que de (céphalées).",
    "Nous n'avons pas d'argument clinique ni biologique pour une [appendicite].",
    "Les [crises] ne se sont pas reproduites.",
    "Pas de traitement par [<warfarine].",
    "Jamais traité par [<méthotrexate].",
    "Relais de [<l'héparine] par (<rivaroxaban).",
    "Elle a interrompu d'elle-même [<l'escitalopram] il y a deux semaines.",
    "Traitement : (<tamsulosine) 0,4 mg. Allergies : néant.",
    "Ni [ictère], ni [prurit].",
    "Carece de [antecedentes alérgicos].",
    "Se desestima la sospecha de [meningitis].",
    "No se observa aumento del (derrame pleural).",
    "No puede descartarse (sarcoidosis).",
    "El paciente rechaza tener [ideación suicida].",
    "Las [crisis] no se han repetido.",
    "No está en tratamiento con [<acenocumarol].",
    "Abandonó por su cuenta [<escitalopram] hace dos semanas.",
    "Se retira [<furosemida] y se aumenta (<espironolactona).",
    "Cefalea sin [fotofobia] ni [vómitos] que empeora con (tos).",
    "Medicación: (<tamsulosina) 0,4 mg. Alergias: no.",
    "Die (Rückenschmerzen) sprechen nicht auf Ibuprofen an.",
    "[<Furosemide] was stopped and (<spironolactone) increased.",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_is_denied_and_what_is_not(sentence: str) -> None:
    text, spans = "", []
    for sign in sentence:
        if sign in "[(":
            spans.append([len(text), 0, sign == "[", False])
        elif sign in "])":
            spans[-1][1] = len(text)
        elif sign == "<":
            spans[-1][3] = True
        else:
            text += sign
    scoped = ScopedText(text)
    told = [
        (text[start:end], scoped.context(start, end, Said.MEDICINE if drug else Said.FINDING).negated)
        for start, end, _, drug in spans
    ]
    assert told == [(text[start:end], denied) for start, end, denied, _ in spans]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Absence d'adénopathie palpable. Splénomégalie de 3 cm.", "fr"),
        ("On ne palpe ni adénopathie ni goitre.", "fr"),
        ("Patient non fumeur, non diabétique.", "fr"),
        ("No ha precisado corticoides.", "es"),
        ("No cianosis, no ictericia, edemas maleolares.", "es"),
        ("Ehemaliger Alkoholabusus.", "de"),
        ("No guarding or rigidity.", "en"),
    ],
)
def test_the_language_of_a_short_note_is_told_by_its_words(text: str, language: str) -> None:
    assert language_of(text, tokens_of(text)) == language
