import { Modal, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import classes from './product-page.module.css';

/** Pictures of the product; each opens large. A picture that cannot be loaded is left out. */
export const Screenshots = ({ name, paths }: { name: string; paths: readonly string[] }) => {
  const [open, setOpen] = useState<string | null>(null);
  const [broken, setBroken] = useState<readonly string[]>([]);
  const shown = paths.filter((path) => !broken.includes(path));
  if (shown.length === 0) return null;
  return (
    <>
      <ul className={classes.shots} aria-label="Screenshots">
        {shown.map((path, index) => (
          <li key={path}>
            <UnstyledButton className={classes.shot} onClick={() => { setOpen(path); }} aria-label={`Screenshot ${index + 1} of ${name}, open large`}>
              <img src={path} alt="" loading="lazy" onError={() => { setBroken((before) => [...before, path]); }} />
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <Modal opened={open !== null} onClose={() => { setOpen(null); }} size="75rem" title={name}>
        {open !== null && <img src={open} alt={`Screenshot of ${name}`} className={classes.large} />}
      </Modal>
    </>
  );
};

/** Opens a demo video only when asked: nothing of another site is loaded before. */
export const videoPage = (url: string | null): string | null => (url !== null && /^https:\/\/(www\.)?(youtube\.com|youtu\.be|vimeo\.com)\//.test(url) ? url : null);
