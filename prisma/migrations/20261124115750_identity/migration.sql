-- CreateEnum
CREATE TYPE "Role" AS ENUM ('administrator', 'editor', 'viewer');

-- CreateEnum
CREATE TYPE "LinkKind" AS ENUM ('invitation', 'passwordReset', 'emailVerification');

-- CreateEnum
CREATE TYPE "AppKind" AS ENUM ('developer', 'plugin');

-- DropForeignKey
ALTER TABLE "portolan_user_key" DROP CONSTRAINT "portolan_user_key_userId_fkey";

-- AlterTable
ALTER TABLE "portolan_api_key" ADD COLUMN     "replaces" CHAR(12);

-- AlterTable
ALTER TABLE "portolan_user" ADD COLUMN     "emailVerifiedAt" TIMESTAMPTZ(3),
ADD COLUMN     "lastSignInAt" TIMESTAMPTZ(3),
ADD COLUMN     "passwordChangedAt" TIMESTAMPTZ(3),
ADD COLUMN     "role" "Role";

-- CreateTable
CREATE TABLE "portolan_session" (
    "id" CHAR(64) NOT NULL,
    "userId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "address" TEXT,
    "userAgent" TEXT,

    CONSTRAINT "portolan_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan_sign_in_link" (
    "id" CHAR(64) NOT NULL,
    "kind" "LinkKind" NOT NULL,
    "userId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "portolan_sign_in_link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan_external_identity" (
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "userId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "portolan_external_identity_pkey" PRIMARY KEY ("issuer","subject")
);

-- CreateTable
CREATE TABLE "portolan_developer" (
    "userId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "website" TEXT,
    "contactEmail" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "portolan_developer_pkey" PRIMARY KEY ("userId")
);

-- CreateTable
CREATE TABLE "portolan_oauth_app" (
    "id" TEXT NOT NULL,
    "ownerId" UUID NOT NULL,
    "kind" "AppKind" NOT NULL DEFAULT 'developer',
    "name" TEXT NOT NULL,
    "description" TEXT,
    "homePage" TEXT,
    "logo" BYTEA,
    "logoType" TEXT,
    "redirectUris" TEXT[],
    "scopes" TEXT[],
    "confidential" BOOLEAN NOT NULL,
    "clientCredentials" BOOLEAN NOT NULL DEFAULT false,
    "disabledAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "portolan_oauth_app_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan_app_secret" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "appId" TEXT NOT NULL,
    "lastFour" CHAR(4) NOT NULL,
    "sealed" BYTEA NOT NULL,
    "recoverable" BOOLEAN NOT NULL DEFAULT false,
    "expiresAt" TIMESTAMPTZ(3),
    "lastUsedAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "portolan_app_secret_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan_app_grant" (
    "id" TEXT NOT NULL,
    "userId" UUID NOT NULL,
    "appId" TEXT NOT NULL,
    "scopes" TEXT[],
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" TIMESTAMPTZ(3),
    "lastUsedIp" TEXT,
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "portolan_app_grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan_oauth_artifact" (
    "kind" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "grantId" TEXT,
    "uid" TEXT,
    "consumedAt" TIMESTAMPTZ(3),
    "expiresAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "portolan_oauth_artifact_pkey" PRIMARY KEY ("kind","id")
);

-- CreateTable
CREATE TABLE "portolan_revoked_token" (
    "jti" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "portolan_revoked_token_pkey" PRIMARY KEY ("jti")
);

-- CreateTable
CREATE TABLE "portolan_signing_key" (
    "kid" TEXT NOT NULL,
    "algorithm" TEXT NOT NULL,
    "publicJwk" JSONB NOT NULL,
    "sealed" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retiredAt" TIMESTAMPTZ(3),
    "expiresAt" TIMESTAMPTZ(3),

    CONSTRAINT "portolan_signing_key_pkey" PRIMARY KEY ("kid")
);

-- CreateTable
CREATE TABLE "portolan_audit_event" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" TEXT NOT NULL,
    "userId" UUID,
    "subject" TEXT,
    "actor" JSONB,
    "address" TEXT,
    "userAgent" TEXT,
    "requestId" TEXT,
    "details" JSONB,

    CONSTRAINT "portolan_audit_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "portolan_session_userId_idx" ON "portolan_session"("userId");

-- CreateIndex
CREATE INDEX "portolan_session_expiresAt_idx" ON "portolan_session"("expiresAt");

-- CreateIndex
CREATE INDEX "portolan_sign_in_link_userId_idx" ON "portolan_sign_in_link"("userId");

-- CreateIndex
CREATE INDEX "portolan_sign_in_link_expiresAt_idx" ON "portolan_sign_in_link"("expiresAt");

-- CreateIndex
CREATE INDEX "portolan_external_identity_userId_idx" ON "portolan_external_identity"("userId");

-- CreateIndex
CREATE INDEX "portolan_oauth_app_ownerId_idx" ON "portolan_oauth_app"("ownerId");

-- CreateIndex
CREATE INDEX "portolan_app_secret_appId_idx" ON "portolan_app_secret"("appId");

-- CreateIndex
CREATE INDEX "portolan_app_grant_userId_idx" ON "portolan_app_grant"("userId");

-- CreateIndex
CREATE INDEX "portolan_app_grant_appId_idx" ON "portolan_app_grant"("appId");

-- CreateIndex
CREATE INDEX "portolan_oauth_artifact_grantId_idx" ON "portolan_oauth_artifact"("grantId");

-- CreateIndex
CREATE INDEX "portolan_oauth_artifact_kind_uid_idx" ON "portolan_oauth_artifact"("kind", "uid");

-- CreateIndex
CREATE INDEX "portolan_oauth_artifact_expiresAt_idx" ON "portolan_oauth_artifact"("expiresAt");

-- CreateIndex
CREATE INDEX "portolan_revoked_token_expiresAt_idx" ON "portolan_revoked_token"("expiresAt");

-- CreateIndex
CREATE INDEX "portolan_audit_event_at_idx" ON "portolan_audit_event"("at");

-- CreateIndex
CREATE INDEX "portolan_audit_event_userId_at_idx" ON "portolan_audit_event"("userId", "at");

-- CreateIndex
CREATE INDEX "portolan_audit_event_kind_at_idx" ON "portolan_audit_event"("kind", "at");

-- AddForeignKey
ALTER TABLE "portolan_session" ADD CONSTRAINT "portolan_session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "portolan_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan_sign_in_link" ADD CONSTRAINT "portolan_sign_in_link_userId_fkey" FOREIGN KEY ("userId") REFERENCES "portolan_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan_external_identity" ADD CONSTRAINT "portolan_external_identity_userId_fkey" FOREIGN KEY ("userId") REFERENCES "portolan_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan_developer" ADD CONSTRAINT "portolan_developer_userId_fkey" FOREIGN KEY ("userId") REFERENCES "portolan_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan_oauth_app" ADD CONSTRAINT "portolan_oauth_app_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "portolan_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan_app_secret" ADD CONSTRAINT "portolan_app_secret_appId_fkey" FOREIGN KEY ("appId") REFERENCES "portolan_oauth_app"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan_app_grant" ADD CONSTRAINT "portolan_app_grant_userId_fkey" FOREIGN KEY ("userId") REFERENCES "portolan_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan_app_grant" ADD CONSTRAINT "portolan_app_grant_appId_fkey" FOREIGN KEY ("appId") REFERENCES "portolan_oauth_app"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Whoever could do everything has the role that says so.
UPDATE "portolan_user" SET "role" = 'administrator', "scopes" = '{}' WHERE 'admin' = ANY ("scopes");

-- SafeStore's keys have owners that are no users, and so no foreign key: what is sealed for a person who is deleted must
-- not open again.
CREATE FUNCTION "portolan_shred_user_keys"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "portolan_user_key" WHERE "userId" = OLD."id";
  RETURN NULL;
END
$$;

CREATE TRIGGER "portolan_shred_user_keys" AFTER DELETE ON "portolan_user"
  FOR EACH ROW EXECUTE FUNCTION "portolan_shred_user_keys"();
