DROP INDEX "knowledge_documents_same";--> statement-breakpoint
ALTER TABLE "knowledge_documents" ADD COLUMN "text_hash" text;--> statement-breakpoint
CREATE INDEX "knowledge_documents_same" ON "knowledge_documents" USING btree ("knowledge_base_id","text_hash");