import { problemTypes } from '#platform/http/problem.ts';

export const problems = problemTypes({
  'connector-unknown': { status: 422, title: 'There is no such connector' },
  'connection-fields-invalid': { status: 422, title: 'The connection lacks something or has something wrong' },
  'connection-address-invalid': { status: 422, title: 'The address of the connection is not possible' },
  'connection-secrets-needed': { status: 422, title: 'Another address needs the credentials again' },
  'connection-limit-reached': { status: 409, title: 'An organization can have no further connections' },
  'connection-does-not-fit': { status: 422, title: 'This connection does not serve the requirement' },
});
