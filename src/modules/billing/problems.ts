import { problemTypes } from '#platform/http/problem.ts';

export const problems = problemTypes({
  'payments-unavailable': { status: 503, title: 'This installation cannot take payments' },
  'checkout-closed': { status: 409, title: 'This payment is closed' },
  'order-closed': { status: 409, title: 'This order cannot be paid' },
  'card-unknown': { status: 422, title: 'This is not a test card' },
  'return-path-invalid': { status: 422, title: 'The return path must be a path of this site' },
  'idempotency-key-invalid': { status: 422, title: 'The Idempotency-Key must be 1 to 200 visible characters' },
  'idempotency-key-reused': { status: 422, title: 'This Idempotency-Key was used for a different request' },
});
