import { json, problem, text } from '../http/answer.ts';
import type { Handler, Route } from '../http/handler.ts';
import { pageFields } from '../routes/pages.ts';
import { orderRoutes } from './orderRoutes.ts';
import { sessionRoutes } from './sessionRoutes.ts';

interface Item {
  readonly id: number;
  readonly name: { readonly en: string; readonly ko: string };
  /** In won. */
  readonly price: number;
}

const items: readonly Item[] = [
  { id: 1, name: { en: 'A ping', ko: '핑' }, price: 1000 },
  { id: 2, name: { en: 'A handshake', ko: '악수' }, price: 3000 },
  { id: 3, name: { en: 'A cookie', ko: '쿠키' }, price: 2500 },
];

const item: Handler = ({ parameters }) => {
  const found = items.find(({ id }) => String(id) === parameters.id);
  return found ? json(200, found) : problem(404, `The shop has no item ${parameters.id}.`);
};

/** A function declaration, for the page below is made when this file is loaded. */
function listed({ id, name, price }: Item): string {
  return `<li><a href="/items/${id}">${name.en} · ${name.ko}</a>, ₩${price}</li>`;
}

const shopPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The shop of the lab</title>
<h1>The shop of the lab</h1>
<ul>
${items.map(listed).join('\n')}
</ul>
</html>
`;

export const shopRoutes: readonly Route[] = [
  ...sessionRoutes, ...orderRoutes,
  {
    pattern: 'GET shop.lab.test/{$}', name: 'shop/front', isPublic: true,
    handler: () => text(200, 'text/html', shopPage, pageFields),
    summary: {
      en: 'The shop: a host of its own wins over the same path elsewhere.',
      ko: '상점입니다. 호스트를 지정한 패턴이 같은 경로의 다른 패턴보다 우선합니다.',
    },
  },
  {
    pattern: 'GET shop.lab.test/items/{id}', name: 'shop/item', isPublic: true, handler: item,
    summary: { en: 'An item of the shop, 1 to 3.', ko: '상점의 상품(1~3)입니다.' },
  },
];
