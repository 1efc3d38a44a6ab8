import assert from 'node:assert/strict';
import axe from 'axe-core';
import { scenarios } from './fixtures/scenarios.ts';
import type { ScenarioName } from './fixtures/scenarios.ts';
import { openInspectorBrowser } from './inspectorPage.ts';
import type { InspectorBrowser, InspectorTab, Theme } from './inspectorPage.ts';

const themes: readonly Theme[] = ['dark', 'light', 'hc-dark', 'hc-light'];
const tabs = ['overview', 'dns', 'connection', 'tls', 'request', 'response', 'cookies', 'body', 'wire'] as const;

/** Findings of axe as lines a person can act on. */
async function findings({ page }: InspectorTab): Promise<string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    return inPage.run({ exclude: ['iframe'] } as never, { resultTypes: ['violations'] });
  });
  return results.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`));
}

function actionsOf(messages: Awaited<ReturnType<InspectorTab['posted']>>): string[] {
  return messages.flatMap((message) => message.type === 'action' ? [`${message.action} ${message.exchangeId}`] : []);
}

describe('the inspector page', function () {
  this.timeout(120_000);
  let browser: InspectorBrowser;
  let open: InspectorTab[] = [];

  before(async () => { browser = await openInspectorBrowser(); });
  after(async () => { await browser?.close(); });
  afterEach(async () => {
    await Promise.all(open.map((tab) => tab.close()));
    open = [];
  });

  async function show(options: Parameters<InspectorBrowser['open']>[0]): Promise<InspectorTab> {
    const tab = await browser.open(options);
    open.push(tab);
    return tab;
  }

  for (const theme of themes) {
    for (const scenario of [
      'login', 'refused', 'mismatch', 'unverified', 'running', 'redirect', 'cancelled', 'proxied', 'chained',
    ] as const) {
      it(`can be read by everybody: ${scenario} in ${theme}`, async () => {
        const language = theme.endsWith('light') ? 'ko' : 'en';
        const tab = await show({ scenario, theme, language });
        await tab.screenshot(`${scenario}-${theme}-${language}`);
        assert.deepEqual(await findings(tab), []);
        assert.deepEqual(tab.problems, []);
      });
    }
  }

  for (const theme of ['dark', 'light'] as const) {
    for (const name of tabs) {
      it(`can be read by everybody: ${name} in ${theme}`, async () => {
        const tab = await show({ scenario: 'login', theme, tab: name });
        if (name === 'body') await tab.page.getByRole('tree').waitFor();
        await tab.screenshot(`tab-${name}-${theme}`);
        assert.deepEqual(await findings(tab), []);
        assert.deepEqual(tab.problems, []);
      });
    }
  }

  for (const theme of themes) {
    it(`can be read by everybody: the walk from the root in ${theme}`, async () => {
      const tab = await show({ scenario: 'walk', theme, tab: 'dns', language: theme.endsWith('light') ? 'ko' : 'en' });
      await tab.screenshot(`walk-${theme}`);
      assert.deepEqual(await findings(tab), []);
      assert.deepEqual(tab.problems, []);
    });
  }

  for (const theme of themes) {
    for (const scenario of ['digest', 'signed'] as const) {
      it(`can be read by everybody: credentials, ${scenario} in ${theme}`, async () => {
        const tab = await show({ scenario, theme, tab: 'request', language: theme.endsWith('light') ? 'ko' : 'en' });
        await tab.screenshot(`${scenario}-${theme}`);
        assert.deepEqual(await findings(tab), []);
        assert.deepEqual(tab.problems, []);
      });
    }
  }

  for (const theme of themes) {
    for (const scenario of ['listening', 'listened'] as const) {
      it(`can be read by everybody: events, ${scenario} in ${theme}`, async () => {
        const tab = await show({ scenario, theme, tab: 'body', language: theme.endsWith('light') ? 'ko' : 'en' });
        await tab.screenshot(`${scenario}-${theme}`);
        assert.deepEqual(await findings(tab), []);
        assert.deepEqual(tab.problems, []);
      });
    }
  }

  it('lists the events of a stream as they come, and says who ended it', async () => {
    const { page } = await show({ scenario: 'listening', tab: 'body' });
    const rows = await page.locator('.stream-events tbody tr').allInnerTexts();
    assert.equal(rows.length, 3);
    assert.match(rows[1]!, /1\.03 s\s+price\s+17\s+\{"item": "한글",\n "price": 3\}/);
    assert.match(rows[2]!, /<b>not bold<\/b>…/);
    const ended = await show({ scenario: 'listened', tab: 'body' });
    await ended.page.locator('.card', { hasText: 'Received in 2.50 s: 3. You stopped listening.' }).waitFor();
    assert.equal(await ended.page.getByText('ncomplete').count(), 0);
  });

  it('says why a request was sent again with credentials, and what was computed from what', async () => {
    const { page } = await show({ scenario: 'digest' });
    await page.locator('.card', {
      hasText: 'asked for Digest credentials for “the shop”, so the request was sent again',
    }).waitFor();
    await page.getByRole('tab', { name: 'Request' }).click();
    const text = await page.locator('.authorization').innerText();
    assert.match(text, /response is SHA-256 over a key, the nonce, its count 00000001.*GET:\/private/);
    assert.match(text, /p2bK0dQw/);
    await page.getByRole('navigation', { name: 'Requests of this send' }).getByRole('button').nth(0).click();
    await page.locator('.card', { hasText: 'The next request answers this challenge.' }).waitFor();
    const signed = await show({ scenario: 'signed', tab: 'request' });
    assert.match(await signed.page.locator('.authorization pre').nth(0).innerText(), /^GET\n\/a\nb=1\nhost:/);
  });

  it('shows the other side of a question to the lab’s name servers, in lanes and beside the steps', async () => {
    for (const theme of ['light', 'dark'] as const) {
      const { page, screenshot } = await show({ scenario: 'walk', theme, tab: 'overview' });
      await page.getByRole('button', { name: 'Name servers: 3' }).click();
      await screenshot(`name-servers-${theme}`);
      const table = page.getByRole('table', { name: 'Phases' });
      for (const name of ['root', 'test.', 'lab.test']) {
        assert.equal(await table.getByRole('rowheader', { name: `Name server: ${name}`, exact: true }).count(), 1, name);
      }
      assert.equal(await table.getByText('A tESt → NOERROR: test is delegated, glue: 1').count(), 1);
    }
    const { page } = await show({ scenario: 'walk', tab: 'dns' });
    const lines = await page.getByText('The server got 46 B over UDP from port').allTextContents();
    assert.equal(lines.length, 3);
    assert.match(lines[2]!, /port 40004: id 7004, A wWW\.shOp.* It sent 121 B after 0\.2 ms: NOERROR, flags qr aa tc; an alias/);
  });

  it('shows the walk from the root in its order, each step with a sentence', async () => {
    const { page } = await show({ scenario: 'walk', tab: 'dns' });
    const sentences = await page.locator('.step-sentence').allTextContents();
    assert.deepEqual(sentences, [
      'A referral: test has name servers of its own (servers: 1, addresses that came along as glue: 1), which are asked next.',
      'A referral: lab.test has name servers of its own (servers: 2, addresses that came along as glue: 2), which are asked next.',
      'A lame delegation: the server is named for the zone lab.test but does not serve it, so another server is needed.',
      'No zone begins at shop.lab.test, so the same servers are asked for one label more (RFC 9156).',
      'www.shop.lab.test is an alias (CNAME) of origin.lab.test, where the walk goes on.',
      'The answer, from a server of the zone lab.test itself: 127.0.0.1, valid for 60 s.',
      'The name is there but has no AAAA record; its SOA record lets that be remembered for 45 s.',
      'There is no HTTPS record (RFC 9460): nothing but the address says how the service is reached.',
      'A referral: in-addr.arpa has name servers of its own (servers: 1, addresses that came along as glue: 1), which are asked next.',
      "The name kept for the peer's address (PTR): origin.lab.test.",
    ]);
    const peer = page.locator('section.block', { has: page.getByRole('heading', { name: "The peer's name" }) });
    assert.equal(await peer.locator('.step-sentence').count(), 2);
    assert.equal(await page.getByText('Walked from the root: 8 questions to 4 name servers.').count(), 1);
    assert.equal(await page.locator('.step-records:not([open])').count(), 4);
    await page.locator('.step-records summary').nth(1).click();
    assert.equal(await page.locator('.step-records[open] tbody tr').count(), 4);
  });

  it('keeps the lines of a step under its source where they wrap', async () => {
    const { page } = await show({ scenario: 'walk', tab: 'dns', width: 520 });
    const apart = await page.locator('.step-line').evaluateAll((lines) => lines.filter(({ children: [tick, source] }) =>
      source!.getBoundingClientRect().top >= tick!.getBoundingClientRect().bottom).length);
    assert.equal(apart, 0, 'a tick without its source');
    const left = await page.locator('.step-line').evaluateAll((lines) => lines.map((line) => {
      const parts = [...line.children].map((part) => part.getBoundingClientRect());
      const [, source] = parts;
      return parts.filter(({ top }) => top > source!.bottom - 4).map(({ left: at }) => Math.round(at - source!.left));
    }));
    assert.ok(left.some((wrapped) => wrapped.length > 0), 'nothing wraps');
    assert.deepEqual(left.flat().filter((at) => at < 0), []);
  });

  it('shows the connection that questions over HTTPS took', async () => {
    const { page, screenshot } = await show({ scenario: 'secureNames', tab: 'dns' });
    await screenshot('secure-names-dark');
    assert.deepEqual(await page.locator('.step-details').allTextContents(), [
      'flags qr rd ra · 46 B asked, 79 B answered · new connection: TCP 1.1 ms, TLS 3.4 ms · TLSv1.3, TLS_AES_256_GCM_SHA384, certificate for dns.test · ALPN h2 · HTTP 200',
      'flags qr rd ra · 46 B asked, 116 B answered · same connection · TLSv1.3, TLS_AES_256_GCM_SHA384, certificate for dns.test · ALPN h2 · HTTP 200',
    ]);
    assert.equal(await page.locator('.step-records:not([open])').count(), 2);
    await page.locator('.step-records summary').first().click();
    await page.getByText('application/dns-message').first().waitFor();
    assert.deepEqual(
      await page.locator('.step-records[open] .certificate strong').allTextContents(), [
        'shop.lab.test', 'Roundtrip Lab CA 1', 'Roundtrip Lab Root',
      ],
    );
  });

  for (const theme of themes) {
    it(`shows the messages of a question part by part and octet by octet in ${theme}`, async () => {
      const language = theme.endsWith('light') ? 'ko' : 'en';
      const opened = await show({ scenario: 'secureNames', tab: 'dns', theme, language, width: theme === 'dark' ? 900 : 420 });
      const { page } = opened;
      for (const summary of await page.locator('.lookup-step summary').all()) await summary.click();
      const message = page.locator('.dns-message').nth(1);
      await message.getByRole('button').nth(4).click();
      await opened.screenshot(`names-messages-${theme}`);
      assert.deepEqual(await message.locator('td.value').allTextContents(), [
        '0x3c5a (15450)', '0x8180: qr rd ra, QUERY, NOERROR', 'QDCOUNT 1, ANCOUNT 1, NSCOUNT 0, ARCOUNT 1',
        'www.shop.lab.test. IN A', 'www.shop.lab.test. 300 IN A 127.0.0.1',
        language === 'en' ? 'version 0, UDP answers up to 1,232 octets' : '버전 0, UDP 응답 최대 1,232옥텟',
      ]);
      const places = await message.locator('td.number').allTextContents();
      assert.deepEqual(places.map((text) => text.trim()), ['0–1', '2–3', '4–11', '12–34', '35–67', '68–78']);
      assert.match(await message.locator('.hex').textContent() ?? '', /^00000000 {2}3c 5a 81 80 00 01 00 01 {3}<Z······/);
      assert.ok(await message.locator('.hex mark').count() > 0);
      assert.deepEqual(await findings(opened), []);
      assert.deepEqual(opened.problems, []);
    });
  }

  it('says why the messages of questions are not kept', async () => {
    const { page, send } = await show({ scenario: 'walk', tab: 'dns' });
    const [exchange] = scenarios.walk.exchanges;
    const off = { ...exchange!, spec: { ...exchange!.spec, options: { ...exchange!.spec.options, capture: 'none' as const } } };
    const reason = page.getByText('because the request says # @no-capture');
    assert.equal(await reason.count(), 0);
    await send({ type: 'show', language: 'en', exchanges: [off], selected: off.id, running: false, labRunning: false });
    await reason.waitFor();
    await page.getByText('This exchange with the name server').click();
    await page.getByText('The octets of its messages are left out').waitFor();
    assert.equal(await page.locator('.dns-message').count(), 0);
  });

  for (const theme of themes) {
    for (const [scenario, tab] of [
      ['link', 'connection'], ['link', 'dns'], ['system', 'dns'], ['system', 'connection'],
    ] as const) {
      it(`can be read by everybody: ${tab} of ${scenario} in ${theme}`, async () => {
        const opened = await show({ scenario, theme, tab, language: theme.endsWith('light') ? 'ko' : 'en' });
        await opened.screenshot(`${scenario}-${tab}-${theme}`);
        assert.deepEqual(await findings(opened), []);
        assert.deepEqual(opened.problems, []);
      });
    }
  }

  for (const theme of themes) {
    it(`draws the handshake and the race in opaque colours in ${theme}`, async () => {
      const { page } = await show({ scenario: 'link', theme, tab: 'connection' });
      const [strokes, fills] = await page.evaluate(`[
        [...document.querySelectorAll('.handshake .segment')].map((line) => getComputedStyle(line).stroke),
        [...document.querySelectorAll('.race tr:not(.failed, .abandoned) .bar')]
          .map((bar) => getComputedStyle(bar).backgroundColor),
      ]`) as [string[], string[]];
      assert.ok(strokes.length > 0 && fills.length > 0);
      for (const colour of [...strokes, ...fills]) assert.match(colour, /^(rgb\(|color\(srgb [\d. ]+\)$)/);
    });
  }

  it('draws the way of the packets, the handshake as derived, and the race', async () => {
    const { page } = await show({ scenario: 'link', tab: 'connection' });
    assert.deepEqual(
      await page.locator('.way strong').allTextContents(), ['This machine', 'Interface', 'Gateway', 'Server'],
    );
    assert.match(await page.locator('.way').innerText(), /192\.0\.2\.1\s+MAC 02:fc:00:00:00:05/);
    await page.getByRole('img', { name: 'Three-way handshake: SYN at 277 ms, SYN/ACK at 296 ms, then ACK' }).waitFor();
    assert.equal(await page.locator('.verdict.derived').innerText(), 'derived');
    const widths = await page.locator('.race .bar').evaluateAll((bars) =>
      bars.map((bar) => bar.getBoundingClientRect().width));
    assert.equal(widths.length, 3);
    assert.ok(widths[1]! > widths[2]! && widths[2]! > widths[0]!, widths.join());
  });

  it("shows the kernel's figures at both times, with what they mean", async () => {
    const { page } = await show({ scenario: 'link', tab: 'connection' });
    const row = page.locator('.figures tbody tr', { has: page.getByRole('rowheader', { name: 'Sent again' }) });
    assert.deepEqual(
      await row.locator('td').allTextContents(), [
        'none', '1 segment, 1.4 kB', 'each one costs at least a round trip, often a timeout',
      ],
    );
    const silent = await show({ scenario: 'system', tab: 'connection' });
    await silent.page.getByText("The kernel's figures are not available on this system.").waitFor();
    await silent.page.getByText('No gateway, no MAC: loopback.').waitFor();
  });

  it('asks for the name of the peer when it is wanted', async () => {
    const { page, posted } = await show({ scenario: 'system', tab: 'connection' });
    await page.getByRole('button', { name: 'Look up (PTR)' }).click();
    assert.ok((await posted()).some((message) => message.type === 'action' && message.action === 'look-up-peer'));
    const known = await show({ scenario: 'link', tab: 'connection' });
    assert.equal(await known.page.getByRole('button', { name: 'Look up (PTR)' }).count(), 0);
  });

  it('says when the kernel was asked above its figures, also where there is little room', async () => {
    const { page } = await show({ scenario: 'link', tab: 'connection', width: 420 });
    const shown = page.locator('.figures thead th:visible');
    assert.deepEqual(await shown.allInnerTexts(), ['Figure', 'After 344 ms', 'After 402 ms']);
  });

  it('says which HTTPS record was used, and why not the other', async () => {
    const { page } = await show({ scenario: 'link', tab: 'dns' });
    await page.getByText('The connection goes to edge.example, port 8443').waitFor();
    await page.getByText('none of h3 is spoken here over TCP').waitFor();
    await page.getByText('Cached: 37 s left.').waitFor();
  });

  it('says what to do before the first request', async () => {
    const tab = await show({ language: 'ko' });
    await tab.send({ type: 'empty', language: 'ko' });
    await tab.page.getByRole('heading', { name: '아직 보낸 요청이 없습니다' }).waitFor();
    await tab.screenshot('empty-dark-ko');
    assert.deepEqual(await findings(tab), []);
    assert.deepEqual((await tab.posted()).map(({ type }) => type), ['ready']);
  });

  it('fits from 360 to 1400 pixels', async () => {
    for (const scenario of Object.keys(scenarios) as ScenarioName[]) {
      const tab = await show({ scenario, width: 360 });
      for (const width of [360, 520, 760, 1400, 360]) {
        await tab.page.setViewportSize({ width, height: 900 });
        await tab.page.evaluate('new Promise(requestAnimationFrame)');
        if (scenario === 'login') await tab.screenshot(`login-dark-${width}`);
        const [inner, outer] = await tab.page.evaluate(
          '[document.documentElement.scrollWidth, innerWidth]',
        ) as [number, number];
        assert.equal(outer, width);
        assert.ok(inner <= outer, `${scenario}: ${inner} > ${outer}`);
      }
      await tab.close();
    }
  });

  for (const [width, isRow] of [[420, false], [690, false], [900, true]] as const) {
    it(`has certificates and the way ${isRow ? 'in a row' : 'below each other'} at ${width} pixels`, async () => {
      for (const [scenario, tab] of [['login', 'overview'], ['link', 'connection']] as const) {
        const { page } = await show({ scenario, tab, width });
        const boxes = await page.locator('.certificates').first().locator('.certificate')
          .evaluateAll((cards) => cards.map((card) => {
            const { left, top } = card.getBoundingClientRect();
            return { left, top };
          }));
        assert.ok(boxes.length > 2);
        assert.equal(new Set(boxes.map(({ top }) => top)).size, isRow ? 1 : boxes.length, scenario);
        assert.equal(new Set(boxes.map(({ left }) => left)).size, isRow ? boxes.length : 1, scenario);
      }
    });
  }

  it('tells the host when an exchange is on the screen, and screen readers how it went', async () => {
    const tab = await show({ scenario: 'login' });
    assert.ok((await tab.posted()).some((message) => message.type === 'painted' && message.exchangeId === 'login'));
    assert.equal(await tab.page.getByRole('status').textContent(), '200 (OK), 134 ms');
    const failed = await show({ scenario: 'refused', language: 'ko' });
    assert.equal(await failed.page.getByRole('status').textContent(), 'TCP 연결 단계에서 실패: 연결이 거부되었습니다, 1.1 ms');
    const running = await show({ scenario: 'running' });
    assert.equal(await running.page.getByRole('status').textContent(), '');
  });

  it('shows the name of a status as its own where no phrase came', async () => {
    const { page } = await show({ scenario: 'login' });
    const shown = page.locator('.line .status');
    assert.equal((await shown.innerText()).trim(), '200 (OK)');
    assert.equal(await shown.locator('.ours').innerText(), '(OK)');
    assert.match(await shown.getAttribute('title') ?? '', /HTTP\/2 sends the code alone/);
    const sent = await show({ scenario: 'hostile' });
    assert.equal(await sent.page.locator('.line .status .ours').count(), 0);
  });

  it('shows the phases as a table with both lanes', async () => {
    const { page } = await show({ scenario: 'login' });
    const table = page.getByRole('table', { name: 'Phases' });
    assert.equal(await table.getByRole('columnheader').count(), 4);
    const row = table.getByRole('row', { name: /TLS handshake/ }).first();
    assert.match(
      (await row.textContent())?.replace(/\s+/g, ' ') ?? '',
      /TLS handshake from 9\.1 ms ?22\.4 ms TLS 1\.3, X25519MLKEM768, ALPN h2/,
    );
    assert.equal(await table.getByRole('rowheader', { name: 'Server: lab' }).count(), 1);
    const [bar, track] = await Promise.all([row.locator('.bar').boundingBox(), row.locator('.track').boundingBox()]);
    assert.ok(bar && track);
    assert.ok(Math.abs((bar.x - track.x) / track.width - 9.1 / 134.1) < 0.005);
    assert.ok(Math.abs(bar.width / track.width - 22.4 / 134.1) < 0.005);
  });

  it('folds the lanes of several name servers into one row, which the keyboard opens', async () => {
    const { page } = await show({ scenario: 'walk' });
    const fold = page.getByRole('button', { name: 'Name servers: 3' });
    const lane = page.getByRole('rowheader', { name: 'Name server: root' });
    assert.equal(await fold.getAttribute('aria-expanded'), 'false');
    assert.equal(await lane.count(), 0);
    const row = page.locator('.folded .row');
    assert.match(await row.innerText(), /0\.6 ms\s+messages: 3;/);
    assert.equal(await row.locator('.bar').count(), 3);
    await fold.focus();
    await page.keyboard.press('Enter');
    assert.equal(await fold.getAttribute('aria-expanded'), 'true');
    assert.deepEqual(await page.locator('.waterfall .lane').allInnerTexts(),
      ['Name server: root', 'Name server: test.', 'Name server: lab.test']);
    assert.deepEqual(await findings(open.at(-1)!), []);
    await page.keyboard.press('Space');
    await lane.waitFor({ state: 'detached' });
  });

  it('says reused instead of drawing bars', async () => {
    const { page } = await show({ scenario: 'reused' });
    assert.equal(
      await page.locator('.row.reused .track').textContent(), 'reused after 2.21 s idle: no DNS, TCP or TLS',
    );
    assert.equal(await page.locator('.row.reused .bar').count(), 0);
  });

  it('moves between tabs by keyboard and remembers the tab', async () => {
    const tab = await show({ scenario: 'login' });
    const { keyboard } = tab.page;
    await tab.page.getByRole('tab', { name: 'Overview' }).focus();
    const selected = (): Promise<string | null> => tab.page.locator(
      '[role=tab][aria-selected=true]',
    ).getAttribute('id');
    for (const [key, id] of [
      ['ArrowRight', 'tab-dns'], ['End', 'tab-wire'], ['ArrowRight', 'tab-overview'], ['ArrowLeft', 'tab-wire'], ['Home', 'tab-overview'], ['ArrowRight', 'tab-dns'],
    ]) {
      await keyboard.press(key as string);
      assert.equal(await selected(), id);
      assert.equal(await tab.page.evaluate('document.activeElement.id'), id);
    }
    await keyboard.press('Tab');
    assert.equal(await tab.page.evaluate('document.activeElement.id'), 'panel');
    assert.equal((await tab.page.evaluate('editor.saved') as { tab: string }).tab, 'dns');
  });

  it('opens, closes and walks the tree of a JSON content by keyboard', async () => {
    const { page } = await show({ scenario: 'login', tab: 'body' });
    const tree = page.getByRole('tree');
    await tree.waitFor();
    const active = (): Promise<string> => page.evaluate(
      'document.activeElement.textContent.replace(/\\s+/g, " ").trim()',
    );
    await tree.getByRole('treeitem').first().focus();
    await page.keyboard.press('ArrowDown');
    assert.equal(await active(), 'user: { 5 members');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await active(), 'user: {…} 5 members');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    assert.equal(await active(), 'items: […] 250 items');
    await page.keyboard.press('Enter');
    assert.equal(await tree.getByRole('treeitem').count(), 6 - 0 + 100);
    await page.keyboard.press('ArrowRight');
    const item = page.locator(':focus');
    assert.deepEqual(
      [await item.getAttribute('aria-level'), await item.getAttribute('aria-posinset'), await item.getAttribute('aria-setsize')], ['4', '1', '250'],
    );
    await tree.getByText('Show 100 more of 150').click();
    assert.equal(await tree.getByText('Show 50 more of 50').count(), 1);
    await page.keyboard.press('ArrowLeft');
    assert.equal(await active(), 'items: [ 250 items');
  });

  it('takes everything from the network as text', async () => {
    for (const name of tabs) {
      const tab = await show({ scenario: 'hostile', tab: name });
      if (name === 'body') await tab.page.getByRole('tree').waitFor();
      assert.equal(await tab.page.evaluate('window.hostile'), undefined);
      assert.equal(await tab.page.locator('main img, main script, main iframe').count(), 0, name);
      assert.deepEqual(tab.problems, []);
    }
    assert.equal(await open.at(-1)?.page.evaluate('({}).polluted'), undefined);
  });

  it('offers a new connection where one was reused', async () => {
    const tab = await show({ scenario: 'reused', tab: 'connection' });
    await tab.page.getByRole('button', { name: 'Resend over a new connection' }).click();
    assert.deepEqual(actionsOf(await tab.posted()), ['resend-new me']);
    const fresh = await show({ scenario: 'login', tab: 'connection' });
    assert.equal(await fresh.page.getByRole('button', { name: 'Resend over a new connection' }).count(), 0);
  });

  it('draws images, pages and bytes', async () => {
    const image = await show({ scenario: 'image', tab: 'body' });
    await image.page.locator('figure img').waitFor();
    await image.page.waitForFunction('document.querySelector("figure img").naturalWidth === 1');
    assert.equal(await image.page.locator('figcaption').textContent(), '1 × 1 pixels');

    const page = await show({ scenario: 'redirect', tab: 'body' });
    await page.page.getByRole('button', { name: 'Preview' }).click();
    const frame = page.page.frameLocator('iframe.preview');
    await frame.getByRole('heading', { name: 'Welcome' }).waitFor();
    assert.equal(await page.page.locator('iframe.preview').getAttribute('sandbox'), '');
    assert.doesNotMatch(await frame.locator('body').innerText(), /ran/);

    const bytes = await show({ scenario: 'bytes', tab: 'body' });
    await bytes.page.getByText('Bytes 0 to 2,047 of 20,000').waitFor();
    await bytes.page.getByRole('button', { name: 'Last' }).click();
    await bytes.page.getByText('Bytes 18,432 to 19,999 of 20,000').waitFor();
    assert.match(await bytes.page.locator('.hex').innerText(), /^00004800 {2}48 67 86/);
    assert.ok(
      (await bytes.posted()).every((message) => message.type !== 'read-content' || message.length <= 1024 * 1024),
    );
    await bytes.screenshot('bytes-dark');
  });

  it('asks for contents that are gone and says so', async () => {
    const tab = await show({ scenario: 'login', tab: 'body' });
    await tab.page.getByRole('tree').waitFor();
    await tab.page.evaluate('editor.contents = {}');
    const { exchanges } = scenarios.reused;
    await tab.send({ type: 'show', language: 'en', exchanges, selected: 'me', running: false, labRunning: false });
    await tab.page.getByText('The content is no longer stored. Send again to see it.').waitFor();
  });

  it('marks a body that was cut', async () => {
    const tab = await show({ scenario: 'cut', tab: 'body' });
    await tab.page.getByText('Incomplete: only 7.3 kB arrived.').waitFor();
    await tab.page.getByText('row 0,value 0').waitFor();
    assert.equal(await tab.page.getByRole('tab', { name: /Body.*failed here/ }).count(), 1);
  });

  it('asks the host to act, by id', async () => {
    const tab = await show({ scenario: 'login' });
    for (const name of ['Resend', 'Copy as cURL', 'Export HAR', 'Open in Editor', 'Show Source']) {
      await tab.page.getByRole('button', { name, exact: true }).click();
    }
    assert.deepEqual(
      actionsOf(await tab.posted()),
      ['resend login', 'copy-curl login', 'export-har login', 'open-content login', 'show-source login'],
    );
    const running = await show({ scenario: 'running' });
    await running.page.getByRole('button', { name: 'Cancel' }).click();
    assert.deepEqual(actionsOf(await running.posted()), ['cancel running']);
  });

  it('offers to start the lab, and to send again once it runs', async () => {
    const tab = await show({ scenario: 'refused' });
    await tab.page.getByText('Connection refused.', { exact: true }).waitFor();
    await tab.page.getByRole('button', { name: 'Start the Lab' }).click();
    const { exchanges } = scenarios.refused;
    await tab.send({ type: 'show', language: 'en', exchanges, selected: 'refused', running: false, labRunning: true });
    await tab.page.getByText('The lab is running now: send again.').waitFor();
    await tab.page.locator('.steps').getByRole('button', { name: 'Resend' }).click();
    assert.deepEqual(actionsOf(await tab.posted()), ['start-lab refused', 'resend refused']);
  });

  it('does not say that the lab was started when it ran all along', async () => {
    const { page, send } = await show({ scenario: 'refused' });
    const { exchanges } = scenarios.refused;
    const again = exchanges.map((exchange) => ({ ...exchange, id: 'again' }));
    await send({ type: 'show', language: 'en', exchanges: again, selected: 'again', running: false, labRunning: true });
    await page.getByText('Start the server that should listen on port 8080').waitFor();
    assert.equal(await page.getByText(/lab is running|Start the Lab/).count(), 0);
  });

  it('moves the time on while a request runs, and only then', async () => {
    const { page, send, problems } = await show({});
    await page.clock.install({ time: 0 });
    await page.clock.pauseAt(10_000);
    const { exchanges } = scenarios.running;
    const says = async (text: string): Promise<void> => { await page.getByText(text, { exact: true }).waitFor(); };
    await send({ type: 'show', language: 'en', exchanges, selected: 'running', running: true, labRunning: true });
    await says('32.0 ms so far');
    await page.clock.runFor(1000);
    await says('1.03 s so far');
    const row = page.getByRole('row', { name: /Waiting/ });
    assert.match(await row.locator('.time').innerText(), /^1\.00 s …/);
    assert.match(await page.locator('.ticks').innerText(), /^0 ms/);
    assert.equal(await page.locator('.ticks .tick').last().innerText(), '1000');
    await send({
      type: 'show', language: 'en', exchanges: scenarios.cancelled.exchanges, selected: 'cancelled', running: false, labRunning: true,
    });
    await says('840 ms until cancelled');
    await page.evaluate(
      'globalThis.drawn = 0; new MutationObserver((all) => { drawn += all.length }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })',
    );
    await page.clock.runFor(2000);
    assert.equal(await page.evaluate('drawn'), 0);
    assert.deepEqual(problems, []);
  });

  it('shows what the reader cancelled without alarm, and with nothing to do', async () => {
    const { page } = await show({ scenario: 'cancelled' });
    assert.equal(await page.locator('.status').first().innerText(), 'Cancelled');
    assert.equal(await page.getByRole('status').textContent(), 'Cancelled, 840 ms');
    assert.equal(await page.locator('header .bad, .badge.bad, .row.failed, .steps').count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Resend' }).count(), 1);
  });

  it('shows which proxy and why, and each proxy of a chain', async () => {
    const { page, problems } = await show({ scenario: 'chained', tab: 'connection' });
    const section = (name: string) => page.locator(`section.block:has(> h2:text-is("${name}"))`);
    const choice = section('Which proxy, and why');
    await choice.getByText('as the setting roundtrip.proxy.url says').waitFor();
    assert.match(
      await choice.innerText(), /@proxy\s+not set\s+roundtrip\.proxy\.url\s+socks5h:\/\/squid\.test:1080, https:\/\/inner\.test/,
    );
    assert.match(
      await section('Proxy 1').innerText(), /names are looked up by the proxy[^]*Sign-in at the proxy\s+1\.0 ms[^]*succeeded \(0\)[^]*10\.0\.0\.1:4711/,
    );
    const second = section('Proxy 2');
    assert.match(await second.innerText(), /407 Who\?[^]*Asks for\s+Basic/);
    assert.equal(await second.locator('.proxy-body').innerText(), '<b>Who are you?</b>');
    assert.ok(!(await page.locator('body').innerText()).includes('secret'));
    assert.deepEqual(problems, []);
  });

  it('names the proxy without its password', async () => {
    const { page } = await show({ scenario: 'proxied', tab: 'cookies' });
    await page.getByText('through proxy squid.test:3128', { exact: true }).waitFor();
    assert.doesNotMatch(await page.locator('main').innerText(), /secret/);
    await page.getByText('No response came.').waitFor();
  });

  it('gives the time of the whole chain', async () => {
    const { page } = await show({ scenario: 'redirect' });
    assert.equal(await page.locator('.chain .total').innerText(), '37.0 ms in all, 0.2 ms of it in Roundtrip between requests');
  });

  for (const width of [360, 560, 700, 1000]) {
    it(`clips no character of the bytes at ${width} pixels`, async () => {
      const tab = await show({ scenario: 'bytes', tab: 'body', width });
      await tab.page.locator('.hex').waitFor();
      const [inner, outer] = await tab.page.evaluate(
        '[document.querySelector(".hex").scrollWidth, document.querySelector(".hex").clientWidth]',
      ) as [number, number];
      assert.ok(inner <= outer, `${inner} > ${outer}`);
      await tab.screenshot(`bytes-${width}`);
    });
  }

  it('goes from a failed certificate to the certificate', async () => {
    const { page } = await show({ scenario: 'mismatch' });
    await page.getByRole('button', { name: 'Show the Certificate' }).click();
    await page.getByRole('heading', { name: 'Why a name must match' }).waitFor();
  });

  it('walks the requests of a redirected send', async () => {
    const tab = await show({ scenario: 'redirect' });
    const steps = tab.page.getByRole('navigation', { name: 'Requests of this send' }).getByRole('button');
    assert.equal(await steps.nth(1).getAttribute('aria-current'), 'step');
    await steps.nth(0).click();
    assert.equal(await steps.nth(0).getAttribute('aria-current'), 'step');
    assert.ok((await tab.posted()).some((message) => message.type === 'painted' && message.exchangeId === 'old'));
    await tab.page.getByRole('tab', { name: 'Response' }).click();
    await tab.page.getByRole('button', { name: /Followed to/ }).click();
    assert.equal(await steps.nth(1).getAttribute('aria-current'), 'step');
  });

  it('explains a header where it stands, and all of them on request', async () => {
    const tab = await show({ scenario: 'login', tab: 'response' });
    const { page } = tab;
    await page.getByRole('button', { name: 'cache-control' }).click();
    assert.deepEqual(
      await page.locator('.meaning').allTextContents(), [
        'How this may be cached, by whom and how long (RFC 9111 §5.2).',
      ],
    );
    await page.getByRole('button', { name: 'Explain' }).click();
    assert.equal(await page.locator('.meaning').count(), 8);
    assert.deepEqual(await findings(tab), []);
  });

  it('keeps marking a response that was not verified', async () => {
    const { page } = await show({ scenario: 'unverified' });
    for (const name of ['Overview', 'Body', 'Cookies']) {
      await page.getByRole('tab', { name }).click();
      assert.equal(await page.locator('.unverified').count() > 0, true);
    }
  });
});
