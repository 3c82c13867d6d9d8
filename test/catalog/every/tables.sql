-- CreateTable
CREATE TABLE "Gadget" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "plain" TEXT NOT NULL,
    "first" TEXT NOT NULL,
    "second" TEXT NOT NULL,
    "serial" TEXT NOT NULL,
    "address" INET,
    "addresses" INET[],
    "markup" XML,
    "fixed_bits" BIT(4),
    "bits" VARBIT(8),
    "bitLists" VARBIT(8)[],
    "price" MONEY,
    "prices" MONEY[],
    "object" OID,
    "shift" TIMETZ(0),
    "network" cidr,
    "mac" macaddr,
    "place" point,
    "words" tsvector,

    CONSTRAINT "Gadget_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Part" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "gadgetId" UUID,

    CONSTRAINT "Part_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Host" (
    "address" INET NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "Host_pkey" PRIMARY KEY ("address")
);

-- CreateIndex
CREATE UNIQUE INDEX "Gadget_code_key" ON "Gadget"("code");

-- AddForeignKey
ALTER TABLE "Part" ADD CONSTRAINT "Part_gadgetId_fkey" FOREIGN KEY ("gadgetId") REFERENCES "Gadget"("id") ON DELETE SET NULL ON UPDATE CASCADE;
