"""Changes of offers are known part by part, so that the matrix is counted anew only where something has changed."""

from django.db import migrations, models

PART = 4096

# The single row first: whoever changes offers waits there, so nobody waits for parts crosswise.
NOTE_PARTS = f"""
DROP FUNCTION IF EXISTS districts_offer_changed() CASCADE;
CREATE OR REPLACE FUNCTION districts_note_offers(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    now bigint;
BEGIN
    IF ids IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO districts_offerversion AS known (id, number) VALUES (1, 1)
        ON CONFLICT (id) DO UPDATE SET number = known.number + 1 RETURNING number INTO now;
    INSERT INTO districts_offerpart (part, number)
        SELECT DISTINCT id / {PART}, now FROM unnest(ids) AS id
        ON CONFLICT (part) DO UPDATE SET number = excluded.number;
END $$;
CREATE OR REPLACE FUNCTION districts_offers_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM districts_note_offers((SELECT array_agg(id) FROM changed));
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION districts_offer_lists_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM districts_note_offers((SELECT array_agg(offer_id) FROM changed));
    RETURN NULL;
END $$;
INSERT INTO districts_offerpart (part, number)
    SELECT DISTINCT id / {PART}, 0 FROM districts_offer ON CONFLICT DO NOTHING;
"""
UNDO = """
DROP FUNCTION IF EXISTS districts_offers_changed() CASCADE;
DROP FUNCTION IF EXISTS districts_offer_lists_changed() CASCADE;
DROP FUNCTION IF EXISTS districts_note_offers(bigint[]);
"""
TABLES = {
    "districts_offer": "districts_offers_changed",
    "districts_offer_districts": "districts_offer_lists_changed",
    "districts_offer_action_fields": "districts_offer_lists_changed",
    "districts_offer_target_groups": "districts_offer_lists_changed",
}
TRIGGERS = "".join(
    f"CREATE OR REPLACE TRIGGER districts_offer_changed_{verb.lower()} AFTER {verb} ON {table}"
    f" REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {function}();"
    for table, function in TABLES.items()
    for verb, rows in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
)


class Migration(migrations.Migration):
    dependencies = [("districts", "0011_who_works_where")]

    operations = [
        migrations.CreateModel(
            name="OfferPart",
            fields=[
                ("part", models.BigIntegerField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(NOTE_PARTS + TRIGGERS, UNDO),
        migrations.AddIndex(
            model_name="offer", index=models.Index(fields=["-created_at", "-id"], name="offer_newest")
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(
                fields=["starts_on", "last_day"],
                include=["id", "kind"],
                name="offer_running",
                condition=models.Q(("status", "active")),
            ),
        ),
        migrations.AddIndex(
            model_name="actor",
            index=models.Index(
                fields=["-created_at", "-id"], name="actor_newest", condition=models.Q(("merged_into", None))
            ),
        ),
    ]
