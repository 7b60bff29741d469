/** The connections that are kept open, by the host that they lead to. */
import http from 'node:http';
import https from 'node:https';
import { createSecureContext } from 'node:tls';
import { secureContext } from './certificates.ts';
import { isLoopback } from './loopback.ts';

export interface AgentOptions {
  readonly certificates: string;
  /** Hosts whose certificates are not looked at. */
  readonly unverified: ReadonlySet<string>;
  /** Where HTTPS_PROXY and the like are. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Connections of one host that are open at the same time. */
const MAX_SOCKETS = 8;

export class Agents {
  readonly #options: AgentOptions;
  readonly #agents = new Map<string, http.Agent>();

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  for(url: URL): http.Agent {
    const known = this.#agents.get(url.origin);
    if (known !== undefined) return known;
    const agent = this.#create(url);
    this.#agents.set(url.origin, agent);
    return agent;
  }

  /** Closes all of them; those in use too. */
  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  /**
   * For finding out whether a host speaks TLS: it trusts everybody, so nothing may be sent through it
   * that is anybody's secret. Reading whom to trust takes longer than a small image.
   */
  probe(url: URL): https.Agent {
    return new https.Agent({
      ...this.#proxy(url),
      secureContext: createSecureContext({ ca: [] }),
      rejectUnauthorized: false,
    });
  }

  #create(url: URL): http.Agent {
    const { certificates, unverified } = this.#options;
    const options: http.AgentOptions = {
      keepAlive: true,
      maxSockets: MAX_SOCKETS,
      ...this.#proxy(url),
    };
    if (url.protocol === 'http:') return new http.Agent(options);
    return new https.Agent({
      ...options,
      secureContext: secureContext(url.host, certificates),
      rejectUnauthorized: !unverified.has(url.host),
    });
  }

  #proxy({ hostname }: URL): Pick<http.AgentOptions, 'proxyEnv'> {
    return isLoopback(hostname) ? {} : { proxyEnv: this.#options.environment };
  }
}
