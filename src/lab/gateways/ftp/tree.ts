// The files of the lab's FTP server: in memory, bounded, gone with the lab.

export interface TreeFile {
  readonly kind: 'file';
  readonly name: string;
  readonly content: Buffer;
  readonly modifiedAt: Date;
}

export interface TreeFolder {
  readonly kind: 'folder';
  readonly name: string;
  readonly modifiedAt: Date;
  readonly entries: Map<string, TreeFile | TreeFolder>;
}

/** `not-a-place`: no such folder, or a folder of that name is there already. */
export type StoreOutcome = 'stored' | 'not-a-place' | 'not-allowed' | 'full';

export interface Tree {
  /** By its absolute path as {@link absolutePath} gives it. */
  find(path: string): TreeFile | TreeFolder | undefined;
  /** Puts a file in place of what has its name; who is no member may do so in `/incoming` only. */
  store(path: string, content: Buffer, isMember: boolean): StoreOutcome;
}

export const limits = { fileSize: 1_048_576, totalSize: 8_388_608, files: 256, nameSize: 255 } as const;

/** The day RFC 959 was published: the files were always there. */
const beginning = new Date('1985-10-01T00:00:00Z');

const first: Readonly<Record<string, string>> = {
  '/welcome.txt': 'Welcome to the FTP server of the lab.\n'
    + 'Put what you like into incoming; it is forgotten with the lab.\n',
  '/인사.txt': '안녕하세요. 파일 이름도 내용도 UTF-8입니다.\n',
  '/standards/rfc959.txt': 'File Transfer Protocol (FTP), October 1985.\n',
  '/standards/rfc2428.txt': 'FTP Extensions for IPv6 and NATs, September 1998.\n',
  '/standards/ports.json': '{ "control": 21, "data": 20 }\n',
};

/** With a few files, and `/incoming` for more. */
export function createTree(now: () => Date = () => new Date()): Tree {
  const root = folder('');
  root.entries.set('incoming', folder('incoming'));
  root.entries.set('standards', folder('standards'));
  let count = 0;
  let total = 0;

  const find: Tree['find'] = (path) => {
    let node: TreeFile | TreeFolder | undefined = root;
    for (const name of path.split('/').filter(Boolean)) {
      node = node?.kind === 'folder' ? node.entries.get(name) : undefined;
    }
    return node;
  };
  const put = (path: string, content: Buffer, modifiedAt: Date): StoreOutcome => {
    const at = path.lastIndexOf('/');
    const name = path.slice(at + 1);
    const place = find(path.slice(0, at));
    const before = place?.kind === 'folder' ? place.entries.get(name) : undefined;
    if (place?.kind !== 'folder' || before?.kind === 'folder' || name === '') return 'not-a-place';
    const more = content.length - (before?.content.length ?? 0);
    const isTooMuch = content.length > limits.fileSize || total + more > limits.totalSize
      || (!before && count >= limits.files) || Buffer.byteLength(name) > limits.nameSize;
    if (isTooMuch) return 'full';
    if (!before) count += 1;
    total += more;
    place.entries.set(name, { kind: 'file', name, content, modifiedAt });
    return 'stored';
  };
  for (const [path, content] of Object.entries(first)) put(path, Buffer.from(content), beginning);

  return {
    find,
    store: (path, content, isMember) =>
      isMember || path.startsWith('/incoming/') ? put(path, content, now()) : 'not-allowed',
  };
}

function folder(name: string): TreeFolder {
  return { kind: 'folder', name, modifiedAt: beginning, entries: new Map() };
}

/** Where `path` leads from `folder`; above the root is the root. */
export function absolutePath(from: string, path: string): string {
  const names: string[] = [];
  for (const name of (path.startsWith('/') ? path : `${from}/${path}`).split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}
