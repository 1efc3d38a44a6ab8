import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { problemTexts } from '../../src/explain/text/problem.ts';
import { problemSeverities } from '../../src/httpFile/problem.ts';

describe('problem texts', () => {
  it('are there for every code, and for no other', () => {
    assert.deepEqual(Object.keys(problemTexts).sort(), Object.keys(problemSeverities).sort());
  });

  it('have the same places in both languages, and a sentence in each', () => {
    const places = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
    for (const [code, { en, ko }] of Object.entries(problemTexts)) {
      assert.deepEqual(places(en), places(ko), code);
      assert.ok(/[.]$/.test(en) && /[가-힣].*\.$/.test(ko), code);
      assert.ok(!/\}(?:을|를|은|는|이|가|와|과|로|으로)(?![가-힣])/.test(ko), `a particle after a place: ${code}`);
    }
  });

  it('are used: each code is reported somewhere', async () => {
    const sources = await Promise.all(['httpFile', 'run'].map(async (folder) => {
      const root = new URL(`../../src/${folder}/`, import.meta.url);
      const all = await readdir(root, { recursive: true });
      const names = all.filter((name) => name.endsWith('.ts') && name !== 'problem.ts');
      return Promise.all(names.map((name) => readFile(new URL(name, root), 'utf8')));
    }));
    const code = sources.flat().join('\n');
    for (const id of Object.keys(problemSeverities)) assert.ok(code.includes(`'${id}'`), id);
  });
});
