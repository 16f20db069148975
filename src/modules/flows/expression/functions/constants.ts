/** What can be read of a namespace without a call. */
export const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ['Math.PI', Math.PI], ['Math.E', Math.E], ['Number.MAX_SAFE_INTEGER', Number.MAX_SAFE_INTEGER], ['Number.MIN_SAFE_INTEGER', Number.MIN_SAFE_INTEGER],
]);
