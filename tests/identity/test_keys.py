"""Data keys: one per person and version, wrapped, and worthless once destroyed."""

from uuid import uuid4

import pytest

from config.kernel.crypto import Place, UnreadableSecret, master_open, open_text, seal_text
from identity import services
from identity.adapters import key_shares
from identity.models import DataKeyRecord
from tests.identity.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _forget() -> None:
    services.forget_keys()


def test_the_first_use_makes_version_one_and_later_uses_find_it() -> None:
    subject = uuid4()
    made = services.data_key(subject_id=subject)
    services.forget_keys()
    assert services.data_key(subject_id=subject) == made
    assert services.data_key(subject_id=subject, version=1) == made
    assert (made.version, len(made.secret)) == (1, 32)


def test_ten_first_uses_at_once_agree_on_one_key() -> None:
    subject = uuid4()
    keys, errors = at_once(lambda _: services.data_key(subject_id=subject), 10)
    assert errors == []
    assert len({key.secret for key in keys}) == 1
    assert DataKeyRecord.objects.filter(subject_id=subject).count() == 1


def test_two_people_have_two_keys() -> None:
    assert services.data_key(subject_id=uuid4()).secret != services.data_key(subject_id=uuid4()).secret


def test_the_table_holds_the_key_wrapped_and_bound_to_its_row() -> None:
    subject, other = uuid4(), uuid4()
    key = services.data_key(subject_id=subject)
    row = DataKeyRecord.objects.get(subject_id=subject)
    assert key.secret not in bytes(row.wrapped)
    half = master_open(Place("identity_datakeyrecord", "wrapped", row.id), bytes(row.wrapped))
    assert bytes(a ^ b for a, b in zip(half, key_shares.get(row.id), strict=True)) == key.secret
    services.data_key(subject_id=other)
    DataKeyRecord.objects.filter(subject_id=other).update(wrapped=row.wrapped)
    services.forget_keys()
    with pytest.raises(UnreadableSecret):
        services.data_key(subject_id=other)


def test_a_destroyed_version_opens_nothing_any_more() -> None:
    subject, place = uuid4(), Place("t", "c", uuid4())
    sealed = seal_text(services.data_key(subject_id=subject), place, "a finding")
    DataKeyRecord.objects.filter(subject_id=subject).delete()
    services.forget_keys()
    with pytest.raises(UnreadableSecret):
        services.data_key(subject_id=subject, version=1)
    with pytest.raises(UnreadableSecret):
        open_text(services.data_key(subject_id=subject), place, sealed)


def test_a_key_made_in_a_transaction_that_fails_is_not_remembered() -> None:
    from identity.db import atomic

    subject = uuid4()
    with pytest.raises(RuntimeError, match="later"), atomic():
        services.data_key(subject_id=subject)
        raise RuntimeError("something later fails")
    assert not DataKeyRecord.objects.filter(subject_id=subject).exists()
    again = services.data_key(subject_id=subject)
    services.forget_keys()
    assert services.data_key(subject_id=subject) == again


def test_a_key_does_not_show_itself() -> None:
    key = services.data_key(subject_id=uuid4())
    assert "secret" not in repr(key)
