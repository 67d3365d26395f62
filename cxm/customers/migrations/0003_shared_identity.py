"""An identity that several people use means nobody."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0002_family'),
    ]

    operations = [
        migrations.AddField(
            model_name='identity',
            name='shared_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='shared since'),
        ),
        migrations.AlterField(
            model_name='identity',
            name='customer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='identities', to='customers.customer', verbose_name='customer'),
        ),
        migrations.AddIndex(
            model_name='identity',
            index=models.Index(condition=models.Q(('shared_at__isnull', False)), fields=['workspace', '-shared_at'], name='customers_identity_shared'),
        ),
        migrations.AddConstraint(
            model_name='identity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('customer__isnull', False), ('shared_at__isnull', True)), models.Q(('customer__isnull', True), ('shared_at__isnull', False)), _connector='OR'), name='customers_identity_somebodys_or_shared', violation_error_message='An identity means one customer, or it is shared.'),
        ),
    ]
