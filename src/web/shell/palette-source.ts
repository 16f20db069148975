import type { Session } from '#web/session/session.ts';

export interface PaletteHit { id: string; label: string; description?: string; to: string }

/** Something the command palette can search, such as products or documents. */
export interface PaletteSource {
  label: string;
  /** At most a handful of hits; a failure shows as no hits. */
  search(query: string, session: Session, signal: AbortSignal): Promise<readonly PaletteHit[]>;
}

/** What the palette searches beside its own entries. A module adds its source in `routes/palette-sources.ts`. */
let sources: readonly PaletteSource[] = [];
export const setPaletteSources = (next: readonly PaletteSource[]): void => { sources = next; };
export const paletteSources = (): readonly PaletteSource[] => sources;
