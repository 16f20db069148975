import type { PdfFile } from './pdfium.ts';

const DPI = 300;
/** Letters of a scan are read well at this size; larger pages are drawn smaller, whatever they claim to measure. */
const PIXELS_MAX = 3600;
const GRAY = 1;
const WHITE = 0xffffffff;

/** A page as it looks, in shades of gray (netpbm P5); null where it cannot be drawn. */
export function pagePicture({ calls, engine, document }: PdfFile, page: number): Uint8Array | null {
  const handle = calls.FPDF_LoadPage(document, page - 1);
  if (handle === 0) return null;
  const [points, across] = [calls.FPDF_GetPageWidthF(handle), calls.FPDF_GetPageHeightF(handle)];
  const scale = Math.min(DPI / 72, PIXELS_MAX / Math.max(points, across, 1));
  const [width, height] = [Math.max(1, Math.round(points * scale)), Math.max(1, Math.round(across * scale))];
  const bitmap = calls.FPDFBitmap_CreateEx(width, height, GRAY, 0, 0);
  try {
    if (bitmap === 0) return null;
    calls.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, WHITE);
    calls.FPDF_RenderPageBitmap(bitmap, handle, 0, 0, width, height, 0, 0);
    const [from, stride] = [calls.FPDFBitmap_GetBuffer(bitmap), calls.FPDFBitmap_GetStride(bitmap)];
    const head = Buffer.from(`P5\n${width} ${height}\n255\n`);
    const picture = new Uint8Array(head.length + width * height);
    picture.set(head);
    for (let row = 0; row < height; row++) picture.set(engine.pdfium.HEAPU8.subarray(from + row * stride, from + row * stride + width), head.length + row * width);
    return picture;
  } finally {
    if (bitmap !== 0) calls.FPDFBitmap_Destroy(bitmap);
    calls.FPDF_ClosePage(handle);
  }
}
