"""Medicines: found in lists and sentences, with dose and place; unknown ones are said to be unknown."""

from __future__ import annotations

import pytest

from analysis.domain import knowledge
from analysis.domain.findings import Finding, Kind
from analysis.domain.knowledge import BrokenKnowledge
from analysis.domain.medicines import interaction_findings, medicine_findings, mentions
from analysis.domain.medicines import interactions as interactions_module
from analysis.domain.medicines.dictionary import generics, lookup, names
from analysis.domain.medicines.doses import dose_after
from analysis.domain.medicines.interactions import rules
from tests.analysis.pages import MEDICATION, assert_sourced, pages


def read(*texts: str) -> list[Finding]:
    sources = pages(*texts)
    found = medicine_findings(*mentions(sources))
    assert_sourced(found, sources)
    return found


def taken(*texts: str) -> set[str]:
    return {finding.data["generic"] for finding in read(*texts) if finding.kind is Kind.MEDICINE}


def unknown(*texts: str) -> list[str]:
    return [finding.data["printed"] for finding in read(*texts) if finding.kind is Kind.NOT_CHECKED]


def interacting(*medicines: str) -> dict[str, Finding]:
    sources = pages("Medication\n" + "\n".join(f"{medicine} 5 mg daily" for medicine in medicines))
    found = interaction_findings(mentions(sources)[0])
    assert_sourced(found, sources)
    return {finding.data["rule"]: finding for finding in found}


def test_a_discharge_list_gives_each_medicine_with_its_dose() -> None:
    found = {f.data["generic"]: (f.data["strength"], f.data["frequency"]) for f in read(MEDICATION)}
    assert found == {
        "warfarin": ("5 mg", "once daily"),
        "amiodarone": ("200 mg", "once daily"),
        "simvastatin": ("40 mg", "at night"),
        "ibuprofen": ("400 mg", "three times daily"),
        "metformin": ("1000 mg", "twice daily"),
        "lisinopril": ("20 mg", "once daily"),
    }


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Coumadin", {"warfarin"}),
        ("Marcumar", {"phenprocoumon"}),
        ("Bactrim", {"trimethoprim", "sulfamethoxazole"}),
        ("Entresto", {"sacubitril", "valsartan"}),
        ("Percocet", {"oxycodone", "acetaminophen"}),
        ("Paracetamol", {"acetaminophen"}),
        ("TYLENOL", {"acetaminophen"}),
        ("Toprol-XL", {"metoprolol"}),
        ("amlodipine/valsartan", {"amlodipine", "valsartan"}),
        ("lisinopril/hydrochlorothiazide", {"lisinopril", "hydrochlorothiazide"}),
        ("insulin  glargine", {"insulin glargine"}),
        ("Janumet", {"sitagliptin", "metformin"}),
        ("St John's wort", {"st john's wort"}),
    ],
)
def test_brands_and_combinations_lead_to_their_generics(printed: str, expected: set[str]) -> None:
    assert taken(f"Medication\n{printed} 10 mg daily") == expected


@pytest.mark.parametrize(
    ("text", "strength", "frequency"),
    [
        ("5mg daily", "5mg", "daily"),
        ("49/51 mg 1-0-1", "49/51 mg", "1-0-1"),
        ("0,5 mg 1-0-0-1", "0,5 mg", "1-0-0-1"),
        ("100 µg PO qd", "100 µg", "qd"),
        ("500 mg tablet, twice a day", "500 mg", "twice a day"),
        ("20 units at bedtime", "20 units", "at bedtime"),
        ("15 mg once weekly", "15 mg", "once weekly"),
        ("400 mg every 8 hours as needed", "400 mg", "every 8 hours"),
        ("2 puffs q4h", "2 puffs", "q4h"),
        ("1 tab b.i.d.", "1 tab", "b.i.d."),
        ("40 mg", "40 mg", ""),
        ("", "", ""),
    ],
)
def test_a_dose_is_read_as_written(text: str, strength: str, frequency: str) -> None:
    dose = dose_after(f"X {text}", 1, len(text) + 2)
    assert (dose.strength, dose.frequency) == (strength, frequency)


@pytest.mark.parametrize(
    "text",
    [
        "Ibuprofen was stopped.",
        "Stopped ibuprofen last week.",
        "Avoid ibuprofen.",
        "He is allergic to ibuprofen.",
        "No ibuprofen.",
        "Mother takes ibuprofen.",
        "Previously ibuprofen.",
        "Ibuprofen has been discontinued.",
        "Allergies\nIbuprofen",
        "Allergies: ibuprofen",
        "Family history\nFather on ibuprofen",
    ],
)
def test_what_the_patient_does_not_take_is_not_listed(text: str) -> None:
    assert taken(text) == set()


def test_a_sentence_names_medicines_as_well() -> None:
    assert taken("She takes warfarin 5 mg daily, amiodarone 200 mg daily and lithium.") == {
        "warfarin",
        "amiodarone",
        "lithium",
    }


def test_stopping_one_medicine_leaves_the_others() -> None:
    assert taken("Ibuprofen was stopped; warfarin 5 mg daily goes on.") == {"warfarin"}


def test_a_level_in_the_blood_is_no_tablet() -> None:
    assert taken("Lithium 0.8 mmol/L 0.6-1.2") == set()
    assert taken("Digoxin 1.1 ng/mL 0.5-2.0\nDigoxin 0.125 mg daily") == {"digoxin"}


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Medication\nZyxofloxin 250 mg bid", "Zyxofloxin"),
        ("Current medications:\n- Tecfidera", "Tecfidera"),
        ("1. Foobarin 10 mg once daily", "Foobarin"),
        ("Medication\n• Abc Forte weekly", "Abc Forte"),
    ],
)
def test_an_unknown_medicine_is_reported_as_not_checked(text: str, printed: str) -> None:
    (finding,) = read(text)
    assert finding.title == f"not checked: {printed}"
    assert finding.data["reason"] == "unknown_medicine"
    assert printed in finding.spans[0].quote


@pytest.mark.parametrize(
    "text",
    [
        "Medication\nNone",
        "Medication\nName Dose Frequency",
        "Medication\nsee list",
        "Patient: Maria Keller",
        "Hemoglobin 9.1 g/dL",
        "Two units of red cells were given.",
        "Blood pressure 104/62 mmHg, heart rate 96 per minute at discharge.",
        MEDICATION,
    ],
)
def test_what_is_no_medicine_is_not_reported(text: str) -> None:
    assert unknown(text) == []


def test_a_medication_list_runs_on_over_the_page() -> None:
    assert unknown("Medication\nWarfarin 5 mg daily", "Foobarin 10 mg daily\nDiagnoses\nGout") == ["Foobarin"]


def test_the_dictionary_holds_what_was_promised() -> None:
    assert len(generics()) >= 200
    assert len(names()) > 600
    assert lookup("nothing like it") == ()
    assert all(medicine.generic in medicine.classes for medicine in generics().values())


@pytest.mark.parametrize(
    ("medicines", "rule"),
    [
        (("Phenelzine", "Adderall"), "maoi-amphetamine"),
        (("Phenelzine", "Sertraline"), "maoi-ssri"),
        (("Tranylcypromine", "Amitriptyline"), "maoi-tca"),
        (("Phenelzine", "Sumatriptan"), "maoi-triptan"),
        (("Phenelzine", "Meperidine"), "maoi-opioid"),
        (("Tranylcypromine", "Procarbazine"), "maoi-procarbazine"),
        (("Atazanavir", "Omeprazole"), "atazanavir-ppi"),
        (("Febuxostat", "Azathioprine"), "febuxostat-thiopurine"),
        (("Ergotamine", "Clarithromycin"), "ergot-cyp3a4"),
        (("Irinotecan", "Ketoconazole"), "irinotecan-cyp3a4"),
        (("Ramelteon", "Fluvoxamine"), "ramelteon-cyp1a2"),
        (("Tizanidine", "Ciprofloxacin"), "tizanidine-cyp1a2"),
        (("Simvastatin", "Itraconazole"), "statin-cyp3a4"),
        (("Darunavir", "Rifampin"), "pi-inducer"),
        (("Sotalol", "Haloperidol"), "qt-qt"),
    ],
)
def test_each_of_the_fifteen_high_priority_class_rules_is_found(medicines: tuple[str, ...], rule: str) -> None:
    found = interacting(*medicines)
    assert rule in found
    assert found[rule].severity.rank >= 3
    assert "Phansalkar" in found[rule].data["source"]


@pytest.mark.parametrize(
    ("medicines", "rule", "severity"),
    [
        (("Warfarin", "Ibuprofen"), "warfarin-nsaid", "high"),
        (("Eliquis", "Naproxen"), "doac-nsaid", "high"),
        (("Warfarin", "Amiodarone"), "warfarin-amiodarone", "high"),
        (("Warfarin", "Fluconazole"), "warfarin-azole", "high"),
        (("Simvastatin", "Amiodarone"), "simvastatin-amiodarone", "high"),
        (("Simvastatin", "Gemfibrozil"), "simvastatin-contraindicated", "critical"),
        (("Oxycodone", "Alprazolam"), "opioid-benzodiazepine", "high"),
        (("Lisinopril", "Spironolactone"), "raas-potassium", "high"),
        (("Lisinopril", "Bactrim"), "raas-trimethoprim", "high"),
        (("Lisinopril", "Furosemide", "Ibuprofen"), "triple-whammy", "high"),
        (("Digoxin", "Verapamil"), "digoxin-inhibitor", "high"),
        (("Lithium", "Ibuprofen"), "lithium-raised", "high"),
        (("Methotrexate", "Bactrim"), "methotrexate-trimethoprim", "critical"),
        (("Viagra", "Nitroglycerin"), "nitrate-pde5", "critical"),
        (("Metoprolol", "Verapamil"), "betablocker-verapamil", "high"),
        (("Allopurinol", "Azathioprine"), "allopurinol-thiopurine", "high"),
        (("Entresto", "Lisinopril"), "acei-sacubitril", "critical"),
        (("Tramadol", "Sertraline"), "serotonergic-opioid", "moderate"),
    ],
)
def test_other_dangerous_pairs_are_found_by_brand_and_generic(
    medicines: tuple[str, ...], rule: str, severity: str
) -> None:
    found = interacting(*medicines)
    assert found[rule].severity == severity


@pytest.mark.parametrize(
    "medicines",
    [
        ("Metformin", "Atorvastatin", "Amlodipine"),
        ("Levothyroxine", "Pantoprazole"),
        ("Acetaminophen", "Warfarin"),
        ("Lisinopril", "Furosemide"),
        ("Sertraline",),
        ("Pravastatin", "Clarithromycin"),
        ("Entresto",),
        ("Bactrim",),
    ],
)
def test_harmless_lists_raise_nothing(medicines: tuple[str, ...]) -> None:
    assert interacting(*medicines) == {}


def test_one_medicine_twice_does_not_interact_with_itself() -> None:
    assert "qt-qt" not in interacting("Sotalol", "Betapace")


def test_an_interaction_names_mechanism_advice_source_and_both_places() -> None:
    found = interacting("Warfarin", "Ibuprofen")["warfarin-nsaid"]
    assert [span.quote for span in found.spans] == ["Warfarin 5 mg daily", "Ibuprofen 5 mg daily"]
    assert found.title.startswith("warfarin + ibuprofen")
    assert all(found.data[part] for part in ("mechanism", "advice", "source", "source_url"))


def test_the_gravest_comes_first() -> None:
    ranks = [finding.severity.rank for finding in interacting("Warfarin", "Ibuprofen", "Phenelzine", "Zoloft").values()]
    assert ranks == sorted(ranks, reverse=True)


def test_every_rule_can_be_met_by_the_dictionary() -> None:
    for rule in rules():
        for group in rule.groups:
            assert any(medicine.classes & group for medicine in generics().values()), rule.id
        assert rule.severity.rank >= 2
        assert rule.mechanism
        assert rule.advice


def test_a_rule_that_names_an_unknown_class_breaks_the_release() -> None:
    row = {"id": "x", "members": "warfarin + nosuchclass", "severity": "high", "source": "DAILYMED"}
    assert interactions_module.sourced_classes()
    with knowledge.using("planted", {"interactions": {"x": row}}), pytest.raises(BrokenKnowledge):
        rules()
