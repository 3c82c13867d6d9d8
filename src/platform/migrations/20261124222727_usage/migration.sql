-- CreateTable
CREATE TABLE "portolan"."usage" (
    "day" DATE NOT NULL,
    "credential" TEXT NOT NULL,
    "api" TEXT NOT NULL,
    "userId" UUID NOT NULL,
    "appId" TEXT,
    "requests" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,
    "limited" BIGINT NOT NULL,
    "failures" BIGINT NOT NULL,
    "cost" BIGINT NOT NULL,
    "durationMs" BIGINT NOT NULL,

    CONSTRAINT "usage_pkey" PRIMARY KEY ("day","credential","api")
);

-- CreateIndex
CREATE INDEX "usage_userId_day_idx" ON "portolan"."usage"("userId", "day");
