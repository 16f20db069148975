import { ActionIcon, Button, FileButton, Group, Input, Loader, Text, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconPhotoPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { CategoryName } from '#web/kit/category.tsx';
import { asProblem } from '#web/api/problem.ts';
import { callEndpoint } from '#web/api/call-endpoint.ts';
import { ProductMark } from '#web/kit/product-mark.tsx';
import { moved } from '../plan-draft.ts';
import { uploadPicture } from './import-endpoints.ts';
import classes from './listing.module.css';

const BYTES_MAX = 5 * 1024 * 1024;
const TYPES = 'image/png,image/jpeg,image/webp,image/gif';
const SCREENSHOTS_MAX = 8;
const HELP = 'PNG, JPEG, WebP or GIF, at most 5 MB.';

/** Uploads one picture after the other; says what went wrong with which. */
const useUpload = () => {
  const [busy, setBusy] = useState(0);
  const [failure, setFailure] = useState<string | null>(null);
  const upload = async (files: readonly File[], onPath: (path: string) => void) => {
    setFailure(null);
    setBusy(files.length);
    for (const file of files) {
      try {
        if (file.size > BYTES_MAX) throw new RangeError(`${file.name} is larger than 5 MB`);
        onPath((await callEndpoint(uploadPicture, { body: { file } })).path);
      } catch (error) {
        setFailure(error instanceof RangeError ? error.message : `${file.name}: ${asProblem(error).message}`);
      }
      setBusy((left) => left - 1);
    }
  };
  return { busy, failure, upload };
};

/** The square picture of a product. Without one, a mark is drawn from the name. */
export const LogoField = ({ value, name, category, error, onChange }: { value: string | null; name: string; category: CategoryName; error?: string; onChange: (path: string | null) => void }) => {
  const { busy, failure, upload } = useUpload();
  return (
    <Input.Wrapper label="Logo" labelElement="div" description={`Square, at least 128 pixels. ${HELP}`} error={failure ?? error} inputWrapperOrder={['label', 'input', 'description', 'error']}>
      <Group gap="sm">
        <ProductMark name={name} logo={value} category={category} size={56} />
        <FileButton accept={TYPES} onChange={(file) => { if (file !== null) void upload([file], onChange); }}>
          {(props) => <Button {...props} type="button" variant="default" size="xs" loading={busy > 0}>{value === null ? 'Upload' : 'Replace'}</Button>}
        </FileButton>
        {value !== null && <Button type="button" variant="subtle" color="gray" size="xs" onClick={() => { onChange(null); }}>Remove</Button>}
      </Group>
    </Input.Wrapper>
  );
};

/** Pictures of the product at work, in the order they are shown. `onAdd` and the other changes see the newest list. */
export const ScreenshotsField = ({ value, error, onChange }: { value: readonly string[]; error?: string; onChange: (change: (before: readonly string[]) => string[]) => void }) => {
  const { busy, failure, upload } = useUpload();
  const room = SCREENSHOTS_MAX - value.length - busy;
  return (
    <Input.Wrapper
      label="Screenshots" labelElement="div" description={`Up to ${SCREENSHOTS_MAX}; the first one is seen most. ${HELP}`} error={failure ?? error} inputWrapperOrder={['label', 'input', 'description', 'error']}
    >
      <div className={classes.shots}>
        {value.map((path, index) => (
          <figure key={path} className={classes.shot}>
            <img src={path} alt={`Screenshot ${index + 1}`} />
            <figcaption className={classes.shotTools}>
              <Tool label={`Move screenshot ${index + 1} forward`} disabled={index === 0} onClick={() => { onChange((before) => moved(before, index, index - 1)); }} icon={IconChevronLeft} />
              <Tool label={`Move screenshot ${index + 1} back`} disabled={index === value.length - 1} onClick={() => { onChange((before) => moved(before, index, index + 1)); }} icon={IconChevronRight} />
              <Tool label={`Remove screenshot ${index + 1}`} onClick={() => { onChange((before) => before.filter((_, at) => at !== index)); }} icon={IconTrash} />
            </figcaption>
          </figure>
        ))}
        {Array.from({ length: busy }, (_, index) => <div key={index} className={classes.shotWaiting}><Loader size="sm" /></div>)}
        {room > 0 && (
          <FileButton accept={TYPES} multiple onChange={(files) => { void upload(files.slice(0, room), (path) => { onChange((before) => [...before, path].slice(0, SCREENSHOTS_MAX)); }); }}>
            {(props) => <button {...props} type="button" className={classes.shotAdd}><IconPhotoPlus size={20} aria-hidden /><Text span size="xs">Add screenshots</Text></button>}
          </FileButton>
        )}
      </div>
    </Input.Wrapper>
  );
};

const Tool = ({ label, disabled = false, onClick, icon: ToolIcon }: { label: string; disabled?: boolean; onClick: () => void; icon: typeof IconTrash }) => (
  <Tooltip label={label} disabled={disabled}><ActionIcon type="button" size="sm" variant="default" aria-label={label} disabled={disabled} onClick={onClick}><ToolIcon size={14} /></ActionIcon></Tooltip>
);
