import dgram from 'node:dgram';
import dns from 'node:dns';
import { Server, Socket } from 'node:net';

const refuse = (): never => { throw new Error('no network in a code step'); };

/**
 * Takes the network from this process as far as JavaScript reaches. Where the system gives the process a network of its
 * own, there is none to begin with; this is for where it does not. Standard output stays, it is a pipe.
 */
export function closeDoors(): void {
  Socket.prototype.connect = refuse;
  Server.prototype.listen = refuse;
  Object.assign(dgram.Socket.prototype, { bind: refuse, connect: refuse, send: refuse });
  for (const owner of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
    for (const name of Object.getOwnPropertyNames(owner)) if (/^(lookup|resolve|reverse)/.test(name)) Object.assign(owner, { [name]: refuse });
  }
  for (const name of ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest']) Object.defineProperty(globalThis, name, { value: undefined });
  for (const name of ['getBuiltinModule', 'binding', 'dlopen', 'kill']) Object.defineProperty(process, name, { value: refuse });
}
