from django.db import migrations

# A row that moves from one owner to another changes both: neither may hold it fast. Before, only the old owner of a
# criterion was asked, and an indicator of a version in force could go by moving (Z25, Z34).
HELD_BY_THE_DATABASE = """
CREATE OR REPLACE FUNCTION projects_fund_rules_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner text := CASE TG_TABLE_NAME WHEN 'projects_fundrule' THEN 'id' WHEN 'projects_fundcriterion' THEN 'rule_id'
                  ELSE 'fundrule_id' END;
    now jsonb; before jsonb;
BEGIN
    IF TG_OP <> 'DELETE' THEN now := to_jsonb(NEW); END IF;
    IF TG_OP <> 'INSERT' THEN before := to_jsonb(OLD); END IF;
    IF TG_TABLE_NAME = 'projects_fundrule' AND TG_OP = 'UPDATE' AND now - 'valid_to' = before - 'valid_to' THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT 1 FROM projects_fundapplication
               WHERE rule_id IN ((before->>owner)::bigint, (now->>owner)::bigint)) THEN
        RAISE EXCEPTION 'rules that were applied stay as they are' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

CREATE OR REPLACE FUNCTION projects_goal_indicator_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    goals bigint[] := CASE TG_OP WHEN 'DELETE' THEN ARRAY[OLD.goal_id] WHEN 'INSERT' THEN ARRAY[NEW.goal_id]
                      ELSE ARRAY[OLD.goal_id, NEW.goal_id] END;
    goes boolean := TG_OP = 'DELETE';
BEGIN
    IF TG_OP = 'UPDATE' THEN goes := NEW.goal_id <> OLD.goal_id; END IF;
    IF EXISTS (SELECT 1 FROM projects_goal g JOIN projects_actionplan p ON p.id = g.plan_id
               WHERE g.id = ANY (goals) AND (p.status = 'superseded' OR (goes AND p.status <> 'draft')))
        OR (TG_OP = 'UPDATE' AND NEW.key <> OLD.key) THEN
        RAISE EXCEPTION 'indicators of a decided plan stay' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


class Migration(migrations.Migration):
    """Two triggers ask the old and the new owner of a row that moves."""

    dependencies = [("projects", "0015_approved_sessions_stay")]

    operations = [migrations.RunSQL(HELD_BY_THE_DATABASE, migrations.RunSQL.noop)]
