import { Badge, Button, Skeleton, Text } from '@mantine/core';
import { IconBolt, IconPlus, IconRosetteDiscountCheckFilled, IconScale, IconStarFilled } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { CategoryChip } from '#web/kit/category.tsx';
import { formatNumber } from '#web/kit/format.ts';
import { PlainLink } from '#web/kit/link.tsx';
import { ProductMark } from '#web/kit/product-mark.tsx';
import { publicPaths } from '#web/url/paths.ts';
import type { ProductCard as Card } from '#modules/catalog/contract.ts';
import { priceWords, runsWords } from './price-words.ts';
import classes from './product-card.module.css';

export interface CardActions {
  onTry: (card: Card) => void;
  onAdd: (card: Card) => void;
  /** Products chosen for comparison, by the last part of their address. */
  compared: readonly string[];
  onCompare: (card: Card) => void;
}

/** Who offers a product, with the badge of a provider whose identity was checked. */
export const ProviderName = ({ provider, by = false }: { provider: Card['provider']; by?: boolean }) => (
  <span className={classes.provider}>
    <span className={classes.providerName}>{by && 'by '}{provider.name}</span>
    {provider.verified && (
      // Plain titles on cards: the library's tooltip would cost the first load a tenth of its budget.
      <span className={classes.verified} role="img" aria-label="Verified provider" title="Verified provider"><IconRosetteDiscountCheckFilled size={14} aria-hidden /></span>
    )}
  </span>
);

/** Average and number of ratings. */
export const RatingWords = ({ rating, ratings }: Pick<Card, 'rating' | 'ratings'>) => (rating === null
  ? <span>Not rated yet</span>
  : (
    <span className={classes.rating}>
      <IconStarFilled size={12} className={classes.star} aria-hidden />
      <span aria-label={`Rated ${rating} of 5 by ${ratings}`} role="img"><b>{rating.toFixed(1)}</b> ({formatNumber(ratings, { compact: true })})</span>
    </span>
  ));

/** One product of the marketplace. The whole card leads to its page; the buttons lie above that link. */
export const ProductCard = ({ card, onTry, onAdd, compared, onCompare, heading: Heading = 'h3' }: CardActions & { card: Card; heading?: 'h2' | 'h3' }) => {
  const chosen = compared.includes(card.slug);
  return (
    <article className={classes.card} data-category={card.category}>
      <div className={classes.head}>
        <ProductMark name={card.name} logo={card.logo} category={card.category} size={44} />
        <div className={classes.title}>
          <Heading className={classes.name}><PlainLink to={publicPaths.product(card.slug)} className={classes.link}>{card.name}</PlainLink></Heading>
          <ProviderName provider={card.provider} />
        </div>
        <button type="button" className={classes.compare} aria-pressed={chosen} title={chosen ? 'Remove from comparison' : 'Compare'} aria-label={`Compare ${card.name}`} onClick={() => { onCompare(card); }}><IconScale size={16} aria-hidden /></button>
      </div>
      <Text className={classes.summary} dir="auto">{card.summary}</Text>
      <div className={classes.facts}><CategoryChip category={card.category} /><RatingWords rating={card.rating} ratings={card.ratings} /><span className="tabular">{runsWords(card.runs)}</span></div>
      <div className={classes.foot}>
        <span className={classes.price}>{card.credits_per_message !== null && <IconBolt size={14} aria-hidden />}{priceWords(card)}</span>
        <CardButtons card={card} onTry={onTry} onAdd={onAdd} />
      </div>
    </article>
  );
};

const CardButtons = ({ card, onTry, onAdd }: Pick<CardActions, 'onTry' | 'onAdd'> & { card: Card }): ReactNode => {
  if (card.availability === 'coming') return <Badge color="gray" className={classes.coming}>Coming</Badge>;
  return (
    <span className={classes.buttons}>
      {card.can_try && <Button size="xs" variant="default" aria-label={`Try ${card.name}`} onClick={() => { onTry(card); }}>Try</Button>}
      <Button size="xs" leftSection={<IconPlus size={14} />} aria-label={`Add ${card.name}`} onClick={() => { onAdd(card); }}>Add</Button>
    </span>
  );
};

/** The same shape while it loads. */
export const CardSkeleton = () => (
  <div className={classes.card} aria-hidden>
    <div className={classes.head}><Skeleton h={44} w={44} /><div className={classes.title}><Skeleton h={14} w="70%" mt={4} /><Skeleton h={10} w="45%" mt={10} /></div></div>
    <div className={classes.summary}><Skeleton h={10} mt={5} /><Skeleton h={10} mt={10} w="95%" /><Skeleton h={10} mt={10} w="60%" /></div>
    <div className={classes.facts}><Skeleton h={10} w="80%" /></div>
    <div className={classes.foot}><Skeleton h={10} w={96} /><Skeleton h={30} w={112} /></div>
  </div>
);
