import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { topics } from '../src/lab/routes/topics.ts';

// The walkthrough of the lab in the editor, and the lab's own front page: the same topics in the same words. The lab
// shares no code with the editor, so that is compared here.

const root = path.resolve(import.meta.dirname, '..');
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');

interface Step {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly media: { readonly svg: string; readonly altText: string };
  readonly completionEvents: readonly string[];
}

const { contributes } = JSON.parse(read('package.json')) as
  { contributes: { walkthroughs: readonly { id: string; steps: readonly Step[] }[] } };
const steps = contributes.walkthroughs.find(({ id }) => id === 'lab')?.steps ?? [];
const languages = {
  en: JSON.parse(read('package.nls.json')) as Record<string, string>,
  ko: JSON.parse(read('package.nls.ko.json')) as Record<string, string>,
};

function opened(description: string): string[] {
  return [...description.matchAll(/\(command:roundtrip\.openSample\?([^)]+)\)/g)].map(([, given = '']) => {
    const [sample] = JSON.parse(decodeURIComponent(given)) as string[];
    return sample ?? '';
  });
}

describe('the walkthrough of the lab', () => {
  it('has a step for each topic, in the same order', () => {
    assert.deepEqual(steps.map(({ id }) => id), topics.map(({ id }) => id));
  });

  for (const [language, texts] of Object.entries(languages)) {
    it(`says in ${language} what the front page says, and opens the samples`, () => {
      for (const [index, { title, sentence, samples }] of topics.entries()) {
        const step = steps[index]!;
        const text = (place: string): string => texts[place.slice(1, -1)] ?? '';
        assert.equal(text(step.title).toLowerCase(), title[language as 'en' | 'ko'].toLowerCase());
        const description = text(step.description);
        assert.ok(description.startsWith(`${sentence[language as 'en' | 'ko']}\n`), step.id);
        assert.deepEqual(opened(description), samples, step.id);
        assert.notEqual(text(step.media.altText), '');
      }
    });
  }

  it('is done with a step when one of its samples was opened', () => {
    for (const [index, { id, samples }] of topics.entries()) {
      const events = samples.map((sample) => `onContext:roundtrip:openedSample == '${sample}'`);
      assert.deepEqual(steps[index]?.completionEvents, id === 'control' ? ['onView:roundtrip.lab'] : events);
    }
  });

  it('has a picture of its own for each step, in the colours of the theme', () => {
    const pictures = steps.map(({ media }) => media.svg);
    assert.equal(new Set(pictures).size, steps.length);
    for (const picture of pictures) {
      const svg = read(picture);
      assert.match(svg, /var\(--vscode-editor-foreground/, picture);
      assert.doesNotMatch(svg, /<script|href=|undefined|NaN/, picture);
    }
  });

  it('shows every sample that a part of the lab is in', () => {
    const all = readdirSync(path.join(root, 'samples')).filter((name) => name.endsWith('.http'));
    const shown = new Set<string>(topics.flatMap(({ samples }) => samples));
    for (const sample of shown) assert.ok(existsSync(path.join(root, 'samples', sample)), sample);
    // The others are about the request file itself.
    const aboutFiles = /^(?:05-bodies|07-environments|08-questions|10-curl|11-values|12-imports)\.http$/;
    assert.deepEqual(all.filter((sample) => !shown.has(sample) && !aboutFiles.test(sample)), []);
  });
});
