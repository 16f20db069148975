import { Badge, Text } from '@mantine/core';
import { IconStarFilled } from '@tabler/icons-react';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { formatNumber } from '#web/kit/format.ts';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { FailedState, LoadingSkeleton } from '#web/kit/states.tsx';
import { marketplaceEndpoints, type ProductDetail } from '#modules/catalog/contract.ts';
import classes from './product-page.module.css';

const Stars = ({ rating }: { rating: number }) => (
  <span className={classes.stars} role="img" aria-label={`${rating} of 5 stars`}>
    {[1, 2, 3, 4, 5].map((star) => <IconStarFilled key={star} size={14} aria-hidden data-off={star > Math.round(rating) || undefined} />)}
  </span>
);

/** What subscribers say: the average, how it is made up, and their words. */
export const Reviews = ({ product }: { product: Pick<ProductDetail, 'id' | 'rating' | 'ratings' | 'rating_split'> }) => {
  const reviews = useEndpoint(marketplaceEndpoints.listReviews, { params: { productId: product.id } }, { enabled: product.ratings > 0 });
  if (product.rating === null) return <Text c="dimmed">Nobody has rated this yet. Only subscribers can: you find “Rate” on the page of the product once it is yours.</Text>;
  return (
    <div className={classes.reviews}>
      <div className={classes.split}>
        <div className={classes.average}><b>{product.rating.toFixed(1)}</b><span><Stars rating={product.rating} /><Text size="xs" c="dimmed">{formatNumber(product.ratings)} {product.ratings === 1 ? 'rating' : 'ratings'}</Text></span></div>
        <Split split={product.rating_split} />
      </div>
      {reviews.data === undefined
        ? (reviews.isError ? <FailedState error={reviews.error} onRetry={() => { void reviews.refetch(); }} /> : <LoadingSkeleton count={3} />)
        : (
          <ul className={classes.said}>
            {reviews.data.data.map((review) => (
              <li key={review.id}>
                <div className={classes.byline}><Stars rating={review.rating} /><b>{review.author}</b>{review.mine && <Badge color="gray">Yours</Badge>}<Text span size="xs" c="dimmed"><RelativeTime value={review.updated_at} /></Text></div>
                {review.text !== '' && <Text dir="auto" className={classes.words}>{review.text}</Text>}
              </li>
            ))}
          </ul>
        )}
    </div>
  );
};

/** How many gave five stars, four, down to one. */
const Split = ({ split }: { split: readonly number[] }) => {
  const total = split.reduce((sum, one) => sum + one, 0);
  return (
    <table className={classes.bars}>
      <caption className={classes.spoken}>Ratings by stars</caption>
      <tbody>
        {[5, 4, 3, 2, 1].map((stars) => {
          const number = split[stars - 1] ?? 0;
          return (
            <tr key={stars}>
              <th scope="row">{stars}<span className={classes.spoken}> stars</span></th>
              <td className={classes.barCell}><span className={classes.bar}><i style={{ inlineSize: total === 0 ? '0' : `${(number / total) * 100}%` }} /></span></td>
              <td className="tabular">{number}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
};
