/* oxlint-disable no-unused-expressions -- the value of the file is this function */
/** Dify: the code declares `main`, which takes the step's variables as one object; the node adds the line that returns it. */
async (code) => {
  const { given } = globalThis.__call;
  delete globalThis.__call;
  const main = await code();
  if (typeof main !== 'function') throw new Error('The code has no function "main".');
  return { result: await main(given) };
};
