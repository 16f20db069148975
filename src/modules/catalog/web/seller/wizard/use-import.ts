import { useRef, useState } from 'react';
import { asProblem, isAbort, type ApiProblem } from '#web/api/problem.ts';
import { callEndpoint } from '#web/api/call-endpoint.ts';
import { uploadEndpoint } from '#web/api/upload.ts';
import type { DraftView } from './draft-saver.ts';
import { flowNames } from './flow-names.ts';
import { chooseOperations, importFile, importTemplate } from './import-endpoints.ts';

export const IMPORT_BYTES_MAX = 20 * 1024 * 1024;

export type ImportWork =
  | { state: 'idle' }
  | { state: 'choose'; file: File; names: readonly string[] }
  | { state: 'sending'; name: string; bytes: number; share: number }
  | { state: 'failed'; name: string; problem: ApiProblem; again: () => void };

/** A file with several flows, while this page is open: another of them can be taken without choosing the file again. */
export interface Bundle { file: File; names: readonly string[]; pick: number }

export interface FlowImporting {
  work: ImportWork;
  bundle: Bundle | null;
  /** Takes a file: asks which flow where it holds several, otherwise sends it. */
  take: (file: File) => Promise<void>;
  send: (file: File, pick?: number) => void;
  /** Begins with a template. */
  start: (key: string, title: string) => void;
  /** Takes other operations or tools of the file that was imported. */
  choose: (ids: readonly string[], name: string) => void;
  cancel: () => void;
}

/**
 * Bringing a flow into a draft, from whatever it comes. `before` sends what is not saved yet: an answer to it that came
 * after the import would put the draft without the flow back on screen.
 */
export const useImport = (productId: string, before: () => Promise<void>, onDone: (view: DraftView) => void): FlowImporting => {
  const [work, setWork] = useState<ImportWork>({ state: 'idle' });
  const [bundle, setBundle] = useState<Bundle | null>(null);
  const names = useRef<readonly string[]>([]);
  const abort = useRef<AbortController | null>(null);

  const run = async (name: string, bytes: number, call: (signal: AbortSignal) => Promise<DraftView>, next: Bundle | null, again: () => void) => {
    abort.current = new AbortController();
    setWork({ state: 'sending', name, bytes, share: 0 });
    try {
      await before();
      onDone(await call(abort.current.signal));
      setBundle(next);
      setWork({ state: 'idle' });
    } catch (error) {
      setWork(isAbort(error) ? { state: 'idle' } : { state: 'failed', name, problem: asProblem(error), again });
    }
  };
  const send = (file: File, pick?: number) => {
    const next = pick === undefined ? null : { file, names: bundle?.file === file ? bundle.names : names.current, pick };
    void run(file.name, file.size, async (signal) => uploadEndpoint(importFile, { params: { productId }, body: { file, pick } }, {
      signal, onProgress: (share) => { setWork((current) => (current.state === 'sending' ? { ...current, share } : current)); },
    }), next, () => { send(file, pick); });
  };
  const take = async (file: File) => {
    names.current = file.size > IMPORT_BYTES_MAX ? [] : flowNames(await file.text());
    if (names.current.length > 0) setWork({ state: 'choose', file, names: names.current });
    else send(file);
  };
  const start = (key: string, title: string) => {
    void run(title, 0, async (signal) => callEndpoint(importTemplate, { params: { productId }, body: { template: key } }, { signal }), null, () => { start(key, title); });
  };
  const choose = (ids: readonly string[], name: string) => {
    void run(name, 0, async (signal) => callEndpoint(chooseOperations, { params: { productId }, body: { operations: [...ids] } }, { signal }), bundle, () => { choose(ids, name); });
  };
  const cancel = () => {
    abort.current?.abort();
    setWork({ state: 'idle' });
  };
  return { work, bundle, take, send, start, choose, cancel };
};
