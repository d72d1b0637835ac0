"""What people are told about. The texts say that there is news, and where to read it: never what the news is."""

from dataclasses import dataclass
from uuid import UUID

from notifications.domain.categories import Category


@dataclass(frozen=True)
class Kind:
    """One kind of notice: its in-app text, and whether a mail goes with it (``secret``: with a one-use link).

    ``asked``: strangers can cause it, so that each address gets few of them. ``to``: the ``old`` or ``new`` address
    of a change of address, instead of the account's. ``place`` is where a specialist reads it, below /dashboard/, with
    ``{id}`` for the case that it is about; it may be opened by whoever works on the case, and by nobody else.
    ``category`` is what people choose by; ``must_reach``: when it is not read, other channels follow, and then staff.
    """

    name: str
    text: str
    email: bool = True
    link: str = "/"
    secret: str = ""
    asked: bool = False
    to: str = ""
    place: str = ""
    category: Category = Category.CASE
    must_reach: bool = False

    @property
    def security(self) -> bool:
        """Whether it is about somebody's own account: always sent, and at once."""
        return self.category is Category.SECURITY


# Where specialists and staff keep their sign-in; and where everybody else reads how they get to their case.
ACCOUNT, FRONT = "/account/", "/"

_KINDS = (
    Kind(
        "verify_email",
        "Confirm your e-mail address.",
        category=Category.SECURITY,
        link="/verify-email",
        secret="verify",
        asked=True,
    ),
    Kind(
        "reset_password",
        "A password reset was asked for.",
        category=Category.SECURITY,
        link="/reset-password",
        secret="reset",
        asked=True,
    ),
    Kind(
        "registration_repeated", "Somebody tried to register with your address.", category=Category.SECURITY, asked=True
    ),
    Kind(
        "verify_new_email",
        "Confirm your new e-mail address.",
        category=Category.SECURITY,
        link="/confirm-email",
        secret="change",
        asked=True,
        to="new",
    ),
    Kind("email_change_asked", "Another e-mail address was asked for in your account.", category=Category.SECURITY),
    Kind("email_changed", "Your e-mail address was changed.", category=Category.SECURITY, to="old"),
    Kind("password_changed", "Your password was changed.", category=Category.SECURITY),
    Kind("sign_in_attacked", "Somebody is trying wrong passwords for your account.", category=Category.SECURITY),
    Kind(
        "recovery_codes_low", "A recovery code was used, and few are left; make new ones.", category=Category.SECURITY
    ),
    Kind(
        "second_factor_changed",
        "Your second factor was changed or a recovery code was used.",
        category=Category.SECURITY,
    ),
    Kind("new_device", "Your account was signed in to from a new device.", category=Category.SECURITY),
    Kind("roles_changed", "Your roles on the platform were changed; sign in again.", category=Category.SECURITY),
    Kind("session_reused", "We ended a session that was used from two places.", category=Category.SECURITY),
    Kind("proxy_offered", "Somebody asks you to act for them. See it under your account."),
    Kind("proxy_accepted", "The person you named has agreed to act for you.", category=Category.SECURITY),
    Kind("proxy_ended", "A permission to act for somebody has ended."),
    Kind(
        "merge_proposed",
        "We believe that you have two accounts here, and will join them. Tell us if only one of them is yours.",
        category=Category.SECURITY,
    ),
    Kind("accounts_joined", "Your two accounts were joined; go on with this one.", category=Category.SECURITY),
    Kind("accounts_separated", "Two accounts that were joined were separated again.", category=Category.SECURITY),
    Kind("rectification_answered", "Your claim that something is wrong was answered."),
    Kind(
        "break_glass_used", "Staff opened your records in an emergency. See who and when.", category=Category.SECURITY
    ),
    Kind("break_glass_review", "An emergency access waits for your review."),
    Kind("case_received", "We have received your case."),
    Kind("records_needed", "We need another record for your case."),
    Kind("case_lies_still", "A case of yours waits for you; without you it ends by itself."),
    Kind("document_needs_care", "A document could not be read, or needs a second look."),
    Kind("specialist_found", "A specialist has accepted your case."),
    Kind("question_asked", "Your specialist has a question for you."),
    Kind("question_answered", "A question of yours was answered.", place="cases/{id}#questions"),
    Kind("message_received", "You have a message about your case.", place="cases/{id}/messages"),
    Kind("case_closed", "Your case was closed without an opinion."),
    Kind("report_ready", "Your report is ready."),
    Kind("follow_up_asked", "A patient asks about an opinion of yours.", place="cases/{id}#follow-ups"),
    Kind("follow_up_answered", "A question about your report was answered."),
    Kind("outcome_wanted", "Tell us what became of the advice in your report."),
    Kind("promise_half_used", "Half of the promised time of a case is used; it is your turn.", place="cases/{id}"),
    Kind("promise_nearly_used", "A case has little of its promised time left.", place="cases/{id}"),
    Kind("promise_broken", "A case is beyond its promised time.", place="cases/{id}"),
    Kind("offer_made", "A case is offered to you.", place="offers/{id}"),
    Kind(
        "analysis_ready",
        "Machine findings of a case are ready for you to check.",
        email=False,
        place="cases/{id}#findings",
    ),
    Kind("credentials_verified", "Your credentials are verified.", place="practice"),
    Kind("credentials_rejected", "Your credentials could not be verified.", place="practice"),
    Kind("credentials_suspended", "You cannot take cases until your credentials are verified again.", place="practice"),
    Kind("licence_expiring", "One of your licences ends soon.", place="practice"),
    Kind("licence_expired", "None of your licences is valid any more.", place="practice"),
)
# To somebody who has no account, so no notice goes with it.
RECORDS_WANTED = Kind("records_wanted", "Records are asked of you.", link="/send-records")
KINDS: dict[str, Kind] = {kind.name: kind for kind in _KINDS}


def place_of(kind: str, subject_id: UUID | None) -> str:
    """The page of the dashboard on which a specialist finds what a notice is about; empty where there is none."""
    found = KINDS.get(kind)
    if found is None:
        return ""
    if found.security:
        return ACCOUNT
    if not found.place or ("{id}" in found.place and subject_id is None):
        return ""
    return f"/dashboard/{found.place.format(id=subject_id)}"


def text_of(kind: str) -> str:
    """The in-app text; rows outlive the release that wrote them, so a kind that is gone reads as plain news."""
    found = KINDS.get(kind)
    return found.text if found else "There is news for you."
