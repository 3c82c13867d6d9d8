-- CreateTable
CREATE TABLE "portolan"."mapper" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "ownerId" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mapper_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portolan"."mapper_version" (
    "mapperId" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "createdById" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mapper_version_pkey" PRIMARY KEY ("mapperId","version")
);

-- CreateIndex
CREATE UNIQUE INDEX "mapper_name_key" ON "portolan"."mapper"("name");

-- CreateIndex
CREATE INDEX "mapper_ownerId_idx" ON "portolan"."mapper"("ownerId");

-- CreateIndex
CREATE INDEX "mapper_version_createdById_idx" ON "portolan"."mapper_version"("createdById");

-- AddForeignKey
ALTER TABLE "portolan"."mapper" ADD CONSTRAINT "mapper_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "portolan"."user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan"."mapper_version" ADD CONSTRAINT "mapper_version_mapperId_fkey" FOREIGN KEY ("mapperId") REFERENCES "portolan"."mapper"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "portolan"."mapper_version" ADD CONSTRAINT "mapper_version_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "portolan"."user"("id") ON DELETE SET NULL ON UPDATE CASCADE;
