"""The rules that constraints cannot hold: what was released stays, changed figures are logged.

See docs/decisions/0010, 0016 and 0018.
"""

from django.db import migrations

# A released report is what it was: neither it nor its texts nor its files are ever changed, added to or deleted.
REPORTS_STAY = """
CREATE OR REPLACE FUNCTION reports_released_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a released report is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER reports_report_stays BEFORE UPDATE OR DELETE ON reports_report
    FOR EACH ROW WHEN (OLD.state = 'released') EXECUTE FUNCTION reports_released_stays();
CREATE OR REPLACE TRIGGER reports_report_starts_as_draft BEFORE INSERT ON reports_report
    FOR EACH ROW WHEN (NEW.state <> 'draft') EXECUTE FUNCTION reports_released_stays();

CREATE OR REPLACE FUNCTION reports_part_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM reports_report WHERE id = OLD.report_id AND state = 'released')
       OR TG_OP <> 'DELETE' AND EXISTS (SELECT 1 FROM reports_report WHERE id = NEW.report_id AND state = 'released')
    THEN
        RAISE EXCEPTION 'a released report is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER reports_text_stays BEFORE INSERT OR UPDATE OR DELETE ON reports_reporttext
    FOR EACH ROW EXECUTE FUNCTION reports_part_stays();
CREATE OR REPLACE TRIGGER reports_file_stays BEFORE INSERT OR UPDATE OR DELETE ON reports_reportfile
    FOR EACH ROW EXECUTE FUNCTION reports_part_stays();

CREATE OR REPLACE FUNCTION reports_release_has_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM reports_reportfile WHERE report_id = NEW.id) < 3 THEN
        RAISE EXCEPTION 'a report is released with its files' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER reports_report_release BEFORE UPDATE OF state ON reports_report
    FOR EACH ROW WHEN (OLD.state = 'draft' AND NEW.state = 'released') EXECUTE FUNCTION reports_release_has_files();
"""

# What hangs in a window stays: neither a released sheet nor its topics are ever changed, added to or deleted.
SHEETS_STAY = """
CREATE OR REPLACE FUNCTION reports_sheet_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a released sheet is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER reports_sheet_stays BEFORE UPDATE OR DELETE ON reports_sheet
    FOR EACH ROW WHEN (OLD.released_at IS NOT NULL) EXECUTE FUNCTION reports_sheet_stays();

CREATE OR REPLACE FUNCTION reports_sheet_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM reports_sheet WHERE id = OLD.sheet_id AND released_at IS NOT NULL)
       OR TG_OP <> 'DELETE' AND EXISTS (SELECT 1 FROM reports_sheet WHERE id = NEW.sheet_id AND released_at IS NOT NULL)
    THEN
        RAISE EXCEPTION 'a released sheet is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER reports_sheet_entry_stays BEFORE INSERT OR UPDATE OR DELETE ON reports_sheetentry
    FOR EACH ROW EXECUTE FUNCTION reports_sheet_entry_stays();
"""

# What a department and its head have seen published stays.
MIRRORS_STAY = """
CREATE OR REPLACE FUNCTION reports_mirror_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published mirror is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER reports_mirror_stays BEFORE UPDATE OR DELETE ON reports_mirror
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION reports_mirror_stays();
"""

# Triggers that log what has to be counted anew. A concern logs its month and area before and after; what hangs on it
# logs the concern or person, because the writer does not see who moves that concern at the same time.
CELL = "SELECT DISTINCT date_trunc('month', c.received_on)::date, coalesce(c.district_id, 0)"
ID = "SELECT DISTINCT {} FROM changed"
# What each table logs, how changed rows lead there, and the columns that figures look at.
LOGGED = {
    "concern": (
        "month, area",
        f"{CELL} FROM changed c",
        "kind topic_id is_sensitive district_id channel spot received_on status outcome reason_category promise "
        "lead_id reopened_count feedback_due_at",
    ),
    "routing": (
        "concern",
        ID.format("concern_id"),
        "concern_id department_id status sent_at accepted_at finished_at due_on agreed_due_on escalation",
    ),
    "reporter": (
        "concern",
        ID.format("concern_id"),
        "concern_id kind language feedback_state waiver_reason attempts due due_on",
    ),
    "feedback": ("reporter", ID.format("reporter_id"), "reporter_id kind result reaction at"),
    # append-only
    "concernevent": ("concern", f"{ID.format('concern_id')} WHERE kind = 'owner'", ""),
}
EMPTIED = """
CREATE OR REPLACE FUNCTION reports_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reports_change (month, area) SELECT DISTINCT month, area FROM reports_keptsum WHERE area <> -1;
    RETURN NULL;
END $$;
"""
COUNT_EVERYTHING = f"INSERT INTO reports_change (month, area) {CELL} FROM concerns_concern c"


def _log(table: str, event: str, tables: str, changed: str) -> str:
    logged, source, _ = LOGGED[table]
    name, verb = f"reports_{table}_{event}", {"added": "INSERT", "changed": "UPDATE", "removed": "DELETE"}[event]
    return f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reports_change ({logged})
    WITH changed AS ({changed}) {source};
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER {name} AFTER {verb} ON concerns_{table} REFERENCING {tables}
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""


def _changes() -> str:
    parts = [EMPTIED]
    for table, (_, _, columns) in LOGGED.items():
        parts.append(_log(table, "added", "NEW TABLE AS added", "SELECT * FROM added"))
        if columns:
            before, after = (", ".join(f"{side}.{column}" for column in columns.split()) for side in "on")
            differ = f"FROM removed o JOIN added n USING (id) WHERE ({before}) IS DISTINCT FROM ({after})"
            changed = f"SELECT o.* {differ} UNION ALL SELECT n.* {differ}"
            parts.append(_log(table, "changed", "OLD TABLE AS removed NEW TABLE AS added", changed))
            parts.append(_log(table, "removed", "OLD TABLE AS removed", "SELECT * FROM removed"))
        parts.append(
            f"CREATE OR REPLACE TRIGGER reports_{table}_emptied AFTER TRUNCATE ON concerns_{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION reports_emptied();\n"
        )
    return "".join(parts)


def _no_changes() -> str:
    """The triggers sit on tables of another app, so undoing the first migration would leave them there."""
    events = ("added", "changed", "removed", "emptied")
    return "".join(
        f"DROP TRIGGER IF EXISTS reports_{table}_{event} ON concerns_{table};"
        f"DROP FUNCTION IF EXISTS reports_{table}_{event}();"
        for table in LOGGED
        for event in events
    )


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("concerns", "0004_status_codes")]
    # Undoing the initial migration drops the tables of reports and with them their triggers.
    operations = [
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (REPORTS_STAY, SHEETS_STAY, MIRRORS_STAY)),
        migrations.RunSQL(_changes(), f"{_no_changes()} DROP FUNCTION IF EXISTS reports_emptied();"),
        migrations.RunSQL(COUNT_EVERYTHING, migrations.RunSQL.noop),
    ]
