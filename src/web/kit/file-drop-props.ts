export interface FileDropProps {
  /** What may be dropped, as endings: `['.pdf', '.docx']`. */
  accept: readonly string[];
  /** Largest file, in bytes. */
  bytesMax: number;
  /** Most files at once; 1 unless told. */
  filesMax?: number;
  onFiles: (files: File[]) => void;
  /** The sentence inside; says what is taken unless told. */
  label?: string;
  /** Whole folders may be dropped or chosen too. */
  folders?: boolean;
  /** One line high, for above a table. */
  compact?: boolean;
  /** The second line; kinds and size unless told. */
  hint?: string;
  disabled?: boolean;
  loading?: boolean;
}
