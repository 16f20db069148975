/** A value as it stands beside another one: `Yes`, `1,200`, `pdf, csv`. Empty for what is not there. */
export const valueWords = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') return value.toLocaleString();
  if (Array.isArray(value)) return value.map((item: unknown) => valueWords(item) || '""').join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
};
