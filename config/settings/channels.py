"""How people are told outside the platform: e-mail, text messages, push. What is not set up is off, and says so."""

import json
import os
from typing import Any

from config.settings.environment import env


def _anymail() -> dict[str, Any]:
    """ANYMAIL_<NAME> for each setting that Anymail's pages call <NAME>, such as MAILGUN_API_KEY; lists in JSON."""
    names = {name.removesuffix("_FILE") for name in os.environ if name.startswith("ANYMAIL_")}
    given = {name.removeprefix("ANYMAIL_"): env.str(name) for name in names}
    return {name: json.loads(text) if text[:1] in ("{", "[") else text for name, text in given.items()}


# How long a provider is waited for: until it is reached, and until it has answered a message that it has.
PROVIDER_CONNECT_SECONDS = 5.0
PROVIDER_ANSWER_SECONDS = 30.0

# Empty: the mail server of EMAIL_URL. "azure", or a name of Anymail's: amazon_ses, mailgun, postmark, sendgrid …
EMAIL_PROVIDER = env.str("EMAIL_PROVIDER", default="")
# WEBHOOK_SECRET ("user:password") and the providers' signing keys are what callbacks prove themselves by.
ANYMAIL = _anymail()
# Of Azure Communication Services, for e-mail and text messages: endpoint=https://…/;accesskey=…
AZURE_COMMUNICATION = env.str("AZURE_COMMUNICATION", default="")

# Empty: no text messages. "twilio", "sns" or "azure".
SMS_PROVIDER = env.str("SMS_PROVIDER", default="")
TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", default="")
TWILIO_MESSAGING_SERVICE = env.str("TWILIO_MESSAGING_SERVICE", default="")
TWILIO_BASE_URL = env.str("TWILIO_BASE_URL", default="https://api.twilio.com")
# Its credentials come as AWS' own libraries look for them.
SNS_REGION = env.str("SNS_REGION", default="")
SNS_BASE_URL = env.str("SNS_BASE_URL", default="")
SNS_SENDER_ID = env.str("SNS_SENDER_ID", default="")
AZURE_SMS_FROM = env.str("AZURE_SMS_FROM", default="")
# Text messages cost money, and somebody earns it: a country has so many in a day, and its own number where one is
# named (SMS_COUNTRY_CAPS=DE=2000,US=0).
SMS_PER_COUNTRY_AND_DAY = env.int("SMS_PER_COUNTRY_AND_DAY", default=200)
SMS_COUNTRY_CAPS = env.dict("SMS_COUNTRY_CAPS", cast={"value": int}, default={})

# Push to the apps of a Firebase project: its service account, as JSON or as the path of such a file.
FCM_CREDENTIALS = env.str("FCM_CREDENTIALS", default="")
FCM_BASE_URL = env.str("FCM_BASE_URL", default="https://fcm.googleapis.com")
# Push to browsers: a P-256 key, as PEM or as the 32 bytes in base64url, and how push services reach us.
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", default="")
VAPID_SUBJECT = env.str("VAPID_SUBJECT", default="")

# Development, trial and demonstration: text messages and push become lines of files in this folder.
MESSAGE_SINK_DIR = env.str("MESSAGE_SINK_DIR", default="")
