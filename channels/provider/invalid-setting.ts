/** A PATCH would make settings that cannot be. Says which field and what was expected, never the value. */
export class InvalidSetting extends Error {
  override readonly name = 'InvalidSetting';
  readonly field: string;
  readonly expected: string;
  constructor(field: string, expected: string) {
    super(`${field}: ${expected}`);
    this.field = field;
    this.expected = expected;
  }
}
