from django.db import migrations, models

# I9: nobody's access closes while they coordinate a body or have an eye on open follow-ups of one, and nobody whose
# access is closed gets either. Locking the person makes both wait for each other.
LEAVING = """
CREATE OR REPLACE FUNCTION projects_leaver_keeps_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM districts_user WHERE id = NEW.id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM projects_body WHERE coordinator_id = NEW.id
               AND (ended_on IS NULL OR ended_on >= (now() AT TIME ZONE 'Europe/Berlin')::date))
       OR EXISTS (SELECT 1 FROM projects_followup WHERE owner_id = NEW.id AND status = 'open')
    THEN
        RAISE EXCEPTION 'somebody leaves who still keeps a body' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER projects_leaver_keeps_nothing BEFORE UPDATE OF is_active ON districts_user
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION projects_leaver_keeps_nothing();

CREATE OR REPLACE FUNCTION projects_coordinator_is_active() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM districts_user WHERE id = NEW.coordinator_id AND is_active FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a body for somebody whose access is closed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER projects_body_coordinator BEFORE UPDATE OF coordinator_id ON projects_body
    FOR EACH ROW WHEN (NEW.coordinator_id IS NOT NULL AND NEW.coordinator_id IS DISTINCT FROM OLD.coordinator_id)
    EXECUTE FUNCTION projects_coordinator_is_active();
CREATE OR REPLACE TRIGGER projects_body_coordinator_new BEFORE INSERT ON projects_body
    FOR EACH ROW WHEN (NEW.coordinator_id IS NOT NULL) EXECUTE FUNCTION projects_coordinator_is_active();

CREATE OR REPLACE FUNCTION projects_follow_up_owner_is_active() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM districts_user WHERE id = NEW.owner_id AND is_active FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a follow-up for somebody whose access is closed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER projects_follow_up_owner BEFORE UPDATE OF owner_id, status ON projects_followup
    FOR EACH ROW WHEN (NEW.owner_id IS NOT NULL AND NEW.status = 'open'
        AND (NEW.owner_id IS DISTINCT FROM OLD.owner_id OR OLD.status <> 'open'))
    EXECUTE FUNCTION projects_follow_up_owner_is_active();
CREATE OR REPLACE TRIGGER projects_follow_up_owner_new BEFORE INSERT ON projects_followup
    FOR EACH ROW WHEN (NEW.owner_id IS NOT NULL AND NEW.status = 'open')
    EXECUTE FUNCTION projects_follow_up_owner_is_active();
"""

NOT_LEAVING = """
DROP TRIGGER projects_follow_up_owner_new ON projects_followup;
DROP TRIGGER projects_follow_up_owner ON projects_followup;
DROP FUNCTION projects_follow_up_owner_is_active();
DROP TRIGGER projects_body_coordinator_new ON projects_body;
DROP TRIGGER projects_body_coordinator ON projects_body;
DROP FUNCTION projects_coordinator_is_active();
DROP TRIGGER projects_leaver_keeps_nothing ON districts_user;
DROP FUNCTION projects_leaver_keeps_nothing();
"""


# Minutes that are approved already say from now on what they would say today.
THEN = """
UPDATE projects_session s SET follow_ups_then = jsonb_build_object(
    'given', coalesce((SELECT jsonb_agg(told ORDER BY due_on, id) FROM told WHERE session_id = s.id), '[]'),
    'carried', coalesce((SELECT jsonb_agg(told ORDER BY due_on, id) FROM told
        WHERE body_id = s.body_id AND given_on < s.on AND (settled_on IS NULL OR settled_on >= s.on)), '[]'))
WHERE s.status = 'approved'
"""
TOLD = """
WITH told AS (
    SELECT f.id, f.body_id, f.given_on, f.settled_on, f.due_on, i.session_id, jsonb_build_object(
        'item_id', f.item_id, 'task', f.task, 'responsible', f.responsible, 'due_on', f.due_on,
        'is_open', f.status = 'open',
        'state', CASE f.status WHEN 'open' THEN 'offen' WHEN 'done' THEN 'erledigt' ELSE 'entfallen' END) AS told
    FROM projects_followup f LEFT JOIN projects_agendaitem i ON i.id = f.item_id
)
""" + THEN


class Migration(migrations.Migration):
    """Nobody leaves a body or its follow-ups behind; approved minutes keep their follow-ups; members have versions."""

    dependencies = [("projects", "0003_action_plan"), ("districts", "0015_berlin_days_and_whole_posts")]

    operations = [
        migrations.AddField("bodymember", "version", models.PositiveIntegerField(default=1, editable=False)),
        migrations.AddField("session", "follow_ups_then", models.JSONField(editable=False, null=True)),
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
        migrations.RunSQL(LEAVING, NOT_LEAVING),
    ]
