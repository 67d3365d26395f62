"""Keep what was published as it was: the database refuses, whoever asks.

Inserts and updates are refused at once. A deletion is judged when the transaction ends: the rows
of a version that is deleted as a whole, with its map or its workspace, may go with it.
"""

from django.db import migrations

CONTENT = {
    "maps_stage": "{row}.version_id",
    "maps_lane": "{row}.version_id",
    "maps_step": "(SELECT version_id FROM maps_stage WHERE id = {row}.stage_id)",
    "maps_card": "(SELECT version_id FROM maps_lane WHERE id = {row}.lane_id)",
}

FUNCTIONS = """
CREATE FUNCTION maps_refuse_frozen(version uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM maps_version WHERE id = version AND status <> 'draft') THEN
        RAISE EXCEPTION 'This version of the map is published and stays as it is.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'maps_version_frozen';
    END IF;
END $$;

CREATE FUNCTION maps_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'draft' AND (
        NEW.status = 'draft'
        OR (NEW.map_id, NEW.number, NEW.published_at)
            IS DISTINCT FROM (OLD.map_id, OLD.number, OLD.published_at)
    ) THEN
        RAISE EXCEPTION 'A published version does not become a draft again.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'maps_version_frozen';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER maps_version_stays BEFORE UPDATE ON maps_version
    FOR EACH ROW EXECUTE FUNCTION maps_version_stays();
"""

# A card whose lane is gone too has no version any more: nothing is refused then.
FOR_TABLE = """
CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM maps_refuse_frozen({old});
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        PERFORM maps_refuse_frozen({old});
    END IF;
    PERFORM maps_refuse_frozen({new});
    RETURN NEW;
END $$;

CREATE TRIGGER {table}_stays BEFORE INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_stays();

CREATE CONSTRAINT TRIGGER {table}_not_deleted AFTER DELETE ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {table}_stays();
"""

UNDO_TABLE = """
DROP TRIGGER IF EXISTS {table}_stays ON {table};
DROP TRIGGER IF EXISTS {table}_not_deleted ON {table};
DROP FUNCTION IF EXISTS {table}_stays();
"""

UNDO = """
DROP TRIGGER IF EXISTS maps_version_stays ON maps_version;
DROP FUNCTION IF EXISTS maps_version_stays();
DROP FUNCTION IF EXISTS maps_refuse_frozen(uuid);
"""


def _tables() -> str:
    return "".join(
        FOR_TABLE.format(table=table, old=path.format(row="OLD"), new=path.format(row="NEW"))
        for table, path in CONTENT.items()
    )


class Migration(migrations.Migration):
    dependencies = [("maps", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=FUNCTIONS + _tables(),
            reverse_sql="".join(UNDO_TABLE.format(table=table) for table in CONTENT) + UNDO,
        )
    ]
