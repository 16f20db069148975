import { Avatar, Button, FileButton, Group, Input, TextInput } from '@mantine/core';
import { useState } from 'react';
import { asProblem } from '#web/api/problem.ts';
import { useFormSurroundings } from './form-store.ts';

/** Largest picture the server takes, in bytes. */
const BYTES_MAX = 5 * 1024 * 1024;

/** A picture: uploaded where the form knows how, otherwise its address. */
export const ImageField = ({ label, description, error, disabled, value, onChange }: {
  label: string; description?: string; error?: string; disabled: boolean; value: string; onChange: (value: unknown) => void;
}) => {
  const { uploadImage } = useFormSurroundings();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const take = async (file: File | null) => {
    if (file === null || uploadImage === undefined) return;
    if (file.size > BYTES_MAX) { setFailure('Choose a picture of at most 5 MB'); return; }
    setBusy(true);
    setFailure(null);
    try { onChange(await uploadImage(file)); } catch (problem) { setFailure(asProblem(problem).message); } finally { setBusy(false); }
  };
  const order = ['label', 'input', 'description', 'error'] as const;
  if (uploadImage === undefined) {
    return (
      <TextInput
        label={label} description={description} error={error} disabled={disabled} value={value} type="url" placeholder="https://" inputWrapperOrder={[...order]}
        onChange={(event) => { onChange(event.currentTarget.value); }}
      />
    );
  }
  return (
    <Input.Wrapper label={label} description={description} error={failure ?? error} inputWrapperOrder={[...order]} labelElement="div">
      <Group gap="sm">
        <Avatar src={/^(https?:|\/)/.test(value) ? value : null} radius="md" size={56} alt="" />
        <FileButton accept="image/png,image/jpeg,image/webp" onChange={(file) => { void take(file); }} disabled={disabled}>
          {(button) => <Button {...button} type="button" variant="default" size="xs" loading={busy} disabled={disabled}>{value === '' ? 'Upload' : 'Replace'}</Button>}
        </FileButton>
        {value !== '' && <Button type="button" variant="subtle" color="gray" size="xs" disabled={disabled || busy} onClick={() => { onChange(undefined); }}>Remove</Button>}
      </Group>
    </Input.Wrapper>
  );
};
