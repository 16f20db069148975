const ENDINGS: Readonly<Record<string, readonly string[]>> = { html: ['.html', '.htm'], md: ['.md', '.markdown'], csv: ['.csv', '.tsv'] };

/** The endings files of a format have, for choosing them. */
export const endingsOf = (format: string): readonly string[] => ENDINGS[format] ?? [`.${format}`];
