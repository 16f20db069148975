import type { ReactNode } from 'react';
import type { CategoryName } from './category.tsx';
import { ProductMark } from './product-mark.tsx';
import classes from './product-mark.module.css';

/** A product in a row or list: its mark, its name, a second quiet line. */
export const ProductName = ({ name, logo, category, detail, size = 28 }: { name: string; logo?: string | null; category?: CategoryName; detail?: ReactNode; size?: number }) => (
  <span className={classes.named}>
    <ProductMark name={name} logo={logo} category={category} size={size} />
    <span className={classes.words}><span className={classes.first}>{name}</span>{detail !== undefined && <span className={classes.detail}>{detail}</span>}</span>
  </span>
);
