import { z } from 'zod';
import { diskFileStore } from '#adapters/disk/disk-file-store.ts';
import { systemProcess } from '#platform/process.ts';
import { createParserPool } from '../../parse/parser-pool.ts';
import { partsOver } from '../../testing/knowledge-parts.ts';
import { createIngest } from '../ingest-documents.ts';

// Does what the job does, over a database and a folder that outlive this process, until it is done or killed.
const { databaseUrl, folder, tenant, documentIds } = z.object({ databaseUrl: z.string(), folder: z.string(), tenant: z.string(), documentIds: z.array(z.string()) }).parse(JSON.parse(process.argv[2] ?? ''));
const { parts, close } = partsOver(databaseUrl);
const pool = createParserPool();
await createIngest({ ...parts, files: diskFileStore(folder), pool: () => pool })(systemProcess(parts.platform, 'test', tenant), documentIds);
pool.close();
await close();
