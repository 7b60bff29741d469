/**
 * A token server for docker-registry (distribution, "Token Authentication"): it signs what it grants
 * as a JSON Web Token, and the registry, which has its certificate, believes that alone.
 */
import { createPrivateKey, randomUUID, sign, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Files in PEM: a certificate, and its private key on the curve P-256. */
export interface Signer {
  readonly cert: string;
  readonly key: string;
}

/** Of the users by name: the password, and what each may do to any repository. */
export type Users = Readonly<Record<string, { password: string; actions: readonly string[] }>>;

/** One request that was answered with a token. */
export interface Grant {
  readonly user: string;
  readonly scopes: readonly string[];
}

/** What the tokens name as their service and their issuer. */
export const SERVICE = 'registry.test';
export const ISSUER = 'issuer.test';

export class TokenServer {
  readonly realm: string;
  readonly grants: Grant[] = [];
  /** So many tokens more are past their time when they are given. */
  stale = 0;
  readonly #server: Server;
  readonly #key: KeyObject;
  readonly #certificate: string;
  readonly #users: Users;

  private constructor(server: Server, { cert, key }: Signer, users: Users) {
    this.#server = server;
    this.#key = createPrivateKey(readFileSync(key));
    this.#certificate = readFileSync(cert, 'utf8').replaceAll(/-----.*-----|\s/g, '');
    this.#users = users;
    this.realm = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  }

  static async start(signer: Signer, users: Users): Promise<TokenServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const made = new TokenServer(server, signer, users);
    server.on('request', (request: IncomingMessage, response) => {
      const token = made.#answer(request);
      response.writeHead(token === undefined ? 401 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(token === undefined ? {} : { token, expires_in: 300 }));
    });
    return made;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** @returns a token; undefined for a user that is unknown. Without a name one may pull. */
  #answer({ url = '', headers }: IncomingMessage): string | undefined {
    const [name = '', password = ''] = Buffer.from((headers.authorization ?? '').slice(6), 'base64')
      .toString()
      .split(':');
    const user = name === '' ? { password: '', actions: ['pull'] } : this.#users[name];
    if (user?.password !== password) return undefined;
    const scopes = new URL(url, this.realm).searchParams.getAll('scope');
    this.grants.push({ user: name, scopes });
    const access = scopes.map((scope) => {
      const [type = '', repository = '', actions = ''] = scope.split(':');
      const allowed = actions.split(',').filter((action) => user.actions.includes(action));
      return { type, name: repository, actions: allowed };
    });
    return this.#sign(name, access);
  }

  /** RFC 7519, by ES256: the signature is two numbers, not ASN.1. */
  #sign(subject: string, access: readonly object[]): string {
    const late = this.stale > 0 ? 3600 : 0;
    this.stale = Math.max(0, this.stale - 1);
    const now = Math.floor(Date.now() / 1000) - late;
    const header = { typ: 'JWT', alg: 'ES256', x5c: [this.#certificate] };
    const claims = {
      iss: ISSUER,
      sub: subject,
      aud: SERVICE,
      nbf: now - 10,
      iat: now,
      exp: now + 300,
      jti: randomUUID(),
      access,
    };
    const parts = [header, claims].map((part) => base64url(JSON.stringify(part)));
    const payload = parts.join('.');
    const signature = sign('sha256', Buffer.from(payload), {
      key: this.#key,
      dsaEncoding: 'ieee-p1363',
    });
    return `${payload}.${base64url(signature)}`;
  }
}

function base64url(value: string | Buffer): string {
  return Buffer.from(value).toString('base64url');
}
