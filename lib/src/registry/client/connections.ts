/** Which addresses a domain has, and the connections to them. */
import type { Credentials } from '../auth/types.ts';
import { DEFAULT_DOMAIN } from '../reference.ts';
import { RegistryError, shown } from '../errors.ts';
import { Agents } from '../http/agents.ts';
import { hasCertificates } from '../http/certificates.ts';
import { exchange } from '../http/exchange.ts';
import { isLoopback } from '../http/loopback.ts';
import { Connection } from './connection.ts';
import type { Settings } from './options.ts';

/** Docker Hub's names and images have one domain, and its API another. */
const DEFAULT_API = 'https://registry-1.docker.io/';

export class Connections {
  readonly #settings: Settings;
  readonly #agents: Agents;
  readonly #origins = new Map<string, Connection>();
  readonly #mirrors = new Map<string, readonly Connection[]>();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#agents = new Agents({
      certificates: settings.certificates,
      unverified: settings.insecure,
      environment: settings.environment,
    });
  }

  /** The registry itself, to which everything is written. */
  async origin(domain: string, signal?: AbortSignal): Promise<Connection> {
    const known = this.#origins.get(domain);
    if (known !== undefined) return known;
    const url = await this.#addressOf(domain, signal);
    const connection = new Connection(url, domain, this.#agents, this.#settings);
    this.#origins.set(domain, connection);
    return connection;
  }

  /** The registry itself, asked by somebody else than the keychain says. */
  async as(domain: string, credentials: Credentials, signal?: AbortSignal): Promise<Connection> {
    const { base } = await this.origin(domain, signal);
    const keychain = { get: () => Promise.resolve(credentials) };
    return new Connection(base, domain, this.#agents, { ...this.#settings, keychain });
  }

  /** Those to read from before the registry itself. @throws RegistryError INVALID_ARGUMENT. */
  mirrors(domain: string): readonly Connection[] {
    const known = this.#mirrors.get(domain);
    if (known !== undefined) return known;
    const { mirrors } = this.#settings;
    const texts = Object.hasOwn(mirrors, domain) ? (mirrors[domain] ?? []) : [];
    // Who has others to ask does not wait for one that fails.
    const retry = { ...this.#settings.retry, tries: 1 };
    const connections = texts.map((text) => {
      const url = this.#mirrorAddress(text);
      return new Connection(url, url.host, this.#agents, { ...this.#settings, retry });
    });
    this.#mirrors.set(domain, connections);
    return connections;
  }

  close(): void {
    this.#agents.close();
    this.#origins.clear();
    this.#mirrors.clear();
  }

  /**
   * Always https; but http for a host of this machine, or one that may be insecure, if it does not
   * know https. A host with certificates of its own is meant to be encrypted.
   */
  async #addressOf(domain: string, signal?: AbortSignal): Promise<URL> {
    if (domain === DEFAULT_DOMAIN) return new URL(DEFAULT_API);
    const secure = new URL(`https://${domain}/`);
    if (!this.#mayBePlain(secure)) return secure;
    if (hasCertificates(secure.host, this.#settings.certificates)) return secure;
    return (await this.#speaksTls(secure, signal)) ? secure : new URL(`http://${domain}/`);
  }

  #mayBePlain({ hostname, host }: URL): boolean {
    return isLoopback(hostname) || this.#settings.insecure.has(host);
  }

  async #speaksTls(url: URL, signal?: AbortSignal): Promise<boolean> {
    const { clock, stallTimeout } = this.#settings;
    const call = { method: 'GET', ...(signal && { signal }) };
    const agent = this.#agents.probe(url);
    let spoken = false;
    // Keys are agreed upon with nobody else, even if all fails after that, for want of a certificate.
    agent.once('keylog', () => (spoken = true));
    try {
      const reply = await exchange(new URL('/v2/', url), call, { agent, clock, stallTimeout });
      await reply.discard();
    } catch {
      signal?.throwIfAborted();
    } finally {
      agent.destroy();
    }
    return spoken;
  }

  #mirrorAddress(text: string): URL {
    const url = URL.parse(text.endsWith('/') ? text : `${text}/`);
    if (url?.protocol === 'https:') return url;
    if (url?.protocol === 'http:' && this.#mayBePlain(url)) return url;
    throw new RegistryError(
      'INVALID_ARGUMENT',
      `${shown(text)} is no mirror: it takes https://HOST, or http:// on this machine or one that ` +
        'is named as insecure',
    );
  }
}
