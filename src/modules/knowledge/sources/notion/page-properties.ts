import { z } from 'zod';
import type { Labelled } from '../text/labelled-text.ts';
import type { NotionPage } from './notion-client.ts';
import { plainText } from './block-markdown.ts';

const Property = z.object({ type: z.string() }).loose();
const Named = z.object({ name: z.string() });
const DateValue = z.object({ start: z.string(), end: z.string().nullish() });
const UniqueId = z.object({ prefix: z.string().nullish(), number: z.number() });

const METADATA_MAX = 40;
const NAME_CHARACTERS_MAX = 60;
const VALUE_CHARACTERS_MAX = 500;
const TITLE_CHARACTERS_MAX = 300;

export function titleOf({ properties }: NotionPage): string {
  const title = Object.values(properties).map((value) => Property.safeParse(value).data).find((property) => property?.type === 'title');
  return plainText(title?.title).replace(/\s+/g, ' ').trim().slice(0, TITLE_CHARACTERS_MAX) || 'Untitled';
}

/** What an entry of a database says in its columns, without its title and what is empty. */
export function propertiesOf({ properties }: NotionPage): Labelled[] {
  return Object.entries(properties).flatMap(([label, value]): Labelled[] => {
    const property = Property.safeParse(value).data;
    const read = property && property.type !== 'title' ? valueOf(property) : null;
    return read === null || read === '' || (Array.isArray(read) && read.length === 0) ? [] : [{ label, value: read }];
  });
}

export function metadataOf(properties: readonly Labelled[]): Record<string, string | number | boolean> {
  return Object.fromEntries(properties.slice(0, METADATA_MAX).map(({ label, value }) => [
    label.slice(0, NAME_CHARACTERS_MAX), typeof value === 'number' || typeof value === 'boolean' ? value : (Array.isArray(value) ? value.join(', ') : String(value)).slice(0, VALUE_CHARACTERS_MAX),
  ]));
}

/** Null for what says nothing to a reader: buttons, and ids of other entries. */
function valueOf(property: z.infer<typeof Property>): string | number | boolean | string[] | null {
  const value = property[property.type];
  switch (property.type) {
    case 'rich_text': return plainText(value).trim();
    case 'number': case 'checkbox': case 'url': case 'email': case 'phone_number': case 'created_time': case 'last_edited_time': case 'string': case 'boolean':
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
    case 'select': case 'status': case 'created_by': case 'last_edited_by': return Named.safeParse(value).data?.name ?? null;
    case 'multi_select': case 'people': case 'files': return z.array(z.unknown()).safeParse(value).data?.flatMap((one) => Named.safeParse(one).data?.name ?? []) ?? null;
    case 'date': { const date = DateValue.safeParse(value).data; return date ? `${date.start}${date.end ? ` – ${date.end}` : ''}` : null; }
    case 'unique_id': { const id = UniqueId.safeParse(value).data; return id ? `${id.prefix ? `${id.prefix}-` : ''}${id.number}` : null; }
    case 'formula': case 'rollup': { const inner = Property.safeParse(value).data; return inner ? valueOf(inner) : null; }
    case 'array': return z.array(Property).safeParse(value).data?.flatMap((one) => { const read = one.type === 'title' ? plainText(one.title) : valueOf(one); return read === null || read === '' ? [] : String(read); }) ?? null;
    default: return null;
  }
}
