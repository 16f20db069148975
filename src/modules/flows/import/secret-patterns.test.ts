import { expect, test } from 'vitest';
import { cpuMs } from './flow-fixtures.ts';
import { looksLikeVariableName, namesSecret, removeSecrets, REMOVED } from './secret-patterns.ts';

/** Built from parts so that no scanner takes this file for a leak. */
const key = (...parts: string[]): string => parts.join('');

test.each([
  ['OpenAI', key('sk-', 'proj-', 'a1B2c3D4e5F6g7H8i9J0')],
  ['Anthropic', key('sk-ant-', 'api03-', 'abcdefghij0123456789')],
  ['AWS', key('AKIA', 'IOSFODNN7EXAMPLE')],
  ['GitHub', key('ghp_', 'abcdefghijklmnopqrstuvwxyz0123456789')],
  ['Slack', key('xoxb-', '123456789012-abcdefghijkl')],
  ['Google', key('AIza', 'SyA1234567890abcdefghijklmnopqrstuv')],
  ['Stripe', key('sk_live_', '4eC39HqLyjWDarjtT1zdp7dc')],
  ['Astra', key('AstraCS:', 'abcdefghijklmnopqrstuvwx:0123456789')],
  ['JWT', key('eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0NTY3ODkwIn0', '.dozjgNryP4J3jVmNHl0w5N')],
])('a key of %s inside a text is removed', (_, secret) => {
  const { text, found } = removeSecrets(`Use ${secret} for this.`);
  expect(text).toBe(`Use ${REMOVED} for this.`);
  expect(found).toHaveLength(1);
});

test('of headers and addresses only the secret part is removed', () => {
  expect(removeSecrets('Authorization: Bearer abcdef0123456789abcdef').text).toBe(`Authorization: Bearer ${REMOVED}`);
  expect(removeSecrets('see postgres://anna:s3cret@db.example.com/x').text).toBe(`see postgres://${REMOVED}@db.example.com/x`);
  expect(removeSecrets('https://api.example.com/?api_key=0123456789abcdef&q=1').text).toBe(`https://api.example.com/?api_key=${REMOVED}&q=1`);
  expect(removeSecrets(key('-----BEGIN RSA PRIVATE KEY-----', '\nMIIE\n', '-----END RSA PRIVATE KEY-----')).text).toBe(REMOVED);
});

test.each([
  'Ask about a task-management tool', 'https://example.com/a@b', 'mailto:a@example.com', 'Bearer {token}', 'Bearer YOUR_API_KEY_HERE_PLEASE', 'postgresql://user:pass@localhost/db',
  'risk-assessment-of-a-very-long-kind', 'Basic instructions for everybody', 'time 12:30 @ noon',
])('ordinary text stays: %s', (text) => {
  expect(removeSecrets(text)).toEqual({ text, found: [] });
});

test('names of variables and of secret settings are told apart from values', () => {
  expect(looksLikeVariableName('OPENAI_API_KEY')).toBe(true);
  expect(looksLikeVariableName(key('sk-', 'abc'))).toBe(false);
  for (const name of ['api_key', 'openai_api_key', 'x-api-key', 'Authorization', 'client_secret', 'token', 'password']) expect(namesSecret(name)).toBe(true);
  for (const name of ['max_tokens', 'tokens', 'keyboard', 'session_id', 'secretary']) expect(namesSecret(name)).toBe(false);
});

test('hostile texts take linear time', () => {
  const time = cpuMs(() => {
    for (const piece of ['sk-', 'a.', '://', 'a://b:c', 'Bearer ', 'eyJaaaaaaaaaaa.', '?token=abc', '-----BEGIN PRIVATE KEY-----', '@:']) removeSecrets(piece.repeat(200_000));
  });
  expect(time).toBeLessThan(3000);
});
