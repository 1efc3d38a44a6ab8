import type { TreeFile, TreeFolder } from './tree.ts';

// How FTP writes down what is in a folder, and how that is read.

/** An entry as its listing tells it. */
export interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  readonly size?: number;
  readonly modifiedAt?: Date;
}

type Node = TreeFile | TreeFolder;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const halfYear = 182 * 86_400_000;

/** As `ls -l` writes it: no standard says so, and every client reads it. */
export function longLine(node: Node, now: Date): string {
  const { modifiedAt: date } = node;
  const isRecent = Math.abs(now.getTime() - date.getTime()) < halfYear;
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  const day = `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)}`;
  const when = `${day} ${isRecent ? clock : ` ${date.getUTCFullYear()}`}`;
  const rights = node.kind === 'folder' ? 'drwxr-xr-x' : '-rw-r--r--';
  return `${rights}   1 ftp      ftp      ${String(sizeOf(node) ?? 0).padStart(12)} ${when} ${node.name}`;
}

/** RFC 3659 §7.2: facts, a space, the name. */
export function factLine(node: Node): string {
  const size = sizeOf(node);
  const facts = [
    `type=${node.kind === 'folder' ? 'dir' : 'file'}`, ...(size === undefined ? [] : [`size=${size}`]),
    `modify=${timeValue(node.modifiedAt)}`,
  ];
  return `${facts.join(';')}; ${node.name}`;
}

/** RFC 3659 §2.3: UTC, to the second. */
export function timeValue(date: Date): string {
  return date.toISOString().slice(0, 19).replace(/[-T:]/g, '');
}

/** The other way round; undefined for what is no time. */
export function readTime(text: string): Date | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?$/.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Reads MLSD; the folder itself and the one above are left out. */
export function readFacts(text: string): Entry[] {
  return text.split('\r\n').flatMap((line): Entry[] => {
    const [, factText = '', name = ''] = /^([^ ]*) (.+)$/.exec(line) ?? [];
    const facts = new Map(factText.toLowerCase().split(';').map((fact) => fact.split('=', 2) as [string, string]));
    const kind = { file: 'file', dir: 'folder' }[facts.get('type') ?? ''] as Entry['kind'] | undefined;
    if (!kind || name === '') return [];
    return [{ name, kind, ...measures(facts.get('size'), readTime(facts.get('modify') ?? '')) }];
  });
}

/** Reads LIST where it is written as `ls -l` does; the time is left out, for it has no zone. */
export function readLongLines(text: string): Entry[] {
  return text.split(/\r?\n/).flatMap((line): Entry[] => {
    const match = /^([-d])\S{9}\S?\s+\d+\s+\S+\s+\S+\s+(\d+)\s+[A-Z][a-z]{2}\s+\d{1,2}\s+[\d:]{4,5} (.+)$/.exec(line);
    if (!match) return [];
    const [, type, size, name = ''] = match;
    return name === '.' || name === '..' ? [] : type === 'd' ? [{ name, kind: 'folder' }]
      : [{ name, kind: 'file', ...measures(size, undefined) }];
  });
}

function measures(size: string | undefined, modifiedAt: Date | undefined): Pick<Entry, 'size' | 'modifiedAt'> {
  return {
    ...(size !== undefined && /^\d{1,15}$/.test(size) ? { size: Number(size) } : {}),
    ...(modifiedAt ? { modifiedAt } : {}),
  };
}

function sizeOf(node: Node): number | undefined {
  return node.kind === 'file' ? node.content.length : undefined;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
