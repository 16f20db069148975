import { isRecord, readFlag, readList, readText } from '../plain.ts';
import { unsupported } from './fragment.ts';
import type { Fragment } from './fragment.ts';
import type { Mapper } from './mapper.ts';
import { StepBuilder } from './step-builder.ts';

/** Names separated by commas, as n8n writes lists of fields. */
const namesIn = (step: StepBuilder, path: string): string[] => {
  const raw = step.raw(path);
  const names = Array.isArray(raw) ? raw.map((one: unknown) => (typeof one === 'string' ? one : readText(one, 'fieldName') ?? '')) : step.fixed(path).split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '').slice(0, 100);
};
const rows = (step: StepBuilder, path: string, key: string): Record<string, unknown>[] => readList(step.raw(path), key).filter(isRecord).slice(0, 100);
const simple = (step: StepBuilder, type: string): Fragment => step.fragment({ mappedTo: type, inputPort: 'input', outputPort: 'output' });

export const mapSplitOut: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const names = namesIn(step, 'fieldToSplitOut').map((name) => name.replace(/^\$json\.|^=/, ''));
  const include = step.fixed('include') || 'noOtherFields';
  const target = step.fixed('options.destinationFieldName');
  const [only = ''] = names;
  if (names.length > 1) {
    const zipped = `{{ range(max(${names.map((name) => `(item[${JSON.stringify(name)}] ?? []).length`).join(', ')})).map(n => ({${include === 'allOtherFields' ? '...item, ' : ''}${names.map((name) => `${JSON.stringify(name)}: (item[${JSON.stringify(name)}] ?? [])[n]`).join(', ')}})) }}`;
    const zip = step.add('transform.set', { fields: [{ name: 'rows', value: zipped }], keep: 'none' }, 'rows', 'rows');
    step.add('transform.split-out', { field: 'rows' });
    step.link(zip, 'output', node.id, 'input');
    return step.fragment({ mappedTo: 'transform.split-out', input: () => ({ node: zip, port: 'input' }), outputPort: 'output' });
  }
  step.add('transform.split-out', { field: only, ...(target === '' ? {} : { as: target }), keep: include === 'allOtherFields' ? 'all' : include === 'selectedOtherFields' ? 'listed' : 'none', ...(include === 'selectedOtherFields' ? { listed: namesIn(step, 'fieldsToInclude') } : {}) });
  return simple(step, 'transform.split-out');
};

export const mapAggregate: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  if ((step.fixed('aggregate') || 'aggregateIndividualFields') === 'aggregateAllItemData') {
    const as = step.fixed('destinationFieldName') || 'data';
    const include = step.fixed('include');
    step.add('transform.aggregate', { measures: [{ operation: 'list', field: '', as }] });
    if (include !== 'specifiedFields' && include !== 'allFieldsExcept') return simple(step, 'transform.aggregate');
    const names = namesIn(step, include === 'specifiedFields' ? 'fieldsToInclude' : 'fieldsToExclude');
    const pick = step.add('transform.fields', include === 'specifiedFields' ? { keepOnly: names } : { remove: names }, 'fields', 'fields');
    step.link(pick, 'output', node.id, 'input');
    return step.fragment({ mappedTo: 'transform.aggregate', input: () => ({ node: pick, port: 'input' }), outputPort: 'output' });
  }
  const measures = rows(step, 'fieldsToAggregate', 'fieldToAggregate').map((row) => {
    const field = (readText(row, 'fieldToAggregate') ?? '').replace(/^=/, '');
    return { operation: step.flag('options.mergeLists') ? 'flat list' : 'list', field, as: readFlag(row, 'renameField') ? readText(row, 'outputFieldName') ?? '' : field.split('.').at(-1) ?? field };
  });
  step.add('transform.aggregate', { measures });
  return simple(step, 'transform.aggregate');
};

const SUMMARIES: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['append', ['list', 'appended']], ['average', ['average', 'average']], ['concatenate', ['text', 'concatenated']], ['count', ['count', 'count']],
  ['countUnique', ['count different', 'unique_count']], ['max', ['max', 'max']], ['min', ['min', 'min']], ['sum', ['sum', 'sum']],
]);

export const mapSummarize: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const measures = rows(step, 'fieldsToSummarize', 'values').map((row) => {
    const [operation, prefix] = SUMMARIES.get(readText(row, 'aggregation') ?? 'count') ?? ['count', 'count'];
    const field = readText(row, 'field') ?? '';
    const between = readText(row, 'separateBy') ?? ', ';
    return { operation, field, as: `${prefix}_${field.replaceAll('.', '_')}`, separator: (between === 'other' ? readText(row, 'customSeparator') ?? ',' : between).slice(0, 100) };
  });
  step.add('transform.aggregate', { groupBy: namesIn(step, 'fieldsToSplitBy').slice(0, 20), measures });
  return simple(step, 'transform.aggregate');
};

export const mapSort: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const type = step.fixed('type') || 'simple';
  if (type === 'code') return unsupported('It sorts by code of its own.', 'A code step that sorts.');
  if (type === 'random') {
    step.add('logic.pass', {});
    step.approximate('The items keep their order instead of getting a random one.');
    return step.fragment({ mappedTo: 'logic.pass', inputPort: 'input', outputPort: 'output' });
  }
  step.add('transform.sort', { by: rows(step, 'sortFieldsUi', 'sortField').slice(0, 20).map((row) => ({ field: readText(row, 'fieldName') ?? '', direction: readText(row, 'order') === 'descending' ? 'descending' : 'ascending' })) });
  return simple(step, 'transform.sort');
};

export const mapLimit: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const count = step.number('maxItems');
  step.add('transform.limit', { count: count === null ? (step.raw('maxItems') === undefined ? 1 : step.text('maxItems', '1')) : Math.max(0, Math.round(count)), from: step.fixed('keep') === 'lastItems' ? 'end' : 'beginning' });
  if (count !== null) step.parameter('count', `${node.name}: items`, 'number');
  return simple(step, 'transform.limit');
};

export const mapRemoveDuplicates: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const operation = step.fixed('operation') || 'removeDuplicateInputItems';
  if (operation === 'clearDeduplicationHistory') return unsupported('It empties the memory of items seen in earlier runs, which is not kept here.', 'Nothing: leave the step out.');
  if (operation === 'removeItemsSeenInPreviousExecutions') {
    const key = step.text('dedupeValue', '{{ item }}');
    step.add('transform.unique', { fields: [/^\{\{ item\.([\w.]+) \}\}$/.exec(key)?.[1] ?? ''].filter((field) => field !== '') });
    step.approximate('Only items of the same run are compared; what earlier runs have seen is not kept.');
    return simple(step, 'transform.unique');
  }
  const compare = step.fixed('compare') || 'allFields';
  if (compare === 'allFieldsExcept') step.approximate('All fields are compared, also those that were left out.');
  step.add('transform.unique', { fields: compare === 'selectedFields' ? namesIn(step, 'fieldsToCompare').slice(0, 50) : [] });
  return simple(step, 'transform.unique');
};

export const mapRenameKeys: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  step.add('transform.fields', { rename: rows(step, 'keys', 'key').map((row) => ({ from: readText(row, 'currentKey') ?? '', to: readText(row, 'newKey') ?? '' })) });
  if (isRecord(step.raw('additionalOptions.regexReplacement'))) step.approximate('Names are not changed by patterns.');
  return simple(step, 'transform.fields');
};

/** The list steps before they were split up. */
export const mapItemLists: Mapper = (node, context) => {
  switch (readText(node.parameters, 'operation') ?? 'splitOutItems') {
    case 'splitOutItems': return mapSplitOut(node, context);
    case 'aggregateItems': case 'concatenateItems': return mapAggregate(node, context);
    case 'removeDuplicates': return mapRemoveDuplicates({ ...node, parameters: { ...node.parameters, operation: 'removeDuplicateInputItems' } }, context);
    case 'sort': return mapSort(node, context);
    case 'limit': return mapLimit(node, context);
    case 'summarize': return mapSummarize(node, context);
    default: return unsupported('This operation on lists is not known here.', 'A step that works on lists.');
  }
};

const MERGE_KEYS: ReadonlyMap<string, string> = new Map([['keepMatches', 'inner'], ['keepNonMatches', 'unmatched'], ['keepEverything', 'outer'], ['enrichInput1', 'left'], ['enrichInput2', 'right']]);

/** All ways to merge, from version 1 (`mergeByKey`, …) to 3 (`combineBy`). */
export const mapMerge: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const mode = step.fixed('mode') || 'append';
  const by = step.fixed('combineBy') || step.fixed('combinationMode') || (mode === 'combine' ? (node.version >= 3 ? 'combineByFields' : 'mergeByFields') : mode);
  const count = Math.min(20, Math.max(2, Math.round(step.number('numberInputs') ?? 2), ...context.incoming(node.id).map((edge) => edge.input + 1)));
  const preferred = step.fixed('options.clashHandling.values.resolveClash') === 'preferInput1' ? { preferred: 'first' } : {};
  const pass = (): Record<string, unknown> => (step.fixed('output') === 'empty' ? { mode: 'list' } : { mode: 'choose' });
  step.add('logic.merge', { inputs: count, ...mergeOf(step, mode, by, pass), ...preferred });
  const chosen = mode === 'chooseBranch' || mode === 'passThrough';
  const wanted = step.fixed('useDataOfInput') === '2' || step.number('useDataOfInput') === 2 || step.fixed('output') === 'input2' || step.fixed('chooseBranchMode') === 'input2' ? 1 : 0;
  if (chosen || mode === 'wait') step.approximate('It goes on as soon as all of its ways are decided.');
  return step.fragment({
    mappedTo: 'logic.merge',
    // The first numbered input that came is taken: the wanted one goes first.
    input: (index) => ({ node: node.id, port: `input${chosen && wanted === 1 ? (index === 0 ? 1 : index === 1 ? 0 : index) : Math.min(index, count - 1)}` }),
    outputPort: 'output',
  });
};

function mergeOf(step: StepBuilder, mode: string, by: string, pass: () => Record<string, unknown>): Record<string, unknown> {
  if (mode === 'append') return { mode: 'append' };
  if (mode === 'chooseBranch' || mode === 'passThrough' || mode === 'wait') return pass();
  if (mode === 'combineBySql') {
    step.approximate('The SQL query is not run; the items of all ways follow each other.');
    return { mode: 'append' };
  }
  switch (by) {
    case 'mergeByIndex': case 'mergeByPosition': case 'combineByPosition': return { mode: 'position', ...(step.flag('options.includeUnpaired') || step.fixed('join') === 'outer' ? { join: 'outer' } : {}) };
    case 'multiplex': case 'combineAll': return { mode: 'combinations' };
    default: break;
  }
  const pairs = readList(step.raw('mergeByFields'), 'values').filter(isRecord);
  const [pair] = pairs;
  const [name = 'id'] = step.fixed('fieldsToMatchString').split(',').map((one) => one.trim());
  if (pairs.length > 1 || step.fixed('fieldsToMatchString').includes(',')) step.approximate('Only the first pair of fields is compared.');
  const left = pair ? readText(pair, 'field1') ?? '' : step.fixed('propertyName1') || name || 'id';
  const right = pair ? readText(pair, 'field2') ?? '' : step.fixed('propertyName2') || name || 'id';
  const join = mode === 'mergeByKey' ? 'left' : mode === 'removeKeyMatches' ? 'unmatched' : mode === 'keepKeyMatches' ? 'inner' : MERGE_KEYS.get(step.fixed('joinMode') || 'keepMatches') ?? 'inner';
  return { mode: 'key', leftKey: left || 'id', rightKey: right || left || 'id', join };
}

/** Which items two lists share: only in the first, the same in both, different, only in the second. */
export const mapCompareDatasets: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const [pair] = readList(step.raw('mergeByFields'), 'values').filter(isRecord);
  const left = (pair && readText(pair, 'field1')) || 'id';
  const right = (pair && readText(pair, 'field2')) || left;
  const a = step.add('logic.pass', {}, 'a', 'A');
  const b = step.add('logic.pass', {}, 'b', 'B');
  const inB = `(steps[${JSON.stringify(b)}]?.items ?? []).filter(o => o[${JSON.stringify(right)}] == item[${JSON.stringify(left)}])`;
  const inA = `(steps[${JSON.stringify(a)}]?.items ?? []).some(o => o[${JSON.stringify(left)}] == item[${JSON.stringify(right)}])`;
  const ways: readonly (readonly [string, string])[] = [[a, `${inB}.length == 0`], [a, `${inB}.some(o => o.toJson() == item.toJson())`], [a, `${inB}.length > 0 && !${inB}.some(o => o.toJson() == item.toJson())`], [b, `!${inA}`]];
  for (const [index, [from, test]] of ways.entries()) {
    const way = step.add('logic.if', { conditions: { conditions: [{ left: `{{ ${test} }}`, operator: 'is true' }] }, each: true }, index === 1 ? '' : `way${index}`, index === 1 ? '' : `way ${index + 1}`);
    step.link(from, 'output', way, 'input');
  }
  step.approximate('Of items that differ, the one of the first list goes on, without a list of what differs.');
  return step.fragment({
    mappedTo: 'logic.if', input: (index) => ({ node: index === 0 ? a : b, port: 'input' }),
    output: (index) => (index > 3 ? null : { node: index === 1 ? node.id : `${node.id}:way${index}`, port: 'true' }),
  });
};

