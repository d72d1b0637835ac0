"""Destroying a person's keys: nothing opens any more, no new key is made, and every process knows within a second."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from config.kernel.crypto import DataKey, KeyDestroyed, Place, UnreadableSecret, master_open, open_text, seal_text
from config.kernel.due_work import drain
from identity import services
from identity.adapters import key_changes, key_shares
from identity.models import AuditEntry, DataKeyRecord, DestroyedKey
from identity.services.keys import crypto_shredding
from tests.factories import make_account
from tests.factories.identity import DestroyedKeyFactory
from tests.identity.at_once import at_once
from tests.observations import keys_are_destroyed

pytestmark = pytest.mark.django_db(transaction=True)
PLACE = Place("t", "c", UUID(int=7))


@pytest.fixture(autouse=True)
def _forget() -> None:
    services.forget_keys()
    key_changes.look_again()


def sealed_for(subject: UUID) -> bytes:
    return seal_text(services.data_key(subject_id=subject), PLACE, "a finding")


def test_a_destroyed_key_opens_nothing_and_is_never_made_again() -> None:
    subject = uuid4()
    sealed = sealed_for(subject)
    done = services.destroy_keys(subject_id=subject)
    assert (done.subject_id, done.versions) == (subject, 1)
    for version in (None, 1):
        with pytest.raises(KeyDestroyed):
            open_text(services.data_key(subject_id=subject, version=version), PLACE, sealed)
    assert keys_are_destroyed(subject_id=subject)
    assert not DataKeyRecord.objects.filter(subject_id=subject).exists()


def test_destroying_twice_changes_nothing_and_is_recorded_once() -> None:
    subject = uuid4()
    sealed_for(subject)
    first, again = (services.destroy_keys(subject_id=subject) for _ in range(2))
    assert first == again
    assert AuditEntry.objects.filter(action="keys.destroy", patient_id=subject).count() == 1


def test_somebody_who_never_had_a_key_gets_none_afterwards() -> None:
    subject = uuid4()
    assert services.destroy_keys(subject_id=subject).versions == 0
    with pytest.raises(KeyDestroyed):
        services.data_key(subject_id=subject)


def test_a_list_of_people_leaves_out_the_destroyed() -> None:
    gone, here = uuid4(), uuid4()
    services.data_key(subject_id=gone)
    services.destroy_keys(subject_id=gone)
    assert set(services.data_keys(subject_ids=[gone, here])) == {here}


def test_an_account_with_destroyed_keys_looks_absent() -> None:
    account = make_account()
    services.destroy_keys(subject_id=account.id)
    assert services.get_accounts(user_ids=[account.id]) == {}


def test_a_rolled_back_destruction_destroys_nothing() -> None:
    from identity.db import atomic

    subject = uuid4()
    sealed = sealed_for(subject)
    with pytest.raises(RuntimeError, match="later"), atomic():
        services.destroy_keys(subject_id=subject)
        raise RuntimeError("something later fails")
    services.forget_keys()
    assert open_text(services.data_key(subject_id=subject), PLACE, sealed) == "a finding"


def test_first_uses_beside_a_destruction_leave_no_key_behind() -> None:
    subjects = [uuid4() for _ in range(10)]

    def race(number: int) -> None:
        subject = subjects[number % 10]
        if number < 10:
            services.destroy_keys(subject_id=subject)
        else:
            try:
                services.data_key(subject_id=subject)
            except KeyDestroyed:
                return

    _, errors = at_once(race, 20)
    assert errors == []
    assert not DataKeyRecord.objects.filter(subject_id__in=subjects).exists()


def test_the_database_alone_does_not_hold_the_key() -> None:
    subject = uuid4()
    key = services.data_key(subject_id=subject)
    row = DataKeyRecord.objects.get(subject_id=subject)
    unwrapped = master_open(Place("identity_datakeyrecord", "wrapped", row.id), row.wrapped)
    sealed = seal_text(key, PLACE, "a finding")
    with pytest.raises(UnreadableSecret):
        open_text(DataKey(subject, 1, unwrapped), PLACE, sealed)


def test_a_row_put_back_from_a_backup_stays_unreadable() -> None:
    subject = uuid4()
    sealed = sealed_for(subject)
    row = DataKeyRecord.objects.get(subject_id=subject)
    services.destroy_keys(subject_id=subject)
    DestroyedKey.objects.all().delete()
    row.save(force_insert=True)
    with pytest.raises(KeyDestroyed):
        open_text(services.data_key(subject_id=subject), PLACE, sealed)


def test_a_lost_share_is_a_fault_and_not_an_erasure(settings, tmp_path: Path) -> None:
    subject = uuid4()
    services.data_key(subject_id=subject)
    services.forget_keys()
    settings.KEY_SHARES_DIR = str(tmp_path)
    with pytest.raises(UnreadableSecret, match="KEY_SHARES_DIR") as caught:
        services.data_key(subject_id=subject)
    assert not isinstance(caught.value, KeyDestroyed)


def test_shares_are_for_their_owner_only(settings, tmp_path: Path) -> None:
    settings.KEY_SHARES_DIR = str(tmp_path / "shares")
    subject = uuid4()
    services.data_key(subject_id=subject)
    (share,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert share.stat().st_mode & 0o077 == 0
    assert share.parent.stat().st_mode & 0o077 == 0
    services.destroy_keys(subject_id=subject)
    assert share.read_bytes() == b""


def test_without_a_folder_keys_are_in_one_piece(settings) -> None:
    settings.KEY_SHARES_DIR = ""
    subject = uuid4()
    sealed = sealed_for(subject)
    services.forget_keys()
    assert open_text(services.data_key(subject_id=subject), PLACE, sealed) == "a finding"
    assert not DataKeyRecord.objects.get(subject_id=subject).shared


def test_a_destruction_that_was_cut_short_is_finished_by_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    from config.kernel.jobs import enqueue

    subject = uuid4()
    services.data_key(subject_id=subject)
    row = DataKeyRecord.objects.get(subject_id=subject)
    with monkeypatch.context() as patch:
        patch.setattr(crypto_shredding, "finish_destruction", lambda *, subject_id: None)
        services.destroy_keys(subject_id=subject)
    assert len(key_shares.get(row.id)) == 32
    enqueue(context="identity", kind="identity.finish_shredding", subject_id=uuid4())
    drain("identity")
    with pytest.raises(KeyDestroyed):
        key_shares.get(row.id)


def test_another_process_forgets_within_a_second(tmp_path: Path) -> None:
    subject = uuid4()
    services.data_key(subject_id=subject)
    assert services.data_key(subject_id=subject)
    # The other process' word: what it writes is all that this one sees of it.
    DataKeyRecord.objects.filter(subject_id=subject).delete()
    DestroyedKeyFactory(subject_id=subject)
    assert services.data_key(subject_id=subject), "remembered until somebody says otherwise"
    key_changes.announce()
    key_changes.look_again()
    with pytest.raises(KeyDestroyed):
        services.data_key(subject_id=subject)


def test_a_key_fetched_before_the_news_is_not_remembered_after_it() -> None:
    from identity.db import atomic

    subject = uuid4()
    services.data_key(subject_id=subject)
    services.forget_keys()
    with atomic():
        services.data_key(subject_id=subject)
        services.forget_keys()
    DataKeyRecord.objects.filter(subject_id=subject).delete()
    DestroyedKeyFactory(subject_id=subject)
    with pytest.raises(KeyDestroyed):
        services.data_key(subject_id=subject)


def test_a_silent_valkey_holds_nobody_up(settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    subject = uuid4()
    sealed = sealed_for(subject)
    services.destroy_keys(subject_id=subject)
    with pytest.raises(KeyDestroyed):
        open_text(services.data_key(subject_id=subject), PLACE, sealed)


def test_the_profile_of_an_erased_person_is_absent(api) -> None:
    from tests.factories import principal_for

    account = make_account()
    services.destroy_keys(subject_id=account.id)
    assert api.as_(principal_for(account)).get("/api/v1/profile/me").status_code == 404
