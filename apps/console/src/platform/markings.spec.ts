import { describe, expect, it } from '@jest/globals';
import { markingsIn, together } from './markings.ts';

const marked = (handling: string, more: object = {}) => ({
  marking: { owner: 'JP', handling, level: 'OPEN', mayExport: true, ...more },
});

describe('The banner', () => {
  it('says the strictest of all that is shown, however deep it stands', () =>
    expect(
      together(
        markingsIn({
          projects: {
            nodes: [marked('GREEN'), { ...marked('CLEAR'), pledges: [marked('AMBER_STRICT', { owner: 'US' })] }],
          },
          stocks: [marked('AMBER', { level: 'RESTRICTED', mayExport: false })],
        }),
      ),
    ).toEqual({ handling: 'AMBER_STRICT', level: 'RESTRICTED', owners: ['JP', 'US'], displayOnly: 1 }));

  it('claims nothing where nothing marked is shown', () =>
    expect(together(markingsIn({ me: { person: 'x' } }))).toEqual({
      handling: null,
      level: 'OPEN',
      owners: [],
      displayOnly: 0,
    }));
});
