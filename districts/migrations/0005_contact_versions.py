from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('districts', '0004_actors'),
    ]

    operations = [
        migrations.AddField(
            model_name='contactnote',
            name='version',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='contactperson',
            name='version',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddConstraint(
            model_name='contactperson',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to', None), models.Q(('private_email', ''), ('private_note', ''), ('private_phone', '')), _connector='OR'), name='contact_person_private_goes_with_the_end'),
        ),
    ]
