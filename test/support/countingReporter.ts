import { appendFileSync } from 'node:fs';
import mocha from 'mocha';

/** One line of a report. The last is `end`: a report without it is of a run that broke off. */
export type ReportLine =
  | { readonly state: 'passed' | 'skipped'; readonly title: string }
  | { readonly state: 'failed'; readonly title: string; readonly error: string }
  | { readonly state: 'end' };

/**
 * mocha's spec reporter, which also writes every result to the file named in ROUNDTRIP_TEST_REPORT
 * as it comes, one JSON line each, so that counts of several runs can be added up and a crash loses
 * none.
 */
export class CountingReporter extends mocha.reporters.Spec {
  constructor(runner: mocha.Runner, options: mocha.MochaOptions) {
    super(runner, options);
    const file = process.env['ROUNDTRIP_TEST_REPORT'];
    if (!file) return;
    const write = (line: ReportLine) => appendFileSync(file, `${JSON.stringify(line)}\n`);
    runner.on('pass', (test) => write({ state: 'passed', title: test.fullTitle() }));
    runner.on('pending', (test) => write({ state: 'skipped', title: test.fullTitle() }));
    runner.on('fail', (test, error: Error) =>
      write({ state: 'failed', title: test.fullTitle(), error: error.stack ?? String(error) }));
    runner.on('end', () => write({ state: 'end' }));
  }
}

// mocha takes a reporter module's default export.
export default CountingReporter;
