from decimal import Decimal

import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import quartier.ranges
import quartier.search
from django.conf import settings
from django.db import migrations, models

# The history of a term, decisions and events only grow.
APPEND_ONLY = "\n".join(
    f"""CREATE TRIGGER districts_{table}_append_only BEFORE UPDATE OR DELETE ON districts_{table}
    FOR EACH ROW EXECUTE FUNCTION districts_history_is_append_only();"""
    for table in ("assignmentterm", "assignmentdecision", "assignmentevent")
)
# Nobody does more than one whole post, on whatever posts it is spread. The lock lets two changes about the same person
# wait for each other; a sum changes only where a share begins.
NOT_MORE_THAN_WHOLE = """
CREATE FUNCTION districts_staffing_up_to_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.person_id IS NULL OR NEW.share IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('districts_staffing'), NEW.person_id::int);
    IF EXISTS (
        SELECT FROM districts_staffing AS begun
        JOIN districts_staffing AS other ON other.person_id = begun.person_id
            AND daterange(other.valid_from, other.valid_to, '[]') @> coalesce(begun.valid_from, '-infinity'::date)
        WHERE begun.person_id = NEW.person_id
            AND daterange(NEW.valid_from, NEW.valid_to, '[]') @> coalesce(begun.valid_from, '-infinity'::date)
        GROUP BY begun.id HAVING sum(other.share) > 1
    ) THEN
        RAISE EXCEPTION 'a person does more than one whole post' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'staffing_person_up_to_one';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER districts_staffing_up_to_one AFTER INSERT OR UPDATE ON districts_staffing
    FOR EACH ROW EXECUTE FUNCTION districts_staffing_up_to_one();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('districts', '0006_carrier_staff'),
    ]

    operations = [
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(editable=False, max_length=60, unique=True, verbose_name='Kennung')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='Name')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='Reihenfolge')),
                ('is_active', models.BooleanField(default=True, verbose_name='wird angeboten')),
                ('sort_key', models.GeneratedField(db_persist=True, expression=quartier.search.GermanSortKey('name'), output_field=models.CharField(db_collation='C', max_length=400))),
            ],
            options={
                'ordering': ['position', 'sort_key'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='Bezeichnung')),
                ('type', models.CharField(choices=[('general', 'allgemein'), ('thematic', 'thematisch'), ('project', 'projektgebunden')], max_length=8, verbose_name='Art')),
                ('theme', models.CharField(blank=True, max_length=120, verbose_name='Thema')),
                ('status', models.CharField(choices=[('aimed', 'angestrebt'), ('applied', 'beantragt'), ('decided', 'beschlossen'), ('running', 'laufend'), ('expired', 'ausgelaufen'), ('continued', 'verstetigt')], default='aimed', max_length=9, verbose_name='Stand')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='Beginn')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='Ende')),
                ('decision_reference', models.CharField(blank=True, max_length=200, verbose_name='Beschluss oder Vorlage')),
                ('strategy_note', models.TextField(blank=True, max_length=2000, verbose_name='Passung zur gesamtstädtischen Strategie')),
                ('model', models.PositiveSmallIntegerField(blank=True, choices=[(0, '0: kommunales Quartiersmanagement'), (1, '1: Stadtteilbüro beim Träger, Rest bei der Kommune'), (2, '2: städtische Gesellschaft und Träger'), (3, '3: externe Steuerung und Träger'), (4, '4: Tandem aus Planung und Gemeinwesenarbeit'), (5, '5: alles bei einem Auftragnehmer')], null=True, verbose_name='Organisationsmodell')),
                ('steering_is_qm', models.BooleanField(default=False, verbose_name='Prozesssteuerung gehört zum Quartiersmanagement')),
                ('planning_is_qm', models.BooleanField(default=False, verbose_name='Planung gehört zum Quartiersmanagement')),
                ('community_is_qm', models.BooleanField(default=False, verbose_name='Gemeinwesenarbeit gehört zum Quartiersmanagement')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('sort_key', models.GeneratedField(db_persist=True, expression=quartier.search.GermanSortKey('name'), output_field=models.CharField(db_collation='C', max_length=400))),
                ('community_actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='districts.actor', verbose_name='Gemeinwesenarbeit')),
                ('districts', models.ManyToManyField(related_name='assignments', to='districts.district', verbose_name='Quartiere')),
                ('planning_actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='districts.actor', verbose_name='Planung')),
                ('predecessor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='districts.assignment', verbose_name='Vorläufer')),
                ('steering_actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='districts.actor', verbose_name='Prozesssteuerung')),
                ('programme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='districts.programme', verbose_name='Programm')),
            ],
            options={
                'ordering': ['sort_key'],
            },
        ),
        migrations.CreateModel(
            name='AssignmentEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('entered', 'eingetragen'), ('edited', 'Angaben geändert'), ('moved', 'Stand geändert'), ('carrier', 'Träger geändert'), ('model', 'Organisationsmodell geändert'), ('term', 'Laufzeit geändert'), ('decided', 'Entscheidung festgehalten'), ('post', 'Stelle geändert'), ('staffing', 'Besetzung geändert'), ('tasks', 'Aufgabenverteilung geändert')], max_length=8)),
                ('source', models.CharField(blank=True, max_length=9)),
                ('target', models.CharField(blank=True, max_length=9)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='districts.assignment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='Bezeichnung der Stelle')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='districts.assignment')),
                ('district', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='districts.district', verbose_name='Quartier')),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PostShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('share', models.DecimalField(blank=True, decimal_places=2, max_digits=4, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0.05')), django.core.validators.MaxValueValidator(Decimal('20.00'))], verbose_name='Stellenanteil')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='ab')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='bis')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='districts.post')),
            ],
            options={
                'ordering': [models.OrderBy(models.F('valid_from'), nulls_first=True), 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Staffing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='Name oder Funktion')),
                ('role', models.CharField(choices=[('manager', 'Quartiersmanagement'), ('assistant', 'Assistenz'), ('freelance', 'Honorarkraft'), ('coordination', 'Koordination')], default='manager', max_length=12, verbose_name='Rolle')),
                ('area', models.CharField(blank=True, choices=[('steering', 'Prozesssteuerung'), ('planning', 'Planung'), ('community', 'Gemeinwesenarbeit')], max_length=9, verbose_name='Schwerpunkt')),
                ('share', models.DecimalField(blank=True, decimal_places=2, max_digits=3, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0.05')), django.core.validators.MaxValueValidator(Decimal('1.00'))], verbose_name='Anteil')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='ab')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='bis')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='staffings', to=settings.AUTH_USER_MODEL, verbose_name='Person mit Zugang')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staffings', to='districts.post')),
            ],
            options={
                'ordering': [models.OrderBy(models.F('valid_from'), nulls_first=True), 'pk'],
            },
        ),
        migrations.CreateModel(
            name='TaskAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('task', models.CharField(max_length=4, verbose_name='Aufgabe')),
                ('is_needed', models.BooleanField(default=True, verbose_name='fällt hier an')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='Anmerkung')),
                ('agreed_on', models.DateField(blank=True, null=True, verbose_name='vereinbart am')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='districts.assignment')),
            ],
            options={
                'ordering': ['task'],
            },
        ),
        migrations.CreateModel(
            name='TaskDuty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('responsible', 'verantwortlich'), ('participating', 'wirkt mit')], max_length=13, verbose_name='Anteil')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='districts.actor')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duties', to='districts.taskagreement')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-part', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='AssignmentCarrier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('carrier', 'Träger'), ('tandem', 'Tandempartner'), ('bidder', 'Mitglied der Bietergemeinschaft'), ('partner', 'Kooperationspartner')], default='carrier', max_length=7, verbose_name='Rolle')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='ab')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='bis')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='carried', to='districts.actor', verbose_name='Träger')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='carriers', to='districts.assignment')),
            ],
            options={
                'ordering': [models.OrderBy(models.F('valid_from'), nulls_first=True), 'role', 'actor__sort_key'],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_from', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='assignment_carrier_in_order'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('assignment', '='), ('actor', '='), (quartier.ranges.DateRange('valid_from', 'valid_to', models.Value('[]')), '&&')], name='assignment_carrier_once_at_a_time'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('role', 'carrier')), expressions=[('assignment', '='), (quartier.ranges.DateRange('valid_from', 'valid_to', models.Value('[]')), '&&')], name='assignment_one_carrier_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='AssignmentDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.CharField(choices=[('extend', 'verlängern'), ('general', 'in allgemeines Quartiersmanagement überführen'), ('carrier', 'an einen Träger übergeben'), ('expire', 'auslaufen lassen')], max_length=7, verbose_name='Entscheidung')),
                ('reason', models.TextField(max_length=2000, verbose_name='Begründung')),
                ('on', models.DateField(verbose_name='entschieden am')),
                ('reference', models.CharField(blank=True, max_length=200, verbose_name='Beschluss oder Vorlage')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='districts.assignment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-on', '-at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('choice__in', ['extend', 'general', 'carrier', 'expire'])), name='assignment_decision_known'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='assignment_decision_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='AssignmentTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('granted', 'bewilligt'), ('extended', 'verlängert'), ('applied', 'Verlängerung beantragt'), ('shortened', 'verkürzt'), ('permanent', 'entfristet')], max_length=9, verbose_name='Grund')),
                ('previous_end', models.DateField(blank=True, null=True, verbose_name='bisheriges Ende')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='Ende')),
                ('on', models.DateField(verbose_name='Datum des Bescheids oder Antrags')),
                ('reference', models.CharField(blank=True, max_length=200, verbose_name='Aktenzeichen oder Vorlage')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='districts.assignment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['on', 'at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason__in', ['granted', 'extended', 'applied', 'shortened', 'permanent'])), name='assignment_term_reason_known'), models.CheckConstraint(condition=models.Q(('reason', 'granted'), models.Q(('ends_on', None), ('reason', 'permanent')), models.Q(('ends_on__gt', models.F('previous_end')), ('reason__in', ['extended', 'applied'])), models.Q(('ends_on__isnull', False), ('reason', 'shortened'), models.Q(('previous_end', None), ('ends_on__lt', models.F('previous_end')), _connector='OR')), _connector='OR'), name='assignment_term_goes_the_right_way')],
            },
        ),
        migrations.CreateModel(
            name='DistrictClassification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('challenged', 'Quartier mit besonderen Herausforderungen'), ('need', 'Bedarf laut Sozialplanung')], default='challenged', max_length=10, verbose_name='Einstufung')),
                ('basis', models.CharField(max_length=200, verbose_name='Grundlage')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='gültig ab')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='gültig bis')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='classifications', to='districts.district', verbose_name='Quartier')),
            ],
            options={
                'ordering': ['district__sort_key', 'kind', models.OrderBy(models.F('valid_from'), nulls_first=True)],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['challenged', 'need'])), name='classification_kind_known'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_from', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='classification_in_order'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('district', '='), ('kind', '='), (quartier.ranges.DateRange('valid_from', 'valid_to', models.Value('[]')), '&&')], name='classification_once_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='DistrictStructure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('political', models.TextField(blank=True, max_length=1000, verbose_name='Politische Steuerung')),
                ('administrative', models.TextField(blank=True, max_length=1000, verbose_name='Administrative Steuerung')),
                ('escalation', models.TextField(blank=True, max_length=1000, verbose_name='Wenn es nicht weitergeht')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('coordinator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='coordinated_districts', to=settings.AUTH_USER_MODEL, verbose_name='Städtische Koordination')),
                ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Vertretung')),
                ('district', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='structure', to='districts.district')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('deputy', None), ('coordinator', None), models.Q(('deputy', models.F('coordinator')), _negated=True), _connector='OR'), name='structure_deputy_is_somebody_else')],
            },
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(fields=('assignment', 'name'), name='post_name_once_per_assignment'),
        ),
        migrations.AddConstraint(
            model_name='postshare',
            constraint=models.CheckConstraint(condition=models.Q(('share', None), models.Q(('share__gt', 0), ('share__lte', 20)), _connector='OR'), name='post_share_is_positive_or_unknown'),
        ),
        migrations.AddConstraint(
            model_name='postshare',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_from', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='post_share_in_order'),
        ),
        migrations.AddConstraint(
            model_name='postshare',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('post', '='), (quartier.ranges.DateRange('valid_from', 'valid_to', models.Value('[]')), '&&')], name='post_share_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['aimed', 'applied', 'decided', 'running', 'expired', 'continued'])), name='assignment_status_known'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on', None), ('starts_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='assignment_dates_in_order'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'expired'), _negated=True), ('ends_on__isnull', False), _connector='OR'), name='assignment_expired_has_end'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'continued'), _negated=True), ('ends_on', None), _connector='OR'), name='assignment_continued_has_no_end'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('model', None), ('model__range', (0, 5)), _connector='OR'), name='assignment_model_known'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('type', 'thematic'), _negated=True), models.Q(('theme', ''), _negated=True), _connector='OR'), name='assignment_thematic_has_theme'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('predecessor', models.F('id')), _negated=True), name='assignment_not_own_predecessor'),
        ),
        migrations.AddConstraint(
            model_name='staffing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), ('person__isnull', False)), models.Q(('person', None), models.Q(('name', ''), _negated=True)), _connector='OR'), name='staffing_is_a_person_or_a_name'),
        ),
        migrations.AddConstraint(
            model_name='staffing',
            constraint=models.CheckConstraint(condition=models.Q(('share', None), models.Q(('share__gt', 0), ('share__lte', 1)), _connector='OR'), name='staffing_share_up_to_one'),
        ),
        migrations.AddConstraint(
            model_name='staffing',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_from', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='staffing_in_order'),
        ),
        migrations.AddConstraint(
            model_name='staffing',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('person__isnull', False)), expressions=[('post', '='), ('person', '='), ('role', '='), (quartier.ranges.DateRange('valid_from', 'valid_to', models.Value('[]')), '&&')], name='staffing_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='taskagreement',
            constraint=models.UniqueConstraint(fields=('assignment', 'task'), name='task_agreed_once'),
        ),
        migrations.AddConstraint(
            model_name='taskduty',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('actor__isnull', False), ('person', None)), models.Q(('actor', None), ('person__isnull', False)), _connector='OR'), name='task_duty_of_an_actor_or_a_person'),
        ),
        migrations.AddConstraint(
            model_name='taskduty',
            constraint=models.CheckConstraint(condition=models.Q(('part__in', ['responsible', 'participating'])), name='task_duty_part_known'),
        ),
        migrations.AddConstraint(
            model_name='taskduty',
            constraint=models.UniqueConstraint(fields=('agreement', 'actor', 'person'), name='task_duty_once', nulls_distinct=False),
        ),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
        migrations.RunSQL(NOT_MORE_THAN_WHOLE, migrations.RunSQL.noop),
    ]
