import type { Entry } from './listing.ts';

/** A folder as a page with links, for people. */
export function folderPage(path: string, entries: readonly Entry[]): string {
  const rows = entries.map(({ name, kind, size }) => {
    const ending = kind === 'folder' ? '/' : '';
    const link = `<a href="./${escaped(encodeURIComponent(name))}${ending}">${escaped(name)}${ending}</a>`;
    return `<li>${link}${size === undefined ? '' : ` ${size} B`}</li>\n`;
  });
  const up = path === '/' ? '' : '<li><a href="../">../</a></li>\n';
  const title = escaped(path);
  return `<!doctype html>\n<title>${title}</title>\n<h1>${title}</h1>\n<ul>\n${up}${rows.join('')}</ul>\n`;
}

function escaped(content: string): string {
  return content.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
