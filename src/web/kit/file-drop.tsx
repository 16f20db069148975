import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { FileDropProps } from './file-drop-props.ts';

const Zone = lazy(() => import('./file-drop-zone.tsx').then((module) => ({ default: module.FileDropZone })));

/** A place to drop files or to choose them. The drag and drop part is fetched when it is first shown. */
export const FileDrop = (props: FileDropProps) => <Suspense fallback={<Skeleton h={144} radius="lg" />}><Zone {...props} /></Suspense>;
