/** The cards the sandbox knows and what each of them does; shown wherever the sandbox takes a payment. */
export const TEST_CARDS = [
  { number: '4242 4242 4242 4242', outcome: 'Payment succeeds' },
  { number: '4000 0000 0000 0002', outcome: 'Card is declined' },
  { number: '4000 0000 0000 9995', outcome: 'Not enough money on the card' },
] as const;

/** Digits in groups of four, as they stand on a card. */
export const grouped = (text: string): string => text.replaceAll(/\D/g, '').slice(0, 16).replaceAll(/(\d{4})(?=\d)/g, '$1 ');
