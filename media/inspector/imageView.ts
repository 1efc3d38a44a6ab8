import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { notLoaded } from './body.ts';
import { mediaTypeOf } from './contentKind.ts';
import { imageSize } from './imageSize.ts';
import type { View } from './state.ts';

/** Larger contents and pictures are not drawn: decoding them would take the page's memory. */
const largestFile = 32 * 1024 * 1024;
const mostPixels = 50e6;

let drawn: { readonly bytes: Uint8Array; readonly url: string } | undefined;

/**
 * The content as a picture, through a `blob:` URL. An SVG in an `<img>` runs no scripts and loads
 * nothing.
 */
export function imageView(view: View): TemplateResult {
  const { exchange, t } = view;
  if ((exchange.response?.contentSize ?? 0) > largestFile)
    return html`<p class="remark">${t('image-large')}</p>`;
  const loaded = view.contents.prefix(exchange.id, largestFile);
  if (loaded.missing || loaded.size < (loaded.total ?? Infinity))
    return notLoaded(view, loaded.missing);
  const size = imageSize(loaded.bytes);
  if (size && size.width * size.height > mostPixels)
    return html`<p class="remark">${t('image-large')}</p>`;
  const url = urlOf(loaded.bytes, mediaTypeOf(exchange.response?.headers ?? []) ?? '');
  return html`<figure class="picture">
    <img src=${url} alt=${t('image-alt')} @error=${showBroken}>
    <figcaption class="dim">${size ? t('image-size', { width: size.width, height: size.height }) : ''}</figcaption>
    <p class="remark broken" hidden>${t('image-broken')}</p>
  </figure>`;
}

function showBroken(event: Event): void {
  const figure = (event.target as HTMLElement).closest('figure');
  figure?.querySelector('img')?.setAttribute('hidden', '');
  figure?.querySelector('.broken')?.removeAttribute('hidden');
}

function urlOf(bytes: Uint8Array, type: string): string {
  if (drawn?.bytes === bytes) return drawn.url;
  if (drawn) URL.revokeObjectURL(drawn.url);
  drawn = { bytes, url: URL.createObjectURL(new Blob([bytes.slice()], { type })) };
  return drawn.url;
}
