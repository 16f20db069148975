import type { Box, Colour, PageShapes } from './page-shapes.ts';
import type { PdfFile } from './pdfium.ts';

/** Text render modes of ISO 32000 table 104 that paint nothing. */
const INVISIBLE = 3;
const CLIP_ONLY = 7;
const WHITE: Colour = [255, 255, 255];
/** Steps of 255 by which a colour must differ from what is under it to be seen. */
const DIFFERENCE_MIN = 12;

/**
 * Whether a text cannot be seen: it is painted in no colour, in the colour of what lies under it, or covered afterwards.
 * Invisible text over a picture is what a scanner recognised in it, and stays. Where it cannot be told, text counts as seen.
 */
export function hiddenText({ calls, scratch }: PdfFile, object: number, shapes: PageShapes, at: { x: number; y: number }): boolean {
  const overImage = (): boolean => shapes.images.some((box) => contains(box, at));
  const mode = calls.FPDFTextObj_GetTextRenderMode(object);
  if (mode === INVISIBLE || mode === CLIP_ONLY) return !overImage();
  const order = shapes.textOrder.get(object) ?? Infinity;
  if (shapes.grounds.some((ground) => ground.opaque && ground.order > order && contains(ground.box, at))) return true;
  const colour = colourOf(calls, scratch, object, mode);
  if (colour === null) return false;
  if (colour.alpha === 0) return !overImage();
  const under = shapes.grounds.findLast((ground) => ground.order < order && contains(ground.box, at));
  const ground = under === undefined ? WHITE : under.colour;
  return ground !== null && colour.rgb.every((value, index) => Math.abs(value - (ground[index] ?? 0)) < DIFFERENCE_MIN);
}

/** The colour of letters that are filled; outlines are taken to be seen. */
function colourOf(calls: PdfFile['calls'], scratch: PdfFile['scratch'], object: number, mode: number): { rgb: Colour; alpha: number } | null {
  const outlined = mode === 1 || mode === 2 || mode === 5 || mode === 6;
  if (outlined || !calls.FPDFPageObj_GetFillColor(object, scratch.at, scratch.at + 4, scratch.at + 8, scratch.at + 12)) return null;
  return { rgb: [scratch.byte(0), scratch.byte(4), scratch.byte(8)], alpha: scratch.byte(12) };
}

const contains = (box: Box, { x, y }: { x: number; y: number }): boolean => x >= box.left && x <= box.right && y >= box.bottom && y <= box.top;
