"""Lets views and clicks of placements be counted without reading the other interactions."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0002_plan_phase'),
        ('interactions', '0008_contacts_and_jobs'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='interaction',
            index=models.Index(
                condition=models.Q(('event__in', ['Placement viewed', 'Placement clicked'])),
                fields=['workspace', 'placement', 'occurred_at'],
                name='interactions_by_placement',
            ),
        ),
    ]
