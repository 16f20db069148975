import '@mantine/core/styles/LoadingOverlay.layer.css';
import { Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import '@mantine/dropzone/styles.layer.css';
import { IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import type { FileDropProps } from './file-drop-props.ts';
import { formatBytes } from './format.ts';
import classes from './file-drop-zone.module.css';

/** Browsers name types differently, so files are told by their ending; the server looks at the bytes. */
const endsWith = (file: File, accept: readonly string[]): boolean => accept.some((ending) => file.name.toLowerCase().endsWith(ending));

export const FileDropZone = ({ accept, bytesMax, filesMax = 1, onFiles, label, disabled, loading }: FileDropProps) => {
  const [refused, setRefused] = useState<string[]>([]);
  const kinds = accept.map((ending) => ending.replace('.', '').toUpperCase()).join(', ');
  const take = (files: File[]) => {
    const why = (file: File) => (!endsWith(file, accept) ? 'is not one of these kinds' : file.size > bytesMax ? `is larger than ${formatBytes(bytesMax)}` : file.size === 0 ? 'is empty' : null);
    const good = files.filter((file) => why(file) === null);
    const extra = good.slice(filesMax).map((file) => `${file.name} was left out: at most ${filesMax} at once`);
    setRefused([...files.flatMap((file) => { const reason = why(file); return reason === null ? [] : [`${file.name} ${reason}`]; }), ...extra]);
    if (good.length > 0) onFiles(good.slice(0, filesMax));
  };
  return (
    <div>
      <Dropzone onDrop={take} multiple={filesMax > 1} disabled={disabled} loading={loading} className={classes.zone} inputProps={{ accept: accept.join(','), 'aria-label': label ?? 'Choose files' }}>
        <IconUpload size={24} className={classes.icon} aria-hidden />
        <Text fw={500}>{label ?? (filesMax > 1 ? 'Drop files here or choose them' : 'Drop a file here or choose one')}</Text>
        <Text size="xs" c="dimmed">{kinds}, up to {formatBytes(bytesMax)}{filesMax > 1 ? ' each' : ''}</Text>
      </Dropzone>
      {refused.length > 0 && <ul className={classes.refused} role="alert">{refused.map((line) => <li key={line}>{line}</li>)}</ul>}
    </div>
  );
};
