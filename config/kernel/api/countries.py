"""A country in a body."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.kernel.country_codes import COUNTRY_CODES

_CODES = "|".join(sorted(COUNTRY_CODES))


@extend_schema_field({"type": "string", "pattern": f"^({_CODES})?$"})
class CountryField(serializers.RegexField):
    """Two letters of ISO 3166-1; ``allow_blank`` allows none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(r"^([A-Z]{2})?$" if options.get("allow_blank") else r"^[A-Z]{2}$", **options)

    def run_validators(self, value: str) -> None:
        """Raises ``ValidationError``."""
        super().run_validators(value)
        if value and value not in COUNTRY_CODES:
            advice = "the United Kingdom is GB" if value == "UK" else "for example DE, GB or US"
            raise serializers.ValidationError(f"Use a country's two letters of ISO 3166-1; {advice}.")
