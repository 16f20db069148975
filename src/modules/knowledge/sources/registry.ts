import type { SourceReader } from './source-reader.ts';

/** Every kind of source that can be read, in the order people see them. */
export const sourceReaders: readonly SourceReader[] = [];
