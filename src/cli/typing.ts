import { createInterface } from 'node:readline';

import type { Client, ExchangeUpdate, Listener } from '../wire/client.ts';
import type { SendArguments } from './arguments.ts';

/**
 * Whether what is typed goes to a WebSocket: in a terminal, or where that is asked for and the file is not standard
 * input itself.
 */
export function takesTyping({ interactive, json, file }: SendArguments): boolean {
  if (file === '-') return false;
  return interactive || (!json && process.stdin.isTTY === true && process.stdout.isTTY === true);
}

/**
 * A listener that also makes each line of standard input a message on the WebSocket that opens, and its end (Ctrl+D) a
 * goodbye. What is sent is told as any message is; `refused` hears of a line that could not be.
 */
export function withTyping(
  listener: Listener, client: Pick<Client, 'sendMessage' | 'closeStream'>, refused: (line: string) => void,
): Listener {
  let lines: ReturnType<typeof createInterface> | undefined;
  const open = (exchangeId: string): void => {
    process.stdin.ref?.();
    lines = createInterface({ input: process.stdin, terminal: false });
    lines.on('line', (line) => {
      if (!client.sendMessage(exchangeId, line)) refused(line);
    });
    lines.on('close', () => client.closeStream(exchangeId));
  };
  const end = (): void => {
    lines?.removeAllListeners('close').close();
    // Nothing more is read: the program may end.
    process.stdin.pause().unref?.();
  };
  return {
    ...listener,
    onExchange: (update: ExchangeUpdate) => {
      listener.onExchange(update);
      for (const { type } of update.events) {
        if (type === 'web-socket-open') open(update.exchangeId);
        if (type === 'web-socket-end') end();
      }
    },
  };
}
