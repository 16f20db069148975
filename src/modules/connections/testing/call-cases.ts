import { afterAll, expect, test } from 'vitest';
import type { Connector, Fields } from '../kit.ts';
import { startConnectorDouble, type DoubleAnswer } from './connector-double.ts';

/** An action, what it is given, and the exact call its service documents. */
export interface CallCase {
  connector: Connector;
  action: string;
  input: object;
  fields?: Fields;
  baseUrl?: string;
  /** Method and address; several where the action makes several. */
  call: string | readonly string[];
  /** Headers beyond the ordinary ones, of the last call. */
  headers?: Record<string, string>;
  /** Of the last call. */
  body?: unknown;
  /** One for each call. */
  answers?: readonly DoubleAnswer[];
  result?: unknown;
}

/** Runs every case against a double of the services. */
export async function testCalls(cases: readonly CallCase[]): Promise<void> {
  const double = await startConnectorDouble();
  afterAll(async () => double.close());
  test.each(cases.map((one) => [`${one.connector.id}/${one.action}`, one] as const))('%s makes the call its service documents', async (_name, one) => {
    const { fields, baseUrl, answers } = one;
    const { result, requests } = await double.run(one.connector, one.action, one.input, { ...(fields ? { fields } : {}), ...(baseUrl ? { baseUrl } : {}), ...(answers ? { answers } : {}) });
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([one.call].flat());
    const { 'content-type': _type, ...headers } = requests.at(-1)?.headers ?? {};
    expect(headers).toEqual(one.headers ?? {});
    expect(requests.at(-1)?.body).toEqual(one.body ?? '');
    if (Object.hasOwn(one, 'result')) expect(result).toEqual(one.result);
  });
}
