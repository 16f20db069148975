import { count, defineConnector, itemsAt, json, line, oauth2, path, post, read, textAt, words } from '#modules/connections/kit.ts';

export const googleAnalytics = defineConnector({
  id: 'google-analytics', title: 'Google Analytics', description: 'Figures of a property (GA4).', category: 'data',
  auth: oauth2({ url: 'https://oauth2.googleapis.com/token' }), baseUrl: 'https://analyticsdata.googleapis.com',
  actions: [
    read(['report', 'Report', 'Figures by dimensions over a period.'], {
      property: line('Property', 'Its number.').regex(/^(properties\/)?\d+$/), metrics: words('Metrics').default(['activeUsers']), dimensions: words('Dimensions').default(['date']), startDate: line('From').default('7daysAgo'), endDate: line('Until').default('today'), limit: count('Rows', 1, 100_000).default(1000), dimensionFilter: json('Filter').optional(),
    }, ({ property, metrics, dimensions, startDate, endDate, ...body }) => post(`${path`/v1beta/properties/${property.replace('properties/', '')}`}:runReport`, { ...body, dateRanges: [{ startDate, endDate }], metrics: metrics.map((name) => ({ name })), dimensions: dimensions.map((name) => ({ name })) }), rows),
  ],
});

/** One object for each row, with the names of dimensions and metrics. */
function rows(body: unknown): object[] {
  const names = (where: string) => itemsAt(body, where).map((header) => textAt(header, 'name'));
  const [dimensions, metrics] = [names('dimensionHeaders'), names('metricHeaders')];
  return itemsAt(body, 'rows').map((row) => Object.fromEntries([
    ...itemsAt(row, 'dimensionValues').map((value, index) => [dimensions[index] ?? '', textAt(value, 'value')]),
    ...itemsAt(row, 'metricValues').map((value, index) => [metrics[index] ?? '', Number(textAt(value, 'value'))]),
  ]));
}
