"""AI providers. Without keys only the local engine runs, and GET /api/v1/models says so."""

from config.settings.environment import env

# Asked in this order; each has its key, its model, and its address where that is not the provider's own, in
# <NAME>_API_KEY, <NAME>_MODEL and <NAME>_BASE_URL.
ANALYSIS_PROVIDERS = env.list("ANALYSIS_PROVIDERS", default=["local"])
ANALYSIS_ACCESS = {
    name: {part: env.str(f"{name}_{part}".upper(), default="") for part in ("api_key", "model", "base_url")}
    for name in ANALYSIS_PROVIDERS
    if name != "local"
}
ANALYSIS_DEADLINE_SECONDS = env.float("ANALYSIS_DEADLINE_SECONDS", default=60.0)
