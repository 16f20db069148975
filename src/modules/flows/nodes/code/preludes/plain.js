/* oxlint-disable no-unused-expressions -- the value of the file is this function */
/** Code written for this product: `input`, `items`, `steps`, `parameters`, `state`, `message`; for each item also `item` and `index`. */
async (code) => {
  const { input, items, each, steps, parameters, state, message, given } = globalThis.__call;
  delete globalThis.__call;
  Object.assign(globalThis, { input: input === undefined ? items : input, items, steps, parameters, state, message }, given);
  const require = (name) => { throw new Error(`"${name}" is not available: code runs without modules.`); };
  Object.assign(globalThis, { require });
  if (!each) {
    Object.assign(globalThis, { item: items[0], index: 0 });
    return { result: await code(), state };
  }
  const result = [];
  for (const [index, item] of items.entries()) {
    Object.assign(globalThis, { item, index });
    result.push(await code());
  }
  return { result, state };
};
