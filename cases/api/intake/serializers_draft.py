"""What a patient tells when a case is opened and while it is a draft."""

import re
from typing import Any

from rest_framework import serializers

from cases.services.intake import CONDITIONS
from config.kernel.api.strict_bodies import StrictSerializer

Data = StrictSerializer
LONG = 20_000


class DiagnosisCodeField(serializers.RegexField):
    """A code of ICD-10, or of ICD-10-GM with its marks of cause (†), manifestation (*) and addition (!) and a sure G.

    Kept as the code alone. The other letters of ICD-10-GM say something of their own (V suspected, A excluded, Z of
    the past, R, L and B a side), which belongs into the text.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(r"^([A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?)?$", **options)

    def to_internal_value(self, data: Any) -> str:
        """The code. Raises ``ValidationError``."""
        code = " ".join(str(super().to_internal_value(data)).upper().split())
        if re.search(r"[0-9A-Z.†*!] ?[VAZRLB]$", code) and " " in code:
            raise serializers.ValidationError(
                "Give the code alone; write into the text what its letter says (suspected, excluded, former, side)."
            )
        return re.sub(r" ?[†*!+]?(?: ?G)?$", "", code) if re.search(r"[†*!+]| G$", code) else code


class DiagnosisIn(Data):
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    icd10 = DiagnosisCodeField(required=False, allow_blank=True)
    none_yet = serializers.BooleanField(required=False)


class OriginalDiagnosisIn(DiagnosisIn):
    given_on = serializers.DateField(required=False, allow_null=True)
    given_by = serializers.CharField(max_length=200, required=False, allow_blank=True)


class TreatmentIn(Data):
    text = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    due_on = serializers.DateField(required=False, allow_null=True)


class MedicineIn(Data):
    name = serializers.CharField(max_length=200)
    dose = serializers.CharField(max_length=100, required=False, allow_blank=True)
    frequency = serializers.CharField(max_length=100, required=False, allow_blank=True)
    since = serializers.CharField(max_length=40, required=False, allow_blank=True)


class AllergyIn(Data):
    substance = serializers.CharField(max_length=200)
    reaction = serializers.CharField(max_length=300, required=False, allow_blank=True)


class TreatingIn(Data):
    refused = serializers.BooleanField(required=False)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    organisation = serializers.CharField(max_length=200, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)


class InvolvedIn(Data):
    role = serializers.ChoiceField(["referrer", "payer", "clinician", "facility", "therapy_maker", "prior_involvement"])
    name = serializers.CharField(max_length=200)
    organisation = serializers.CharField(max_length=200, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)


class FirstOpinionIn(Data):
    reasoning = serializers.CharField(
        max_length=LONG,
        help_text="why the first doctor says so; the specialist reads it only after their own first read",
    )
    given_by = serializers.CharField(max_length=200, required=False, allow_blank=True)
    given_on = serializers.DateField(required=False, allow_null=True)


class FirstOpinionOut(Data):
    diagnosis = serializers.DictField(allow_null=True)
    proposed_treatment = serializers.DictField(allow_null=True)
    first_opinion = serializers.DictField(allow_null=True)


class DraftIn(Data):
    title = serializers.CharField(max_length=200, required=False)
    questions = serializers.ListField(child=serializers.CharField(max_length=2000), max_length=10, required=False)
    diagnosis = OriginalDiagnosisIn(required=False, allow_null=True)
    proposed_treatment = TreatmentIn(required=False, allow_null=True)
    history = serializers.CharField(max_length=LONG, required=False, allow_blank=True)
    medicines = MedicineIn(many=True, required=False)
    medicines_none = serializers.BooleanField(required=False, help_text="true: I take no medicine")
    allergies = AllergyIn(many=True, required=False)
    allergies_none = serializers.BooleanField(required=False, help_text="true: no allergy is known")
    treating_clinician = TreatingIn(required=False, allow_null=True)
    involved = InvolvedIn(many=True, required=False, help_text="others with an interest: who cannot judge the case")
    first_opinion = FirstOpinionIn(required=False, allow_null=True)
    preferences = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    condition = serializers.ChoiceField(["", *CONDITIONS], required=False)
    country = serializers.RegexField(r"^[A-Z]{2}$", required=False, help_text="where the patient is now")
    region = serializers.RegexField(r"^[A-Z0-9]{0,3}$", required=False, allow_blank=True)
    language = serializers.ChoiceField(["en", "de", "es"], required=False)


class NewCaseIn(DraftIn):
    title = serializers.CharField(max_length=200)
