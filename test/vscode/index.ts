import Mocha from 'mocha';
import { CountingReporter } from '../support/countingReporter.ts';

/** Runs the suite in the extension host; rejects when a test failed. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: false, reporter: CountingReporter });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./language.test.ts');
  await import('./send.test.ts');
  await import('./authentication.test.ts');
  await import('./references.test.ts');
  await import('./contents.test.ts');
  await import('./tls.test.ts');
  await import('./environments.test.ts');
  await import('./markdown.test.ts');
  await import('./settings.test.ts');
  await import('./lab.test.ts');
  await import('./editing.test.ts');
  await import('./refactor.test.ts');
  await import('./names.test.ts');
  await import('./typing.test.ts');
  const failures = await new Promise<number>((resolve) => { mocha.run(resolve); });
  if (failures > 0) throw new Error(`${failures} tests failed inside VS Code.`);
}
