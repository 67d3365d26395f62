from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0009_placement_index'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='reassignment', name='interactions_reassignment_one_at_a_time'),
        migrations.AddField(
            model_name='reassignment',
            name='kind',
            field=models.CharField(choices=[('rules', 'Touchpoints by the rules of today'), ('goals', 'Conversions by the goals of today')], default='rules', editable=False, max_length=10, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='reassignment',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['queued', 'running'])), fields=('workspace', 'kind'), name='interactions_reassignment_one_at_a_time'),
        ),
    ]
