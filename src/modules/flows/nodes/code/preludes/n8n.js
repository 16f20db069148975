/* oxlint-disable no-unused-expressions -- the value of the file is this function */
/**
 * n8n: the Code node (`$input`, `$json`, `$('Node')`), and what the older Function node had (`items`, `$node`, `$items`).
 * `DateTime` comes before this file. What the code returns is taken as n8n takes it: items with `json`, or plain objects.
 */
async (code) => {
  const { items: rows, each, steps, names, state, run, now, given } = globalThis.__call;
  delete globalThis.__call;
  const wrap = (row, index) => ({ json: typeof row === 'object' && row !== null && !Array.isArray(row) ? row : { text: row }, binary: {}, pairedItem: { item: index } });
  const items = rows.map(wrap);
  let current = 0;
  const here = (list) => list[current] ?? list[0];
  const access = (list, name) => {
    const known = () => {
      if (list === null) throw new Error(`The step "${name}" has not run.`);
      return list;
    };
    return {
      all: () => known(), first: () => known()[0], last: () => known().at(-1), itemMatching: (index) => known()[index],
      get item() { return here(known()); },
      get json() { return here(known())?.json; },
      binary: {}, params: {}, parameter: {}, context: {}, isExecuted: list !== null,
    };
  };
  const cache = new Map();
  const stepCalled = (name) => {
    const id = Object.hasOwn(names, name) ? names[name] : name;
    if (!Object.hasOwn(steps, id) && !Object.hasOwn(names, name)) throw new Error(`There is no step "${name}" before this one.`);
    if (!cache.has(id)) cache.set(id, access(Object.hasOwn(steps, id) ? steps[id].items.map(wrap) : null, name));
    return cache.get(id);
  };
  const path = (data, expression) => {
    if (!/^[\w$]+(\.[\w$]+|\[\d+\]|\[\*?\](?=\.|$))*$/.test(expression)) throw new Error('$jmespath knows only names, indexes and [*] here.');
    const walk = (value, parts) => {
      if (parts.length === 0 || value === null || value === undefined) return value ?? null;
      const [part, ...rest] = parts;
      if (part === '[*]' || part === '[]') return Array.isArray(value) ? value.map((one) => walk(one, rest)).filter((one) => one !== null) : null;
      return walk(value[part.startsWith('[') ? Number(part.slice(1, -1)) : part], rest);
    };
    return walk(data, expression.match(/[\w$]+|\[[^\]]*\]/g));
  };
  const staticData = () => state;
  Object.assign(globalThis, {
    items, $input: Object.assign(access(items, ''), { params: {} }), $: stepCalled, $items: (name) => (name === undefined ? items : stepCalled(name).all()),
    $node: new Proxy({}, { get: (_target, name) => (typeof name === 'string' ? stepCalled(name) : undefined) }),
    $now: DateTime.fromISO(now), $today: DateTime.fromISO(now).startOf('day'), DateTime, $jmespath: path, $jmesPath: path,
    $execution: { id: run.id, mode: 'production', resumeUrl: '', customData: { set: () => undefined, get: () => undefined } },
    $workflow: { id: run.flow, name: run.flow, active: true }, $prevNode: { name: '', outputIndex: 0, runIndex: 0 }, $runIndex: 0, $binary: {},
    $vars: {}, $env: {}, $secrets: {}, $parameter: {}, $getWorkflowStaticData: staticData, getWorkflowStaticData: staticData,
    require: (name) => { throw new Error(`"${name}" is not available: code runs without modules.`); },
  }, given);
  const live = (name, get) => Object.defineProperty(globalThis, name, { get, set: (value) => { Object.defineProperty(globalThis, name, { value, writable: true, configurable: true }); }, configurable: true });
  const follow = () => {
    live('item', () => here(items));
    live('$json', () => here(items)?.json ?? {});
    live('$itemIndex', () => current);
    live('$position', () => current);
  };
  const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
  const rowOf = (item) => {
    if (!isObject(item)) throw new Error('The code returned a list that holds something other than objects.');
    return isObject(item.json) ? item.json : item;
  };
  if (each) {
    const result = [];
    for (current = 0; current < items.length; current++) {
      follow();
      const one = await code();
      if (one !== null && one !== undefined) result.push(...(Array.isArray(one) ? one : [one]).map(rowOf));
    }
    return { result, state };
  }
  follow();
  const returned = await code();
  if (returned === null || returned === undefined) throw new Error('The code returned nothing; it should return items.');
  if (Array.isArray(returned)) return { result: returned.map(rowOf), state };
  return { result: isObject(returned) ? [rowOf(returned)] : returned, state };
};
