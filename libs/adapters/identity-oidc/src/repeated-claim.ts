/** The first name that stands twice in a claims set. RFC 7519, section 4: names must be unique. */
export { repeatedMember as repeatedClaim } from '@foundation/transparency';
