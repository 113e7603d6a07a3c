import { describe, expect, it } from '@jest/globals';
import { EMPTY_ROOT } from './merkle.js';
import { formatCheckpoint } from './checkpoint.js';
import { COSIGNATURE_V1, ED25519 } from './note-algorithm.js';
import { formatSignerKey, formatVerifierKey, parseSignerKey, type SignerKey } from './note-key.js';
import { openWitnessedCheckpoint, parsePolicy, policySatisfied, quorumMet } from './policy.js';
import { signNote } from './signed-note.js';

const fault = (name: string) => expect.objectContaining({ fault: name });
const key = (name: string, type: number, seed: number): SignerKey =>
  parseSignerKey(formatSignerKey(name, type, Buffer.alloc(32, seed)));
const vkey = (signer: SignerKey): string => formatVerifierKey(signer.verifier);

const log = key('lodestone.example/log', ED25519, 1);
const other = key('other.example/log', ED25519, 2);
const [fr, de, jp, ca] = ['fr', 'de', 'jp', 'ca'].map((country, at) =>
  key(`${country}.example/w`, COSIGNATURE_V1, 10 + at),
) as [SignerKey, SignerKey, SignerKey, SignerKey];

// The shape of the example in C2SP tlog-policy.
const POLICY = `# who is trusted
log ${vkey(log)} https://lodestone.example/log

witness fr ${vkey(fr)}
\twitness  de\t${vkey(de)}   https://de.example/w
witness jp ${vkey(jp)}
witness ca ${vkey(ca)}
group europe any fr de
group pacific 2 jp ca
  # both
group both all europe pacific
quorum both
`;
const policy = parsePolicy(POLICY);
const text = (origin = log.name): string => formatCheckpoint({ origin, size: 7, root: EMPTY_ROOT });
const signed = (...witnesses: SignerKey[]): string =>
  signNote(text(), [log.at(), ...witnesses.map((witness) => witness.at(1))]);

describe('A policy', () => {
  it('names logs, witnesses, groups and the quorum', () => {
    expect(policy.logs).toMatchObject([{ key: { name: log.name }, url: 'https://lodestone.example/log' }]);
    expect(policy.witnesses.map(({ name, url }) => [name, url])).toEqual([
      ['fr', undefined],
      ['de', 'https://de.example/w'],
      ['jp', undefined],
      ['ca', undefined],
    ]);
    expect(policy.groups).toEqual([
      { name: 'europe', threshold: 1, members: ['fr', 'de'] },
      { name: 'pacific', threshold: 2, members: ['jp', 'ca'] },
      { name: 'both', threshold: 2, members: ['europe', 'pacific'] },
    ]);
    expect(policy.quorum).toBe('both');
  });

  it.each([
    [[fr, jp, ca], true],
    [[de, jp, ca], true],
    [[fr, de, jp, ca], true],
    [[fr, de, jp], false],
    [[jp, ca], false],
    [[], false],
  ])('decides by its quorum: case %#', (witnesses, accepted) => {
    expect(policySatisfied(policy, signed(...witnesses))).toBe(accepted);
    if (!accepted) expect(() => openWitnessedCheckpoint(policy, signed(...witnesses))).toThrow(fault('QUORUM_MISSING'));
  });

  it('tells who has signed', () =>
    expect(openWitnessedCheckpoint(policy, signed(ca, jp, de))).toMatchObject({
      size: 7,
      log: { name: log.name },
      witnesses: [{ name: 'de' }, { name: 'jp' }, { name: 'ca' }],
    }));

  it('counts a witness once, however often it signs', () => {
    const twice = signed(jp).replace(/— jp.*\n/, (line) => line + line);
    expect(policySatisfied(parsePolicy(POLICY.replace('quorum both', 'quorum pacific')), twice)).toBe(false);
  });

  it('does not count a log for a witness, nor a witness for a log', () => {
    expect(policySatisfied(policy, signNote(text(), [fr.at(1), jp.at(1), ca.at(1)]))).toBe(false);
    expect(
      policySatisfied(policy, signNote(text(), [log.at(), key('fr.example/w', ED25519, 10).at(), jp.at(1), ca.at(1)])),
    ).toBe(false);
  });

  it('accepts no other log', () => {
    const witnesses = [fr.at(1), jp.at(1), ca.at(1)];
    expect(policySatisfied(policy, signNote(text(other.name), [other.at(), ...witnesses]))).toBe(false);
    expect(policySatisfied(policy, signNote(text(other.name), [log.at(), ...witnesses]))).toBe(false);
    expect(policySatisfied(policy, signNote(text(other.name), [other.at(), ...witnesses]), [other.verifier])).toBe(
      true,
    );
  });

  it('may need no witness, and one alone', () => {
    expect(policySatisfied(parsePolicy(`log ${vkey(log)}\nquorum none\n`), signed())).toBe(true);
    const one = parsePolicy(`log ${vkey(log)}\nwitness fr ${vkey(fr)}\nquorum fr\n`);
    expect(policySatisfied(one, signed(fr))).toBe(true);
    expect(policySatisfied(one, signed(de))).toBe(false);
  });

  it('trusts nothing when it names no log and is given none', () => {
    const none = parsePolicy('quorum none\n');
    expect(policySatisfied(none, signed())).toBe(false);
    expect(policySatisfied(none, signed(), [log.verifier])).toBe(true);
  });

  it('is satisfied by no note that is damaged', () => {
    expect(policySatisfied(policy, signed(fr, jp, ca).replace('\n7\n', '\n8\n'))).toBe(false);
    expect(policySatisfied(policy, '')).toBe(false);
  });

  it('does not take the name of a group for a witness that signed', () => {
    expect(quorumMet(policy, ['both'])).toBe(false);
    expect(quorumMet(policy, ['europe', 'pacific'])).toBe(false);
  });

  it('compares names byte by byte', () => {
    const latin = Buffer.concat([
      Buffer.from(`witness `),
      Buffer.of(0xe9),
      Buffer.from(` ${vkey(fr)}\nwitness `),
      Buffer.of(0xe8),
      Buffer.from(` ${vkey(de)}\ngroup g all `),
      Buffer.of(0xe9, 0x20, 0xe8),
      Buffer.from('\nquorum g\n'),
    ]);
    expect(parsePolicy(latin).groups[0]!.members).toHaveLength(2);
    expect(() => parsePolicy(`witness K ${vkey(fr)}\nquorum \u212a\n`)).toThrow('not defined before');
    expect(parsePolicy(`witness Größe ${vkey(fr)}\nquorum Größe\n`).quorum).toBe('Größe');
    expect(() => parsePolicy(`witness Gr\u00f6\u00dfe ${vkey(fr)}\nquorum Gro\u0308\u00dfe\n`)).toThrow(
      'not defined before',
    );
  });

  it('may have 32 logs, witnesses and groups, and more', () => {
    const count = 40;
    const lines = Array.from({ length: count }, (_, at) => [
      `log ${vkey(key(`log${at}`, ED25519, 100 + at))}`,
      `witness w${at} ${vkey(key(`w${at}`, COSIGNATURE_V1, 150 + at))}`,
      `group g${at} all w${at}${at > 0 ? ` g${at - 1}` : ''}`,
    ]).flat();
    const large = parsePolicy(`${lines.join('\n')}\nquorum g${count - 1}\n`);
    const all = large.witnesses.map(({ name }) => name);
    expect(quorumMet(large, all)).toBe(true);
    expect(quorumMet(large, all.slice(1))).toBe(false);
  });

  const W = `witness fr ${vkey(fr)}\nwitness de ${vkey(de)}\n`;
  it.each([
    ['without a quorum', W],
    ['with two quorums', `${W}quorum fr\nquorum fr\n`],
    ['with a quorum that is not defined', `${W}quorum jp\n`],
    ['with a quorum that is defined after it', `quorum fr\n${W}`],
    ['with a quorum of two names', `${W}quorum fr de\n`],
    ['with a quorum without a name', `${W}quorum\n`],
    ['with an unknown keyword', `${W}wittness jp\nquorum fr\n`],
    ['with a keyword in capitals', `${W}Quorum fr\n`],
    ['cut off in its last line', `${W}quorum fr`],
    ['with a name twice', `${W}witness fr ${vkey(jp)}\nquorum fr\n`],
    ['with a group by the name of a witness', `${W}group fr any de\nquorum fr\n`],
    ['with a witness by the name of a group', `${W}group jp any de\nwitness jp ${vkey(jp)}\nquorum fr\n`],
    ['with a witness named none', `witness none ${vkey(fr)}\nquorum none\n`],
    ['with a group named none', `${W}group none any fr\nquorum none\n`],
    ['with a member named none', `${W}group g any none\nquorum g\n`],
    ['with a member that is not defined', `${W}group g any fr jp\nquorum g\n`],
    ['with a group that is its own member', `${W}group g any fr g\nquorum g\n`],
    ['with a member twice in a group', `${W}group g 2 fr fr\nquorum g\n`],
    ['with a member of two groups', `${W}group g any fr\ngroup h any fr\nquorum g\n`],
    ['with a group without members', `${W}group g any\nquorum g\n`],
    ['with a threshold of 0', `${W}group g 0 fr\nquorum g\n`],
    ['with a threshold above the number of members', `${W}group g 3 fr de\nquorum g\n`],
    ['with a threshold with a leading zero', `${W}group g 01 fr de\nquorum g\n`],
    ['with a threshold with a plus', `${W}group g +1 fr de\nquorum g\n`],
    ['with a threshold that is no number', `${W}group g some fr de\nquorum g\n`],
    ['with a log twice', `log ${vkey(log)}\nlog ${vkey(log)}\nquorum none\n`],
    ['with the key of a log under another name', `log ${vkey(log)}\nlog ${vkey(key('x', ED25519, 1))}\nquorum none\n`],
    [
      'with the key of a witness under another name',
      `${W}witness x ${vkey(key('x', COSIGNATURE_V1, 10))}\nquorum fr\n`,
    ],
    ['with one key for log and witness', `${W}log ${vkey(fr)}\nquorum fr\n`],
    ['with a witness whose key is a log’s', `witness x ${vkey(log)}\nquorum x\n`],
    ['with a damaged key', `log ${vkey(log).replace('+', '+0')}\nquorum none\n`],
    ['with a log without a key', `log\nquorum none\n`],
    ['with a log with too many items', `log ${vkey(log)} url more\nquorum none\n`],
    ['with a witness without a key', `witness fr\nquorum none\n`],
    ['with a witness with too many items', `witness fr ${vkey(fr)} url more\nquorum fr\n`],
    ['with lines of another system', `${W}quorum fr\n`.replaceAll('\n', '\r\n')],
    ['with a form feed', `${W}\fquorum fr\n`],
    ['with a control character in a comment', `${W}# \x01\nquorum fr\n`],
    ['with a delete character', `${W}# \x7f\nquorum fr\n`],
    ['with a no-break space for white space', `${W}quorum\u00a0fr\n`],
    ['of no lines', ''],
    ['of a megabyte', `${'#'.repeat(1_000_000)}\nquorum none\n`],
  ])('is refused %s', (_, file) => expect(() => parsePolicy(file)).toThrow(fault('POLICY_MALFORMED')));

  it.each(['log', 'witness', 'witness fr', 'group', 'group g', 'group g any', 'quorum'])(
    'tells how to write %p',
    (line) => expect(() => parsePolicy(`${line}\n`)).toThrow(`line 1: it must read: ${line.split(' ')[0]} <`),
  );

  it('tells the line that is wrong', () =>
    expect(() => parsePolicy(`${W}\n# so\ngroup g 3 fr de\nquorum g\n`)).toThrow(
      'line 5: 3 of 2 members cannot be asked for.',
    ));
});
