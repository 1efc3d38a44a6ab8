import { parseArguments } from './cli/arguments.ts';
import { UsageError } from './cli/usageError.ts';
import { languageFor } from './explain/text/language.ts';
import { cliTexts } from './explain/text/cli.ts';
import { say } from './explain/text/text.ts';

const language = languageFor(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG);

/** Exit codes: 0 every exchange completed, 1 one did not, 2 the command could not be carried out, 130 Ctrl+C. */
async function main(words: readonly string[]): Promise<number> {
  const given = parseArguments(words);
  switch (given.command) {
    case 'help':
      process.stdout.write(say(cliTexts, language, 'usage'));
      return 0;
    case 'version':
      process.stdout.write(`${(await import('../package.json', { with: { type: 'json' } })).default.version}\n`);
      return 0;
    case 'send':
      return (await import('./cli/send.ts')).sendCommand(given, language);
    case 'parse':
      return (await import('./cli/parse.ts')).parseCommand(given, language);
    case 'cookies':
      return (await import('./cli/cookies.ts')).cookiesCommand(given, language);
    case 'lab':
      return (await import('./cli/lab.ts')).labCommand(given, language);
  }
}

function complain(line: string): void {
  process.stderr.write(`roundtrip: ${line}\n`);
}

async function run(): Promise<void> {
  // A reader such as `head` that has seen enough is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    process.exitCode = 2;
    if (error instanceof UsageError) complain(say(cliTexts, language, error.id, error.places));
    else complain(say(cliTexts, language, 'unexpected', { reason: (error as Error).message }));
  }
}

void run();
