"""Organisations and who is linked with whom: what the parties graph is made of."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from config.kernel.db import Entity
from config.kernel.labels import label
from professionals.models.profiles import Professional


class Organisation(Entity):
    """An organisation with its identities: every name it is known by (``names``, normalised), and its owner."""

    not_personal: ClassVar[str] = "organisations and the names they are known by"
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="other")
    identifier = models.CharField(max_length=60, blank=True)
    names = ArrayField(models.CharField(max_length=200), default=list)
    part_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")

    class Meta(Entity.Meta):
        indexes: ClassVar[list[models.Index]] = [GinIndex(fields=["names"], name="professionals_org_names")]

    def __str__(self) -> str:
        return self.name


class Affiliation(Entity):
    """A specialist's link to an organisation, to another specialist, or to a person by a blind index of the name."""

    personal_to: ClassVar[tuple[str, ...]] = ("professional__user_id",)
    sealed_for: ClassVar[str] = "professional__user_id"
    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="affiliations")
    kind = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="affiliations")
    colleague = models.ForeignKey(Professional, null=True, on_delete=models.CASCADE, related_name="named_by")
    person_index = models.BinaryField(null=True)
    person_sealed = models.BinaryField(null=True)
    declared_by = models.UUIDField()
    ended_on = models.DateField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False)
                | models.Q(colleague__isnull=False)
                | models.Q(person_index__isnull=False),
                name="professionals_affiliation_with",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["person_index"], name="professionals_aff_person")]

    def __str__(self) -> str:
        return label(self.kind)
