-- CreateEnum
CREATE TYPE "mood" AS ENUM ('HAPPY', 'sad-in-db', 'so so');

-- CreateTable
CREATE TABLE "things" (
    "thing_id" INTEGER NOT NULL,
    "text" TEXT,
    "code" CHAR(4),
    "short_text" VARCHAR(10),
    "uuid" UUID,
    "int" INTEGER,
    "small" SMALLINT,
    "big" BIGINT,
    "double" DOUBLE PRECISION,
    "single" REAL,
    "decimal" DECIMAL(65,30),
    "money" DECIMAL(30,10),
    "flag" BOOLEAN,
    "moment" TIMESTAMPTZ(3),
    "local" TIMESTAMP(3),
    "day" DATE,
    "clock" TIME(0),
    "json" JSONB,
    "jsonText" JSON,
    "bytes" BYTEA,
    "mood" "mood",
    "texts" TEXT[],
    "ints" INTEGER[],
    "bigs" BIGINT[],
    "doubles" DOUBLE PRECISION[],
    "decimals" DECIMAL(65,30)[],
    "flags" BOOLEAN[],
    "moments" TIMESTAMPTZ(3)[],
    "moods" "mood"[],
    "uuids" UUID[],
    "hidden" TEXT,

    CONSTRAINT "things_pkey" PRIMARY KEY ("thing_id")
);

-- CreateTable
CREATE TABLE "Person" (
    "id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "bossId" INTEGER,
    "twinId" INTEGER,

    CONSTRAINT "Person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Room" (
    "house" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "title" TEXT,

    CONSTRAINT "Room_pkey" PRIMARY KEY ("house","number")
);

-- CreateTable
CREATE TABLE "Visit" (
    "id" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,
    "roomHouse" TEXT,
    "roomNumber" INTEGER,

    CONSTRAINT "Visit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "_Likes" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_Likes_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE UNIQUE INDEX "Person_twinId_key" ON "Person"("twinId");

-- CreateIndex
CREATE INDEX "_Likes_B_index" ON "_Likes"("B");

-- AddForeignKey
ALTER TABLE "Person" ADD CONSTRAINT "Person_bossId_fkey" FOREIGN KEY ("bossId") REFERENCES "Person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Person" ADD CONSTRAINT "Person_twinId_fkey" FOREIGN KEY ("twinId") REFERENCES "Person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Visit" ADD CONSTRAINT "Visit_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Visit" ADD CONSTRAINT "Visit_roomHouse_roomNumber_fkey" FOREIGN KEY ("roomHouse", "roomNumber") REFERENCES "Room"("house", "number") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_Likes" ADD CONSTRAINT "_Likes_A_fkey" FOREIGN KEY ("A") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_Likes" ADD CONSTRAINT "_Likes_B_fkey" FOREIGN KEY ("B") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;
