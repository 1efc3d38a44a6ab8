import { parseFallbackReference, parseReference, referencedName } from '../../httpFile/names/reference.ts';
import type { ResponseReference } from '../../httpFile/names/reference.ts';
import { createScope } from '../../httpFile/names/scope.ts';
import type { Definition, Fault } from '../../httpFile/names/origin.ts';
import type { OuterNames } from '../../httpFile/names/scope.ts';
import type { HttpRequest } from '../../httpFile/syntax.ts';
import { assertNever } from '../../trace/assertNever.ts';
import { tokenNameIn } from '../authentication/oauth/tokenName.ts';
import type { TokenName } from '../authentication/oauth/tokenName.ts';
import { tokenValue } from '../authentication/oauth/tokenValue.ts';
import { requestNames } from './dependencies.ts';
import { outerNames } from './names.ts';
import type { Gathered, PrepareContext } from './preparation.ts';
import { promptIn, promptsOf } from '../prompts.ts';
import type { Prompt } from '../prompts.ts';
import { evaluateReference, unsentFault } from '../responses/responses.ts';

/** Something a request needs that takes waiting for. */
type Want =
  | { readonly kind: 'prompt'; readonly prompt: Prompt }
  | { readonly kind: 'reference'; readonly reference: ResponseReference }
  | { readonly kind: 'token'; readonly token: TokenName };

/**
 * Values that take waiting for: answers of the user, and parts of earlier exchanges. Names that have none yet are
 * noted while the others are put in, stand for nothing that once, and are fetched before the next try: so only what
 * a request really reaches is asked for, also through variables, environments and the files of its body.
 */
export interface Gathering extends Gathered {
  /** The same names, with these values and with notes taken. */
  names(outer: OuterNames): OuterNames;
  /** Finds the references that were noted; whether there were any. */
  fillReferences(): Promise<boolean>;
  /** Whether there is something to ask. */
  hasQuestions(): boolean;
  /** Asks what was noted, in the order of the request's metadata; false when the user would rather not say. */
  ask(): Promise<boolean>;
  /** Whether there are tokens to get. */
  hasTokens(): boolean;
  /** Gets the tokens that were noted, each by an exchange of its own unless it is known. */
  fillTokens(): Promise<void>;
}

/** An empty gathering for one request. */
export function createGathering(request: HttpRequest, context: PrepareContext): Gathering {
  const own = new Map(promptsOf(request).map((prompt) => [prompt.name, prompt]));
  const prompts = new Map<string, string>();
  const others = new Map<string, string | Fault>();
  const secrets = new Set<string>();
  const wanted = new Map<string, Want>();
  /** Something was noted since the last time that this was looked at. */
  let isWaiting = false;
  let isFilling = false;

  /** An empty text for this try, or why there will never be a value. */
  const noted = (name: string, want: Want): Definition => {
    const nobody = want.kind === 'prompt' && !context.ask && !context.arguments?.has(want.prompt.name);
    if (nobody) return promptDefinition(name, want.prompt, unanswered(want.prompt));
    wanted.set(name, want);
    isWaiting = true;
    switch (want.kind) {
      case 'prompt': return promptDefinition(name, want.prompt, '');
      case 'reference': return referenceDefinition(name, want.reference, '');
      case 'token': return { name, origin: { kind: 'dynamic' }, value: '', secret: true };
      default: return assertNever(want);
    }
  };

  const answer = async (name: string, prompt: Prompt): Promise<boolean> => {
    const said = context.arguments?.get(prompt.name) ?? await context.ask?.(prompt);
    if (said === undefined) return false;
    if (prompt.secret) secrets.add(name);
    if (own.has(name)) prompts.set(name, said);
    else others.set(name, said);
    wanted.delete(name);
    return true;
  };

  const names = (outer: OuterNames): OuterNames => ({
    ...outer,
    before: (name) => {
      const prompt = own.get(name);
      return outer.before?.(name) ?? (prompt && noted(name, { kind: 'prompt', prompt }));
    },
    after: (name) => {
      if (others.has(name)) return outer.after(name);
      const prompt = name.startsWith('$') ? promptIn(name) : undefined;
      if (prompt) return [noted(name, { kind: 'prompt', prompt })];
      const token = context.tokens && name.startsWith('$') ? tokenNameIn(name) : undefined;
      // A token is not made of another one, which might be made of it.
      if (token && !isFilling) return [noted(name, { kind: 'token', token })];
      const known = outer.after(name).filter(({ origin }) => origin.kind !== 'response');
      const reference = known.length === 0 ? referenceIn(name, context) : undefined;
      return reference ? [noted(name, { kind: 'reference', reference })] : known;
    },
  });

  const fillToken = async (name: string, token: TokenName): Promise<void> => {
    const scope = createScope(context.file, request.line - 1, names(outerNames({ ...context, gathered })));
    isWaiting = false;
    isFilling = true;
    const value = await tokenValue(token, context, (text) => {
      const { text: found, faults: [fault] } = scope.resolve(text);
      if (fault) return { code: fault.code, places: fault.places };
      // A setting has to be asked for first.
      return isWaiting ? { code: 'token-not-fetched', places: { name } } : found;
    }).finally(() => { isFilling = false; });
    if (isWaiting) return;
    wanted.delete(name);
    others.set(name, value);
    secrets.add(name);
  };

  const gathered: Gathered = { prompts, others, secrets };
  return {
    prompts, others, secrets, names,
    fillReferences: async () => {
      let found = false;
      for (const [name, want] of [...wanted]) {
        if (want.kind !== 'reference') continue;
        others.set(name, await referenceValue(want.reference, context));
        wanted.delete(name);
        found = true;
      }
      return found;
    },
    hasQuestions: () => [...wanted.values()].some(({ kind }) => kind === 'prompt'),
    ask: async () => {
      const order = [...own.keys(), ...[...wanted.keys()].filter((name) => !own.has(name))];
      for (const name of order) {
        const want = wanted.get(name);
        if (want?.kind === 'prompt' && !await answer(name, want.prompt)) return false;
      }
      return true;
    },
    hasTokens: () => [...wanted.values()].some(({ kind }) => kind === 'token'),
    fillTokens: async () => {
      for (const [name, want] of [...wanted]) {
        if (want.kind === 'token') await fillToken(name, want.token);
      }
    },
  };
}

function promptDefinition(name: string, { secret }: Prompt, value: string | Fault): Definition {
  return { name, origin: { kind: 'prompt' }, value, secret };
}

function referenceDefinition(name: string, { request }: ResponseReference, value: string): Definition {
  return { name, origin: { kind: 'response', request }, value, secret: false };
}

/** Says that nobody is there to be asked. */
function unanswered({ name }: Prompt): Fault {
  return { code: 'prompt-unanswered', places: { name } };
}

async function referenceValue(
  reference: ResponseReference, context: PrepareContext,
): Promise<string | Fault> {
  const exact = await context.responses?.latest(reference.request);
  if (exact) return evaluateReference(reference, exact);
  // Only now: there may be thousands of names.
  const names = requestNames(context.file, context.imported);
  const name = referencedName(reference.request, names);
  if (name === undefined) {
    const { request } = reference;
    return { code: 'response-request-unknown', places: { name: request, names: [...names].join(', ') || '–' } };
  }
  const recorded = await context.responses?.latest(name);
  return recorded ? evaluateReference(reference, recorded) : unsentFault({ ...reference, request: name });
}

/** The reference that an expression is, in any form. */
function referenceIn(
  expression: string, { file, imported }: Pick<PrepareContext, 'file' | 'imported'>,
): ResponseReference | undefined {
  const reference = parseReference(expression);
  if (reference) return reference;
  // Most names are those of variables: the requests' names are gathered only for what may be a member of something.
  if (expression.startsWith('$') || !/[.[]/.test(expression)) return undefined;
  const names = requestNames(file, imported);
  return parseFallbackReference(expression, (name) => referencedName(name, names) !== undefined);
}
