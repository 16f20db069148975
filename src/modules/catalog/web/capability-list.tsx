import { Title } from '@mantine/core';
import { IconAdjustments, IconChartBar, IconDatabase, IconPlugConnected, IconServer, IconSparkles, type Icon } from '@tabler/icons-react';
import type { ProductDetail } from '#modules/catalog/contract.ts';
import { capabilityFacts, type FactGroup } from './capability-facts.ts';
import classes from './product-page.module.css';

const ICONS: Readonly<Record<FactGroup['key'], Icon>> = { does: IconSparkles, data: IconDatabase, channels: IconPlugConnected, configure: IconAdjustments, runs: IconServer, see: IconChartBar };

/** What the product can do, in words. */
export const CapabilityList = ({ product }: { product: ProductDetail }) => (
  <div className={classes.groups}>
    {capabilityFacts(product).map(({ key, title, facts }) => {
      const GroupIcon = ICONS[key];
      return (
        <section key={key} className={classes.group} aria-labelledby={`group-${key}`}>
          <Title order={3} id={`group-${key}`} className={classes.groupTitle}><GroupIcon size={18} stroke={1.75} aria-hidden />{title}</Title>
          <ul className={classes.facts}>
            {facts.map(({ text, detail }) => <li key={text}><span>{text}</span>{detail !== undefined && <span className={classes.detail}>{detail}</span>}</li>)}
          </ul>
        </section>
      );
    })}
  </div>
);
