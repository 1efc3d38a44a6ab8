/** Says on standard error, in one line, what is wrong. */
export function complain(line: string): void {
  process.stderr.write(`roundtrip: ${line.replace(/\s*\n\s*/g, ' ')}\n`);
}
