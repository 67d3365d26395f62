from django.db import migrations

from cxm.common.scope import directory_scope, workspace_scope

# As they are on the day of this migration; what new workspaces get may change.
MODELS = [
    ('customer-lifecycle', 'Customer lifecycle', False, True, [
        ('awareness', 'Awareness'), ('consideration', 'Consideration'), ('purchase', 'Purchase'),
        ('delivery', 'Delivery'), ('use', 'Use and service'), ('loyalty', 'Loyalty'),
    ]),
    ('decision', 'Decision', False, False, [
        ('awareness', 'Awareness'), ('consideration', 'Consideration'), ('decision', 'Decision'),
        ('deployment', 'Deployment'),
    ]),
    ('loyalty-loop', 'Loyalty loop', True, False, [
        ('awareness', 'Awareness'), ('favourability', 'Favourability'),
        ('consideration', 'Consideration'), ('conversion', 'Conversion'), ('loyalty', 'Loyalty'),
    ]),
]


def fill(apps, schema_editor):
    """Give each workspace the phase models, and its touchpoints the phases of the first."""
    Workspace = apps.get_model('workspaces', 'Workspace')
    PhaseModel = apps.get_model('catalogue', 'PhaseModel')
    Phase = apps.get_model('catalogue', 'Phase')
    Touchpoint = apps.get_model('catalogue', 'Touchpoint')
    with directory_scope():
        workspaces = list(Workspace.objects.values_list('pk', flat=True))
    for workspace in workspaces:
        # Rows are seen and written in the scope of their workspace only.
        with workspace_scope(workspace):
            for key, name, is_cycle, is_default, phases in MODELS:
                model = PhaseModel.objects.create(
                    workspace_id=workspace, key=key, name=name, is_cycle=is_cycle, is_default=is_default
                )
                made = Phase.objects.bulk_create(
                    Phase(workspace_id=workspace, model=model, key=phase, name=title, position=position)
                    for position, (phase, title) in enumerate(phases)
                )
                if is_default:
                    for phase in made:
                        Touchpoint.objects.filter(phase=phase.key).update(phase_in_model=phase)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0002_phases_and_rules'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
