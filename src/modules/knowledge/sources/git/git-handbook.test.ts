import { cp } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createEgress } from '#platform/egress/egress.ts';
import { startGitServer } from '#modules/knowledge/sources/testing/git-server.ts';
import { createShelf } from '#modules/knowledge/sources/testing/shelf.ts';
import { sharedFiles } from '../../../../testing/shared-data.ts';
import { gitSource } from './git-source.ts';

const { folder, files } = sharedFiles('handbook', 'site/handbook-md', '**/*.md');

test.skipIf(files.length === 0)('a handbook of others is read whole, and after a change only what changed', async () => {
  const server = await startGitServer(process.env.PATH);
  const egress = createEgress([server.host]);
  try {
    await cp(folder, path.join(server.git(['rev-parse', '--show-toplevel']), 'pages'), { recursive: true });
    server.commit();
    const kept = createShelf(gitSource, { egress, config: { url: server.url } });
    const { documents, problems, incomplete } = await kept.read();
    expect([documents.map(({ externalId }) => externalId).toSorted(), problems, incomplete]).toEqual([files.map((file) => `pages/${file.replaceAll('\\', '/')}`).toSorted(), [], null]);
    server.write(`pages/${files[0]}`, 'Changed.');
    server.commit();
    expect(await kept.read()).toMatchObject({ documents: [{ externalId: `pages/${files[0]}` }], unchanged: { length: files.length - 1 }, gone: [] });
  } finally {
    await server.close();
    await egress.close();
  }
}, 60_000);
