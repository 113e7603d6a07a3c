import type { Person } from '../../acceptance/support/answers.js';

/** Who asks what is hidden from them: every capacity in which somebody may sign in. */
export type Reader = Person & {
  readonly name: string;
  /** The party whose records are theirs; null for who writes none. */
  readonly party: string | null;
  /** The audiences, as a marking names them, that are theirs whatever group they are in. */
  readonly audiences: readonly string[];
  /** Queries that show this reader the structure of the whole history by design: an auditor proves what it may not read. */
  readonly showsStructure?: readonly string[];
};

/** Member states as these worlds begin. */
export const MEMBERS = ['JP', 'KR', 'US', 'FR', 'NO'];

const national = (country: string, name: string): Reader => ({
  name,
  country,
  roles: ['LIAISON', 'DELEGATE', 'APPROVER'],
  person: 'reader',
  party: country,
  audiences: ['PUBLIC', country, ...(MEMBERS.includes(country) ? ['MEMBERS'] : [])],
});

export const READERS: readonly Reader[] = [
  national('JP', 'a member in no group'),
  national('KR', 'a member in groups'),
  national('CL', 'a country that is no member'),
  { name: 'an observer', country: null, roles: ['OBSERVER'], person: 'reader', party: null, audiences: ['PUBLIC'] },
  {
    name: 'an auditor',
    country: null,
    roles: ['AUDITOR'],
    person: 'reader',
    party: null,
    audiences: ['PUBLIC'],
    showsStructure: ['history', 'recordAt', 'decisions'],
  },
  {
    name: 'the secretariat',
    country: null,
    roles: ['SECRETARIAT'],
    person: 'reader',
    party: 'SECRETARIAT',
    audiences: ['PUBLIC', 'MEMBERS', 'SECRETARIAT'],
  },
];

/** Countries that have something to hide, none of which is a reader's. Brazil is no member. */
export const OTHERS = ['US', 'FR', 'NO', 'BR'];

export const SECRETARIAT: Person = { country: null, roles: ['SECRETARIAT'], person: 'keeper' };

/** The people of a country who prepare, commit and approve: three, since nobody approves their own. */
export const delegateOf = (party: string): Person =>
  party === 'SECRETARIAT' ? SECRETARIAT : { country: party, roles: ['DELEGATE', 'LIAISON'], person: 'author' };
export const approverOf = (country: string): Person => ({ country, roles: ['APPROVER'], person: 'approver' });
