/** Where uploaded files live. Keys are made by the server (`<tenant>/<id>`), never from a file's name. */
export interface FileStore {
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Null when there is no such file. */
  get(key: string): Promise<Uint8Array | null>;
  /** Succeeds also when there is no such file. */
  remove(key: string): Promise<void>;
}

const KEY = /^[a-z0-9-]{1,64}(\/[a-z0-9-]{1,64}){1,3}$/;

/** Throws unless the key has the server's own form; the only guard between a key and a path. */
export function checkKey(key: string): string {
  if (!KEY.test(key)) throw new Error('a file key must be made of ids');
  return key;
}
