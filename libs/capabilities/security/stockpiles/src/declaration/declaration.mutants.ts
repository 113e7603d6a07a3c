import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of } = inFolder('libs/capabilities/security/stockpiles/src/declaration');
const declarationRecord = of('declaration.record', 'declaration.access');
const stockDeclarationsView = of('stock-declarations.view');
const pendingCorrectionsView = of('pending-corrections.view');

export const guards: readonly Guard[] = [
  declarationRecord(
    'a stock that nobody has approved is its owner’s alone',
    'isReleased ? marking : ownerAlone(marking)',
    'marking',
  ),
  stockDeclarationsView(
    'a stock that nobody has approved is in its owner’s lists alone',
    'releasedAs: marking, marking: ownerAlone(marking) }',
    'releasedAs: marking, marking }',
  ),
  stockDeclarationsView(
    'a correction that waits does not touch the row that others see',
    "event.type === 'stockpiles.DeclarationCorrected.v1' && event.data.corrects === 'APPROVED' ? [] : [id]",
    '[id]',
  ),
  stockDeclarationsView(
    'a stock that waits stays its owner’s when it is re-marked',
    "before.status === 'PENDING' || before.neverApproved ? ownerAlone(marking) : marking",
    'marking',
  ),
  pendingCorrectionsView(
    'a correction that waits stays its owner’s when its stock is re-marked',
    'onMarkingChanged: (before, marking) => ({ ...before, marking: ownerAlone(marking) })',
    'onMarkingChanged: (before, marking) => ({ ...before, marking })',
  ),
];
