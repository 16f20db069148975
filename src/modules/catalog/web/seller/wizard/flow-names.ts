/** Files beyond this are sent as they are; the server says what is wrong with them. In bytes. */
const READ_MAX = 20 * 1024 * 1024;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The flows inside an export, by name: one file may hold a whole collection. Empty for a single flow and for what is no JSON. */
export const flowNames = (text: string): readonly string[] => {
  if (text.length > READ_MAX) return [];
  let parsed: unknown;
  try { parsed = JSON.parse(text); } catch { return []; }
  const list = Array.isArray(parsed) ? parsed : isRecord(parsed) && Array.isArray(parsed.flows) ? parsed.flows : [];
  return list.length < 2 ? [] : list.slice(0, 500).map((flow: unknown, index) => (isRecord(flow) && typeof flow.name === 'string' && flow.name.trim() !== '' ? flow.name.trim().slice(0, 120) : `Flow ${index + 1}`));
};
