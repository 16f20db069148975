import { hiddenText } from './hidden-text.ts';
import type { Box, PageShapes } from './page-shapes.ts';
import type { PdfFile } from './pdfium.ts';

/** One glyph of a right-to-left line: what it says and where it stands along the line. */
export interface Glyph { text: string; start: number; end: number }

/**
 * Glyphs that follow each other on one baseline. Coordinates are those of a reader who has turned the page so that the
 * run is level: `start` and `end` along the line, `baseline` upwards, all in points.
 */
export interface TextRun {
  text: string;
  start: number;
  end: number;
  baseline: number;
  /** Size of the font in points. */
  size: number;
  /** Counter-clockwise turn of the text on the page, in degrees. */
  angle: number;
  /** Whether space was set before it. */
  space: boolean;
  /** Set where the run holds letters written from right to left. */
  glyphs: Glyph[] | null;
}

export interface PageText { runs: TextRun[]; /** Characters no reader sees, which were left out. */ hidden: number }

interface Style { size: number; angle: number; baseline: number; hidden: boolean }

/** Letters written from right to left, by their number. */
const isRtl = (code: number): boolean => code >= 0x590 && (code <= 0x8ff || (code >= 0xfb1d && code <= 0xfdff) || (code >= 0xfe70 && code <= 0xfefc));
/** The engine's mark for a hyphen at the end of a line. */
const LINE_END_HYPHEN = 2;
const HYPHEN = 0x2d;
const SIZE_MIN = 1;

/** Text of a page in the order it is drawn, without what cannot be seen. */
export function pageText(pdf: PdfFile, page: number, shapes: PageShapes, visible: Box): PageText {
  const handle = pdf.calls.FPDFText_LoadPage(page);
  try {
    return new TextWalk(pdf, handle, shapes, visible).read();
  } finally {
    if (handle !== 0) pdf.calls.FPDFText_ClosePage(handle);
  }
}

class TextWalk {
  readonly #pdf: PdfFile;
  readonly #handle: number;
  readonly #shapes: PageShapes;
  readonly #visible: Box;
  readonly #styles = new Map<number, Style>();
  readonly #runs: TextRun[] = [];
  #run: TextRun | null = null;
  #object = 0;
  #space = false;
  #hidden = 0;

  constructor(pdf: PdfFile, handle: number, shapes: PageShapes, visible: Box) {
    this.#pdf = pdf;
    this.#handle = handle;
    this.#shapes = shapes;
    this.#visible = visible;
  }

  read(): PageText {
    const { calls } = this.#pdf;
    const count = this.#handle === 0 ? 0 : calls.FPDFText_CountChars(this.#handle);
    for (let index = 0; index < count; index++) {
      const code = calls.FPDFText_GetUnicode(this.#handle, index);
      const object = calls.FPDFText_GetTextObject(this.#handle, index);
      // Characters without an object are the engine's own: a space where words part, the ends of lines.
      if (object === 0 || code === 32 || code === 0xa0 || code === 9) {
        this.#space = true;
        if (code === 10 || code === 13) this.#run = null;
      } else if (code > 31 || code === LINE_END_HYPHEN) this.#character(index, code === LINE_END_HYPHEN ? HYPHEN : code, object);
    }
    return { runs: this.#runs, hidden: this.#hidden };
  }

  #character(index: number, code: number, object: number): void {
    const { calls, scratch } = this.#pdf;
    calls.FPDFText_GetLooseCharBox(this.#handle, index, scratch.at); // left, top, right, bottom
    const left = scratch.float(0);
    const top = scratch.float(1);
    const right = scratch.float(2);
    const bottom = scratch.float(3);
    const style = this.#styles.get(object) ?? this.#styleOf(object, index, (left + right) / 2, (top + bottom) / 2);
    if (style.hidden || right < this.#visible.left || left > this.#visible.right || top < this.#visible.bottom || bottom > this.#visible.top) {
      this.#hidden++;
      return;
    }
    if (style.angle === 0) return this.#add(code, left, right, style, object);
    const [start, end] = along(style.angle, left, bottom, right, top);
    this.#add(code, start, end, style, object);
  }

  #add(code: number, start: number, end: number, style: Style, object: number): void {
    const rtl = isRtl(code);
    const text = String.fromCodePoint(code);
    const run = this.#run;
    const goesOn = run !== null && object === this.#object && !this.#space;
    if (goesOn && (run.glyphs !== null || (!rtl && start >= run.end - style.size && start - run.end < style.size * 0.6))) {
      run.text += text;
      if (start < run.start) run.start = start;
      if (end > run.end) run.end = end;
      run.glyphs?.push({ text, start, end });
    } else {
      this.#run = { text, start, end, baseline: style.baseline, size: style.size, angle: style.angle, space: this.#space, glyphs: rtl ? [{ text, start, end }] : null };
      this.#runs.push(this.#run);
    }
    this.#object = object;
    this.#space = false;
  }

  #styleOf(object: number, index: number, x: number, y: number): Style {
    const { calls, scratch } = this.#pdf;
    const fontSize = calls.FPDFTextObj_GetFontSize(object, scratch.at) ? scratch.float(0) : 1;
    const [a, b, c, d] = calls.FPDFText_GetMatrix(this.#handle, index, scratch.at) ? [scratch.float(0), scratch.float(1), scratch.float(2), scratch.float(3)] : [1, 0, 0, 1];
    calls.FPDFText_GetCharOrigin(this.#handle, index, scratch.at, scratch.at + 8);
    const [originX, originY] = [scratch.double(0), scratch.double(1)];
    const size = Math.abs(fontSize) * Math.hypot(c, d);
    const degrees = Math.round((Math.atan2(b, a) * 180) / Math.PI);
    const angle = Math.abs(degrees) <= 1 ? 0 : degrees;
    const style = {
      size, angle, baseline: angle === 0 ? originY : turned(originX, originY, angle)[1],
      hidden: size < SIZE_MIN || hiddenText(this.#pdf, object, this.#shapes, { x, y }),
    };
    this.#styles.set(object, style);
    return style;
  }
}

/** A point as it is after the page was turned back by an angle. */
export function turned(x: number, y: number, degrees: number): [number, number] {
  const radians = (degrees * Math.PI) / 180;
  return [x * Math.cos(radians) + y * Math.sin(radians), y * Math.cos(radians) - x * Math.sin(radians)];
}

function along(angle: number, left: number, bottom: number, right: number, top: number): [number, number] {
  const [first] = turned(left, bottom, angle);
  const [second] = turned(right, top, angle);
  return first < second ? [first, second] : [second, first];
}
