import { ActionIcon, FileButton, Pill, Textarea, Tooltip } from '@mantine/core';
import { IconArrowUp, IconPaperclip, IconPlayerStopFilled } from '@tabler/icons-react';
import { useState } from 'react';
import classes from './chat-thread.module.css';

/** Files one may add to a question. */
export interface ChatFiles { accept: string; filesMax: number; bytesMax: number }

/** Where the next question is written. Enter sends, Shift-Enter starts a line; while an answer runs, the button stops it. */
export const ChatComposer = ({ busy, disabled, placeholder, files, onAsk, onStop, lengthMax = 8_000 }: {
  busy: boolean; disabled: boolean; placeholder: string; files?: ChatFiles; onAsk: (text: string, files: readonly File[]) => void; onStop: () => void; lengthMax?: number;
}) => {
  const [text, setText] = useState('');
  const [added, setAdded] = useState<readonly File[]>([]);
  const [refused, setRefused] = useState('');
  const ready = !busy && !disabled && (text.trim() !== '' || added.length > 0);
  const ask = () => {
    if (!ready) return;
    onAsk(text, added);
    setText('');
    setAdded([]);
    setRefused('');
  };
  const add = (chosen: readonly File[]) => {
    if (files === undefined || chosen.length === 0) return;
    const fitting = chosen.filter(({ size }) => size > 0 && size <= files.bytesMax);
    const wanted = [...added, ...fitting];
    const large = chosen.find(({ size }) => size > files.bytesMax);
    const empty = chosen.find(({ size }) => size === 0);
    setRefused(large !== undefined ? `${large.name} is larger than ${Math.floor(files.bytesMax / 1024 / 1024)} MB.` : empty !== undefined ? `${empty.name} is empty.` : wanted.length > files.filesMax ? `A message takes at most ${files.filesMax} files.` : '');
    setAdded(wanted.slice(0, files.filesMax));
  };
  return (
    <form
      className={classes.composer} onSubmit={(event) => { event.preventDefault(); ask(); }}
      onDragOver={(event) => { if (files !== undefined) event.preventDefault(); }}
      onDrop={(event) => { if (files !== undefined) { event.preventDefault(); add([...event.dataTransfer.files]); } }}
    >
      {added.length > 0 && (
        <div className={classes.added}>
          {added.map((file, index) => <Pill key={`${index} ${file.name}`} withRemoveButton onRemove={() => { setAdded(added.filter((other) => other !== file)); }}>{file.name}</Pill>)}
        </div>
      )}
      {refused !== '' && <div className={classes.note} role="alert">{refused}</div>}
      <div className={classes.line}>
        {files !== undefined && (
          <FileButton accept={files.accept} multiple onChange={add}>
            {(button) => <Tooltip label="Add a file"><ActionIcon {...button} size={32} aria-label="Add a file" disabled={disabled}><IconPaperclip size={18} /></ActionIcon></Tooltip>}
          </FileButton>
        )}
        <Textarea
          variant="unstyled" flex={1} autosize minRows={1} maxRows={8} dir="auto" aria-label="Message" placeholder={placeholder} value={text} maxLength={lengthMax} disabled={disabled}
          onPaste={(event) => {
            const pasted = [...event.clipboardData.files];
            if (files !== undefined && pasted.length > 0) { event.preventDefault(); add(pasted); }
          }}
          classNames={{ input: classes.input }} onChange={(event) => { setText(event.currentTarget.value); }}
          onKeyDown={(event) => {
            // Enter that ends a composed word (Japanese, Chinese) does not send.
            if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) { event.preventDefault(); ask(); }
          }}
        />
        {busy
          ? <Tooltip label="Stop"><ActionIcon size={32} variant="filled" color="gray" aria-label="Stop" onClick={onStop}><IconPlayerStopFilled size={16} /></ActionIcon></Tooltip>
          : <ActionIcon type="submit" size={32} variant="filled" color="accent" aria-label="Send" disabled={!ready}><IconArrowUp size={18} /></ActionIcon>}
      </div>
    </form>
  );
};
