CREATE TABLE "knowledge_question_groups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid DEFAULT nullif(current_setting('app.tenant', true), '')::uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"knowledge_base_id" uuid NOT NULL,
	"question" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"closed_because" text,
	"closed_at" timestamp with time zone,
	"asked" integer DEFAULT 0 NOT NULL,
	"languages" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"last_asked_at" timestamp with time zone NOT NULL,
	"embedding" vector,
	"embedding_model" text,
	"proposal" jsonb,
	"pair_id" uuid,
	"test" jsonb,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "knowledge_question_groups" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "knowledge_questions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid DEFAULT nullif(current_setting('app.tenant', true), '')::uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"group_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"content" text NOT NULL,
	"language" text,
	"reason" text NOT NULL,
	"outcome" text NOT NULL,
	"confidence" real,
	"channel" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"answered_now" boolean
);
--> statement-breakpoint
ALTER TABLE "knowledge_questions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "knowledge_question_groups" ADD CONSTRAINT "knowledge_question_groups_knowledge_base_id_knowledge_bases_id_fk" FOREIGN KEY ("knowledge_base_id") REFERENCES "public"."knowledge_bases"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "knowledge_question_groups" ADD CONSTRAINT "knowledge_question_groups_pair_id_knowledge_documents_id_fk" FOREIGN KEY ("pair_id") REFERENCES "public"."knowledge_documents"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "knowledge_questions" ADD CONSTRAINT "knowledge_questions_group_id_knowledge_question_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."knowledge_question_groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "knowledge_question_groups_base" ON "knowledge_question_groups" USING btree ("knowledge_base_id","state","asked","id");--> statement-breakpoint
CREATE INDEX "knowledge_question_groups_pair" ON "knowledge_question_groups" USING btree ("pair_id") WHERE pair_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "knowledge_questions_run" ON "knowledge_questions" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "knowledge_questions_group" ON "knowledge_questions" USING btree ("group_id","asked_at");--> statement-breakpoint
CREATE INDEX "knowledge_questions_conversation" ON "knowledge_questions" USING btree ("conversation_id");--> statement-breakpoint
CREATE POLICY "knowledge_question_groups_owner" ON "knowledge_question_groups" AS PERMISSIVE FOR ALL TO "cmp_app" USING (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) WITH CHECK (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "knowledge_question_groups_operator" ON "knowledge_question_groups" AS PERMISSIVE FOR ALL TO "cmp_operator" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "knowledge_questions_owner" ON "knowledge_questions" AS PERMISSIVE FOR ALL TO "cmp_app" USING (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) WITH CHECK (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "knowledge_questions_operator" ON "knowledge_questions" AS PERMISSIVE FOR ALL TO "cmp_operator" USING (true) WITH CHECK (true);