// What the editing features compute with and the sentences they say: one bundle of its own, read at
// the first completion, hover or other question (`services()` in loadServices.ts). Features add the
// pure functions and texts they need to this list; it is no door for anybody else.

export { hoverTexts } from '../../explain/text/hover.ts';
export { problemTexts } from '../../explain/text/problem.ts';
export { quickFixTexts } from '../../explain/text/quickFix.ts';
export { renameTexts } from '../../explain/text/rename.ts';
export { say } from '../../explain/text/text.ts';
export { explainTopic } from '../../explain/topics.ts';
export { curlToHttp } from '../../httpFile/curl/toHttp.ts';
export { createDocument } from '../../httpFile/document.ts';
export { completionsAt } from '../../httpFile/editing/completion.ts';
export { foldsIn } from '../../httpFile/editing/folding.ts';
export { formatEdits, formatRangeEdits } from '../../httpFile/editing/format.ts';
export { addressFor, hoverAt } from '../../httpFile/editing/hover.ts';
export { shortened, valueHintsIn } from '../../httpFile/editing/inlayHints.ts';
export { linksIn } from '../../httpFile/editing/links.ts';
export { fixAll, quickFixes } from '../../httpFile/editing/quickFixes.ts';
export { refactorings } from '../../httpFile/editing/refactor.ts';
export {
  definitionOf, occurrenceAt, occurrencesOf, pathAt, referencesTo,
} from '../../httpFile/editing/references.ts';
export { appendedRequest, pastedRequest } from '../../httpFile/editing/paste.ts';
export { hasOwnVariable, invalidName, prepareRename, rename, undefinedUses } from '../../httpFile/editing/rename.ts';
export { semanticTokensIn } from '../../httpFile/editing/semanticTokens.ts';
export { createUndefinedSearch } from '../../httpFile/editing/undefinedNames.ts';
export { missingName } from '../../httpFile/names/missingName.ts';
export { bareName } from '../../httpFile/names/percent.ts';
export { entriesOf } from '../../run/environments/environment.ts';
export { environmentRename } from '../../run/environments/renameName.ts';
export { importLines, loadImports } from '../../run/imports.ts';
export { outerNames } from '../../run/prepare/names.ts';
export { isSecretName } from '../../run/prompts.ts';
export { isSecretField } from '../../trace/secrets.ts';
export { withEnvironmentName } from './environmentEdit.ts';
export { hoverMarkdown, originText } from './hoverMarkdown.ts';
