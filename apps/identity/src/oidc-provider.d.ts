/** The part of `oidc-provider` 9 that the development provider uses; the package brings no types. */
declare module 'oidc-provider' {
  import { type RequestListener } from 'node:http';

  export class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>);
    callback(): RequestListener;
    on(event: 'server_error', listener: (context: unknown, error: Error) => void): this;
  }
  export const errors: { InvalidTarget: new (description?: string) => Error };
}
