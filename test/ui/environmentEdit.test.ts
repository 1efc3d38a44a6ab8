import assert from 'node:assert/strict';
import { withEnvironmentName } from '../../src/ui/editing/environmentEdit.ts';

describe('a new name in an environment file', () => {
  const table: [string, string, string | undefined, string | undefined][] = [
    ['of the chosen environment', '{\n  "dev": {\n    "a": "1"\n  },\n  "prod": {}\n}\n', 'prod', '{\n  "dev": {\n    "a": "1"\n  },\n  "prod": {\n    "token": ""\n  }\n}\n'],
    ['of the first one when none is chosen', '{\n  "$shared": {},\n  "dev": {\n    "a": "1"\n  }\n}', undefined, '{\n  "$shared": {},\n  "dev": {\n    "a": "1",\n    "token": ""\n  }\n}'],
    ['of what all share when there is none', '{}', undefined, '{\n  "$shared": {\n    "token": ""\n  }\n}'],
    ['beside comments', '{\n  // mine\n  "dev": {} // here\n}', 'dev', '{\n  // mine\n  "dev": {\n    "token": ""\n  } // here\n}'],
    ['that is there already', '{ "dev": { "token": "1" } }', 'dev', undefined],
    ['in a file that is none', '[]', 'dev', undefined],
  ];
  for (const [title, text, chosen, expected] of table) {
    it(title, () => {
      const found = withEnvironmentName(text, 'token', chosen);
      assert.equal(found?.text, expected);
      if (!found) return;
      assert.equal(found.text.slice(0, found.offset + 1).replaceAll(/\s/g, '').endsWith('"token":""'), true);
    });
  }
});
