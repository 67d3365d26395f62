from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0004_fill_actors'),
    ]

    operations = [
        migrations.AlterField(
            model_name='interaction',
            name='actor',
            field=models.UUIDField(),
        ),
    ]
