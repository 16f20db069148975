import { betterAuth } from 'better-auth/minimal';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { drizzle } from 'drizzle-orm/node-postgres';
import { eq } from 'drizzle-orm';
import type { Database } from '#platform/db/database.ts';
import type { Logger } from '#platform/log/logger.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { account, member, session, user, verification } from './auth-tables.ts';

export interface AuthOptions {
  database: Database;
  baseUrl: string;
  /** Origins the console is reached from. */
  origins: readonly string[];
  secret: string;
  /** Sign-in attempts are limited by address; off only in tests. */
  rateLimited: boolean;
  secureCookies: boolean;
  log: Logger;
  /** Called when somebody signed up; makes their organization. */
  onSignUp(person: { id: string; name: string }): Promise<void>;
}

/** E-mail and password sign-in with sessions in the database (Better Auth). */
export function createAuth(options: AuthOptions) {
  const db = drizzle(options.database.pool);
  return betterAuth({
    appName: 'CMP',
    baseURL: options.baseUrl,
    basePath: '/api/auth',
    secret: options.secret,
    trustedOrigins: [...options.origins],
    telemetry: { enabled: false },
    database: drizzleAdapter(db, { provider: 'pg', schema: { user, session, account, verification } }),
    emailAndPassword: { enabled: true, minPasswordLength: 10, maxPasswordLength: 128 },
    user: { additionalFields: { operator: { type: 'boolean', input: false, defaultValue: false } } },
    session: {
      expiresIn: 60 * 60 * 24 * 14,
      additionalFields: { activeOrganizationId: { type: 'string', required: false, input: false } },
    },
    rateLimit: { enabled: options.rateLimited, window: 60, max: 120, customRules: { '/sign-in/email': { window: 60, max: 20 }, '/sign-up/email': { window: 60, max: 20 } } },
    advanced: {
      database: { generateId: () => uuidv7() },
      ipAddress: { ipAddressHeaders: ['x-client-address'] },
      useSecureCookies: options.secureCookies,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
    },
    logger: {
      level: 'warn',
      log: (level, message) => options.log[level === 'error' ? 'error' : 'warn']({ source: 'auth' }, message),
    },
    databaseHooks: {
      user: { create: { after: async (created) => options.onSignUp({ id: created.id, name: created.name }) } },
      session: {
        create: {
          before: async (created) => {
            const [home] = await db.select({ id: member.organizationId }).from(member).where(eq(member.userId, created.userId)).orderBy(member.createdAt).limit(1);
            return { data: { ...created, activeOrganizationId: home?.id ?? null } };
          },
        },
      },
    },
  });
}

export type Auth = ReturnType<typeof createAuth>;
