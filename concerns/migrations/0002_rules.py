"""The rules that constraints cannot hold, because they are about several rows (docs/decisions/0010)."""

from django.db import migrations

# The vocabulary of all concerns: a search term that is part of a word, or a typing error, is looked up here first.
VOCABULARY = """
CREATE OR REPLACE FUNCTION concerns_collect_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO concerns_searchword (word)
    SELECT DISTINCT word FROM added, unnest(tsvector_to_array(added.search)) AS word
    WHERE word ~ '[[:alpha:]]{3}' AND length(word) <= 255 ORDER BY word
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER concerns_collect_words_insert AFTER INSERT ON concerns_concern
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION concerns_collect_words();
CREATE OR REPLACE FUNCTION concerns_collect_changed_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO concerns_searchword (word)
    SELECT DISTINCT word FROM unnest(tsvector_to_array(NEW.search)) AS word
    WHERE word ~ '[[:alpha:]]{3}' AND length(word) <= 255 ORDER BY word
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER concerns_collect_words_update AFTER UPDATE OF title, text, place ON concerns_concern
    FOR EACH ROW EXECUTE FUNCTION concerns_collect_changed_words();
"""

# I8: history can only grow.
APPEND_ONLY = """
CREATE OR REPLACE FUNCTION concerns_history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER concerns_event_append_only BEFORE UPDATE OR DELETE ON concerns_concernevent
    FOR EACH ROW EXECUTE FUNCTION concerns_history_is_append_only();
CREATE OR REPLACE TRIGGER concerns_erasure_append_only BEFORE UPDATE OR DELETE ON concerns_erasureentry
    FOR EACH ROW EXECUTE FUNCTION concerns_history_is_append_only();
"""

# I1: a concern closes only when every reporter was really told or waived with a reason, and stays so while closed.
NO_SILENT_CLOSING = """
CREATE OR REPLACE FUNCTION concerns_no_silent_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM concerns_reporter WHERE concern_id = NEW.id)
       OR EXISTS (
        SELECT 1 FROM concerns_reporter r WHERE r.concern_id = NEW.id AND (
            r.feedback_state IN ('open', 'interim')
            OR (r.feedback_state = 'done' AND NOT EXISTS (
                SELECT 1 FROM concerns_feedback f WHERE f.reporter_id = r.id
                AND f.kind IN ('final', 'collective') AND f.result IN ('reached', 'sent', 'displayed')))))
    THEN
        RAISE EXCEPTION 'closing without feedback to every reporter' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER concerns_no_silent_closing BEFORE UPDATE OF status ON concerns_concern
    FOR EACH ROW WHEN (NEW.status = 'closed' AND OLD.status <> 'closed')
    EXECUTE FUNCTION concerns_no_silent_closing();
CREATE OR REPLACE FUNCTION concerns_no_duty_on_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM concerns_concern WHERE id = NEW.concern_id AND status = 'closed') THEN
        RAISE EXCEPTION 'open feedback duty on a closed concern' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER concerns_no_duty_on_closed BEFORE INSERT OR UPDATE OF feedback_state, concern_id ON concerns_reporter
    FOR EACH ROW WHEN (NEW.feedback_state IN ('open', 'interim'))
    EXECUTE FUNCTION concerns_no_duty_on_closed();
"""

# I9: nothing open is given to somebody whose access is closed. The lock makes whoever gives it wait for whoever closes
# the access at this moment, and the other way round; a foreign key alone locks only at the end of the transaction.
ACTIVE_PEOPLE = """
CREATE OR REPLACE FUNCTION concerns_person_is_active(person bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM districts_user WHERE id = person AND is_active FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'open work for somebody whose access is closed' USING ERRCODE = 'check_violation';
    END IF;
END $$;
CREATE OR REPLACE FUNCTION concerns_owner_is_active() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM concerns_person_is_active(NEW.owner_id);
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER concerns_owner_is_active_insert BEFORE INSERT ON concerns_concern
    FOR EACH ROW WHEN (NEW.owner_id IS NOT NULL AND NEW.status <> 'closed')
    EXECUTE FUNCTION concerns_owner_is_active();
CREATE OR REPLACE TRIGGER concerns_owner_is_active_update BEFORE UPDATE OF owner_id, status ON concerns_concern
    FOR EACH ROW WHEN (NEW.owner_id IS NOT NULL AND NEW.status <> 'closed'
        AND (NEW.owner_id IS DISTINCT FROM OLD.owner_id OR OLD.status = 'closed'))
    EXECUTE FUNCTION concerns_owner_is_active();
CREATE OR REPLACE FUNCTION concerns_assignee_is_active() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM concerns_person_is_active(NEW.assignee_id);
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER concerns_assignee_is_active_insert BEFORE INSERT ON concerns_routing
    FOR EACH ROW WHEN (NEW.assignee_id IS NOT NULL AND NEW.status IN ('sent', 'accepted', 'query'))
    EXECUTE FUNCTION concerns_assignee_is_active();
CREATE OR REPLACE TRIGGER concerns_assignee_is_active_update BEFORE UPDATE OF assignee_id ON concerns_routing
    FOR EACH ROW WHEN (NEW.assignee_id IS NOT NULL AND NEW.status IN ('sent', 'accepted', 'query')
        AND NEW.assignee_id IS DISTINCT FROM OLD.assignee_id)
    EXECUTE FUNCTION concerns_assignee_is_active();
"""


def create_settings(apps, schema_editor):
    apps.get_model("concerns", "LoopSettings").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("concerns", "0001_initial"), ("districts", "0001_initial")]
    # Nothing to take back: undoing the initial migration drops the tables and with them the triggers.
    operations = [
        *(
            migrations.RunSQL(sql, migrations.RunSQL.noop)
            for sql in (VOCABULARY, APPEND_ONLY, NO_SILENT_CLOSING, ACTIVE_PEOPLE)
        ),
        migrations.RunPython(create_settings, migrations.RunPython.noop),
    ]
