from django.db import migrations

from cxm.common.scope import directory_scope, workspace_scope

CONTENT = ("maps_stage", "maps_step", "maps_lane", "maps_card")

FILL = """
UPDATE maps_stage SET key = id;
UPDATE maps_step SET key = id;
UPDATE maps_lane SET key = id;
UPDATE maps_card SET key = id;

UPDATE maps_stage SET phase_in_model_id = phase.id
FROM catalogue_phase phase JOIN catalogue_phasemodel model ON model.id = phase.model_id
WHERE model.is_default AND phase.key = maps_stage.phase;

INSERT INTO maps_painpoint (id, workspace_id, created_at, updated_at, title, description, severity)
SELECT gen_random_uuid(), card.workspace_id, now(), now(), card.text, '', max(card.severity)
FROM maps_card card JOIN maps_lane lane ON lane.id = card.lane_id
WHERE lane.kind = 'pain_points' GROUP BY card.workspace_id, card.text;

UPDATE maps_card SET pain_point_id = found.id
FROM maps_painpoint found, maps_lane lane
WHERE lane.id = maps_card.lane_id AND lane.kind = 'pain_points' AND found.title = maps_card.text;

INSERT INTO maps_opportunity
    (id, workspace_id, created_at, updated_at, title, description, status)
SELECT gen_random_uuid(), card.workspace_id, now(), now(), card.text, '',
    coalesce(nullif(max(card.status), ''), 'idea')
FROM maps_card card JOIN maps_lane lane ON lane.id = card.lane_id
WHERE lane.kind = 'opportunities' GROUP BY card.workspace_id, card.text;

UPDATE maps_card SET opportunity_id = found.id
FROM maps_opportunity found, maps_lane lane
WHERE lane.id = maps_card.lane_id AND lane.kind = 'opportunities' AND found.title = maps_card.text;
"""


def fill(apps, schema_editor):
    """Give rows their keys, stages their phases, and pain points and opportunities rows."""
    Workspace = apps.get_model('workspaces', 'Workspace')
    with directory_scope():
        workspaces = list(Workspace.objects.values_list('pk', flat=True))
    with schema_editor.connection.cursor() as cursor:
        # Published versions get keys too; what they show stays as it is.
        for table in CONTENT:
            cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER {table}_stays')
        for workspace in workspaces:
            # Rows are seen and written in the scope of their workspace only.
            with workspace_scope(workspace):
                cursor.execute(FILL)
        cursor.execute('SET CONSTRAINTS ALL IMMEDIATE')
        for table in CONTENT:
            cursor.execute(f'ALTER TABLE {table} ENABLE TRIGGER {table}_stays')


class Migration(migrations.Migration):
    dependencies = [("maps", "0003_editor")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
