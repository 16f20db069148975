import { afterAll, describe, expect, test } from 'vitest';
import { createCodePool } from '#adapters/code-sandbox/code-pool.ts';
import { scriptedModel } from '../../engine/testing/run-context.ts';
import type { NodeContext } from '../../node-type.ts';
import { read } from '../plain.ts';
import { imported, langchain, runWorkflow, workflow } from './testing/workflow-fixtures.ts';
import type { Step } from './testing/workflow-fixtures.ts';

const trigger: Step = ['Start', 'manualTrigger'];
const set = (name: string, fields: Record<string, unknown>, more: Record<string, unknown> = {}): Step =>
  [name, 'set', { assignments: { assignments: Object.entries(fields).map(([field, value]) => ({ name: field, type: typeof value === 'number' ? 'number' : String(value).startsWith('={{ [') ? 'array' : 'string', value })) }, ...more }, { typeVersion: 3.4 }];
const condition = (leftValue: unknown, type: string, operation: string, rightValue: unknown = '') => ({ conditions: { options: { caseSensitive: true }, combinator: 'and', conditions: [{ leftValue, rightValue, operator: { type, operation } }] } });
const people = set('People', { list: '={{ [{name: "Ann", age: 41}, {name: "Ben", age: 17}, {name: "Cid", age: 65}] }}' });
const split: Step = ['Split', 'splitOut', { fieldToSplitOut: 'list' }];

describe('items', () => {
  test('every item takes its own way through an if, and both ways are brought together', async () => {
    const result = await runWorkflow(workflow(
      [trigger, people, split, ['Adult', 'if', condition('={{ $json.age }}', 'number', 'gte', 18), { typeVersion: 2.2 }], set('Yes', { line: '={{ $json.name }} is {{ $json.age }}' }), set('No', { line: '={{ $json.name }} is too young' }), ['End', 'aggregate', { aggregate: 'aggregateAllItemData' }]],
      ['Start -> People', 'People -> Split', 'Split -> Adult', 'Adult.0 -> Yes', 'Adult.1 -> No', 'Yes -> End', 'No -> End'],
    ));
    expect(result.data).toEqual([{ data: [{ line: 'Ann is 41' }, { line: 'Cid is 65' }, { line: 'Ben is too young' }] }]);
  });

  test('what hangs on a way that no item takes is skipped', async () => {
    const result = await runWorkflow(workflow(
      [trigger, people, split, ['Old', 'if', condition('={{ $json.age }}', 'number', 'gt', 100), { typeVersion: 2.2 }], ['Tell', 'slack', { channelId: { __rl: true, mode: 'id', value: 'C1' }, text: '={{ $json.name }}' }, { typeVersion: 2.2 }]],
      ['Start -> People', 'People -> Split', 'Split -> Old', 'Old.0 -> Tell'],
    ));
    expect(result.status).toBe('succeeded');
    expect(result.calls).toEqual([]);
  });

  test('items are found again in earlier steps after others were filtered out and the rest was changed', async () => {
    const result = await runWorkflow(workflow(
      [trigger, people, split, ['Old', 'filter', condition('={{ $json.age }}', 'number', 'gt', 60), { typeVersion: 2.2 }], set('New', { age: '={{ $json.age + 1 }}' }), set('Out', { line: '={{ $("Split").item.json.name }} turns {{ $json.age }}' })],
      ['Start -> People', 'People -> Split', 'Split -> Old', 'Old -> New', 'New -> Out'],
    ));
    expect(result.data).toEqual([{ line: 'Cid turns 66' }]);
  });

  test('the conditions of version 1 compare as they did', async () => {
    const result = await runWorkflow(workflow(
      [trigger, people, split, ['If', 'if', { conditions: { string: [{ value1: '={{$json["name"]}}', operation: 'startsWith', value2: 'A' }], number: [{ value1: '={{$json["age"]}}', operation: 'larger', value2: 60 }] }, combineOperation: 'any' }], ['Names', 'aggregate', { fieldsToAggregate: { fieldToAggregate: [{ fieldToAggregate: 'name' }] } }]],
      ['Start -> People', 'People -> Split', 'Split -> If', 'If.0 -> Names'],
    ));
    expect(result.data).toEqual([{ name: ['Ann', 'Cid'] }]);
  });

  test.each([
    ['version 1', ['Way', 'switch', { dataType: 'string', value1: '={{ $json.name }}', rules: { rules: [{ value2: 'Ann', output: 1 }, { value2: 'Ben', output: 0 }] }, fallbackOutput: 2 }] satisfies Step, [1, 0, 2]],
    ['version 3', ['Way', 'switch', { rules: { values: [condition('={{ $json.name }}', 'string', 'equals', 'Ann'), condition('={{ $json.name }}', 'string', 'equals', 'Ben')].map((conditions) => ({ conditions: conditions.conditions })) }, options: { fallbackOutput: 'extra' } }, { typeVersion: 3.2 }] satisfies Step, [0, 1, 2]],
  ] as const)('a switch of %s sends each item to its output', async (_version, way, [ann, ben, other]) => {
    const result = await runWorkflow(workflow(
      [trigger, people, split, way, set('A', { to: '=A {{ $json.name }}' }), set('B', { to: '=B {{ $json.name }}' }), set('C', { to: '=C {{ $json.name }}' }), ['All', 'aggregate', { fieldsToAggregate: { fieldToAggregate: [{ fieldToAggregate: 'to' }] } }]],
      ['Start -> People', 'People -> Split', 'Split -> Way', `Way.${ann} -> A`, `Way.${ben} -> B`, `Way.${other} -> C`, 'A -> All', 'B -> All', 'C -> All'],
    ));
    expect(result.data).toEqual([{ to: ['A Ann', 'B Ben', 'C Cid'] }]);
  });

  test('a loop over items does its body for each and goes on with what came back', async () => {
    const result = await runWorkflow(workflow(
      [trigger, people, split, ['Loop', 'splitInBatches', { options: {} }, { typeVersion: 3 }], set('Greet', { words: '=Hello {{ $json.name }}, number {{ $("Loop").item.json.age }}' }), ['Done', 'aggregate', { fieldsToAggregate: { fieldToAggregate: [{ fieldToAggregate: 'words' }] } }]],
      ['Start -> People', 'People -> Split', 'Split -> Loop', 'Loop.1 -> Greet', 'Greet -> Loop', 'Loop.0 -> Done'],
    ));
    expect(result.data).toEqual([{ words: ['Hello Ann, number 41', 'Hello Ben, number 17', 'Hello Cid, number 65'] }]);
    expect(result.text.match(/Hello Cid/g)).toHaveLength(1);
  });

  test('steps that lead back are done again until the other way is taken', async () => {
    let asked = 0;
    const fetch: NodeContext['fetch'] = async () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ state: ++asked < 3 ? 'running' : 'ready' }) });
    const result = await runWorkflow(workflow(
      [trigger, ['Ask', 'httpRequest', { url: 'https://jobs.example.com/1' }, { typeVersion: 4.2 }], ['Ready', 'if', condition('={{ $json.state }}', 'string', 'equals', 'ready'), { typeVersion: 2.2 }], ['Pause', 'wait', { amount: 0 }, { typeVersion: 1.1 }], set('End', { result: '=It is {{ $json.state }}' })],
      ['Start -> Ask', 'Ask -> Ready', 'Ready.0 -> End', 'Ready.1 -> Pause', 'Pause -> Ask'],
    ), { parts: { fetch } });
    expect(asked).toBe(3);
    expect(result.data).toEqual([{ result: 'It is ready' }]);
  });

  test.each([
    ['append', { mode: 'append' }, 3, [{ id: 1, a: 'x' }, { id: 2, a: 'y' }, { id: 2, b: 'z' }]],
    ['by position', { mode: 'combine', combinationMode: 'mergeByPosition' }, 2.1, [{ id: 2, a: 'x', b: 'z' }]],
    ['by key', { mode: 'combine', fieldsToMatchString: 'id' }, 3, [{ id: 2, a: 'y', b: 'z' }]],
    ['by key, keeping the first', { mode: 'combine', joinMode: 'enrichInput1', mergeByFields: { values: [{ field1: 'id', field2: 'id' }] } }, 2.1, [{ id: 1, a: 'x' }, { id: 2, a: 'y', b: 'z' }]],
    ['every combination', { mode: 'multiplex' }, 1, [{ id: 2, a: 'x', b: 'z' }, { id: 2, a: 'y', b: 'z' }]],
  ])('two ways are merged: %s', async (_how, parameters, typeVersion, expected) => {
    const result = await runWorkflow(workflow(
      [trigger, set('A', { list: '={{ [{id: 1, a: "x"}, {id: 2, a: "y"}] }}' }), ['SplitA', 'splitOut', { fieldToSplitOut: 'list' }], set('B', { list: '={{ [{id: 2, b: "z"}] }}' }), ['SplitB', 'splitOut', { fieldToSplitOut: 'list' }], ['Merge', 'merge', parameters, { typeVersion }]],
      ['Start -> A', 'Start -> B', 'A -> SplitA', 'B -> SplitB', 'SplitA -> Merge.0', 'SplitB -> Merge.1'],
    ));
    expect(result.data).toEqual(expected);
  });

  test('lists are sorted, limited, summed up and freed of duplicates', async () => {
    const result = await runWorkflow(workflow(
      [trigger, set('Sales', { list: '={{ [{shop: "b", sum: 2}, {shop: "a", sum: 3}, {shop: "a", sum: 3}, {shop: "b", sum: 5}] }}' }), ['Split', 'itemLists', { fieldToSplitOut: 'list' }], ['Once', 'removeDuplicates', {}, { typeVersion: 2 }], ['By shop', 'summarize', { fieldsToSummarize: { values: [{ aggregation: 'sum', field: 'sum' }] }, fieldsToSplitBy: 'shop' }], ['Order', 'sort', { sortFieldsUi: { sortField: [{ fieldName: 'sum_sum', order: 'descending' }] } }], ['Best', 'limit', { maxItems: 1 }]],
      ['Start -> Sales', 'Sales -> Split', 'Split -> Once', 'Once -> By shop', 'By shop -> Order', 'Order -> Best'],
    ));
    expect(result.data).toEqual([{ shop: 'b', sum_sum: 7 }]);
  });
});

describe('expressions', () => {
  const value = async (expression: string, more: readonly Step[] = []) => {
    const result = await runWorkflow(workflow([trigger, people, split, ...more, ['Last', 'limit', { maxItems: 1 }], set('Out', {}, { mode: 'raw', jsonOutput: `={{ ({ value: ${expression} }) }}` })], ['Start -> People', 'People -> Split', 'Split -> Last', 'Last -> Out']));
    expect(result.error).toBeNull();
    return read(Array.isArray(result.data) ? result.data[0] : null, 'value');
  };

  test.each([
    ['$json.name', 'Ann'], ['$json["age"] + 1', 42], ['$("Split").item.json.name', 'Ann'], ['$("Split").first().json.age', 41], ['$("Split").last().json.name', 'Cid'], ['$("Split").all().length', 3],
    ['$("Split").all().map(i => i.json.name).join("+")', 'Ann+Ben+Cid'], ['$("Split").all().filter(({json}) => json.age > 20).map(i => i.json)', [{ name: 'Ann', age: 41 }, { name: 'Cid', age: 65 }]], ['$node["Split"].json.name', 'Ann'], ['$items("Split")[1].json.name', 'Ben'],
    ['$input.first().json.name', 'Ann'], ['$itemIndex', 0], ['$workflow.name', 'Test workflow'], ['`${$json.name}!`', 'Ann!'], ['$json.missing?.deep ?? "none"', 'none'], ['$if($json.age > 40, "old", "young")', 'old'], ['$ifEmpty($json.nick, "no nick")', 'no nick'],
    ['[...new Set([1, 1, 2])].length', 2], ['Object.entries($json).map(([k, v]) => `${k}=${v}`).join("&")', 'name=Ann&age=41'], ['[3,1,2].sort((a, b) => a - b)', [1, 2, 3]], ['((a) => { const b = a * 2; if (b > 50) { return "big"; } return "small"; })($json.age)', 'big'],
    ['$now.minus({ days: 1 }).toFormat("yyyy-MM-dd")', '2026-01-01'], ['DateTime.fromISO("2026-05-04").weekdayLong ?? DateTime.fromISO("2026-05-04").toFormat("EEEE")', 'Monday'], ['new Date("2026-02-03").getFullYear()', 2026], ['JSON.parse(\'{"a":[1]}\').a[0]', 1], ['"Ünï code".toLowerCase().replace(/\\s+/g, "-")', 'ünï-code'], ['["a","b"].includes("b") && !$json.gone', true], ['"x" in {x: 1}', true],
  ])('%s', async (expression, expected) => {
    expect(await value(expression)).toEqual(expected);
  });

  test('what cannot be said here is quoted in the report with its reason', () => {
    const { report } = imported(workflow([trigger, set('Out', { a: '={{ $env.SECRET }}', b: '={{ $vars.x + 1 }}', c: '={{ while (1) {} }}', d: '={{ $("Nowhere").item.json.a }}' })], ['Start -> Out']));
    const reason = report.nodes.all.find((node) => node.name === 'Out')?.reason ?? '';
    expect(reason).toContain('“$env.SECRET” is left out: environment variables of the n8n server are not available');
    expect(reason).toContain('“$vars.x + 1” is left out');
    expect(reason).toContain('“while (1) {}” is left out: it is not valid JavaScript');
    expect(reason).toContain('there is no step “Nowhere”');
  });

  test('text that looks like one of our templates stays text', async () => {
    const result = await runWorkflow(workflow([trigger, set('Out', { text: 'Use {{ item }} here' })], ['Start -> Out']));
    expect(result.data).toEqual([{ text: 'Use {{ item }} here' }]);
  });
});

describe('agents', () => {
  const chat: Step = ['Chat', langchain('chatTrigger')];
  const lm: Step = ['Model', langchain('lmChatOpenAi'), { model: { __rl: true, mode: 'list', value: 'gpt-4o' }, options: { temperature: 0.3 } }, { typeVersion: 1.2 }];
  const call = (name: string, args: unknown) => [{ type: 'tool-call' as const, call: { id: 'c1', name, arguments: args } }, { type: 'finish' as const, reason: 'tool-calls' as const, usage: { inputTokens: 1, outputTokens: 1 } }];

  test('an agent behind a chat answers while it speaks, with its memory and instructions', async () => {
    const document = workflow([chat, ['Agent', langchain('agent'), { options: { systemMessage: 'Be kind.' } }, { typeVersion: 1.7 }], lm, ['Memory', langchain('memoryBufferWindow'), { contextWindowLength: 3 }], ['Calculator', langchain('toolCalculator')]], ['Chat -> Agent', 'model: Model -> Agent', 'memory: Memory -> Agent', 'tool: Calculator -> Agent']);
    const { flow, report } = imported(document);
    expect(flow.nodes.find((node) => node.name === 'Agent')).toMatchObject({ type: 'agent.tools', config: { modelId: 'gpt-4o', system: 'Be kind.', memoryMessages: 6 } });
    expect(report).toMatchObject({ runnable: true, traits: { chat: true, streaming: true, memory: true, tools: true, agents: 1 }, requires: { models: ['gpt-4o'] } });
    const model = scriptedModel((_request, turn) => (turn === 1 ? call('calculator', { expression: '6*7' }) : 'It is 42.'));
    expect((await runWorkflow(document, { text: 'Six times seven?', model })).text).toBe('It is 42.');
    expect(model.requests[0]?.messages.map(({ content }) => content)).toEqual(['Be kind.', 'Six times seven?']);
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool', content: '42' });
  });

  test('an agent works on every item, and its answer has the form of its parser', async () => {
    const model = scriptedModel((request) => JSON.stringify({ greeting: `Hi ${request.messages.at(-1)?.content ?? ''}` }));
    const result = await runWorkflow(workflow(
      [trigger, people, split, ['Agent', langchain('agent'), { promptType: 'define', text: '={{ $json.name }}' }, { typeVersion: 1.8 }], lm, ['Form', langchain('outputParserStructured'), { jsonSchemaExample: '{"greeting": "Hi"}' }, { typeVersion: 1.2 }], ['All', 'aggregate', { fieldsToAggregate: { fieldToAggregate: [{ fieldToAggregate: 'output.greeting' }] } }]],
      ['Start -> People', 'People -> Split', 'Split -> Agent', 'Agent -> All', 'model: Model -> Agent', 'parser: Form -> Agent'],
    ), { model });
    expect(result.data).toEqual([{ greeting: ['Hi Ann', 'Hi Ben', 'Hi Cid'] }]);
  });

  test('what the model fills in with $fromAI is an argument of the tool', async () => {
    const model = scriptedModel((_request, turn) => (turn === 1 ? call('Send_mail', { Subject: 'Hello', Body: 'Words' }) : 'Sent.'));
    const result = await runWorkflow(workflow(
      [chat, ['Agent', langchain('agent'), {}, { typeVersion: 1.8 }], lm, ['Send mail', 'gmailTool', { sendTo: 'ann@example.com', subject: "={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('Subject', `Of the mail`, 'string') }}", message: "={{ $fromAI('Body') }}", emailType: 'text' }, { typeVersion: 2.1 }]],
      ['Chat -> Agent', 'model: Model -> Agent', 'tool: Send mail -> Agent'],
    ), { text: 'Write to Ann', model });
    expect(model.requests[0]?.tools).toMatchObject([{ name: 'Send_mail', parameters: { properties: { Subject: { type: 'string', description: 'Of the mail' }, Body: { type: 'string' } }, required: ['Subject', 'Body'] } }]);
    expect(result.calls).toEqual([{ connector: 'gmail', action: 'send', input: { to: 'ann@example.com', subject: 'Hello', body: 'Words', format: 'text' } }]);
    expect(result.text).toBe('Sent.');
  });

  test('a classifier sends every item the way of its category', async () => {
    const model = scriptedModel((request) => JSON.stringify({ category: (request.messages.at(-1)?.content ?? '').startsWith('A') ? 'first' : 'rest' }));
    const result = await runWorkflow(workflow(
      [trigger, people, split, ['Sort', langchain('textClassifier'), { inputText: '={{ $json.name }}', categories: { categories: [{ category: 'first', description: 'Begins with A' }, { category: 'rest', description: 'Anything else' }] } }], lm, set('First', { who: '=1 {{ $json.name }}' }), set('Rest', { who: '=2 {{ $json.name }}' }), ['All', 'aggregate', { fieldsToAggregate: { fieldToAggregate: [{ fieldToAggregate: 'who' }] } }]],
      ['Start -> People', 'People -> Split', 'Split -> Sort', 'Sort.0 -> First', 'Sort.1 -> Rest', 'First -> All', 'Rest -> All', 'model: Model -> Sort'],
    ), { model });
    expect(result.data).toEqual([{ who: ['1 Ann', '2 Ben', '2 Cid'] }]);
  });

  test('the knowledge of the buyer stands in for the store of the seller', async () => {
    const model = scriptedModel((request) => (request.messages.some(({ content }) => content.includes('Parcels leave on Tuesdays.')) ? 'On Tuesdays.' : 'I do not know.'));
    const document = workflow(
      [chat, ['Answer', langchain('chainRetrievalQa'), {}, { typeVersion: 1.4 }], lm, ['Retriever', langchain('retrieverVectorStore'), { topK: 3 }], ['Store', langchain('vectorStorePinecone'), { mode: 'retrieve' }]],
      ['Chat -> Answer', 'model: Model -> Answer', 'store: Store -> Retriever', 'retriever: Retriever -> Answer'],
    );
    expect((await runWorkflow(document, { text: 'When do parcels leave?', model })).text).toBe('On Tuesdays.');
    expect(imported(document).report.traits.knowledge).toBe(true);
  });

  test('a workflow that its agent calls runs inside the tool', async () => {
    const model = scriptedModel((_request, turn) => (turn === 1 ? call('price', { query: 'tea' }) : 'Done.'));
    const document = workflow(
      [chat, ['Agent', langchain('agent'), {}, { typeVersion: 1.7 }], lm, ['Price', langchain('toolWorkflow'), { name: 'price', description: 'Price of a thing.', workflowId: { __rl: true, mode: 'id', value: '={{ $workflow.id }}' } }, { typeVersion: 1.2 }], ['Called', 'executeWorkflowTrigger'], set('Found', { response: '={{ $json.query }} costs 3' })],
      ['Chat -> Agent', 'model: Model -> Agent', 'tool: Price -> Agent', 'Called -> Found'],
    );
    await runWorkflow(document, { text: 'Tea?', model });
    expect(model.requests[1]?.messages.at(-1)?.content).toContain('tea costs 3');
  });
});

describe('requests, calls and answers', () => {
  test('a webhook is answered by the step that responds', async () => {
    const result = await runWorkflow(workflow(
      [['Hook', 'webhook', { path: 'x', httpMethod: 'POST', responseMode: 'responseNode' }, { typeVersion: 2 }], set('Work', { total: '={{ $json.body.a + $json.body.b }}' }), ['Answer', 'respondToWebhook', { respondWith: 'json', responseBody: '={ "sum": {{ $json.total }}, "from": "{{ $("Hook").item.json.body.name }}" }' }, { typeVersion: 1.1 }]],
      ['Hook -> Work', 'Work -> Answer'],
    ), { data: { a: 2, b: 3, name: 'me' } });
    expect(JSON.parse(result.text)).toEqual({ sum: 5, from: 'me' });
  });

  test('a chat that waits for a step that responds is answered by that step', async () => {
    const result = await runWorkflow(workflow(
      [['Chat', langchain('chatTrigger'), { mode: 'webhook', options: { responseMode: 'responseNode' } }, { typeVersion: 1.1 }], set('Work', { said: '=You said {{ $json.chatInput }}' }), ['Answer', 'respondToWebhook', { respondWith: 'text', responseBody: '={{ $json.said }}' }, { typeVersion: 1.1 }], set('After', { ignored: 'yes' })],
      ['Chat -> Work', 'Work -> Answer', 'Answer -> After'],
    ), { text: 'hello' });
    expect(result.text).toBe('You said hello');
  });

  test('a request carries its query, headers, body and account, and a list becomes items', async () => {
    const seen: unknown[] = [];
    const fetch: NodeContext['fetch'] = async (url, init) => { seen.push(url, init); return { status: 200, headers: { 'content-type': 'application/json' }, body: '[{"id":1},{"id":2}]' }; };
    const document = workflow(
      [trigger, ['Post', 'httpRequest', { method: 'POST', url: '=https://api.example.com/{{ "items" }}', authentication: 'predefinedCredentialType', nodeCredentialType: 'notionApi', sendQuery: true, queryParameters: { parameters: [{ name: 'q', value: '={{ 1 + 1 }}' }] }, sendHeaders: true, headerParameters: { parameters: [{ name: 'X-Mine', value: 'yes' }] }, sendBody: true, specifyBody: 'json', jsonBody: '={ "list": [{{ 1 }}, 2] }' }, { typeVersion: 4.2 }], ['Count', 'aggregate', { fieldsToAggregate: { fieldToAggregate: [{ fieldToAggregate: 'id' }] } }]],
      ['Start -> Post', 'Post -> Count'],
    );
    const result = await runWorkflow(document, { parts: { fetch } });
    expect(seen).toEqual(['https://api.example.com/items?q=2', { method: 'POST', headers: { 'content-type': 'application/json', 'x-mine': 'yes' }, body: '{"list":[1,2]}', credentials: [{ connection: 'notion', place: 'bearer', name: '', prefix: '' }] }]);
    expect(result.data).toEqual([{ id: [1, 2] }]);
    expect(imported(document).report.connections).toMatchObject([{ key: 'notion', connector: 'notion', title: 'Notion' }]);
  });

  test('pages are fetched until the answer has no next one', async () => {
    const fetch: NodeContext['fetch'] = async (url) => ({ status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(url.endsWith('/1') ? { n: 1, next: 'https://api.example.com/2' } : { n: 2, next: null }) });
    const result = await runWorkflow(workflow(
      [trigger, ['Get', 'httpRequest', { url: 'https://api.example.com/1', options: { pagination: { pagination: { paginationMode: 'responseContainsNextURL', nextURL: '={{ $response.body.next }}' } } } }, { typeVersion: 4.2 }], ['All', 'aggregate', { fieldsToAggregate: { fieldToAggregate: [{ fieldToAggregate: 'n' }] } }]],
      ['Start -> Get', 'Get -> All'],
    ), { parts: { fetch } });
    expect(result.data).toEqual([{ n: [1, 2] }]);
  });

  test('apps become actions of their connectors with their fields', async () => {
    const { calls, error } = await runWorkflow(workflow(
      [trigger, people, split,
        ['Row', 'googleSheets', { operation: 'append', documentId: { __rl: true, mode: 'url', value: 'https://docs.google.com/spreadsheets/d/abc_DEF-1/edit#gid=0' }, sheetName: { __rl: true, mode: 'list', value: 'gid=0', cachedResultName: 'Guests' }, columns: { mappingMode: 'defineBelow', value: { Name: '={{ $json.name }}' } } }, { typeVersion: 4.5 }],
        ['Say', 'slack', { select: 'channel', channelId: { __rl: true, mode: 'name', value: '#news' }, text: '=New: {{ $("Split").item.json.name }}, {{ $json.Name }}' }, { typeVersion: 2.3 }]],
      ['Start -> People', 'People -> Split', 'Split -> Row', 'Row -> Say'],
    ));
    expect(error).toBeNull();
    expect(calls.slice(0, 1)).toEqual([{ connector: 'google-sheets', action: 'append-row', input: { spreadsheetId: 'abc_DEF-1', sheet: 'Guests', row: { Name: 'Ann' } } }]);
    expect(calls.filter(({ connector }) => connector === 'slack').map(({ input }) => input['text'])).toEqual(['New: Ann, Ann', 'New: Ben, Ben', 'New: Cid, Cid']);
  });

  test('a row of a sheet is found by its matching column and changed, the others stay', async () => {
    const { calls, data } = await runWorkflow(workflow(
      [trigger, people, split, ['Change', 'googleSheets', { operation: 'appendOrUpdate', documentId: { __rl: true, mode: 'id', value: 'doc' }, sheetName: { __rl: true, mode: 'name', value: 'Ages' }, columns: { mappingMode: 'defineBelow', value: { Name: '={{ $json.name }}', Age: '={{ $json.age }}' }, matchingColumns: ['Name'] } }, { typeVersion: 4.5 }]],
      ['Start -> People', 'People -> Split', 'Split -> Change'],
    ), { answer: ({ action }) => (action === 'read-rows' ? [{ row_number: 2, Name: 'Ben', Age: 16, Town: 'Bonn' }, { row_number: 3, Name: 'Ann', Age: 40, Town: 'Aachen' }] : { ok: true }) });
    expect(calls.filter(({ action }) => action === 'update-values').map(({ input }) => [input['range'], input['values']])).toEqual([['Ages!A3', [['Ann', 41, 'Aachen']]], ['Ages!A2', [['Ben', 17, 'Bonn']]], ['Ages!A4', [['Cid', 65, '']]]]);
    expect(data).toEqual([{ Name: 'Ann', Age: 41 }, { Name: 'Ben', Age: 17 }, { Name: 'Cid', Age: 65 }]);
  });

  test('a step that fails goes its way for errors, after its tries', async () => {
    let tries = 0;
    const fetch: NodeContext['fetch'] = async () => { tries++; return { status: 500, headers: {}, body: '' }; };
    const result = await runWorkflow(workflow(
      [trigger, ['Get', 'httpRequest', { url: 'https://down.example.com/' }, { typeVersion: 4.2, onError: 'continueErrorOutput', retryOnFail: true, maxTries: 2, waitBetweenTries: 0 }], set('Fine', { a: 'fine' }), set('Failed', { a: '={{ $json.message }}' })],
      ['Start -> Get', 'Get.0 -> Fine', 'Get.1 -> Failed'],
    ), { parts: { fetch } });
    expect(tries).toBe(2);
    expect(result.data).toEqual([{ a: 'down.example.com answered with status 500.' }]);
  });
});

describe('files', () => {
  const plain = workflow([trigger, set('Out', { a: 1 })], ['Start -> Out']);

  test.each([['bare', plain], ['of the template gallery', { workflow: { ...plain } }], ['of the API', { data: plain }], ['a list', [plain, { ...plain, name: 'Second' }]], ['a list of the API', { data: [plain] }]])('a workflow is recognised: %s', (_shape, document) => {
    expect(imported(document).report).toMatchObject({ format: 'n8n', name: 'Test workflow', runnable: true });
  });

  test('a workflow that another one of the file calls runs inside it', async () => {
    const called = { ...workflow([['In', 'executeWorkflowTrigger'], set('Double', { twice: '={{ $json.n * 2 }}' })], ['In -> Double']), id: 'w2', name: 'Called' };
    const caller = workflow([trigger, set('Numbers', { list: '={{ [{n: 1}, {n: 2}] }}' }), ['Split', 'splitOut', { fieldToSplitOut: 'list' }], ['Call', 'executeWorkflow', { workflowId: { __rl: true, mode: 'list', value: 'w2' }, mode: 'each' }, { typeVersion: 1.1 }], set('Out', { line: '={{ $("Split").item.json.n }} twice is {{ $json.twice }}' })], ['Start -> Numbers', 'Numbers -> Split', 'Split -> Call', 'Call -> Out']);
    expect((await runWorkflow([caller, called])).data).toEqual([{ line: '1 twice is 2' }, { line: '2 twice is 4' }]);
    expect(imported(caller).report.nodes.unsupported[0]?.reason).toContain('not part of this file');
  });
});

describe('code', () => {
  const pool = createCodePool();
  afterAll(async () => pool.close());
  const runCode: NodeContext['runCode'] = async (call) => pool.run('tenant', call, new AbortController().signal);

  test('code of n8n sees items and the steps it names', async () => {
    const result = await runWorkflow(workflow(
      [trigger, people, split, ['Code', 'code', { jsCode: 'const all = $("People").first().json.list.length;\nreturn $input.all().map((item, i) => ({ json: { line: `${i + 1}/${all} ${item.json.name}` } }));' }, { typeVersion: 2 }]],
      ['Start -> People', 'People -> Split', 'Split -> Code'],
    ), { parts: { runCode } });
    expect(result.error).toBeNull();
    expect(result.data).toEqual([{ line: '1/3 Ann' }, { line: '2/3 Ben' }, { line: '3/3 Cid' }]);
    expect(imported(workflow([trigger, ['Code', 'code', { jsCode: 'return [];' }, { typeVersion: 2 }]], ['Start -> Code'])).report.code).toMatchObject([{ language: 'javascript', custom: true }]);
  });

  test('code that needs modules or the network is not called supported', () => {
    const { report } = imported(workflow([trigger, ['Code', 'code', { jsCode: 'const x = require("xlsx"); return [];' }, { typeVersion: 2 }]], ['Start -> Code']));
    expect(report.runnable).toBe(false);
    expect(report.nodes.unsupported[0]?.reason).toContain('loads the module “xlsx”');
  });
});
