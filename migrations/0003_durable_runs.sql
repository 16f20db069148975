CREATE TABLE "durable_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid DEFAULT nullif(current_setting('app.tenant', true), '')::uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"subscription_id" uuid NOT NULL,
	"flow_id" uuid NOT NULL,
	"state" text NOT NULL,
	"question" jsonb NOT NULL,
	"answer" jsonb,
	"error_code" text,
	"error_message" text,
	"request_key" text,
	"lease_token" uuid,
	"lease_until" timestamp with time zone,
	"lives" integer DEFAULT 0 NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "durable_runs_request" UNIQUE("subscription_id","request_key")
);
--> statement-breakpoint
ALTER TABLE "durable_runs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "durable_steps" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid DEFAULT nullif(current_setting('app.tenant', true), '')::uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"run_id" uuid NOT NULL,
	"steps" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "durable_steps" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "durable_steps" ADD CONSTRAINT "durable_steps_run_id_durable_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."durable_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "durable_runs_subscription" ON "durable_runs" USING btree ("subscription_id","created_at");--> statement-breakpoint
CREATE INDEX "durable_steps_run" ON "durable_steps" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "durable_runs_lease" ON "durable_runs" USING btree ("state","lease_until");--> statement-breakpoint
CREATE POLICY "durable_runs_owner" ON "durable_runs" AS PERMISSIVE FOR ALL TO "cmp_app" USING (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) WITH CHECK (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "durable_runs_operator" ON "durable_runs" AS PERMISSIVE FOR ALL TO "cmp_operator" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "durable_steps_owner" ON "durable_steps" AS PERMISSIVE FOR ALL TO "cmp_app" USING (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) WITH CHECK (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "durable_steps_operator" ON "durable_steps" AS PERMISSIVE FOR ALL TO "cmp_operator" USING (true) WITH CHECK (true);