/** What build-widget.mjs wrote into manifest.json; sizes in bytes. */
export type WidgetManifest = {
  version: string;
  gzip: number;
  files: Record<'widget.js' | 'widget-chat.js', { bytes: number; gzip: number; integrity: string }>;
};

export function buildWidget(outDir?: string): Promise<WidgetManifest>;
