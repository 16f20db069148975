import { Avatar } from '@mantine/core';
import { useState } from 'react';
import type { CategoryName } from './category.tsx';
import classes from './product-mark.module.css';

/** A steady number for a name, so that its mark is the same everywhere. */
const seedOf = (name: string): number => {
  let hash = 2166136261;
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619) >>> 0;
  return hash;
};

/** Up to two letters. */
const initials = (name: string): string => {
  const words = name.trim().split(/\s+/).filter((word) => /\p{L}|\p{N}/u.test(word));
  const letters = words.length > 1 ? [words[0], words[1]] : [words[0]];
  return letters.map((word) => [...(word ?? '')][0] ?? '').join('').toUpperCase();
};

/** The picture of a product, provider or organization: its logo, or a mark drawn from its name. Never a broken image. */
export const ProductMark = ({ name, logo, category, size = 40 }: { name: string; logo?: string | null; category?: CategoryName; size?: number }) => {
  const [broken, setBroken] = useState<string | null>(null);
  if (logo !== undefined && logo !== null && logo !== '' && logo !== broken && /^(https?:|\/(?!\/))/.test(logo)) {
    return <Avatar src={logo} size={size} radius={Math.round(size / 5)} alt="" onError={() => { setBroken(logo); }} className={classes.logo} />;
  }
  const seed = seedOf(name);
  const turn = (seed % 8) * 45;
  return (
    <svg viewBox="0 0 40 40" width={size} height={size} aria-hidden className={classes.mark} data-category={category ?? 'none'} data-tone={seed % 4}>
      <rect width="40" height="40" rx="8" className={classes.ground} />
      <g transform={`rotate(${turn} 20 20)`} className={classes.shape}>
        {seed % 3 === 0 && <circle cx="33" cy="7" r="14" />}
        {seed % 3 === 1 && <path d="M40 0v26L14 0z" />}
        {seed % 3 === 2 && <path d="M20 0h20v20A20 20 0 0 1 20 0z" />}
      </g>
      <text x="20" y="20.5" textAnchor="middle" dominantBaseline="central" className={classes.letters}>{initials(name)}</text>
    </svg>
  );
};
