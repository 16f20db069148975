import { unsupported } from './fragment.ts';
import type { Mapper } from './mapper.ts';
import { addItems, perItem } from './our-steps.ts';
import { StepBuilder } from './step-builder.ts';

const FILE = '{{ item.text ?? item.data ?? item.content ?? item }}';
const CONTENT = 'Files are what came with the message, already read as text, or the text in the item.';

/** What a file holds: its text, rows or data. Files of a run come read. */
export const mapExtractFromFile: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const operation = node.kind === 'base.readPDF' ? 'pdf' : node.kind === 'base.moveBinaryData' ? 'text' : step.fixed('operation') || 'csv';
  step.approximate(CONTENT);
  const key = step.fixed('destinationKey') || 'data';
  switch (operation) {
    case 'csv': return perItem(step, 'transform.parse', { format: 'csv', text: FILE, header: step.raw('options.headerRow') !== false, ...(step.fixed('options.delimiter') === '' ? {} : { delimiter: step.fixed('options.delimiter').slice(0, 5) }) }, { input: 'input', output: 'output' });
    case 'fromJson': case 'json': {
      const read = step.add('transform.map', { value: { [key]: '{{ typeof (item.text ?? item.data ?? item.content) == "string" ? JSON.parse(item.text ?? item.data ?? item.content) : (item.data ?? item) }}' } });
      return step.fragment({ mappedTo: 'transform.map', input: () => ({ node: read, port: 'input' }), outputPort: 'output' });
    }
    case 'xlsx': case 'xls': case 'ods': return unsupported('Spreadsheet files are not read by a flow.', 'The same table as CSV, or Google Sheets.');
    case 'binaryToPropery': case 'binaryToProperty': case 'text': case 'html': case 'xml': case 'pdf': case 'rtf': case 'ics': {
      const item = addItems(step, operation === 'pdf' ? { text: '{{ input.files?.[0]?.text ?? item.text ?? item.data ?? "" }}', numpages: '{{ 1 }}', info: '{{ {} }}' } : { [key]: '{{ item.text ?? item.data ?? item.content ?? input.files?.[0]?.text ?? "" }}' });
      return step.fragment({ mappedTo: 'transform.set', input: () => ({ node: item.node, port: item.input }), outputPort: item.output });
    }
    default: return unsupported(`Files of the kind “${operation.slice(0, 30)}” are not read here.`, 'The same content as text, CSV or JSON.');
  }
};

/** Data as the text of a file. */
export const mapConvertToFile: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const operation = step.fixed('operation') || 'csv';
  const name = step.text('options.fileName', `file.${operation === 'toText' ? 'txt' : operation === 'toJson' ? 'json' : operation}`);
  step.approximate('The file is its text in the item, in the field data; there are no files with other content.');
  const source = step.fixed('sourceProperty');
  switch (operation) {
    case 'toText': case 'toBinary': {
      const item = addItems(step, { data: `{{ ${pathIn(source || 'data')} }}`, fileName: name });
      if (operation === 'toBinary') step.approximate('The content stays in Base64.');
      return step.fragment({ mappedTo: 'transform.set', input: () => ({ node: item.node, port: item.input }), outputPort: item.output });
    }
    case 'csv': case 'toJson': case 'html': {
      const write = step.add('transform.format', { format: operation === 'csv' ? 'csv' : operation === 'html' ? 'html table' : 'json' }, 'write', 'write');
      step.add('transform.set', { fields: [{ name: 'data', value: `{{ steps[${JSON.stringify(write)}].text }}` }, { name: 'fileName', value: name }], keep: 'none', each: false });
      step.link(write, 'text', node.id, 'input');
      return step.fragment({ mappedTo: 'transform.format', input: () => ({ node: write, port: 'input' }), outputPort: 'output' });
    }
    default: return unsupported(`Files of the kind “${operation.slice(0, 30)}” are not written here.`, 'CSV, JSON or text.');
  }
};

const pathIn = (path: string): string => `item${path.split('.').map((part) => part.replace(/^([^[]*)/, (name: string) => (name === '' ? '' : `?.[${JSON.stringify(name)}]`))).join('')}`;

export const mapSpreadsheet: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const format = step.fixed('fileFormat') || step.fixed('options.fileFormat');
  if (step.fixed('operation') === 'toFile') return mapConvertToFile({ ...node, parameters: { ...node.parameters, operation: format === 'html' ? 'html' : 'csv' } }, context);
  if (format !== 'csv' && format !== '') return unsupported('Spreadsheet files are not read by a flow.', 'The same table as CSV, or Google Sheets.');
  return mapExtractFromFile({ ...node, parameters: { ...node.parameters, operation: 'csv' } }, context);
};

export const mapFileStep: Mapper = () => unsupported('It reads or writes files of the machine of the seller.', 'Files that come with the message, Google Drive or Amazon S3.');
