import { isRecord, readText } from '../plain.ts';
import { unsupported } from './fragment.ts';
import type { Fragment } from './fragment.ts';
import type { Mapper } from './mapper.ts';
import { perItem } from './our-steps.ts';
import { StepBuilder } from './step-builder.ts';

/** Steps that work out one field of every item. */

/** One field worked out, beside the others or alone. */
function field(step: StepBuilder, name: string, expression: string, keep: boolean): Fragment {
  step.add('transform.set', { fields: [{ name, value: `{{ ${expression} }}` }], keep: keep ? 'all' : 'none' });
  return step.fragment({ mappedTo: 'transform.set', inputPort: 'input', outputPort: 'output' });
}

export const mapDateTime: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  if (step.fixed('options.timezone') !== '' || step.fixed('options.fromFormat') !== '') step.approximate('Times are UTC and dates are read as ISO 8601.');
  return node.version < 2 ? olderDateTime(step) : newerDateTime(step);
};

const date = (step: StepBuilder, path: string): string => `(${step.raw(path) === undefined ? 'now' : step.expression(step.raw(path))}).toDate()`;
const unit = (step: StepBuilder, path: string, usual: string): string => JSON.stringify(step.fixed(path) || usual);

function olderDateTime(step: StepBuilder): Fragment {
  const name = step.fixed('dataPropertyName') || 'data';
  if (step.fixed('action') === 'calculate') {
    const sign = step.fixed('operation') === 'subtract' ? 'minus' : 'plus';
    return field(step, name, `${date(step, 'value')}.${sign}(${step.expression(step.raw('duration') ?? 0)}, ${unit(step, 'timeUnit', 'days')})`, true);
  }
  return field(step, name, `${date(step, 'value')}.format(${JSON.stringify(luxon(step.fixed('toFormat') || 'MM/DD/YYYY'))})`, true);
}

function newerDateTime(step: StepBuilder): Fragment {
  const keep = step.flag('options.includeInputFields');
  const out = (usual: string): string => step.fixed('outputFieldName') || usual;
  switch (step.fixed('operation') || 'getCurrentDate') {
    case 'getCurrentDate': return field(step, out('currentDate'), step.raw('includeTime') === false ? 'today' : 'now', keep);
    case 'addToDate': return field(step, out('newDate'), `${date(step, 'magnitude')}.plus(${step.expression(step.raw('duration') ?? 0)}, ${unit(step, 'timeUnit', 'days')})`, keep);
    case 'subtractFromDate': return field(step, out('newDate'), `${date(step, 'magnitude')}.minus(${step.expression(step.raw('duration') ?? 0)}, ${unit(step, 'timeUnit', 'days')})`, keep);
    case 'formatDate': {
      const format = step.fixed('format');
      return field(step, out('formattedDate'), `${date(step, 'date')}.format(${JSON.stringify(format === 'custom' ? step.fixed('customFormat') : luxon(format || 'MM/dd/yyyy'))})`, keep);
    }
    case 'extractDate': return field(step, out('datePart'), `${date(step, 'date')}.extract(${unit(step, 'part', 'month')})`, keep);
    case 'roundDate': return field(step, out('roundedDate'), `${date(step, 'date')}.${step.fixed('mode') === 'roundUp' ? 'endOf' : 'startOf'}(${unit(step, 'toNearest', 'month')})`, keep);
    case 'getTimeBetweenDates': {
      const raw = step.raw('units');
      const units = (Array.isArray(raw) && raw.length > 0 ? raw : ['day']).filter((one): one is string => typeof one === 'string').slice(0, 8);
      if (units.length > 1) step.approximate('The difference is told in each unit by itself.');
      return field(step, out('timeDifference'), `{${units.map((one) => `${JSON.stringify(`${one.replace(/s$/, '')}s`)}: ${date(step, 'endDate')}.diff(${date(step, 'startDate')}, ${JSON.stringify(`${one.replace(/s$/, '')}s`)})`).join(', ')}}`, keep);
    }
    default: return unsupported('This operation on dates is not known here.', 'A step that sets a field by an expression with dates.');
  }
}

/** Formats of moment.js, which older versions use, as ours. */
const luxon = (format: string): string => format.replaceAll('YYYY', 'yyyy').replaceAll('DD', 'dd').replaceAll('D', 'd').replaceAll('dddd', 'EEEE');

const HASHES: ReadonlyMap<string, string> = new Map([['MD5', 'md5'], ['SHA1', 'sha1'], ['SHA256', 'sha256'], ['SHA384', 'sha384'], ['SHA512', 'sha512']]);

export const mapCrypto: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const action = step.fixed('action') || 'hash';
  const kind = HASHES.get(step.fixed('type') || 'MD5');
  if (action === 'hash' && kind !== undefined && (step.fixed('encoding') || 'hex') === 'hex') {
    return field(step, step.fixed('dataPropertyName') || 'data', `String(${step.expression(step.raw('value') ?? '')}).hash(${JSON.stringify(kind)})`, true);
  }
  return unsupported(action === 'hash' ? 'This kind of hash is not available here.' : action === 'generate' ? 'Steps here give the same result every time, so none makes random texts.' : 'Signing needs a secret, which a flow does not hold.', 'Receive the value from the system that needs it.');
};

/** Texts of several fields into one, a field renamed: what the editor calls "edit". */
export const mapHtml: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const operation = node.kind === 'base.htmlExtract' ? 'extractHtmlContent' : step.fixed('operation') || 'generateHtmlTemplate';
  if (operation === 'generateHtmlTemplate') {
    // The page is a template whether or not it is marked as an expression.
    const written = step.fixed('html');
    const html = written.includes('{{') ? step.template(`=${written}`) : step.text('html');
    step.add('transform.set', { fields: [{ name: 'html', value: html }], keep: 'none' });
    if (!html.includes('{{')) step.parameter('fields.0.value', `${node.name}: page`, 'long-text');
    return step.fragment({ mappedTo: 'transform.set', inputPort: 'input', outputPort: 'output' });
  }
  if (operation === 'convertToHtmlTable') {
    step.add('transform.map', { value: '{{ {table: "<table><thead><tr>" + item.keys().map(k => "<th>" + k + "</th>").join("") + "</tr></thead><tbody>" + items.map(i => "<tr>" + i.values().map(v => "<td>" + v + "</td>").join("") + "</tr>").join("") + "</tbody></table>"} }}' }, 'rows', 'rows');
    step.add('transform.limit', { count: 1 });
    step.link(`${node.id}:rows`, 'output', node.id, 'input');
    return step.fragment({ mappedTo: 'transform.map', input: () => ({ node: `${node.id}:rows`, port: 'input' }), outputPort: 'output' });
  }
  const values = step.raw('extractionValues.values');
  const parts = (Array.isArray(values) ? values : []).filter(isRecord).slice(0, 100).map((row) => ({
    name: readText(row, 'key') ?? '', selector: step.template(row['cssSelector']), take: takes(readText(row, 'returnValue')), attribute: readText(row, 'returnValue') === 'value' ? 'value' : readText(row, 'attribute') ?? '', all: row['returnArray'] === true,
  })).filter(({ name }) => name !== '');
  if (parts.some(({ selector }) => selector.includes('{{'))) return unsupported('Which part of the page is taken is worked out in n8n.', 'Fixed selectors.');
  if (step.fixed('sourceData') === 'binary') step.approximate('The page is read from the field of the item.');
  if (parts.some(({ take }) => take === 'html')) step.approximate('Markup is given as the page has it.');
  const name = step.fixed('dataPropertyName') || 'data';
  return perItem(step, 'transform.parse', { format: 'html', text: `{{ item[${JSON.stringify(name)}] ?? item.body ?? item }}`, extract: parts }, { input: 'input', output: 'output' });
};

const takes = (value: string | null): 'text' | 'html' | 'attribute' => (value === 'html' ? 'html' : value === 'attribute' || value === 'value' ? 'attribute' : 'text');

export const mapXml: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const name = step.fixed('dataPropertyName') || 'data';
  if ((step.fixed('mode') || 'xmlToJson') !== 'xmlToJson') return unsupported('Writing XML is not available here.', 'A step that writes the text from a template.');
  step.approximate('Attributes and repeated elements may be named differently than n8n named them.');
  return perItem(step, 'transform.parse', { format: 'xml', text: `{{ item[${JSON.stringify(name)}] ?? item }}` }, { input: 'input', output: 'output' });
};

export const mapMarkdown: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const toHtml = step.fixed('mode') === 'markdownToHtml';
  const source = step.expression(step.raw(toHtml ? 'markdown' : 'html') ?? '');
  const name = step.fixed('destinationKey') || 'data';
  if (toHtml) step.approximate('The text stays Markdown.');
  else step.approximate('The text of the page is taken without its markup.');
  return field(step, name, toHtml ? `String(${source})` : `String(${source}).removeTags()`, true);
};
