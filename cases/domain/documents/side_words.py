"""Parts of the body and their sides as English, German, French and Spanish records write them."""

from typing import Final

#: Part of the body → beginnings of words for it (without accents) in English, German, French and Spanish.
PARTS: Final = {
    "knee": "knee knie genou rodilla menisc menisk",
    "hip": "hip huft hanche cadera",
    "shoulder": "shoulder schulter epaule hombro",
    "elbow": "elbow ellenbogen ellbogen coude codo",
    "wrist": "wrist handgelenk poignet muneca",
    "hand": "hand main mano",
    "foot": "foot fuss pied pie",
    "ankle": "ankle sprunggelenk cheville tobillo",
    "breast": "breast brust mamma sein mama mammo",
    "kidney": "kidney renal niere rein rinon nephr",
    "lung": "lung poumon pulmon pulmonaire pulmonar",
    "eye": "eye auge oeil ojo",
    "ear": "ear ohr oreille oido",
    "ovary": "ovar ovaire",
    "testis": "testi hoden",
    "thigh": "thigh femur femoral oberschenkel cuisse muslo",
    "leg": "leg bein jambe pierna tibia unterschenkel",
    "arm": "arm humerus oberarm bras brazo",
    "carotid": "carotid karotis carotide",
    "thyroid": "thyroid schilddrus thyroide tiroid",
    "adrenal": "adrenal nebenniere surrenal suprarrenal",
}
_WHOLE = "hip hand main mano foot fuss pied pie eye auge ear ohr leg bein arm bras sein mama rein codo ojo hombro"
WHOLE: Final = frozenset(_WHOLE.split())
SIDES: Final = {
    "left": "left lt l links linke linken linker linkes linksseitig linksseitige li gauche izquierda izquierdo izq"
    " izqda izqdo",
    "right": "right rt r rechts rechte rechten rechter rechtes rechtsseitig rechtsseitige re droit droite derecha"
    " derecho dcha dcho",
}
SIDE: Final = {word: side for side, words in SIDES.items() for word in words.split()}
# A short form is a side only directly beside the part; words that mean other things elsewhere need a French side.
WEAK: Final = frozenset({"l", "r", "lt", "rt", "li", "re", "izq"})
FRENCH: Final = frozenset({"main", "sein", "rein", "bras"})
FRENCH_SIDES: Final = frozenset({"droit", "droite", "gauche"})
_BOTH = "both bilateral beide beiden beider beidseits bds bilaterale ambos ambas deux bilaterales"
BOTH: Final = frozenset(_BOTH.split())
