-- CreateTable
CREATE TABLE "portolan_idempotent_answer" (
    "owner" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" CHAR(64) NOT NULL,
    "status" SMALLINT NOT NULL,
    "headers" JSONB NOT NULL,
    "body" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "portolan_idempotent_answer_pkey" PRIMARY KEY ("owner","key")
);

-- CreateIndex
CREATE INDEX "portolan_idempotent_answer_createdAt_idx" ON "portolan_idempotent_answer"("createdAt");
