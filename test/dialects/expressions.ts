// A small reader of regular expressions, for one question: can matching go back over the same characters again and
// again? It can where an unbounded repetition stands inside another one, or right after one that can match the same
// characters, with something behind them that can fail.

/** A piece of an expression, as far as that question needs it. */
type Node =
  | { readonly kind: 'set'; readonly source: string; readonly has: (code: number) => boolean }
  | { readonly kind: 'anchor'; readonly source: string }
  | {
    readonly kind: 'group'; readonly source: string; readonly look: boolean;
    readonly options: readonly (readonly Item[])[];
  };

interface Item {
  readonly node: Node;
  readonly least: number;
  readonly most: number;
}

export interface Risk {
  readonly kind: 'nested' | 'adjacent' | 'unanchored';
  readonly part: string;
}

/** Characters that stand for all: every ASCII one and some beyond. */
const codes = [...Array.from({ length: 128 }, (_, code) => code), 0xa0, 0xe9, 0x3042, 0xac00, 0xd83d, 0xfeff, 0x2028];

/** Repetitions up to this often cost little even when they are tried again at every place. */
const bounded = 1000;

/** What in an expression may be matched in more ways than grow with the text. */
export function risksIn(source: string, flags: string): Risk[] {
  const options = new Parser(source, flags).parse();
  const risks: Risk[] = [];
  for (const items of options) visit(items, false, false, risks);
  for (const items of options) if (!flags.includes('y')) unanchoredIn(items, risks);
  return risks;
}

/** `fails`: something behind these items may not match, so that they are tried in another way. */
function visit(items: readonly Item[], repeated: boolean, fails: boolean, risks: Risk[]): void {
  for (const [at, item] of items.entries()) {
    const { node, most } = item;
    const isUnbounded = most > bounded;
    if (node.kind === 'group') {
      const inside = repeated || isUnbounded;
      for (const option of node.options) {
        if (inside && !isDelimited(option)) nestedIn(option, node.source, risks);
        visit(option, false, fails || isUnbounded || canFail(items, at + 1), risks);
      }
    }
    if (isUnbounded) adjacentTo(items, at, fails, risks);
  }
}

/**
 * An expression that may start anywhere starts anew wherever its first character stands: within a repetition that goes
 * on to the end of the text and then fails, that is as often as the text is long.
 */
function unanchoredIn(items: readonly Item[], risks: Risk[]): void {
  const start = items.findIndex(({ least }) => least > 0);
  if (start < 0 || items[start]!.node.source === '^') return;
  const first = items.slice(0, start + 1).map(({ node }) => all(node));
  for (const [at, { node, most }] of items.entries()) {
    const runs = most > bounded && first.some((has) => overlap(has, all(node)));
    if (runs && canFail(items, at + 1)) {
      risks.push({ kind: 'unanchored', part: node.source });
      return;
    }
  }
}

function canFail(items: readonly Item[], from: number): boolean {
  return items.slice(from).some(({ node, least }) => least > 0 || node.kind === 'anchor');
}

/** A repeated option that always takes a character that the repetition in it cannot: `(?:\.\w+)*`. */
function isDelimited(option: readonly Item[]): boolean {
  const inner = option.filter(({ most }) => most > bounded);
  if (inner.length === 0) return true;
  return option.some(({ node, least, most }) => least > 0 && most <= bounded && node.kind === 'set'
    && inner.every((one) => !overlap(node.has, all(one.node))));
}

function nestedIn(option: readonly Item[], source: string, risks: Risk[]): void {
  if (option.some(({ most }) => most > bounded)) risks.push({ kind: 'nested', part: source });
}

/** Two unbounded repetitions with nothing certain between them that both can match. */
function adjacentTo(items: readonly Item[], at: number, fails: boolean, risks: Risk[]): void {
  const own = all(items[at]!.node);
  for (let next = at + 1; next < items.length; next++) {
    const { node, least, most } = items[next]!;
    const theirs = all(node);
    if (most > bounded && overlap(own, theirs) && (fails || canFail(items, next + 1)) && !startsApart(own, node)) {
      risks.push({ kind: 'adjacent', part: `${items[at]!.node.source}… ${node.source}…` });
      return;
    }
    if (least > 0 && node.kind !== 'anchor' && !overlap(own, theirs)) return;
  }
}

/** A group whose options each start with a character that what stands before cannot match. */
function startsApart(own: Has, node: Node): boolean {
  return node.kind === 'group' && node.options.every(([first]) =>
    first !== undefined && first.least > 0 && first.node.kind === 'set' && !overlap(own, first.node.has));
}

type Has = (code: number) => boolean;

function overlap(one: Has, other: Has): boolean {
  return codes.some((code) => one(code) && other(code));
}

/** Every character that a node can match. */
function all(node: Node): Has {
  if (node.kind === 'set') return node.has;
  if (node.kind === 'anchor') return () => false;
  if (node.look) return () => false;
  const sets = node.options.flatMap((items) => items.map((item) => all(item.node)));
  return (code) => sets.some((has) => has(code));
}

class Parser {
  private at = 0;
  private readonly source: string;
  private readonly flags: string;

  constructor(source: string, flags: string) {
    this.source = source;
    this.flags = flags;
  }

  parse(): Item[][] {
    const options: Item[][] = [[]];
    while (this.at < this.source.length && this.source[this.at] !== ')') {
      if (this.source[this.at] === '|') {
        this.at++;
        options.push([]);
        continue;
      }
      const node = this.node();
      const [least, most] = this.quantifier();
      options.at(-1)!.push({ node, least, most });
    }
    return options;
  }

  private node(): Node {
    const from = this.at;
    const character = this.source[this.at++]!;
    const made = (node: (source: string) => Node): Node => node(this.source.slice(from, this.at));
    if (character === '(') return this.group(from);
    if (character === '[') return this.class(from);
    if (character === '^' || character === '$') return made((source) => ({ kind: 'anchor', source }));
    if (character === '.') return made((source) =>
      ({ kind: 'set', source, has: (code) => code !== 0x0a && code !== 0x0d && code !== 0x2028 }));
    if (character !== '\\') return this.literal(character, from);
    const escape = this.escape();
    return made((source) => escape ? { kind: 'set', source, has: escape } : { kind: 'anchor', source });
  }

  private literal(character: string, from: number): Node {
    const code = character.charCodeAt(0);
    const fold = this.flags.includes('i');
    const has: Has = (other) => other === code
      || (fold && String.fromCharCode(other).toLowerCase() === character.toLowerCase());
    return { kind: 'set', source: this.source.slice(from, this.at), has };
  }

  private group(from: number): Node {
    let look = false;
    if (this.source.startsWith('?<', this.at) && !/^\?<[=!]/.test(this.source.slice(this.at, this.at + 3))) {
      this.at = this.source.indexOf('>', this.at) + 1;
    } else if (this.source[this.at] === '?') {
      const opening = /^\?(?:<?[=!]|[a-z]*(?:-[a-z]+)?:)/.exec(this.source.slice(this.at))![0];
      look = /[=!]$/.test(opening);
      this.at += opening.length;
    }
    const options = this.parse();
    this.at++;
    return { kind: 'group', source: this.source.slice(from, this.at), look, options };
  }

  private class(from: number): Node {
    const negated = this.source[this.at] === '^';
    if (negated) this.at++;
    const sets: Has[] = [];
    while (this.source[this.at] !== ']') sets.push(this.classPart());
    this.at++;
    return {
      kind: 'set', source: this.source.slice(from, this.at), has: (code) => sets.some((has) => has(code)) !== negated,
    };
  }

  private classPart(): Has {
    const low = this.classCode();
    if (typeof low === 'function' || this.source[this.at] !== '-' || this.source[this.at + 1] === ']') {
      return typeof low === 'function' ? low : this.oneOf(low, low);
    }
    this.at++;
    const high = this.classCode();
    return typeof high === 'function' ? high : this.oneOf(low, high);
  }

  private oneOf(low: number, high: number): Has {
    const within = (code: number) => code >= low && code <= high;
    if (!this.flags.includes('i')) return within;
    return (code) => within(code) || [String.fromCharCode(code).toLowerCase(), String.fromCharCode(code).toUpperCase()]
      .some((one) => within(one.charCodeAt(0)));
  }

  private classCode(): number | Has {
    const character = this.source[this.at++]!;
    if (character !== '\\') return character.charCodeAt(0);
    if (this.source[this.at] === 'b') {
      this.at++;
      return 8;
    }
    const from = this.at;
    const has = this.escape();
    const only = has && codes.filter(has);
    if (only?.length === 1) return only[0]!;
    const unit = /^(?:u([0-9a-f]{4})|x([0-9a-f]{2}))/i.exec(this.source.slice(from));
    return unit ? parseInt(unit[1] ?? unit[2]!, 16) : has ?? (() => false);
  }

  /** What follows a backslash; undefined for what matches no character. */
  private escape(): Has | undefined {
    const rest = this.source.slice(this.at);
    const unit = /^(?:u([0-9a-f]{4})|x([0-9a-f]{2})|c[a-z])/i.exec(rest);
    if (unit) {
      this.at += unit[0].length;
      const code = parseInt(unit[1] ?? unit[2] ?? '0', 16);
      return (other) => other === code;
    }
    const property = /^[pP]\{[^}]*\}/.exec(rest);
    if (property) {
      this.at += property[0].length;
      const one = new RegExp(`^\\${property[0]}$`, 'u');
      return (code) => one.test(String.fromCharCode(code));
    }
    const character = this.source[this.at++]!;
    if (/[bB1-9k]/.test(character)) return undefined;
    if (/[dDwWsS]/.test(character)) {
      const one = new RegExp(`\\${character}`);
      return (code) => one.test(String.fromCharCode(code));
    }
    const code = ({ n: 10, r: 13, t: 9, v: 11, f: 12, 0: 0 } as Record<string, number>)[character]
      ?? character.charCodeAt(0);
    return (other) => other === code;
  }

  private quantifier(): [number, number] {
    const found = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(this.source.slice(this.at));
    if (!found) return [1, 1];
    this.at += found[0].length;
    const [whole, low, comma, high] = found;
    if (whole.startsWith('*')) return [0, Infinity];
    if (whole.startsWith('+')) return [1, Infinity];
    if (whole.startsWith('?')) return [0, 1];
    return [Number(low), comma === undefined ? Number(low) : high === '' ? Infinity : Number(high)];
  }
}
