import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Process } from '#platform/context.ts';
import { type BaseFacts, Remembered } from './known-bases.ts';
import type { CommonTerms } from './keyword-ranking.ts';

/** Up to this many chunks every word may bring candidates. */
const SMALL = 300;
/** Chunks that are looked into, of so many documents. */
const SAMPLE = { documents: 200, chunks: 400 } as const;
/** A term that fewer of the sample hold is not common. */
const SHARE_MIN = 0.01;
/** Growth or loss after which the sample says nothing any more. */
const DRIFT = 0.25;
const BASES_MAX = 300;

interface Sample { edition: number; chunks: number; terms: CommonTerms }

/**
 * Which terms are common in a knowledge base, from a sample of its chunks: a search must not count the words that nearly every
 * chunk holds. Kept in this process, made anew when the knowledge base has changed much; at most some 50 kB for each.
 */
export class CommonTermsMemory {
  readonly #samples = new Remembered<Promise<Sample>>(BASES_MAX);

  async of(process: Process, base: BaseFacts): Promise<CommonTerms> {
    if (base.chunks <= SMALL) return new Map();
    const known = await this.#samples.get(base.id);
    if (known && known.edition === base.edition && Math.abs(base.chunks - known.chunks) <= DRIFT * known.chunks) return known.terms;
    const sample = takeSample(process, base);
    this.#samples.set(base.id, sample);
    // What failed is not kept, so that the next search tries again.
    sample.catch(() => this.#samples.delete(base.id));
    return (await sample).terms;
  }
}

const Rows = z.array(z.object({ key: z.string(), share: z.number() }));

async function takeSample(process: Process, { id, edition, chunks }: BaseFacts): Promise<Sample> {
  const rows = await process.run(async ({ tx }) => {
    const { rows: found } = await tx.execute(sql`with documents as materialized (
        select id, generation from knowledge_documents where knowledge_base_id = ${id} and generation > 0 and chunks > 0 order by md5(id::text) limit ${SAMPLE.documents}
      ), sample as materialized (
        select c.terms from documents d cross join lateral (
          select terms from knowledge_chunks c where c.document_id = d.id and c.generation = d.generation and c.edition = ${edition} order by md5(c.id::text) limit (select ceil(${SAMPLE.chunks}::real / greatest(count(*), 1)) from documents)
        ) c limit ${SAMPLE.chunks}
      )
      select key::text as key, count(*)::real / (select count(*) from sample) as share from (select unnest(terms) as key from sample) held group by key having count(*) >= ${SHARE_MIN}::real * (select count(*) from sample) and count(*) > 1`);
    return Rows.parse(found);
  });
  return { edition, chunks, terms: new Map(rows.map(({ key, share }) => [key, share])) };
}
