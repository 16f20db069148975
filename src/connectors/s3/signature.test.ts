import { expect, test } from 'vitest';
import { signed } from './signature.ts';

/** The example "GET Bucket (List Objects)" of the Amazon S3 documentation of Signature Version 4. */
test('a request is signed as the documentation of S3 shows', () => {
  const outside = {
    fields: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', region: 'us-east-1', bucket: 'examplebucket' },
    address: new URL('https://examplebucket.s3.amazonaws.com'), now: () => new Date('2013-05-24T00:00:00Z'),
  };
  const request = signed(outside, { method: 'GET', key: '', query: { 'max-keys': '2', prefix: 'J' } });
  expect(request.path).toBe('/?max-keys=2&prefix=J');
  expect(request.headers?.['authorization']).toBe('AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7');
});
