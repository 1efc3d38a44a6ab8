/**
 * The pure functions and texts of the editing features, read with the first question that needs
 * them and not before: dist/services.cjs (see `lazyImports` in esbuild.mjs).
 */
export function services(): typeof import('./services.ts') {
  return require('./services.ts');
}
