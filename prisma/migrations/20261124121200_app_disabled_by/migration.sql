-- AlterTable
ALTER TABLE "portolan_oauth_app" ADD COLUMN     "disabledById" UUID;
