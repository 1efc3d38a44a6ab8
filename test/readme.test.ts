import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { labNames } from '../src/run/prepare/labNames.ts';

// What there is can be found in the README, with the default that holds.

const root = path.resolve(import.meta.dirname, '..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly title: string }[];
    readonly configuration: readonly { readonly properties: Readonly<Record<string, { readonly default: unknown }>> }[];
  };
}

function json<T>(name: string): T {
  return JSON.parse(readFileSync(path.join(root, name), 'utf8')) as T;
}

describe('the README', () => {
  const { contributes } = json<Manifest>('package.json');
  const texts = json<Readonly<Record<string, string>>>('package.nls.json');

  it('has a row for every setting, with its default', () => {
    const rows = readme.split('\n').filter((line) => line.startsWith('| `roundtrip.'))
      .map((row) => row.slice(2, -2).split(' | ')).filter((cells) => cells.length === 3);
    const written = rows.flatMap(([names = '', , value = '']) => (
      [...names.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => [name, value.replaceAll('`', '')] as const)));
    const settings = contributes.configuration.flatMap(({ properties }) => Object.entries(properties));
    assert.ok(settings.length > 30);
    assert.deepEqual(
      Object.fromEntries(written.toSorted()),
      Object.fromEntries(settings.map(([name, { default: value }]) => [name, JSON.stringify(value)]).toSorted()),
    );
  });

  it('names every command', () => {
    const titles = contributes.commands.map(({ title }) => texts[title.replace(/^%|%$/g, '')] ?? title);
    assert.ok(titles.length > 15);
    assert.deepEqual(titles.filter((title) => !readme.split('## Commands')[1]?.includes(`*${title}*`)), []);
  });

  it('names every part of the lab', () => {
    const names = labNames.filter((name) => !name.endsWith('Port'));
    assert.deepEqual(names.filter((name) => !readme.includes(`{{${name}}}`)), []);
  });

  it('names every sample', () => {
    const samples = readdirSync(path.join(root, 'samples')).filter((name) => /^\d\d-/.test(name));
    assert.deepEqual(samples.filter((name) => !readme.includes(`\`${path.parse(name).name}\``)), []);
  });
});
