import { Kbd, Modal } from '@mantine/core';
import { hideKeys } from './overlay-state.ts';
import classes from './shell.module.css';

const KEYS: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ['Ctrl', 'K'], does: 'Go to, create, switch organization' },
  { keys: ['?'], does: 'Show these keys' },
  { keys: ['Ctrl', 'S'], does: 'Save the open form' },
  { keys: ['/'], does: 'Search this table' },
  { keys: ['J'], does: 'Next row' },
  { keys: ['K'], does: 'Previous row' },
  { keys: ['Enter'], does: 'Open the row' },
  { keys: ['X'], does: 'Select the row' },
  { keys: ['Del'], does: 'Delete the selected rows' },
  { keys: ['Esc'], does: 'Close what is open' },
];

export const KeysDialog = () => {
  const apple = /mac|iphone|ipad/i.test(navigator.userAgent);
  return (
    <Modal opened onClose={hideKeys} title="Keyboard shortcuts" size="sm">
      <dl className={classes.keys}>
        {KEYS.map(({ keys, does }) => (
          <div key={does}>
            <dt>{does}</dt>
            <dd>{keys.map((key) => <Kbd key={key} size="xs">{key === 'Ctrl' && apple ? '⌘' : key}</Kbd>)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
};
