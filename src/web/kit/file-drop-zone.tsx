import '@mantine/core/styles/LoadingOverlay.layer.css';
import { Button, CloseButton, Group, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import '@mantine/dropzone/styles.layer.css';
import { IconFolderOpen, IconUpload } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { FileDropProps } from './file-drop-props.ts';
import { formatBytes } from './format.ts';
import { takeFiles } from './taken-files.ts';
import classes from './file-drop-zone.module.css';

export const FileDropZone = ({ accept, bytesMax, filesMax = 1, onFiles, label, folders = false, compact = false, hint, disabled, loading }: FileDropProps) => {
  const [refused, setRefused] = useState<string[]>([]);
  const kinds = accept.map((ending) => ending.replace('.', '').toUpperCase()).join(', ');
  const take = (files: readonly File[]) => {
    const { taken, refused: why } = takeFiles(files, { accept, bytesMax, filesMax });
    setRefused(why);
    if (taken.length > 0) onFiles(taken);
  };
  const words = label ?? (folders ? 'Drop files or folders here, or choose files' : filesMax > 1 ? 'Drop files here or choose them' : 'Drop a file here or choose one');
  return (
    <div className={classes.outer} data-compact={compact || undefined}>
      <Dropzone onDrop={take} multiple={filesMax > 1} disabled={disabled} loading={loading} className={classes.zone} inputProps={{ accept: accept.join(','), 'aria-label': label ?? 'Choose files' }}>
        <IconUpload size={compact ? 18 : 24} className={classes.icon} aria-hidden />
        <div>
          <Text fw={500}>{words}</Text>
          <Text size="xs" c="dimmed">{hint ?? `${kinds}, up to ${formatBytes(bytesMax)}${filesMax > 1 ? ' each' : ''}`}</Text>
        </div>
      </Dropzone>
      {folders && <div className={classes.folder}><FolderButton onFiles={take} disabled={disabled} /></div>}
      {refused.length > 0 && (
        <Group className={classes.refused} role="alert" wrap="nowrap" align="flex-start" gap="xs" justify="space-between">
          <ul>{refused.map((line) => <li key={line}>{line}</li>)}</ul>
          <CloseButton size="sm" aria-label="Dismiss" onClick={() => { setRefused([]); }} />
        </Group>
      )}
    </div>
  );
};

/** Browsers choose either files or one folder with all in it, so that folder has a button of its own. */
const FolderButton = ({ onFiles, disabled }: { onFiles: (files: File[]) => void; disabled?: boolean }) => {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={(element) => { input.current = element; element?.setAttribute('webkitdirectory', ''); }} type="file" multiple hidden aria-label="Choose a folder" tabIndex={-1}
        onChange={(event) => { onFiles([...event.currentTarget.files ?? []]); event.currentTarget.value = ''; }}
      />
      <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconFolderOpen size={14} />} disabled={disabled} onClick={() => { input.current?.click(); }}>Choose a folder</Button>
    </>
  );
};
