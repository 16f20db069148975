import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';

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

const Zone = lazy(() => import('./file-drop-zone.tsx').then((module) => ({ default: module.FileDropZone })));

/** A place to drop files or to choose them. The drag and drop part is fetched when it is first shown. */
export const FileDrop = (props: FileDropProps) => <Suspense fallback={<Skeleton h={144} radius="lg" />}><Zone {...props} /></Suspense>;
