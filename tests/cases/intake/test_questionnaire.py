"""What is asked, when, and which answers must not wait."""

import re
from typing import Any

import pytest

from cases.adapters.questionnaires import CONDITIONS, GENERAL, advice, packaged
from cases.domain.intake import checklist
from cases.domain.intake.answers import fault
from cases.domain.intake.questionnaire import OPERATORS, TYPES, Form, enabled, form_of, missing, raised

FORMS = {code: form_of([packaged()[GENERAL].definition, packaged()[code].definition]) for code in CONDITIONS}
CALM = {"general.urgent": ["none"], "general.self_harm": "no", "general.course": "same"}


def form(*items: dict[str, Any], flags: tuple[dict[str, Any], ...] = ()) -> Form:
    return form_of([{"item": list(items), "redFlags": flags}])


def item(link_id: str, kind: str = "boolean", **more: Any) -> dict[str, Any]:
    return {"linkId": link_id, "text": link_id, "type": kind, **more}


def when(question: str, operator: str, answer: Any) -> dict[str, Any]:
    return {"question": question, "operator": operator, "answer": answer}


class TestWhatIsAsked:
    def test_a_question_waits_for_the_answer_that_calls_for_it(self) -> None:
        asked = form(item("a"), item("b", required=True, enableWhen=[when("a", "=", True)]))
        assert enabled(asked, {}) == {"a"}
        assert enabled(asked, {"a": True}) == {"a", "b"}
        assert [one.link_id for one in missing(asked, {"a": True})] == ["b"]
        assert missing(asked, {"a": False}) == ()

    def test_a_question_behind_one_that_is_not_asked_is_not_asked(self) -> None:
        chain = form(
            item("a"), item("b", enableWhen=[when("a", "=", True)]), item("c", enableWhen=[when("b", "=", True)])
        )
        assert enabled(chain, {"a": False, "b": True}) == {"a"}

    def test_a_group_closes_all_that_is_in_it(self) -> None:
        group = item("g", "group", enableWhen=[when("a", "=", True)], item=[item("b")])
        assert enabled(form(item("a"), group), {"a": False}) == {"a"}
        assert enabled(form(item("a"), group), {"a": True}) == {"a", "b"}

    @pytest.mark.parametrize(("behaviour", "expected"), [("any", True), ("all", False)])
    def test_one_of_two_conditions_is_enough_for_any(self, behaviour: str, expected: bool) -> None:
        conditions = [when("a", "=", True), when("b", "=", True)]
        asked = form(item("a"), item("b"), item("c", enableWhen=conditions, enableBehavior=behaviour))
        assert ("c" in enabled(asked, {"a": True, "b": False})) is expected

    @pytest.mark.parametrize(
        ("operator", "answer", "given", "holds"),
        [
            ("<=", 6, 6, True), ("<=", 6, 7, False), ("<", 6, 6, False), (">", 6, 7, True), (">=", 6, 6, True),
            ("!=", "x", "y", True), ("!=", "x", "x", False), ("exists", True, "x", True), ("exists", False, "x", False),
            ("=", "x", ["y", "x"], True), ("=", "x", ["y"], False),
        ],
    )  # fmt: skip
    def test_every_comparison_means_what_it_says(self, operator: str, answer: Any, given: Any, holds: bool) -> None:
        asked = form(item("a", "integer"), item("b", enableWhen=[when("a", operator, answer)]))
        assert ("b" in enabled(asked, {"a": given})) is holds


class TestAnswers:
    @pytest.mark.parametrize(
        ("kind", "good", "bad"),
        [
            ("boolean", True, "yes"), ("integer", 3, 3.5), ("integer", 3, True), ("decimal", 3.5, "3"),
            ("date", "2026-03-31", "31.3.2026"), ("date", "2026-03-31", 7), ("string", "x", 5),
            ("string", "x" * 300, "x" * 301), ("choice", "a", "b"),
        ],
    )  # fmt: skip
    def test_an_answer_fits_its_question(self, kind: str, good: Any, bad: Any) -> None:
        (one,) = form(item("q", kind, answerOption=[{"valueCoding": {"code": "a"}}])).items
        assert fault(one, good) is None
        assert fault(one, bad) is not None

    def test_a_number_stays_in_its_bounds(self) -> None:
        (one,) = form(item("q", "integer", minValue=0, maxValue=10)).items
        assert fault(one, 10) is None
        assert fault(one, 11) == ("out_of_range", "Answer with a number from 0 to 10.")

    def test_a_question_that_repeats_takes_a_list_of_different_answers(self) -> None:
        (one,) = form(item("q", "choice", repeats=True, answerOption=[{"valueCoding": {"code": "a"}}])).items
        assert fault(one, ["a"]) is None
        assert fault(one, "a") and fault(one, ["a", "a"]) and fault(one, ["b"])


# The answers that each rule of the packaged questionnaires is for, and a neighbour that raises nothing.
FLAGS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "general.chest_pain": ({"general.urgent": ["chest_pain"]}, {"general.urgent": ["none"]}),
    "general.breathless": ({"general.urgent": ["breathless"]}, {"general.urgent": ["none"]}),
    "general.stroke": ({"general.urgent": ["face_arm_speech", "bleeding"]}, {"general.urgent": ["bleeding"]}),
    "general.bleeding": ({"general.urgent": ["bleeding"]}, {"general.urgent": ["none"]}),
    "general.sepsis": ({"general.urgent": ["sepsis"]}, {"general.urgent": ["none"]}),
    "general.anaphylaxis": ({"general.urgent": ["allergic"]}, {"general.urgent": ["none"]}),
    "general.self_harm": ({"general.self_harm": "yes"}, {"general.self_harm": "rather_not_say"}),
    "oncology.neutropenic_sepsis": (
        {"oncology.treatments": ["chemotherapy"], "oncology.last_chemotherapy": 6, "oncology.fever": True},
        {"oncology.treatments": ["chemotherapy"], "oncology.last_chemotherapy": 7, "oncology.fever": True},
    ),
    "oncology.cord_compression": (
        {"oncology.back_pain": True, "oncology.cord": True},
        {"oncology.back_pain": False, "oncology.cord": True},
    ),
    "oncology.vena_cava": ({"oncology.face_swelling": True}, {"oncology.face_swelling": False}),
    "cardiology.acute_coronary": (
        {"cardiology.pain": True, "cardiology.pain_when": "rest"},
        {"cardiology.pain": True, "cardiology.pain_when": "exertion", "cardiology.pain_long": False},
    ),
    "cardiology.breath_at_rest": ({"cardiology.breath": "rest"}, {"cardiology.breath": "light"}),
    "cardiology.syncope": (
        {"cardiology.fainting": True, "cardiology.fainting_when": "exertion"},
        {"cardiology.fainting": True, "cardiology.fainting_when": "standing"},
    ),
    "cardiology.endocarditis": (
        {"cardiology.problem": ["valve"], "cardiology.fever": True},
        {"cardiology.problem": ["coronary"], "cardiology.fever": True},
    ),
    "neurology.stroke": ({"neurology.sudden": True}, {"neurology.sudden": False}),
    "neurology.thunderclap": (
        {"neurology.headache": True, "neurology.headache_sudden": True},
        {"neurology.headache": False, "neurology.headache_sudden": True},
    ),
    "neurology.meningitis": (
        {"neurology.headache": True, "neurology.headache_fever": True},
        {"neurology.headache": True, "neurology.headache_fever": False},
    ),
    "neurology.status": (
        {"neurology.seizure": True, "neurology.seizure_kind": ["several"]},
        {"neurology.seizure": True, "neurology.seizure_kind": ["as_usual"]},
    ),
    "neurology.first_seizure": (
        {"neurology.seizure": True, "neurology.seizure_kind": ["first"]},
        {"neurology.seizure": False, "neurology.seizure_kind": ["first"]},
    ),
    "neurology.respiratory": ({"neurology.breathing": True}, {"neurology.breathing": False}),
    "orthopaedics.cauda_equina": (
        {"orthopaedics.part": "spine", "orthopaedics.saddle": True},
        {"orthopaedics.part": "knee", "orthopaedics.saddle": True},
    ),
    "orthopaedics.septic_joint": (
        {"orthopaedics.part": "knee", "orthopaedics.hot_joint": True},
        {"orthopaedics.part": "spine", "orthopaedics.hot_joint": True},
    ),
    "orthopaedics.limb": (
        {"orthopaedics.injury": True, "orthopaedics.cold": True},
        {"orthopaedics.injury": False, "orthopaedics.cold": True},
    ),
    "orthopaedics.fracture": (
        {"orthopaedics.part": "hip", "orthopaedics.injury": True, "orthopaedics.weight": "no"},
        {"orthopaedics.part": "hip", "orthopaedics.injury": True, "orthopaedics.weight": "with_pain"},
    ),
    "orthopaedics.night_pain": ({"orthopaedics.night": True}, {"orthopaedics.night": False}),
}


class TestTheQuestionnairesOfThisRelease:
    @pytest.mark.parametrize("code", FLAGS)
    def test_each_red_flag_is_raised_by_its_answers_and_not_by_its_neighbours(self, code: str) -> None:
        area = code.partition(".")[0]
        asked = FORMS[area if area != GENERAL else "cardiology"]
        answers, neighbour = FLAGS[code]
        assert code in {flag.code for flag in raised(asked, CALM | answers)}
        assert code not in {flag.code for flag in raised(asked, CALM | neighbour)}

    def test_every_red_flag_is_asked_above_and_names_its_source(self) -> None:
        flags = {flag.code: flag for asked in FORMS.values() for flag in asked.red_flags}
        assert set(flags) == set(FLAGS)
        assert all(len(flag.source) > 10 for flag in flags.values())

    @pytest.mark.parametrize("code", CONDITIONS)
    def test_every_rule_speaks_of_answers_that_can_be_given(self, code: str) -> None:
        asked = FORMS[code]
        rules = [one for flag in asked.red_flags for one in flag.when]
        rules += [one for question in asked.items for conditions, _ in question.conditions for one in conditions]
        for one in rules:
            target = asked.by_id[one.question]
            assert one.operator in OPERATORS
            value = [one.answer] if target.repeats else one.answer
            assert fault(target, value) is None, one

    @pytest.mark.parametrize("code", CONDITIONS)
    def test_linkids_are_unique_typed_and_named_for_their_questionnaire(self, code: str) -> None:
        asked = FORMS[code]
        assert len(asked.by_id) == len(asked.items)
        assert {one.type for one in asked.items} <= TYPES
        assert all(re.fullmatch(rf"({GENERAL}|{code})\.[a-z_0-9]+", one.link_id) for one in asked.items)

    def test_the_advice_is_worded_in_every_language_and_names_a_number_to_call(self) -> None:
        kinds = {flag.advice for asked in FORMS.values() for flag in asked.red_flags}
        for kind in kinds:
            for language in ("en", "de", "es"):
                assert re.search(r"\b112\b", advice().text(kind, language)), (kind, language)
        assert advice().text("emergency", "fr") == advice().text("emergency", "en")


class TestChecklist:
    @pytest.mark.parametrize("code", CONDITIONS)
    def test_every_condition_asks_for_records_and_says_why(self, code: str) -> None:
        items = checklist.items_for(packaged()[code].definition)
        assert items[0].code == checklist.ANY_RECORD
        assert len(items) >= 4 and len({one.code for one in items}) == len(items)
        assert any(not one.required for one in items)
        assert all(one.why and one.could_change and 1 <= one.importance < checklist.ASKED_IMPORTANCE for one in items)
        assert all(len(one.could_change) <= 300 for one in items)

    def test_a_required_record_matters_more_than_any_optional_one(self) -> None:
        assert checklist.matters_most([("a", False, 99), ("b", True, 10), ("c", True, 20)]) == "c"
        assert checklist.matters_most([]) is None
