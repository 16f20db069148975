DROP INDEX "knowledge_chunks_position";--> statement-breakpoint
DROP INDEX "knowledge_chunks_base";--> statement-breakpoint
DROP INDEX "knowledge_documents_external";--> statement-breakpoint
DROP INDEX "knowledge_sources_kind";--> statement-breakpoint
ALTER TABLE "knowledge_bases" ADD COLUMN "edition" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "knowledge_bases" ADD COLUMN "next_model" text;--> statement-breakpoint
ALTER TABLE "knowledge_bases" ADD COLUMN "next_dimensions" integer;--> statement-breakpoint
ALTER TABLE "knowledge_bases" ADD COLUMN "engine" text DEFAULT 'builtin' NOT NULL;--> statement-breakpoint
ALTER TABLE "knowledge_bases" ADD COLUMN "engine_ref" text;--> statement-breakpoint
ALTER TABLE "knowledge_chunks" ADD COLUMN "edition" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "knowledge_documents" ADD COLUMN "fingerprint" text;--> statement-breakpoint
ALTER TABLE "knowledge_documents" ADD COLUMN "seen" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "knowledge_documents" ADD COLUMN "duplicate_of" uuid;--> statement-breakpoint
ALTER TABLE "knowledge_documents" ADD COLUMN "engine_ref" text;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "name" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "config" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "secrets" text;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "secret_names" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "refresh" text DEFAULT 'never' NOT NULL;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "paused" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "state" text DEFAULT 'idle' NOT NULL;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "sync" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "stopping" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "progress" jsonb;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "result" jsonb;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "error" jsonb;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "checkpoint" jsonb;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "started_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "synced_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "next_sync_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "knowledge_sources" ADD COLUMN "updated_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "knowledge_documents" ADD CONSTRAINT "knowledge_documents_duplicate_of_knowledge_documents_id_fk" FOREIGN KEY ("duplicate_of") REFERENCES "public"."knowledge_documents"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "knowledge_documents_same" ON "knowledge_documents" USING btree ("knowledge_base_id","sha256");--> statement-breakpoint
CREATE INDEX "knowledge_documents_duplicates" ON "knowledge_documents" USING btree ("duplicate_of") WHERE duplicate_of is not null;--> statement-breakpoint
CREATE INDEX "knowledge_sources_base" ON "knowledge_sources" USING btree ("knowledge_base_id");--> statement-breakpoint
CREATE INDEX "knowledge_sources_due" ON "knowledge_sources" USING btree ("next_sync_at") WHERE next_sync_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "knowledge_chunks_position" ON "knowledge_chunks" USING btree ("document_id","generation","edition","position");--> statement-breakpoint
CREATE INDEX "knowledge_chunks_base" ON "knowledge_chunks" USING btree ("knowledge_base_id","edition","approximate");--> statement-breakpoint
CREATE UNIQUE INDEX "knowledge_documents_external" ON "knowledge_documents" USING btree ("source_id","external_id");--> statement-breakpoint
CREATE UNIQUE INDEX "knowledge_sources_kind" ON "knowledge_sources" USING btree ("knowledge_base_id","kind") WHERE kind in ('upload', 'qa', 'api');