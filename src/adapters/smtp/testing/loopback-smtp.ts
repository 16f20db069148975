/** A mail server on the loopback that speaks SMTP (RFC 5321) and keeps what it is given. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { z } from 'zod';

export interface TakenMail { from: string; to: string[]; data: string }

export interface LoopbackSmtp {
  url: string;
  taken: readonly TakenMail[];
  /** Answers to the next recipients instead of 250, such as `450 Try later`. */
  refusals: string[];
  close(): Promise<void>;
}

export async function startLoopbackSmtp(): Promise<LoopbackSmtp> {
  const taken: TakenMail[] = [];
  const refusals: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => { open.delete(socket); }).on('error', () => undefined);
    converse(socket, taken, refusals);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `smtp://127.0.0.1:${port}`, taken, refusals,
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function converse(socket: Socket, taken: TakenMail[], refusals: string[]): void {
  const say = (line: string) => socket.write(`${line}\r\n`);
  let mail: TakenMail = { from: '', to: [], data: '' };
  let reading = false;
  let rest = '';
  const command = (line: string): void => {
    const address = /<(.*)>/.exec(line)?.[1] ?? '';
    switch (line.slice(0, 4).toUpperCase()) {
      case 'EHLO': say('250-loopback'); say('250 8BITMIME'); break;
      case 'MAIL': mail = { from: address, to: [], data: '' }; say('250 OK'); break;
      case 'RCPT': {
        const refusal = refusals.shift();
        if (refusal === undefined) mail.to.push(address);
        say(refusal ?? '250 OK');
        break;
      }
      case 'DATA': reading = true; say('354 Go on'); break;
      case 'QUIT': say('221 Bye'); socket.end(); break;
      default: say('502 Not known here');
    }
  };
  socket.setEncoding('utf8').on('data', (part: string) => {
    const lines = (rest + part).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!reading) command(line);
      else if (line === '.') {
        reading = false;
        taken.push(mail);
        say('250 Taken');
      } else mail.data += `${line.replace(/^\./, '')}\n`;
    }
  });
  say('220 loopback ESMTP');
}
