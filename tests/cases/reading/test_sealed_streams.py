"""Sealed files: what goes in comes out, and any change, cut or swap is noticed."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.kernel.crypto import DataKey, Place, UnreadableSecret
from config.kernel.crypto.streams import (
    FRAME_BYTES,
    HEADER_BYTES,
    TAG_BYTES,
    decrypt_from,
    decrypt_stream,
    encrypt_stream,
    stream_version,
)

KEY = DataKey(UUID(int=1), 3, bytes(range(32)))
PLACE = Place("cases_document", "original", UUID(int=7))
FRAME = 64


def _sealed(plain: bytes, *, frame: int = FRAME, key: DataKey = KEY, place: Place = PLACE) -> bytes:
    return b"".join(encrypt_stream(key=key, place=place, source=[plain], frame_bytes=frame))


def _opened(sealed: bytes, *, key: DataKey = KEY, place: Place = PLACE) -> bytes:
    return b"".join(decrypt_stream(key=key, place=place, source=[sealed]))


def _chunks(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@given(plain=st.binary(max_size=1000), frame=st.integers(1, 300), into=st.integers(1, 500), out=st.integers(1, 500))
def test_any_content_in_any_chunks_comes_back(plain: bytes, frame: int, into: int, out: int) -> None:
    source = _chunks(plain, into)
    sealed = b"".join(encrypt_stream(key=KEY, place=PLACE, source=source, frame_bytes=frame))
    frames = max(1, -(-len(plain) // frame))
    assert len(sealed) == HEADER_BYTES + len(plain) + frames * TAG_BYTES
    assert b"".join(decrypt_stream(key=KEY, place=PLACE, source=_chunks(sealed, out))) == plain


@given(plain=st.binary(min_size=1, max_size=600), frame=st.integers(1, 300), data=st.data())
def test_from_any_byte_on_only_its_frames_are_asked_for(plain: bytes, frame: int, data: st.DataObject) -> None:
    sealed, asked = _sealed(plain, frame=frame), []
    start = data.draw(st.integers(0, len(plain) - 1))

    def read(at: int, length: int | None) -> list[bytes]:
        asked.append(at)
        return [sealed[at : None if length is None else at + length]]

    assert b"".join(decrypt_from(key=KEY, place=PLACE, read=read, start=start)) == plain[start:]
    assert asked == [0, HEADER_BYTES + start // frame * (frame + TAG_BYTES)]


@given(plain=st.binary(min_size=1, max_size=400), data=st.data())
def test_from_any_byte_on_a_change_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed, start = bytearray(_sealed(plain)), data.draw(st.integers(0, len(plain) - 1))
    first = HEADER_BYTES + start // FRAME * (FRAME + TAG_BYTES)
    at = data.draw(st.integers(0, HEADER_BYTES - 1) | st.integers(first, len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(UnreadableSecret):
        list(
            decrypt_from(
                key=KEY,
                place=PLACE,
                start=start,
                read=lambda at, length: [bytes(sealed[at : None if length is None else at + length])],
            )
        )


@given(plain=st.binary(max_size=400), data=st.data())
def test_one_flipped_bit_anywhere_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(_sealed(plain))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(UnreadableSecret):
        _opened(bytes(sealed))


@given(plain=st.binary(min_size=1, max_size=400), data=st.data())
def test_a_missing_end_is_noticed_wherever_the_cut_is(plain: bytes, data: st.DataObject) -> None:
    sealed = _sealed(plain)
    with pytest.raises(UnreadableSecret):
        _opened(sealed[: data.draw(st.integers(0, len(sealed) - 1))])


@given(tail=st.binary(min_size=1, max_size=200))
def test_anything_added_at_the_end_is_noticed(tail: bytes) -> None:
    with pytest.raises(UnreadableSecret):
        _opened(_sealed(b"x" * 150) + tail)


def _frames(sealed: bytes) -> list[bytes]:
    return _chunks(sealed[HEADER_BYTES:], FRAME + TAG_BYTES)


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 2, 1), (0, 0, 2), (0, 2), (1, 2), (0, 1)])
def test_frames_swapped_repeated_or_left_out_are_noticed(order: tuple[int, ...]) -> None:
    sealed = _sealed(bytes(FRAME) + bytes(FRAME) + b"end")
    frames = _frames(sealed)
    with pytest.raises(UnreadableSecret):
        _opened(sealed[:HEADER_BYTES] + b"".join(frames[index] for index in order))


def test_frames_of_two_files_do_not_mix() -> None:
    first, second = _sealed(b"a" * 150), _sealed(b"a" * 150)
    mixed = first[:HEADER_BYTES] + b"".join([_frames(first)[0], *_frames(second)[1:]])
    with pytest.raises(UnreadableSecret):
        _opened(mixed)


def test_the_same_content_is_sealed_differently_each_time() -> None:
    assert _sealed(b"same") != _sealed(b"same")


def test_a_copy_elsewhere_does_not_open() -> None:
    for place in (
        Place("cases_document", "original", uuid4()),
        Place("cases_document", "preview", PLACE.row_id),
        Place("cases_report", "original", PLACE.row_id),
    ):
        with pytest.raises(UnreadableSecret):
            _opened(_sealed(b"text"), place=place)


@pytest.mark.parametrize("key", [DataKey(KEY.subject_id, 3, bytes(32)), DataKey(KEY.subject_id, 4, KEY.secret)])
def test_another_key_or_key_version_does_not_open(key: DataKey) -> None:
    with pytest.raises(UnreadableSecret):
        _opened(_sealed(b"text"), key=key)


def test_the_key_version_can_be_read_from_the_head() -> None:
    assert stream_version(_sealed(b"text")[:HEADER_BYTES]) == 3
    for head in (b"", b"SOPF", b"%PDF-1.7".ljust(HEADER_BYTES, b" ")):
        with pytest.raises(UnreadableSecret):
            stream_version(head)


def test_nothing_unauthentic_is_ever_yielded() -> None:
    sealed = bytearray(_sealed(b"a" * FRAME + b"b" * FRAME + b"c"))
    sealed[HEADER_BYTES + FRAME + TAG_BYTES + 3] ^= 1
    seen = []
    with pytest.raises(UnreadableSecret):
        for chunk in decrypt_stream(key=KEY, place=PLACE, source=[bytes(sealed)]):
            seen.append(chunk)
    assert seen == [b"a" * FRAME]


@pytest.mark.parametrize("size", [0, -1, 2**21])
def test_an_unreasonable_frame_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="frame"):
        list(encrypt_stream(key=KEY, place=PLACE, source=[b""], frame_bytes=size))


def test_memory_stays_constant_for_a_large_file() -> None:
    def source() -> Iterator[bytes]:
        for _ in range(64):
            yield bytes(FRAME_BYTES)

    tracemalloc.start()
    sealed = encrypt_stream(key=KEY, place=PLACE, source=source())
    size = sum(len(chunk) for chunk in decrypt_stream(key=KEY, place=PLACE, source=sealed))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == 64 * FRAME_BYTES
    assert peak < 12 * FRAME_BYTES
