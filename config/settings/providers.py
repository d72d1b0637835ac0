"""AI providers. Without keys only the local engine runs, and GET /api/v1/models says so."""

from config.settings.environment import env

ANALYSIS_PROVIDERS = env.list("ANALYSIS_PROVIDERS", default=["local"])
OPENAI_API_KEY = env.str("OPENAI_API_KEY", default="")
OPENAI_BASE_URL = env.str("OPENAI_BASE_URL", default="")
OPENAI_MODEL = env.str("OPENAI_MODEL", default="")
ANTHROPIC_API_KEY = env.str("ANTHROPIC_API_KEY", default="")
ANTHROPIC_BASE_URL = env.str("ANTHROPIC_BASE_URL", default="")
ANTHROPIC_MODEL = env.str("ANTHROPIC_MODEL", default="")
GOOGLE_API_KEY = env.str("GOOGLE_API_KEY", default="")
GOOGLE_BASE_URL = env.str("GOOGLE_BASE_URL", default="")
GOOGLE_MODEL = env.str("GOOGLE_MODEL", default="")
ANALYSIS_DEADLINE_SECONDS = env.float("ANALYSIS_DEADLINE_SECONDS", default=60.0)
