"""Rows of professionals, for what no service makes: many at once, others' states, what another context told."""

import factory
from factory.django import DjangoModelFactory

from professionals.models import (
    Affiliation,
    CalendarEntry,
    CaseWork,
    Credential,
    Evidence,
    Licence,
    Organisation,
    Professional,
    Publication,
    Review,
    Statistics,
    VerificationDecision,
)
from tests.factories.values import from_now, other_id


class ProfessionalFactory(DjangoModelFactory[Professional]):
    """A verified specialist, without an account of identity's."""

    class Meta:
        model = Professional

    user_id = other_id("specialist")
    display_name = factory.Sequence("Dr. Number {}".format)
    specialty = "cardiology"
    state = "VERIFIED"


class LicenceFactory(DjangoModelFactory[Licence]):
    """A licence of ``professional``, checked and in force."""

    class Meta:
        model = Licence

    place = "DE"
    number_sealed = b"x"
    number_index = factory.LazyAttribute(lambda row: f"{row.place}{row.professional.id}".encode())
    body = "Chamber"
    status = "active"
    verified_at = from_now(days=-50)


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """An organisation that is known by its name, as it is compared."""

    class Meta:
        model = Organisation

    name = factory.Sequence("Clinic {}".format)
    names = factory.LazyAttribute(lambda row: [row.name.lower()])


class AffiliationFactory(DjangoModelFactory[Affiliation]):
    """What ties ``professional`` to another: by default to an ``organisation`` that employs them."""

    class Meta:
        model = Affiliation

    kind = "employer"
    declared_by = other_id("who declared an affiliation")


class CalendarEntryFactory(DjangoModelFactory[CalendarEntry]):
    """An hour of ``professional`` that is taken."""

    class Meta:
        model = CalendarEntry

    kind = "booked"
    starts_at = from_now(hours=-1)
    ends_at = from_now(hours=1)


class CredentialFactory(DjangoModelFactory[Credential]):
    """A degree that ``professional`` names."""

    class Meta:
        model = Credential

    kind, title, body = "education", "MD", "University"
    recorded_by = other_id("who recorded a credential")


class EvidenceFactory(DjangoModelFactory[Evidence]):
    """A file about a credential of ``professional``, not looked at yet."""

    class Meta:
        model = Evidence

    credential = factory.SubFactory(CredentialFactory, professional=factory.SelfAttribute("..professional"))
    uploaded_by = other_id("who uploaded evidence")
    name_sealed = content_sealed = b""
    size = 1


class PublicationFactory(DjangoModelFactory[Publication]):
    """Figures that wait for a second person."""

    class Meta:
        model = Publication

    figures = factory.Dict({"signed": 30})
    proposed_at = from_now()


class StatisticsFactory(DjangoModelFactory[Statistics]):
    """The figures of a specialist, as the nightly job leaves them."""

    class Meta:
        model = Statistics

    figures = factory.Dict({})
    computed_at = from_now()


class CaseWorkFactory(DjangoModelFactory[CaseWork]):
    """A case as its events told it: open, of nobody."""

    class Meta:
        model = CaseWork

    class Params:
        over = factory.Trait(closed=True)

    case_id = other_id("case of a specialist")
    patient_id = other_id("patient of a specialist")


class ReviewFactory(DjangoModelFactory[Review]):
    """A patient's word on ``professional`` that nobody has read."""

    class Meta:
        model = Review

    case_id = other_id("case of a review")
    patient_id = other_id("patient of a review")
    score = 5


class VerificationDecisionFactory(DjangoModelFactory[VerificationDecision]):
    """What one person prepared on a specialist, and another decides."""

    class Meta:
        model = VerificationDecision

    prepared_by = other_id("who prepared a verification")
    evidence = "x"
