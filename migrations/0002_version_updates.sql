CREATE TABLE "version_check_results" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid DEFAULT nullif(current_setting('app.tenant', true), '')::uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"failures" jsonb NOT NULL,
	"answer" text NOT NULL,
	"cited" jsonb NOT NULL,
	"tools" jsonb NOT NULL,
	"refused" boolean NOT NULL,
	"latency_ms" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "version_check_results" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subscription_updates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid DEFAULT nullif(current_setting('app.tenant', true), '')::uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"subscription_id" uuid NOT NULL,
	"decision" text NOT NULL,
	"from_version" integer NOT NULL,
	"to_version" integer NOT NULL,
	"decided_by" uuid,
	"decided_by_name" text NOT NULL,
	"until" timestamp with time zone,
	"former" jsonb,
	"lost" jsonb DEFAULT '[]'::jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "subscription_updates" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "product_versions" ADD COLUMN "questions" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "product_versions" ADD COLUMN "checks" jsonb;--> statement-breakpoint
ALTER TABLE "version_check_results" ADD CONSTRAINT "version_check_results_version_id_product_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."product_versions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscription_updates" ADD CONSTRAINT "subscription_updates_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "version_check_results_once" ON "version_check_results" USING btree ("version_id","position");--> statement-breakpoint
CREATE INDEX "version_check_results_day" ON "version_check_results" USING btree ("tenant_id","created_at");--> statement-breakpoint
CREATE INDEX "subscription_updates_subscription" ON "subscription_updates" USING btree ("subscription_id","created_at");--> statement-breakpoint
CREATE POLICY "version_check_results_owner" ON "version_check_results" AS PERMISSIVE FOR ALL TO "cmp_app" USING (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) WITH CHECK (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "version_check_results_operator" ON "version_check_results" AS PERMISSIVE FOR ALL TO "cmp_operator" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "subscription_updates_owner" ON "subscription_updates" AS PERMISSIVE FOR ALL TO "cmp_app" USING (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) WITH CHECK (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "subscription_updates_operator" ON "subscription_updates" AS PERMISSIVE FOR ALL TO "cmp_operator" USING (true) WITH CHECK (true);