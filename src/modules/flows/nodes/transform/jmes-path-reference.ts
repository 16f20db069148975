/** `&expression` of a JMESPath as a value, which only its functions are given. */
export class Reference {
  readonly of: (item: unknown) => unknown;

  constructor(of: (item: unknown) => unknown) { this.of = of; }
}
