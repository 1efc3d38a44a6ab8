import { UsageError } from './usageError.ts';

// Figures on the command line: undefined where none is given, a UsageError where one cannot be read.

/** In ms: `1500` and `1500ms` are ms; `2s` and `1.5s` seconds; `1m` a minute. */
export function duration(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m)?$/.exec(text);
  const value = Number(match?.[1]) * { ms: 1, s: 1000, m: 60_000 }[(match?.[2] ?? 'ms') as 'ms'];
  if (!match || value === 0) {
    throw new UsageError('bad-duration', { option, text });
  }
  return value;
}

/** Bytes, in digits alone. */
export function size(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new UsageError('bad-size', { option, text });
  return Number(text);
}

/** Bytes: `500000`, `500kB`, `20MiB`, `4GB`. */
export function sizeWithUnit(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?$/i.exec(text);
  if (!match) throw new UsageError('bad-size-unit', { option, text });
  const power = ' kmgt'.indexOf((match[2] || ' ').toLowerCase());
  return Math.round(Number(match[1]) * (match[3] ? 1024 : 1000) ** power);
}

/** Of a response's head, in bytes: from 1 KiB to 1 MiB, since it is held in memory. */
export function headSize(text: string | undefined): number | undefined {
  const bytes = sizeWithUnit('--max-head-size', text);
  if (bytes === undefined) return undefined;
  if (bytes < 1024 || bytes > 1024 ** 2) throw new UsageError('bad-head-size', { text: text! });
  return bytes;
}

/** A number from 1 to `most`, which is at most 99,999. */
export function count(option: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > most) throw new UsageError('bad-count', { option, most, text });
  return value;
}

/** 0 is no limit. */
export function limit(value: number | undefined): number | undefined {
  return value === 0 ? Infinity : value;
}
