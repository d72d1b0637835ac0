"""Where master keys are: a ring in the environment, a ring in a file, or a key management service."""

from config.kernel.crypto.providers.local_key_rings import environment_ring, file_ring
from config.kernel.crypto.providers.port import MasterKeys, MisconfiguredKeys, RotatedElsewhere
from config.kernel.crypto.providers.vault_transit import transit_service

__all__ = ["MasterKeys", "MisconfiguredKeys", "RotatedElsewhere", "environment_ring", "file_ring", "transit_service"]
