"""What people are told about: how each kind of notice is told, and where one reads what it is about.

Their texts inside the application are in ``notice_texts.json``. Outside they say that there is news, and where to read
it: never what the news is.
"""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from notifications.domain.categories import ALWAYS, Category
from notifications.domain.notice_texts import notice_text


@dataclass(frozen=True)
class Kind:
    """One kind of notice, and whether a mail goes with it (``secret``: with a one-use link).

    ``asked``: strangers can cause it, so that each address gets few of them. ``to``: the ``old`` or ``new`` address
    of a change of address, instead of the account's. ``place`` is where a specialist reads it, below /dashboard/, with
    ``{id}`` for the case that it is about; ``theirs``: it is there for whoever is told, others must work on the case.
    ``desk`` is where staff read it, with ``{id}`` as well. ``category`` is what people choose by; ``must_reach``: when
    it is not read, other channels follow, and then staff. ``deadline``: it says that a time runs out. ``mail`` is the
    text of its mail to who works here.
    """

    name: str
    email: bool = True
    link: str = "/"
    secret: str = ""
    asked: bool = False
    to: str = ""
    place: str = ""
    theirs: bool = False
    desk: str = ""
    category: Category = Category.CASE
    must_reach: bool = False
    deadline: bool = False
    mail: str = ""

    @property
    def security(self) -> bool:
        """Whether it is about somebody's own account: always sent, and at once."""
        return self.category is Category.SECURITY

    @property
    def at_desk(self) -> bool:
        """Whether staff work on it: at a page of its own, or at the case."""
        return bool(self.desk) or (self.deadline and not self.place)

    @property
    def folds(self) -> bool:
        """Whether its message waits a while, so that what comes meanwhile goes with it."""
        at_once = self.must_reach or self.deadline or self.category in ALWAYS or self.category is Category.OFFERS
        return not at_once

    @property
    def text(self) -> str:
        """What it says in English, without values."""
        return notice_text(self.name, "en")


# Where one's own account is; and where everybody else reads how they get to their case.
ACCOUNT, FRONT = "/account/", "/"
# What somebody was told, newest first; for whoever has not signed in: how they do.
INBOX = "/account/news"
CASE_DESK = "/admin/cases/case/{id}/change/"
_security = partial(Kind, category=Category.SECURITY)
_asked = partial(Kind, category=Category.SECURITY, asked=True)
_legal = partial(Kind, category=Category.LEGAL)
_practice = partial(Kind, category=Category.LEGAL, place="practice", mail="practice")
_message = partial(Kind, category=Category.MESSAGES)
_reminder = partial(Kind, category=Category.REMINDERS)
_deadline = partial(Kind, category=Category.REMINDERS, deadline=True, mail="deadline")

_KINDS = (
    _asked("verify_email", link="/verify-email", secret="verify"),
    _asked("reset_password", link="/reset-password", secret="reset"),
    _asked("registration_repeated"),
    _asked("verify_new_email", link="/confirm-email", secret="change", to="new"),
    _security("email_change_asked"),
    _security("email_changed", to="old"),
    _security("password_changed"),
    _security("sign_in_attacked"),
    _security("recovery_codes_low"),
    _security("second_factor_changed"),
    _security("new_device"),
    _security("roles_changed"),
    _security("session_reused"),
    _legal("proxy_offered"),
    _security("proxy_accepted"),
    _legal("proxy_ended"),
    _security("merge_proposed"),
    _security("accounts_joined"),
    _security("accounts_separated"),
    _legal("rectification_answered"),
    _security("break_glass_used"),
    _deadline("break_glass_review", desk="/admin/cases/breakglass/"),
    Kind("case_received"),
    Kind("records_needed", must_reach=True),
    _reminder("case_lies_still", must_reach=True),
    Kind("document_needs_care"),
    Kind("specialist_found"),
    Kind("question_asked", must_reach=True),
    _message("question_answered", place="cases/{id}#questions"),
    _message("question_ended", place="cases/{id}#questions"),
    _message("message_received", place="cases/{id}/messages"),
    Kind("case_closed", must_reach=True),
    Kind("case_expired", must_reach=True),
    Kind("report_ready", must_reach=True),
    Kind("report_withdrawn", must_reach=True),
    _message("follow_up_asked", place="cases/{id}#follow-ups"),
    _message("follow_up_answered"),
    _reminder("outcome_wanted"),
    _deadline("promise_half_used", place="cases/{id}"),
    _deadline("promise_nearly_used", place="cases/{id}"),
    _deadline("promise_broken", place="cases/{id}"),
    Kind("offer_made", place="offers/{id}", theirs=True, category=Category.OFFERS, mail="offer"),
    Kind("analysis_ready", email=False, place="cases/{id}#findings"),
    Kind("findings_changed", email=False, place="cases/{id}#changes"),
    _legal("assignment_stopped", place="practice", must_reach=True),
    Kind("assignment_ended", place="news", must_reach=True),
    _deadline("case_needs_specialist"),
    Kind("review_awaited", place="reviews/{id}", theirs=True),
    Kind("opinion_returned", place="cases/{id}"),
    Kind("opinion_approved", place="cases/{id}"),
    _deadline("dissent_to_decide"),
    _deadline("report_doubted", desk="/admin/cases/reportrecheck/"),
    _deadline("webhook_off", desk="/admin/notifications/webhook/"),
    _practice("credentials_verified"),
    _practice("credentials_rejected"),
    _practice("credentials_suspended", must_reach=True),
    _practice("licence_expiring", deadline=True),
    _practice("licence_expired", must_reach=True),
    _practice("licence_withdrawn", must_reach=True),
)
# To somebody who has no account, so no notice goes with it.
RECORDS_WANTED = Kind("records_wanted", link="/send-records")
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


def category_of(kind: str, own: str = "") -> str:
    """What a notice is about: its kind says it, or for want of one its own column."""
    found = KINDS.get(kind)
    return str(found.category) if found else own or str(Category.CASE)
