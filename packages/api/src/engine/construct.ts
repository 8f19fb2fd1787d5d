/** The type of a class that also works without `new`. */
export interface Construct<Parameters extends readonly unknown[], Instance> {
  new (...parameters: Parameters): Instance;
  (...parameters: Parameters): Instance;
  readonly prototype: Instance;
}
