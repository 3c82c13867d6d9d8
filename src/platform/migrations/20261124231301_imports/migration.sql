-- CreateTable
CREATE TABLE "portolan"."import" (
    "id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "background" BOOLEAN NOT NULL,
    "principal" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "userId" UUID NOT NULL,
    "appId" TEXT,
    "grantId" TEXT,
    "familyId" TEXT,
    "scopes" TEXT[],
    "entity" TEXT NOT NULL,
    "fileName" TEXT,
    "options" JSONB NOT NULL,
    "header" TEXT[],
    "bytes" BIGINT NOT NULL,
    "bytesRead" BIGINT NOT NULL DEFAULT 0,
    "rows" BIGINT NOT NULL DEFAULT 0,
    "savedRow" BIGINT NOT NULL DEFAULT 0,
    "inserted" BIGINT NOT NULL DEFAULT 0,
    "updated" BIGINT NOT NULL DEFAULT 0,
    "failed" BIGINT NOT NULL DEFAULT 0,
    "problem" JSONB,
    "jobId" UUID,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "import_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan"."import_chunk" (
    "importId" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "import_chunk_pkey" PRIMARY KEY ("importId","number")
);

-- CreateTable
CREATE TABLE "portolan"."import_error" (
    "importId" UUID NOT NULL,
    "row" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "line" INTEGER NOT NULL,
    "column" TEXT,
    "value" TEXT,
    "code" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "cells" TEXT[],

    CONSTRAINT "import_error_pkey" PRIMARY KEY ("importId","row","number")
);

-- CreateIndex
CREATE INDEX "import_userId_createdAt_idx" ON "portolan"."import"("userId", "createdAt");

-- CreateIndex
CREATE INDEX "import_createdAt_idx" ON "portolan"."import"("createdAt");

-- AddForeignKey
ALTER TABLE "portolan"."import_chunk" ADD CONSTRAINT "import_chunk_importId_fkey" FOREIGN KEY ("importId") REFERENCES "portolan"."import"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan"."import_error" ADD CONSTRAINT "import_error_importId_fkey" FOREIGN KEY ("importId") REFERENCES "portolan"."import"("id") ON DELETE CASCADE ON UPDATE CASCADE;
