import type { ImportFailure, ImportOptions, ImportResult } from './importer.ts';

/** `importFlow` of `importer.ts`, which is read when the first file comes: most servers start and answer without importing. */
export async function importFlow(source: Uint8Array | string, options?: ImportOptions): Promise<ImportResult | ImportFailure> {
  const importer = await import('./importer.ts');
  return importer.importFlow(source, options);
}
