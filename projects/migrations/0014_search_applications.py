import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models

import districts.models.actors


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0013_funds_more'),
    ]

    operations = [
        migrations.AddField(
            model_name='fundapplication',
            name='search_text',
            field=models.GeneratedField(db_persist=True, expression=districts.models.actors.FoldedText(django.db.models.functions.text.Concat(models.F('number'), models.Value(' '), models.F('title'), models.Value(' '), models.F('group_name'), output_field=models.TextField())), output_field=models.TextField()),
        ),
        migrations.AddIndex(
            model_name='fundapplication',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_text'], name='fund_application_search', opclasses=['gin_trgm_ops']),
        ),
    ]
