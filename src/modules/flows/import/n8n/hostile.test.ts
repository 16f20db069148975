import { describe, expect, test } from 'vitest';
import { Flow, ImportReport } from '../../contract.ts';
import { cpuMs } from '../flow-fixtures.ts';
import { importFlow } from '../importer.ts';
import { langchain, workflow } from './testing/workflow-fixtures.ts';
import type { Step } from './testing/workflow-fixtures.ts';

/** One of nearly every kind of step, for taking apart. */
const everything = workflow(
  [
    ['Start', 'manualTrigger'], ['Hook', 'webhook', { path: 'x', responseMode: 'lastNode' }, { typeVersion: 2 }], ['Chat', langchain('chatTrigger')], ['Form', 'formTrigger', { formFields: { values: [{ fieldLabel: 'Name' }] } }, { typeVersion: 2.2 }],
    ['Set', 'set', { assignments: { assignments: [{ name: 'a', type: 'string', value: '={{ $json.b + $("Start").first().json.c }}' }] } }, { typeVersion: 3.4 }], ['Old', 'set', { values: { string: [{ name: 'a', value: '={{$node["Set"].json["a"]}}' }] }, keepOnlySet: true }],
    ['If', 'if', { conditions: { conditions: [{ leftValue: '={{ $json.a }}', rightValue: 1, operator: { type: 'number', operation: 'gt' } }], combinator: 'and' } }, { typeVersion: 2 }], ['Switch', 'switch', { rules: { values: [{ conditions: { conditions: [{ leftValue: 'a', rightValue: 'b', operator: { type: 'string', operation: 'equals' } }] } }] } }, { typeVersion: 3 }],
    ['Merge', 'merge', { mode: 'combine', fieldsToMatchString: 'id' }, { typeVersion: 3 }], ['Loop', 'splitInBatches', {}, { typeVersion: 3 }], ['Wait', 'wait', { amount: 1 }, { typeVersion: 1.1 }], ['Http', 'httpRequest', { url: 'https://example.com', sendBody: true, bodyParameters: { parameters: [{ name: 'a', value: 'b' }] }, options: { pagination: { pagination: {} } } }, { typeVersion: 4.2, credentials: { httpHeaderAuth: { id: '1', name: 'K' } } }],
    ['Code', 'code', { jsCode: 'return $("Set").all();' }, { typeVersion: 2 }], ['Agent', langchain('agent'), { promptType: 'define', text: '={{ $json.a }}' }, { typeVersion: 1.7 }], ['Model', langchain('lmChatOpenAi'), { model: { __rl: true, value: 'gpt-4o' } }], ['Tool', 'slackTool', { text: '={{ $fromAI("Text") }}', channelId: { __rl: true, value: 'C' } }, { typeVersion: 2.2 }],
    ['Sheets', 'googleSheets', { operation: 'update', documentId: { __rl: true, value: 'd' }, columns: { mappingMode: 'defineBelow', value: { a: 1 }, matchingColumns: ['a'] } }, { typeVersion: 4.5 }], ['Notion', 'notion', { resource: 'databasePage', databaseId: 'x', propertiesUi: { propertyValues: [{ key: 'A|title', title: 'x' }] } }, { typeVersion: 2 }], ['Sql', 'postgres', { operation: 'executeQuery', query: "=select * from a where b = '{{ $json.a }}'" }, { typeVersion: 2.5 }],
    ['Classify', langchain('textClassifier'), { categories: { categories: [{ category: 'a', description: 'b' }] } }], ['Answer', 'respondToWebhook', { respondWith: 'json', responseBody: '={ "a": {{ $json.a }} }' }, { typeVersion: 1.1 }], ['Sub', 'executeWorkflow', { workflowId: '={{ $workflow.id }}' }], ['Called', 'executeWorkflowTrigger'],
  ] satisfies Step[],
  ['Start -> Set', 'Hook -> Set', 'Chat -> Agent', 'Form -> Old', 'Set -> If', 'If.0 -> Switch', 'If.1 -> Merge.0', 'Switch -> Merge.1', 'Merge -> Loop', 'Loop.1 -> Wait', 'Wait -> Loop', 'Loop.0 -> Http', 'Http -> Code', 'Code -> Set', 'model: Model -> Agent', 'tool: Tool -> Agent', 'Agent -> Sheets', 'Sheets -> Notion', 'Notion -> Sql', 'Sql -> Classify', 'Classify -> Answer', 'Called -> Sub', 'model: Model -> Classify'],
  { pinData: { Start: [{ json: { a: 1 } }] } },
);

/** Numbers that look random and are the same every time. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

const WRONG: readonly unknown[] = [null, 0, -1, 1e308, '', 'x', '={{', '={{ $json', '={{ (((((', true, [], {}, [null], { __rl: true }, '={{ $("x").item.json }}', 'x'.repeat(5_000), ['__proto__'], { constructor: 1 }];

/** A copy in which some parts are gone, others are something else. */
function damaged(value: unknown, next: () => number, rate: number): unknown {
  if (next() < rate) return WRONG[Math.floor(next() * WRONG.length)];
  if (Array.isArray(value)) return value.filter(() => next() > rate / 2).map((one: unknown) => damaged(one, next, rate));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(() => next() > rate / 2).map(([key, one]) => [next() < rate / 4 ? '__proto__x' : key, damaged(one, next, rate)]));
}

describe('hostile and damaged files', () => {
  test('whatever part is missing or of another kind, the import answers with a valid flow or a reason', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = numbers(seed);
      const next = () => random.next().value ?? 0;
      const text = JSON.stringify(damaged(everything, next, 0.01 + (seed % 10) * 0.012));
      const result = importFlow(text);
      if ('problem' in result) {
        expect(result.problem.message, `seed ${seed}`).not.toBe('');
        continue;
      }
      expect(Flow.safeParse(result.flow).success, `seed ${seed}`).toBe(true);
      expect(ImportReport.safeParse(result.report).success, `seed ${seed}`).toBe(true);
    }
  });

  test('too many steps are refused, and a file of allowed size takes no more than moments', () => {
    const chain = (count: number) => workflow(Array.from({ length: count }, (_, index): Step => [`S${index}`, index === 0 ? 'manualTrigger' : 'set', { values: { string: [{ name: 'a', value: `={{ $json.a }}{{ $node["S${Math.max(0, index - 1)}"].json.a }}` }] } }]), Array.from({ length: count - 1 }, (_, index) => `S${index} -> S${index + 1}`));
    expect(importFlow(JSON.stringify(chain(4_000)))).toMatchObject({ problem: { code: 'too-many-nodes' } });
    expect(importFlow(JSON.stringify({ nodes: Array.from({ length: 100_000 }, () => ({ type: 'x' })), connections: {} }))).toMatchObject({ problem: { code: 'too-many-nodes' } });
    const large = JSON.stringify(chain(1_500));
    expect(cpuMs(() => importFlow(large))).toBeLessThan(2_000);
  });

  test('expressions made to be slow or to grow are cut off', () => {
    const grown = `(() => { ${Array.from({ length: 40 }, (_, index) => `const a${index + 1} = a${index} + a${index};`).join(' ').replace('a0 + a0', '"x" + "x"')} return a40; })()`;
    const nasty = [grown, '('.repeat(15_000), '['.repeat(15_000), '!'.repeat(19_000) + '1', `a${'.b'.repeat(9_000)}`, '`${'.repeat(5_000), '{{ '.repeat(3_000), '}}'.repeat(5_000)];
    const text = JSON.stringify(workflow([['Start', 'manualTrigger'], ['Set', 'set', { values: { string: nasty.map((source, index) => ({ name: `a${index}`, value: `={{ ${source} }}` })) } }]], ['Start -> Set']));
    let result: unknown;
    expect(cpuMs(() => { result = importFlow(text); })).toBeLessThan(2_000);
    expect(result).toHaveProperty('flow');
  });

  test('many agents, answers and calls in one file are read in moments', () => {
    const chats = Array.from({ length: 300 }, (_, index): Step => [`C${index}`, langchain('chatTrigger')]);
    const agents = Array.from({ length: 300 }, (_, index): Step => [`A${index}`, langchain('agent'), { options: { systemMessage: 'x'.repeat(1_000) } }, { typeVersion: 1.7 }]);
    const answers = Array.from({ length: 300 }, (_, index): Step => [`R${index}`, 'respondToWebhook', {}]);
    const calls = Array.from({ length: 300 }, (_, index): Step => [`T${index}`, langchain('toolWorkflow'), { workflowId: '={{ $workflow.id }}' }]);
    const text = JSON.stringify(workflow([...chats, ...agents, ...answers, ...calls, ['In', 'executeWorkflowTrigger'], ['Out', 'noOp']], [...chats.flatMap((_, index) => [`C${index} -> A${index}`, `C${index} -> R${index}`, `tool: T${index} -> A${index}`]), 'In -> Out']));
    let result: unknown;
    expect(cpuMs(() => { result = importFlow(text); })).toBeLessThan(2_000);
    expect(result).toBeDefined();
  });

  test('every step in a circle with every other still ends', () => {
    const names = Array.from({ length: 60 }, (_, index) => `S${index}`);
    const result = importFlow(JSON.stringify(workflow(names.map((name): Step => [name, 'noOp']), names.flatMap((from) => names.map((to) => `${from} -> ${to}`)))));
    expect('flow' in result).toBe(true);
  });

  test('keys and credentials in the file are removed and reported', () => {
    const result = importFlow(JSON.stringify(workflow([['Start', 'manualTrigger'], ['Http', 'httpRequest', { url: 'https://example.com', headerParametersUi: { parameter: [{ name: 'Authorization', value: 'Bearer abcdefghijklmnopqrstuvwxyz012345' }] } }]], ['Start -> Http'])));
    if (!('flow' in result)) throw new Error('not imported');
    expect(JSON.stringify([result.flow, result.definition])).not.toContain('abcdefghijklmnop');
    expect(result.report.secrets).toMatchObject([{ kind: 'stripped' }]);
  });
});
