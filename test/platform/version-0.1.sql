
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE TYPE public."AppKind" AS ENUM (
    'developer',
    'plugin'
);

CREATE TYPE public."ChangeKind" AS ENUM (
    'insert',
    'update',
    'delete'
);

CREATE TYPE public."LinkKind" AS ENUM (
    'invitation',
    'passwordReset',
    'emailVerification'
);

CREATE TYPE public."OrderStatus" AS ENUM (
    'PENDING',
    'PAID',
    'SHIPPED',
    'DELIVERED',
    'CANCELLED'
);

CREATE TYPE public."Role" AS ENUM (
    'administrator',
    'editor',
    'viewer'
);

CREATE TYPE public."Season" AS ENUM (
    'SPRING',
    'SUMMER',
    'AUTUMN',
    'WINTER'
);

CREATE FUNCTION public.portolan_change_tell() RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
  present bigint := extract(epoch FROM clock_timestamp()) * 1000;
BEGIN
  IF (SELECT last_value FROM "portolan_change_listened") < present THEN RETURN; END IF;
  IF (SELECT last_value FROM "portolan_change_told") > present - 50 THEN RETURN; END IF;
  PERFORM setval('portolan_change_told', present);
  PERFORM pg_notify('portolan_change', '');
END
$$;

CREATE FUNCTION public.portolan_change_writers(tables oid[], OUT last bigint, OUT writers text[]) RETURNS record
    LANGUAGE plpgsql
    AS $$
BEGIN
  SELECT CASE WHEN s.is_called THEN s.last_value ELSE 0 END INTO last FROM "portolan_change_id_seq" s;
  SELECT coalesce(array_agg(DISTINCT l.relation::bigint || ' ' || l.virtualtransaction), '{}') INTO writers
  FROM pg_catalog.pg_locks l
  WHERE l.locktype = 'relation' AND l.relation = ANY(tables) AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
    AND l.granted AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database());
END
$$;

CREATE FUNCTION public."portolan_log_Category"() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    SET bytea_output TO 'hex'
    SET extra_float_digits TO '1'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
  who jsonb := nullif(current_setting('portolan.actor', true), '')::jsonb;
  logged boolean := false;
BEGIN
IF TG_OP = 'INSERT' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Category', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Category' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Category' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT n."id"::text AS key, 'insert'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'insert'::"ChangeKind" END AS shown,
    NULL::jsonb AS old, jsonb_object(ARRAY['id', 'slug', 'name', 'parentId', 'position'], ARRAY[n."id"::text, n."slug", n."name", n."parentId"::text, n."position"::text]) AS new
  FROM news n OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'UPDATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Category', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Category' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Category' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT coalesce(n."id"::text, o."id"::text) AS key, CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN 'update'::"ChangeKind" WHEN o."id" IS NOT NULL THEN 'delete'::"ChangeKind" WHEN n."id" IS NOT NULL THEN 'insert'::"ChangeKind" END AS kind,
    CASE WHEN (o."id" IS NOT NULL AND true) AND (n."id" IS NOT NULL AND true) THEN 'update'::"ChangeKind" WHEN (o."id" IS NOT NULL AND true) THEN 'delete'::"ChangeKind" WHEN (n."id" IS NOT NULL AND true) THEN 'insert'::"ChangeKind" END AS shown,
    CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."slug" IS DISTINCT FROM n."slug" THEN coalesce('"slug":' || to_json(o."slug")::text, '"slug":null') END, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN coalesce('"name":' || to_json(o."name")::text, '"name":null') END, CASE WHEN o."parentId" IS DISTINCT FROM n."parentId" THEN coalesce('"parentId":"' || o."parentId"::text || '"', '"parentId":null') END, CASE WHEN o."position" IS DISTINCT FROM n."position" THEN coalesce('"position":"' || o."position"::text || '"', '"position":null') END), '') || '}')::jsonb WHEN o."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'slug', 'name', 'parentId', 'position'], ARRAY[o."id"::text, o."slug", o."name", o."parentId"::text, o."position"::text]) END AS old,
    CASE WHEN n."id" IS NOT NULL AND o."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."slug" IS DISTINCT FROM n."slug" THEN coalesce('"slug":' || to_json(n."slug")::text, '"slug":null') END, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN coalesce('"name":' || to_json(n."name")::text, '"name":null') END, CASE WHEN o."parentId" IS DISTINCT FROM n."parentId" THEN coalesce('"parentId":"' || n."parentId"::text || '"', '"parentId":null') END, CASE WHEN o."position" IS DISTINCT FROM n."position" THEN coalesce('"position":"' || n."position"::text || '"', '"position":null') END), '') || '}')::jsonb WHEN n."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'slug', 'name', 'parentId', 'position'], ARRAY[n."id"::text, n."slug", n."name", n."parentId"::text, n."position"::text]) END AS new
  FROM olds o FULL JOIN news n ON o."id" = n."id" OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'DELETE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Category', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Category' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Category' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'slug', 'name', 'parentId', 'position'], ARRAY[o."id"::text, o."slug", o."name", o."parentId"::text, o."position"::text]) AS old, NULL::jsonb AS new
  FROM olds o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'TRUNCATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Category', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Category' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Category' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'slug', 'name', 'parentId', 'position'], ARRAY[o."id"::text, o."slug", o."name", o."parentId"::text, o."position"::text]) AS old, NULL::jsonb AS new
  FROM "Category" o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF logged AND (SELECT last_value FROM portolan_change_listened) > extract(epoch FROM clock_timestamp()) * 1000 THEN
  PERFORM portolan_change_tell();
END IF;
RETURN NULL;
END
$$;

CREATE FUNCTION public."portolan_log_Collection"() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    SET bytea_output TO 'hex'
    SET extra_float_digits TO '1'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
  who jsonb := nullif(current_setting('portolan.actor', true), '')::jsonb;
  logged boolean := false;
BEGIN
IF TG_OP = 'INSERT' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Collection', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Collection' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Collection' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT n."id"::text AS key, 'insert'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'insert'::"ChangeKind" END AS shown,
    NULL::jsonb AS old, jsonb_object(ARRAY['id', 'slug', 'name', 'season'], ARRAY[n."id"::text, n."slug", n."name", n."season"::text]) AS new
  FROM news n OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'UPDATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Collection', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Collection' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Collection' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT coalesce(n."id"::text, o."id"::text) AS key, CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN 'update'::"ChangeKind" WHEN o."id" IS NOT NULL THEN 'delete'::"ChangeKind" WHEN n."id" IS NOT NULL THEN 'insert'::"ChangeKind" END AS kind,
    CASE WHEN (o."id" IS NOT NULL AND true) AND (n."id" IS NOT NULL AND true) THEN 'update'::"ChangeKind" WHEN (o."id" IS NOT NULL AND true) THEN 'delete'::"ChangeKind" WHEN (n."id" IS NOT NULL AND true) THEN 'insert'::"ChangeKind" END AS shown,
    CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."slug" IS DISTINCT FROM n."slug" THEN coalesce('"slug":' || to_json(o."slug")::text, '"slug":null') END, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN coalesce('"name":' || to_json(o."name")::text, '"name":null') END, CASE WHEN o."season" IS DISTINCT FROM n."season" THEN coalesce('"season":' || to_json(o."season"::text)::text, '"season":null') END), '') || '}')::jsonb WHEN o."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'slug', 'name', 'season'], ARRAY[o."id"::text, o."slug", o."name", o."season"::text]) END AS old,
    CASE WHEN n."id" IS NOT NULL AND o."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."slug" IS DISTINCT FROM n."slug" THEN coalesce('"slug":' || to_json(n."slug")::text, '"slug":null') END, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN coalesce('"name":' || to_json(n."name")::text, '"name":null') END, CASE WHEN o."season" IS DISTINCT FROM n."season" THEN coalesce('"season":' || to_json(n."season"::text)::text, '"season":null') END), '') || '}')::jsonb WHEN n."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'slug', 'name', 'season'], ARRAY[n."id"::text, n."slug", n."name", n."season"::text]) END AS new
  FROM olds o FULL JOIN news n ON o."id" = n."id" OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'DELETE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Collection', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Collection' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Collection' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'slug', 'name', 'season'], ARRAY[o."id"::text, o."slug", o."name", o."season"::text]) AS old, NULL::jsonb AS new
  FROM olds o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'TRUNCATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Collection', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Collection' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Collection' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'slug', 'name', 'season'], ARRAY[o."id"::text, o."slug", o."name", o."season"::text]) AS old, NULL::jsonb AS new
  FROM "Collection" o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF logged AND (SELECT last_value FROM portolan_change_listened) > extract(epoch FROM clock_timestamp()) * 1000 THEN
  PERFORM portolan_change_tell();
END IF;
RETURN NULL;
END
$$;

CREATE FUNCTION public."portolan_log_Customer"() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    SET bytea_output TO 'hex'
    SET extra_float_digits TO '1'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
  who jsonb := nullif(current_setting('portolan.actor', true), '')::jsonb;
  logged boolean := false;
BEGIN
IF TG_OP = 'INSERT' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Customer', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Customer' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Customer' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT n."id"::text AS key, 'insert'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'insert'::"ChangeKind" END AS shown,
    NULL::jsonb AS old, jsonb_object(ARRAY['id', 'number', 'name', 'email', 'phone', 'city', 'country', 'createdAt'], ARRAY[n."id"::text, n."number", n."name", n."email", n."phone", n."city", CASE WHEN n."country" IS NOT NULL THEN concat(n."country") END, n."createdAt"::text]) AS new
  FROM news n OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'UPDATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Customer', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Customer' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Customer' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT coalesce(n."id"::text, o."id"::text) AS key, CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN 'update'::"ChangeKind" WHEN o."id" IS NOT NULL THEN 'delete'::"ChangeKind" WHEN n."id" IS NOT NULL THEN 'insert'::"ChangeKind" END AS kind,
    CASE WHEN (o."id" IS NOT NULL AND true) AND (n."id" IS NOT NULL AND true) THEN 'update'::"ChangeKind" WHEN (o."id" IS NOT NULL AND true) THEN 'delete'::"ChangeKind" WHEN (n."id" IS NOT NULL AND true) THEN 'insert'::"ChangeKind" END AS shown,
    CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."number" IS DISTINCT FROM n."number" THEN coalesce('"number":' || to_json(o."number")::text, '"number":null') END, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN coalesce('"name":' || to_json(o."name")::text, '"name":null') END, CASE WHEN o."email" IS DISTINCT FROM n."email" THEN coalesce('"email":' || to_json(o."email")::text, '"email":null') END, CASE WHEN o."phone" IS DISTINCT FROM n."phone" THEN coalesce('"phone":' || to_json(o."phone")::text, '"phone":null') END, CASE WHEN o."city" IS DISTINCT FROM n."city" THEN coalesce('"city":' || to_json(o."city")::text, '"city":null') END, CASE WHEN o."country" IS DISTINCT FROM n."country" THEN coalesce('"country":' || to_json(CASE WHEN o."country" IS NOT NULL THEN concat(o."country") END)::text, '"country":null') END, CASE WHEN o."createdAt" IS DISTINCT FROM n."createdAt" THEN coalesce('"createdAt":"' || o."createdAt"::text || '"', '"createdAt":null') END), '') || '}')::jsonb WHEN o."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'number', 'name', 'email', 'phone', 'city', 'country', 'createdAt'], ARRAY[o."id"::text, o."number", o."name", o."email", o."phone", o."city", CASE WHEN o."country" IS NOT NULL THEN concat(o."country") END, o."createdAt"::text]) END AS old,
    CASE WHEN n."id" IS NOT NULL AND o."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."number" IS DISTINCT FROM n."number" THEN coalesce('"number":' || to_json(n."number")::text, '"number":null') END, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN coalesce('"name":' || to_json(n."name")::text, '"name":null') END, CASE WHEN o."email" IS DISTINCT FROM n."email" THEN coalesce('"email":' || to_json(n."email")::text, '"email":null') END, CASE WHEN o."phone" IS DISTINCT FROM n."phone" THEN coalesce('"phone":' || to_json(n."phone")::text, '"phone":null') END, CASE WHEN o."city" IS DISTINCT FROM n."city" THEN coalesce('"city":' || to_json(n."city")::text, '"city":null') END, CASE WHEN o."country" IS DISTINCT FROM n."country" THEN coalesce('"country":' || to_json(CASE WHEN n."country" IS NOT NULL THEN concat(n."country") END)::text, '"country":null') END, CASE WHEN o."createdAt" IS DISTINCT FROM n."createdAt" THEN coalesce('"createdAt":"' || n."createdAt"::text || '"', '"createdAt":null') END), '') || '}')::jsonb WHEN n."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'number', 'name', 'email', 'phone', 'city', 'country', 'createdAt'], ARRAY[n."id"::text, n."number", n."name", n."email", n."phone", n."city", CASE WHEN n."country" IS NOT NULL THEN concat(n."country") END, n."createdAt"::text]) END AS new
  FROM olds o FULL JOIN news n ON o."id" = n."id" OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'DELETE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Customer', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Customer' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Customer' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'number', 'name', 'email', 'phone', 'city', 'country', 'createdAt'], ARRAY[o."id"::text, o."number", o."name", o."email", o."phone", o."city", CASE WHEN o."country" IS NOT NULL THEN concat(o."country") END, o."createdAt"::text]) AS old, NULL::jsonb AS new
  FROM olds o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'TRUNCATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Customer', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Customer' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Customer' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'number', 'name', 'email', 'phone', 'city', 'country', 'createdAt'], ARRAY[o."id"::text, o."number", o."name", o."email", o."phone", o."city", CASE WHEN o."country" IS NOT NULL THEN concat(o."country") END, o."createdAt"::text]) AS old, NULL::jsonb AS new
  FROM "Customer" o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF logged AND (SELECT last_value FROM portolan_change_listened) > extract(epoch FROM clock_timestamp()) * 1000 THEN
  PERFORM portolan_change_tell();
END IF;
RETURN NULL;
END
$$;

CREATE FUNCTION public."portolan_log_DataSheet"() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    SET bytea_output TO 'hex'
    SET extra_float_digits TO '1'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
  who jsonb := nullif(current_setting('portolan.actor', true), '')::jsonb;
  logged boolean := false;
BEGIN
IF TG_OP = 'INSERT' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'DataSheet', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'DataSheet' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'DataSheet' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT n."id"::text AS key, 'insert'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'insert'::"ChangeKind" END AS shown,
    NULL::jsonb AS old, jsonb_object(ARRAY['id', 'productId', 'language', 'pages', 'preview'], ARRAY[n."id"::text, n."productId"::text, n."language", n."pages"::text, n."preview"::text]) AS new
  FROM news n OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'UPDATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'DataSheet', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'DataSheet' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'DataSheet' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT coalesce(n."id"::text, o."id"::text) AS key, CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN 'update'::"ChangeKind" WHEN o."id" IS NOT NULL THEN 'delete'::"ChangeKind" WHEN n."id" IS NOT NULL THEN 'insert'::"ChangeKind" END AS kind,
    CASE WHEN (o."id" IS NOT NULL AND true) AND (n."id" IS NOT NULL AND true) THEN 'update'::"ChangeKind" WHEN (o."id" IS NOT NULL AND true) THEN 'delete'::"ChangeKind" WHEN (n."id" IS NOT NULL AND true) THEN 'insert'::"ChangeKind" END AS shown,
    CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."productId" IS DISTINCT FROM n."productId" THEN coalesce('"productId":"' || o."productId"::text || '"', '"productId":null') END, CASE WHEN o."language" IS DISTINCT FROM n."language" THEN coalesce('"language":' || to_json(o."language")::text, '"language":null') END, CASE WHEN o."pages" IS DISTINCT FROM n."pages" THEN coalesce('"pages":"' || o."pages"::text || '"', '"pages":null') END, CASE WHEN o."preview" IS DISTINCT FROM n."preview" THEN coalesce('"preview":' || to_json(o."preview"::text)::text, '"preview":null') END), '') || '}')::jsonb WHEN o."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'productId', 'language', 'pages', 'preview'], ARRAY[o."id"::text, o."productId"::text, o."language", o."pages"::text, o."preview"::text]) END AS old,
    CASE WHEN n."id" IS NOT NULL AND o."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."productId" IS DISTINCT FROM n."productId" THEN coalesce('"productId":"' || n."productId"::text || '"', '"productId":null') END, CASE WHEN o."language" IS DISTINCT FROM n."language" THEN coalesce('"language":' || to_json(n."language")::text, '"language":null') END, CASE WHEN o."pages" IS DISTINCT FROM n."pages" THEN coalesce('"pages":"' || n."pages"::text || '"', '"pages":null') END, CASE WHEN o."preview" IS DISTINCT FROM n."preview" THEN coalesce('"preview":' || to_json(n."preview"::text)::text, '"preview":null') END), '') || '}')::jsonb WHEN n."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'productId', 'language', 'pages', 'preview'], ARRAY[n."id"::text, n."productId"::text, n."language", n."pages"::text, n."preview"::text]) END AS new
  FROM olds o FULL JOIN news n ON o."id" = n."id" OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'DELETE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'DataSheet', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'DataSheet' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'DataSheet' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'productId', 'language', 'pages', 'preview'], ARRAY[o."id"::text, o."productId"::text, o."language", o."pages"::text, o."preview"::text]) AS old, NULL::jsonb AS new
  FROM olds o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'TRUNCATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'DataSheet', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'DataSheet' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'DataSheet' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'productId', 'language', 'pages', 'preview'], ARRAY[o."id"::text, o."productId"::text, o."language", o."pages"::text, o."preview"::text]) AS old, NULL::jsonb AS new
  FROM "DataSheet" o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF logged AND (SELECT last_value FROM portolan_change_listened) > extract(epoch FROM clock_timestamp()) * 1000 THEN
  PERFORM portolan_change_tell();
END IF;
RETURN NULL;
END
$$;

CREATE FUNCTION public."portolan_log_Order"() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    SET bytea_output TO 'hex'
    SET extra_float_digits TO '1'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
  who jsonb := nullif(current_setting('portolan.actor', true), '')::jsonb;
  logged boolean := false;
BEGIN
IF TG_OP = 'INSERT' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Order', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Order' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Order' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT n."id"::text AS key, 'insert'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'insert'::"ChangeKind" END AS shown,
    NULL::jsonb AS old, jsonb_object(ARRAY['id', 'number', 'status', 'total', 'orderedAt', 'dueOn', 'note', 'customerId'], ARRAY[n."id"::text, n."number", n."status"::text, n."total"::text, n."orderedAt"::text, n."dueOn"::text, n."note", n."customerId"::text]) AS new
  FROM news n OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'UPDATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Order', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Order' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Order' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT coalesce(n."id"::text, o."id"::text) AS key, CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN 'update'::"ChangeKind" WHEN o."id" IS NOT NULL THEN 'delete'::"ChangeKind" WHEN n."id" IS NOT NULL THEN 'insert'::"ChangeKind" END AS kind,
    CASE WHEN (o."id" IS NOT NULL AND true) AND (n."id" IS NOT NULL AND true) THEN 'update'::"ChangeKind" WHEN (o."id" IS NOT NULL AND true) THEN 'delete'::"ChangeKind" WHEN (n."id" IS NOT NULL AND true) THEN 'insert'::"ChangeKind" END AS shown,
    CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."number" IS DISTINCT FROM n."number" THEN coalesce('"number":' || to_json(o."number")::text, '"number":null') END, CASE WHEN o."status" IS DISTINCT FROM n."status" THEN coalesce('"status":' || to_json(o."status"::text)::text, '"status":null') END, CASE WHEN o."total" IS DISTINCT FROM n."total" THEN coalesce('"total":"' || o."total"::text || '"', '"total":null') END, CASE WHEN o."orderedAt" IS DISTINCT FROM n."orderedAt" THEN coalesce('"orderedAt":"' || o."orderedAt"::text || '"', '"orderedAt":null') END, CASE WHEN o."dueOn" IS DISTINCT FROM n."dueOn" THEN coalesce('"dueOn":"' || o."dueOn"::text || '"', '"dueOn":null') END, CASE WHEN o."note" IS DISTINCT FROM n."note" THEN coalesce('"note":' || to_json(o."note")::text, '"note":null') END, CASE WHEN o."customerId" IS DISTINCT FROM n."customerId" THEN coalesce('"customerId":"' || o."customerId"::text || '"', '"customerId":null') END), '') || '}')::jsonb WHEN o."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'number', 'status', 'total', 'orderedAt', 'dueOn', 'note', 'customerId'], ARRAY[o."id"::text, o."number", o."status"::text, o."total"::text, o."orderedAt"::text, o."dueOn"::text, o."note", o."customerId"::text]) END AS old,
    CASE WHEN n."id" IS NOT NULL AND o."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."number" IS DISTINCT FROM n."number" THEN coalesce('"number":' || to_json(n."number")::text, '"number":null') END, CASE WHEN o."status" IS DISTINCT FROM n."status" THEN coalesce('"status":' || to_json(n."status"::text)::text, '"status":null') END, CASE WHEN o."total" IS DISTINCT FROM n."total" THEN coalesce('"total":"' || n."total"::text || '"', '"total":null') END, CASE WHEN o."orderedAt" IS DISTINCT FROM n."orderedAt" THEN coalesce('"orderedAt":"' || n."orderedAt"::text || '"', '"orderedAt":null') END, CASE WHEN o."dueOn" IS DISTINCT FROM n."dueOn" THEN coalesce('"dueOn":"' || n."dueOn"::text || '"', '"dueOn":null') END, CASE WHEN o."note" IS DISTINCT FROM n."note" THEN coalesce('"note":' || to_json(n."note")::text, '"note":null') END, CASE WHEN o."customerId" IS DISTINCT FROM n."customerId" THEN coalesce('"customerId":"' || n."customerId"::text || '"', '"customerId":null') END), '') || '}')::jsonb WHEN n."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'number', 'status', 'total', 'orderedAt', 'dueOn', 'note', 'customerId'], ARRAY[n."id"::text, n."number", n."status"::text, n."total"::text, n."orderedAt"::text, n."dueOn"::text, n."note", n."customerId"::text]) END AS new
  FROM olds o FULL JOIN news n ON o."id" = n."id" OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'DELETE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Order', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Order' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Order' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'number', 'status', 'total', 'orderedAt', 'dueOn', 'note', 'customerId'], ARRAY[o."id"::text, o."number", o."status"::text, o."total"::text, o."orderedAt"::text, o."dueOn"::text, o."note", o."customerId"::text]) AS old, NULL::jsonb AS new
  FROM olds o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'TRUNCATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Order', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Order' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Order' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'number', 'status', 'total', 'orderedAt', 'dueOn', 'note', 'customerId'], ARRAY[o."id"::text, o."number", o."status"::text, o."total"::text, o."orderedAt"::text, o."dueOn"::text, o."note", o."customerId"::text]) AS old, NULL::jsonb AS new
  FROM "Order" o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF logged AND (SELECT last_value FROM portolan_change_listened) > extract(epoch FROM clock_timestamp()) * 1000 THEN
  PERFORM portolan_change_tell();
END IF;
RETURN NULL;
END
$$;

CREATE FUNCTION public."portolan_log_OrderItem"() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    SET bytea_output TO 'hex'
    SET extra_float_digits TO '1'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
  who jsonb := nullif(current_setting('portolan.actor', true), '')::jsonb;
  logged boolean := false;
BEGIN
IF TG_OP = 'INSERT' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'OrderItem', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'OrderItem' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'OrderItem' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT n."id"::text AS key, 'insert'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'insert'::"ChangeKind" END AS shown,
    NULL::jsonb AS old, jsonb_object(ARRAY['id', 'orderId', 'productId', 'quantity', 'price'], ARRAY[n."id"::text, n."orderId"::text, n."productId"::text, n."quantity"::text, n."price"::text]) AS new
  FROM news n OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'UPDATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'OrderItem', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'OrderItem' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'OrderItem' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT coalesce(n."id"::text, o."id"::text) AS key, CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN 'update'::"ChangeKind" WHEN o."id" IS NOT NULL THEN 'delete'::"ChangeKind" WHEN n."id" IS NOT NULL THEN 'insert'::"ChangeKind" END AS kind,
    CASE WHEN (o."id" IS NOT NULL AND true) AND (n."id" IS NOT NULL AND true) THEN 'update'::"ChangeKind" WHEN (o."id" IS NOT NULL AND true) THEN 'delete'::"ChangeKind" WHEN (n."id" IS NOT NULL AND true) THEN 'insert'::"ChangeKind" END AS shown,
    CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."orderId" IS DISTINCT FROM n."orderId" THEN coalesce('"orderId":"' || o."orderId"::text || '"', '"orderId":null') END, CASE WHEN o."productId" IS DISTINCT FROM n."productId" THEN coalesce('"productId":"' || o."productId"::text || '"', '"productId":null') END, CASE WHEN o."quantity" IS DISTINCT FROM n."quantity" THEN coalesce('"quantity":"' || o."quantity"::text || '"', '"quantity":null') END, CASE WHEN o."price" IS DISTINCT FROM n."price" THEN coalesce('"price":"' || o."price"::text || '"', '"price":null') END), '') || '}')::jsonb WHEN o."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'orderId', 'productId', 'quantity', 'price'], ARRAY[o."id"::text, o."orderId"::text, o."productId"::text, o."quantity"::text, o."price"::text]) END AS old,
    CASE WHEN n."id" IS NOT NULL AND o."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."orderId" IS DISTINCT FROM n."orderId" THEN coalesce('"orderId":"' || n."orderId"::text || '"', '"orderId":null') END, CASE WHEN o."productId" IS DISTINCT FROM n."productId" THEN coalesce('"productId":"' || n."productId"::text || '"', '"productId":null') END, CASE WHEN o."quantity" IS DISTINCT FROM n."quantity" THEN coalesce('"quantity":"' || n."quantity"::text || '"', '"quantity":null') END, CASE WHEN o."price" IS DISTINCT FROM n."price" THEN coalesce('"price":"' || n."price"::text || '"', '"price":null') END), '') || '}')::jsonb WHEN n."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'orderId', 'productId', 'quantity', 'price'], ARRAY[n."id"::text, n."orderId"::text, n."productId"::text, n."quantity"::text, n."price"::text]) END AS new
  FROM olds o FULL JOIN news n ON o."id" = n."id" OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'DELETE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'OrderItem', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'OrderItem' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'OrderItem' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'orderId', 'productId', 'quantity', 'price'], ARRAY[o."id"::text, o."orderId"::text, o."productId"::text, o."quantity"::text, o."price"::text]) AS old, NULL::jsonb AS new
  FROM olds o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'TRUNCATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'OrderItem', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'OrderItem' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'OrderItem' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'orderId', 'productId', 'quantity', 'price'], ARRAY[o."id"::text, o."orderId"::text, o."productId"::text, o."quantity"::text, o."price"::text]) AS old, NULL::jsonb AS new
  FROM "OrderItem" o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF logged AND (SELECT last_value FROM portolan_change_listened) > extract(epoch FROM clock_timestamp()) * 1000 THEN
  PERFORM portolan_change_tell();
END IF;
RETURN NULL;
END
$$;

CREATE FUNCTION public."portolan_log_Product"() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    SET bytea_output TO 'hex'
    SET extra_float_digits TO '1'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
  who jsonb := nullif(current_setting('portolan.actor', true), '')::jsonb;
  logged boolean := false;
BEGIN
IF TG_OP = 'INSERT' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Product', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Product' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Product' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT n."id"::text AS key, 'insert'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'insert'::"ChangeKind" END AS shown,
    NULL::jsonb AS old, jsonb_object(ARRAY['id', 'sku', 'name', 'description', 'price', 'cost', 'stock', 'barcode', 'active', 'tags', 'attributes', 'weight', 'categoryId', 'supplierId', 'createdAt', 'updatedAt'], ARRAY[n."id"::text, n."sku", n."name", n."description", n."price"::text, n."cost"::text, n."stock"::text, n."barcode", n."active"::text, array_to_json(n."tags"::text[])::text, n."attributes"::text, n."weight"::text, n."categoryId"::text, n."supplierId"::text, n."createdAt"::text, n."updatedAt"::text]) AS new
  FROM news n OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'UPDATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Product', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Product' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Product' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT coalesce(n."id"::text, o."id"::text) AS key, CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN 'update'::"ChangeKind" WHEN o."id" IS NOT NULL THEN 'delete'::"ChangeKind" WHEN n."id" IS NOT NULL THEN 'insert'::"ChangeKind" END AS kind,
    CASE WHEN (o."id" IS NOT NULL AND true) AND (n."id" IS NOT NULL AND true) THEN 'update'::"ChangeKind" WHEN (o."id" IS NOT NULL AND true) THEN 'delete'::"ChangeKind" WHEN (n."id" IS NOT NULL AND true) THEN 'insert'::"ChangeKind" END AS shown,
    CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."sku" IS DISTINCT FROM n."sku" THEN coalesce('"sku":' || to_json(o."sku")::text, '"sku":null') END, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN coalesce('"name":' || to_json(o."name")::text, '"name":null') END, CASE WHEN o."description" IS DISTINCT FROM n."description" THEN coalesce('"description":' || to_json(o."description")::text, '"description":null') END, CASE WHEN o."price" IS DISTINCT FROM n."price" THEN coalesce('"price":"' || o."price"::text || '"', '"price":null') END, CASE WHEN o."cost" IS DISTINCT FROM n."cost" THEN coalesce('"cost":"' || o."cost"::text || '"', '"cost":null') END, CASE WHEN o."stock" IS DISTINCT FROM n."stock" THEN coalesce('"stock":"' || o."stock"::text || '"', '"stock":null') END, CASE WHEN o."barcode" IS DISTINCT FROM n."barcode" THEN coalesce('"barcode":' || to_json(o."barcode")::text, '"barcode":null') END, CASE WHEN o."active" IS DISTINCT FROM n."active" THEN coalesce('"active":"' || o."active"::text || '"', '"active":null') END, CASE WHEN o."tags" IS DISTINCT FROM n."tags" THEN coalesce('"tags":' || to_json(array_to_json(o."tags"::text[])::text)::text, '"tags":null') END, CASE WHEN o."attributes"::text IS DISTINCT FROM n."attributes"::text THEN coalesce('"attributes":' || to_json(o."attributes"::text)::text, '"attributes":null') END, CASE WHEN o."weight"::text IS DISTINCT FROM n."weight"::text THEN coalesce('"weight":"' || o."weight"::text || '"', '"weight":null') END, CASE WHEN o."categoryId" IS DISTINCT FROM n."categoryId" THEN coalesce('"categoryId":"' || o."categoryId"::text || '"', '"categoryId":null') END, CASE WHEN o."supplierId" IS DISTINCT FROM n."supplierId" THEN coalesce('"supplierId":"' || o."supplierId"::text || '"', '"supplierId":null') END, CASE WHEN o."createdAt" IS DISTINCT FROM n."createdAt" THEN coalesce('"createdAt":"' || o."createdAt"::text || '"', '"createdAt":null') END, CASE WHEN o."updatedAt" IS DISTINCT FROM n."updatedAt" THEN coalesce('"updatedAt":"' || o."updatedAt"::text || '"', '"updatedAt":null') END), '') || '}')::jsonb WHEN o."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'sku', 'name', 'description', 'price', 'cost', 'stock', 'barcode', 'active', 'tags', 'attributes', 'weight', 'categoryId', 'supplierId', 'createdAt', 'updatedAt'], ARRAY[o."id"::text, o."sku", o."name", o."description", o."price"::text, o."cost"::text, o."stock"::text, o."barcode", o."active"::text, array_to_json(o."tags"::text[])::text, o."attributes"::text, o."weight"::text, o."categoryId"::text, o."supplierId"::text, o."createdAt"::text, o."updatedAt"::text]) END AS old,
    CASE WHEN n."id" IS NOT NULL AND o."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."sku" IS DISTINCT FROM n."sku" THEN coalesce('"sku":' || to_json(n."sku")::text, '"sku":null') END, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN coalesce('"name":' || to_json(n."name")::text, '"name":null') END, CASE WHEN o."description" IS DISTINCT FROM n."description" THEN coalesce('"description":' || to_json(n."description")::text, '"description":null') END, CASE WHEN o."price" IS DISTINCT FROM n."price" THEN coalesce('"price":"' || n."price"::text || '"', '"price":null') END, CASE WHEN o."cost" IS DISTINCT FROM n."cost" THEN coalesce('"cost":"' || n."cost"::text || '"', '"cost":null') END, CASE WHEN o."stock" IS DISTINCT FROM n."stock" THEN coalesce('"stock":"' || n."stock"::text || '"', '"stock":null') END, CASE WHEN o."barcode" IS DISTINCT FROM n."barcode" THEN coalesce('"barcode":' || to_json(n."barcode")::text, '"barcode":null') END, CASE WHEN o."active" IS DISTINCT FROM n."active" THEN coalesce('"active":"' || n."active"::text || '"', '"active":null') END, CASE WHEN o."tags" IS DISTINCT FROM n."tags" THEN coalesce('"tags":' || to_json(array_to_json(n."tags"::text[])::text)::text, '"tags":null') END, CASE WHEN o."attributes"::text IS DISTINCT FROM n."attributes"::text THEN coalesce('"attributes":' || to_json(n."attributes"::text)::text, '"attributes":null') END, CASE WHEN o."weight"::text IS DISTINCT FROM n."weight"::text THEN coalesce('"weight":"' || n."weight"::text || '"', '"weight":null') END, CASE WHEN o."categoryId" IS DISTINCT FROM n."categoryId" THEN coalesce('"categoryId":"' || n."categoryId"::text || '"', '"categoryId":null') END, CASE WHEN o."supplierId" IS DISTINCT FROM n."supplierId" THEN coalesce('"supplierId":"' || n."supplierId"::text || '"', '"supplierId":null') END, CASE WHEN o."createdAt" IS DISTINCT FROM n."createdAt" THEN coalesce('"createdAt":"' || n."createdAt"::text || '"', '"createdAt":null') END, CASE WHEN o."updatedAt" IS DISTINCT FROM n."updatedAt" THEN coalesce('"updatedAt":"' || n."updatedAt"::text || '"', '"updatedAt":null') END), '') || '}')::jsonb WHEN n."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'sku', 'name', 'description', 'price', 'cost', 'stock', 'barcode', 'active', 'tags', 'attributes', 'weight', 'categoryId', 'supplierId', 'createdAt', 'updatedAt'], ARRAY[n."id"::text, n."sku", n."name", n."description", n."price"::text, n."cost"::text, n."stock"::text, n."barcode", n."active"::text, array_to_json(n."tags"::text[])::text, n."attributes"::text, n."weight"::text, n."categoryId"::text, n."supplierId"::text, n."createdAt"::text, n."updatedAt"::text]) END AS new
  FROM olds o FULL JOIN news n ON o."id" = n."id" OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'DELETE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Product', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Product' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Product' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'sku', 'name', 'description', 'price', 'cost', 'stock', 'barcode', 'active', 'tags', 'attributes', 'weight', 'categoryId', 'supplierId', 'createdAt', 'updatedAt'], ARRAY[o."id"::text, o."sku", o."name", o."description", o."price"::text, o."cost"::text, o."stock"::text, o."barcode", o."active"::text, array_to_json(o."tags"::text[])::text, o."attributes"::text, o."weight"::text, o."categoryId"::text, o."supplierId"::text, o."createdAt"::text, o."updatedAt"::text]) AS old, NULL::jsonb AS new
  FROM olds o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'TRUNCATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Product', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Product' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Product' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'sku', 'name', 'description', 'price', 'cost', 'stock', 'barcode', 'active', 'tags', 'attributes', 'weight', 'categoryId', 'supplierId', 'createdAt', 'updatedAt'], ARRAY[o."id"::text, o."sku", o."name", o."description", o."price"::text, o."cost"::text, o."stock"::text, o."barcode", o."active"::text, array_to_json(o."tags"::text[])::text, o."attributes"::text, o."weight"::text, o."categoryId"::text, o."supplierId"::text, o."createdAt"::text, o."updatedAt"::text]) AS old, NULL::jsonb AS new
  FROM "Product" o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF logged AND (SELECT last_value FROM portolan_change_listened) > extract(epoch FROM clock_timestamp()) * 1000 THEN
  PERFORM portolan_change_tell();
END IF;
RETURN NULL;
END
$$;

CREATE FUNCTION public."portolan_log_StockLevel"() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    SET bytea_output TO 'hex'
    SET extra_float_digits TO '1'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
  who jsonb := nullif(current_setting('portolan.actor', true), '')::jsonb;
  logged boolean := false;
BEGIN
IF TG_OP = 'INSERT' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'StockLevel', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'StockLevel' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'StockLevel' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT '[' || '"' || n."warehouseId"::text || '"' || ',' || '"' || n."productId"::text || '"' || ']' AS key, 'insert'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'insert'::"ChangeKind" END AS shown,
    NULL::jsonb AS old, jsonb_object(ARRAY['warehouseId', 'productId', 'quantity', 'movements', 'countedAt'], ARRAY[n."warehouseId"::text, n."productId"::text, n."quantity"::text, n."movements"::text, n."countedAt"::text]) AS new
  FROM news n OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'UPDATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'StockLevel', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'StockLevel' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'StockLevel' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT '[' || '"' || coalesce(n."warehouseId"::text, o."warehouseId"::text) || '"' || ',' || '"' || coalesce(n."productId"::text, o."productId"::text) || '"' || ']' AS key, CASE WHEN o."warehouseId" IS NOT NULL AND n."warehouseId" IS NOT NULL THEN 'update'::"ChangeKind" WHEN o."warehouseId" IS NOT NULL THEN 'delete'::"ChangeKind" WHEN n."warehouseId" IS NOT NULL THEN 'insert'::"ChangeKind" END AS kind,
    CASE WHEN (o."warehouseId" IS NOT NULL AND true) AND (n."warehouseId" IS NOT NULL AND true) THEN 'update'::"ChangeKind" WHEN (o."warehouseId" IS NOT NULL AND true) THEN 'delete'::"ChangeKind" WHEN (n."warehouseId" IS NOT NULL AND true) THEN 'insert'::"ChangeKind" END AS shown,
    CASE WHEN o."warehouseId" IS NOT NULL AND n."warehouseId" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."quantity" IS DISTINCT FROM n."quantity" THEN coalesce('"quantity":"' || o."quantity"::text || '"', '"quantity":null') END, CASE WHEN o."movements" IS DISTINCT FROM n."movements" THEN coalesce('"movements":"' || o."movements"::text || '"', '"movements":null') END, CASE WHEN o."countedAt" IS DISTINCT FROM n."countedAt" THEN coalesce('"countedAt":"' || o."countedAt"::text || '"', '"countedAt":null') END), '') || '}')::jsonb WHEN o."warehouseId" IS NOT NULL THEN jsonb_object(ARRAY['warehouseId', 'productId', 'quantity', 'movements', 'countedAt'], ARRAY[o."warehouseId"::text, o."productId"::text, o."quantity"::text, o."movements"::text, o."countedAt"::text]) END AS old,
    CASE WHEN n."warehouseId" IS NOT NULL AND o."warehouseId" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."quantity" IS DISTINCT FROM n."quantity" THEN coalesce('"quantity":"' || n."quantity"::text || '"', '"quantity":null') END, CASE WHEN o."movements" IS DISTINCT FROM n."movements" THEN coalesce('"movements":"' || n."movements"::text || '"', '"movements":null') END, CASE WHEN o."countedAt" IS DISTINCT FROM n."countedAt" THEN coalesce('"countedAt":"' || n."countedAt"::text || '"', '"countedAt":null') END), '') || '}')::jsonb WHEN n."warehouseId" IS NOT NULL THEN jsonb_object(ARRAY['warehouseId', 'productId', 'quantity', 'movements', 'countedAt'], ARRAY[n."warehouseId"::text, n."productId"::text, n."quantity"::text, n."movements"::text, n."countedAt"::text]) END AS new
  FROM olds o FULL JOIN news n ON o."warehouseId" = n."warehouseId" AND o."productId" = n."productId" OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'DELETE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'StockLevel', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'StockLevel' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'StockLevel' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT '[' || '"' || o."warehouseId"::text || '"' || ',' || '"' || o."productId"::text || '"' || ']' AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['warehouseId', 'productId', 'quantity', 'movements', 'countedAt'], ARRAY[o."warehouseId"::text, o."productId"::text, o."quantity"::text, o."movements"::text, o."countedAt"::text]) AS old, NULL::jsonb AS new
  FROM olds o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'TRUNCATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'StockLevel', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'StockLevel' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'StockLevel' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT '[' || '"' || o."warehouseId"::text || '"' || ',' || '"' || o."productId"::text || '"' || ']' AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['warehouseId', 'productId', 'quantity', 'movements', 'countedAt'], ARRAY[o."warehouseId"::text, o."productId"::text, o."quantity"::text, o."movements"::text, o."countedAt"::text]) AS old, NULL::jsonb AS new
  FROM "StockLevel" o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF logged AND (SELECT last_value FROM portolan_change_listened) > extract(epoch FROM clock_timestamp()) * 1000 THEN
  PERFORM portolan_change_tell();
END IF;
RETURN NULL;
END
$$;

CREATE FUNCTION public."portolan_log_Supplier"() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    SET bytea_output TO 'hex'
    SET extra_float_digits TO '1'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
  who jsonb := nullif(current_setting('portolan.actor', true), '')::jsonb;
  logged boolean := false;
BEGIN
IF TG_OP = 'INSERT' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Supplier', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Supplier' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Supplier' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT n."id"::text AS key, 'insert'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'insert'::"ChangeKind" END AS shown,
    NULL::jsonb AS old, jsonb_object(ARRAY['id', 'code', 'name', 'country', 'rating', 'since'], ARRAY[n."id"::text, n."code", n."name", CASE WHEN n."country" IS NOT NULL THEN concat(n."country") END, n."rating"::text, n."since"::text]) AS new
  FROM news n OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'UPDATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Supplier', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Supplier' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Supplier' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT coalesce(n."id"::text, o."id"::text) AS key, CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN 'update'::"ChangeKind" WHEN o."id" IS NOT NULL THEN 'delete'::"ChangeKind" WHEN n."id" IS NOT NULL THEN 'insert'::"ChangeKind" END AS kind,
    CASE WHEN (o."id" IS NOT NULL AND true) AND (n."id" IS NOT NULL AND true) THEN 'update'::"ChangeKind" WHEN (o."id" IS NOT NULL AND true) THEN 'delete'::"ChangeKind" WHEN (n."id" IS NOT NULL AND true) THEN 'insert'::"ChangeKind" END AS shown,
    CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."code" IS DISTINCT FROM n."code" THEN coalesce('"code":' || to_json(o."code")::text, '"code":null') END, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN coalesce('"name":' || to_json(o."name")::text, '"name":null') END, CASE WHEN o."country" IS DISTINCT FROM n."country" THEN coalesce('"country":' || to_json(CASE WHEN o."country" IS NOT NULL THEN concat(o."country") END)::text, '"country":null') END, CASE WHEN o."rating"::text IS DISTINCT FROM n."rating"::text THEN coalesce('"rating":"' || o."rating"::text || '"', '"rating":null') END, CASE WHEN o."since" IS DISTINCT FROM n."since" THEN coalesce('"since":"' || o."since"::text || '"', '"since":null') END), '') || '}')::jsonb WHEN o."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'code', 'name', 'country', 'rating', 'since'], ARRAY[o."id"::text, o."code", o."name", CASE WHEN o."country" IS NOT NULL THEN concat(o."country") END, o."rating"::text, o."since"::text]) END AS old,
    CASE WHEN n."id" IS NOT NULL AND o."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."code" IS DISTINCT FROM n."code" THEN coalesce('"code":' || to_json(n."code")::text, '"code":null') END, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN coalesce('"name":' || to_json(n."name")::text, '"name":null') END, CASE WHEN o."country" IS DISTINCT FROM n."country" THEN coalesce('"country":' || to_json(CASE WHEN n."country" IS NOT NULL THEN concat(n."country") END)::text, '"country":null') END, CASE WHEN o."rating"::text IS DISTINCT FROM n."rating"::text THEN coalesce('"rating":"' || n."rating"::text || '"', '"rating":null') END, CASE WHEN o."since" IS DISTINCT FROM n."since" THEN coalesce('"since":"' || n."since"::text || '"', '"since":null') END), '') || '}')::jsonb WHEN n."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'code', 'name', 'country', 'rating', 'since'], ARRAY[n."id"::text, n."code", n."name", CASE WHEN n."country" IS NOT NULL THEN concat(n."country") END, n."rating"::text, n."since"::text]) END AS new
  FROM olds o FULL JOIN news n ON o."id" = n."id" OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'DELETE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Supplier', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Supplier' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Supplier' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'code', 'name', 'country', 'rating', 'since'], ARRAY[o."id"::text, o."code", o."name", CASE WHEN o."country" IS NOT NULL THEN concat(o."country") END, o."rating"::text, o."since"::text]) AS old, NULL::jsonb AS new
  FROM olds o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'TRUNCATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Supplier', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Supplier' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Supplier' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'code', 'name', 'country', 'rating', 'since'], ARRAY[o."id"::text, o."code", o."name", CASE WHEN o."country" IS NOT NULL THEN concat(o."country") END, o."rating"::text, o."since"::text]) AS old, NULL::jsonb AS new
  FROM "Supplier" o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF logged AND (SELECT last_value FROM portolan_change_listened) > extract(epoch FROM clock_timestamp()) * 1000 THEN
  PERFORM portolan_change_tell();
END IF;
RETURN NULL;
END
$$;

CREATE FUNCTION public."portolan_log_Warehouse"() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    SET bytea_output TO 'hex'
    SET extra_float_digits TO '1'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
  who jsonb := nullif(current_setting('portolan.actor', true), '')::jsonb;
  logged boolean := false;
BEGIN
IF TG_OP = 'INSERT' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Warehouse', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Warehouse' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Warehouse' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT n."id"::text AS key, 'insert'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'insert'::"ChangeKind" END AS shown,
    NULL::jsonb AS old, jsonb_object(ARRAY['id', 'code', 'name', 'city', 'opensAt'], ARRAY[n."id"::text, n."code", n."name", n."city", n."opensAt"::text]) AS new
  FROM news n OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'UPDATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Warehouse', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Warehouse' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Warehouse' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT coalesce(n."id"::text, o."id"::text) AS key, CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN 'update'::"ChangeKind" WHEN o."id" IS NOT NULL THEN 'delete'::"ChangeKind" WHEN n."id" IS NOT NULL THEN 'insert'::"ChangeKind" END AS kind,
    CASE WHEN (o."id" IS NOT NULL AND true) AND (n."id" IS NOT NULL AND true) THEN 'update'::"ChangeKind" WHEN (o."id" IS NOT NULL AND true) THEN 'delete'::"ChangeKind" WHEN (n."id" IS NOT NULL AND true) THEN 'insert'::"ChangeKind" END AS shown,
    CASE WHEN o."id" IS NOT NULL AND n."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."code" IS DISTINCT FROM n."code" THEN coalesce('"code":' || to_json(o."code")::text, '"code":null') END, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN coalesce('"name":' || to_json(o."name")::text, '"name":null') END, CASE WHEN o."city" IS DISTINCT FROM n."city" THEN coalesce('"city":' || to_json(o."city")::text, '"city":null') END, CASE WHEN o."opensAt" IS DISTINCT FROM n."opensAt" THEN coalesce('"opensAt":"' || o."opensAt"::text || '"', '"opensAt":null') END), '') || '}')::jsonb WHEN o."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'code', 'name', 'city', 'opensAt'], ARRAY[o."id"::text, o."code", o."name", o."city", o."opensAt"::text]) END AS old,
    CASE WHEN n."id" IS NOT NULL AND o."id" IS NOT NULL THEN ('{' || nullif(concat_ws(',', CASE WHEN o."code" IS DISTINCT FROM n."code" THEN coalesce('"code":' || to_json(n."code")::text, '"code":null') END, CASE WHEN o."name" IS DISTINCT FROM n."name" THEN coalesce('"name":' || to_json(n."name")::text, '"name":null') END, CASE WHEN o."city" IS DISTINCT FROM n."city" THEN coalesce('"city":' || to_json(n."city")::text, '"city":null') END, CASE WHEN o."opensAt" IS DISTINCT FROM n."opensAt" THEN coalesce('"opensAt":"' || n."opensAt"::text || '"', '"opensAt":null') END), '') || '}')::jsonb WHEN n."id" IS NOT NULL THEN jsonb_object(ARRAY['id', 'code', 'name', 'city', 'opensAt'], ARRAY[n."id"::text, n."code", n."name", n."city", n."opensAt"::text]) END AS new
  FROM olds o FULL JOIN news n ON o."id" = n."id" OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'DELETE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Warehouse', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Warehouse' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Warehouse' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'code', 'name', 'city', 'opensAt'], ARRAY[o."id"::text, o."code", o."name", o."city", o."opensAt"::text]) AS old, NULL::jsonb AS new
  FROM olds o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'TRUNCATE' THEN
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Warehouse', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Warehouse' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Warehouse' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT o."id"::text AS key, 'delete'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'delete'::"ChangeKind" END AS shown,
    jsonb_object(ARRAY['id', 'code', 'name', 'city', 'opensAt'], ARRAY[o."id"::text, o."code", o."name", o."city", o."opensAt"::text]) AS old, NULL::jsonb AS new
  FROM "Warehouse" o OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF logged AND (SELECT last_value FROM portolan_change_listened) > extract(epoch FROM clock_timestamp()) * 1000 THEN
  PERFORM portolan_change_tell();
END IF;
RETURN NULL;
END
$$;

CREATE FUNCTION public."portolan_log__CollectionToProduct"() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    SET bytea_output TO 'hex'
    SET extra_float_digits TO '1'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
  who jsonb := nullif(current_setting('portolan.actor', true), '')::jsonb;
  logged boolean := false;
BEGIN
IF TG_OP = 'INSERT' THEN
  PERFORM 1 FROM "Product" e WHERE e."id" IN (SELECT s."B" FROM news s)
  ORDER BY e."id" FOR NO KEY UPDATE;
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Product', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Product' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Product' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT e."id"::text AS key, 'update'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'update'::"ChangeKind" END AS shown,
    jsonb_build_object('collections', '[]') AS old, jsonb_build_object('collections', l.far) AS new
  FROM (SELECT s."B" AS near, array_to_json(array_agg(s."A"::text ORDER BY s."A"))::text AS far FROM news s GROUP BY 1) l
  JOIN "Product" e ON e."id" = l.near OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
  PERFORM 1 FROM "Collection" e WHERE e."id" IN (SELECT s."A" FROM news s)
  ORDER BY e."id" FOR NO KEY UPDATE;
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Collection', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Collection' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Collection' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT e."id"::text AS key, 'update'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'update'::"ChangeKind" END AS shown,
    jsonb_build_object('products', '[]') AS old, jsonb_build_object('products', l.far) AS new
  FROM (SELECT s."A" AS near, array_to_json(array_agg(s."B"::text ORDER BY s."B"))::text AS far FROM news s GROUP BY 1) l
  JOIN "Collection" e ON e."id" = l.near OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'UPDATE' THEN
  PERFORM 1 FROM "Product" e WHERE e."id" IN (SELECT s."B" FROM (SELECT * FROM olds EXCEPT ALL SELECT * FROM news) s)
  ORDER BY e."id" FOR NO KEY UPDATE;
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Product', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Product' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Product' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT e."id"::text AS key, 'update'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'update'::"ChangeKind" END AS shown,
    jsonb_build_object('collections', l.far) AS old, jsonb_build_object('collections', '[]') AS new
  FROM (SELECT s."B" AS near, array_to_json(array_agg(s."A"::text ORDER BY s."A"))::text AS far FROM (SELECT * FROM olds EXCEPT ALL SELECT * FROM news) s GROUP BY 1) l
  JOIN "Product" e ON e."id" = l.near OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
  PERFORM 1 FROM "Product" e WHERE e."id" IN (SELECT s."B" FROM (SELECT * FROM news EXCEPT ALL SELECT * FROM olds) s)
  ORDER BY e."id" FOR NO KEY UPDATE;
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Product', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Product' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Product' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT e."id"::text AS key, 'update'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'update'::"ChangeKind" END AS shown,
    jsonb_build_object('collections', '[]') AS old, jsonb_build_object('collections', l.far) AS new
  FROM (SELECT s."B" AS near, array_to_json(array_agg(s."A"::text ORDER BY s."A"))::text AS far FROM (SELECT * FROM news EXCEPT ALL SELECT * FROM olds) s GROUP BY 1) l
  JOIN "Product" e ON e."id" = l.near OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
  PERFORM 1 FROM "Collection" e WHERE e."id" IN (SELECT s."A" FROM (SELECT * FROM olds EXCEPT ALL SELECT * FROM news) s)
  ORDER BY e."id" FOR NO KEY UPDATE;
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Collection', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Collection' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Collection' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT e."id"::text AS key, 'update'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'update'::"ChangeKind" END AS shown,
    jsonb_build_object('products', l.far) AS old, jsonb_build_object('products', '[]') AS new
  FROM (SELECT s."A" AS near, array_to_json(array_agg(s."B"::text ORDER BY s."B"))::text AS far FROM (SELECT * FROM olds EXCEPT ALL SELECT * FROM news) s GROUP BY 1) l
  JOIN "Collection" e ON e."id" = l.near OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
  PERFORM 1 FROM "Collection" e WHERE e."id" IN (SELECT s."A" FROM (SELECT * FROM news EXCEPT ALL SELECT * FROM olds) s)
  ORDER BY e."id" FOR NO KEY UPDATE;
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Collection', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Collection' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Collection' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT e."id"::text AS key, 'update'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'update'::"ChangeKind" END AS shown,
    jsonb_build_object('products', '[]') AS old, jsonb_build_object('products', l.far) AS new
  FROM (SELECT s."A" AS near, array_to_json(array_agg(s."B"::text ORDER BY s."B"))::text AS far FROM (SELECT * FROM news EXCEPT ALL SELECT * FROM olds) s GROUP BY 1) l
  JOIN "Collection" e ON e."id" = l.near OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'DELETE' THEN
  PERFORM 1 FROM "Product" e WHERE e."id" IN (SELECT s."B" FROM olds s)
  ORDER BY e."id" FOR NO KEY UPDATE;
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Product', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Product' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Product' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT e."id"::text AS key, 'update'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'update'::"ChangeKind" END AS shown,
    jsonb_build_object('collections', l.far) AS old, jsonb_build_object('collections', '[]') AS new
  FROM (SELECT s."B" AS near, array_to_json(array_agg(s."A"::text ORDER BY s."A"))::text AS far FROM olds s GROUP BY 1) l
  JOIN "Product" e ON e."id" = l.near OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
  PERFORM 1 FROM "Collection" e WHERE e."id" IN (SELECT s."A" FROM olds s)
  ORDER BY e."id" FOR NO KEY UPDATE;
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Collection', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Collection' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Collection' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT e."id"::text AS key, 'update'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'update'::"ChangeKind" END AS shown,
    jsonb_build_object('products', l.far) AS old, jsonb_build_object('products', '[]') AS new
  FROM (SELECT s."A" AS near, array_to_json(array_agg(s."B"::text ORDER BY s."B"))::text AS far FROM olds s GROUP BY 1) l
  JOIN "Collection" e ON e."id" = l.near OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF TG_OP = 'TRUNCATE' THEN
  PERFORM 1 FROM "Product" e WHERE e."id" IN (SELECT s."B" FROM "_CollectionToProduct" s)
  ORDER BY e."id" FOR NO KEY UPDATE;
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Product', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Product' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Product' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT e."id"::text AS key, 'update'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'update'::"ChangeKind" END AS shown,
    jsonb_build_object('collections', l.far) AS old, jsonb_build_object('collections', '[]') AS new
  FROM (SELECT s."B" AS near, array_to_json(array_agg(s."A"::text ORDER BY s."A"))::text AS far FROM "_CollectionToProduct" s GROUP BY 1) l
  JOIN "Product" e ON e."id" = l.near OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
  PERFORM 1 FROM "Collection" e WHERE e."id" IN (SELECT s."A" FROM "_CollectionToProduct" s)
  ORDER BY e."id" FOR NO KEY UPDATE;
  INSERT INTO portolan_change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT 'Collection', d.key, 1 + coalesce(
      (SELECT c.position FROM portolan_change c WHERE c.entity = 'Collection' AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan_change_floor f WHERE f.entity = 'Collection' AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT e."id"::text AS key, 'update'::"ChangeKind" AS kind,
    CASE WHEN true THEN 'update'::"ChangeKind" END AS shown,
    jsonb_build_object('products', l.far) AS old, jsonb_build_object('products', '[]') AS new
  FROM (SELECT s."A" AS near, array_to_json(array_agg(s."B"::text ORDER BY s."B"))::text AS far FROM "_CollectionToProduct" s GROUP BY 1) l
  JOIN "Collection" e ON e."id" = l.near OFFSET 0) d WHERE d.old IS NOT NULL OR d.new IS NOT NULL;
  logged := logged OR FOUND;
END IF;
IF logged AND (SELECT last_value FROM portolan_change_listened) > extract(epoch FROM clock_timestamp()) * 1000 THEN
  PERFORM portolan_change_tell();
END IF;
RETURN NULL;
END
$$;

CREATE FUNCTION public.portolan_shred_user_keys() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  DELETE FROM "portolan_user_key" WHERE "userId" = OLD."id";
  RETURN NULL;
END
$$;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public."Category" (
    id integer NOT NULL,
    slug character varying(120) NOT NULL,
    name text NOT NULL,
    "parentId" integer,
    "position" smallint DEFAULT 0 NOT NULL
);

CREATE SEQUENCE public."Category_id_seq"
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public."Category_id_seq" OWNED BY public."Category".id;

CREATE TABLE public."Collection" (
    id integer NOT NULL,
    slug character varying(120) NOT NULL,
    name text NOT NULL,
    season public."Season"
);

CREATE SEQUENCE public."Collection_id_seq"
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public."Collection_id_seq" OWNED BY public."Collection".id;

CREATE TABLE public."Customer" (
    id integer NOT NULL,
    number character varying(40) NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    phone text,
    city text,
    country character(2) NOT NULL,
    "createdAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE SEQUENCE public."Customer_id_seq"
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public."Customer_id_seq" OWNED BY public."Customer".id;

CREATE TABLE public."DataSheet" (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    "productId" integer NOT NULL,
    language character varying(8) DEFAULT 'en'::character varying NOT NULL,
    pages integer DEFAULT 1 NOT NULL,
    preview bytea
);

CREATE TABLE public."Order" (
    id integer NOT NULL,
    number character varying(40) NOT NULL,
    status public."OrderStatus" DEFAULT 'PENDING'::public."OrderStatus" NOT NULL,
    total numeric(14,2) NOT NULL,
    "orderedAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "dueOn" date,
    note text,
    "customerId" integer NOT NULL
);

CREATE TABLE public."OrderItem" (
    id integer NOT NULL,
    "orderId" integer NOT NULL,
    "productId" integer NOT NULL,
    quantity integer NOT NULL,
    price numeric(12,2) NOT NULL
);

CREATE SEQUENCE public."OrderItem_id_seq"
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public."OrderItem_id_seq" OWNED BY public."OrderItem".id;

CREATE SEQUENCE public."Order_id_seq"
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public."Order_id_seq" OWNED BY public."Order".id;

CREATE TABLE public."Product" (
    id integer NOT NULL,
    sku character varying(64) NOT NULL,
    name text NOT NULL,
    description text,
    price numeric(12,2) NOT NULL,
    cost numeric(12,4),
    stock integer DEFAULT 0 NOT NULL,
    barcode character varying(32),
    active boolean DEFAULT true NOT NULL,
    tags text[] DEFAULT ARRAY[]::text[],
    attributes jsonb,
    weight double precision,
    "categoryId" integer,
    "supplierId" integer,
    "createdAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "updatedAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE SEQUENCE public."Product_id_seq"
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public."Product_id_seq" OWNED BY public."Product".id;

CREATE TABLE public."StockLevel" (
    "warehouseId" integer NOT NULL,
    "productId" integer NOT NULL,
    quantity integer NOT NULL,
    movements bigint DEFAULT 0 NOT NULL,
    "countedAt" timestamp(3) with time zone
);

CREATE TABLE public."Supplier" (
    id integer NOT NULL,
    code character varying(40) NOT NULL,
    name text NOT NULL,
    country character(2) NOT NULL,
    rating double precision,
    since date
);

CREATE SEQUENCE public."Supplier_id_seq"
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public."Supplier_id_seq" OWNED BY public."Supplier".id;

CREATE TABLE public."Warehouse" (
    id integer NOT NULL,
    code character varying(20) NOT NULL,
    name text NOT NULL,
    city text NOT NULL,
    "opensAt" time(0) without time zone
);

CREATE SEQUENCE public."Warehouse_id_seq"
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public."Warehouse_id_seq" OWNED BY public."Warehouse".id;

CREATE TABLE public."_CollectionToProduct" (
    "A" integer NOT NULL,
    "B" integer NOT NULL
);

CREATE TABLE public._prisma_migrations (
    id character varying(36) NOT NULL,
    checksum character varying(64) NOT NULL,
    finished_at timestamp with time zone,
    migration_name character varying(255) NOT NULL,
    logs text,
    rolled_back_at timestamp with time zone,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    applied_steps_count integer DEFAULT 0 NOT NULL
);

CREATE TABLE public.portolan_api_key (
    id character(12) NOT NULL,
    "userId" uuid NOT NULL,
    name text NOT NULL,
    "lastFour" character(4) NOT NULL,
    scopes text[],
    sealed bytea NOT NULL,
    "expiresAt" timestamp(3) with time zone,
    "lastUsedAt" timestamp(3) with time zone,
    "lastUsedIp" text,
    "revokedAt" timestamp(3) with time zone,
    "createdAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    replaces character(12)
);

CREATE TABLE public.portolan_app_grant (
    id text NOT NULL,
    "userId" uuid NOT NULL,
    "appId" text NOT NULL,
    scopes text[],
    "createdAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "updatedAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "lastUsedAt" timestamp(3) with time zone,
    "lastUsedIp" text,
    "revokedAt" timestamp(3) with time zone
);

CREATE TABLE public.portolan_app_secret (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    "appId" text NOT NULL,
    "lastFour" character(4) NOT NULL,
    sealed bytea NOT NULL,
    recoverable boolean DEFAULT false NOT NULL,
    "expiresAt" timestamp(3) with time zone,
    "lastUsedAt" timestamp(3) with time zone,
    "revokedAt" timestamp(3) with time zone,
    "createdAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public.portolan_audit_event (
    id bigint NOT NULL,
    at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    kind text NOT NULL,
    "userId" uuid,
    subject text,
    actor jsonb,
    address text,
    "userAgent" text,
    "requestId" text,
    details jsonb
);

CREATE SEQUENCE public.portolan_audit_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.portolan_audit_event_id_seq OWNED BY public.portolan_audit_event.id;

CREATE TABLE public.portolan_change (
    id bigint NOT NULL,
    entity text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    "position" bigint NOT NULL,
    kind public."ChangeKind" NOT NULL,
    "shownAs" public."ChangeKind",
    old jsonb,
    new jsonb,
    actor jsonb,
    at timestamp(3) with time zone NOT NULL,
    transaction bigint NOT NULL
);

CREATE TABLE public.portolan_change_floor (
    entity text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    "position" bigint NOT NULL
);

CREATE SEQUENCE public.portolan_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.portolan_change_id_seq OWNED BY public.portolan_change.id;

CREATE SEQUENCE public.portolan_change_listened
    START WITH 0
    INCREMENT BY 1
    MINVALUE 0
    NO MAXVALUE
    CACHE 1;

CREATE SEQUENCE public.portolan_change_told
    START WITH 0
    INCREMENT BY 1
    MINVALUE 0
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.portolan_developer (
    "userId" uuid NOT NULL,
    name text NOT NULL,
    website text,
    "contactEmail" text NOT NULL,
    "createdAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public.portolan_external_identity (
    issuer text NOT NULL,
    subject text NOT NULL,
    "userId" uuid NOT NULL,
    "createdAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public.portolan_idempotent_answer (
    owner text NOT NULL,
    key text NOT NULL,
    fingerprint character(64) NOT NULL,
    status smallint NOT NULL,
    headers jsonb NOT NULL,
    body text NOT NULL,
    "createdAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public.portolan_oauth_app (
    id text NOT NULL,
    "ownerId" uuid NOT NULL,
    kind public."AppKind" DEFAULT 'developer'::public."AppKind" NOT NULL,
    name text NOT NULL,
    description text,
    "homePage" text,
    logo bytea,
    "logoType" text,
    "redirectUris" text[],
    scopes text[],
    confidential boolean NOT NULL,
    "clientCredentials" boolean DEFAULT false NOT NULL,
    "disabledAt" timestamp(3) with time zone,
    "createdAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "updatedAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "disabledById" uuid
);

CREATE TABLE public.portolan_oauth_artifact (
    kind text NOT NULL,
    id text NOT NULL,
    payload jsonb NOT NULL,
    "grantId" text,
    uid text,
    "consumedAt" timestamp(3) with time zone,
    "expiresAt" timestamp(3) with time zone,
    "createdAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public.portolan_revoked_token (
    jti text NOT NULL,
    "expiresAt" timestamp(3) with time zone NOT NULL
);

CREATE TABLE public.portolan_session (
    id character(64) NOT NULL,
    "userId" uuid NOT NULL,
    "createdAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "lastSeenAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "expiresAt" timestamp(3) with time zone NOT NULL,
    address text,
    "userAgent" text
);

CREATE TABLE public.portolan_setting (
    name text NOT NULL,
    value jsonb NOT NULL,
    "updatedAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public.portolan_sign_in_link (
    id character(64) NOT NULL,
    kind public."LinkKind" NOT NULL,
    "userId" uuid NOT NULL,
    "createdAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "expiresAt" timestamp(3) with time zone NOT NULL,
    "usedAt" timestamp(3) with time zone
);

CREATE TABLE public.portolan_signing_key (
    kid text NOT NULL,
    algorithm text NOT NULL,
    "publicJwk" jsonb NOT NULL,
    sealed bytea NOT NULL,
    "createdAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "retiredAt" timestamp(3) with time zone,
    "expiresAt" timestamp(3) with time zone
);

CREATE TABLE public.portolan_user (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    email text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    "passwordHash" text,
    scopes text[],
    "disabledAt" timestamp(3) with time zone,
    "createdAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "emailVerifiedAt" timestamp(3) with time zone,
    "lastSignInAt" timestamp(3) with time zone,
    "passwordChangedAt" timestamp(3) with time zone,
    role public."Role"
);

CREATE TABLE public.portolan_user_key (
    "userId" uuid NOT NULL,
    version smallint NOT NULL,
    key bytea NOT NULL,
    "createdAt" timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE ONLY public."Category" ALTER COLUMN id SET DEFAULT nextval('public."Category_id_seq"'::regclass);

ALTER TABLE ONLY public."Collection" ALTER COLUMN id SET DEFAULT nextval('public."Collection_id_seq"'::regclass);

ALTER TABLE ONLY public."Customer" ALTER COLUMN id SET DEFAULT nextval('public."Customer_id_seq"'::regclass);

ALTER TABLE ONLY public."Order" ALTER COLUMN id SET DEFAULT nextval('public."Order_id_seq"'::regclass);

ALTER TABLE ONLY public."OrderItem" ALTER COLUMN id SET DEFAULT nextval('public."OrderItem_id_seq"'::regclass);

ALTER TABLE ONLY public."Product" ALTER COLUMN id SET DEFAULT nextval('public."Product_id_seq"'::regclass);

ALTER TABLE ONLY public."Supplier" ALTER COLUMN id SET DEFAULT nextval('public."Supplier_id_seq"'::regclass);

ALTER TABLE ONLY public."Warehouse" ALTER COLUMN id SET DEFAULT nextval('public."Warehouse_id_seq"'::regclass);

ALTER TABLE ONLY public.portolan_audit_event ALTER COLUMN id SET DEFAULT nextval('public.portolan_audit_event_id_seq'::regclass);

ALTER TABLE ONLY public.portolan_change ALTER COLUMN id SET DEFAULT nextval('public.portolan_change_id_seq'::regclass);

INSERT INTO public."Category" VALUES (1, 'tools', 'Tools', NULL, 0);

INSERT INTO public."Product" VALUES (1, 'T-1', 'Hammer', NULL, 13.00, NULL, 0, NULL, true, '{}', NULL, NULL, 1, NULL, '2026-11-24 19:14:07.219+00', '2026-11-24 19:14:07.259+00');

INSERT INTO public._prisma_migrations VALUES ('766e4405-f372-40f3-b95f-70e7e934fb8d', 'ff475edc7418840e54d47e80483d6cf2b679e5071b1b3039f2ae8d0edc57ce52', '2026-11-24 19:14:04.121866+00', '20261124000000_initial', NULL, NULL, '2026-11-24 19:14:03.924848+00', 1);
INSERT INTO public._prisma_migrations VALUES ('7af991b4-eea4-49d8-80c6-ccc9b8ed73b0', 'b38eabb816ddd1ebea7a3ce626029b61d328d879b23eb7b77d6ba2de1aa066e1', '2026-11-24 19:14:04.164241+00', '20261124100500_change_log', NULL, NULL, '2026-11-24 19:14:04.12755+00', 1);
INSERT INTO public._prisma_migrations VALUES ('4e85ed72-7ee8-4e20-a790-ebd762cb589f', 'ce375d4e94d0dc8c8432e803c5a8b5fd8a570e5ea7303bdd4ee6de3c2e5facde', '2026-11-24 19:14:04.178515+00', '20261124101000_idempotent_answers', NULL, NULL, '2026-11-24 19:14:04.166483+00', 1);
INSERT INTO public._prisma_migrations VALUES ('d749f60c-4446-48e5-82b9-91a3701fd8cd', 'a22720ecf44b7fb6f8d89d35a5c44dde7fbfa988e2eae04f3937bb88278badf0', '2026-11-24 19:14:04.454847+00', '20261124115750_identity', NULL, NULL, '2026-11-24 19:14:04.187082+00', 1);
INSERT INTO public._prisma_migrations VALUES ('f5236607-b0eb-4303-a61d-f07a7bdf164d', '4b67ec86f4890abdad70d557fe6243fb5684268f9410cd834491e3150587dfb5', '2026-11-24 19:14:04.461062+00', '20261124121200_app_disabled_by', NULL, NULL, '2026-11-24 19:14:04.457569+00', 1);

INSERT INTO public.portolan_api_key VALUES ('PK86j3fphHhM', '29baa653-b90c-46c6-8ef7-86bbd15d0c39', 'reader', 'VQ2u', '{read}', '\x0101000139525235689711f49146460d7c70460b9f0f20835bc1190e16333b6d778e5a0ff68a236cc40b9c769d47906a515b3b952abe2bc0a69f4207857fd92d445266e53ea1124e2cc2ea519be2be95710580ba4e4c8d81bc491609f4fef8fcb38c24bf', NULL, NULL, NULL, NULL, '2026-11-24 19:14:07.334+00', NULL);
INSERT INTO public.portolan_api_key VALUES ('AQ4AwG0NBMWt', '29baa653-b90c-46c6-8ef7-86bbd15d0c39', 'First key', 'GQxQ', '{read,write,admin,categories:read,categories:write,suppliers:read,suppliers:write,products:read,products:write,collections:read,collections:write,dataSheets:read,dataSheets:write,customers:read,customers:write,orders:read,orders:write,orderItems:read,orderItems:write,warehouses:read,warehouses:write,stockLevels:read,stockLevels:write,products.cost:read,products.cost:write,customers.contact:read,customers.contact:write}', '\x01010001d715ff114879605aecc2e30c6151263a62961a4f6258bbcc1bd441f3d71dddaec90c4454cd8b4f104b66ed1072a26d316b955c9ab5cebe8d729e513678847e4ff4152bad978898835090f9a4f52b67e6d6da53778dd6c7fd3ad39eb0e29e7a7d', NULL, '2026-11-24 19:14:07.682+00', '127.0.0.1', NULL, '2026-11-24 19:14:06.134+00', NULL);

INSERT INTO public.portolan_app_secret VALUES ('f2d3390b-4b5f-4136-953a-d54f13480845', 'app_f5p23at9wsup8k9u4qdc', 'QClc', '\x01010001b3393436f67130a73843add5a38690b1fea74eb2e79f5c321a6654404bb153662cd6689244024c90a3e0c8aaf861b6c98fdaa7cda820a0df0f024f1a906da05181ee53322f3728e26da413291eade7a340c3c1be1edf1bb8150e4445ddaf828e', false, NULL, NULL, NULL, '2026-11-24 19:14:07.638+00');

INSERT INTO public.portolan_audit_event VALUES (1, '2026-11-24 19:14:06.222+00', 'first-start', NULL, 'AQ4AwG0NBMWt', NULL, NULL, NULL, NULL, '{"email": "admin@example.com"}');
INSERT INTO public.portolan_audit_event VALUES (2, '2026-11-24 19:14:07.34+00', 'key.created', '29baa653-b90c-46c6-8ef7-86bbd15d0c39', 'PK86j3fphHhM', '{"id": "AQ4AwG0NBMWt", "kind": "key", "name": "First key", "userId": "29baa653-b90c-46c6-8ef7-86bbd15d0c39"}', '127.0.0.1', 'curl/7.88.1', '3b7c2fa6-b2f0-46dd-a1ea-adda1411cec6', '{"name": "reader", "scopes": ["read"], "lastFour": "VQ2u", "expiresAt": null}');
INSERT INTO public.portolan_audit_event VALUES (3, '2026-11-24 19:14:07.492+00', 'developer.registered', '29baa653-b90c-46c6-8ef7-86bbd15d0c39', '29baa653-b90c-46c6-8ef7-86bbd15d0c39', '{"id": "AQ4AwG0NBMWt", "kind": "key", "name": "First key", "userId": "29baa653-b90c-46c6-8ef7-86bbd15d0c39"}', '127.0.0.1', 'curl/7.88.1', 'd6fdd897-a4e2-4b44-8e9a-942661d86410', '{"name": "Ada"}');
INSERT INTO public.portolan_audit_event VALUES (4, '2026-11-24 19:14:07.619+00', 'app.created', '29baa653-b90c-46c6-8ef7-86bbd15d0c39', 'app_f5p23at9wsup8k9u4qdc', '{"id": "AQ4AwG0NBMWt", "kind": "key", "name": "First key", "userId": "29baa653-b90c-46c6-8ef7-86bbd15d0c39"}', '127.0.0.1', 'curl/7.88.1', 'ad6c5f78-4694-4b44-a5ee-a520d3950f29', '{"name": "Shop app", "scopes": ["read"], "redirectUris": ["https://app.example/cb"]}');
INSERT INTO public.portolan_audit_event VALUES (5, '2026-11-24 19:14:07.642+00', 'app.secret-created', '29baa653-b90c-46c6-8ef7-86bbd15d0c39', 'app_f5p23at9wsup8k9u4qdc', '{"id": "AQ4AwG0NBMWt", "kind": "key", "name": "First key", "userId": "29baa653-b90c-46c6-8ef7-86bbd15d0c39"}', '127.0.0.1', 'curl/7.88.1', 'ad6c5f78-4694-4b44-a5ee-a520d3950f29', '{"name": "Shop app", "lastFour": "QClc", "expiresAt": null}');
INSERT INTO public.portolan_audit_event VALUES (6, '2026-11-24 19:14:07.69+00', 'user.invited', '3cf805d5-876d-4335-99cd-e62b1b6a2570', '3cf805d5-876d-4335-99cd-e62b1b6a2570', '{"id": "AQ4AwG0NBMWt", "kind": "key", "name": "First key", "userId": "29baa653-b90c-46c6-8ef7-86bbd15d0c39"}', '127.0.0.1', 'curl/7.88.1', '27708517-b791-4e62-919b-354c304f1057', '{"role": "viewer", "scopes": []}');

INSERT INTO public.portolan_change VALUES (1, 'Category', '1', 1, 'insert', 'insert', NULL, '{"id": "1", "name": "Tools", "slug": "tools", "parentId": null, "position": "0"}', '{"userId": "29baa653-b90c-46c6-8ef7-86bbd15d0c39", "principal": "key:AQ4AwG0NBMWt"}', '2026-11-24 19:14:07.202+00', 5787);
INSERT INTO public.portolan_change VALUES (2, 'Product', '1', 1, 'insert', 'insert', NULL, '{"id": "1", "sku": "T-1", "cost": null, "name": "Hammer", "tags": "[]", "price": "12.50", "stock": "0", "active": "true", "weight": null, "barcode": null, "createdAt": "2026-11-24 19:14:07.219+00", "updatedAt": "2026-11-24 19:14:07.219+00", "attributes": null, "categoryId": "1", "supplierId": null, "description": null}', '{"userId": "29baa653-b90c-46c6-8ef7-86bbd15d0c39", "principal": "key:AQ4AwG0NBMWt"}', '2026-11-24 19:14:07.227+00', 5788);
INSERT INTO public.portolan_change VALUES (3, 'Product', '2', 1, 'insert', 'insert', NULL, '{"id": "2", "sku": "T-2", "cost": "4.2000", "name": "Saw", "tags": "[]", "price": "9.99", "stock": "0", "active": "true", "weight": null, "barcode": null, "createdAt": "2026-11-24 19:14:07.245+00", "updatedAt": "2026-11-24 19:14:07.245+00", "attributes": null, "categoryId": null, "supplierId": null, "description": null}', '{"userId": "29baa653-b90c-46c6-8ef7-86bbd15d0c39", "principal": "key:AQ4AwG0NBMWt"}', '2026-11-24 19:14:07.245+00', 5789);
INSERT INTO public.portolan_change VALUES (4, 'Product', '1', 2, 'update', 'update', '{"price": "12.50", "updatedAt": "2026-11-24 19:14:07.219+00"}', '{"price": "13.00", "updatedAt": "2026-11-24 19:14:07.259+00"}', '{"userId": "29baa653-b90c-46c6-8ef7-86bbd15d0c39", "principal": "key:AQ4AwG0NBMWt"}', '2026-11-24 19:14:07.261+00', 5790);
INSERT INTO public.portolan_change VALUES (5, 'Product', '2', 2, 'delete', 'delete', '{"id": "2", "sku": "T-2", "cost": "4.2000", "name": "Saw", "tags": "[]", "price": "9.99", "stock": "0", "active": "true", "weight": null, "barcode": null, "createdAt": "2026-11-24 19:14:07.245+00", "updatedAt": "2026-11-24 19:14:07.245+00", "attributes": null, "categoryId": null, "supplierId": null, "description": null}', NULL, '{"userId": "29baa653-b90c-46c6-8ef7-86bbd15d0c39", "principal": "key:AQ4AwG0NBMWt"}', '2026-11-24 19:14:07.278+00', 5791);

INSERT INTO public.portolan_developer VALUES ('29baa653-b90c-46c6-8ef7-86bbd15d0c39', 'Ada', NULL, 'ada@example.com', '2026-11-24 19:14:07.475+00');

INSERT INTO public.portolan_oauth_app VALUES ('app_f5p23at9wsup8k9u4qdc', '29baa653-b90c-46c6-8ef7-86bbd15d0c39', 'developer', 'Shop app', NULL, NULL, NULL, NULL, '{https://app.example/cb}', '{read}', true, true, NULL, '2026-11-24 19:14:07.609+00', '2026-11-24 19:14:07.609+00', NULL);

INSERT INTO public.portolan_setting VALUES ('first-start', '{"at": "2026-11-24T19:14:05.833Z", "userId": "29baa653-b90c-46c6-8ef7-86bbd15d0c39"}', '2026-11-24 19:14:05.924+00');

INSERT INTO public.portolan_sign_in_link VALUES ('9ab9a48957b93d668b38d71a6fc2753269b6dd566ab29698cb3e98bd6a7ecc6a', 'invitation', '3cf805d5-876d-4335-99cd-e62b1b6a2570', '2026-11-24 19:14:07.693+00', '2026-12-01 19:14:07.693+00', NULL);

INSERT INTO public.portolan_user VALUES ('29baa653-b90c-46c6-8ef7-86bbd15d0c39', 'admin@example.com', 'Administrator', '1$argon2id$v=19$m=19456,t=2,p=1$20Hwm5/4KqskWhhqe4iGxw$NeJ76Q6q0sCSpyjX8fNcYioLTINrNqDxreWkxMQEuI0', NULL, NULL, '2026-11-24 19:14:06.044+00', '2026-11-24 19:14:05.623+00', NULL, NULL, 'administrator');
INSERT INTO public.portolan_user VALUES ('3cf805d5-876d-4335-99cd-e62b1b6a2570', 'viewer@example.com', '', NULL, '{}', NULL, '2026-11-24 19:14:07.686+00', NULL, NULL, NULL, 'viewer');

INSERT INTO public.portolan_user_key VALUES ('29baa653-b90c-46c6-8ef7-86bbd15d0c39', 1, '\xca10432a687c625edecdab0121ee05256fd1ab563926b3b60e92c94c81ab316e', '2026-11-24 19:14:06.113+00');

SELECT pg_catalog.setval('public."Category_id_seq"', 1, true);

SELECT pg_catalog.setval('public."Collection_id_seq"', 1, false);

SELECT pg_catalog.setval('public."Customer_id_seq"', 1, false);

SELECT pg_catalog.setval('public."OrderItem_id_seq"', 1, false);

SELECT pg_catalog.setval('public."Order_id_seq"', 1, false);

SELECT pg_catalog.setval('public."Product_id_seq"', 2, true);

SELECT pg_catalog.setval('public."Supplier_id_seq"', 1, false);

SELECT pg_catalog.setval('public."Warehouse_id_seq"', 1, false);

SELECT pg_catalog.setval('public.portolan_audit_event_id_seq', 6, true);

SELECT pg_catalog.setval('public.portolan_change_id_seq', 5, true);

SELECT pg_catalog.setval('public.portolan_change_listened', 0, false);

SELECT pg_catalog.setval('public.portolan_change_told', 0, false);

ALTER TABLE ONLY public."Category"
    ADD CONSTRAINT "Category_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."Collection"
    ADD CONSTRAINT "Collection_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."Customer"
    ADD CONSTRAINT "Customer_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."DataSheet"
    ADD CONSTRAINT "DataSheet_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."OrderItem"
    ADD CONSTRAINT "OrderItem_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."Order"
    ADD CONSTRAINT "Order_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."Product"
    ADD CONSTRAINT "Product_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."StockLevel"
    ADD CONSTRAINT "StockLevel_pkey" PRIMARY KEY ("warehouseId", "productId");

ALTER TABLE ONLY public."Supplier"
    ADD CONSTRAINT "Supplier_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."Warehouse"
    ADD CONSTRAINT "Warehouse_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."_CollectionToProduct"
    ADD CONSTRAINT "_CollectionToProduct_AB_pkey" PRIMARY KEY ("A", "B");

ALTER TABLE ONLY public._prisma_migrations
    ADD CONSTRAINT _prisma_migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.portolan_api_key
    ADD CONSTRAINT portolan_api_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.portolan_app_grant
    ADD CONSTRAINT portolan_app_grant_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.portolan_app_secret
    ADD CONSTRAINT portolan_app_secret_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.portolan_audit_event
    ADD CONSTRAINT portolan_audit_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.portolan_change_floor
    ADD CONSTRAINT portolan_change_floor_pkey PRIMARY KEY (entity, key);

ALTER TABLE ONLY public.portolan_change
    ADD CONSTRAINT portolan_change_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.portolan_developer
    ADD CONSTRAINT portolan_developer_pkey PRIMARY KEY ("userId");

ALTER TABLE ONLY public.portolan_external_identity
    ADD CONSTRAINT portolan_external_identity_pkey PRIMARY KEY (issuer, subject);

ALTER TABLE ONLY public.portolan_idempotent_answer
    ADD CONSTRAINT portolan_idempotent_answer_pkey PRIMARY KEY (owner, key);

ALTER TABLE ONLY public.portolan_oauth_app
    ADD CONSTRAINT portolan_oauth_app_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.portolan_oauth_artifact
    ADD CONSTRAINT portolan_oauth_artifact_pkey PRIMARY KEY (kind, id);

ALTER TABLE ONLY public.portolan_revoked_token
    ADD CONSTRAINT portolan_revoked_token_pkey PRIMARY KEY (jti);

ALTER TABLE ONLY public.portolan_session
    ADD CONSTRAINT portolan_session_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.portolan_setting
    ADD CONSTRAINT portolan_setting_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.portolan_sign_in_link
    ADD CONSTRAINT portolan_sign_in_link_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.portolan_signing_key
    ADD CONSTRAINT portolan_signing_key_pkey PRIMARY KEY (kid);

ALTER TABLE ONLY public.portolan_user_key
    ADD CONSTRAINT portolan_user_key_pkey PRIMARY KEY ("userId", version);

ALTER TABLE ONLY public.portolan_user
    ADD CONSTRAINT portolan_user_pkey PRIMARY KEY (id);

CREATE INDEX "Category_parentId_idx" ON public."Category" USING btree ("parentId");

CREATE UNIQUE INDEX "Category_slug_key" ON public."Category" USING btree (slug);

CREATE UNIQUE INDEX "Collection_slug_key" ON public."Collection" USING btree (slug);

CREATE UNIQUE INDEX "Customer_email_key" ON public."Customer" USING btree (email);

CREATE INDEX "Customer_name_idx" ON public."Customer" USING btree (name);

CREATE UNIQUE INDEX "Customer_number_key" ON public."Customer" USING btree (number);

CREATE UNIQUE INDEX "DataSheet_productId_key" ON public."DataSheet" USING btree ("productId");

CREATE INDEX "OrderItem_orderId_idx" ON public."OrderItem" USING btree ("orderId");

CREATE INDEX "OrderItem_productId_idx" ON public."OrderItem" USING btree ("productId");

CREATE INDEX "Order_customerId_idx" ON public."Order" USING btree ("customerId");

CREATE UNIQUE INDEX "Order_number_key" ON public."Order" USING btree (number);

CREATE INDEX "Order_orderedAt_idx" ON public."Order" USING btree ("orderedAt");

CREATE INDEX "Order_status_orderedAt_idx" ON public."Order" USING btree (status, "orderedAt");

CREATE INDEX "Product_categoryId_idx" ON public."Product" USING btree ("categoryId");

CREATE INDEX "Product_createdAt_idx" ON public."Product" USING btree ("createdAt");

CREATE INDEX "Product_name_idx" ON public."Product" USING btree (name);

CREATE INDEX "Product_price_idx" ON public."Product" USING btree (price);

CREATE UNIQUE INDEX "Product_sku_key" ON public."Product" USING btree (sku);

CREATE INDEX "Product_stock_idx" ON public."Product" USING btree (stock);

CREATE INDEX "Product_supplierId_idx" ON public."Product" USING btree ("supplierId");

CREATE INDEX "StockLevel_productId_idx" ON public."StockLevel" USING btree ("productId");

CREATE UNIQUE INDEX "Supplier_code_key" ON public."Supplier" USING btree (code);

CREATE UNIQUE INDEX "Warehouse_code_key" ON public."Warehouse" USING btree (code);

CREATE INDEX "_CollectionToProduct_B_index" ON public."_CollectionToProduct" USING btree ("B");

CREATE INDEX "portolan_api_key_userId_idx" ON public.portolan_api_key USING btree ("userId");

CREATE INDEX "portolan_app_grant_appId_idx" ON public.portolan_app_grant USING btree ("appId");

CREATE INDEX "portolan_app_grant_userId_idx" ON public.portolan_app_grant USING btree ("userId");

CREATE INDEX "portolan_app_secret_appId_idx" ON public.portolan_app_secret USING btree ("appId");

CREATE INDEX portolan_audit_event_at_idx ON public.portolan_audit_event USING btree (at);

CREATE INDEX portolan_audit_event_kind_at_idx ON public.portolan_audit_event USING btree (kind, at);

CREATE INDEX "portolan_audit_event_userId_at_idx" ON public.portolan_audit_event USING btree ("userId", at);

CREATE UNIQUE INDEX portolan_change_entity_key_position_key ON public.portolan_change USING btree (entity, key, "position");

CREATE INDEX "portolan_external_identity_userId_idx" ON public.portolan_external_identity USING btree ("userId");

CREATE INDEX "portolan_idempotent_answer_createdAt_idx" ON public.portolan_idempotent_answer USING btree ("createdAt");

CREATE INDEX "portolan_oauth_app_ownerId_idx" ON public.portolan_oauth_app USING btree ("ownerId");

CREATE INDEX "portolan_oauth_artifact_expiresAt_idx" ON public.portolan_oauth_artifact USING btree ("expiresAt");

CREATE INDEX "portolan_oauth_artifact_grantId_idx" ON public.portolan_oauth_artifact USING btree ("grantId");

CREATE INDEX portolan_oauth_artifact_kind_uid_idx ON public.portolan_oauth_artifact USING btree (kind, uid);

CREATE INDEX "portolan_revoked_token_expiresAt_idx" ON public.portolan_revoked_token USING btree ("expiresAt");

CREATE INDEX portolan_search_1f55f36b2737ca64 ON public."Order" USING gin (((setweight(to_tsvector('simple'::regconfig, regexp_replace(((COALESCE(number, ''::character varying))::text COLLATE "C"), '[!-/:-@[-`{-~]+'::text, ' '::text, 'g'::text)), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, regexp_replace((COALESCE(note, ''::text) COLLATE "C"), '[!-/:-@[-`{-~]+'::text, ' '::text, 'g'::text)), 'B'::"char"))));

CREATE INDEX portolan_search_20fe6ef86c92b6c7 ON public."Supplier" USING gin (setweight(to_tsvector('simple'::regconfig, regexp_replace((COALESCE(name, ''::text) COLLATE "C"), '[!-/:-@[-`{-~]+'::text, ' '::text, 'g'::text)), 'A'::"char"));

CREATE INDEX portolan_search_28147496cedaebb0 ON public."Category" USING gin (setweight(to_tsvector('simple'::regconfig, regexp_replace((COALESCE(name, ''::text) COLLATE "C"), '[!-/:-@[-`{-~]+'::text, ' '::text, 'g'::text)), 'A'::"char"));

CREATE INDEX portolan_search_839b3b3184d1756c ON public."Warehouse" USING gin (((setweight(to_tsvector('simple'::regconfig, regexp_replace((COALESCE(name, ''::text) COLLATE "C"), '[!-/:-@[-`{-~]+'::text, ' '::text, 'g'::text)), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, regexp_replace((COALESCE(city, ''::text) COLLATE "C"), '[!-/:-@[-`{-~]+'::text, ' '::text, 'g'::text)), 'B'::"char"))));

CREATE INDEX portolan_search_8496ba3003359a51 ON public."Customer" USING gin (((setweight(to_tsvector('simple'::regconfig, regexp_replace((COALESCE(name, ''::text) COLLATE "C"), '[!-/:-@[-`{-~]+'::text, ' '::text, 'g'::text)), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, regexp_replace((COALESCE(city, ''::text) COLLATE "C"), '[!-/:-@[-`{-~]+'::text, ' '::text, 'g'::text)), 'B'::"char"))));

CREATE INDEX portolan_search_e68d4cdc3210ccc6 ON public."Product" USING gin ((((setweight(to_tsvector('simple'::regconfig, regexp_replace((COALESCE(name, ''::text) COLLATE "C"), '[!-/:-@[-`{-~]+'::text, ' '::text, 'g'::text)), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, regexp_replace((COALESCE(description, ''::text) COLLATE "C"), '[!-/:-@[-`{-~]+'::text, ' '::text, 'g'::text)), 'B'::"char")) || setweight(to_tsvector('simple'::regconfig, regexp_replace(((COALESCE(sku, ''::character varying))::text COLLATE "C"), '[!-/:-@[-`{-~]+'::text, ' '::text, 'g'::text)), 'C'::"char"))));

CREATE INDEX portolan_search_f23228f5a9807d6b ON public."Collection" USING gin (setweight(to_tsvector('simple'::regconfig, regexp_replace((COALESCE(name, ''::text) COLLATE "C"), '[!-/:-@[-`{-~]+'::text, ' '::text, 'g'::text)), 'A'::"char"));

CREATE INDEX "portolan_session_expiresAt_idx" ON public.portolan_session USING btree ("expiresAt");

CREATE INDEX "portolan_session_userId_idx" ON public.portolan_session USING btree ("userId");

CREATE INDEX "portolan_sign_in_link_expiresAt_idx" ON public.portolan_sign_in_link USING btree ("expiresAt");

CREATE INDEX "portolan_sign_in_link_userId_idx" ON public.portolan_sign_in_link USING btree ("userId");

CREATE UNIQUE INDEX portolan_user_email_key ON public.portolan_user USING btree (email);

CREATE TRIGGER portolan_log_delete AFTER DELETE ON public."Category" REFERENCING OLD TABLE AS olds FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Category"();

CREATE TRIGGER portolan_log_delete AFTER DELETE ON public."Collection" REFERENCING OLD TABLE AS olds FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Collection"();

CREATE TRIGGER portolan_log_delete AFTER DELETE ON public."Customer" REFERENCING OLD TABLE AS olds FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Customer"();

CREATE TRIGGER portolan_log_delete AFTER DELETE ON public."DataSheet" REFERENCING OLD TABLE AS olds FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_DataSheet"();

CREATE TRIGGER portolan_log_delete AFTER DELETE ON public."Order" REFERENCING OLD TABLE AS olds FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Order"();

CREATE TRIGGER portolan_log_delete AFTER DELETE ON public."OrderItem" REFERENCING OLD TABLE AS olds FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_OrderItem"();

CREATE TRIGGER portolan_log_delete AFTER DELETE ON public."Product" REFERENCING OLD TABLE AS olds FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Product"();

CREATE TRIGGER portolan_log_delete AFTER DELETE ON public."StockLevel" REFERENCING OLD TABLE AS olds FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_StockLevel"();

CREATE TRIGGER portolan_log_delete AFTER DELETE ON public."Supplier" REFERENCING OLD TABLE AS olds FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Supplier"();

CREATE TRIGGER portolan_log_delete AFTER DELETE ON public."Warehouse" REFERENCING OLD TABLE AS olds FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Warehouse"();

CREATE TRIGGER portolan_log_delete AFTER DELETE ON public."_CollectionToProduct" REFERENCING OLD TABLE AS olds FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log__CollectionToProduct"();

CREATE TRIGGER portolan_log_insert AFTER INSERT ON public."Category" REFERENCING NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Category"();

CREATE TRIGGER portolan_log_insert AFTER INSERT ON public."Collection" REFERENCING NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Collection"();

CREATE TRIGGER portolan_log_insert AFTER INSERT ON public."Customer" REFERENCING NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Customer"();

CREATE TRIGGER portolan_log_insert AFTER INSERT ON public."DataSheet" REFERENCING NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_DataSheet"();

CREATE TRIGGER portolan_log_insert AFTER INSERT ON public."Order" REFERENCING NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Order"();

CREATE TRIGGER portolan_log_insert AFTER INSERT ON public."OrderItem" REFERENCING NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_OrderItem"();

CREATE TRIGGER portolan_log_insert AFTER INSERT ON public."Product" REFERENCING NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Product"();

CREATE TRIGGER portolan_log_insert AFTER INSERT ON public."StockLevel" REFERENCING NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_StockLevel"();

CREATE TRIGGER portolan_log_insert AFTER INSERT ON public."Supplier" REFERENCING NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Supplier"();

CREATE TRIGGER portolan_log_insert AFTER INSERT ON public."Warehouse" REFERENCING NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Warehouse"();

CREATE TRIGGER portolan_log_insert AFTER INSERT ON public."_CollectionToProduct" REFERENCING NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log__CollectionToProduct"();

CREATE TRIGGER portolan_log_truncate BEFORE TRUNCATE ON public."Category" FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Category"();

CREATE TRIGGER portolan_log_truncate BEFORE TRUNCATE ON public."Collection" FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Collection"();

CREATE TRIGGER portolan_log_truncate BEFORE TRUNCATE ON public."Customer" FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Customer"();

CREATE TRIGGER portolan_log_truncate BEFORE TRUNCATE ON public."DataSheet" FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_DataSheet"();

CREATE TRIGGER portolan_log_truncate BEFORE TRUNCATE ON public."Order" FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Order"();

CREATE TRIGGER portolan_log_truncate BEFORE TRUNCATE ON public."OrderItem" FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_OrderItem"();

CREATE TRIGGER portolan_log_truncate BEFORE TRUNCATE ON public."Product" FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Product"();

CREATE TRIGGER portolan_log_truncate BEFORE TRUNCATE ON public."StockLevel" FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_StockLevel"();

CREATE TRIGGER portolan_log_truncate BEFORE TRUNCATE ON public."Supplier" FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Supplier"();

CREATE TRIGGER portolan_log_truncate BEFORE TRUNCATE ON public."Warehouse" FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Warehouse"();

CREATE TRIGGER portolan_log_truncate BEFORE TRUNCATE ON public."_CollectionToProduct" FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log__CollectionToProduct"();

CREATE TRIGGER portolan_log_update AFTER UPDATE ON public."Category" REFERENCING OLD TABLE AS olds NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Category"();

CREATE TRIGGER portolan_log_update AFTER UPDATE ON public."Collection" REFERENCING OLD TABLE AS olds NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Collection"();

CREATE TRIGGER portolan_log_update AFTER UPDATE ON public."Customer" REFERENCING OLD TABLE AS olds NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Customer"();

CREATE TRIGGER portolan_log_update AFTER UPDATE ON public."DataSheet" REFERENCING OLD TABLE AS olds NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_DataSheet"();

CREATE TRIGGER portolan_log_update AFTER UPDATE ON public."Order" REFERENCING OLD TABLE AS olds NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Order"();

CREATE TRIGGER portolan_log_update AFTER UPDATE ON public."OrderItem" REFERENCING OLD TABLE AS olds NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_OrderItem"();

CREATE TRIGGER portolan_log_update AFTER UPDATE ON public."Product" REFERENCING OLD TABLE AS olds NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Product"();

CREATE TRIGGER portolan_log_update AFTER UPDATE ON public."StockLevel" REFERENCING OLD TABLE AS olds NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_StockLevel"();

CREATE TRIGGER portolan_log_update AFTER UPDATE ON public."Supplier" REFERENCING OLD TABLE AS olds NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Supplier"();

CREATE TRIGGER portolan_log_update AFTER UPDATE ON public."Warehouse" REFERENCING OLD TABLE AS olds NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log_Warehouse"();

CREATE TRIGGER portolan_log_update AFTER UPDATE ON public."_CollectionToProduct" REFERENCING OLD TABLE AS olds NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public."portolan_log__CollectionToProduct"();

CREATE TRIGGER portolan_shred_user_keys AFTER DELETE ON public.portolan_user FOR EACH ROW EXECUTE FUNCTION public.portolan_shred_user_keys();

ALTER TABLE ONLY public."Category"
    ADD CONSTRAINT "Category_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES public."Category"(id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE ONLY public."DataSheet"
    ADD CONSTRAINT "DataSheet_productId_fkey" FOREIGN KEY ("productId") REFERENCES public."Product"(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public."OrderItem"
    ADD CONSTRAINT "OrderItem_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES public."Order"(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public."OrderItem"
    ADD CONSTRAINT "OrderItem_productId_fkey" FOREIGN KEY ("productId") REFERENCES public."Product"(id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE ONLY public."Order"
    ADD CONSTRAINT "Order_customerId_fkey" FOREIGN KEY ("customerId") REFERENCES public."Customer"(id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE ONLY public."Product"
    ADD CONSTRAINT "Product_categoryId_fkey" FOREIGN KEY ("categoryId") REFERENCES public."Category"(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."Product"
    ADD CONSTRAINT "Product_supplierId_fkey" FOREIGN KEY ("supplierId") REFERENCES public."Supplier"(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."StockLevel"
    ADD CONSTRAINT "StockLevel_productId_fkey" FOREIGN KEY ("productId") REFERENCES public."Product"(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public."StockLevel"
    ADD CONSTRAINT "StockLevel_warehouseId_fkey" FOREIGN KEY ("warehouseId") REFERENCES public."Warehouse"(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public."_CollectionToProduct"
    ADD CONSTRAINT "_CollectionToProduct_A_fkey" FOREIGN KEY ("A") REFERENCES public."Collection"(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public."_CollectionToProduct"
    ADD CONSTRAINT "_CollectionToProduct_B_fkey" FOREIGN KEY ("B") REFERENCES public."Product"(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.portolan_api_key
    ADD CONSTRAINT "portolan_api_key_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.portolan_user(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.portolan_app_grant
    ADD CONSTRAINT "portolan_app_grant_appId_fkey" FOREIGN KEY ("appId") REFERENCES public.portolan_oauth_app(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.portolan_app_grant
    ADD CONSTRAINT "portolan_app_grant_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.portolan_user(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.portolan_app_secret
    ADD CONSTRAINT "portolan_app_secret_appId_fkey" FOREIGN KEY ("appId") REFERENCES public.portolan_oauth_app(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.portolan_developer
    ADD CONSTRAINT "portolan_developer_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.portolan_user(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.portolan_external_identity
    ADD CONSTRAINT "portolan_external_identity_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.portolan_user(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.portolan_oauth_app
    ADD CONSTRAINT "portolan_oauth_app_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES public.portolan_user(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.portolan_session
    ADD CONSTRAINT "portolan_session_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.portolan_user(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.portolan_sign_in_link
    ADD CONSTRAINT "portolan_sign_in_link_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.portolan_user(id) ON UPDATE CASCADE ON DELETE CASCADE;

