import type { ReactNode } from 'react';

/** One column of a table. */
export interface Column<Row> {
  key: string;
  title: string;
  render: (row: Row) => ReactNode;
  /** The server's name to sort by, where it can. */
  sort?: string;
  align?: 'start' | 'end';
  /** CSS width. */
  width?: string;
  /** The name of the row: first, bold, and the heading of its card on a phone. */
  primary?: boolean;
  /** The menu of the row: on a phone it stands in the corner of the card. */
  menu?: boolean;
  /** False leaves it out of the cards on a phone. */
  phone?: boolean;
  /** Not shown until chosen in the column picker. */
  hidden?: boolean;
  /** The plain value for CSV and JSON; without it the column is not exported. */
  value?: (row: Row) => string | number | boolean | null;
}
/** A choice above the table; `name` is the parameter of the address and of the endpoint. */
export interface TableFilter { name: string; label: string; options: readonly { value: string; label: string }[] }
