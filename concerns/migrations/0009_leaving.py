from django.db import migrations

# I9: nothing open is given to somebody whose access is closed. The lock makes whoever gives it wait for whoever closes
# the access at this moment, and the other way round; a foreign key alone locks only at the end of the transaction.
ACTIVE_PEOPLE = """
CREATE FUNCTION concerns_person_is_active(person bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM districts_user WHERE id = person AND is_active FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'open work for somebody whose access is closed' USING ERRCODE = 'check_violation';
    END IF;
END $$;
CREATE FUNCTION concerns_owner_is_active() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM concerns_person_is_active(NEW.owner_id);
    RETURN NEW;
END $$;
CREATE TRIGGER concerns_owner_is_active_insert BEFORE INSERT ON concerns_concern
    FOR EACH ROW WHEN (NEW.owner_id IS NOT NULL AND NEW.status <> 'closed')
    EXECUTE FUNCTION concerns_owner_is_active();
CREATE TRIGGER concerns_owner_is_active_update BEFORE UPDATE OF owner_id, status ON concerns_concern
    FOR EACH ROW WHEN (NEW.owner_id IS NOT NULL AND NEW.status <> 'closed'
        AND (NEW.owner_id IS DISTINCT FROM OLD.owner_id OR OLD.status = 'closed'))
    EXECUTE FUNCTION concerns_owner_is_active();
CREATE FUNCTION concerns_assignee_is_active() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM concerns_person_is_active(NEW.assignee_id);
    RETURN NEW;
END $$;
CREATE TRIGGER concerns_assignee_is_active_insert BEFORE INSERT ON concerns_routing
    FOR EACH ROW WHEN (NEW.assignee_id IS NOT NULL AND NEW.status IN ('sent', 'accepted', 'query'))
    EXECUTE FUNCTION concerns_assignee_is_active();
CREATE TRIGGER concerns_assignee_is_active_update BEFORE UPDATE OF assignee_id ON concerns_routing
    FOR EACH ROW WHEN (NEW.assignee_id IS NOT NULL AND NEW.status IN ('sent', 'accepted', 'query')
        AND NEW.assignee_id IS DISTINCT FROM OLD.assignee_id)
    EXECUTE FUNCTION concerns_assignee_is_active();
"""
BACK = """
DROP TRIGGER concerns_assignee_is_active_update ON concerns_routing;
DROP TRIGGER concerns_assignee_is_active_insert ON concerns_routing;
DROP FUNCTION concerns_assignee_is_active();
DROP TRIGGER concerns_owner_is_active_update ON concerns_concern;
DROP TRIGGER concerns_owner_is_active_insert ON concerns_concern;
DROP FUNCTION concerns_owner_is_active();
DROP FUNCTION concerns_person_is_active(bigint);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('concerns', '0008_inbox'),
        ('districts', '0001_initial'),
    ]

    operations = [migrations.RunSQL(ACTIVE_PEOPLE, BACK)]
