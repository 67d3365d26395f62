"""Who was merged into whom, and with it who the person is."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='merged_into',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='absorbed', to='customers.customer', verbose_name='merged into'),
        ),
        migrations.AddField(
            model_name='customer',
            name='root',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce('merged_into_id', 'id'), output_field=models.UUIDField()),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['root'], name='customers_customer_family'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='customers_customer_absorbed'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='customers_customer_not_into_itself', violation_error_message='Nobody is merged into themselves.'),
        ),
    ]
