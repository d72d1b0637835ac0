"""The store that the settings name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cases.adapters.storage.bodies import azure_body, gcs_body, s3_body
from cases.adapters.storage.disk import DiskStorage
from cases.adapters.storage.object_store import SPOOL_BYTES, RemoteStorage
from cases.adapters.storage.port import DocumentStorage, StorageMisconfigured
from config.kernel.conf import setting

if TYPE_CHECKING:
    from django.core.files.storage import Storage

_NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "s3": ("bucket_name",),
    "azure": ("account_name", "azure_container"),
    "gcs": ("bucket_name",),
}


def document_storage() -> DocumentStorage:
    """The store named by DOCUMENT_STORAGE: `disk`, `s3`, `azure` or `gcs`. Raises StorageMisconfigured."""
    kind = setting("DOCUMENT_STORAGE")
    if kind == "disk":
        return _disk(str(setting("DOCUMENT_STORAGE_DIR")))
    if kind not in _NEEDED:
        raise StorageMisconfigured(f"DOCUMENT_STORAGE must be disk, {', '.join(_NEEDED)}; it is {kind!r}.")
    return _remote(kind, json.dumps(setting("DOCUMENT_STORAGE_OPTIONS"), sort_keys=True))


@lru_cache(maxsize=8)
def _disk(root: str) -> DocumentStorage:
    return DiskStorage(Path(root))


@lru_cache(maxsize=8)
def _remote(kind: str, options: str) -> DocumentStorage:
    return remote_storage(kind, json.loads(options))


def remote_storage(kind: str, options: Mapping[str, Any]) -> RemoteStorage:
    """A store with the given django-storages options. Raises StorageMisconfigured."""
    missing = [name for name in _NEEDED[kind] if not options.get(name)]
    if missing:
        raise StorageMisconfigured(f"DOCUMENT_STORAGE_OPTIONS lacks {', '.join(missing)} for {kind}.")
    build, reader = {"s3": (_s3, s3_body), "azure": (_azure, azure_body), "gcs": (_gcs, gcs_body)}[kind]
    try:
        return RemoteStorage(build(options), reader)
    except ImportError as fault:
        raise StorageMisconfigured(f"The libraries for DOCUMENT_STORAGE={kind} are not installed.") from fault
    except Exception as fault:
        raise StorageMisconfigured(f"DOCUMENT_STORAGE_OPTIONS are not accepted by {kind}.") from fault


def _s3(options: Mapping[str, Any]) -> Storage:
    from botocore.config import Config
    from storages.backends.s3 import S3Storage

    patience = Config(
        connect_timeout=5,
        read_timeout=30,
        retries={"max_attempts": 2},
        s3={"addressing_style": options.get("addressing_style") or "auto"},
        signature_version=options.get("signature_version") or "s3v4",
    )
    safe = {
        "file_overwrite": False,
        "default_acl": None,
        "querystring_auth": True,
        "querystring_expire": 60,
        "gzip": False,
        "max_memory_size": SPOOL_BYTES,
    }
    return S3Storage(client_config=patience, **{**options, **safe})


def _azure(options: Mapping[str, Any]) -> Storage:
    from storages.backends.azure_storage import AzureStorage

    return AzureStorage(**{**options, "overwrite_files": False, "expiration_secs": 60, "timeout": 30})


def _gcs(options: Mapping[str, Any]) -> Storage:
    from storages.backends.gcloud import GoogleCloudStorage

    return GoogleCloudStorage(**{**options, "file_overwrite": False, "default_acl": None, "querystring_auth": True})
