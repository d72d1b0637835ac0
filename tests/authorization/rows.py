"""The authorization matrix as data; each file `area_….py` beside this one adds the rows of one area."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module
from pkgutil import iter_modules

import tests.authorization
from config.kernel import clock
from tests.authorization.row import Row
from tests.cases.support import CLEAR, INTAKE, OPINION
from tests.factories import PASSWORD

NEW_ACCOUNT = {
    "email": "somebody.new@example.org",
    "password": PASSWORD,
    "full_name": "Somebody New",
    "date_of_birth": "1970-01-01",
}
LICENCE = {"country": "DE", "number": "DE-55", "body": "Board", "valid_from": "2025-01-01", "valid_to": "2030-01-01"}


SOON = (clock.now() + timedelta(days=30)).isoformat()

ROWS = (
    # ---- identity                                                    AN PO OP DE PU PA PR SS SA SV
    Row("I1 register", "POST", "/auth/register", "Y - - - - - - - - -", NEW_ACCOUNT),
    Row("I2 log in", "POST", "/auth/login", "1 - - - - - - - - -", {"email": "x@example.org", "password": PASSWORD},
        {"AN": "asked with unknown credentials; a right pair is tested in tests/identity"}),
    Row("I2 forgot password", "POST", "/auth/forgot-password", "Y - - - - - - - - -", {"email": "x@example.org"}),
    Row("I2 confirmation link again", "POST", "/auth/resend-verification", "Y - - - - - - - - -",
        {"email": "x@example.org"}),
    Row("own password", "POST", "/auth/password", "1 Y Y Y Y Y Y Y Y 3",
        {"current_password": PASSWORD, "new_password": "eleven quiet lighthouses"}),
    Row("own address", "POST", "/auth/email", "1 Y Y Y Y Y Y Y Y 3", {"email": "another@example.org"}),
    Row("I3 read own profile", "GET", "/profile/me", "1 Y Y Y Y Y Y Y Y 3"),
    Row("I4 change own profile", "PUT", "/profile/me", "1 Y Y Y Y Y Y Y Y 3", {"phone": "+49 1"}),
    Row("I7 own sessions", "GET", "/sessions", "1 Y Y Y Y Y Y Y Y 3"),
    Row("I7 end one of PO's", "DELETE", "/sessions/{session}", "1 Y 4 4 4 4 4 4 4 3"),
    Row("own second factors", "GET", "/auth/second-factors", "1 Y Y Y Y Y Y Y Y 3"),
    Row("new recovery codes", "POST", "/auth/recovery-codes", "1 9 9 9 9 9 9 9 9 3", None,
        {"PO": "nobody here has set a second factor up; those who have are asked in tests/identity"}),
    Row("own passkeys", "GET", "/auth/passkeys", "1 Y Y Y Y Y Y Y Y 3"),
    Row("begin a passkey", "POST", "/auth/passkeys/options", "1 Y Y Y Y Y Y Y Y 3"),
    Row("remove PO's passkey", "DELETE", "/auth/passkeys/{passkey}", "1 Y 4 4 4 4 4 4 4 3"),
    Row("begin a step-up by passkey", "POST", "/auth/passkeys/step-up/options", "1 Y Y Y Y Y Y Y Y 3"),
    Row("begin a sign-in by passkey", "POST", "/auth/passkeys/sign-in/options", "Y - - - - - - - - -", {}),
    Row("I5 read PO", "GET", "/users/{po}", "1 Y 4 4 4 4 4 S S 4"),
    Row("I6 ask to give PO a role", "POST", "/users/{po}/roles", "1 3 3 3 3 3 3 3 Y 3",
        {"role": "nurse", "granted": True, "reason": "joins the nursing team"}),
    Row("I6 decide on it", "POST", "/role-changes/{change}/decision", "1 3 3 3 3 3 3 3 Y 3", {"approve": True}),
    Row("I6 list them", "GET", "/role-changes", "1 3 3 3 3 3 3 3 Y 3"),
    Row("service keys", "GET", "/service-keys", "1 3 3 3 3 3 3 3 Y 3"),
    Row("make a service key", "POST", "/service-keys", "1 3 3 3 3 3 3 3 Y 3",
        {"name": "x", "scopes": ["notify"], "networks": ["192.0.2.0/24"],
         "expires_at": (datetime.now(UTC) + timedelta(days=9)).isoformat()}),
    Row("end a service key", "DELETE", "/service-keys/{key}", "1 3 3 3 3 3 3 3 Y 3"),
    Row("I8 end PO's sessions", "DELETE", "/users/{po}/sessions", "1 Y 4 4 4 4 4 Y Y 3"),
    Row("sign out everywhere", "POST", "/auth/logout-all", "1 Y Y Y Y Y Y Y Y 3"),
    Row("I9 remove PO's second factor", "DELETE", "/users/{guarded}/2fa", "1 Y 4 4 4 4 4 3 Y 3",
        {"reason": "The phone is lost."}),
    Row("I9 approve it", "POST", "/users/{lost}/2fa/approval", "1 4 4 4 4 4 4 3 Y 3"),
    Row("consents", "GET", "/consents", "1 Y Y Y Y Y Y Y Y 3"),
    Row("give a consent", "POST", "/consents", "1 Y Y Y 3 3 3 3 3 3", {"purpose": "research", "text_version": "1"}),
    Row("I10 export", "POST", "/users/{po}/export", "1 Y 4 4 4 4 4 3 3 3"),
    Row("I10 how far it is", "GET", "/users/{po}/exports/{export}", "1 Y 4 4 4 4 4 3 3 3"),
    Row("I10 a link to it", "POST", "/users/{po}/exports/{ready}", "1 Y 4 4 4 4 4 3 3 3"),
    Row("I10 by a link", "GET", "/exports/made-up", "1 4 4 4 4 4 4 3 3 3", why={
        "PO": "no link was made; a real one is fetched in tests/trust",
    }),
    Row("I11 erasure", "POST", "/users/{po}/erasure", "1 Y 4 4 4 4 4 3 Y 3"),
    Row("I11 how far it is", "GET", "/users/{erased}/erasure", "1 Y 4 4 4 4 4 3 Y 3"),
    Row("I11 place a legal hold", "POST", "/users/{po}/legal-hold", "1 3 3 3 3 3 3 3 Y 3", {"reason": "A dispute."}),
    Row("I11 end a legal hold", "DELETE", "/users/{kept}/legal-hold", "1 3 3 3 3 3 3 3 Y 3"),
    Row("say that something is wrong", "POST", "/users/{po}/rectifications", "1 Y 4 4 4 4 4 3 3 3",
        {"about": "document", "wrong": "the left knee", "right": "the right knee"}),
    Row("claims of PO", "GET", "/users/{po}/rectifications", "1 Y 4 4 4 4 4 3 Y 3"),
    Row("answer a claim of PO's", "POST", "/rectifications/{claim}/decision", "1 3 3 3 3 3 3 3 Y 3",
        {"accept": True, "answer": "The note says so now."}),
    Row("take a consent back", "DELETE", "/consents/release", "1 Y Y Y 3 3 3 3 3 3"),
    Row("end all own sessions", "DELETE", "/sessions", "1 Y Y Y Y Y Y Y Y 3"),
    Row("I12 who read my data", "GET", "/audit?patient={po}", "1 Y 4 D 4 4 4 3 Y 3"),
    Row("I12 as FHIR", "GET", "/audit.fhir?patient={po}", "1 Y 4 D 4 4 4 3 Y 3"),
    Row("I13 the audit log", "GET", "/audit", "1 3 3 3 3 3 3 3 Y 3"),
    Row("proxies", "GET", "/proxies", "1 Y Y Y Y Y Y Y Y 3"),
    Row("name a proxy", "POST", "/proxies", "1 Y Y Y 3 3 3 3 3 3",
        {"email": "a@example.org", "scopes": ["read"], "ends_at": SOON}),
    Row("accept or decline a proxy", "POST", "/proxies/{proxy}/answer", "1 4 4 D 4 4 4 4 4 3", {"accept": True}),
    Row("confirm a guardian", "POST", "/proxies/{proxy}/confirm", "1 3 3 3 3 3 3 9 9 3", {"approve": True}),
    Row("revoke a proxy", "DELETE", "/proxies/{proxy}", "1 Y 4 4 4 4 4 4 4 3"),
    # ---- cases and documents                                          AN PO OP DE PU PA PR SS SA SV
    Row("C1 open", "POST", "/cases", "1 Y Y D 3 3 3 3 3 3", INTAKE),
    Row("C2 list", "GET", "/cases", "1 Y N D N Y S S S 3", absent="{c}"),
    Row("C3 read", "GET", "/cases/{c}", "1 Y 4 D 4 Y S S S 4"),
    Row("C4 edit a draft", "PUT", "/cases/{draft}", "1 Y 4 D 4 4 4 4 4 3", {"title": "x"},
        {"SV": "no key may write in any case, so the address itself is closed to keys"}),
    Row("C5 edit after submission", "PUT", "/cases/{c}", "1 9 4 9 4 3 3 3 3 3", {"title": "x"}),
    Row("C6 withdraw", "PATCH", "/cases/{c}/status", "1 Y 4 D 4 3 3 Y 3 3", {"to": "CANCELLED", "reason": "x"},
        {"SS": "a coordinator cancels for a patient who calls (the C rows of the table of steps)"}),
    Row("C7 assign", "POST", "/cases/{matching}/assign", "1 3 4 3 4 4 3 Y Y 3", {"professional_id": "{pu}"}),
    Row("C7 candidates", "GET", "/cases/{matching}/candidates", "1 3 4 3 4 4 3 Y Y 3"),
    Row("C8 accept", "POST", "/cases/{offered}/accept", "1 3 4 3 4 Y 3 3 3 3", {"coi_attestation": CLEAR}),
    Row("C8 decline", "POST", "/cases/{offered}/decline", "1 3 4 3 4 Y 3 3 3 3"),
    Row("C9 ask", "POST", "/cases/{c}/questions", "1 3 4 3 4 Y 3 3 3 3", {"question": "When?"}),
    Row("C10 answer", "POST", "/cases/{asked}/answers", "1 Y 4 D 4 3 3 3 3 3",
        {"clarification_id": "{question}", "answer": "In May."}),
    Row("C11 write", "PUT", "/cases/{c}/opinion/draft", "1 3 4 3 4 Y 3 3 3 3", OPINION),
    Row("C11 finish", "POST", "/cases/{c}/opinion", "1 3 4 3 4 Y 3 3 3 3", {"action": "submit"}),
    Row("C12 read a signed opinion", "GET", "/cases/{signed}/opinion", "1 Y 4 D 4 Y S 3 3 4"),
    Row("C13 read a draft", "GET", "/cases/{c}/opinion/draft", "1 4 4 4 4 Y 4 4 4 4"),
    Row("C14 change what is signed", "PUT", "/cases/{signed}/opinion", "1 3 4 3 4 9 3 3 3 3", {}),
    Row("C15 internal notes", "GET", "/cases/{c}/notes", "1 3 4 3 4 Y 3 Y Y 3"),
    Row("C15 keep a note", "POST", "/cases/{c}/notes", "1 3 4 3 4 Y 3 Y Y 3", {"text": "x"}),
    Row("C16 messages", "GET", "/cases/{c}/messages", "1 Y 4 D 4 Y 3 3 3 3"),
    Row("C16 write a message", "POST", "/cases/{c}/messages", "1 Y 4 D 4 Y 3 3 3 3", {"text": "x"}),
    Row("C17 upload", "UPLOAD", "/documents/upload", "1 Y 4 D 4 Y 3 3 3 3", {"case_id": "{c}"}),
    Row("C18 metadata", "GET", "/documents/{doc}", "1 Y 4 D 4 Y S S S 4"),
    Row("C19 content", "GET", "/documents/{adoc}/content", "1 Y 4 D 4 Y 3 B 3 4"),
    Row("C21 content in quarantine", "GET", "/documents/{qdoc}/content", "1 9 4 9 4 9 3 3 3 4"),
    Row("C20 original", "GET", "/documents/{file}/original", "1 Y 4 3 4 3 3 3 3 4"),
    Row("picture of a page", "GET", "/documents/{file}/pages/1.webp", "1 Y 4 D 4 Y 3 B 3 4"),
    Row("thumbnail of a page", "GET", "/documents/{file}/pages/1.thumb.webp", "1 Y 4 D 4 Y 3 B 3 4"),
    Row("text of a page", "GET", "/documents/{file}/pages/1/text", "1 Y 4 D 4 Y 3 B 3 4"),
    Row("settle whose it is", "POST", "/documents/{unnamed}/confirm", "1 3 4 3 4 3 3 Y 3 3", {"belongs": True}),
    Row("say whose a mere name is", "POST", "/documents/{named}/confirm", "1 Y 4 3 4 3 3 Y 3 3", {"belongs": True}),
    Row("C23 add a delegate", "POST", "/cases/{c}/delegates", "1 Y 4 3 4 3 3 3 3 3",
        {"email": "a@example.org", "scopes": ["read"], "ends_at": SOON}),
    Row("C23 list delegates", "GET", "/cases/{c}/delegates", "1 Y 4 3 4 3 3 3 3 3"),
    Row("C23 revoke a delegate", "DELETE", "/cases/{c}/delegates/{delegate}", "1 Y 4 3 4 3 3 3 3 3"),
    Row("C24 break glass", "POST", "/cases/{c}/break-glass", "1 3 4 3 4 3 3 Y Y 3",
        {"reason": "unconscious, allergies unknown"}),
    Row("C24 uses of it", "GET", "/break-glass", "1 3 3 3 3 3 3 3 Y 3"),
    Row("C24 review", "POST", "/break-glass/{glass}/review", "1 3 3 3 3 3 3 3 Y 3", {"justified": True}),
    Row("C22 delete after submission", "DELETE", "/documents/{doc}", "1 9 4 9 4 3 3 3 3 3"),
    Row("P8 peer review", "POST", "/cases/{reviewed}/peer-review", "1 3 4 3 4 3 Y 3 3 3",
        {"verdict": "agree", "coi_attestation": CLEAR}),
    Row("P8 read for review", "GET", "/cases/{reviewed}/peer-review", "1 3 4 3 4 3 Y 3 3 3"),
    Row("first read", "POST", "/cases/{read}/first-read", "1 3 4 3 4 Y 3 3 3 3", {"impression": "x", "confidence": 1}),
    Row("history", "GET", "/cases/{c}/history", "1 Y 4 D 4 Y S S S 4"),
    Row("what may happen", "GET", "/cases/{c}/transitions", "1 Y 4 D 4 Y S S S 4"),
    Row("documents of a case", "GET", "/cases/{c}/documents", "1 Y 4 D 4 Y S S S 4"),
    Row("questions of a case", "GET", "/cases/{asked}/questions", "1 Y 4 D 4 Y 3 3 3 4"),
    Row("report", "GET", "/cases/{signed}/report", "1 Y 4 D 4 Y 3 3 3 4"),
    Row("report as PDF", "GET", "/cases/{signed}/report.pdf", "1 Y 4 D 4 Y 3 3 3 4"),
    Row("report as FHIR", "GET", "/cases/{signed}/report.fhir.json", "1 Y 4 D 4 Y 3 3 3 4"),
    Row("hold", "POST", "/cases/{c}/hold", "1 3 4 3 4 3 3 Y 3 3", {"reason": "x"}),
    Row("end a hold", "DELETE", "/cases/{held}/hold", "1 3 4 3 4 3 3 Y 3 3"),
    Row("waive a record", "POST", "/cases/{incomplete}/checklist/waive", "1 3 4 3 4 4 4 Y 3 3",
        {"code": "medical_record", "reason": "none exists"}),
    Row("record an incident", "POST", "/cases/{c}/incident", "1 3 4 3 4 3 3 3 3 3", {"reason": "wrong patient"},
        {"SS": "the privacy officer and the medical director do this; both are asked in tests/cases"}),
    Row("name a peer", "POST", "/cases/{submitted}/peer", "1 3 4 3 4 3 4 Y Y 3", {"professional_id": "{pu}"}),
    # ---- analysis                                                     AN PO OP DE PU PA PR SS SA SV
    Row("A1 start", "POST", "/analysis/document", "1 Y 4 D 4 Y 3 3 3 3", {"document_id": "{adoc}"}),
    Row("A2 read a released run", "GET", "/analysis/{a}", "1 S 4 S 4 Y S 3 4 4"),
    Row("A3 read an unreleased run", "GET", "/analysis/{a0}", "1 4 4 4 4 Y 4 3 4 4",
        why={"SS": "coordinators read no analysis at all, released or not (A2)"}),
    Row("A4 insights", "GET", "/insights/{c}", "1 S 4 S 4 Y S 3 4 4"),
    Row("A6 decide on a finding", "POST", "/analysis/findings/{f}/decision", "1 3 4 3 4 Y 3 3 3 3",
        {"decision": "accept"}),
    Row("models", "GET", "/models", "1 Y Y Y Y Y Y Y Y 3"),
    # ---- professionals                                                AN PO OP DE PU PA PR SS SA SV
    Row("P1 list", "GET", "/professionals", "S S S S S S S S S S"),
    Row("P1 profile", "GET", "/professionals/{p}", "S S S S S Y S S Y S"),
    Row("P2 submit credentials", "POST", "/professionals/verify", "1 3 3 3 Y Y Y 3 3 3", {"licences": [LICENCE]}),
    Row("P3 decide", "POST", "/professionals/{waiting}/decision", "1 3 3 3 3 3 3 3 Y 3", {"step": "approve"}),
    Row("P4 licences", "GET", "/professionals/{p}/credentials", "1 3 3 3 4 Y 4 3 Y 3"),
    Row("P5 edit", "PUT", "/professionals/{p}", "1 3 3 3 4 Y 4 3 3 3", {"organisation": "Elsewhere"}),
    Row("P6 availability", "POST", "/availability", "1 3 3 3 Y Y Y 3 3 3", {"capacity": 4},
        {"PU": "everybody sets their own; the owner is the token's", "PR": "as PU"}),
    Row("register as a specialist", "POST", "/professionals/register", "Y - - - - - - - - -", {
        "email": "new.doctor@example.org", "password": PASSWORD, "full_name": "Dr New", "specialty": "cardiology",
        "languages": ["en"],
    }),
    # ---- notifications                                                AN PO OP DE PU PA PR SS SA SV
    Row("N1 a notice of PO's", "GET", "/notifications/{n}", "1 Y 4 4 4 4 4 4 4 3"),
    Row("N1 read it", "POST", "/notifications/{n}/read", "1 Y 4 4 4 4 4 4 4 3"),
    Row("own notices", "GET", "/notifications", "1 Y Y Y Y Y Y Y Y 3"),
    Row("read all", "POST", "/notifications/read-all", "1 Y Y Y Y Y Y Y Y 3"),
    Row("own preferences", "GET", "/notifications/preferences", "1 Y Y Y Y Y Y Y Y 3"),
    Row("change them", "PUT", "/notifications/preferences", "1 Y Y Y Y Y Y Y Y 3", {"email": False}),
    Row("a ticket for the socket", "POST", "/realtime/ticket", "1 Y Y Y Y Y Y Y Y 3"),
    # ---- operations                                                   AN PO OP DE PU PA PR SS SA SV
    Row("O1 liveness", "GET", "/healthz", "Y Y Y Y Y Y Y Y Y Y"),
    Row("O3 OpenAPI document", "GET", "/api/schema", "1 3 3 3 3 3 3 Y Y Y"),
    Row("O3 its readers", "GET", "/api/docs", "1 3 3 3 3 3 3 Y Y Y"),
    Row("O4 admin", "GET", "/admin/", "L L L L L L L L L L", why={
        "SS": "a token opens no page: the admin asks for its own sign-in with a second factor (tests/identity)",
        "SA": "as SS",
    }),
    Row("O2 metrics from outside", "GET", "/api/metrics", "4 4 4 4 4 4 4 4 4 4"),
)  # fmt: skip

# Routes whose callers are told apart by a secret that they bring, not by who they are, and where that is tested.
ELSEWHERE = {
    "POST /api/v1/auth/verify-email": "tests/identity/test_registration.py",
    "POST /api/v1/auth/email/confirm": "tests/identity/test_email_change.py",
    "POST /api/v1/auth/passkeys": "tests/identity/test_passkeys.py",
    "POST /api/v1/auth/passkeys/sign-in": "tests/identity/test_passkeys.py",
    "POST /api/v1/auth/passkeys/step-up": "tests/identity/test_passkeys.py",
    "POST /api/v1/auth/reset-password": "tests/identity/test_password_reset.py",
    "POST /api/v1/auth/second-factor": "tests/identity/test_sign_in.py",
    "POST /api/v1/auth/refresh": "tests/identity/test_sessions.py",
    "POST /api/v1/auth/logout": "tests/identity/test_sessions.py",
    "POST /api/v1/auth/step-up": "tests/identity/test_second_factor.py",
    "POST /api/v1/auth/totp": "tests/identity/test_second_factor.py",
    "POST /api/v1/auth/totp/confirm": "tests/identity/test_second_factor.py",
}

AREAS = [
    import_module(f"tests.authorization.{found.name}")
    for found in iter_modules(tests.authorization.__path__)
    if found.name.startswith("area_")
]
ROWS += tuple(row for area in AREAS for row in area.ROWS)
ELSEWHERE |= {route: test for area in AREAS for route, test in getattr(area, "ELSEWHERE", {}).items()}

# Rows of the design whose routes are not built yet. N6 is no route but two sockets: test_sockets.py.
PENDING = {
    "A5": "raw prompt and answer",
    "A7": "change models and budgets",
    "A8": "consent from the case's page",
}
