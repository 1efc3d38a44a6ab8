/**
 * What is shown of the lab, with its texts, read when there is first something to show: dist/labView.cjs (see
 * `lazyImports` in esbuild.mjs).
 */
export function labView(): typeof import('./labView.ts') {
  return require('./labView.ts');
}
