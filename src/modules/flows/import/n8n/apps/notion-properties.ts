import { isRecord, readList, readText } from '../../plain.ts';
import type { StepBuilder } from '../step-builder.ts';
import { rowsAt } from './app-mapping.ts';

/** n8n's rows `{key: 'Name|type', …}` as the properties of Notion's API. */
export function notionProperties(step: StepBuilder): unknown {
  const properties: Record<string, unknown> = {};
  for (const row of rowsAt(step, 'propertiesUi.propertyValues')) {
    const [name = '', type = ''] = (readText(row, 'key') ?? '').split('|');
    const value = propertyOf(type, row, step);
    if (name !== '' && value !== undefined) properties[name] = value;
  }
  return properties;
}

function propertyOf(type: string, row: Record<string, unknown>, step: StepBuilder): unknown {
  const text = (...keys: string[]): string => keys.map((key) => step.template(row[key])).find((one) => one !== '') ?? '';
  const pieces = (content: string): unknown => [{ type: 'text', text: { content } }];
  switch (type) {
    case 'title': return { title: pieces(text('title')) };
    case 'rich_text': case 'text': return { rich_text: pieces(text('textContent', 'richText')) };
    case 'number': return { number: step.value(row['numberValue']) };
    case 'select': return { select: { name: text('selectValue') } };
    case 'status': return { status: { name: text('statusValue') } };
    case 'multi_select': return { multi_select: Array.isArray(row['multiSelectValue']) ? row['multiSelectValue'].map((one: unknown) => ({ name: step.template(one) })) : `{{ String(${step.expression(row['multiSelectValue'] ?? '')}).split(",").map(one => ({name: one.trim()})) }}` };
    case 'checkbox': return { checkbox: step.value(row['checkboxValue'] ?? false) };
    case 'date': return { date: { start: text('date', 'dateStart'), ...(text('dateEnd') === '' ? {} : { end: text('dateEnd') }) } };
    case 'url': return { url: text('urlValue') };
    case 'email': return { email: text('emailValue') };
    case 'phone_number': return { phone_number: text('phoneValue') };
    case 'relation': return { relation: readList(row, 'relationValue').map((one) => ({ id: step.template(one) })) };
    case 'people': return { people: readList(row, 'peopleValue').map((one) => ({ id: step.template(one) })) };
    default:
      step.approximate(`The property of kind “${type.slice(0, 40)}” is left out.`);
      return undefined;
  }
}

/** n8n's list of blocks as those of Notion's API: texts, headings, lists. */
export function blocksOf(step: StepBuilder): unknown {
  const rows = rowsAt(step, 'blockUi.blockValues');
  if (rows.length === 0) return undefined;
  return rows.map((row) => {
    const type = readText(row, 'type') ?? 'paragraph';
    const rich = isRecord(row['text']) ? readList(row['text'], 'text').map((one) => step.template(isRecord(one) ? one['text'] : one)).join('') : '';
    const content = step.template(row['textContent']) || rich;
    return { object: 'block', type, [type]: { rich_text: [{ type: 'text', text: { content } }], ...(type === 'to_do' ? { checked: step.value(row['checked'] ?? false) } : {}) } };
  });
}
