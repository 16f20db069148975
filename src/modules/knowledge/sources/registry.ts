import { confluenceSource } from './confluence/confluence-source.ts';
import { databaseSource } from './database/database-source.ts';
import { gitSource } from './git/git-source.ts';
import { notionSource } from './notion/notion-source.ts';
import { restSource } from './rest/rest-source.ts';
import type { SourceReader } from './source-reader.ts';
import { websiteSource } from './website/website-source.ts';

/** Every kind of source that can be read, in the order people see them. Here is what forms need; what reads a kind is loaded with its first source. */
export const sourceReaders: readonly SourceReader[] = [websiteSource, restSource, databaseSource, notionSource, confluenceSource, gitSource];
