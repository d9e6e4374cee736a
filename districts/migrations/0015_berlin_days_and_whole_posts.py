from django.db import migrations

# The day that counts is the office's: between midnight and two o'clock the database's own day is still yesterday.
BERLIN = """
CREATE OR REPLACE FUNCTION districts_leaver_keeps_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    today CONSTANT date := (now() AT TIME ZONE 'Europe/Berlin')::date;
BEGIN
    PERFORM 1 FROM districts_user WHERE id = NEW.id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM districts_contactnote
               WHERE keeper_id = NEW.id AND follow_up_on IS NOT NULL AND settled_at IS NULL)
       OR EXISTS (SELECT 1 FROM districts_contactperson c JOIN districts_actor a ON a.id = c.actor_id
                  WHERE c.keeper_id = NEW.id AND a.merged_into_id IS NULL
                  AND (c.valid_to IS NULL OR c.valid_to > today))
       OR EXISTS (SELECT 1 FROM districts_network WHERE keeper_id = NEW.id AND status <> 'ended')
       OR EXISTS (SELECT 1 FROM districts_staffing
                  WHERE person_id = NEW.id AND (valid_to IS NULL OR valid_to > today))
       OR EXISTS (SELECT 1 FROM districts_districtstructure WHERE NEW.id IN (coordinator_id, deputy_id))
    THEN
        RAISE EXCEPTION 'somebody leaves who still keeps something' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER districts_staffing_worker_insert BEFORE INSERT ON districts_staffing
    FOR EACH ROW WHEN (NEW.valid_to IS NULL OR NEW.valid_to > (now() AT TIME ZONE 'Europe/Berlin')::date)
    EXECUTE FUNCTION districts_worker_is_active();
CREATE OR REPLACE TRIGGER districts_staffing_worker_update BEFORE UPDATE OF person_id, valid_to ON districts_staffing
    FOR EACH ROW WHEN ((NEW.valid_to IS NULL OR NEW.valid_to > (now() AT TIME ZONE 'Europe/Berlin')::date)
        AND (NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.valid_to IS DISTINCT FROM OLD.valid_to))
    EXECUTE FUNCTION districts_worker_is_active();
"""
UTC = """
CREATE OR REPLACE FUNCTION districts_leaver_keeps_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM districts_user WHERE id = NEW.id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM districts_contactnote
               WHERE keeper_id = NEW.id AND follow_up_on IS NOT NULL AND settled_at IS NULL)
       OR EXISTS (SELECT 1 FROM districts_contactperson c JOIN districts_actor a ON a.id = c.actor_id
                  WHERE c.keeper_id = NEW.id AND a.merged_into_id IS NULL
                  AND (c.valid_to IS NULL OR c.valid_to > CURRENT_DATE))
       OR EXISTS (SELECT 1 FROM districts_network WHERE keeper_id = NEW.id AND status <> 'ended')
       OR EXISTS (SELECT 1 FROM districts_staffing
                  WHERE person_id = NEW.id AND (valid_to IS NULL OR valid_to > CURRENT_DATE))
       OR EXISTS (SELECT 1 FROM districts_districtstructure WHERE NEW.id IN (coordinator_id, deputy_id))
    THEN
        RAISE EXCEPTION 'somebody leaves who still keeps something' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER districts_staffing_worker_insert BEFORE INSERT ON districts_staffing
    FOR EACH ROW WHEN (NEW.valid_to IS NULL OR NEW.valid_to > CURRENT_DATE)
    EXECUTE FUNCTION districts_worker_is_active();
CREATE OR REPLACE TRIGGER districts_staffing_worker_update BEFORE UPDATE OF person_id, valid_to ON districts_staffing
    FOR EACH ROW WHEN ((NEW.valid_to IS NULL OR NEW.valid_to > CURRENT_DATE)
        AND (NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.valid_to IS DISTINCT FROM OLD.valid_to))
    EXECUTE FUNCTION districts_worker_is_active();
"""

# Z07: nobody fills more of a post than there is of it on the same day. Asked at the end of the transaction, because a
# share and who fills it may change together.
WHOLE = """
CREATE OR REPLACE FUNCTION districts_post_is_not_overfilled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM districts_staffing f JOIN districts_postshare s ON s.post_id = f.post_id
               WHERE f.post_id = NEW.post_id AND f.share > s.share
               AND daterange(f.valid_from, f.valid_to, '[]') && daterange(s.valid_from, s.valid_to, '[]'))
    THEN
        RAISE EXCEPTION 'somebody fills more of a post than there is of it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER districts_staffing_fits AFTER INSERT OR UPDATE ON districts_staffing
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION districts_post_is_not_overfilled();
CREATE CONSTRAINT TRIGGER districts_postshare_fits AFTER INSERT OR UPDATE ON districts_postshare
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION districts_post_is_not_overfilled();
"""
NOT_WHOLE = """
DROP TRIGGER districts_postshare_fits ON districts_postshare;
DROP TRIGGER districts_staffing_fits ON districts_staffing;
DROP FUNCTION districts_post_is_not_overfilled();
"""


class Migration(migrations.Migration):
    """The leaver's check counts days as the office does; a share fits its post."""

    dependencies = [("districts", "0014_resident_groups")]

    operations = [migrations.RunSQL(BERLIN, UTC), migrations.RunSQL(WHOLE, NOT_WHOLE)]
