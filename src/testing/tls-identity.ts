/**
 * A certificate for servers on the loopback in tests, signed by itself: for `db.example.org`, `localhost` and 127.0.0.1.
 * The key is public and proves nothing.
 */
export const testIdentity = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgdN48EZLIEjQOQX+6
5uEe3muGuapg+lD8ytE2JkAneuChRANCAAQy7VectB0cXDwPeITnUBq8AxFT6nu/
jbBUwgUOkkoLJfzQ/HF+aQX9D3eH0Arv2NlZmhMBxyP8Zi1WSO3q+l3e
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBTDCB9KADAgECAgEBMAoGCCqGSM49BAMCMA8xDTALBgNVBAMMBHRlc3QwIBcN
MjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMA8xDTALBgNVBAMMBHRlc3Qw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQy7VectB0cXDwPeITnUBq8AxFT6nu/
jbBUwgUOkkoLJfzQ/HF+aQX9D3eH0Arv2NlZmhMBxyP8Zi1WSO3q+l3eoz8wPTAq
BgNVHREEIzAhgg5kYi5leGFtcGxlLm9yZ4IJbG9jYWxob3N0hwR/AAABMA8GA1Ud
EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgcuqiWuG6BjRDqelQEN/xJZwI
9+ozPMyvPUhqAnOMhNECIDSN5B6o0XvwvM3PRoiW/q6QP/lm6UUy0VU2QSV/4tKE
-----END CERTIFICATE-----`,
};
