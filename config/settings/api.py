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
    "DESCRIPTION": "From a patient's question to a specialist's signed report.",
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
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "AccountRole": "config.kernel.auth.ROLES",
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
