/** JSON Schema of what an agent hands over where a tool names no arguments of its own. */
export const ONE_QUERY = { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] };
