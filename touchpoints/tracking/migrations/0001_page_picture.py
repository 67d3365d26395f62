import cxm.common.ids
import django.db.models.deletion
from django.db import migrations, models

from cxm.common.rls import ProtectTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PagePicture',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('path', models.CharField(max_length=500, verbose_name='page')),
                ('device', models.CharField(choices=[('desktop', 'Desktop'), ('tablet', 'Tablet'), ('phone', 'Phone')], max_length=10, verbose_name='device')),
                ('picture', models.CharField(editable=False, max_length=120, verbose_name='picture')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'picture of a page',
                'verbose_name_plural': 'pictures of pages',
                'ordering': ['path', 'device', 'id'],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'path', 'device'), name='tracking_pagepicture_once')],
            },
        ),
        ProtectTable("tracking_pagepicture"),
    ]
