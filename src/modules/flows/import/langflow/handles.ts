import { isRecord, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';

/** One end of an edge, as far as the file tells. */
export interface Handle {
  /** Output name or input field; null where an old file gives only types. */
  name: string | null;
  /** Component name of the node at this end, where stated (source ends only). */
  dataType: string | null;
  /** The node and field inside a group that this handle stands for. */
  proxy: { id: string; name: string | null } | null;
  /** True when a target handle names an output: the feedback edge of a loop. */
  feedback: boolean;
}

/** The end where the edge leaves: `data.sourceHandle` if there, else the handle string. */
export function sourceHandle(edge: PlainRecord): Handle | null {
  const handle = structured(edge, 'sourceHandle');
  if (handle !== null) {
    return { name: readText(handle, 'name'), dataType: readText(handle, 'dataType'), proxy: proxyOf(handle, 'name'), feedback: false };
  }
  const parts = pipes(edge, 'sourceHandle');
  // "Type|node id|Base|Base…": names a type, not an output.
  return parts === null ? null : { name: null, dataType: parts[0] ?? null, proxy: null, feedback: false };
}

/** The end where the edge arrives. */
export function targetHandle(edge: PlainRecord): Handle | null {
  const handle = structured(edge, 'targetHandle');
  if (handle !== null) {
    const field = readText(handle, 'fieldName');
    const feedback = field === null && readText(handle, 'name') !== null;
    return { name: field ?? readText(handle, 'name'), dataType: readText(handle, 'dataType'), proxy: proxyOf(handle, 'field'), feedback };
  }
  const parts = pipes(edge, 'targetHandle');
  // "Type;Type|field|node id"
  return parts === null || parts.length < 3 ? null : { name: parts[1] ?? null, dataType: null, proxy: null, feedback: false };
}

function structured(edge: PlainRecord, key: 'sourceHandle' | 'targetHandle'): PlainRecord | null {
  const kept = readRecord(readRecord(edge, 'data'), key) ?? readRecord(edge, key);
  if (kept !== null) return kept;
  const text = readText(edge, key);
  if (text === null || !text.trimStart().startsWith('{')) return null;
  try {
    const parsed: unknown = JSON.parse(text.replaceAll('œ', '"'));
    return isRecord(parsed) ? parsed : null;
  } catch {
    // A handle that cannot be read makes a dangling edge, which the caller reports.
    return null;
  }
}

function pipes(edge: PlainRecord, key: 'sourceHandle' | 'targetHandle'): string[] | null {
  const text = readText(edge, key);
  return text !== null && text.includes('|') ? text.split('|') : null;
}

function proxyOf(handle: PlainRecord, nameKey: 'name' | 'field'): Handle['proxy'] {
  const proxy = readRecord(handle, 'proxy');
  const id = readText(proxy, 'id');
  return id === null ? null : { id, name: readText(proxy, nameKey) };
}
