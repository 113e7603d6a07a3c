export { developmentClientId, developmentSecret, developmentToken, readDevelopmentClientId } from './development.js';
export type { DevelopmentPerson } from './development.js';
export { developmentPlatform } from './development-platform.js';
export type { DevelopmentPlatform } from './development-platform.js';
export type { Identity } from './identity.js';
export { IssuerUnreachable, OidcTokens, TokenRefused } from './oidc-tokens.js';
export type { OidcTokensOptions } from './oidc-tokens.js';
export { parseTrustedIssuers } from './trusted-issuer.js';
export type { TrustedIssuer } from './trusted-issuer.js';
