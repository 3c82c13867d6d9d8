-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "portolan";

-- CreateEnum
CREATE TYPE "portolan"."Role" AS ENUM ('administrator', 'editor', 'viewer');

-- CreateEnum
CREATE TYPE "portolan"."LinkKind" AS ENUM ('invitation', 'passwordReset', 'emailVerification');

-- CreateEnum
CREATE TYPE "portolan"."AppKind" AS ENUM ('developer', 'plugin');

-- CreateEnum
CREATE TYPE "portolan"."ChangeKind" AS ENUM ('insert', 'update', 'delete');

-- CreateTable
CREATE TABLE "portolan"."user" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "passwordHash" TEXT,
    "passwordChangedAt" TIMESTAMPTZ(3),
    "role" "portolan"."Role",
    "scopes" TEXT[],
    "emailVerifiedAt" TIMESTAMPTZ(3),
    "lastSignInAt" TIMESTAMPTZ(3),
    "disabledAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan"."user_key" (
    "userId" UUID NOT NULL,
    "version" SMALLINT NOT NULL,
    "key" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_key_pkey" PRIMARY KEY ("userId","version")
);

-- CreateTable
CREATE TABLE "portolan"."api_key" (
    "id" CHAR(12) NOT NULL,
    "userId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "lastFour" CHAR(4) NOT NULL,
    "scopes" TEXT[],
    "sealed" BYTEA NOT NULL,
    "expiresAt" TIMESTAMPTZ(3),
    "lastUsedAt" TIMESTAMPTZ(3),
    "lastUsedIp" TEXT,
    "revokedAt" TIMESTAMPTZ(3),
    "replaces" CHAR(12),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan"."session" (
    "id" CHAR(64) NOT NULL,
    "userId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "address" TEXT,
    "userAgent" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan"."sign_in_link" (
    "id" CHAR(64) NOT NULL,
    "kind" "portolan"."LinkKind" NOT NULL,
    "userId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "sign_in_link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan"."external_identity" (
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "userId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "external_identity_pkey" PRIMARY KEY ("issuer","subject")
);

-- CreateTable
CREATE TABLE "portolan"."developer" (
    "userId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "website" TEXT,
    "contactEmail" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "developer_pkey" PRIMARY KEY ("userId")
);

-- CreateTable
CREATE TABLE "portolan"."oauth_app" (
    "id" TEXT NOT NULL,
    "ownerId" UUID NOT NULL,
    "kind" "portolan"."AppKind" NOT NULL DEFAULT 'developer',
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
    "disabledById" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "oauth_app_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan"."app_secret" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "appId" TEXT NOT NULL,
    "lastFour" CHAR(4) NOT NULL,
    "sealed" BYTEA NOT NULL,
    "recoverable" BOOLEAN NOT NULL DEFAULT false,
    "expiresAt" TIMESTAMPTZ(3),
    "lastUsedAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "app_secret_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan"."app_grant" (
    "id" TEXT NOT NULL,
    "userId" UUID NOT NULL,
    "appId" TEXT NOT NULL,
    "scopes" TEXT[],
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" TIMESTAMPTZ(3),
    "lastUsedIp" TEXT,
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "app_grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan"."oauth_artifact" (
    "kind" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "grantId" TEXT,
    "uid" TEXT,
    "consumedAt" TIMESTAMPTZ(3),
    "expiresAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "oauth_artifact_pkey" PRIMARY KEY ("kind","id")
);

-- CreateTable
CREATE TABLE "portolan"."revoked_token" (
    "jti" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "revoked_token_pkey" PRIMARY KEY ("jti")
);

-- CreateTable
CREATE TABLE "portolan"."signing_key" (
    "kid" TEXT NOT NULL,
    "algorithm" TEXT NOT NULL,
    "publicJwk" JSONB NOT NULL,
    "sealed" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retiredAt" TIMESTAMPTZ(3),
    "expiresAt" TIMESTAMPTZ(3),

    CONSTRAINT "signing_key_pkey" PRIMARY KEY ("kid")
);

-- CreateTable
CREATE TABLE "portolan"."audit_event" (
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

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan"."setting" (
    "name" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "setting_pkey" PRIMARY KEY ("name")
);

-- Names and keys are compared byte by byte: that is what makes finding a record's last position cheap.
CREATE TABLE "portolan"."change" (
    "id" BIGSERIAL NOT NULL,
    "entity" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "position" BIGINT NOT NULL,
    "kind" "portolan"."ChangeKind" NOT NULL,
    "shownAs" "portolan"."ChangeKind",
    "old" JSONB,
    "new" JSONB,
    "actor" JSONB,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "transaction" BIGINT NOT NULL,

    CONSTRAINT "change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan"."change_floor" (
    "entity" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "position" BIGINT NOT NULL,

    CONSTRAINT "change_floor_pkey" PRIMARY KEY ("entity","key")
);

-- CreateTable
CREATE TABLE "portolan"."idempotent_answer" (
    "owner" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" CHAR(64) NOT NULL,
    "status" SMALLINT NOT NULL,
    "headers" JSONB NOT NULL,
    "body" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotent_answer_pkey" PRIMARY KEY ("owner","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "portolan"."user"("email");

-- CreateIndex
CREATE INDEX "api_key_userId_idx" ON "portolan"."api_key"("userId");

-- CreateIndex
CREATE INDEX "session_userId_idx" ON "portolan"."session"("userId");

-- CreateIndex
CREATE INDEX "session_expiresAt_idx" ON "portolan"."session"("expiresAt");

-- CreateIndex
CREATE INDEX "sign_in_link_userId_idx" ON "portolan"."sign_in_link"("userId");

-- CreateIndex
CREATE INDEX "sign_in_link_expiresAt_idx" ON "portolan"."sign_in_link"("expiresAt");

-- CreateIndex
CREATE INDEX "external_identity_userId_idx" ON "portolan"."external_identity"("userId");

-- CreateIndex
CREATE INDEX "oauth_app_ownerId_idx" ON "portolan"."oauth_app"("ownerId");

-- CreateIndex
CREATE INDEX "app_secret_appId_idx" ON "portolan"."app_secret"("appId");

-- CreateIndex
CREATE INDEX "app_grant_userId_idx" ON "portolan"."app_grant"("userId");

-- CreateIndex
CREATE INDEX "app_grant_appId_idx" ON "portolan"."app_grant"("appId");

-- CreateIndex
CREATE INDEX "oauth_artifact_grantId_idx" ON "portolan"."oauth_artifact"("grantId");

-- CreateIndex
CREATE INDEX "oauth_artifact_kind_uid_idx" ON "portolan"."oauth_artifact"("kind", "uid");

-- CreateIndex
CREATE INDEX "oauth_artifact_expiresAt_idx" ON "portolan"."oauth_artifact"("expiresAt");

-- CreateIndex
CREATE INDEX "revoked_token_expiresAt_idx" ON "portolan"."revoked_token"("expiresAt");

-- CreateIndex
CREATE INDEX "audit_event_at_idx" ON "portolan"."audit_event"("at");

-- CreateIndex
CREATE INDEX "audit_event_userId_at_idx" ON "portolan"."audit_event"("userId", "at");

-- CreateIndex
CREATE INDEX "audit_event_kind_at_idx" ON "portolan"."audit_event"("kind", "at");

-- CreateIndex
CREATE UNIQUE INDEX "change_entity_key_position_key" ON "portolan"."change"("entity", "key", "position");

-- CreateIndex
CREATE INDEX "idempotent_answer_createdAt_idx" ON "portolan"."idempotent_answer"("createdAt");

-- AddForeignKey
ALTER TABLE "portolan"."api_key" ADD CONSTRAINT "api_key_userId_fkey" FOREIGN KEY ("userId") REFERENCES "portolan"."user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan"."session" ADD CONSTRAINT "session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "portolan"."user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan"."sign_in_link" ADD CONSTRAINT "sign_in_link_userId_fkey" FOREIGN KEY ("userId") REFERENCES "portolan"."user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan"."external_identity" ADD CONSTRAINT "external_identity_userId_fkey" FOREIGN KEY ("userId") REFERENCES "portolan"."user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan"."developer" ADD CONSTRAINT "developer_userId_fkey" FOREIGN KEY ("userId") REFERENCES "portolan"."user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan"."oauth_app" ADD CONSTRAINT "oauth_app_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "portolan"."user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan"."app_secret" ADD CONSTRAINT "app_secret_appId_fkey" FOREIGN KEY ("appId") REFERENCES "portolan"."oauth_app"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan"."app_grant" ADD CONSTRAINT "app_grant_userId_fkey" FOREIGN KEY ("userId") REFERENCES "portolan"."user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan"."app_grant" ADD CONSTRAINT "app_grant_appId_fkey" FOREIGN KEY ("appId") REFERENCES "portolan"."oauth_app"("id") ON DELETE CASCADE ON UPDATE CASCADE;
