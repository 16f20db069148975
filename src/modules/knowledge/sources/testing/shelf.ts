import type { Egress } from '#platform/egress/egress.ts';
import type { Found, FoundDocument, ReadContext, SourceReader } from '../source-reader.ts';

/** What one reading found, sorted by kind. */
export interface ShelfReading {
  documents: FoundDocument[];
  unchanged: string[];
  gone: string[];
  problems: { externalId: string; name: string; message: string }[];
  incomplete: string | null;
}

interface ShelfOptions { egress: Egress; config: Readonly<Record<string, unknown>>; secrets?: Readonly<Record<string, string>>; documentsMax?: number; bytesMax?: number; now?: () => Date }

/**
 * Keeps what readings of one source find, as the store does: what was not seen in a whole reading is gone, and the next
 * reading is told what is known.
 */
export function createShelf<Config, Secrets>(reader: SourceReader<Config, Secrets>, options: ShelfOptions) {
  const held = new Map<string, FoundDocument>();
  let checkpoint: Record<string, unknown> | null = null;

  function context(signal: AbortSignal, remember: (kept: Record<string, unknown>) => void): ReadContext<Config, Secrets> {
    return {
      config: reader.config.parse(options.config), secrets: reader.secrets.parse(options.secrets ?? {}), egress: options.egress, signal, now: options.now ?? (() => new Date()),
      documentsMax: options.documentsMax ?? 100_000, depthMax: 10, bytesMax: options.bytesMax ?? 1024 * 1024, checkpoint, remember,
      known: async (ids) => new Map([...held].filter(([id]) => ids.includes(id)).map(([id, { fingerprint }]) => [id, fingerprint])),
    };
  }

  return {
    held,
    get checkpoint() { return checkpoint; },
    textOf: (externalId: string): string => {
      const content = held.get(externalId)?.content;
      return content === undefined ? '' : 'text' in content ? content.text : Buffer.from(content.bytes).toString('utf8');
    },
    test: async () => reader.test(context(new AbortController().signal, () => {})),
    async read(signal: AbortSignal = new AbortController().signal): Promise<ShelfReading> {
      const found: Found[] = [];
      let kept: Record<string, unknown> | null = null;
      for await (const one of reader.read(context(signal, (next) => { kept = next; }))) found.push(one);
      const of = <Type extends Found['type']>(type: Type) => found.filter((one): one is Extract<Found, { type: Type }> => one.type === type);
      const reading: ShelfReading = {
        documents: of('document').map(({ document }) => document), unchanged: of('unchanged').map(({ externalId }) => externalId), gone: [],
        problems: of('problem').map(({ externalId, name, message }) => ({ externalId, name, message })), incomplete: of('incomplete')[0]?.reason ?? null,
      };
      for (const document of reading.documents) held.set(document.externalId, document);
      if (reading.incomplete !== null) return reading;
      const seen = new Set([...reading.documents, ...reading.problems].map(({ externalId }) => externalId).concat(reading.unchanged));
      reading.gone = [...held.keys()].filter((id) => !seen.has(id));
      for (const id of reading.gone) held.delete(id);
      // As the database would give it back.
      if (kept !== null) checkpoint = JSON.parse(JSON.stringify(kept));
      return reading;
    },
  };
}
