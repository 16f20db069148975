import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openAiSamples, runSamples } from './web/snippets.ts';

const target = { baseUrl: 'https://cmp.example', key: 'ar_sk_test_1', question: `What's "new"? $(id) \`id\`` };

test('a question with quotes and shell signs stays one argument of curl', () => {
  const samples = [openAiSamples(target), runSamples(target)];
  for (const [curl] of samples) {
    // The shell itself reads the command; a function in place of curl prints its last argument.
    const printed = execFileSync('sh', ['-c', `curl() { for last in "$@"; do :; done; printf %s "$last"; }\n${curl?.code ?? ''}`], { encoding: 'utf8' });
    expect(printed).toContain(JSON.stringify(target.question));
  }
});

test('every language carries the address and the key', () => {
  for (const { code } of openAiSamples(target)) {
    expect(code).toContain('https://cmp.example/v1');
    expect(code).toContain('ar_sk_test_1');
  }
});
