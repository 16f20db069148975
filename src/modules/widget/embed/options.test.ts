import { expect, test } from 'vitest';
import { keyProblem } from './options.ts';

test('publishable keys pass, in every environment and with mapped prefixes', () => {
  for (const key of ['pk_live_abcdef123456', 'pk_test_abcdef123456', 'wt-techcorp-yyyyyyyy', 'desk_abcdef123']) {
    expect(keyProblem(key)).toBeUndefined();
  }
});

test('anything that names itself a secret key is refused, and the words do not repeat it', () => {
  for (const key of ['ar_sk_live_abcdef', 'ar_sk_test_abcdef', 'AR_SK_LIVE_abcdef', 'cmp_sk_abcdef', 'sk_live_abcdef', 'sk-techcorp-abcdef', 'sk-ant-abcdef', 'ar-sk-abcdef']) {
    const problem = keyProblem(key);
    expect(problem?.code).toBe('secret_key');
    expect(problem?.message).not.toContain('abcdef');
  }
});

test('no key and a broken key have their own words', () => {
  expect(keyProblem('')?.code).toBe('missing_key');
  for (const key of ['short', 'pk_live_ab cdef', 'pk_live_abc\ndef', 'pk_live_<script>', 'x'.repeat(400)]) expect(keyProblem(key)?.code).toBe('invalid_key');
});
