import { z } from 'zod';

/** Which connection proves who calls, and where its credential goes in a request. The credential itself is never here. */
export const CredentialPlace = z.strictObject({
  /** One of the flow's required connections. */
  connection: z.string().min(1).max(100),
  place: z.enum(['bearer', 'basic', 'header', 'query']),
  /** Name of the header or of the query parameter. */
  name: z.string().max(200).default(''),
  /** What stands before the credential in a header, e.g. `Token `. */
  prefix: z.string().max(50).default(''),
});
export type CredentialPlace = z.infer<typeof CredentialPlace>;
