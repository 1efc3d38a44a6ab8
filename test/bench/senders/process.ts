// One way of sending in a process of its own, so that none lives with what another leaves to be collected or has made
// the compiler believe. Its parent says where to, how many, and when to stop.
import type { Origin, Sender, Setting } from './sender.ts';
import type { Turn } from './turn.ts';

export type ToSender =
  | { readonly type: 'open'; readonly origin: Origin; readonly setting: Setting }
  | { readonly type: 'turn'; readonly requests: number }
  | { readonly type: 'close' };

type Open = (origin: Origin, setting: Setting) => Sender;

/** Only what is asked for is loaded. */
const ways: Readonly<Record<string, () => Promise<Open>>> = {
  traced: async () => (await import('./traced.ts')).tracedFull,
  bare: async () => (await import('./traced.ts')).tracedBare,
  undici: async () => (await import('./peers.ts')).undici,
  fetch: async () => (await import('./peers.ts')).fetching,
  got: async () => (await import('./peers.ts')).gotten,
  axios: async () => (await import('./peers.ts')).axiosSends,
  httpYac: async () => (await import('./peers.ts')).httpYac,
  raw: async () => (await import('./raw.ts')).raw,
};

const name = process.argv[2]!;
const opening = ways[name]!();
let sender: Sender | undefined;
let atOnce = 1;

process.on('message', (message: ToSender) => {
  obey(message).then((answer) => process.send!(answer)).catch((error: Error) => {
    console.error(`${name}:`, error);
    process.exit(1);
  });
});

async function obey(message: ToSender): Promise<Turn | 'done'> {
  switch (message.type) {
    case 'open':
      ({ atOnce } = message.setting);
      sender = (await opening)(message.origin, message.setting);
      return 'done';
    case 'turn': return turn(sender!, message.requests);
    case 'close':
      await sender!.close();
      return 'done';
  }
}

async function turn({ send }: Sender, requests: number): Promise<Turn> {
  let left = requests;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await send();
  };
  const cpu = process.cpuUsage();
  const startedAt = process.hrtime.bigint();
  await Promise.all(Array.from({ length: atOnce }, worker));
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  return { rate: requests / seconds, cost: (user + system) / requests };
}
