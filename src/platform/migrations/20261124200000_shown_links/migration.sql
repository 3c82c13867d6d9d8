-- AlterTable
ALTER TABLE "portolan"."sign_in_link" ADD COLUMN     "shown" BOOLEAN NOT NULL DEFAULT false;
