"""What the database itself refuses, whoever asks: changing a published version, publishing one's own."""

from typing import Any

from psycopg import sql

from config.kernel.editions.states import EditionState

_GUARD = """
CREATE OR REPLACE FUNCTION {f}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a version is never deleted' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.state = {draft} THEN
    IF NEW.state = {published} AND (NEW.published_by IS NULL OR NEW.writers ? NEW.published_by::text
        OR NEW.body IS DISTINCT FROM OLD.body OR NEW.writers IS DISTINCT FROM OLD.writers) THEN
      RAISE EXCEPTION 'a version is published as it stands, by somebody who did not write it'
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.kind, NEW.code, NEW.number, NEW.body, NEW.note, NEW.sha256, NEW.writers, NEW.written_at, NEW.published_by,
      NEW.published_at) IS DISTINCT FROM (OLD.kind, OLD.code, OLD.number, OLD.body, OLD.note, OLD.sha256, OLD.writers,
      OLD.written_at, OLD.published_by, OLD.published_at)
     OR NOT (NEW.state = OLD.state OR (OLD.state = {published} AND NEW.state = {retired})) THEN
    RAISE EXCEPTION 'a published version never changes' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""


def guard_editions(cursor: Any, schema: str) -> None:
    """Put the guard on the schema's table of versions; running it again changes nothing."""
    table, function = sql.Identifier(schema, f"{schema}_edition"), sql.Identifier(schema, "guard_edition")
    states = {
        "draft": sql.Literal(EditionState.DRAFT.value),
        "published": sql.Literal(EditionState.PUBLISHED.value),
        "retired": sql.Literal(EditionState.RETIRED.value),
    }
    cursor.execute(sql.SQL(_GUARD).format(f=function, **states))
    cursor.execute(
        sql.SQL(
            "CREATE OR REPLACE TRIGGER guard_edition BEFORE UPDATE OR DELETE ON {t} FOR EACH ROW EXECUTE FUNCTION {f}()"
        ).format(t=table, f=function)
    )
