/** A command line that means nothing; the message says what is wrong and what would be right. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

/** Something cannot be done for a reason that whoever called can mend. */
export class CannotDo extends Error {
  override readonly name = 'CannotDo';
}
