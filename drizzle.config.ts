import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/**/tables.ts',
  out: './migrations',
  migrations: { schema: 'platform', table: 'migrations' },
  entities: { roles: false },
});
