import { problemTypes } from '#platform/http/problem.ts';

export const problems = problemTypes({
  'knowledge-not-included': { status: 403, title: 'This product has no knowledge' },
  'knowledge-not-ready': { status: 409, title: 'The knowledge of this product is not set up yet' },
  'source-not-included': { status: 403, title: 'This product does not take this kind of knowledge' },
  'documents-full': { status: 409, title: 'The number of documents included is reached' },
  'source-not-read': { status: 409, title: 'This source is not read from elsewhere' },
  'sources-full': { status: 409, title: 'The number of sources is reached' },
  'refresh-not-included': { status: 403, title: 'This is more often than included' },
  'embedding-not-open': { status: 403, title: 'The embedding model cannot be changed' },
  'nothing-to-cancel': { status: 409, title: 'This document is not being processed' },
  'fields-not-open': { status: 403, title: 'This product takes no fields of your own' },
  'filter-not-included': { status: 403, title: 'Searches of this product cannot be narrowed like this' },
  'pairs-full': { status: 409, title: 'The number of question and answer pairs included is reached' },
  'pair-exists': { status: 409, title: 'There is already a pair with this question' },
  'file-missing': { status: 400, title: 'Send at least one file in the field "file"' },
  'engine-not-connected': { status: 409, title: 'This search engine is not connected' },
  'engine-unavailable': { status: 503, title: 'The search engine cannot be reached right now' },
  'original-missing': { status: 409, title: 'The original of this document is no longer there' },
});
