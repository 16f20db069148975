import { ActionIcon, CopyButton, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import classes from './copy-field.module.css';

/** A small button that copies `value` and says so. */
export const CopyAction = ({ value, label = 'Copy' }: { value: string; label?: string }) => (
  <CopyButton value={value} timeout={1500}>
    {({ copied, copy }) => (
      <Tooltip label={copied ? 'Copied' : label}>
        <ActionIcon type="button" aria-label={copied ? 'Copied' : label} onClick={copy} color={copied ? 'green' : 'gray'}>
          {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
        </ActionIcon>
      </Tooltip>
    )}
  </CopyButton>
);

/** A value to take away: an address, a key, a snippet of one line. */
export const CopyField = ({ label, value, description }: { label: string; value: string; description?: string }) => (
  <TextInput
    label={label} description={description} value={value} readOnly rightSection={<CopyAction value={value} label={`Copy ${label.toLowerCase()}`} />}
    classNames={{ input: classes.mono }} inputWrapperOrder={['label', 'input', 'description']} onFocus={(event) => { event.currentTarget.select(); }}
  />
);

/** An id in a table: short, copied whole by a click. */
export const CopyId = ({ value, length = 8 }: { value: string; length?: number }) => (
  <CopyButton value={value} timeout={1500}>
    {({ copied, copy }) => (
      <Tooltip label={copied ? 'Copied' : value}>
        <UnstyledButton
          type="button" className={classes.id} aria-label={copied ? 'Copied' : `Copy ${value}`}
          onClick={(event) => { event.stopPropagation(); copy(); }}
        >
          {value.length > length + 2 ? `${value.slice(0, length)}…` : value}
        </UnstyledButton>
      </Tooltip>
    )}
  </CopyButton>
);
