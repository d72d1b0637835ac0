"""Where sealed documents lie: one port, on disk or in a cloud's bucket."""

from cases.adapters.storage.configured import document_storage, remote_storage
from cases.adapters.storage.disk import DiskStorage
from cases.adapters.storage.object_store import RemoteStorage
from cases.adapters.storage.port import (
    DocumentStorage,
    ObjectExists,
    ObjectMissing,
    ObjectStat,
    StorageError,
    StorageMisconfigured,
    new_key,
)

__all__ = [
    "DiskStorage",
    "DocumentStorage",
    "ObjectExists",
    "ObjectMissing",
    "ObjectStat",
    "RemoteStorage",
    "StorageError",
    "StorageMisconfigured",
    "document_storage",
    "new_key",
    "remote_storage",
]
