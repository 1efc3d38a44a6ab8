import { mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CookieFileNotice, StoredCookie } from '../../trace/storedCookie.ts';
import { keyOf } from './cookie.ts';
import { formatOf, readCookies, writeCookies } from './cookieFormat.ts';
import type { CookieFormat } from './cookieFormat.ts';

/** Changes are written this long after the first of them, ms: a page that sets twenty cookies is one change. */
const writeDelay = 100;
/** 3,000 cookies of the largest size are 18 MB. */
const mostBytes = 32 * 1024 * 1024;
/** What a killed process left behind is removed once it is this old, ms. */
const leftoverAge = 60_000;

/** Where the cookies of a jar are kept. */
export interface CookieFile {
  /** What is in it. What cannot be understood is put aside, and a file that is not there is empty. Never rejects. */
  read(): Promise<{ readonly cookies: readonly StoredCookie[]; readonly notice?: CookieFileNotice }>;
  /** The jar is another now: it is written soon. `onNotice` hears when it cannot be. */
  changed(snapshot: () => readonly StoredCookie[], onNotice: (notice: CookieFileNotice) => void): void;
  /** Writes what has changed at once. Never rejects. */
  flush(): Promise<CookieFileNotice | undefined>;
}

/**
 * A file of cookies for its owner's eyes only (mode 0600). It is replaced as a whole, so that it is whole whenever the
 * process or the machine stops; what another process wrote into it meanwhile stays.
 */
export function createCookieFile(path: string, now: () => number = Date.now): CookieFile {
  return new FileOnDisk(path, now);
}

class FileOnDisk implements CookieFile {
  readonly #path: string;
  readonly #now: () => number;
  #format: CookieFormat;
  /** What the file held when we last saw it, and how it looked then. */
  #base = new Map<string, string>();
  #stamp = '';
  #snapshot: (() => readonly StoredCookie[]) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<CookieFileNotice | undefined> = Promise.resolve(undefined);
  #mayWrite = true;
  #count = 0;

  constructor(path: string, now: () => number) {
    this.#path = path;
    this.#now = now;
    this.#format = formatOf(undefined, path);
  }

  async read(): ReturnType<CookieFile['read']> {
    await this.#removeLeftovers();
    try {
      const cookies = await this.#load();
      return cookies ? { cookies } : { cookies: [], notice: await this.#putAside() };
    } catch (error) {
      if (isMissing(error)) return { cookies: [] };
      // What cannot be read is not written over either.
      this.#mayWrite = false;
      return { cookies: [], notice: { kind: 'unreadable', path: this.#path, reason: (error as Error).message } };
    }
  }

  /** @returns undefined for what is no file of cookies. @throws when it cannot be read. */
  async #load(): Promise<StoredCookie[] | undefined> {
    const stamp = await stampOf(this.#path);
    if (stamp.size > mostBytes) return undefined;
    const text = await readFile(this.#path, 'utf8');
    const format = formatOf(text, this.#path);
    const cookies = readCookies(text, format, this.#now());
    if (!cookies) return undefined;
    this.#format = format;
    this.#remember(cookies, stamp.text);
    return cookies;
  }

  #remember(cookies: readonly StoredCookie[], stamp: string): void {
    this.#base = new Map(cookies.map((cookie) => [keyOf(cookie), essenceOf(cookie)]));
    this.#stamp = stamp;
  }

  async #putAside(): Promise<CookieFileNotice> {
    const keptAs = `${this.#path}.damaged-${new Date(this.#now()).toISOString().replace(/[-:]|\.\d+/g, '')}`;
    this.#base = new Map();
    try {
      await rename(this.#path, keptAs);
      return { kind: 'damaged', path: this.#path, keptAs };
    } catch (error) {
      this.#mayWrite = false;
      return { kind: 'unreadable', path: this.#path, reason: (error as Error).message };
    }
  }

  changed(snapshot: () => readonly StoredCookie[], onNotice: (notice: CookieFileNotice) => void): void {
    this.#snapshot = snapshot;
    this.#timer ??= setTimeout(() => {
      void this.flush().then((notice) => notice && onNotice(notice));
    }, writeDelay).unref();
  }

  flush(): Promise<CookieFileNotice | undefined> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<CookieFileNotice | undefined> {
    const cookies = this.#snapshot?.();
    this.#snapshot = undefined;
    if (!cookies || !this.#mayWrite) return undefined;
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      const merged = await this.#merged(cookies);
      await this.#replace(writeCookies(merged, this.#format));
      this.#remember(merged, (await stampOf(this.#path)).text);
      return undefined;
    } catch (error) {
      return { kind: 'unwritable', path: this.#path, reason: (error as Error).message };
    }
  }

  /** Ours, and what another process has changed in the file since we last saw it. */
  async #merged(ours: readonly StoredCookie[]): Promise<readonly StoredCookie[]> {
    const { text: stamp } = await stampOf(this.#path).catch(() => ({ text: this.#stamp }));
    if (stamp === this.#stamp) return ours;
    const base = this.#base;
    const theirs = await this.#load().catch(() => undefined);
    if (!theirs) return ours;
    const all = new Map(theirs.map((cookie) => [keyOf(cookie), cookie]));
    for (const cookie of ours) if (base.get(keyOf(cookie)) !== essenceOf(cookie)) all.set(keyOf(cookie), cookie);
    const kept = new Set(ours.map(keyOf));
    for (const key of base.keys()) if (!kept.has(key)) all.delete(key);
    return [...all.values()];
  }

  /** Beside it, on the disk, and only then in its place. */
  async #replace(text: string): Promise<void> {
    const temporary = `${this.#path}.${process.pid}-${this.#count += 1}.tmp`;
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.#path);
    await syncDirectory(dirname(this.#path));
  }

  async #removeLeftovers(): Promise<void> {
    const folder = dirname(this.#path);
    const start = `${basename(this.#path)}.`;
    const names = await readdir(folder).catch(() => []);
    for (const name of names) {
      if (!name.startsWith(start) || !/^\d+-\d+\.tmp$/.test(name.slice(start.length))) continue;
      const path = join(folder, name);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
      if (this.#now() - mtimeMs > leftoverAge) await unlink(path).catch(() => undefined);
    }
  }
}

/** Everything but when it was used last: that alone is no change that another process's would have to yield to. */
function essenceOf({ accessed: _accessed, ...cookie }: StoredCookie): string {
  return JSON.stringify(cookie);
}

async function stampOf(path: string): Promise<{ readonly text: string; readonly size: number }> {
  const { ino, size, mtimeMs } = await stat(path);
  return { text: `${ino} ${size} ${mtimeMs}`, size };
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** So that the new name lasts too; systems that cannot do it do not need it. */
async function syncDirectory(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch {
    // Windows opens no directories.
  }
}
