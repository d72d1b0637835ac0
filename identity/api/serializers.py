"""What the identity end points take and give."""

from typing import Any

from rest_framework import serializers

Data = serializers.Serializer[Any]


class RegistrationIn(Data):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=512, trim_whitespace=False)
    full_name = serializers.CharField(max_length=200)
    date_of_birth = serializers.DateField()
    sex = serializers.ChoiceField(["female", "male", "other", "unknown"], required=False, allow_null=True)
    country = serializers.RegexField(r"^[A-Z]{2}$", required=False, default="")
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
    token = serializers.CharField(max_length=200)
    password = serializers.CharField(max_length=512, trim_whitespace=False)


class PasswordResetOut(MessageOut):
    device_token = serializers.CharField()


class PasswordChangeIn(Data):
    new_password = serializers.CharField(max_length=512, trim_whitespace=False)
    current_password = serializers.CharField(
        max_length=512, required=False, default="", allow_blank=True, trim_whitespace=False
    )


class SignInOut(Data):
    access = serializers.CharField()
    refresh = serializers.CharField()
    expires_in = serializers.IntegerField()
    token_type = serializers.CharField()
    device_token = serializers.CharField(required=False)


class SecondFactorOut(Data):
    second_factor_required = serializers.BooleanField()
    enrolment_required = serializers.BooleanField()
    pending_token = serializers.CharField()


class SecondFactorIn(Data):
    pending_token = serializers.CharField(max_length=2000)
    code = serializers.CharField(max_length=40)


class PendingIn(Data):
    pending_token = serializers.CharField(max_length=2000, required=False, default="")


class PendingCodeIn(PendingIn):
    code = serializers.CharField(max_length=40)


class StepUpIn(Data):
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


class EnrolmentOut(Data):
    secret = serializers.CharField()
    otpauth_url = serializers.CharField()
    qr_svg = serializers.CharField()


class SecondFactorsOut(Data):
    authenticator_app = serializers.BooleanField()
    passkeys = serializers.IntegerField()
    recovery_codes_left = serializers.IntegerField()


class RecoveryCodesOut(Data):
    recovery_codes = serializers.ListField(child=serializers.CharField())


class PasskeyOptionsOut(Data):
    challenge_id = serializers.UUIDField()
    options = serializers.DictField()


class PasskeyAnswerIn(Data):
    challenge_id = serializers.UUIDField()
    credential = serializers.DictField()


class PasskeyIn(PasskeyAnswerIn):
    name = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)


class PasskeySignInIn(PasskeyAnswerIn):
    pending_token = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    device = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class PasskeyOut(Data):
    id = serializers.UUIDField()
    name = serializers.CharField()
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    recovery_codes = serializers.ListField(child=serializers.CharField(), required=False)


class ReasonIn(Data):
    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class ConfirmationOut(Data):
    recovery_codes = serializers.ListField(child=serializers.CharField())
    access = serializers.CharField(required=False)
    refresh = serializers.CharField(required=False)


class ProfileIn(Data):
    full_name = serializers.CharField(max_length=200, required=False)
    date_of_birth = serializers.DateField(required=False, allow_null=True)
    sex = serializers.ChoiceField(["female", "male", "other", "unknown"], required=False, allow_null=True)
    phone = serializers.CharField(max_length=32, required=False, allow_blank=True)
    country = serializers.RegexField(r"^([A-Z]{2})?$", required=False, allow_blank=True)
    region = serializers.RegexField(r"^[A-Z0-9]{0,3}$", required=False, allow_blank=True)
    locale = serializers.ChoiceField(["en", "de", "es"], required=False)
    time_zone = serializers.CharField(max_length=64, required=False)

    def validate_time_zone(self, value: str) -> str:
        """A zone of the IANA database."""
        from zoneinfo import available_timezones

        if value not in available_timezones():
            raise serializers.ValidationError("Use a name of the IANA database, for example Europe/Berlin.")
        return value


class ProfileOut(Data):
    id = serializers.UUIDField()
    email = serializers.EmailField()
    full_name = serializers.CharField()
    date_of_birth = serializers.DateField(allow_null=True)
    sex = serializers.CharField(allow_null=True)
    phone = serializers.CharField()
    country = serializers.CharField()
    region = serializers.CharField()
    locale = serializers.CharField()
    time_zone = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    email_verified = serializers.BooleanField()
    mfa_enabled = serializers.BooleanField()


class ConsentIn(Data):
    purpose = serializers.CharField(max_length=20)
    text_version = serializers.CharField(max_length=20)


class ConsentOut(Data):
    purpose = serializers.CharField()
    text_version = serializers.CharField()
    text = serializers.CharField()
    granted_at = serializers.DateTimeField(allow_null=True)


class SessionOut(Data):
    id = serializers.UUIDField()
    device = serializers.CharField()
    network = serializers.CharField()
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField()
    current = serializers.BooleanField()


class PersonOut(Data):
    id = serializers.UUIDField()
    email = serializers.CharField()
    full_name = serializers.CharField(allow_null=True)
    country = serializers.CharField()
    region = serializers.CharField()
    locale = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    email_verified = serializers.BooleanField()
    mfa_enabled = serializers.BooleanField()
    active = serializers.BooleanField()


class RoleChangeIn(Data):
    role = serializers.CharField(max_length=24)
    granted = serializers.BooleanField()
    reason = serializers.CharField(max_length=300)


class RoleChangeOut(Data):
    id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    role = serializers.CharField()
    granted = serializers.BooleanField()
    reason = serializers.CharField()
    requested_by = serializers.UUIDField()
    decided_by = serializers.UUIDField(allow_null=True)
    state = serializers.CharField()
    expires_at = serializers.DateTimeField()


class RoleDecisionIn(Data):
    approve = serializers.BooleanField()


class ExportOut(Data):
    id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    state = serializers.ChoiceField(["QUEUED", "RUNNING", "READY", "FAILED", "EXPIRED"])
    progress = serializers.IntegerField(help_text="Per cent.")
    size = serializers.IntegerField(allow_null=True, help_text="Bytes.")
    sha256 = serializers.CharField(allow_blank=True)
    requested_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)


class ExportLinkOut(Data):
    link = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds.")


class ServiceKeyIn(Data):
    name = serializers.CharField(max_length=80)
    scopes = serializers.ListField(child=serializers.CharField(max_length=80), min_length=1, max_length=50)
    networks = serializers.ListField(child=serializers.CharField(max_length=50), min_length=1, max_length=20)
    expires_at = serializers.DateTimeField()
    owner_id = serializers.UUIDField(required=False, allow_null=True)


class ServiceKeyOut(Data):
    id = serializers.UUIDField()
    name = serializers.CharField()
    hint = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    networks = serializers.ListField(child=serializers.CharField())
    owner_id = serializers.UUIDField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class NewServiceKeyOut(ServiceKeyOut):
    secret = serializers.CharField()


class ErasureOut(Data):
    user_id = serializers.UUIDField()
    state = serializers.ChoiceField(["RUNNING", "DONE"])
    waiting_for = serializers.ListField(child=serializers.CharField())
    requested_at = serializers.DateTimeField()
    completed_at = serializers.DateTimeField(allow_null=True)


class LegalHoldIn(Data):
    reason = serializers.CharField(max_length=200)


class LegalHoldOut(Data):
    id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    reason = serializers.CharField()
    placed_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
