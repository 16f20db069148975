import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startLoopbackSmtp } from '#adapters/smtp/testing/loopback-smtp.ts';
import { systemProcess } from '#platform/process.ts';
import { identityEndpoints } from '#modules/identity/contract.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { startApp, type Person } from '../../../testing/app.ts';
import { buy, sampleProduct } from '../../../testing/products.ts';
import { sourceEndpoints } from './contract.ts';
import { queueLetters } from './failure-letter.ts';

/** A page that is there or not, as the test says. */
let there = true;
const site = createServer((_request, response) => { response.writeHead(there ? 200 : 404, { 'content-type': 'text/html' }).end('<main><p>The ferry leaves at noon.</p></main>'); }).listen(0, '127.0.0.1');
await once(site, 'listening');
const { port } = z.object({ port: z.number() }).parse(site.address());
const post = await startLoopbackSmtp();
const app = await startApp({ EGRESS_ALLOW: `127.0.0.1:${port}`, SMTP_URL: post.url, MAIL_FROM: 'robot@market.example', BRAND_NAME: 'Harbour Market' });
afterAll(async () => {
  await post.close();
  site.close();
});

const product = await sampleProduct(app, { capabilities: { configuration: { rag: { enabled: true, sources: { documents: { enabled: true }, websites: { enabled: true, refreshInterval: 'daily' as const } } } } }, plans: [{ key: 'free', name: 'Free', tier: 'enterprise' as const, priceMonthlyMinor: 0, rateCard: { message: 2, document: 0, image: 10, voice: 2 } }] });
const ann = await app.person('Ann Ames');
const { subscription_id: subscriptionId } = await buy(ann, product, 'free');
await app.settled();
await ann.ok(subscriptionEndpoints.rename, { params: { subscriptionId }, body: { name: 'Ferry desk' } });
const params = { subscriptionId };

async function joins(name: string, role: 'admin' | 'member'): Promise<Person> {
  const person = await app.person(name);
  const { id } = await ann.ok(identityEndpoints.inviteMember, { params: { organizationId: ann.organizationId }, body: { email: person.email, role } });
  await person.ok(identityEndpoints.acceptInvitation, { params: { invitationId: id } });
  return person;
}

const add = async (name: string) => (await ann.ok(sourceEndpoints.addSource, { params, body: { kind: 'website', name, config: { url: `http://127.0.0.1:${port}/` } } })).id;
const read = async (sourceId: string) => {
  await ann.ok(sourceEndpoints.syncSource, { params: { ...params, sourceId } });
  await app.settled();
};
const remove = async (sourceId: string) => { await ann.ok(sourceEndpoints.removeSource, { params: { ...params, sourceId } }); };
/** The text of a message as its reader sees it. */
const written = (data: string): string => data.slice(data.indexOf('\n\n') + 2).replaceAll('=\n', '').replaceAll(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'));

test('who may configure a product is written to once when a source begins to fail, and again only after it was well', async () => {
  const bob = await joins('Bob Bell', 'admin');
  await joins('Carl Cole', 'member');
  const source = await add('Timetable');
  await app.settled();
  expect(post.taken).toEqual([]);

  there = false;
  await read(source);
  const [first] = post.taken;
  expect(post.taken.map(({ from, to }) => [from, to])).toEqual(expect.arrayContaining([['robot@market.example', [ann.email]], ['robot@market.example', [bob.email]]]));
  expect(post.taken).toHaveLength(2);
  expect(first?.data).toMatch(/^From: Harbour Market <robot@market\.example>$/m);
  const text = written(post.taken.find(({ to }) => to[0] === ann.email)?.data ?? '');
  const { last_error: error } = await ann.ok(sourceEndpoints.getSource, { params: { ...params, sourceId: source } });
  expect(text).toContain('Hello Ann Ames,');
  expect(text).toContain('“Timetable”, a source of what Ferry desk knows, could not be read on ');
  expect(text).toContain(error?.message ?? 'a reason');
  expect(text).toContain('What was read before stays, and answers still rest on it. It is only read when somebody asks for it.');
  expect(text).toContain(`${app.baseUrl}/organizations/${ann.organizationId}/agents/${subscriptionId}/training/?part=sources`);

  // The event that tells of it may come twice.
  const { identity, platform } = app.composition;
  const alerts = { mailer: { send: async () => undefined }, people: identity.administrators, baseUrl: app.baseUrl, brand: '' };
  await queueLetters(alerts, systemProcess(platform, 'test', ann.organizationId), source);
  await app.settled();
  await read(source);
  expect(post.taken).toHaveLength(2);
  there = true;
  await read(source);
  expect(post.taken).toHaveLength(2);
  there = false;
  await read(source);
  expect(post.taken).toHaveLength(4);
  await remove(source);
});

test('a mail server that is busy is asked again, an address it does not know is left alone', async () => {
  const before = post.taken.length;
  post.refusals.push('450 4.2.0 Try later', '550 5.1.1 Nobody here');
  there = false;
  const source = await add('Prices');
  await app.settled();
  expect([post.taken.length - before, post.refusals]).toEqual([0, []]);
  await expect.poll(() => post.taken.length - before, { timeout: 15_000, interval: 200 }).toBe(1);
  await app.settled();
  expect(post.taken).toHaveLength(before + 1);
  await remove(source);
});
