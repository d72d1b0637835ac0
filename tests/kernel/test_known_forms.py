"""Whatever is known of somebody is masked in every way of writing it; and what a finder leaves withholds the page."""

from __future__ import annotations

from datetime import date

import pytest

from config.kernel.privacy.deidentification import Identifiers, NotDeidentified, engine, masked_text, places

KNOWN = Identifiers(
    names=("Annegret Käßler", "Ioana Ștefănescu-Dobre", "Дарья Соколова", "Remedios Carrasco Vílchez", "Li Hölderle"),
    dates=(date(1957, 11, 3), date(1932, 5, 1)),
    codes=("TX4471093", "07700 900318", "r.achterberg@postbox.example", "0093-771-22", "Tees Vale Cardiac Centre"),
    addresses=("Hinterm Gartenhaus 11, 38302 Wolfenbüttel", "27 bis rue du Moulin-Brûlé, 59270 Bailleul"),
)
FORMS = {
    "name": [
        "Frau [Käßler]",
        "KAESSLER",
        "kassler",
        "[Käßlers] Tochter",
        "[Kaessler]'schen",
        "Käss-\nler",
        "Käß\u00adler",
        "K ä ß l e r",
        "K.a.e.s.s.l.e.r",
        "Kaess1er",
        "[KÄSSLER]-MOHN",
        "Kesler",
        "A. K.",
        "Stefanescu",
        "Ştefănescu",
        "Shtefanescu",
        "STEFANESCU",
        "Stefanesku",
        "Ştefăneasca",
        "Stefa nescu",
        "scan_[stefanescu]_2.pdf",
        "Sokolowa",
        "Sokolovas",
        "Sokolovou",
        "Соколовой",
        "Reme",
        "Carasco",
        "Carrascos",
        "Vilches",
        "Vi1chez",
        "Vflchez",
        "LI HÖLDERLE",
        "Hoelderlin",
        "Holderle",
        "lhoelderle",
        "hölderleli",
        "Annegrets",
        "Anegret",
        "ANNEGRETKASSLER",
    ],
    "date": [
        "3.11.1957",
        "03/11/57",
        "11-03-1957",
        "1957 11 03",
        "3 . 11 . 1957",
        "03111957",
        "031157",
        "571103",
        "0 3 1 1 1 9 5 7",
        "O3.11.I957",
        "3rd of November, 1957",
        "3 No-\nvember 1957",
        "November 3, '57",
        "3. XI. 1957",
        "first of May 1932",
        "1er mai 1932",
        "premier mai 1932",
        "1. Mai 32",
        "uno de mayo de 1932",
        "3–11–1957",
        "3·11·1957",
        "1957, November 3",
    ],
    "code": [
        "TX 447 1093",
        "tx4471093",
        "TX447I093",
        "4471093",
        "07700900318",
        "+44 7700 900 318",
        "009377122",
        "0093 77122",
        "Tees Vale\nCardiac Centre",
        "TEES VALE CARDIAC CENTRE",
        "r.achterberg",
        "r . achterberg @ postbox . example",
    ],
    "address": [
        "Hinterm Gartenhaus 11",
        "HINTERM GARTENHAUS 11",
        "hinterm Gartenhaus",
        "Wolfenbuettel",
        "Wolfenbüttel",
        "38302 Wolfenbüttel",
        "27 bis rue du Moulin-Brule",
        "Bailleul",
        "rue du\nMoulin Brûlé",
    ],
}
WRITTEN = [(kind, form) for kind, forms in FORMS.items() for form in forms]
_UNMARKED = str.maketrans("", "", "[]")
FINDERS = ["people", "labelled", "contacts", "numbers", "addresses", "births", "houses", "known_names", "known_words"]
FINDERS += ["known_codes", "known_days", "listed_names", "_other_scripts"]


@pytest.mark.parametrize(("kind", "form"), WRITTEN, ids=[form for _, form in WRITTEN])
def test_every_form_of_what_is_known_is_masked(kind: str, form: str) -> None:
    before, _, rest = form.rpartition("[")
    name, _, behind = rest.partition("]")
    text = f"In der Sprechstunde: {before}{name}{behind}, Befund unverändert."
    start = text.index(name)
    covered = {at for first, end in places(text, KNOWN) for at in range(first, end)}
    assert not [at for at in range(start, start + len(name)) if text[at].isalnum() and at not in covered]
    masked_text(text, KNOWN)


@pytest.mark.parametrize(("kind", "form"), WRITTEN, ids=[form for _, form in WRITTEN])
def test_every_form_that_is_left_withholds_the_page(kind: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a single finder: the second look shares none of them."""
    for finder in FINDERS:
        monkeypatch.setattr(engine, finder, lambda *given: iter(()))
    with pytest.raises(NotDeidentified):
        masked_text(f"In der Sprechstunde: {form.translate(_UNMARKED)}, Befund unverändert.", KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "Annahme am Montag, Anamnese und Annäherung; Karriere, Carcinoma in situ, Remission, Soko, Linksherz",
        "Hb 11.3 g/dl, 57 mg, 3.11 mmol/l, 5.7 (3 - 11)",
        "Gartenarbeit, im Garten, Moulage, Brust",
        "The carcass; remedy; a vale of tears; cardiac centre of gravity",
    ],
)
def test_what_only_resembles_it_stays(text: str) -> None:
    assert masked_text(text, KNOWN) == text


def test_a_name_of_two_letters_that_is_also_a_word_is_told_by_its_capital_amidst_a_sentence() -> None:
    known = Identifiers(names=("Su Yi",), dates=(), codes=(), addresses=())
    assert (
        masked_text("Dear doctor, this is Su, I write for him.", known) == "Dear doctor, this is ##, I write for him."
    )
    told = "Su médico la vio. Su dolor cede.\nSu tensión, normal."
    assert masked_text(told, known) == told
