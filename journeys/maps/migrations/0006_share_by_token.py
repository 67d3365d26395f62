"""Lets who presents a share link's token read that link's row, and no other one."""

from django.db import migrations

from cxm.common.rls import TOKEN


class Migration(migrations.Migration):

    dependencies = [
        ('maps', '0005_keys_once'),
    ]

    operations = [
        migrations.RunSQL(
            f'CREATE POLICY token ON "maps_sharelink" FOR SELECT USING ("token_hash" = {TOKEN})',
            'DROP POLICY token ON "maps_sharelink"',
        ),
    ]
