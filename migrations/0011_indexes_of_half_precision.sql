DROP INDEX "knowledge_chunks_near_512";--> statement-breakpoint
DROP INDEX "knowledge_chunks_near_1024";--> statement-breakpoint
DROP INDEX "knowledge_chunks_near_1536";--> statement-breakpoint
CREATE INDEX "knowledge_chunks_near_256" ON "knowledge_chunks" USING hnsw ((embedding::halfvec(256)) halfvec_ip_ops) WHERE approximate and dimensions = 256;--> statement-breakpoint
CREATE INDEX "knowledge_chunks_near_384" ON "knowledge_chunks" USING hnsw ((embedding::halfvec(384)) halfvec_ip_ops) WHERE approximate and dimensions = 384;--> statement-breakpoint
CREATE INDEX "knowledge_chunks_near_768" ON "knowledge_chunks" USING hnsw ((embedding::halfvec(768)) halfvec_ip_ops) WHERE approximate and dimensions = 768;--> statement-breakpoint
CREATE INDEX "knowledge_chunks_near_512" ON "knowledge_chunks" USING hnsw ((embedding::halfvec(512)) halfvec_ip_ops) WHERE approximate and dimensions = 512;--> statement-breakpoint
CREATE INDEX "knowledge_chunks_near_1024" ON "knowledge_chunks" USING hnsw ((embedding::halfvec(1024)) halfvec_ip_ops) WHERE approximate and dimensions = 1024;--> statement-breakpoint
CREATE INDEX "knowledge_chunks_near_1536" ON "knowledge_chunks" USING hnsw ((embedding::halfvec(1536)) halfvec_ip_ops) WHERE approximate and dimensions = 1536;