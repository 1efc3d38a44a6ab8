import { createSocket } from 'node:dgram';
import { a, aaaa, buildReply, cname, ns, rcodes, soa } from '../wire/dns/nameServer.ts';
import type { Asked, Reply, Send } from '../wire/dns/nameServer.ts';

// Name servers that do one thing wrong, by name.

type Fault = (asked: Asked, send: Send) => void;

const always = (reply: Reply | ((asked: Asked) => Reply)): Fault => (asked, send) =>
  send(typeof reply === 'function' ? reply(asked) : reply);

/** An answer in order, on loopback. */
export const answers: Fault = ({ name, type }, send) =>
  send(type === 'A' ? { answers: [a(name, '127.0.0.1')] } : { authorities: [soa('test', 60)] });

const forged = ({ name }: Asked): Reply => ({ answers: [a(name, '192.0.2.66'), aaaa(name, '2001:db8::66')] });

/** A reply in order whose bytes are then changed; offsets count from the end of the question. */
const changed = (change: (bytes: Buffer, end: number) => Buffer | void): Fault => (asked, send) => {
  const bytes = buildReply(asked, { answers: [asked.type === 'A' ? a(asked.name, '127.0.0.1') : aaaa(asked.name, '::1')] });
  const end = 12 + asked.name.length + 2 + 4;
  send(change(bytes, end) ?? bytes);
};

/** Over UDP an answer that is cut, over TCP this. */
const overTcp = (fault: Fault): Fault => (asked, send) =>
  asked.transport === 'udp' ? send({ truncated: true }) : fault(asked, send);

/** The place of an answer's RDLENGTH: behind the name (as it stands in the question), type, class and TTL. */
const lengthAt = (bytes: Buffer, end: number): number => bytes.length - (bytes.length - end > 30 ? 18 : 6);

export const dnsFaults = {
  'silence': () => undefined,
  'another id': (asked, send) => send({ ...forged(asked), id: asked.id ^ 1 }),
  'another question': (asked, send) => send({ ...forged(asked), question: { name: 'other.test', type: 'A' } }),
  'a question sent back': changed((bytes) => { bytes[2]! &= 0x7f; }),
  'an answer from another port': (asked) => {
    const stranger = createSocket('udp4');
    stranger.send(buildReply(asked, forged(asked)), asked.fromPort, '127.0.0.1', () => stranger.close());
  },
  'noise': (_asked, send) => send(Buffer.from('this is no DNS message at all')),
  'eleven octets': changed((bytes) => bytes.subarray(0, 11)),
  'a datagram of nothing': (_asked, send) => send(Buffer.alloc(0)),
  'a head and no more': changed((bytes) => bytes.subarray(0, 12)),
  'an answer that is cut without saying so': changed((bytes) => bytes.subarray(0, bytes.length - 3)),
  'more answers counted than there are': changed((bytes) => void bytes.writeUInt16BE(1_000, 6)),
  'an RDLENGTH beyond the message': changed((bytes, end) => void bytes.writeUInt16BE(0xffff, lengthAt(bytes, end))),
  'an RDLENGTH of an address that is too short': changed((bytes, end) => void bytes.writeUInt16BE(3, lengthAt(bytes, end))),
  'a name that points to itself': changed((bytes, end) => void bytes.writeUInt16BE(0xc000 | end, end)),
  'a name that points ahead': changed((bytes, end) => void bytes.writeUInt16BE(0xc000 | (end + 8), end)),
  'a label of a kind that is not known': changed((bytes, end) => { bytes[end] = 0x80; }),
  'FORMERR': always({ rcode: rcodes.formerr }),
  'SERVFAIL': always({ rcode: rcodes.servfail }),
  'NOTIMP': always({ rcode: rcodes.notimp }),
  'REFUSED': always({ rcode: rcodes.refused }),
  'a code that is not known': always({ rcode: 13 }),
  'a name error': always({ rcode: rcodes.nxdomain, authorities: [soa('test', 60)] }),
  'an empty answer': always({ authorities: [soa('test', 60)] }),
  'an empty answer without SOA': always({}),
  'an answer for another name': always(() => ({ answers: [a('other.test', '192.0.2.66')] })),
  'a referral': always({ authoritative: false, authorities: [ns('test', 'ns.other.test')] }),
  'a loop of aliases': always(({ name }) => ({ answers: [cname(name, 'two.test'), cname('two.test', name)] })),
  'an alias to itself': always(({ name }) => ({ answers: [cname(name, name)] })),
  'aliases without end': (asked, send) => send({ answers: [cname(asked.name, `x${asked.name.length}.${asked.name.slice(-60)}`)] }),
  'cut, and over TCP cut again': always({ truncated: true }),
  'cut, and over TCP the end': overTcp((_asked, send) => send({}, 0, true)),
  'cut, and over TCP half of it': overTcp((_asked, send) => send({}, 8, true)),
  'cut, and over TCP silence': overTcp(() => undefined),
} satisfies Record<string, Fault>;

export const dnsOddities = {
  'letters in another case': (asked, send) => {
    const name = asked.name.toLowerCase();
    const answer = asked.type === 'A' ? { answers: [a(name, '127.0.0.1')] } : { authorities: [soa('test', 60)] };
    send({ ...answer, question: { name, type: asked.type as 'A' } });
  },
  'no question in the answer of a server without EDNS': (asked, send) =>
    asked.edns ? send({ rcode: rcodes.formerr, withoutQuestion: true }) : answers(asked, send),
  'a TTL of 136 years': ({ name, type }, send) =>
    send(type === 'A' ? { answers: [a(name, '127.0.0.1', 0xffff_ffff)] } : { authorities: [soa('test', 60)] }),
  'forgeries before the answer': (asked, send) => {
    for (let id = 1; id < 200; id++) send({ ...forged(asked), id: asked.id ^ id });
    answers(asked, send);
  },
  'the answer twice': (asked, send) => {
    answers(asked, send);
    answers(asked, send);
  },
  'an address that is nobody’s beside the right one': ({ name, type }, send) =>
    send(type === 'A' ? { answers: [a(name, '127.0.0.1'), a('evil.test', '192.0.2.66')], additionals: [a(name, '192.0.2.67')] } : { authorities: [soa('test', 60)] }),
} satisfies Record<string, Fault>;
