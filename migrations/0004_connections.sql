CREATE TABLE "connection_bindings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid DEFAULT nullif(current_setting('app.tenant', true), '')::uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"owner_kind" text NOT NULL,
	"owner_id" uuid NOT NULL,
	"requirement" text NOT NULL,
	"connection_id" uuid NOT NULL
);
--> statement-breakpoint
ALTER TABLE "connection_bindings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "connections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid DEFAULT nullif(current_setting('app.tenant', true), '')::uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"name" text NOT NULL,
	"connector" text NOT NULL,
	"fields" jsonb NOT NULL,
	"secret_names" jsonb NOT NULL,
	"sealed" text NOT NULL,
	"base_url" text,
	"status" text DEFAULT 'untested' NOT NULL,
	"last_tested_at" timestamp with time zone,
	"last_error" text,
	"last_used_at" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "connections" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "connection_bindings" ADD CONSTRAINT "connection_bindings_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "connection_bindings_one" ON "connection_bindings" USING btree ("tenant_id","owner_kind","owner_id","requirement");--> statement-breakpoint
CREATE INDEX "connection_bindings_connection" ON "connection_bindings" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "connections_tenant" ON "connections" USING btree ("tenant_id");--> statement-breakpoint
CREATE POLICY "connection_bindings_owner" ON "connection_bindings" AS PERMISSIVE FOR ALL TO "cmp_app" USING (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) WITH CHECK (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "connection_bindings_operator" ON "connection_bindings" AS PERMISSIVE FOR ALL TO "cmp_operator" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "connections_owner" ON "connections" AS PERMISSIVE FOR ALL TO "cmp_app" USING (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) WITH CHECK (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "connections_operator" ON "connections" AS PERMISSIVE FOR ALL TO "cmp_operator" USING (true) WITH CHECK (true);