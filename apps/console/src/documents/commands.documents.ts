import { graphql } from '../platform/graphql.ts';

const outcome = graphql(`
  fragment Outcome on CommandOutcome {
    __typename
    ... on CommandAccepted {
      recordId
      recorded
      position
      receipt
    }
    ... on CommandPrepared {
      act
      digest
      lapsesAt
    }
    ... on CommandRejected {
      code
      message
      details
    }
  }
`);

export const proposeProject = graphql(
  `
    mutation ProposeProject($input: ProposeProjectInput!) {
      outcome: proposeProject(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const giveHostConsent = graphql(
  `
    mutation GiveHostConsent($input: GiveHostConsentInput!) {
      outcome: giveHostConsent(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const refuseHostConsent = graphql(
  `
    mutation RefuseHostConsent($input: RefuseHostConsentInput!) {
      outcome: refuseHostConsent(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const endorseProject = graphql(
  `
    mutation EndorseProject($input: EndorseProjectInput!) {
      outcome: endorseProject(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const reportMilestone = graphql(
  `
    mutation ReportMilestone($input: ReportMilestoneInput!) {
      outcome: reportMilestone(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const pledgeInvestment = graphql(
  `
    mutation PledgeInvestment($input: PledgeInvestmentInput!) {
      outcome: pledgeInvestment(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const confirmPledge = graphql(
  `
    mutation ConfirmPledge($input: ConfirmPledgeInput!) {
      outcome: confirmPledge(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const declareStock = graphql(
  `
    mutation DeclareStock($input: DeclareStockInput!) {
      outcome: declareStock(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const approveDeclaration = graphql(
  `
    mutation ApproveDeclaration($input: ApproveDeclarationInput!) {
      outcome: approveDeclaration(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const writeBrief = graphql(
  `
    mutation WriteBrief($input: WriteBriefInput!) {
      outcome: writeBrief(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const approveUse = graphql(
  `
    mutation ApproveUse($input: ApproveUseInput!) {
      outcome: approveUse(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const refuseUse = graphql(
  `
    mutation RefuseUse($input: RefuseUseInput!) {
      outcome: refuseUse(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const answerAccessRequest = graphql(
  `
    mutation AnswerAccessRequest($input: AnswerAccessRequestInput!) {
      outcome: answerAccessRequest(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const acknowledgeRecall = graphql(
  `
    mutation AcknowledgeRecall($input: AcknowledgeRecallInput!) {
      outcome: acknowledgeRecall(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const changeMarking = graphql(
  `
    mutation ChangeMarking($input: ChangeMarkingInput!) {
      outcome: changeMarking(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const foundGroup = graphql(
  `
    mutation FoundGroup($input: FoundGroupInput!) {
      outcome: foundGroup(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const admitToGroup = graphql(
  `
    mutation AdmitToGroup($input: AdmitToGroupInput!) {
      outcome: admitToGroup(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const approveAct = graphql(
  `
    mutation ApproveAct($input: ApproveActInput!) {
      outcome: approveAct(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);

export const withdrawAct = graphql(
  `
    mutation WithdrawAct($input: WithdrawActInput!) {
      outcome: withdrawAct(input: $input) {
        ...Outcome
      }
    }
  `,
  [outcome],
);
