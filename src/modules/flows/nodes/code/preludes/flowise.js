/* oxlint-disable no-unused-expressions -- the value of the file is this function */
/** Flowise: variables of the step are `$name`; `$input` is what was said, `$flow.state` the variables of the run. */
async (code) => {
  const { input, items, parameters, state, message, run, given } = globalThis.__call;
  delete globalThis.__call;
  const flow = { state, input: message.text, sessionId: run.id, chatId: run.id, chatflowId: '', apiMessageId: run.id };
  Object.assign(globalThis, { $input: given.input ?? (input === undefined ? items : input ?? message.text), $flow: flow, $vars: parameters, input: message.text });
  for (const name of Object.keys(given)) globalThis[`$${name}`] = given[name];
  globalThis.require = (name) => { throw new Error(`"${name}" is not available: code runs without modules.`); };
  return { result: await code(), state };
};
