from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0003_fill_phases'),
    ]

    operations = [
        migrations.RemoveField(model_name='touchpoint', name='phase'),
        migrations.RenameField(model_name='touchpoint', old_name='phase_in_model', new_name='phase'),
    ]
