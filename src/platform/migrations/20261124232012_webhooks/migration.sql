-- CreateEnum
CREATE TYPE "portolan"."DeliveryState" AS ENUM ('pending', 'delivered', 'failed');

-- CreateTable
CREATE TABLE "portolan"."webhook" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "userId" UUID NOT NULL,
    "keyId" CHAR(12),
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "events" TEXT[],
    "fields" TEXT[],
    "scopes" TEXT[],
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "failingSince" TIMESTAMPTZ(3),
    "disabledAt" TIMESTAMPTZ(3),
    "disabledReason" TEXT,

    CONSTRAINT "webhook_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan"."webhook_secret" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "webhookId" UUID NOT NULL,
    "sealed" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_secret_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan"."webhook_position" (
    "webhookId" UUID NOT NULL,
    "entity" TEXT NOT NULL,
    "changeId" BIGINT NOT NULL,

    CONSTRAINT "webhook_position_pkey" PRIMARY KEY ("webhookId","entity")
);

-- CreateTable
CREATE TABLE "portolan"."webhook_delivery" (
    "sequence" BIGSERIAL NOT NULL,
    "id" TEXT NOT NULL,
    "webhookId" UUID NOT NULL,
    "event" TEXT NOT NULL,
    "record" TEXT,
    "changeId" BIGINT,
    "payload" TEXT NOT NULL,
    "state" "portolan"."DeliveryState" NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAt" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "leasedUntil" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("sequence")
);

-- CreateTable
CREATE TABLE "portolan"."webhook_attempt" (
    "id" BIGSERIAL NOT NULL,
    "deliveryId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "durationMs" INTEGER NOT NULL,
    "status" INTEGER,
    "error" TEXT,
    "excerpt" TEXT,

    CONSTRAINT "webhook_attempt_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "webhook_userId_idx" ON "portolan"."webhook"("userId");

-- CreateIndex
CREATE INDEX "webhook_secret_webhookId_idx" ON "portolan"."webhook_secret"("webhookId");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_delivery_id_key" ON "portolan"."webhook_delivery"("id");

-- CreateIndex
CREATE INDEX "webhook_delivery_webhookId_state_nextAt_idx" ON "portolan"."webhook_delivery"("webhookId", "state", "nextAt");

-- CreateIndex
CREATE INDEX "webhook_delivery_webhookId_record_state_sequence_idx" ON "portolan"."webhook_delivery"("webhookId", "record", "state", "sequence");

-- CreateIndex
CREATE INDEX "webhook_delivery_endedAt_idx" ON "portolan"."webhook_delivery"("endedAt");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_delivery_webhookId_changeId_key" ON "portolan"."webhook_delivery"("webhookId", "changeId");

-- CreateIndex
CREATE INDEX "webhook_attempt_deliveryId_id_idx" ON "portolan"."webhook_attempt"("deliveryId", "id");

-- AddForeignKey
ALTER TABLE "portolan"."webhook" ADD CONSTRAINT "webhook_userId_fkey" FOREIGN KEY ("userId") REFERENCES "portolan"."user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan"."webhook_secret" ADD CONSTRAINT "webhook_secret_webhookId_fkey" FOREIGN KEY ("webhookId") REFERENCES "portolan"."webhook"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan"."webhook_position" ADD CONSTRAINT "webhook_position_webhookId_fkey" FOREIGN KEY ("webhookId") REFERENCES "portolan"."webhook"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan"."webhook_delivery" ADD CONSTRAINT "webhook_delivery_webhookId_fkey" FOREIGN KEY ("webhookId") REFERENCES "portolan"."webhook"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan"."webhook_attempt" ADD CONSTRAINT "webhook_attempt_deliveryId_fkey" FOREIGN KEY ("deliveryId") REFERENCES "portolan"."webhook_delivery"("id") ON DELETE CASCADE ON UPDATE CASCADE;
