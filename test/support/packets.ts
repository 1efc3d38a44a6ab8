// What passed on loopback, by the account of the kernel: captured by dumpcap, read by tshark, on the clock of the trace.
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { monotonicNow } from '../../src/wire/clock.ts';
import { requireDebian } from './debian.ts';

export interface Packet {
  /** ms on the machine's monotonic axis, as all events. */
  readonly at: number;
  readonly protocol: 'udp' | 'tcp';
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Bytes of payload. */
  readonly size: number;
  readonly syn: boolean;
  readonly ack: boolean;
}

export interface PacketCapture {
  /** Ends it and gives what was captured, in order. */
  stop(): Promise<Packet[]>;
}

/** Why packets cannot be captured here, or undefined. */
export async function captureObstacle(): Promise<string | undefined> {
  try {
    requireDebian('wireshark-common', 'dumpcap');
    requireDebian('tshark', 'tshark');
    const capture = await startCapture();
    await capture.stop();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Captures on `lo` from here on. Throws where that is not allowed. */
export async function startCapture(): Promise<PacketCapture> {
  const directory = mkdtempSync(join(tmpdir(), 'packets-'));
  const file = join(directory, 'lo.pcapng');
  const markers = createSocket('udp4').bind(0, '127.0.0.1');
  await once(markers, 'listening');
  const child = spawn('dumpcap', ['-q', '-i', 'lo', '-s', '128', '-w', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  await untilCapturing(child);
  const sent = await mark(markers);
  return {
    async stop() {
      sent.push(...await mark(markers));
      // The kernel hands packets over in blocks, after a while.
      await sleep(300);
      const exit = once(child, 'exit');
      child.kill('SIGINT');
      await exit;
      const { port } = markers.address();
      markers.close();
      const raw = await readPackets(file);
      await rm(directory, { recursive: true });
      return onOurAxis(raw, port, sent);
    },
  };
}

async function untilCapturing(child: ChildProcess): Promise<void> {
  let said = '';
  for await (const chunk of child.stderr!) {
    said += String(chunk);
    if (said.includes('File:')) {
      child.stderr!.resume();
      return;
    }
  }
  throw new Error(`dumpcap cannot capture on lo: ${said.trim()}`);
}

/** Datagrams to ourselves, and when each was sent: between the two readings lies the moment of the packet. */
async function mark(socket: Socket): Promise<{ before: number; after: number }[]> {
  const { port } = socket.address();
  const sent: { before: number; after: number }[] = [];
  for (let count = 0; count < 20; count += 1) {
    const arrived = once(socket, 'message');
    const before = monotonicNow();
    socket.send('mark', port, '127.0.0.1');
    // Sending to an address begins a turn of the loop later: the packet has passed when it is back.
    await arrived;
    sent.push({ before, after: monotonicNow() });
  }
  return sent;
}

interface RawPacket extends Omit<Packet, 'at'> {
  /** Epoch ms with a fraction. */
  readonly epoch: number;
}

const fields = ['frame.time_epoch', 'udp.srcport', 'udp.dstport', 'udp.length', 'tcp.srcport', 'tcp.dstport', 'tcp.len', 'tcp.flags.syn', 'tcp.flags.ack'];

async function readPackets(file: string): Promise<RawPacket[]> {
  const words = ['-n', '-r', file, '-T', 'fields', '-E', 'separator=,', '-E', 'occurrence=f', ...fields.flatMap((field) => ['-e', field])];
  const { stdout } = await promisify(execFile)('tshark', words, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\n').filter((line) => line !== '').map(rawPacket);
}

function rawPacket(line: string): RawPacket {
  const [epoch, udpFrom, udpTo, udpLength, tcpFrom, tcpTo, tcpLength, syn, ack] = line.split(',');
  const isSet = (flag: string | undefined): boolean => flag === '1' || flag === 'True';
  const time = epochOf(epoch!);
  if (udpFrom) {
    const size = Number(udpLength) - 8;
    return { epoch: time, protocol: 'udp', sourcePort: Number(udpFrom), destinationPort: Number(udpTo), size, syn: false, ack: false };
  }
  return {
    epoch: time, protocol: 'tcp', sourcePort: Number(tcpFrom), destinationPort: Number(tcpTo), size: Number(tcpLength || 0),
    syn: isSet(syn), ack: isSet(ack),
  };
}

/** Seconds with nine decimals are more digits than a number of ms has: the whole seconds of a day are enough. */
function epochOf(text: string): number {
  const [seconds, fraction = '0'] = text.split('.');
  return (Number(seconds) % 86_400) * 1000 + Number(`0.${fraction}`) * 1000;
}

/** The distance of the two clocks is where all marks agree: no packet passed before it was sent or after it was back. */
function onOurAxis(raw: readonly RawPacket[], markerPort: number, sent: readonly { before: number; after: number }[]): Packet[] {
  const marks = raw.filter(({ protocol, sourcePort, destinationPort }) =>
    protocol === 'udp' && sourcePort === markerPort && destinationPort === markerPort);
  if (marks.length !== sent.length) throw new Error(`${marks.length} of ${sent.length} marks were captured`);
  const most = Math.min(...marks.map(({ epoch }, index) => sent[index]!.after - epoch));
  const least = Math.max(...marks.map(({ epoch }, index) => sent[index]!.before - epoch));
  const distance = (most + least) / 2;
  return raw.filter((packet) => !marks.includes(packet)).map(({ epoch, ...packet }) => ({ ...packet, at: epoch + distance }));
}
