import { NotionConfig, NotionSecrets } from '../contract/notion.ts';
import { defineSource } from '../source-reader.ts';
import type { NotionPlace } from './read-notion.ts';

/** Pages and database entries of a Notion workspace, as Markdown. */
export const notionSource = createNotionSource({ baseUrl: 'https://api.notion.com', pauseMs: 340 });

/** The reader of one Notion: the real one, or one of a test. */
export function createNotionSource(place: NotionPlace) {
  return defineSource<NotionConfig, NotionSecrets>({
    kind: 'notion', title: 'Notion', description: 'Pages and databases of a Notion workspace that were shared with an integration.',
    config: NotionConfig, secrets: NotionSecrets,
    nameOf: () => 'Notion',
    secretsFor: () => new URL(place.baseUrl).host,
    test: async (context) => (await import('./read-notion.ts')).testNotion(context, place),
    async* read(context) { yield* (await import('./read-notion.ts')).readNotion(context, place); },
  });
}
