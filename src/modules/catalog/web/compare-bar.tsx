import { Button, Text } from '@mantine/core';
import { LinkButton } from '#web/kit/link.tsx';
import { useCompared } from './storefront-state.ts';
import { comparePath } from './compare-path.ts';
import classes from './marketplace.module.css';

/** Appears once a product was chosen for comparison. */
export const CompareBar = () => {
  const { compared, clear } = useCompared();
  if (compared.length === 0) return null;
  return (
    <div className={classes.bar} role="region" aria-label="Comparison">
      <Text>{compared.length === 1 ? '1 product chosen, choose another' : `${compared.length} products chosen`}</Text>
      <Button size="xs" variant="subtle" color="gray" onClick={clear}>Clear</Button>
      {compared.length > 1 && <LinkButton size="xs" to={comparePath(compared)}>Compare</LinkButton>}
    </div>
  );
};
