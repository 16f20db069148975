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
  disabled?: boolean;
  loading?: boolean;
}
