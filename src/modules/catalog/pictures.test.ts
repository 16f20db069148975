import { expect, test } from 'vitest';
import { startApp, type Person } from '../../testing/app.ts';
import { providerEndpoints } from './contract.ts';
import { completeDraft, draftedProduct, sellerIn } from '../../testing/selling.ts';

const app = await startApp();
const ann = await sellerIn(app, 'Ann');

/** The smallest picture there is: one transparent pixel. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

async function upload(who: Person, bytes: Uint8Array, name = 'logo.png', type = 'image/png') {
  const body = new FormData();
  body.set('file', new Blob([new Uint8Array(bytes)], { type }), name);
  const answer = await who.fetch('/api/v1/assets', { method: 'POST', body });
  return { status: answer.status, body: await answer.json() as Record<string, unknown> };
}

test('a picture is kept and served to everybody, for good, and can do nothing but be shown', async () => {
  const kept = await upload(ann, PNG, '../../etc/passwd', 'text/html');
  expect(kept).toMatchObject({ status: 201, body: { content_type: 'image/png', bytes: PNG.length } });
  expect(kept.body.path).toBe(`/files/${String(kept.body.id)}`);
  const answer = await app.stranger.fetch(String(kept.body.path));
  expect(answer.status).toBe(200);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(PNG);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'image/png', 'x-content-type-options': 'nosniff', 'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': 'public, max-age=31536000, immutable',
  });
});

test('what is not a picture by its content is refused, whatever it is called', async () => {
  for (const content of ['<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', '<html><script>alert(1)</script></html>', 'MZ\u0090', '%PDF-1.7', '']) {
    expect(await upload(ann, Buffer.from(content, 'latin1')), content).toMatchObject({ status: 422, body: { code: 'picture_not_readable' } });
  }
});

test('a picture over 5 MB is refused', async () => {
  const large = Buffer.alloc(5 * 1024 * 1024 + 1);
  PNG.copy(large);
  expect(await upload(ann, large)).toMatchObject({ status: 413, body: { code: 'picture_too_large' } });
});

test('strangers cannot upload, and unknown pictures answer like any other unknown address', async () => {
  const body = new FormData();
  body.set('file', new Blob([PNG]), 'x.png');
  expect((await app.stranger.fetch('/api/v1/assets', { method: 'POST', body })).status).toBe(401);
  for (const id of ['01900000-0000-7000-8000-000000000000', 'x', '..%2f..%2fetc%2fpasswd']) expect((await app.stranger.fetch(`/files/${id}`)).status).toBe(404);
});

test('a listing may only show pictures that exist', async () => {
  const productId = await draftedProduct(ann, 'with-pictures');
  const { body } = await upload(ann, PNG);
  const missing = '/files/01900000-0000-7000-8000-000000000000';
  const draft = await ann.ok(providerEndpoints.saveDraft, { params: { productId }, body: { listing: { ...completeDraft('with-pictures').listing, logo: body.path, screenshots: [body.path, missing] } } });
  expect(draft.findings.filter((finding) => finding.step === 'listing')).toEqual([
    { step: 'listing', severity: 'error', path: 'listing.screenshots', message: `The picture ${missing} does not exist. Upload it again.` },
  ]);
});
