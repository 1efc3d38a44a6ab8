import assert from 'node:assert/strict';
import type * as lab from '../../src/lab/messages.ts';
import type * as protocol from '../../src/protocol.ts';
import type { ServerEvent } from '../../src/trace/serverEvent.ts';
import { runLab, newTrace } from './running.ts';

// The lab has its own copies of the message types. These lines do not compile when they drift
// apart.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
const sameEvents: Same<lab.ServerEvent, ServerEvent> = true;
const sameToLab: Same<lab.ToLab, protocol.ToLab> = true;
const sameFromLab: Same<lab.FromLab, protocol.FromLab> = true;
const sameAddresses: Same<lab.LabAddresses, protocol.LabAddresses> = true;
const sameState: Same<lab.LabState, protocol.LabState> = true;
const samePorts: Same<lab.LabPorts, protocol.LabPorts> = true;

/** Told only of connections that do not go as usual, of TLS, and after the response. */
const ofConnections = {
  'accept-failed': ['at code delay type', ''],
  'turned-away': ['at limit openConnections peerPort type', ''],
  'secured': ['at cipher resumed startAt type version', 'alpn serverName'],
  'closed': ['at by reason type', 'code pid requests'],
} as const;

/** Told by gateways, tunnels, relays and faults only. */
const ofGateways = {
  'forwarded': ['at reused startAt to type', 'statusCode'],
  'start-awaited': ['at of ready startAt type', ''],
  'balanced': ['at backEnds reason strategy to type', ''],
  'tunnelled': ['at receivedSize sentSize startAt to type', ''],
  'refused': ['at reason target type', ''],
  'dialogue': ['at protocol received sent startAt type', ''],
  'ignored': ['at size type', ''],
  'question': [
    'at id name peerPort queryFlags querySize recordType rule startAt transport type',
    'answerFlags answerSize delay glue rcode target udpSize zone',
  ],
  'greeted': ['at chosen offered startAt type version', 'accepted'],
  'unreadable': ['at peerPort reason size startAt transport type', 'delay id rcode'],
  'broken': ['at fault type', ''],
} as const;

/** The members of each event as src/trace/event.ts has them: [required, optional]. */
const members: { readonly [T in ServerEvent['type']]: readonly [string, string] } = {
  'listening': ['address at port type', ''],
  'accepted': ['at connection openConnections peerPort request server type', ''],
  'first-byte': ['at type', ''],
  'checked': ['at check outcome type', 'statusCode'],
  'head-parsed': ['at httpVersion method startAt target type', ''],
  'body-read': ['at size startAt type', ''],
  'routed': ['at candidates parameters startAt type', 'handler pattern statusCode'],
  'session-loaded': ['at outcome startAt type', 'code expiry failure id store user worker'],
  'handler-start': ['at handler type', ''],
  'handler-end': ['at handler type', 'error'],
  'response-started': ['at statusCode type', ''],
  'response-finished': ['at bodySize type', ''],
  'kept-alive': ['at requests timeout type', ''],
  ...ofConnections,
  ...ofGateways,
};

describe('lab messages', () => {
  it('are assignable to the contract, and the contract to them', () => {
    assert.deepEqual([sameEvents, sameToLab, sameFromLab, sameAddresses, sameState, samePorts], [true, true, true, true, true, true]);
  });

  it('have the members of the contract at run time', async () => {
    const running = await runLab();
    try {
      const { traceId, field } = newTrace();
      const response = await fetch(`http://127.0.0.1:${running.lab.addresses.http.port}/login`, {
        method: 'POST', body: new URLSearchParams({ user: 'ada', password: 'lovelace' }),
        headers: { traceparent: field },
      });
      assert.equal(response.status, 200);
      const events = await running.account(traceId);
      assert.deepEqual(
        [...new Set(events.map((event) => event.type))].sort(),
        Object.keys(members).filter((type) => !Object.hasOwn({ ...ofGateways, ...ofConnections }, type)).sort());
      for (const event of events) {
        const [required, optional] = members[event.type];
        const names = Object.keys(event);
        assert.deepEqual(required.split(' ').filter((name) => !names.includes(name)), [], event.type);
        const allowed = [...required.split(' '), ...optional.split(' ')];
        assert.deepEqual(names.filter((name) => !allowed.includes(name)), [], event.type);
      }
    } finally {
      await running.stop();
    }
  });
});
