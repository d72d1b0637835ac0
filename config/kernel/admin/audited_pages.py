"""Every page of the admin that shows or changes rows leaves an audit row in the rows' own schema, before it answers."""

from uuid import UUID

from config.kernel.audit import record


def audited(
    context: str,
    action: str,
    model_name: str,
    object_id: object = None,
    *,
    patient_id: UUID | None = None,
    **detail: str,
) -> None:
    """Record ``admin.<action>`` on rows of a model; ids that are no UUIDs go into the detail."""
    identifier = as_uuid(object_id)
    if object_id is not None and identifier is None:
        detail["object"] = str(object_id)[:40]
    record(
        context=context,
        action=f"admin.{action}",
        patient_id=patient_id,
        object_type=model_name[:40],
        object_id=identifier,
        purpose="operations",
        detail=detail,
    )


def as_uuid(value: object) -> UUID | None:
    """The UUID that ``value`` is or spells, or ``None``."""
    if isinstance(value, UUID):
        return value
    try:
        return UUID(str(value))
    except ValueError:
        return None
