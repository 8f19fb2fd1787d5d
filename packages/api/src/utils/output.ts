/** Where text goes: the terminal where there is one, the console elsewhere; tests and notebooks give their own. */

/** A text stream: `write` gets pieces of text, newlines included. */
export interface TextStream {
  write(text: string): unknown;
  /** A terminal, which can redraw a line. */
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

interface Globals {
  readonly process?: { readonly stdout?: TextStream };
  readonly console?: { log(text: string): void; warn(text: string): void };
}

let chosen: TextStream | undefined;

/** The stream of progress bars and summaries. */
export function textStream(): TextStream {
  if (chosen !== undefined) return chosen;
  const { process, console } = globalThis as Globals;
  return process?.stdout ?? { write: (text) => console?.log(text.replace(/\n$/, '')) };
}

/** Sends progress bars and summaries elsewhere; undefined returns to the terminal. */
export function setTextStream(stream: TextStream | undefined): void {
  chosen = stream;
}

/** A warning on the console. */
export function warn(text: string): void {
  (globalThis as Globals).console?.warn(text);
}
