import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  commands,
  contentScheme,
  contextKeys,
  inspectorViewType,
  labViewId,
  languageId,
  settingDefaults,
  walkthroughIds,
} from '../src/ui/contributions.ts';

// What the code registers and reads is what the manifest declares.

const root = path.resolve(import.meta.dirname, '..');

interface Property {
  readonly type: string;
  readonly default: unknown;
  readonly scope: string;
  readonly order: number;
  readonly markdownDescription: string;
}
interface Item {
  readonly command: string;
  readonly when?: string;
  readonly key?: string;
  readonly mac?: string;
}
interface Manifest {
  readonly icon: string;
  readonly main: string;
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: string;
      readonly restrictedConfigurations: readonly string[];
    };
  };
  readonly contributes: {
    readonly languages: readonly {
      readonly id: string;
      readonly extensions: readonly string[];
      readonly aliases: readonly string[];
    }[];
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
      readonly enablement?: string;
    }[];
    readonly configurationDefaults: Readonly<Record<string, unknown>>;
    readonly keybindings: readonly Item[];
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string }[];
    readonly menus: Readonly<Record<string, readonly Item[]>>;
    readonly configuration: readonly { readonly properties: Readonly<Record<string, Property>> }[];
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly steps: readonly {
        readonly media: { readonly svg: string };
        readonly completionEvents: readonly string[];
        readonly description: string;
      }[];
    }[];
  };
}

const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
const { contributes } = manifest;
const properties = Object.assign(
  {},
  ...contributes.configuration.map((area) => area.properties),
) as Record<string, Property>;
const sorted = (values: Iterable<string>): string[] => [...values].sort();

describe('contributions', () => {
  it('has the same commands in code and manifest', () => {
    assert.deepEqual(
      sorted(Object.values(commands)),
      sorted(contributes.commands.map(({ command }) => command)),
    );
    for (const { command, category, title } of contributes.commands) {
      assert.equal(category, 'Roundtrip', command);
      assert.match(title, /^%command\.\w+%$/, command);
    }
  });

  it('has the same settings, with the same defaults', () => {
    const declared = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, property.default]),
    );
    const used = Object.fromEntries(
      Object.entries(settingDefaults).map(([name, value]) => [`roundtrip.${name}`, value]),
    );
    assert.deepEqual(declared, used);
    assert.equal(
      new Set(Object.values(properties).map(({ order }) => order)).size,
      Object.keys(properties).length,
    );
    for (const [name, property] of Object.entries(properties)) {
      assert.match(name, /^roundtrip\.\w+(?:\.\w+)?$/);
      assert.match(property.markdownDescription, /^%setting\.[\w.]+%$/, name);
      assert.match(property.scope, /^(resource|window|machine)$/, name);
    }
  });

  it('has the views of the manifest in a container of its own, with menus for them', () => {
    const { viewsContainers: { activitybar }, views, viewsWelcome, menus } = contributes;
    assert.deepEqual(activitybar.map(({ id }) => id), ['roundtrip']);
    for (const { icon } of [...activitybar, ...views['roundtrip']!]) assert.ok(existsSync(path.join(root, icon)), icon);
    assert.deepEqual(views['roundtrip']!.map(({ id }) => id), [labViewId]);
    assert.deepEqual(viewsWelcome.map(({ view }) => view), [labViewId]);
    const ofViews = Object.entries(menus).filter(([menu]) => menu.startsWith('view/')).flatMap(([, items]) => items);
    assert.ok(ofViews.length > 0);
    for (const { when } of ofViews) assert.match(when ?? '', new RegExp(`^view == ${labViewId}\\b`));
  });

  it('registers every command, and reads every setting', () => {
    const sources = globSync('src/ui/**/*.ts', { cwd: root, exclude: ['src/ui/contributions.ts'] })
      .map((file) => readFileSync(path.join(root, file), 'utf8'))
      .join('\n');
    for (const id of Object.keys(commands))
      assert.match(sources, new RegExp(`(\\[|Command\\(\\s*)commands\\.${id}\\b`), id);
    for (const name of Object.keys(settingDefaults))
      assert.match(sources, new RegExp(`\\bsetting\\('${name}'`), name);
  });

  it('lets environment files have comments, and suggests no words of other files in requests', () => {
    const jsonc = contributes.languages.find(({ id }) => id === 'jsonc');
    assert.deepEqual(jsonc, {
      id: 'jsonc', filenames: ['http-client.env.json', 'http-client.private.env.json'],
      filenamePatterns: ['*.env.json.user'],
    });
    assert.deepEqual(contributes.configurationDefaults['[http]'], { 'editor.wordBasedSuggestions': 'off' });
    // They would be offered everywhere in a file: completion offers whole requests where one may begin.
    assert.ok(!('snippets' in contributes));
  });

  it('keeps the ports of its own processes to this machine, where the editor runs elsewhere', () => {
    const ports = contributes.configurationDefaults['remote.portsAttributes'] as Readonly<Record<string, unknown>>;
    const [[pattern, attributes] = []] = Object.entries(ports);
    assert.deepEqual(attributes, { onAutoForward: 'ignore' });
    for (const file of ['lab', 'engine']) assert.match(`/x/dist/${file}.cjs`, new RegExp(pattern!), file);
  });

  it('names only commands, settings and files that exist', () => {
    const known = new Set<string>(Object.values(commands));
    const items = [...contributes.keybindings, ...Object.values(contributes.menus).flat()];
    for (const { command } of items) assert.ok(known.has(command), command);
    for (const name of manifest.capabilities.untrustedWorkspaces.restrictedConfigurations)
      assert.ok(properties[name], name);
    const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    for (const { media, completionEvents } of steps) {
      assert.ok(existsSync(path.join(root, media.svg)), media.svg);
      for (const event of completionEvents) {
        const sample = /^onContext:roundtrip:openedSample == '(.+)'$/.exec(event)?.[1];
        if (event === `onView:${labViewId}`) continue;
        if (sample !== undefined) assert.ok(existsSync(path.join(root, 'samples', sample)), sample);
        else assert.ok(known.has(event.replace('onCommand:', '')), event);
      }
    }
    const texts = readFileSync(path.join(root, 'package.nls.json'), 'utf8');
    for (const [, command] of texts.matchAll(/\(command:([\w.]+)[?)]/g))
      assert.ok(known.has(command!) || command === `${labViewId}.focus`, command);
    assert.ok(existsSync(path.join(root, manifest.icon)));
    assert.deepEqual(
      contributes.walkthroughs.map(({ id }) => id),
      walkthroughIds,
    );
  });

  it('asks only for context keys that are set', () => {
    const own = [...JSON.stringify(manifest).matchAll(/roundtrip:\w+/g)].map(([key]) => key);
    assert.deepEqual(sorted(new Set(own)), sorted(Object.values(contextKeys)));
  });

  it('is the language http, sent with one key', () => {
    const [language] = contributes.languages;
    assert.equal(language?.id, languageId);
    assert.deepEqual(language?.extensions, ['.http', '.rest']);
    assert.ok(language?.aliases.includes('HTTP'));
    const [binding] = contributes.keybindings;
    assert.deepEqual(
      [binding?.command, binding?.key, binding?.mac],
      [commands.sendRequest, 'ctrl+alt+r', 'cmd+alt+r'],
    );
    assert.match(binding?.when ?? '', /editorLangId == http/);
  });

  it('ships every bundle but the command line’s', () => {
    const { outputs } = JSON.parse(readFileSync(path.join(root, 'dist/meta.json'), 'utf8')) as
      { outputs: Record<string, unknown> };
    const bundles = Object.keys(outputs)
      .filter((file) => /^dist\/[^/]+\.(?:cjs|js|css)$/.test(file) && file !== 'dist/cli.cjs');
    assert.ok(bundles.includes('dist/extension.cjs'));
    const shipped = readFileSync(path.join(root, '.vscodeignore'), 'utf8').split('\n');
    assert.deepEqual(bundles.filter((file) => !shipped.includes(`!${file}`)), []);
  });

  it('is woken by what it offers, never at start', () => {
    assert.deepEqual(
      sorted(manifest.activationEvents),
      sorted([
        `onWebviewPanel:${inspectorViewType}`, `onFileSystem:${contentScheme}`,
        'onLanguage:markdown',
      ]),
    );
  });
});
