import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { answerFor } from './searchZone.ts';
import { startNameServer } from './nameServer.ts';

// Started in a network and a mount namespace of its own, where /etc/resolv.conf is the file named on the command line:
// prints for each configuration and each name the names that getent asks for, and whether it found the last.

const [path = '', casesFile = ''] = process.argv.slice(2);
const cases = JSON.parse(readFileSync(casesFile, 'utf8')) as { configuration: string; name: string }[];
const server = await startNameServer(answerFor, '127.0.0.1', 53);
const seen: { asked: string[]; found: boolean }[] = [];
for (const { configuration, name } of cases) {
  // The file that is mounted is the one that is written to.
  writeFileSync(path, `nameserver 127.0.0.1\n${configuration}`);
  server.asked.length = 0;
  const [status] = await once(spawn('getent', ['ahosts', name], { stdio: 'ignore' }), 'exit') as [number];
  seen.push({ asked: [...new Set(server.asked.map((asked) => asked.name))], found: status === 0 });
}
await server.close();
console.log(JSON.stringify(seen));
