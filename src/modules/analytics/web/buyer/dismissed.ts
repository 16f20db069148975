import { useState } from 'react';

/** Whether something was put away on this machine, and the way to put it away. */
export const useDismissed = (name: string): [boolean, () => void] => {
  const place = `dismissed:${name}`;
  const [gone, setGone] = useState(() => {
    try { return localStorage.getItem(place) !== null; } catch { return false; }
  });
  return [gone, () => {
    setGone(true);
    try { localStorage.setItem(place, '1'); } catch { /* Storage is off: it is away until the page is reloaded. */ }
  }];
};
