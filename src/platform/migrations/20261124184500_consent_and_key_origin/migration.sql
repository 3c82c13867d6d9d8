-- AlterTable
ALTER TABLE "portolan"."api_key" ADD COLUMN     "appId" TEXT,
ADD COLUMN     "familyId" TEXT,
ADD COLUMN     "grantId" TEXT,
ADD COLUMN     "madeBy" TEXT;

-- AlterTable
-- No grant is given an address here: where an app sends its users, each of them agrees to once more.
ALTER TABLE "portolan"."app_grant" ADD COLUMN     "redirectUris" TEXT[];

-- CreateIndex
CREATE INDEX "api_key_grantId_idx" ON "portolan"."api_key"("grantId");

-- The audit log knows what kind of credential made a key, as far back as it goes.
UPDATE "portolan"."api_key" k SET "madeBy" = coalesce(e."actor" ->> 'kind', 'server')
FROM "portolan"."audit_event" e WHERE e."subject" = k."id" AND e."kind" IN ('key.created', 'key.rotated', 'first-start');

-- Keys that apps made before end with the app.
UPDATE "portolan"."api_key" k SET "appId" = e."actor" ->> 'appId'
FROM "portolan"."audit_event" e
WHERE e."subject" = k."id" AND e."kind" IN ('key.created', 'key.rotated') AND e."actor" ->> 'kind' = 'token';
