from cxm.common.scope import directory_scope, workspace_scope
from django.db import migrations

# As far as the rows tell: their customer, else what they share with the others of their visit.
FILL = """
UPDATE interactions_interaction SET actor = coalesce(customer_id, visit_key)
WHERE workspace_id = %s AND actor IS NULL
"""


def fill(apps, schema_editor):
    """Say of each interaction who it was. What follows from visits: manage.py rebuild_interactions."""
    with directory_scope():
        workspaces = list(apps.get_model("workspaces", "Workspace").objects.values_list("pk", flat=True))
    for workspace in workspaces:
        # Rows are seen and written in the scope of their workspace only.
        with workspace_scope(workspace), schema_editor.connection.cursor() as cursor:
            cursor.execute(FILL, [workspace])


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0003_visits'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
