import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isInstalled, projectRoot, vscodeDirectory } from '../../../scripts/vscode.ts';

// VS Code's own tokenizer and the grammars it comes with, from the server that the tests install.

export { isInstalled };

interface Line {
  readonly tokens: readonly { startIndex: number; endIndex: number; scopes: string[] }[];
  readonly ruleStack: unknown;
}

interface Grammar {
  tokenizeLine(line: string, state: unknown): Line;
}

/** A piece of a line and its innermost scopes. */
export interface Token {
  readonly line: number;
  readonly text: string;
  readonly scopes: readonly string[];
}

const paths: Readonly<Record<string, string>> = {
  'source.http': 'media/syntaxes/http.tmLanguage.json',
  'markdown.http.codeblock': 'media/syntaxes/markdown.tmLanguage.json',
  'source.json': 'extensions/json/syntaxes/JSON.tmLanguage.json',
  'source.js': 'extensions/javascript/syntaxes/JavaScript.tmLanguage.json',
  'text.xml': 'extensions/xml/syntaxes/xml.tmLanguage.json',
  'source.css': 'extensions/css/syntaxes/css.tmLanguage.json',
  'source.yaml': 'extensions/yaml/syntaxes/yaml.tmLanguage.json',
  'source.yaml.1.2': 'extensions/yaml/syntaxes/yaml-1.2.tmLanguage.json',
  'source.yaml.embedded': 'extensions/yaml/syntaxes/yaml-embedded.tmLanguage.json',
  'text.html.markdown': 'extensions/markdown-basics/syntaxes/markdown.tmLanguage.json',
};

/** A tokenizer for the language of a scope, such as `source.http`. */
export async function loadGrammar(scopeName: string): Promise<(text: string) => Token[]> {
  const require = createRequire(path.join(vscodeDirectory, 'package.json'));
  const { Registry, parseRawGrammar, INITIAL } = require('vscode-textmate');
  const { loadWASM, OnigScanner, OnigString } = require('vscode-oniguruma');
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources: string[]) => new OnigScanner(sources),
      createOnigString: (text: string) => new OnigString(text),
    }),
    loadGrammar: (name: string) => {
      const file = paths[name];
      if (file === undefined) return Promise.resolve(null);
      const whole = path.join(file.startsWith('media/') ? projectRoot : vscodeDirectory, file);
      return Promise.resolve(parseRawGrammar(readFileSync(whole, 'utf8'), whole));
    },
    getInjections: (name: string) => name === 'text.html.markdown' ? ['markdown.http.codeblock'] : undefined,
  });
  const grammar = await registry.loadGrammar(scopeName) as Grammar;
  return (text) => tokenize(grammar, INITIAL, text);
}

function tokenize(grammar: Grammar, initial: unknown, text: string): Token[] {
  let state = initial;
  return text.split('\n').flatMap((line, index) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }) => ({
      line: index, text: line.slice(startIndex, endIndex), scopes,
    }));
  });
}
