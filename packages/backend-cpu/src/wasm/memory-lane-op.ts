/** Lane accesses to memory, `[opcode, alignment]`. Constants, not an object: bundlers write the numbers where they are used. */

export const load8Lane = [0xfd0054, 0] as const;
export const load16Lane = [0xfd0055, 1] as const;
export const load32Lane = [0xfd0056, 2] as const;
export const store8Lane = [0xfd0058, 0] as const;
export const store16Lane = [0xfd0059, 1] as const;
export const store32Lane = [0xfd005a, 2] as const;
export const store64Lane = [0xfd005b, 2] as const;
