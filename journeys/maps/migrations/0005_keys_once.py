from django.db import migrations, models

STEP_VERSION = (
    "(SELECT stage.version_id FROM maps_step step JOIN maps_stage stage ON stage.id = step.stage_id"
    " WHERE step.id = {row}.step_id)"
)

FREEZE_LINKS = f"""
CREATE FUNCTION maps_steplink_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM maps_refuse_frozen({STEP_VERSION.format(row="OLD")});
        RETURN NULL;
    END IF;
    PERFORM maps_refuse_frozen({STEP_VERSION.format(row="NEW")});
    RETURN NEW;
END $$;

CREATE TRIGGER maps_steplink_stays BEFORE INSERT OR UPDATE ON maps_steplink
    FOR EACH ROW EXECUTE FUNCTION maps_steplink_stays();

CREATE CONSTRAINT TRIGGER maps_steplink_not_deleted AFTER DELETE ON maps_steplink
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION maps_steplink_stays();
"""

UNDO = """
DROP TRIGGER IF EXISTS maps_steplink_stays ON maps_steplink;
DROP TRIGGER IF EXISTS maps_steplink_not_deleted ON maps_steplink;
DROP FUNCTION IF EXISTS maps_steplink_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("maps", "0004_fill_keys_and_findings")]

    operations = [
        migrations.RemoveField(model_name='stage', name='phase'),
        migrations.RenameField(model_name='stage', old_name='phase_in_model', new_name='phase'),
        migrations.AddConstraint(
            model_name='lane',
            constraint=models.UniqueConstraint(fields=('version', 'key'), name='maps_lane_key_once'),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.UniqueConstraint(fields=('version', 'key'), name='maps_stage_key_once'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.UniqueConstraint(fields=('lane', 'key'), name='maps_card_key_once'),
        ),
        migrations.RunSQL(sql=FREEZE_LINKS, reverse_sql=UNDO),
    ]
