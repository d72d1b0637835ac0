"""What the identity end points take and give."""

import re
from datetime import date, timedelta
from typing import Any

from rest_framework import serializers

from config.kernel import clock
from config.kernel.api.countries import CountryField
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import SAYS_SOMETHING, StrictSerializer
from config.kernel.auth import ROLES
from config.kernel.time_zones import zone_names
from identity.domain.consent_texts import PURPOSES
from identity.domain.passwords import MAX_LENGTH, MIN_ALONE
from identity.domain.state_machines import ErasureState, ExportState
from identity.services import (
    AccountDTO,
    ConsentDTO,
    ErasureDTO,
    ExportDTO,
    LegalHoldDTO,
    PasskeyDTO,
    PasskeyOptions,
    PersonDTO,
    RoleChangeDTO,
    SecondFactorNeeded,
    SecondFactors,
    ServiceKeyDTO,
    SessionDTO,
    SignIn,
    TotpEnrolment,
)

Data = StrictSerializer
# The longest life that is proven: 122 years (Jeanne Calment).
MAX_AGE_YEARS = 125


class BirthDateField(serializers.DateField):
    """The day of birth of somebody who lives: it has been, and within the longest life."""

    def to_internal_value(self, value: Any) -> date:
        """The date. Raises ``ValidationError``."""
        born: date = super().to_internal_value(value)
        today = clock.now().date()
        if born > today + timedelta(days=1):
            raise serializers.ValidationError("Give the day of birth; this day is still to come.")
        if born.year < today.year - MAX_AGE_YEARS:
            raise serializers.ValidationError(f"Give the day of birth; nobody is {MAX_AGE_YEARS} years old.")
        return born


# Who has no second factor; a link does not know whether there is one.
ALONE = {"minLength": MIN_ALONE, "maxLength": MAX_LENGTH}


class RegistrationIn(Data):
    shapes = {"password": ALONE}
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=512, trim_whitespace=False)
    full_name = serializers.CharField(max_length=200)
    date_of_birth = BirthDateField()
    sex = serializers.ChoiceField(["female", "male", "other", "unknown"], required=False, allow_null=True)
    country = CountryField(required=False, default="")
    region = serializers.RegexField(r"^[A-Z0-9]{1,3}$", required=False, default="")
    locale = serializers.ChoiceField(["en", "de", "es"], required=False, default="en")


class MessageOut(Data):
    detail = serializers.CharField()


class CredentialsIn(Data):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=512, trim_whitespace=False)
    device = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    code = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)


class EmailIn(Data):
    email = serializers.EmailField(max_length=254)


class LinkWithPasswordIn(Data):
    shapes = {"password": ALONE}
    token = serializers.CharField(max_length=200)
    password = serializers.CharField(max_length=512, trim_whitespace=False)


class PasswordResetOut(MessageOut):
    device_token = serializers.CharField()


class PasswordChangeIn(Data):
    shapes = {"new_password": ALONE}
    new_password = serializers.CharField(max_length=512, trim_whitespace=False)
    current_password = serializers.CharField(
        max_length=512, required=False, default="", allow_blank=True, trim_whitespace=False
    )


class SignInOut(DTOSerializer[SignIn]):
    token_type = serializers.CharField()
    device_token = serializers.CharField(required=False)

    class Meta:
        fields = ("access", "refresh", "expires_in", "token_type", "device_token")


class SecondFactorOut(DTOSerializer[SecondFactorNeeded]):
    second_factor_required = serializers.BooleanField()


class SecondFactorIn(Data):
    pending_token = serializers.CharField(max_length=2000)
    code = serializers.CharField(max_length=40)


class PendingIn(Data):
    pending_token = serializers.CharField(max_length=2000, required=False, default="")


class PendingCodeIn(PendingIn):
    code = serializers.CharField(max_length=40)


class StepUpIn(Data):
    rule = {
        "if": {"required": ["code"], "properties": {"code": SAYS_SOMETHING}},
        "else": {"required": ["password"], "properties": {"password": SAYS_SOMETHING}},
    }
    code = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    password = serializers.CharField(
        max_length=512, required=False, default="", allow_blank=True, trim_whitespace=False
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two."""
        if not attrs["code"] and not attrs["password"]:
            raise serializers.ValidationError("Give a code, or the password where no second factor is set up.")
        return attrs


class RefreshIn(Data):
    refresh = serializers.CharField(max_length=200)


class AccessOut(Data):
    access = serializers.CharField()


class EnrolmentOut(DTOSerializer[TotpEnrolment]):
    pass


class SecondFactorsOut(DTOSerializer[SecondFactors]):
    pass


class RecoveryCodesOut(Data):
    recovery_codes = serializers.ListField(child=serializers.CharField())


class PasskeyOptionsOut(DTOSerializer[PasskeyOptions]):
    options = serializers.DictField()


class PasskeyAnswerIn(Data):
    challenge_id = serializers.UUIDField()
    credential = serializers.DictField()


class PasskeyIn(PasskeyAnswerIn):
    name = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)


class PasskeySignInIn(PasskeyAnswerIn):
    pending_token = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    device = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class PasskeyOut(DTOSerializer[PasskeyDTO]):
    recovery_codes = serializers.ListField(child=serializers.CharField(), required=False)


class ReasonIn(Data):
    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class ConfirmationOut(Data):
    recovery_codes = serializers.ListField(child=serializers.CharField())
    access = serializers.CharField(required=False)
    refresh = serializers.CharField(required=False)


class ProfileIn(Data):
    shapes = {"time_zone": {"pattern": f"^({'|'.join(map(re.escape, sorted(zone_names())))})$"}}
    full_name = serializers.CharField(max_length=200, required=False)
    date_of_birth = BirthDateField(required=False, allow_null=True)
    sex = serializers.ChoiceField(["female", "male", "other", "unknown"], required=False, allow_null=True)
    phone = serializers.CharField(max_length=32, required=False, allow_blank=True)
    country = CountryField(required=False, allow_blank=True)
    region = serializers.RegexField(r"^[A-Z0-9]{0,3}$", required=False, allow_blank=True)
    locale = serializers.ChoiceField(["en", "de", "es"], required=False)
    time_zone = serializers.CharField(max_length=64, required=False)

    def validate_time_zone(self, value: str) -> str:
        """A zone of the IANA database."""
        if value not in zone_names():
            raise serializers.ValidationError("Use a name of the IANA database, for example Europe/Berlin.")
        return value


class ProfileOut(DTOSerializer[AccountDTO]):
    email = serializers.EmailField()

    class Meta:
        fields = (
            "id",
            "email",
            "full_name",
            "date_of_birth",
            "sex",
            "phone",
            "country",
            "region",
            "locale",
            "time_zone",
            "roles",
            "email_verified",
            "mfa_enabled",
        )


class ConsentIn(Data):
    purpose = serializers.ChoiceField(
        PURPOSES, error_messages={"invalid_choice": f"Purposes are {', '.join(PURPOSES)}."}
    )
    text_version = serializers.CharField(max_length=20)


class ConsentOut(DTOSerializer[ConsentDTO]):
    purpose = serializers.ChoiceField(PURPOSES)


class SessionOut(DTOSerializer[SessionDTO]):
    pass


class PersonOut(DTOSerializer[PersonDTO]):
    pass


class RoleChangeIn(Data):
    role = serializers.ChoiceField(
        sorted(ROLES), error_messages={"invalid_choice": f"Roles are {', '.join(sorted(ROLES))}."}
    )
    granted = serializers.BooleanField()
    reason = serializers.CharField(max_length=300)


class RoleChangeOut(DTOSerializer[RoleChangeDTO]):
    role = serializers.ChoiceField(sorted(ROLES))
    state = serializers.ChoiceField(["open", "approved", "refused", "expired"])


class RoleDecisionIn(Data):
    approve = serializers.BooleanField()


class ExportOut(DTOSerializer[ExportDTO]):
    state = serializers.ChoiceField([state.value for state in ExportState])

    class Meta:
        help_texts = {"progress": "Per cent.", "size": "Bytes."}


class ExportLinkOut(Data):
    link = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds.")


class ServiceKeyIn(Data):
    name = serializers.CharField(max_length=80)
    scopes = serializers.ListField(child=serializers.CharField(max_length=80), min_length=1, max_length=50)
    networks = serializers.ListField(child=serializers.CharField(max_length=50), min_length=1, max_length=20)
    expires_at = serializers.DateTimeField()
    owner_id = serializers.UUIDField(required=False, allow_null=True)


class ServiceKeyOut(DTOSerializer[ServiceKeyDTO]):
    pass


class NewServiceKeyOut(DTOSerializer[ServiceKeyDTO]):
    secret = serializers.CharField()


class ErasureOut(DTOSerializer[ErasureDTO]):
    state = serializers.ChoiceField([state.value for state in ErasureState])


class LegalHoldIn(Data):
    reason = serializers.CharField(max_length=200)


class LegalHoldOut(DTOSerializer[LegalHoldDTO]):
    pass
