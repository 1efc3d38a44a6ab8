import { a, aaaa, rcodes, soa } from './nameServer.ts';
import type { Asked, Send } from './nameServer.ts';

// Every other name is not there.
const withAddress = ['db.internal.corp.example', 'box.lab.example', 'plain', 'own.example', 'half.lab.example'];
const withoutAddress = ['half', 'half.corp.example', 'empty.example'];
const failing = ['broken.example', 'broken.example.corp.example'];

/** Answers for the names of the search tests. */
export function answerFor({ name, type }: Pick<Asked, 'name' | 'type'>, send: Send): void {
  if (withAddress.includes(name)) {
    return send({ answers: [type === 'A' ? a(name, '192.0.2.7') : aaaa(name, '2001:db8::7')] });
  }
  if (failing.includes(name)) return send({ rcode: rcodes.servfail });
  const authorities = [soa(name.split('.').at(-1) ?? '', 60)];
  send(withoutAddress.includes(name) ? { authorities } : { rcode: rcodes.nxdomain, authorities });
}
