CREATE TABLE "runtime_deployments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid DEFAULT nullif(current_setting('app.tenant', true), '')::uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"key" uuid NOT NULL,
	"subscription_id" uuid,
	"flow_id" uuid NOT NULL,
	"seller_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"server" text NOT NULL,
	"reference" text NOT NULL,
	"deployed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "runtime_deployments" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "runtime_servers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid DEFAULT nullif(current_setting('app.tenant', true), '')::uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"header" text DEFAULT '' NOT NULL,
	"sealed" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
ALTER TABLE "runtime_servers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE UNIQUE INDEX "runtime_deployments_key" ON "runtime_deployments" USING btree ("tenant_id","key");--> statement-breakpoint
CREATE POLICY "runtime_deployments_owner" ON "runtime_deployments" AS PERMISSIVE FOR ALL TO "cmp_app" USING (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) WITH CHECK (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "runtime_deployments_operator" ON "runtime_deployments" AS PERMISSIVE FOR ALL TO "cmp_operator" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "runtime_servers_owner" ON "runtime_servers" AS PERMISSIVE FOR ALL TO "cmp_app" USING (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) WITH CHECK (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "runtime_servers_operator" ON "runtime_servers" AS PERMISSIVE FOR ALL TO "cmp_operator" USING (true) WITH CHECK (true);--> statement-breakpoint
-- What was declared before products could run elsewhere runs on the built-in engine.
UPDATE "product_versions" SET "capabilities" = jsonb_set("capabilities", '{runtime,engine}', '{"kind":"builtin","server":""}') WHERE "capabilities" ? 'runtime' AND NOT "capabilities" -> 'runtime' ? 'engine';--> statement-breakpoint
UPDATE "subscriptions" SET "capabilities" = jsonb_set("capabilities", '{runtime,engine}', '{"kind":"builtin","server":""}') WHERE "capabilities" ? 'runtime' AND NOT "capabilities" -> 'runtime' ? 'engine';
