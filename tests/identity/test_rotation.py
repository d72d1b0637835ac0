"""Rotating a person's data key: old cells open, new ones use the new version, jobs bring the rest, old versions go."""

from datetime import timedelta
from io import StringIO
from unittest import mock
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from config.kernel import clock
from config.kernel.crypto import KeyDestroyed, Place, UnreadableSecret, open_text, seal_text
from config.kernel.crypto.data_key_resealing import rows_by_version
from config.kernel.crypto.sealed_values import sealed_version
from config.kernel.errors import Conflict, NotFound
from config.kernel.jobs.execution import run_job
from identity import services
from identity.adapters import key_shares
from identity.models import AuditEntry, DataKeyRecord, Job, User
from identity.services.keys import key_rotation
from tests.factories import make_account
from tests.identity.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PLACE = Place("t", "c", uuid4())


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    services.forget_keys()

    # Only identity's database is open here: the others' part is tested with them.
    def here_only(subject_id, version=None) -> None:
        from config.kernel.jobs import enqueue

        enqueue(context="identity", kind="identity.reseal_person", subject_id=subject_id)

    monkeypatch.setattr(key_rotation, "spread", here_only)
    monkeypatch.setattr("config.kernel.crypto.data_key_resealing.personal_models", _identity_only)
    monkeypatch.setattr("config.kernel.crypto.data_key_resealing.SEALED_FILES", mock.Mock(each=lambda: ()))


def _identity_only(context=None):
    from config.kernel.crypto.inventory import sealed_models

    return (found for found in sealed_models("identity") if found.owner != "master")


def work() -> None:
    for _ in range(5):
        for job_id in Job.objects.filter(state="QUEUED").values_list("id", flat=True):
            run_job("identity", job_id)


def test_the_new_version_seals_and_the_old_one_still_opens() -> None:
    subject = uuid4()
    before = seal_text(services.data_key(subject_id=subject), PLACE, "before")
    assert services.rotate_data_key(subject_id=subject) == 2
    key = services.data_key(subject_id=subject)
    after = seal_text(key, PLACE, "after")
    assert (sealed_version(before), sealed_version(after)) == (1, 2)
    assert (open_text(key, PLACE, before), open_text(key, PLACE, after)) == ("before", "after")


def test_somebody_who_still_holds_the_old_key_reads_what_the_new_one_sealed() -> None:
    subject = uuid4()
    old = services.data_key(subject_id=subject)
    services.rotate_data_key(subject_id=subject)
    assert open_text(old, PLACE, seal_text(services.data_key(subject_id=subject), PLACE, "x")) == "x"


def test_versions_are_different_keys_and_each_has_a_share() -> None:
    subject = uuid4()
    services.data_key(subject_id=subject)
    services.rotate_data_key(subject_id=subject)
    secrets = {services.data_key(subject_id=subject, version=number).secret for number in (1, 2)}
    assert len(secrets) == 2
    for record in DataKeyRecord.objects.filter(subject_id=subject):
        assert len(key_shares.get(record.id)) == 32


def test_jobs_bring_the_profile_onto_the_new_version() -> None:
    account = make_account()
    services.rotate_data_key(subject_id=account.id)
    assert rows_by_version([account.id])[account.id] == {1: 1}
    work()
    assert rows_by_version([account.id])[account.id] == {2: 1}
    assert services.get_account(user_id=account.id).full_name == "Maria Keller"


def test_a_job_of_an_older_rotation_never_takes_cells_back() -> None:
    from config.kernel.crypto.data_key_resealing import reseal_rows

    account = make_account()
    services.rotate_data_key(subject_id=account.id)
    second = services.data_key(subject_id=account.id)
    services.rotate_data_key(subject_id=account.id)
    work()
    assert reseal_rows("identity", second) == 0
    assert sealed_version(User.objects.get(id=account.id).profile_sealed) == 3


def test_old_versions_are_kept_while_in_use_and_while_young_and_then_go() -> None:
    account = make_account()
    services.rotate_data_key(subject_id=account.id)
    old = DataKeyRecord.objects.get(subject_id=account.id, number=1)
    with pytest.raises(Conflict, match="younger"):
        services.retire_data_keys(subject_id=account.id)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        with pytest.raises(Conflict, match="1 cells"):
            services.retire_data_keys(subject_id=account.id)
        work()
        assert services.retire_data_keys(subject_id=account.id) == 1
    assert list(DataKeyRecord.objects.filter(subject_id=account.id).values_list("number", flat=True)) == [2]
    with pytest.raises(UnreadableSecret, match="not in KEY_SHARES_DIR"):
        key_shares.get(old.id)
    with pytest.raises(UnreadableSecret, match="version 1"):
        services.data_key(subject_id=account.id, version=1)
    assert services.get_account(user_id=account.id).full_name == "Maria Keller"


def test_rotations_at_once_make_one_version_each() -> None:
    subject = uuid4()
    services.data_key(subject_id=subject)
    numbers, errors = at_once(lambda _: services.rotate_data_key(subject_id=subject), 8)
    assert errors == []
    assert sorted(numbers) == list(range(2, 10))


def test_erased_people_and_strangers_get_no_new_version() -> None:
    gone = uuid4()
    services.data_key(subject_id=gone)
    services.destroy_keys(subject_id=gone)
    with pytest.raises(KeyDestroyed):
        services.rotate_data_key(subject_id=gone)
    with pytest.raises(NotFound):
        services.rotate_data_key(subject_id=uuid4())


def test_a_rotation_is_recorded() -> None:
    subject = uuid4()
    services.data_key(subject_id=subject)
    services.rotate_data_key(subject_id=subject)
    assert AuditEntry.objects.filter(action="keys.rotate", patient_id=subject).count() == 1


def command(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_rotates_everybody_once_however_often_it_is_cut_short() -> None:
    people = [uuid4() for _ in range(5)]
    for person in people:
        services.data_key(subject_id=person)
    began = clock.now()
    for person in people[:2]:
        services.rotate_data_key(subject_id=person)
    told = command("rotate_data_keys", "--all", "--before", began.isoformat())
    assert f"{DataKeyRecord.objects.filter(number=2).count() - 2:,} keys rotated" in told
    assert DataKeyRecord.objects.filter(subject_id__in=people).count() == 10
    assert not DataKeyRecord.objects.filter(number=3).exists()


def test_the_command_names_who_cannot_retire_yet_by_id_only() -> None:
    account = make_account()
    command("rotate_data_keys", "--patient", str(account.id))
    with pytest.raises(CommandError, match="1 people"):
        command("rotate_data_keys", "--patient", str(account.id), "--retire")


def test_the_command_refuses_a_stranger() -> None:
    with pytest.raises(CommandError, match="no data key"):
        command("rotate_data_keys", "--patient", str(uuid4()))
