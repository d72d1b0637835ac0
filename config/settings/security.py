"""Keys, cookies, passwords, headers."""

import json
from datetime import timedelta

from config.settings.environment import (
    EMBEDDED,
    SECRETS_DIR,
    STATE_DIR,
    env,
    random_key,
    report_keys_dir,
    secret,
    signing_keys_dir,
    state,
)

SECRET_KEY = secret("SECRET_KEY", random_key)
# Where the master key is: in the environment (MASTER_KEYS), in a file that commands may rotate, or in a KMS.
MASTER_KEY_PROVIDER = env.str(
    "MASTER_KEY_PROVIDER", default="file" if EMBEDDED and not env.str("MASTER_KEYS", default="") else "environment"
)
MASTER_KEY_RING = env.str("MASTER_KEY_RING", default=str(SECRETS_DIR / "master_keys"))
MASTER_KMS_URL = env.str("MASTER_KMS_URL", default="")
MASTER_KMS_KEY = env.str("MASTER_KMS_KEY", default="second-opinion")
MASTER_KMS_TOKEN = env.str("MASTER_KMS_TOKEN", default="")
MASTER_KEYS = (
    json.loads(secret("MASTER_KEYS", lambda: json.dumps({"1": random_key()})))
    if MASTER_KEY_PROVIDER == "environment" or (EMBEDDED and MASTER_KEY_PROVIDER == "file")
    else {}
)
BLIND_INDEX_KEY = secret("BLIND_INDEX_KEY", random_key)
SIGNING_KEYS_DIR = str(signing_keys_dir())
# Where the audit chains' signed heads go: best a disk that the database's people cannot write to.
AUDIT_HEADS_DIR = env.str("AUDIT_HEADS_DIR", default=str(STATE_DIR / "audit-heads"))
AUDIT_HEADS_KEY = env.str("AUDIT_HEADS_KEY", default="") or state("audit-heads.pem", former="audit-heads.pem")
REPORT_KEYS_DIR = report_keys_dir()
# Access tokens. simplejwt's refresh tokens and its blacklist are not used. The ring of SIGNING_KEYS_DIR signs, so the
# one key that could stand here stays empty.
SIMPLE_JWT = {
    "ALGORITHM": "ES256",
    "SIGNING_KEY": "",
    "ISSUER": env.str("TOKEN_ISSUER", default="second-opinion"),
    "AUDIENCE": env.str("TOKEN_AUDIENCE", default="second-opinion-api"),
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=5),
    # Seconds by which hosts' clocks may differ, in what was issued; an end is an end.
    "LEEWAY": 30,
    "TOKEN_TYPE_CLAIM": "typ",
}
REFRESH_TOKEN_LIFETIME = timedelta(hours=24)

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# How many proxies of our own stand before the web process: the front is one, a balancer before it (named by
# SOP_TRUSTED_PROXIES, so that the front believes it) the second.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=2 if env.str("SOP_TRUSTED_PROXIES", default="") else 1)
SESSION_COOKIE_NAME = "sop_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = False
# By this one a device is known again; it opens nothing.
DEVICE_COOKIE_NAME = "sop_device"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = False
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "/dashboard/sign-in"

SILENCED_SYSTEM_CHECKS = [
    # Our subclasses of Django's middlewares stand in MIDDLEWARE (config.kernel.api.browser): the checks look
    # for the originals by name.
    "security.W001",
    "security.W002",
    "security.W003",
    # An address is unique among the accounts that confirmed it (identity_user_one_confirmed_address), and only those
    # are found by it.
    "auth.E003",
]

# Limits on tries are counted in Valkey under this prefix. The scale widens the limits of routes (load tests);
# it does not touch those on guessing passwords and codes.
LIMITS_PREFIX = "sop:limit"
RATE_LIMITS_SCALE = env.float("RATE_LIMITS_SCALE", default=1.0)

# Passkeys belong to a host name, and are used from these origins; empty: those of PUBLIC_URL.
PASSKEY_RP_ID = env.str("PASSKEY_RP_ID", default="")
PASSKEY_ORIGINS = env.list("PASSKEY_ORIGINS", default=[])
