import { problemTypes } from '#platform/http/problem.ts';

export const problems = problemTypes({
  'product-coming': { status: 409, title: 'This product cannot be bought yet' },
  'cycle-not-offered': { status: 409, title: 'This plan has no price for the chosen cycle' },
  'request-repeated-differently': { status: 422, title: 'This Idempotency-Key was used for a different request' },
  'subscription-ended': { status: 409, title: 'This subscription has ended' },
  'configuration-changed': { status: 409, title: 'Somebody else changed the configuration in the meantime' },
  'configuration-refused': { status: 422, title: 'This configuration is not possible' },
  'insufficient-credits': { status: 402, title: 'Not enough credits' },
  'no-update': { status: 409, title: 'There is no newer version to take on' },
  'update-changed': { status: 409, title: 'Another version is offered by now' },
  'price-not-accepted': { status: 409, title: 'A higher price has to be accepted' },
  'no-way-back': { status: 409, title: 'There is no version to go back to' },
  'date-not-possible': { status: 422, title: 'This day is not possible' },
  'review-needs-subscription': { status: 409, title: 'Only active subscribers review a product' },
});
