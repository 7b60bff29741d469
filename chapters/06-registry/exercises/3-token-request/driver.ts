/** Calls the learner's functions with addresses, which cannot be sent, and makes data of what comes. */
import type { Credentials, tokenRequest, tokenServer } from 'coracle/registry';

interface Learner {
  readonly tokenRequest: typeof tokenRequest;
  readonly tokenServer: typeof tokenServer;
}

export interface Asked {
  readonly parameters: Readonly<Record<string, string>>;
  readonly scopes: readonly string[];
  readonly credentials?: Credentials | undefined;
  readonly registry: string;
}

/** A request, as somebody sees it who gets it: the order of parameters says nothing. */
interface Got {
  readonly method: string;
  readonly address: string;
  readonly query: string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly form?: string[];
}

export function request({ tokenRequest: ask }: Learner, asked: Asked): Got {
  const challenge = { scheme: 'bearer', parameters: new Map(Object.entries(asked.parameters)) };
  const registry = new URL(asked.registry);
  const { method, url, headers, body } = ask(challenge, asked.scopes, asked.credentials, registry);
  const { origin, pathname, search } = url;
  const got = { method, address: origin + pathname, query: parametersOf(search), headers };
  return body === undefined ? got : { ...got, form: parametersOf(body) };
}

/** Sorted by name; those of one name stay in their order. */
function parametersOf(text: string): string[] {
  const parameters = new URLSearchParams(text);
  parameters.sort();
  return [...parameters].map(([name, value]) => `${name}: ${value}`);
}

export function server(
  { tokenServer: find }: Learner,
  input: { realm: string | undefined; registry: string },
): string {
  return find(input.realm, new URL(input.registry)).href;
}
