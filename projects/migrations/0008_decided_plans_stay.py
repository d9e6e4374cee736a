from django.db import migrations

# What was decided cannot be opened again, moved elsewhere, or given other districts and Handlungsfelder (Z23, Z27).
STAYS = """
CREATE OR REPLACE FUNCTION projects_plan_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving text[] := '{status,superseded_at,update_due_on,version}';
    moves text[] := '{draft-draft,draft-adopted,adopted-adopted,adopted-updating,updating-updating,updating-superseded}';
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status <> 'draft' THEN
            RAISE EXCEPTION 'a decided plan stays' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF NOT OLD.status || '-' || NEW.status = ANY (moves) OR (OLD.status <> 'draft'
        AND to_jsonb(NEW) - moving IS DISTINCT FROM to_jsonb(OLD) - moving) THEN
        RAISE EXCEPTION 'a decided plan stays as it was' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION projects_measure_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    steering text[] := '{status,responsible,starts_on,ends_on,notes,version}';
    stage text := (SELECT status FROM projects_actionplan WHERE id = OLD.plan_id);
BEGIN
    IF stage = 'draft' AND OLD.carried_from_id IS NULL AND (TG_OP = 'DELETE' OR NEW.plan_id = OLD.plan_id) THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR stage = 'superseded'
        OR to_jsonb(NEW) - steering IS DISTINCT FROM to_jsonb(OLD) - steering THEN
        RAISE EXCEPTION 'a measure of a decided plan is amended, not changed'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

-- Neither into a decided row nor out of one.
CREATE OR REPLACE FUNCTION projects_measure_part_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owners bigint[] := CASE TG_OP WHEN 'DELETE' THEN ARRAY[OLD.measure_id] WHEN 'INSERT' THEN ARRAY[NEW.measure_id]
                       ELSE ARRAY[OLD.measure_id, NEW.measure_id] END;
BEGIN
    IF EXISTS (SELECT 1 FROM projects_measure m JOIN projects_actionplan p ON p.id = m.plan_id
               WHERE m.id = ANY (owners) AND (p.status <> 'draft' OR m.carried_from_id IS NOT NULL)) THEN
        RAISE EXCEPTION 'a measure of a decided plan is amended, not changed'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION projects_plan_districts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    plans bigint[] := CASE TG_OP WHEN 'DELETE' THEN ARRAY[OLD.actionplan_id] WHEN 'INSERT' THEN ARRAY[NEW.actionplan_id]
                      ELSE ARRAY[OLD.actionplan_id, NEW.actionplan_id] END;
BEGIN
    IF EXISTS (SELECT 1 FROM projects_actionplan WHERE id = ANY (plans) AND status <> 'draft') THEN
        RAISE EXCEPTION 'a decided plan stays as it was' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER projects_plan_districts_stay BEFORE INSERT OR UPDATE OR DELETE ON projects_actionplan_districts
    FOR EACH ROW EXECUTE FUNCTION projects_plan_districts_stay();

CREATE FUNCTION projects_goal_fields_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    goals bigint[] := CASE TG_OP WHEN 'DELETE' THEN ARRAY[OLD.goal_id] WHEN 'INSERT' THEN ARRAY[NEW.goal_id]
                      ELSE ARRAY[OLD.goal_id, NEW.goal_id] END;
BEGIN
    IF EXISTS (SELECT 1 FROM projects_goal g JOIN projects_actionplan p ON p.id = g.plan_id
               WHERE g.id = ANY (goals) AND p.status <> 'draft') THEN
        RAISE EXCEPTION 'goals of a decided plan stay as they were' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER projects_goal_fields_stay BEFORE INSERT OR UPDATE OR DELETE ON projects_goal_action_fields
    FOR EACH ROW EXECUTE FUNCTION projects_goal_fields_stay();

-- The colour of a measure is the last one of its history, not one it once had; superseded versions keep theirs.
CREATE OR REPLACE FUNCTION projects_colour_has_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM projects_measure m JOIN projects_actionplan p ON p.id = m.plan_id
               WHERE m.id = NEW.id AND m.status = NEW.status AND p.status <> 'superseded')
        AND NEW.status IS DISTINCT FROM
            (SELECT s.status FROM projects_statuschange s JOIN projects_measure m ON m.id = s.measure_id
             WHERE m.key = NEW.key ORDER BY s."on" DESC, s.id DESC LIMIT 1) THEN
        RAISE EXCEPTION 'a colour needs its history' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0007_needs")]

    operations = [migrations.RunSQL(STAYS, migrations.RunSQL.noop)]
