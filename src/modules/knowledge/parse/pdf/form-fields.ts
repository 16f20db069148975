import type { PdfFile } from './pdfium.ts';

const FIELDS_MAX = 2000;
const ANNOTATIONS_MAX = 5000;
const VALUE_CHARACTERS_MAX = 4000;
/** Kinds of annotation and field, ISO 32000 table 169 as the engine counts them. */
const FREE_TEXT = 3;
const WIDGET = 20;
const FIELD = { checkbox: 2, radio: 3, combo: 4, list: 5, text: 6 } as const;
const HIDDEN_FLAGS = 0b10_0010; // hidden, not shown on screen
const PASSWORD_FLAG = 1 << 13;

/**
 * Runs `work` with a function that gives, for an open page, what was typed or written onto it without becoming part of
 * its text: values of form fields, by the name a reader is shown, and notes written on the page.
 */
export function withFields<Result>(pdf: PdfFile, work: (fieldsOf: (page: number) => string[]) => Result): Result {
  const { calls, document } = pdf;
  let left = FIELDS_MAX;
  const reader = (form: number) => (page: number): string[] => {
    const texts = pageFields(pdf, form, page).slice(0, left);
    left -= texts.length;
    return texts;
  };
  if (calls.FPDF_GetFormType(document) === 0) return work(reader(0));
  const info = calls.PDFiumExt_OpenFormFillInfo();
  const form = calls.PDFiumExt_InitFormFillEnvironment(document, info);
  try {
    return work(reader(form));
  } finally {
    calls.PDFiumExt_ExitFormFillEnvironment(form);
    calls.PDFiumExt_CloseFormFillInfo(info);
  }
}

function pageFields(pdf: PdfFile, form: number, page: number): string[] {
  const { calls } = pdf;
  const texts: string[] = [];
  const count = Math.min(ANNOTATIONS_MAX, calls.FPDFPage_GetAnnotCount(page));
  for (let index = 0; index < count; index++) {
    const annotation = calls.FPDFPage_GetAnnot(page, index);
    if (annotation === 0) continue;
    const kind = calls.FPDFAnnot_GetSubtype(annotation);
    const seen = (calls.FPDFAnnot_GetFlags(annotation) & HIDDEN_FLAGS) === 0;
    const text = !seen ? '' : kind === WIDGET && form !== 0 ? fieldText(pdf, form, annotation) : kind === FREE_TEXT ? noteText(pdf, annotation) : '';
    if (text !== '') texts.push(text);
    calls.FPDFPage_CloseAnnot(annotation);
  }
  return texts;
}

const noteText = ({ engine, scratch }: PdfFile, annotation: number): string =>
  scratch.text((at, bytes) => engine.FPDFAnnot_GetStringValue(annotation, 'Contents', at, bytes)).slice(0, VALUE_CHARACTERS_MAX).trim();

function fieldText(pdf: PdfFile, form: number, field: number): string {
  const { calls, scratch } = pdf;
  const type = calls.FPDFAnnot_GetFormFieldType(form, field);
  if ((calls.FPDFAnnot_GetFormFieldFlags(form, field) & PASSWORD_FLAG) !== 0 && type === FIELD.text) return '';
  const value = valueOf(pdf, form, field, type);
  if (value === '') return '';
  const label = scratch.text((at, bytes) => calls.FPDFAnnot_GetFormFieldAlternateName(form, field, at, bytes)).trim();
  const name = scratch.text((at, bytes) => calls.FPDFAnnot_GetFormFieldName(form, field, at, bytes)).split('.').at(-1)?.replace(/\[\d+\]$/, '') ?? '';
  return `${(label || name).replace(/\s+/g, ' ').slice(0, 300)}: ${value}`;
}

function valueOf({ engine, calls, scratch }: PdfFile, form: number, field: number, type: number): string {
  if (type === FIELD.checkbox || type === FIELD.radio) {
    // What is drawn decides: the engine's own answer misses boxes of some forms.
    const drawn = scratch.text((at, bytes) => engine.FPDFAnnot_GetStringValue(field, 'AS', at, bytes));
    if (drawn === '' || drawn === 'Off') return '';
    const choice = scratch.text((at, bytes) => calls.FPDFAnnot_GetFormFieldExportValue(form, field, at, bytes)).trim();
    return /^(|on|yes|true|\d{1,2})$/i.test(choice) ? 'yes' : choice;
  }
  if (type !== FIELD.text && type !== FIELD.combo && type !== FIELD.list) return '';
  return scratch.text((at, bytes) => calls.FPDFAnnot_GetFormFieldValue(form, field, at, bytes)).slice(0, VALUE_CHARACTERS_MAX).trim();
}
