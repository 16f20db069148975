import { Group, Input, SegmentedControl, Text, Textarea } from '@mantine/core';
import { useId, useState } from 'react';
import { Markdown } from './markdown.tsx';
import classes from './markdown-editor.module.css';

/** Text in Markdown, to write and to see as readers will. */
export const MarkdownEditor = ({ label, description, error, disabled, value, onChange, maxLength, minRows = 8 }: {
  label: string; description?: string; error?: string; disabled?: boolean; value: string; onChange: (value: string) => void; maxLength?: number; minRows?: number;
}) => {
  const [mode, setMode] = useState('write');
  const id = useId();
  return (
    <Input.Wrapper id={id} label={label} error={error} inputWrapperOrder={['label', 'input', 'description', 'error']} description={description || undefined}>
      <div className={classes.editor} data-error={error !== undefined || undefined}>
        <Group justify="space-between" className={classes.bar}>
          <SegmentedControl size="xs" value={mode} onChange={setMode} data={[{ value: 'write', label: 'Write' }, { value: 'preview', label: 'Preview' }]} aria-label={`${label}: write or preview`} />
          <Text size="xs" c="dimmed" className="tabular">Markdown{maxLength === undefined ? '' : ` · ${value.length.toLocaleString()} of ${maxLength.toLocaleString()}`}</Text>
        </Group>
        {mode === 'write'
          ? <Textarea id={id} variant="unstyled" value={value} maxLength={maxLength} disabled={disabled} autosize minRows={minRows} maxRows={28} dir="auto" classNames={{ input: classes.input }} onChange={(event) => { onChange(event.currentTarget.value); }} />
          : <div className={classes.preview}>{value.trim() === '' ? <Text c="dimmed">Nothing to preview yet</Text> : <Markdown>{value}</Markdown>}</div>}
      </div>
    </Input.Wrapper>
  );
};
