import { createInterface } from 'node:readline';

import type { Client, ExchangeUpdate, Listener } from '../wire/client.ts';

/**
 * Makes each line of standard input a message on the WebSocket that opens, and its end (Ctrl+D) a goodbye. What is sent
 * is told as any message is; `refused` hears of a line that could not be.
 */
export function createTyping(
  client: Pick<Client, 'sendMessage' | 'closeStream'>, refused: (line: string) => void,
): Pick<Listener, 'onExchange'> {
  let lines: ReturnType<typeof createInterface> | undefined;
  const open = (exchangeId: string): void => {
    lines = createInterface({ input: process.stdin, terminal: false });
    lines.on('line', (line) => {
      if (!client.sendMessage(exchangeId, line)) refused(line);
    });
    lines.on('close', () => client.closeStream(exchangeId));
  };
  return {
    onExchange: ({ exchangeId, events }: ExchangeUpdate) => {
      for (const event of events) {
        if (event.type === 'web-socket-open') open(exchangeId);
        if (event.type !== 'web-socket-end') continue;
        lines?.removeAllListeners('close').close();
        // Nothing more is read: the program may end.
        process.stdin.pause().unref?.();
      }
    },
  };
}
