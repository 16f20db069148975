/**
 * Headers that decide how a message is framed, routed, read or proven: nobody sets them by a name of their choice.
 * (OpenAPI itself gives `Accept`, `Content-Type` and `Authorization` as parameters no meaning.)
 */
const RESERVED: ReadonlySet<string> = new Set([
  'host', 'content-length', 'transfer-encoding', 'connection', 'upgrade', 'te', 'trailer', 'keep-alive', 'expect', 'accept', 'accept-encoding', 'content-type', 'content-encoding',
  'authorization', 'proxy-authorization', 'proxy-connection', 'cookie', 'cookie2', 'origin', 'referer', 'via', 'forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip',
]);

/** Whether a header may not be set by whoever wrote its name: reserved, or no header name at all. */
export const isReservedHeader = (name: string): boolean => RESERVED.has(name.trim().toLowerCase()) || !/^[\w!#$%&'*+.^`|~-]{1,200}$/.test(name);
