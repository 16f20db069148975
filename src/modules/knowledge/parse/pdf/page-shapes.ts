import type { PdfFile } from './pdfium.ts';

/** Where something is on a page, in points from its lower left corner. */
export interface Box { left: number; bottom: number; right: number; top: number }
/** A drawn line, horizontal or vertical: `at` is where it lies across, `from` and `to` are its ends. */
export interface Rule { vertical: boolean; at: number; from: number; to: number }
export type Colour = readonly [red: number, green: number, blue: number];
/** What is painted under text. `order` counts what is drawn; `colour` is null where it has many, as pictures do. */
export interface Ground { box: Box; order: number; colour: Colour | null; opaque: boolean }

/** What is drawn on a page beside its text. */
export interface PageShapes {
  rules: Rule[];
  grounds: Ground[];
  images: Box[];
  /** How many painted shapes are neither lines nor plain rectangles: letters turned into outlines are many. */
  outlines: number;
  /** Place in the order of drawing, by the engine's address of a text. */
  textOrder: ReadonlyMap<number, number>;
}

const TYPE = { text: 1, path: 2, image: 3, shading: 4, form: 5 } as const;
const FORM_DEPTH_MAX = 5;
const OBJECTS_MAX = 200_000;
/** Paths of more parts are drawings, not tables. */
const RULE_PARTS_MAX = 400;
/** Points; a filled rectangle thinner than this is a line. */
const RULE_WIDTH_MAX = 3;
const RULE_LENGTH_MIN = 4;
const RECTANGLE_PARTS = 5;

type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];
const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** Reads lines, painted areas and pictures of a page, those inside form objects included. */
export function pageShapes(pdf: PdfFile, page: number): PageShapes {
  const walk = new ShapeWalk(pdf);
  walk.objects(pdf.calls.FPDFPage_CountObjects(page), (index) => pdf.calls.FPDFPage_GetObject(page, index), IDENTITY, 0);
  return { rules: walk.rules, grounds: walk.grounds, images: walk.images, outlines: walk.outlines, textOrder: walk.textOrder };
}

class ShapeWalk {
  readonly rules: Rule[] = [];
  readonly grounds: Ground[] = [];
  readonly images: Box[] = [];
  readonly textOrder = new Map<number, number>();
  outlines = 0;
  readonly #pdf: PdfFile;
  #order = 0;

  constructor(pdf: PdfFile) {
    this.#pdf = pdf;
  }

  objects(count: number, get: (index: number) => number, matrix: Matrix, depth: number): void {
    for (let index = 0; index < count && this.#order < OBJECTS_MAX; index++) this.#object(get(index), matrix, depth);
  }

  #object(object: number, matrix: Matrix, depth: number): void {
    const { calls } = this.#pdf;
    const order = this.#order++;
    switch (calls.FPDFPageObj_GetType(object)) {
      case TYPE.text: this.textOrder.set(object, order); return;
      case TYPE.path: this.#path(object, matrix, order); return;
      case TYPE.image: case TYPE.shading: this.#picture(object, matrix, order); return;
      case TYPE.form:
        if (depth < FORM_DEPTH_MAX) this.objects(calls.FPDFFormObj_CountObjects(object), (index) => calls.FPDFFormObj_GetObject(object, index), times(this.#matrix(object), matrix), depth + 1);
    }
  }

  #picture(object: number, matrix: Matrix, order: number): void {
    const box = this.#bounds(object, matrix);
    if (this.#pdf.calls.FPDFPageObj_GetType(object) === TYPE.image) this.images.push(box);
    this.grounds.push({ box, order, colour: null, opaque: false });
  }

  #path(path: number, matrix: Matrix, order: number): void {
    const { calls, scratch } = this.#pdf;
    if (!calls.FPDFPath_GetDrawMode(path, scratch.at, scratch.at + 4)) return;
    const filled = scratch.byte(0) !== 0;
    const stroked = scratch.byte(4) !== 0;
    if (!filled && !stroked) return;
    const box = this.#bounds(path, matrix);
    const width = box.right - box.left;
    const height = box.top - box.bottom;
    if (Math.min(width, height) <= RULE_WIDTH_MAX) {
      if (Math.max(width, height) >= RULE_LENGTH_MIN) this.rules.push(width < height ? { vertical: true, at: (box.left + box.right) / 2, from: box.bottom, to: box.top } : { vertical: false, at: (box.bottom + box.top) / 2, from: box.left, to: box.right });
      return;
    }
    const toPage = times(this.#matrix(path), matrix);
    const plain = this.#isRectangle(path, toPage, box);
    if (!plain) this.outlines++;
    if (filled) this.#ground(path, box, order, plain);
    if (stroked) this.#strokes(path, toPage);
  }

  /** Whether the painted area is the whole of its box; of other shapes it is not known what lies in them. */
  #isRectangle(path: number, matrix: Matrix, box: Box): boolean {
    const parts = this.#pdf.calls.FPDFPath_CountSegments(path);
    if (parts < 4 || parts > RECTANGLE_PARTS) return false;
    for (let index = 0; index < parts; index++) {
      const [x, y] = this.#point(this.#pdf.calls.FPDFPath_GetPathSegment(path, index), matrix);
      if (Math.min(Math.abs(x - box.left), Math.abs(x - box.right)) > 1 || Math.min(Math.abs(y - box.bottom), Math.abs(y - box.top)) > 1) return false;
    }
    return true;
  }

  #ground(path: number, box: Box, order: number, plain: boolean): void {
    const { calls, scratch } = this.#pdf;
    if (!calls.FPDFPageObj_GetFillColor(path, scratch.at, scratch.at + 4, scratch.at + 8, scratch.at + 12)) return;
    const alpha = scratch.byte(12);
    if (alpha === 0) return;
    const colour = [scratch.byte(0), scratch.byte(4), scratch.byte(8)] as const;
    const clear = !plain || alpha < 255 || calls.FPDFPageObj_HasTransparency(path) !== 0;
    // A clip may leave little of it; whether the text lies in the rest cannot be told.
    const clipped = calls.FPDFClipPath_CountPaths(calls.FPDFPageObj_GetClipPath(path)) > 0;
    this.grounds.push({ box, order, colour: clear ? null : colour, opaque: !clear && !clipped });
  }

  /** The straight parts of a drawn outline. */
  #strokes(path: number, matrix: Matrix): void {
    const { calls } = this.#pdf;
    const parts = calls.FPDFPath_CountSegments(path);
    if (parts > RULE_PARTS_MAX) return;
    let [x, y, startX, startY] = [0, 0, 0, 0];
    for (let index = 0; index < parts; index++) {
      const part = calls.FPDFPath_GetPathSegment(path, index);
      const [nextX, nextY] = this.#point(part, matrix);
      const kind = calls.FPDFPathSegment_GetType(part); // 0 line, 1 curve, 2 move
      if (kind === 2) [startX, startY] = [nextX, nextY];
      else if (kind === 0) this.#line(x, y, nextX, nextY);
      if (calls.FPDFPathSegment_GetClose(part)) this.#line(nextX, nextY, startX, startY);
      [x, y] = [nextX, nextY];
    }
  }

  /** Where a part of an outline ends. */
  #point(part: number, [a, b, c, d, e, f]: Matrix): [number, number] {
    const { calls, scratch } = this.#pdf;
    if (!calls.FPDFPathSegment_GetPoint(part, scratch.at, scratch.at + 4)) return [NaN, NaN];
    const [x, y] = [scratch.float(0), scratch.float(1)];
    return [a * x + c * y + e, b * x + d * y + f];
  }

  #line(x0: number, y0: number, x1: number, y1: number): void {
    if (Math.abs(y0 - y1) < 1 && Math.abs(x0 - x1) >= RULE_LENGTH_MIN) this.rules.push({ vertical: false, at: (y0 + y1) / 2, from: Math.min(x0, x1), to: Math.max(x0, x1) });
    else if (Math.abs(x0 - x1) < 1 && Math.abs(y0 - y1) >= RULE_LENGTH_MIN) this.rules.push({ vertical: true, at: (x0 + x1) / 2, from: Math.min(y0, y1), to: Math.max(y0, y1) });
  }

  #bounds(object: number, matrix: Matrix): Box {
    const { calls, scratch } = this.#pdf;
    if (!calls.FPDFPageObj_GetBounds(object, scratch.at, scratch.at + 4, scratch.at + 8, scratch.at + 12)) return { left: 0, bottom: 0, right: 0, top: 0 };
    const [left, bottom, right, top] = [scratch.float(0), scratch.float(1), scratch.float(2), scratch.float(3)];
    if (matrix === IDENTITY) return { left, bottom, right, top };
    const [a, b, c, d, e, f] = matrix;
    const xs = [left, right].flatMap((x) => [bottom, top].map((y) => a * x + c * y + e));
    const ys = [left, right].flatMap((x) => [bottom, top].map((y) => b * x + d * y + f));
    return { left: Math.min(...xs), bottom: Math.min(...ys), right: Math.max(...xs), top: Math.max(...ys) };
  }

  #matrix(object: number): Matrix {
    const { calls, scratch } = this.#pdf;
    if (!calls.FPDFPageObj_GetMatrix(object, scratch.at)) return IDENTITY;
    return [scratch.float(0), scratch.float(1), scratch.float(2), scratch.float(3), scratch.float(4), scratch.float(5)];
  }
}

/** First `inner`, then `outer`. */
const times = ([a, b, c, d, e, f]: Matrix, [A, B, C, D, E, F]: Matrix): Matrix =>
  [a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F];
