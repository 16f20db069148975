import type { NodeType } from '../../node-type.ts';
import { aggregate } from './aggregate.ts';
import { combineText } from './combine-text.ts';
import { compareLists } from './compare-lists.ts';
import { dateNode } from './date.ts';
import { changeFields } from './fields.ts';
import { filterRows } from './filter.ts';
import { formatData } from './format.ts';
import { jmesPath } from './jmes-path.ts';
import { jsonPath } from './json-path.ts';
import { parseJsonNode } from './json.ts';
import { limitItems } from './limit.ts';
import { mapItemsNode } from './map.ts';
import { parseText } from './parse.ts';
import { reduceItems } from './reduce.ts';
import { select } from './select.ts';
import { setFields } from './set.ts';
import { sortItems } from './sort.ts';
import { splitOut } from './split-out.ts';
import { splitText } from './split-text.ts';
import { structuredOutput } from './structured-output.ts';
import { textTemplate } from './template.ts';
import { textNode } from './text.ts';
import { toText } from './to-text.ts';
import { uniqueItems } from './unique.ts';
import { variable } from './variable.ts';

/** Node types that change data. */
export const transformNodes: readonly NodeType[] = [
  setFields, mapItemsNode, filterRows, reduceItems, aggregate, sortItems, limitItems, uniqueItems, splitOut, changeFields, compareLists,
  textTemplate, textNode, toText, splitText, combineText, parseText, formatData, parseJsonNode, select, jsonPath, jmesPath, structuredOutput, dateNode, variable,
];
