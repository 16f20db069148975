-- What the generated migrations build on: extensions, the roles that work runs as, and what those roles may touch.
CREATE EXTENSION IF NOT EXISTS vector;--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS pg_trgm;--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS unaccent;--> statement-breakpoint
-- Roles belong to the whole server, so another database may already have made them.
DO $$ BEGIN CREATE ROLE cmp_app NOLOGIN NOINHERIT NOBYPASSRLS; EXCEPTION WHEN duplicate_object THEN NULL; END $$;--> statement-breakpoint
DO $$ BEGIN CREATE ROLE cmp_operator NOLOGIN NOINHERIT NOBYPASSRLS; EXCEPTION WHEN duplicate_object THEN NULL; END $$;--> statement-breakpoint
CREATE SCHEMA IF NOT EXISTS auth;--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO cmp_app, cmp_operator;--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO cmp_app, cmp_operator;--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO cmp_app, cmp_operator;
