import { resolve } from 'node:path';

import { cliTexts } from '../explain/text/cli.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import type { Exchange } from '../trace/exchange.ts';
import type { Client } from '../wire/client.ts';
import { complain } from './complain.ts';

/**
 * `--output`: the content byte for byte, copied from where it is kept; false, and why is said, where that cannot be.
 */
export async function writeOutput(
  exchange: Exchange | undefined, client: Pick<Client, 'saveContent'>, file: string, language: Language,
): Promise<boolean> {
  try {
    const size = exchange && await client.saveContent(exchange.id, resolve(file));
    if (size === undefined) complain(say(cliTexts, language, 'output-nothing', { file }));
    return size !== undefined;
  } catch (error) {
    complain(say(cliTexts, language, 'output-unwritten', { file, reason: (error as Error).message }));
    return false;
  }
}
