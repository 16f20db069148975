import { Textarea } from '@mantine/core';
import { useState } from 'react';
import classes from './schema-form.module.css';

/** A value no other widget fits, as JSON text. What cannot be read is said at once and not stored. */
export const JsonField = ({ label, description, error, disabled, value, onChange }: {
  label: string; description?: string; error?: string; disabled: boolean; value: unknown; onChange: (value: unknown) => void;
}) => {
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)));
  const [wrong, setWrong] = useState(false);
  const read = (next: string) => {
    setText(next);
    if (next.trim() === '') { setWrong(false); onChange(undefined); return; }
    try { onChange(JSON.parse(next)); setWrong(false); } catch { setWrong(true); }
  };
  return (
    <Textarea
      data-unreadable={wrong || undefined}
      label={label} description={description} error={wrong ? 'This is not valid JSON yet' : error} disabled={disabled} value={text} spellCheck={false}
      autosize minRows={4} maxRows={20} className={classes.code} inputWrapperOrder={['label', 'input', 'description', 'error']}
      onChange={(event) => { read(event.currentTarget.value); }}
    />
  );
};
