from django.db import migrations

# Minutes are the items, attendance and answers, and the row of the session itself: guests, day, the follow-ups as they
# were, that they are approved. None of it changes, nor does anything move from approved minutes into others (Z19).
STAY = """
CREATE OR REPLACE FUNCTION projects_approved_minutes_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM projects_session WHERE id IN (NEW.session_id, OLD.session_id) AND status = 'approved') THEN
        RAISE EXCEPTION 'approved minutes stay as they are' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE OR REPLACE FUNCTION projects_approved_session_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'approved minutes stay as they are' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER projects_session_approved BEFORE UPDATE OR DELETE ON projects_session
    FOR EACH ROW WHEN (OLD.status = 'approved') EXECUTE FUNCTION projects_approved_session_stays();

-- A postponement counts for the step it tells of: from the day before to the new one. An old row is no reason.
CREATE OR REPLACE FUNCTION projects_follow_up_is_put_off() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told date;
BEGIN
    SELECT since INTO told FROM projects_postponement WHERE follow_up_id = NEW.id AND until = NEW.due_on
        ORDER BY id DESC LIMIT 1;
    IF told IS NULL OR TG_OP = 'UPDATE' AND told <> OLD.due_on THEN
        RAISE EXCEPTION 'a follow-up is put off without a reason' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
BEFORE = """
DROP TRIGGER projects_session_approved ON projects_session;
DROP FUNCTION projects_approved_session_stays();
CREATE OR REPLACE FUNCTION projects_approved_minutes_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    meeting bigint := coalesce(NEW.session_id, OLD.session_id);
BEGIN
    IF EXISTS (SELECT 1 FROM projects_session WHERE id = meeting AND status = 'approved') THEN
        RAISE EXCEPTION 'approved minutes stay as they are' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE OR REPLACE FUNCTION projects_follow_up_is_put_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM projects_postponement WHERE follow_up_id = NEW.id AND until = NEW.due_on) THEN
        RAISE EXCEPTION 'a follow-up is put off without a reason' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """Approved sessions stay as a whole; a postponement is the reason of one step."""

    dependencies = [("projects", "0014_search_applications")]

    operations = [migrations.RunSQL(STAY, BEFORE)]
