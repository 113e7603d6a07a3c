import {
  audience,
  composite,
  flag,
  instant,
  integer,
  level,
  many,
  marking,
  optional,
  party,
  recordId,
  required,
  text,
} from '@kernel';
import { readingsView } from '../reading/readings.view.js';
import { verdict } from './reach.rule.js';

// What an owner is told of who may see a record: computed for each question, and kept nowhere.

const reach = {
  verdict: required(verdict, 'What the marking means for them.'),
  because: many(audience, 'The audiences of the marking that let them in.'),
  deniedBy: many(audience, 'The audiences of the marking that shut them out.'),
  lacks: many(recordId, 'Groups that readers must belong to and that they are not known to be in.'),
};

export const audiencePreview = {
  level: required(level, 'The clearance that each reader needs besides.'),
  embargoUntil: optional(instant, 'Until then the owner alone.'),
  expiresAt: optional(instant, 'From then on the owner alone.'),
  readers: required(integer, 'How many of the parties may read it now.'),
  parties: many(
    composite('AudienceParty', 'What a marking means for the people of a party.', {
      party: required(party, 'Whose people.'),
      isMember: required(flag, 'Whether it is a member of the alliance.'),
      roles: many(text(20), 'In which of their roles.'),
      ...reach,
    }),
    'The owner, every member, and whoever else the marking names.',
  ),
  others: many(
    composite(
      'AudienceGroup',
      'What a marking means for whoever belongs to an audience that it names, where nothing else is known.',
      {
        audience: required(audience, 'The id of a group, a person, or PUBLIC: everybody else who signs in.'),
        isResolved: required(flag, 'Whether all its members are among the parties above.'),
        ...reach,
      },
    ),
    'The groups and persons that the marking names, and everybody else.',
  ),
};

export const recordAudience = {
  ...audiencePreview,
  marking: required(marking, 'The marking in force.'),
  readings: many(
    composite(readingsView.node.name, readingsView.node.description, readingsView.node.of),
    'Who has read or exported it, at most 1000.',
  ),
};
