import { inSeconds } from './production.js';

/** How a provider writes its tokens, how an operator trusts it, and who its person is. All persons are made up. */
export type Shape = {
  readonly trusted: Readonly<Record<string, unknown>> & { readonly issuer: string; readonly audience: string };
  readonly header: object;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly is: { readonly country: string | null; readonly roles: readonly string[] };
};

const times = (): object => ({ iat: inSeconds(0), nbf: inSeconds(0), exp: inSeconds(300) });

const TENANT = '0b5a0f0e-6f3c-4c3c-9a7d-2f1d1c9f7a10';
const GROUPS = Array.from({ length: 200 }, (_, at) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`);

const entra = {
  trusted: { types: ['JWT'], algorithms: ['RS256'], country: 'FR', countries: ['FR'], roles: ['LIAISON', 'DELEGATE'] },
  header: { typ: 'JWT' },
  is: { country: 'FR', roles: ['DELEGATE'] },
  claims: {
    ...{ oid: '5a2c0e1a-0000-4000-8000-000000000001', sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ', tid: TENANT },
    ...{ roles: ['DELEGATE'], scp: 'access_as_user', uti: 'x4RfTMk9D0eZnVt0-_oBAA', rh: '0.AAAA', aio: 'ATQAy' },
  },
};

/** Microsoft Learn, "Access token claims reference". */
const entraV1: Shape = {
  ...entra,
  trusted: {
    ...{ issuer: `https://sts.windows.net/${TENANT}/`, audience: 'api://lodestone', subjectClaim: 'oid' },
    ...entra.trusted,
  },
  header: { ...entra.header, x5t: 'nOo3ZDrODXEK1jKWhXslHR_KXEg' },
  claims: {
    ...entra.claims,
    ...{ ver: '1.0', appid: 'b4ec2a0c-0000-4000-8000-000000000002', appidacr: '0', acr: '1', amr: ['pwd', 'mfa'] },
    ...{ upn: 'made.up@ministere.example', unique_name: 'made.up@ministere.example', ipaddr: '192.0.2.7' },
  },
};
const entraV2: Shape = {
  ...entra,
  trusted: {
    issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`,
    ...{ audience: '6e74172b-be56-4843-9ff4-e66a39bb12e3', subjectClaim: 'oid', ...entra.trusted },
  },
  claims: {
    ...entra.claims,
    ...{ ver: '2.0', azp: 'b4ec2a0c-0000-4000-8000-000000000002', azpacr: '0', name: 'Made Up' },
    preferred_username: 'made.up@ministere.example',
  },
};

/** Keycloak, "Server Administration Guide": the default client scopes `roles` and `acr`. */
const keycloak: Shape = {
  trusted: {
    ...{ issuer: 'https://sso.example.jp/realms/minerals', audience: 'account', types: ['JWT'] },
    ...{ countries: ['JP'], country: 'JP', roles: ['LIAISON', 'DELEGATE'], rolesClaim: ['realm_access', 'roles'] },
  },
  header: { typ: 'JWT' },
  claims: {
    ...{ jti: 'onrtac:1f1c', sub: '8f2b0d6e-0000-4000-8000-000000000003', typ: 'Bearer', azp: 'desk', sid: 'f00d' },
    ...{ acr: '1', 'allowed-origins': ['https://desk.example.jp'], scope: 'openid email profile' },
    realm_access: { roles: ['default-roles-minerals', 'offline_access', 'uma_authorization', 'DELEGATE'] },
    resource_access: { account: { roles: ['manage-account', 'view-profile'] } },
    ...{ email_verified: true, name: 'Made Up', preferred_username: 'made.up', email: 'made.up@example.jp' },
  },
  is: { country: 'JP', roles: ['DELEGATE'] },
};

/** AD FS 2016 and later, "AD FS OpenID Connect/OAuth concepts"; a role that stands alone is a text. */
const adfs: Shape = {
  trusted: {
    ...{ issuer: 'http://fs.ministry.example.au/adfs/services/trust', audience: 'microsoft:identityserver:lodestone' },
    ...{ types: ['JWT'], subjectClaim: 'upn', rolesClaim: 'role', roleNames: { 'CRM Approvers': 'APPROVER' } },
    ...{ countries: ['AU'], country: 'AU', roles: ['APPROVER'] },
  },
  header: { typ: 'JWT', x5t: 'sMR4Rk0lcF1wk2y0YJ2ZcW9n3JU' },
  claims: {
    ...{ role: 'CRM Approvers', upn: 'made.up@ministry.example.au', apptype: 'Public', appid: 'desk', ver: '1.0' },
    ...{ authmethod: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport', scp: 'openid' },
    auth_time: '2026-11-27T09:30:00.000Z',
  },
  is: { country: 'AU', roles: ['APPROVER'] },
};

/** PingFederate, "Configuring JSON token management": no `typ` unless one is set, `scope` as a list. */
const pingFederate: Shape = {
  trusted: {
    ...{ issuer: 'https://ping.example.ca', audience: 'lodestone', types: [null], countries: ['CA'] },
    ...{ roles: ['LIAISON', 'DELEGATE'], rolesClaim: 'groups', subjectClaim: 'Username', countryForm: 'lenient' },
    roleNames: { 'CN=crm-liaison,OU=groups,DC=example,DC=ca': 'LIAISON', crmDelegate: 'DELEGATE' },
  },
  header: { 'pi.atm': '4' },
  claims: {
    ...{ scope: ['openid', 'lodestone'], client_id: 'desk', Username: 'made-up-7', country: ['ca'] },
    groups: ['CN=all,OU=groups,DC=example,DC=ca', 'CN=crm-liaison,OU=groups,DC=example,DC=ca'],
  },
  is: { country: 'CA', roles: ['LIAISON'] },
};

/** eIDAS SAML attribute profile 1.2, section 2.2.3, brought into a claim by a mapper of the broker. */
const eidas: Shape = {
  trusted: {
    ...{ issuer: 'https://bridge.example.eu/realms/eidas', audience: 'lodestone', types: ['JWT'] },
    ...{
      countries: ['GR', 'DE'],
      roles: ['LIAISON'],
      subjectClaim: 'person_identifier',
      rolesClaim: ['realm_access', 'roles'],
    },
    ...{ countryClaim: 'person_identifier', countryForm: 'eidas', countryNames: { EL: 'GR' } },
    acrValues: ['http://eidas.europa.eu/LoA/substantial', 'http://eidas.europa.eu/LoA/high'],
  },
  header: { typ: 'JWT' },
  claims: {
    ...{ sub: '9d0a0000-0000-4000-8000-000000000004', typ: 'Bearer', acr: 'http://eidas.europa.eu/LoA/high' },
    ...{ person_identifier: 'EL/EU/0263-5542-Y', realm_access: { roles: ['offline_access', 'LIAISON'] } },
  },
  is: { country: 'GR', roles: ['LIAISON'] },
};

/** The shapes by their names; each has an issuer of its own. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  'Entra ID, v1.0': entraV1,
  'Entra ID, v2.0': entraV2,
  'Entra ID, groups overage': {
    ...entraV2,
    trusted: { ...entraV2.trusted, issuer: 'https://login.microsoftonline.com/overage/v2.0' },
    claims: {
      ...entraV2.claims,
      _claim_names: { groups: 'src1' },
      _claim_sources: { src1: { endpoint: `https://graph.windows.net/${TENANT}/users/5a2c/getMemberObjects` } },
    },
  },
  'Entra ID, 200 groups in the token': {
    ...entraV2,
    trusted: {
      ...{ ...entraV2.trusted, issuer: 'https://login.microsoftonline.com/groups/v2.0', rolesClaim: 'groups' },
      roleNames: { [GROUPS[137]!]: 'LIAISON' },
    },
    claims: { ...entraV2.claims, groups: GROUPS },
    is: { country: 'FR', roles: ['LIAISON'] },
  },
  'Keycloak, default realm': keycloak,
  'Keycloak, audience mapper and mappers of its own': {
    trusted: {
      ...{ issuer: 'https://sso.example.kr/realms/minerals', audience: 'lodestone-api' },
      ...{ countries: ['KR'], roles: ['LIAISON', 'DELEGATE'] },
    },
    // "Use "at+jwt" as access token header type" in the advanced settings of the client.
    header: { typ: 'at+jwt' },
    claims: { ...keycloak.claims, aud: ['lodestone-api', 'account'], country: 'KR', roles: ['DELEGATE', 'payroll'] },
    is: { country: 'KR', roles: ['DELEGATE'] },
  },
  'AD FS': adfs,
  'AD FS, several roles': {
    ...adfs,
    trusted: { ...adfs.trusted, issuer: 'http://fs.two.example.au/adfs/services/trust' },
    claims: { ...adfs.claims, role: ['Domain Users', 'CRM Approvers', 'CRM Approvers'] },
  },
  PingFederate: pingFederate,
  'a Keycloak that bridges eIDAS': eidas,
};

/** The claims of a token of a shape as they stand now. */
export const claimsOf = ({ trusted, claims }: Shape): Record<string, unknown> => ({
  ...{ iss: trusted.issuer, aud: trusted.audience, ...times() },
  ...claims,
});
