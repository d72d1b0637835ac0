"""Django REST framework and its OpenAPI document."""

from config.settings.environment import env

# Open in development and trial; in production for staff and service keys, unless set otherwise.
API_DOCUMENTATION_OPEN = env.bool("API_DOCUMENTATION_OPEN", default=False)
LANGUAGE_CODES = ["en", "de", "es"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["config.kernel.api.authentication.BearerAuthentication"],
    # ApiView checks its own policy; anything else is refused.
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["config.kernel.api.parsers.BoundedJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["config.kernel.api.renderers.OrjsonRenderer"],
    "DEFAULT_SCHEMA_CLASS": "config.kernel.api.schema.ProblemAutoSchema",
    "EXCEPTION_HANDLER": "config.kernel.api.problems.drf_handler",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Second Opinion Platform",
    "DESCRIPTION": """From a patient's question to a specialist's signed report.

**Clients.** Generators need no flag: `openapi-python-client generate --path schema.yaml`, or
`openapi-typescript schema.yaml -o schema.d.ts` with openapi-fetch.

**Signing in.** `POST /api/v1/auth/login` answers a pair of tokens, or a `pending_token` for
`POST /api/v1/auth/second-factor`. Send `Authorization: Bearer <access>`. It lives for `expires_in` seconds;
`POST /api/v1/auth/refresh` trades the refresh token for a new pair, and each works once.

**Refusals** are problem documents (RFC 9457, `application/problem+json`): `code` is stable and for programs, `detail`
says what to change, and `errors` names each wrong input by its pointer (`#/date_of_birth` in the body, `?limit` in the
query). What there is no field for is refused. Quote `request_id` when you ask us.

**Times** name their zone: `2026-12-01T09:00:00+01:00`; answers are in UTC. Dates are `YYYY-MM-DD`.

**Lists** come in pages: `next` is the address of the next one, `null` on the last; its `cursor` goes on with the same
query.

**Versions.** Where two people may write, reading answers an `ETag` and writing wants it in `If-Match`: 428 without, 412
when somebody else was faster; read again, then write.

**Once.** A POST that takes `Idempotency-Key` is done once for each key, however often it is sent (for 24 hours, the
same body). After a connection that broke, send it again with the same key.

**429 and 503** say in `Retry-After` how many seconds to wait.

**Files** come under their own media type, or as `application/octet-stream` to whoever accepts that alone.
""",
    "VERSION": "1.0.0",
    "DEFAULT_GENERATOR_CLASS": "config.kernel.api.schema.Generator",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": [],
    "COMPONENT_SPLIT_REQUEST": True,
    # A PATCH of ours wants the fields that its serializer says.
    "COMPONENT_SPLIT_PATCH": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.kernel.api.client_shapes.files_as_bytes",
        "config.kernel.api.client_shapes.members_named",
        "config.kernel.api.client_shapes.defaults_in_words",
        "config.kernel.api.client_shapes.texts_that_are_taken",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "AccountRole": "config.kernel.auth.ROLES",
        "ReviewVerdict": ["changes", "agree", "minor_remarks", "major_disagreement"],
        "ChannelName": ["in_app", "email", "sms", "push"],
        "CaseState": "cases.services.workflow.moves.State",
        "DocumentState": "cases.services.documents.document_content.DocumentState",
        "ArchiveState": "cases.services.documents.uploads.archives.ArchiveState",
        "CampaignState": "notifications.services.campaigns.steps.CampaignState",
        "CredentialState": "professionals.services.credentials.CredentialState",
        "LocaleEnum": [(code, code) for code in LANGUAGE_CODES],
        "AffiliationKind": "professionals.services.affiliations.KINDS",
        "CredentialKind": "professionals.services.credentials.KINDS",
        "CalendarKind": "professionals.services.calendar.KINDS",
        "ReviewStatement": "professionals.services.quality.STATEMENTS",
        "LicenceStatus": "professionals.services.credentials.LICENCE_STATUSES",
        "NotificationChoice": "notifications.api.preferences.CHOICES",
    },
}
