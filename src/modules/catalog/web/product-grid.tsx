import { Button } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { EmptyState, FailedState } from '#web/kit/states.tsx';
import type { ProductCard as Card } from '#modules/catalog/contract.ts';
import { CardSkeleton, ProductCard, type CardActions } from './product-card.tsx';
import classes from './marketplace.module.css';

/** Cards in rows of equal height. */
export const CardRows = ({ cards, label, heading, ...actions }: CardActions & { cards: readonly Card[]; label: string; heading?: 'h2' | 'h3' }) => (
  <ul className={classes.grid} aria-label={label} data-pair={cards.length === 2 || undefined}>
    {cards.map((card) => <li key={card.id}><ProductCard card={card} heading={heading} {...actions} /></li>)}
  </ul>
);

/** The same while the first cards are on their way. */
export const CardRowsSkeleton = ({ count = 9 }: { count?: number }) => (
  <div className={classes.grid} role="status" aria-label="Loading products" aria-busy>
    {Array.from({ length: count }, (_, index) => <CardSkeleton key={index} />)}
  </div>
);

/** Nothing fits, or there is nothing at all. */
export const NoProducts = ({ narrowed, search, onClear }: { narrowed: boolean; search: string; onClear: () => void }) => (narrowed
  ? (
    <EmptyState icon={<IconSearch size={28} />} title={search === '' ? 'No product fits these filters' : `Nothing found for “${search}”`} action={<Button variant="default" onClick={onClear}>Clear search and filters</Button>}>
      Search looks at names, summaries, descriptions and tags. Try a shorter or more general word, such as “support” or “documents”.
    </EmptyState>
  )
  : (
    <EmptyState title="No products here yet">
      Products appear here once a provider has submitted them and the operator has approved them.
    </EmptyState>
  ));

export const SearchFailed = ({ error, onRetry }: { error: unknown; onRetry: () => void }) => <FailedState error={error} onRetry={onRetry} kept="Your search and filters are kept in the address of this page." />;
