"""What every environment shares."""

from django.templatetags.static import static

from config.settings import environment
from config.settings.api import *  # noqa: F403  settings are composed by star import, in this package only
from config.settings.cases import *  # noqa: F403
from config.settings.celery import *  # noqa: F403
from config.settings.channels import *  # noqa: F403
from config.settings.databases import *  # noqa: F403
from config.settings.documents import *  # noqa: F403
from config.settings.environment import DATA_DIR, env
from config.settings.feeds import *  # noqa: F403
from config.settings.logging import *  # noqa: F403
from config.settings.providers import *  # noqa: F403
from config.settings.security import *  # noqa: F403
from config.settings.storage import *  # noqa: F403

DEBUG = False
EMBEDDED = environment.EMBEDDED
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("es", "Español")]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DRAIN_FILE = DATA_DIR / "run" / "draining"
DEMO_ACCOUNTS_FILE = DATA_DIR / "demo" / "accounts.json"

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "config.kernel.admin_config.PlatformAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "config.kernel",
    "identity.apps.IdentityConfig",
    "professionals.apps.ProfessionalsConfig",
    "cases.apps.CasesConfig",
    "analysis.apps.AnalysisConfig",
    "notifications.apps.NotificationsConfig",
]
AUTH_USER_MODEL = "identity.User"

MIDDLEWARE = [
    "config.kernel.api.middleware.RequestMiddleware",
    "config.kernel.api.browser.BrowserSecurityMiddleware",
    "config.kernel.api.browser.BrowserSessionMiddleware",
    "config.kernel.api.browser.BrowserLocaleMiddleware",
    "config.kernel.api.browser.BrowserCommonMiddleware",
    "config.kernel.api.browser.BrowserCsrfMiddleware",
    "config.kernel.api.browser.BrowserAuthenticationMiddleware",
    "config.kernel.api.browser.BrowserPrincipalMiddleware",
    "config.kernel.api.browser.BrowserMessageMiddleware",
    "config.kernel.api.browser.BrowserFrameMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

STATE_DIR = environment.STATE_DIR
PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}")
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(DATA_DIR / "static"))
# Polling needs the same process each time: "websocket" alone where several serve sockets and nothing keeps them apart.
SOCKETIO_TRANSPORTS = env.list("SOCKETIO_TRANSPORTS", default=["polling", "websocket"])
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
# All mails of a day together; notices about somebody's own security are counted, and sent even beyond it.
MAILS_PER_DAY = env.int("MAILS_PER_DAY", default=10_000)
# By each channel; what campaigns send uses up nothing of the above.
CAMPAIGN_MESSAGES_PER_DAY = env.int("CAMPAIGN_MESSAGES_PER_DAY", default=100_000)
# What templates call the platform's support contact: an address or a number; empty: the front page.
SUPPORT_CONTACT = env.str("SUPPORT_CONTACT", default="")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Second Opinion <no-reply@localhost>")
UNFOLD = {
    "SITE_TITLE": "Second Opinion",
    "SITE_HEADER": "Second Opinion",
    "SITE_SYMBOL": "clinical_notes",
    "SITE_URL": None,
    "SITE_DROPDOWN": [{"icon": "key", "title": "Your sign-in", "link": "/account/"}],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": [lambda _: static("kernel/admin.css")],
}
