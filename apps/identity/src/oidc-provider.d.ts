/** The part of `oidc-provider` 9 that the development provider uses; the package brings no types. */
declare module 'oidc-provider' {
  import { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';

  export type Grant = { addOIDCScope(scope: string): void; save(): Promise<string> };
  export type GrantContext = {
    readonly oidc: {
      readonly provider: { readonly Grant: new (of: { clientId: string; accountId: string }) => Grant };
      readonly client: { readonly clientId: string };
      readonly session: { readonly accountId: string };
    };
  };

  export class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>);
    callback(): RequestListener;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<{ readonly uid: string }>;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: unknown): Promise<void>;
    on(event: 'server_error', listener: (context: unknown, error: Error) => void): this;
  }
  export const errors: { InvalidTarget: new (description?: string) => Error };
}
