import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

// The kernel's account of the sockets this process holds: what a program forgot is in it, and what it unreferenced.

/**
 * Notes the sockets of this process. What it gives describes those that have come and are still held: as soon as there
 * are none, else after two seconds, since closing takes both ends some turns, and the goodbye of HTTP/2 half a second.
 * Those of `others`, servers and the connections they accepted, do not count. Where the kernel does not tell, there are
 * none.
 */
export function watchSockets(others: () => readonly (Server | Socket)[] = () => []): () => Promise<readonly string[]> {
  const known = new Set(heldSockets().values());
  const left = (): string[] => {
    const except = descriptorsOf(others());
    return [...heldSockets()].filter(([at, inode]) => !except.has(at) && !known.has(inode)).map(([, inode]) => inode);
  };
  return async () => {
    for (let turn = 0; left().length > 0 && turn < 150; turn++) {
      await (turn < 50 ? new Promise(setImmediate) : wait(20));
    }
    return left().map(describeSocket);
  };
}

/** Inodes of the sockets of TCP and UDP of this process by their descriptors. */
function heldSockets(): ReadonlyMap<number, string> {
  const held = new Map<number, string>();
  if (process.platform !== 'linux') return held;
  // proc(5): the pipes to other programs. The tables of TCP and UDP, to look there instead, take tens of milliseconds.
  const local = new Set(tableOf('unix').map((line) => line.split(/\s+/)[6]));
  for (const descriptor of readdirSync('/proc/self/fd')) {
    const inode = /^socket:\[(\d+)\]$/.exec(nameOf(descriptor))?.[1];
    if (inode !== undefined && !local.has(inode)) held.set(Number(descriptor), inode);
  }
  return held;
}

function descriptorsOf(held: readonly (Server | Socket)[]): ReadonlySet<number> {
  const handles = held as readonly { readonly _handle?: { readonly fd?: number } | null }[];
  return new Set(handles.flatMap(({ _handle: handle }) => handle?.fd ?? []));
}

/** Empty for the descriptor with which the folder was read: it is closed by now. */
function nameOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return '';
  }
}

/** Linux: include/net/tcp_states.h. */
const states = [
  'no state', 'established', 'SYN sent', 'SYN received', 'FIN wait 1', 'FIN wait 2', 'time wait', 'closed', 'close wait',
  'last ACK', 'listening', 'closing',
];

/** For messages. */
function describeSocket(inode: string): string {
  for (const kind of ['tcp', 'tcp6', 'udp', 'udp6']) {
    // proc(5): sl, local_address, rem_address, st, and the inode as the tenth; no such table without IPv6.
    const row = tableOf(kind).map((line) => line.trim().split(/\s+/)).find((cells) => cells[9] === inode);
    if (!row) continue;
    const [, local = '', remote = '', state = ''] = row;
    const told = kind.startsWith('tcp') ? `, ${states[parseInt(state, 16)]}` : '';
    return `${kind} ${portOf(local)} to ${portOf(remote)}${told}`;
  }
  return `a socket in no table, inode ${inode}`;
}

function tableOf(kind: string): string[] {
  try {
    return readFileSync(`/proc/self/net/${kind}`, 'latin1').split('\n');
  } catch {
    return [];
  }
}

function portOf(address: string): number {
  return parseInt(address.slice(address.lastIndexOf(':') + 1), 16);
}
