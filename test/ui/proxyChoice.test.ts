import assert from 'node:assert/strict';
import { chooseProxy } from '../../src/ui/proxyChoice.ts';
import type { ProxySettings } from '../../src/ui/proxyChoice.ts';

const none: ProxySettings = {
  own: '',
  editor: '',
  support: 'override',
  noProxy: [],
  strictSsl: true,
};
const own = 'http://127.0.0.1:3128';
const editor = 'http://proxy.example:8080';

describe('choosing a proxy', () => {
  const cases: [string, string, Partial<ProxySettings>, string | undefined][] = [
    ['no proxy is set', 'http://a.example/', {}, undefined],
    ['our own', 'http://a.example/', { own }, own],
    ["our own before the editor's", 'http://a.example/', { own, editor }, own],
    ['our own, also for this machine', 'http://localhost:3000/', { own }, own],
    ["the editor's", 'https://a.example/', { editor }, editor],
    ["the editor's is switched off", 'https://a.example/', { editor, support: 'off' }, undefined],
    ["the editor's leaves localhost alone", 'http://localhost:3000/', { editor }, undefined],
    ['… and 127.0.0.0/8', 'http://127.0.0.2/', { editor }, undefined],
    ['… and ::1', 'http://[::1]:80/', { editor }, undefined],
    ['… and the lab', 'https://shop.lab.test:8443/', { editor }, undefined],
    ['a name that only ends the same', 'https://slab.test.example/', { editor }, editor],
    ['excepted by name', 'http://a.example/', { editor, noProxy: ['a.example'] }, undefined],
    ['excepted as a name below', 'http://x.a.example/', { own, noProxy: ['a.example'] }, undefined],
    ['excepted with a dot', 'http://x.a.example/', { editor, noProxy: ['.a.example'] }, undefined],
    [
      'excepted with a star',
      'http://x.a.example/',
      { editor, noProxy: ['*.a.example'] },
      undefined,
    ],
    ['not on a dot boundary', 'http://xa.example/', { editor, noProxy: ['a.example'] }, editor],
    ['everything excepted', 'http://a.example/', { editor, noProxy: ['*'] }, undefined],
    [
      'excepted with its port',
      'https://a.example/',
      { editor, noProxy: ['a.example:443'] },
      undefined,
    ],
    ['another port', 'https://a.example/', { editor, noProxy: ['a.example:8443'] }, editor],
    ['an empty exception', 'https://a.example/', { editor, noProxy: [''] }, editor],
  ];
  for (const [title, url, settings, expected] of cases) {
    it(title, () => assert.equal(chooseProxy(url, { ...none, ...settings }).proxy, expected));
  }

  it("stops verifying behind the editor's proxy only when the editor does", () => {
    assert.equal(
      chooseProxy('https://a.example/', { ...none, editor, strictSsl: false }).verify,
      false,
    );
    assert.equal(chooseProxy('https://a.example/', { ...none, editor }).verify, undefined);
    assert.equal(
      chooseProxy('https://a.example/', { ...none, own, strictSsl: false }).verify,
      undefined,
    );
  });
});
