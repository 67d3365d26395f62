"""Lets the newest words at a touchpoint be read without sorting all of its answers."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('responses', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='response',
            index=models.Index(
                fields=['touchpoint', '-submitted_at', '-id'], name='responses_place'
            ),
        ),
    ]
