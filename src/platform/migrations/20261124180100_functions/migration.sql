-- The change log's functions, and SafeStore's trigger. The triggers that write the change log are made for each exposed
-- table when the server starts: src/changes/install.ts.

-- Two moments in milliseconds since 1970, kept in sequences because those are shared at once, outside of transactions:
-- until when some instance listens, and when it was last told of a change.
CREATE SEQUENCE "portolan"."change_listened" MINVALUE 0 START 0;
CREATE SEQUENCE "portolan"."change_told" MINVALUE 0 START 0;

-- NOTIFY makes transactions commit one after the other, so it is sent while somebody listens, and at most 20 times a
-- second. Who was told looks again until there is nothing new.
CREATE FUNCTION "portolan"."change_tell"() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  present bigint := extract(epoch FROM clock_timestamp()) * 1000;
BEGIN
  IF (SELECT last_value FROM "portolan"."change_listened") < present THEN RETURN; END IF;
  IF (SELECT last_value FROM "portolan"."change_told") > present - 50 THEN RETURN; END IF;
  PERFORM setval('portolan.change_told', present);
  PERFORM pg_notify('portolan_change', '');
END
$$;

-- The last id that was given out, and then, strictly later, which transactions may be writing to each of these tables.
-- When those have ended, no change of the tables can appear any more with that id or a lower one.
CREATE FUNCTION "portolan"."change_writers"(tables oid[], OUT last bigint, OUT writers text[]) LANGUAGE plpgsql AS $$
BEGIN
  SELECT CASE WHEN s.is_called THEN s.last_value ELSE 0 END INTO last FROM "portolan"."change_id_seq" s;
  SELECT coalesce(array_agg(DISTINCT l.relation::bigint || ' ' || l.virtualtransaction), '{}') INTO writers
  FROM pg_catalog.pg_locks l
  WHERE l.locktype = 'relation' AND l.relation = ANY(tables) AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
    AND l.granted AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database());
END
$$;

-- SafeStore's keys have owners that are no users, and so no foreign key: what is sealed for a person who is deleted must
-- not open again.
CREATE FUNCTION "portolan"."shred_user_keys"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "portolan"."user_key" WHERE "userId" = OLD."id";
  RETURN NULL;
END
$$;

CREATE TRIGGER "shred_user_keys" AFTER DELETE ON "portolan"."user"
  FOR EACH ROW EXECUTE FUNCTION "portolan"."shred_user_keys"();
